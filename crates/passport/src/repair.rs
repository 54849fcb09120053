//! Repair proposals of one edit. Nothing is ever applied: a check digit says that something is wrong, only a
//! second source says where.

use alloc::string::String;
use alloc::vec::Vec;

use crate::checks::{Check, Checks};
use crate::document;
use crate::edit::look_alikes;
use crate::finding::{Field, Place};
use crate::issuer;
use crate::zone::Zone;

/// One changed character of an MRZ.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Change {
    /// Where it stands.
    pub place: Place,
    /// What stands there.
    pub typed: char,
    /// What the repair puts there.
    pub correct: char,
}

/// A repair of one edit after which the field's check digit, and the composite, fit.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Repair {
    /// The field that it mends.
    pub field: Field,
    /// One change for a look-alike, two for a neighbour swap.
    pub changes: Vec<Change>,
    /// The field's value after the repair, as printed.
    pub value: String,
    /// All lines after the repair.
    pub lines: Vec<String>,
    /// The one repair of this field by which a letter becomes the digit that it looks like, the likeliest
    /// slip where digits are usual. Every other kind fits by chance too often to be proposed without a second
    /// source.
    pub proposed: bool,
    /// 0-based index in the field's value of the first changed character.
    pub position: usize,
}

/// Prints the field and the places, never the data.
impl core::fmt::Debug for Repair {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.debug_struct("Repair")
            .field("field", &self.field)
            .field("position", &self.position)
            .field("proposed", &self.proposed)
            .finish_non_exhaustive()
    }
}

/// How likely a kind of slip is; smaller is likelier.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Kind {
    LetterForDigit,
    OtherLookAlike,
    Swap,
}

/// The repairs that fit lines of exactly the right shape: for every field with a wrong digit, likeliest kind
/// first. Empty when nothing is wrong, when the shape is wrong, or when no single edit mends a field.
///
/// Look-alikes (0ODQ 1ILT 2Z7 4A 5S 6G 8B) and neighbour swaps are tried; in a date only digits can result
/// and the date must exist; in a document number the issuer's alphabet decides too, where it is known.
///
/// ```
/// let repairs = propusk_passport::repairs(&[
///     "I<YTOD2314S8907<<<<<<<<<<<<<<<",
///     "3407127M9507122YTO<<<<<<<<<<<2",
///     "ERIKSSON<<ANNA<MARIA<<<<<<<<<<",
/// ]);
/// assert!(repairs[0].proposed && repairs[0].value == "D23145890");
/// ```
#[must_use]
pub fn repairs(lines: &[impl AsRef<str>]) -> Vec<Repair> {
    let shaped = crate::input::shape(lines);
    let Ok(zone) = Zone::read(&shaped.lines) else { return Vec::new() };
    [Field::DocumentNumber, Field::BirthDate, Field::ExpiryDate, Field::OptionalData]
        .into_iter()
        .flat_map(|field| of_field(&zone, field))
        .collect()
}

/// The repairs of one field; empty when its digit is right.
pub(crate) fn of_field(zone: &Zone, field: Field) -> Vec<Repair> {
    if check(zone.checks(), field) != Check::Wrong {
        return Vec::new();
    }
    let mut found: Vec<(Kind, Repair)> = Vec::new();
    for index in indices(zone, field) {
        let typed = char::from(zone.byte(index));
        for correct in look_alikes(typed) {
            let kind = kind(zone, field, index, typed, correct);
            found.extend(fits(zone, field, &[(index, correct)]).map(|repair| (kind, repair)));
        }
    }
    for index in indices(zone, field) {
        let (first, second) = (zone.byte(index), zone.byte(index + 1));
        let inside = indices(zone, field).any(|other| other == index + 1);
        if inside && first != second {
            let swap = [(index, char::from(second)), (index + 1, char::from(first))];
            found.extend(fits(zone, field, &swap).map(|repair| (Kind::Swap, repair)));
        }
    }
    propose(found)
}

