//! Where a line of an MRZ lost a character, or has one too many, when the check digits tell.

use alloc::string::String;
use alloc::vec::Vec;

use jiff::civil::date;

use crate::finding::Field;
use crate::format::{Format, Layout};
use crate::input::Shaped;
use crate::zone::{LONGEST, Zone};

/// Every character that can stand in an MRZ.
const ALPHABET: &[u8; 37] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ<";

/// Where the slip is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Slip {
    /// The field that holds it.
    pub(crate) field: Field,
    /// The first 0-based column at which it can be.
    pub(crate) column: usize,
    /// A whole line after which every check fits; the only one if `certain`.
    pub(crate) line: String,
    /// No other line fits.
    pub(crate) certain: bool,
}

/// The slip of line `index`, if that line alone is one character off and every way to mend it lies in one
/// field. Each place is tried, and for a lost character each character, so the work is bounded by 44 × 37
/// small checks.
pub(crate) fn locate(shaped: &Shaped, index: usize) -> Option<Slip> {
    let want = shaped.format.line_length();
    let line = shaped.lines.get(index).filter(|line| line.is_ascii())?;
    let others = shaped.lines.iter().enumerate().all(|(other, line)| other == index || line.len() == want);
    if !others || shaped.lines.len() != shaped.format.lines() {
        return None;
    }
    let mut solutions: Vec<(Field, usize, Vec<u8>)> = Vec::new();
    let mut candidate = |column: usize, bytes: Vec<u8>| {
        let known = solutions.iter().any(|(_, _, other)| *other == bytes);
        if !known && fits(shaped, index, &bytes) {
            let field = field_at(shaped.format, index * want + column);
            solutions.push((field, column, bytes));
        }
    };
    if line.len() + 1 == want {
        for column in 0..want {
            for byte in ALPHABET {
                let mut bytes = line.as_bytes().to_vec();
                bytes.insert(column, *byte);
                candidate(column, bytes);
            }
        }
    } else if line.len() == want + 1 {
        for column in 0..line.len() {
            let mut bytes = line.as_bytes().to_vec();
            bytes.remove(column);
            candidate(column.min(want - 1), bytes);
        }
    }
    let (field, column, bytes) = solutions.first()?;
    let one_field = solutions.iter().all(|(other, ..)| other == field);
    one_field.then(|| Slip {
        field: *field,
        column: *column,
        line: bytes.iter().map(|byte| char::from(*byte)).collect(),
        certain: solutions.len() == 1,
    })
}

/// Every check digit is right, the dates can exist, and codes and sex are what may stand there.
fn fits(shaped: &Shaped, index: usize, line: &[u8]) -> bool {
    let want = shaped.format.line_length();
    let mut text = [b'<'; LONGEST];
    for (number, target) in text.chunks_exact_mut(want).take(shaped.format.lines()).enumerate() {
        let source = if number == index { line } else { shaped.lines[number].as_bytes() };
        if source.len() != want {
            return false;
        }
        target.copy_from_slice(source);
    }
    let Ok(zone) = Zone::from_text(shaped.format, text) else { return false };
    let letters = |code: &str| !code.is_empty() && code.bytes().all(|byte| byte.is_ascii_uppercase());
    // Any day will do for the century: only whether the dates exist matters here.
    zone.valid(date(2099, 12, 31)) && letters(zone.nationality()) && letters(zone.issuing_state())
}

/// The field of a character, its check digit included.
fn field_at(format: Format, index: usize) -> Field {
    let layout: &Layout = format.layout();
    let within = |span: crate::format::Span| span.contains(index);
    if within(layout.document_code) {
        Field::DocumentCode
    } else if within(layout.issuing_state) {
        Field::IssuingState
    } else if within(layout.names) {
        Field::Surname
    } else if within(layout.number) || index == layout.number_check {
        Field::DocumentNumber
    } else if within(layout.nationality) {
        Field::Nationality
    } else if within(layout.birth) || index == layout.birth_check {
        Field::BirthDate
    } else if index == layout.sex {
        Field::Sex
    } else if within(layout.expiry) || index == layout.expiry_check {
        Field::ExpiryDate
    } else if layout.optional_2.is_some_and(within) {
        Field::OptionalData2
    } else if layout.composite.is_some_and(|(_, digit)| digit == index) {
        Field::Composite
    } else {
        Field::OptionalData
    }
}
