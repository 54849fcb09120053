//! The document number.

use alloc::string::String;
use alloc::vec::Vec;

use super::Facts;
use crate::checks::{Check, check_digit};
use crate::document::Document;
use crate::edit::{self, Edit};
use crate::finding::{Code, Field, Finding, Place, decimal};
use crate::input::latin_look_alike;

/// A number as it is compared.
struct Number<'a> {
    text: &'a str,
    chars: Vec<char>,
}

impl<'a> Number<'a> {
    /// Upper case, look-alikes of other scripts read as Latin; blanks, hyphens, dots and fillers do not count.
    fn new(text: &'a str) -> Self {
        let mut chars = Vec::with_capacity(text.len());
        chars.extend(compared(text).map(|(_, c)| latin_look_alike(c)));
        Self { text, chars }
    }

    /// The index in the text of a compared character; one past the last for what is missing at the end.
    fn place(&self, index: usize) -> usize {
        let mut places = compared(self.text).map(|(place, _)| place);
        let last = self.chars.len().saturating_sub(1).min(index);
        let place = places.nth(last).unwrap_or(0);
        if index < self.chars.len() || self.chars.is_empty() { place } else { place + 1 }
    }
}

/// The characters that count, in upper case, each with its index in the text.
fn compared(text: &str) -> impl Iterator<Item = (usize, char)> {
    let counts = text.chars().enumerate().filter(|(_, c)| c.is_alphanumeric());
    counts.flat_map(|(index, c)| c.to_uppercase().map(move |upper| (index, upper)))
}

pub(super) fn compare(permit: &Facts<'_>, passport: &Facts<'_>, findings: &mut Vec<Finding>) {
    let (Some(a), Some(b)) = (permit.number, passport.number) else { return };
    if a == b {
        return;
    }
    let (a, b) = (Number::new(a), Number::new(b));
    if a.chars == b.chars {
        return;
    }
    let wrong_digit = passport.mrz.filter(|mrz| mrz.checks.document_number == Check::Wrong);
    if let Some(mrz) = wrong_digit
        && let Some(finding) = slip_in_mrz(&a, &b, mrz)
    {
        findings.push(finding);
        return;
    }
    let mut finding = slip_in_permit(&a, &b, passport);
    if wrong_digit.is_some() {
        // A number that its own digit refutes is no proof of what the permit should say.
        finding.suggestion = None;
    }
    findings.push(finding);
}

fn both(code: Code, a: &Number<'_>, b: &Number<'_>) -> Finding {
    Finding::new(code, Field::DocumentNumber).with("permit", a.text).with("mrz", b.text)
}

fn slip_in_permit(a: &Number<'_>, b: &Number<'_>, passport: &Facts<'_>) -> Finding {
    if let Some(digit) = copied_digit(a, b, passport) {
        return both(Code::NumberHasCheckDigit, a, b)
            .at(a.place(a.chars.len() - 1))
            .with("n", decimal(a.chars.len()))
            .with("typed", digit)
            .suggest(b.text);
    }
    match edit::single(&a.chars, &b.chars) {
        Some(edit) => named(edit, a, b, a.place(edit.at())).with("source", "permit").suggest(b.text),
        None => several(a, b).with("source", "permit").suggest(b.text),
    }
}

/// The MRZ's own digit is wrong, the permit's number fits it and is one edit away: the MRZ was misread.
fn slip_in_mrz(a: &Number<'_>, b: &Number<'_>, mrz: &Document) -> Option<Finding> {
    let mut padded: String = a.chars.iter().collect();
    while padded.len() < 9 {
        padded.push('<');
    }
    let digit = check_digit(&padded)?;
    if mrz.number_check.to_digit(10) != Some(u32::from(digit)) {
        return None;
    }
    let edit = edit::single(&b.chars, &a.chars)?;
    let mut finding = named(edit, a, b, b.place(edit.at())).with("source", "mrz").suggest(a.text);
    let span = mrz.format.layout().number;
    let length = mrz.format.line_length();
    if edit.at() < span.len() {
        let index = span.start + b.place(edit.at());
        finding.place = Some(Place { line: index / length, column: index % length });
    }
    Some(finding)
}

/// The MRZ's check digit, if the permit's number is the passport's with it at the end.
fn copied_digit(a: &Number<'_>, b: &Number<'_>, passport: &Facts<'_>) -> Option<char> {
    let (last, rest) = a.chars.split_last()?;
    if rest != b.chars.as_slice() {
        return None;
    }
    let digit = match passport.mrz {
        Some(mrz) => mrz.number_check,
        None => {
            let mut padded: String = b.chars.iter().collect();
            while padded.len() < 9 {
                padded.push('<');
            }
            char::from_digit(u32::from(check_digit(&padded)?), 10)?
        }
    };
    (digit == *last).then_some(digit)
}

/// The finding of one edit, in the source that holds the slip.
fn named(edit: Edit, a: &Number<'_>, b: &Number<'_>, place: usize) -> Finding {
    match edit {
        Edit::Transpose { first, second, .. } => both(Code::NumberTransposed, a, b)
            .at(place)
            .with("ab", String::from_iter([first, second]))
            .with("ba", String::from_iter([second, first])),
        Edit::Substitute { from, to, .. } => {
            let code = if edit::look_alike(from, to) { Code::NumberLookalike } else { Code::NumberMismatch };
            both(code, a, b).at(place).with("typed", from).with("correct", to).with("count", "1")
        }
        Edit::Missing { missing, .. } => both(Code::NumberMismatch, a, b)
            .at(place)
            .with("typed", "")
            .with("correct", missing)
            .with("count", "1"),
        Edit::Extra { extra, .. } => both(Code::NumberMismatch, a, b)
            .at(place)
            .with("typed", extra)
            .with("correct", "")
            .with("count", "1"),
    }
}

/// A spreadsheet took the number for one and dropped its leading zeros.
fn lost_zeros(a: &Number<'_>, b: &Number<'_>) -> Option<Finding> {
    let zeros = b.chars.iter().take_while(|c| **c == '0').count();
    let lost = b.chars.len().checked_sub(a.chars.len()).filter(|lost| (2..=zeros).contains(lost))?;
    (b.chars.get(lost..) == Some(a.chars.as_slice())).then(|| {
        both(Code::NumberMismatch, a, b)
            .at(0)
            .with("typed", "")
            .with("correct", "0".repeat(lost))
            .with("count", decimal(lost))
    })
}

/// More than one edit: the first difference is named, and how many there are.
fn several(a: &Number<'_>, b: &Number<'_>) -> Finding {
    if let Some(finding) = lost_zeros(a, b) {
        return finding;
    }
    let first = a.chars.iter().zip(&b.chars).take_while(|(a, b)| a == b).count();
    let same_place = a.chars.iter().zip(&b.chars).filter(|(a, b)| a != b).count();
    let count = same_place + a.chars.len().abs_diff(b.chars.len());
    let character = |chars: &[char]| chars.get(first).map_or(String::new(), |c| String::from(*c));
    both(Code::NumberMismatch, a, b)
        .at(a.place(first))
        .with("typed", character(&a.chars))
        .with("correct", character(&b.chars))
        .with("count", decimal(count))
}
