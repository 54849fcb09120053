//! Features as people read them.

use data_encoding::HEXLOWER;

use crate::c40;
use crate::date::{self, PartialDate};
use crate::header::Header;
use crate::profile::is_permit;
use crate::seal::{Feature, Seal};

/// A feature for display: personal data, not for a log.
#[derive(Clone, PartialEq, Eq)]
pub struct RenderedFeature {
    /// The tag.
    pub tag: u8,
    /// The value in lower-case hexadecimal.
    pub hex: String,
    /// The value as text where that is plausible; see [`Seal::rendered`] for the rule.
    pub text: Option<String>,
}

/// How the definition of a document type writes a value.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Encoding {
    C40,
    Mrz,
    Utf8,
    Date,
    Numbers,
    Binary,
    /// Defined, but without one encoding for all.
    Open,
}

impl Seal {
    /// All features with their text, by this rule:
    ///
    /// 1. Where the document type and tag are known (our permits; ICAO's visa and emergency travel document;
    ///    the arrival attestation, social insurance card and residence permit of BSI TR-03137) the value is
    ///    read as defined.
    /// 2. Else words in UTF-8 (four bytes or more, letters, spaces and name punctuation only, one of them
    ///    in lower case, which C40 doesn't have) are taken as they are.
    /// 3. Else C40; 44, 48 or 60 bytes that give 64, 72, 88 or 90 characters are an MRZ.
    /// 4. Else printable UTF-8; else there is no text.
    ///
    /// In an MRZ the fillers come back as `<`, lines follow each other without a separator; in other C40
    /// values trailing padding is cut off. Dates are ISO, byte values decimal numbers.
    #[must_use]
    pub fn rendered(&self) -> Vec<RenderedFeature> {
        let render = |feature: &Feature| RenderedFeature {
            tag: feature.tag,
            hex: HEXLOWER.encode(&feature.value),
            text: text_of(&self.header, feature),
        };
        self.features.iter().map(render).collect()
    }

    /// The tags that this reader has no definition for, in the order in which they stand.
    pub(crate) fn unknown_tags(&self) -> impl Iterator<Item = u8> {
        self.features.iter().map(|feature| feature.tag).filter(|&tag| defined(&self.header, tag).is_none())
    }
}

/// The encodings that the definition of a document type gives: Doc 9303-7 §9 (visa, 5D01), Doc 9303-8
/// appendix B (emergency travel document, 5E03), BSI TR-03137 (FB06, FC04, FD02), `SEAL.md` (permit, 01B0).
fn defined(header: &Header, tag: u8) -> Option<Encoding> {
    if is_permit(header) {
        return match tag {
            0x01 | 0x09 => Some(Encoding::C40),
            0x02 | 0x05 | 0x06 => Some(Encoding::Numbers),
            0x03 | 0x04 => Some(Encoding::Date),
            0x07 | 0x08 | 0x0A => Some(Encoding::Mrz),
            0x0B => Some(Encoding::Binary),
            _ => None,
        };
    }
    match (header.document_type(), tag) {
        ((0x5D, 0x01), 0x01 | 0x02) | ((0x5E, 0x03) | (0xFB, 0x06) | (0xFD, 0x02), 0x02) => {
            Some(Encoding::Mrz)
        }
        ((0x5D, 0x01), 0x03 | 0x04) => Some(Encoding::Numbers),
        ((0x5D, 0x01), 0x05) | ((0xFB, 0x06) | (0xFD, 0x02), 0x03) | ((0xFC, 0x04), 0x01) => {
            Some(Encoding::C40)
        }
        ((0x5D, 0x01), 0x06 | 0x07) => Some(Encoding::Open),
        ((0xFC, 0x04), 0x02..=0x04) => Some(Encoding::Utf8),
        _ => None,
    }
}

fn text_of(header: &Header, Feature { tag, value }: &Feature) -> Option<String> {
    match defined(header, *tag) {
        Some(Encoding::C40) => c40_text(value),
        Some(Encoding::Mrz) => c40::decode(value).ok().map(|text| text.replace(' ', "<")),
        Some(Encoding::Utf8) => utf8(value),
        Some(Encoding::Date) => date_text(value),
        Some(Encoding::Numbers) => Some(numbers(value)),
        Some(Encoding::Binary) => None,
        Some(Encoding::Open) | None => words(value).or_else(|| c40_text(value)).or_else(|| utf8(value)),
    }
}

fn c40_text(value: &[u8]) -> Option<String> {
    let text = c40::decode(value).ok().filter(|text| !text.is_empty())?;
    match text.len() {
        64 | 72 | 88 | 90 => Some(text.replace(' ', "<")),
        _ => Some(text.trim_end().to_owned()),
    }
}

fn words(value: &[u8]) -> Option<String> {
    let allowed = |c: char| c.is_alphabetic() || " -'’.,".contains(c);
    utf8(value)
        .filter(|text| value.len() >= 4 && text.chars().all(allowed) && text.chars().any(char::is_lowercase))
}

fn utf8(value: &[u8]) -> Option<String> {
    let text = std::str::from_utf8(value).ok()?;
    (!text.is_empty() && !text.chars().any(char::is_control)).then(|| text.to_owned())
}

fn date_text(value: &[u8]) -> Option<String> {
    let bytes = <[u8; 3]>::try_from(value).ok()?;
    date::decode(bytes).ok().map(|day| PartialDate::from(day).to_string())
}

fn numbers(value: &[u8]) -> String {
    value.iter().map(u8::to_string).collect::<Vec<_>>().join(" ")
}
