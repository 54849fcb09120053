//! What a scanned or typed text is: a seal, an MRZ, somebody else's code, half of one, two in one. Pure.

use propusk_permit::PermitNumber;
use propusk_seal::{Extent, TEXT_PREFIX, extent};

use crate::layout::Layout;

/// Shortest text that is looked at as a code; anything shorter was typed by a person.
pub const SHORTEST_CODE: usize = 20;

/// A text, recognised.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Scanned {
    /// What it is.
    pub what: What,
    /// The layout that had to be undone.
    pub layout: Option<Layout>,
}

/// What a text may be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum What {
    /// The whole text of a seal, and the MRZ lines that a hasty scanner glued behind it.
    Seal {
        /// The seal's text.
        text: String,
        /// Lines that followed.
        mrz: Vec<String>,
    },
    /// Lines of a machine-readable zone; a scanner may deliver them one by one.
    Mrz(Vec<String>),
    /// A permit number with a fitting check character.
    Number(PermitNumber),
    /// The first part of a seal: the scan was interrupted.
    HalfSeal,
    /// A seal that is damaged inside: the paper is torn or stained.
    TornSeal,
    /// Two different codes without a break between them.
    TwoScans,
    /// Lines of an MRZ with characters missing.
    HalfMrz,
    /// Somebody else's code; what it seems to be.
    Foreign(ForeignCode),
    /// Nothing that can be made sense of; typed, as it is short.
    Unknown,
}

/// Codes that travellers hold out and that are no permit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ForeignCode {
    /// An address on the web.
    Url,
    /// A health certificate (`HC1:`, the European digital certificate).
    HealthCertificate,
    /// A boarding pass (IATA resolution 792: `M1` to `M4`).
    BoardingPass,
    /// Something else.
    Other,
}

impl What {
    /// The Fluent sentence that tells the soldier what this is and what to do; `None` where a verdict follows.
    #[must_use]
    pub fn sentence(&self) -> Option<&'static str> {
        match self {
            Self::Seal { .. } | Self::Number(_) => None,
            Self::Mrz(_) => Some("scanned-mrz-first"),
            Self::HalfSeal => Some("scanned-half"),
            Self::TornSeal => Some("scanned-torn"),
            Self::TwoScans => Some("scanned-two"),
            Self::HalfMrz => Some("scanned-half-mrz"),
            Self::Foreign(ForeignCode::Url) => Some("scanned-url"),
            Self::Foreign(ForeignCode::HealthCertificate) => Some("scanned-health"),
            Self::Foreign(ForeignCode::BoardingPass) => Some("scanned-boarding"),
            Self::Foreign(ForeignCode::Other) => Some("scanned-foreign"),
            Self::Unknown => Some("scanned-unknown"),
        }
    }
}

/// Recognises a text. `sticky` is the layout that the same scanner was found in before: it decides where a line would
/// make sense in both. Without it the text as it is goes first, then every layout.
#[must_use]
pub fn recognise(text: &str, sticky: Option<Layout>) -> Scanned {
    let text = text.trim();
    let undone = |layout: Layout| {
        let what = layout.undo(text).map(|text| plain(&text))?;
        let sure = !matches!(what, What::Unknown | What::Foreign(ForeignCode::Other));
        sure.then_some(Scanned { what, layout: Some(layout) })
    };
    if let Some(found) = sticky.and_then(undone) {
        return found;
    }
    let what = plain(text);
    if !matches!(what, What::Unknown | What::Foreign(ForeignCode::Other)) {
        return Scanned { what, layout: None };
    }
    Layout::ALL.into_iter().find_map(undone).unwrap_or(Scanned { what, layout: None })
}

/// The text as an American keyboard types it.
fn plain(text: &str) -> What {
    if let Some(seal) = seal(text) {
        return seal;
    }
    if let Ok(number) = text.parse() {
        return What::Number(number);
    }
    if let Some(mrz) = mrz(text) {
        return mrz;
    }
    match foreign(text) {
        Some(code) => What::Foreign(code),
        None if text.chars().count() >= SHORTEST_CODE => What::Foreign(ForeignCode::Other),
        None => What::Unknown,
    }
}

