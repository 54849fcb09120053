//! `verify seal`: any Doc 9303-13 seal, from its text, its bytes, a picture or a PDF.

use std::fmt::Write as _;
use std::path::Path;

use data_encoding::HEXLOWER_PERMISSIVE;
use jiff::civil::Date;
use propusk_boot::{Language, Locales};
use propusk_seal::{Fault, Remark, Status, TEXT_PREFIX, TrustSource, verify, verify_scan};
use serde::{Deserialize, Serialize};

use crate::pictures::{self, Kind, MAX_PICTURE_BYTES};
use crate::{VerifyError, input};

const WHAT: &str = "a seal: its text, its bytes, a picture (PNG, JPEG) or a PDF";

/// What came of one seal (DESIGN.md §7). The fields of a seal are there as soon as it is well-formed.
#[derive(Clone, Default, Serialize, Deserialize)]
pub struct SealReport {
    /// The status word of Doc 9303-13 appendix D, or `VALID`.
    pub status: String,
    /// Why, where there is more to say than the word.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub message: Option<String>,
    /// What the seal says, where it could be read.
    #[serde(flatten)]
    pub content: Option<SealContent>,
}

/// A well-formed seal. Nothing in it is proven unless the status is `VALID`.
#[derive(Clone, Serialize, Deserialize)]
pub struct SealContent {
    /// Issuing country, without padding.
    pub country: String,
    /// Four characters.
    pub signer: String,
    /// Hexadecimal.
    pub certificate_reference: String,
    /// The day the document was issued.
    pub issue_date: Date,
    /// The day the seal was signed.
    pub signature_date: Date,
    /// Feature definition reference and document type category, hexadecimal: `01B0` is a permit.
    #[serde(rename = "type")]
    pub document_type: String,
    /// The features as they stand.
    pub features: Vec<FeatureRow>,
    /// Words beside the status: `UNKNOWN_FEATURE`, `SIGNED_AFTER_TODAY`, `TRUST_LIST_STALE`.
    pub remarks: Vec<RemarkRow>,
}

/// One feature.
#[derive(Clone, Serialize, Deserialize)]
pub struct FeatureRow {
    /// Its tag.
    pub tag: u8,
    /// Its value.
    pub hex: String,
    /// Its value as text, where it has a plausible one.
    pub text: Option<String>,
}

/// One remark.
#[derive(Clone, Serialize, Deserialize)]
pub struct RemarkRow {
    /// The word.
    pub code: String,
    /// The tag that an `UNKNOWN_FEATURE` has.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tag: Option<u8>,
}

/// Reads the argument of `verify seal`: the text of a seal, a file, or `-`. What comes back is what each code says.
///
/// # Errors
/// [`VerifyError`] where nothing can be read. A picture without a code gives an empty list.
pub fn read(argument: &str) -> Result<Vec<Vec<u8>>, VerifyError> {
    let typed = argument.trim_start();
    if typed.get(..TEXT_PREFIX.len()).is_some_and(|start| start.eq_ignore_ascii_case(TEXT_PREFIX)) {
        return Ok(vec![typed.as_bytes().to_vec()]);
    }
    if argument != input::STANDARD_INPUT && !Path::new(argument).exists() {
        // What was typed may be personal data or very long: only its beginning is repeated.
        return Err(VerifyError::NeitherSealNorFile(argument.chars().take(60).collect()));
    }
    let bytes = input::bytes(argument, MAX_PICTURE_BYTES, WHAT)?;
    match pictures::kind(&bytes) {
        Kind::Picture => pictures::codes_in_picture(argument, &bytes),
        Kind::Pdf => pictures::codes_in_pdf(argument, &bytes),
        Kind::Plain => Ok(vec![bytes]),
    }
}