/// A letter that a digit looks like is a likely slip in a date, after a digit, and where it is O, I or Q, which
/// issuers avoid; the letters that a number begins with are mostly meant.
fn kind(zone: &Zone, field: Field, index: usize, typed: char, correct: char) -> Kind {
    let date = matches!(field, Field::BirthDate | Field::ExpiryDate);
    let before = index.checked_sub(1).map_or(b'<', |before| zone.byte(before));
    let first = indices(zone, field).next() == Some(index);
    let suspicious = date || matches!(typed, 'O' | 'I' | 'Q') || (!first && before.is_ascii_digit());
    if typed.is_ascii_alphabetic() && correct.is_ascii_digit() && suspicious {
        Kind::LetterForDigit
    } else {
        Kind::OtherLookAlike
    }
}

/// Orders by likelihood and marks the one that may be proposed.
fn propose(mut found: Vec<(Kind, Repair)>) -> Vec<Repair> {
    found.sort_by_key(|(kind, _)| *kind);
    let alone = found.iter().filter(|(kind, _)| *kind == Kind::LetterForDigit).count() == 1;
    let mut repairs: Vec<Repair> = found.into_iter().map(|(_, repair)| repair).collect();
    if alone && let Some(first) = repairs.first_mut() {
        first.proposed = true;
    }
    repairs
}

fn check(checks: Checks, field: Field) -> Check {
    match field {
        Field::DocumentNumber => checks.document_number,
        Field::BirthDate => checks.date_of_birth,
        Field::ExpiryDate => checks.date_of_expiry,
        Field::OptionalData => checks.optional,
        _ => Check::Absent,
    }
}

/// The characters of a field, through its continuation.
fn indices(zone: &Zone, field: Field) -> impl Iterator<Item = usize> {
    let layout = zone.layout();
    let span = match field {
        Field::DocumentNumber => layout.number,
        Field::BirthDate => layout.birth,
        Field::ExpiryDate => layout.expiry,
        _ => layout.optional,
    };
    let continuation = match field {
        Field::DocumentNumber => {
            layout.optional.start..layout.optional.start + zone.number_continuation().len()
        }
        _ => 0..0,
    };
    span.range().chain(continuation)
}

/// The repair, if after it the field's digit is right, the composite too (unless another field is wrong as
/// well), a date exists and the issuer uses such characters.
fn fits(zone: &Zone, field: Field, changes: &[(usize, char)]) -> Option<Repair> {
    let mut text = zone.text();
    for (index, correct) in changes {
        *text.get_mut(*index)? = u8::try_from(*correct).ok()?;
    }
    let mended = Zone::from_text(zone.format(), text).ok()?;
    let checks = mended.checks();
    let others = [checks.document_number, checks.date_of_birth, checks.date_of_expiry, checks.optional];
    let composite_fits = checks.composite != Check::Wrong || others.contains(&Check::Wrong);
    if check(checks, field) != Check::Right || !composite_fits || !plausible(&mended, field, changes) {
        return None;
    }
    let line_length = zone.layout().line_length;
    let place = |index: usize| Place { line: index / line_length, column: index % line_length };
    let (first, _) = *changes.first()?;
    Some(Repair {
        field,
        changes: changes
            .iter()
            .map(|(index, correct)| Change {
                place: place(*index),
                typed: char::from(zone.byte(*index)),
                correct: *correct,
            })
            .collect(),
        value: document::printed_field(&mended, field),
        lines: mended.lines(),
        proposed: false,
        position: indices(zone, field).position(|index| index == first)?,
    })
}

fn plausible(mended: &Zone, field: Field, changes: &[(usize, char)]) -> bool {
    match field {
        // Only whether the day exists matters here, so any century will do; 2000 was a leap year.
        Field::BirthDate => mended.birth_date(jiff::civil::date(2099, 12, 31)).is_ok(),
        Field::ExpiryDate => mended.expiry_date().is_ok(),
        Field::DocumentNumber => issuer::of(mended.issuing_state(), mended.document_code())
            .is_none_or(|issuer| changes.iter().all(|(_, correct)| issuer.alphabet.contains(*correct))),
        _ => true,
    }
}