fn seal(text: &str) -> Option<What> {
    Some(match extent(text)? {
        Extent::Whole => What::Seal { text: text.to_owned(), mrz: vec![] },
        Extent::Short => What::HalfSeal,
        Extent::Broken if text.chars().count() < SHORTEST_CODE => What::HalfSeal,
        Extent::Broken => What::TornSeal,
        Extent::Long(end) => glued(text, end),
    })
}

/// A seal with something behind it: the same code twice is one scan, an MRZ is welcome, all else is two scans.
fn glued(text: &str, end: usize) -> What {
    let (seal, rest) = text.split_at_checked(end).unwrap_or((text, ""));
    let rest = rest.trim();
    let again = rest.get(..end).is_some_and(|rest| rest.eq_ignore_ascii_case(seal));
    match (again, mrz(rest)) {
        (true, _) if rest.len() == end => What::Seal { text: seal.to_owned(), mrz: vec![] },
        (_, Some(What::Mrz(mrz))) => What::Seal { text: seal.to_owned(), mrz },
        _ => What::TwoScans,
    }
}

/// How many characters the lines of an MRZ have: TD1, TD2, TD3.
const LINES: [usize; 3] = [30, 36, 44];

/// One line of an MRZ, several, or all of them glued together.
fn mrz(text: &str) -> Option<What> {
    let upper = text.to_uppercase();
    let lines: Vec<&str> = upper.split(['\r', '\n']).map(str::trim).filter(|line| !line.is_empty()).collect();
    let characters =
        |line: &&str| line.chars().all(|c| c.is_ascii_uppercase() || c.is_ascii_digit() || c == '<');
    if lines.is_empty() || !lines.iter().all(characters) {
        return None;
    }
    let split: Option<Vec<String>> =
        lines.iter().map(|line| split(line)).collect::<Option<Vec<_>>>().map(|l| l.concat());
    match split {
        // Letters and digits alone may be anything of that length: fillers are the mark of an MRZ.
        Some(lines) if upper.contains('<') || lines.iter().all(|line| looks_like_second_line(line)) => {
            Some(What::Mrz(lines))
        }
        Some(_) => None,
        None => upper.contains("<<").then_some(What::HalfMrz),
    }
}

fn split(line: &str) -> Option<Vec<String>> {
    let cut = |width: usize| {
        let bytes = line.as_bytes().chunks(width);
        bytes.map(|chunk| String::from_utf8_lossy(chunk).into_owned()).collect()
    };
    match line.len() {
        width if LINES.contains(&width) => Some(vec![line.to_owned()]),
        90 => Some(cut(30)),
        72 => Some(cut(36)),
        88 => Some(cut(44)),
        _ => None,
    }
}

/// A second line without fillers: document number, check digit, state, birth date with its check digit, sex.
fn looks_like_second_line(line: &str) -> bool {
    let digits = |from: usize, to: usize| {
        line.get(from..to).is_some_and(|part| part.bytes().all(|b| b.is_ascii_digit()))
    };
    line.len() > 30 && digits(9, 10) && digits(13, 20) && digits(21, 28)
}

fn foreign(text: &str) -> Option<ForeignCode> {
    let upper = text.to_uppercase();
    if upper.starts_with("HC1:") {
        return Some(ForeignCode::HealthCertificate);
    }
    if upper.contains("://") || upper.starts_with("WWW.") {
        return Some(ForeignCode::Url);
    }
    // M, the number of legs, and twenty characters of surname/given names.
    let legs = upper.strip_prefix('M').is_some_and(|rest| rest.starts_with(['1', '2', '3', '4']));
    let names = upper.get(2..22).is_some_and(|names| names.contains('/'));
    (legs && names && upper.len() >= 58).then_some(ForeignCode::BoardingPass)
}

/// True for a text that begins like a seal in some layout: it has to be waited for.
#[must_use]
pub fn begins_like_a_seal(text: &str) -> bool {
    let begins =
        |text: &str| text.get(..TEXT_PREFIX.len()).is_some_and(|s| s.eq_ignore_ascii_case(TEXT_PREFIX));
    begins(text) || Layout::ALL.into_iter().any(|layout| layout.undo(text).is_some_and(|text| begins(&text)))
}

#[cfg(test)]
#[path = "scanned_tests.rs"]
mod tests;