/// Reads `--hex`: a seal's bytes, blanks and line ends tolerated.
///
/// # Errors
/// [`VerifyError::Hex`].
pub fn read_hex(hex: &str) -> Result<Vec<u8>, VerifyError> {
    let digits: String = hex.chars().filter(|c| !c.is_whitespace()).collect();
    let bytes =
        HEXLOWER_PERMISSIVE.decode(digits.as_bytes()).map_err(|error| VerifyError::Hex(error.to_string()))?;
    if bytes.is_empty() { Err(VerifyError::Empty("--hex".to_owned(), "a seal's bytes")) } else { Ok(bytes) }
}

/// Checks what a code says: the text form or raw bytes. What is longer than the longest seal is refused unread.
#[must_use]
pub fn check_scan<T: TrustSource + ?Sized>(scanned: &[u8], trust: &T, today: Date) -> SealReport {
    SealReport::of(&verify_scan(scanned, trust, today))
}

/// Checks raw bytes.
#[must_use]
pub fn check_bytes<T: TrustSource + ?Sized>(bytes: &[u8], trust: &T, today: Date) -> SealReport {
    SealReport::of(&verify(bytes, trust, today))
}

impl SealReport {
    fn of(verification: &propusk_seal::Verification) -> Self {
        let message = verification.fault.as_ref().map(|fault| match fault {
            Fault::Seal(error) => error.to_string(),
            Fault::Profile(error) => error.to_string(),
            Fault::Overreach(error) => error.to_string(),
        });
        let content = verification.seal.as_ref().map(|seal| {
            let header = &seal.header;
            let feature = |one: propusk_seal::RenderedFeature| FeatureRow {
                tag: one.tag,
                hex: one.hex,
                text: one.text,
            };
            SealContent {
                country: header.country.clone(),
                signer: header.signer.clone(),
                certificate_reference: header.certificate_reference.clone(),
                issue_date: header.issue_date,
                signature_date: header.signature_date,
                document_type: header.document_type_hex(),
                features: seal.rendered().into_iter().map(feature).collect(),
                remarks: verification.remarks.iter().map(RemarkRow::of).collect(),
            }
        });
        Self { status: verification.status.as_str().to_owned(), message, content }
    }

    /// The answer for a picture in which no code was found.
    #[must_use]
    pub fn no_code(name: &str) -> Self {
        let message =
            Some(format!("no QR code could be found in {name}; scan it again, straight and in good light"));
        Self { status: Status::ReadError.as_str().to_owned(), message, content: None }
    }

    /// The status is `VALID`.
    #[must_use]
    pub fn is_valid(&self) -> bool {
        self.status == Status::Valid.as_str()
    }

    /// Adds the remark that the trust list is too old to be relied on.
    pub fn remark_stale_list(&mut self) {
        if let Some(content) = &mut self.content {
            content.remarks.push(RemarkRow { code: "TRUST_LIST_STALE".to_owned(), tag: None });
        }
    }

    /// For a terminal.
    #[must_use]
    pub fn text(&self, language: Language) -> String {
        let word = |id: &str| Locales::embedded().text(language, id, &[]);
        let id = format!("seal-{}", self.status.to_lowercase().replace('_', "-"));
        let mut text = format!("{}: {}", self.status, word(&id));
        if let Some(message) = &self.message {
            let _ = write!(text, "\n  {message}");
        }
        let Some(content) = &self.content else { return text };
        let SealContent { country, signer, certificate_reference, document_type, .. } = content;
        let _ = write!(text, "\n  {country} {document_type}  {signer} {certificate_reference}");
        let _ = write!(text, "  {} / {}", content.issue_date, content.signature_date);
        for feature in &content.features {
            let value = feature.text.as_deref().unwrap_or(&feature.hex);
            let _ = write!(text, "\n  {:02X}  {value}", feature.tag);
        }
        for remark in &content.remarks {
            let id = format!("seal-remark-{}", remark.code.to_lowercase().replace('_', "-"));
            let _ = write!(text, "\n  {}: {}", remark.code, word(&id));
        }
        text
    }
}

impl RemarkRow {
    fn of(remark: &Remark) -> Self {
        let tag = match remark {
            Remark::UnknownFeature { tag } => Some(*tag),
            Remark::SignedAfterToday => None,
        };
        Self { code: remark.as_str().to_owned(), tag }
    }
}
