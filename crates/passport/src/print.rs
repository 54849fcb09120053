//! An MRZ generated from a visual zone.

use alloc::string::{String, ToString};
use core::fmt;

use crate::checks::check_digit;
use crate::date::PartialDate;
use crate::finding::Field;
use crate::format::Format;
use crate::input::latin_look_alike;
use crate::issuer::mrz_state;
use crate::name;
use crate::person::{Person, Sex};
use crate::translit::UnknownLetter;

/// Why no MRZ can be generated.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum PrintError {
    /// The visual zone does not say a field that the MRZ needs.
    Missing {
        /// The field.
        field: Field,
    },
    /// A letter of a name has no transliteration.
    Letter {
        /// Surname or given names.
        field: Field,
        /// The letter and where it stands.
        letter: UnknownLetter,
    },
    /// The value does not fit the MRZ: a number of more than nine characters, a state code that is not one to
    /// three letters.
    DoesNotFit {
        /// The field.
        field: Field,
        /// How many characters it has.
        length: usize,
        /// How many fit.
        most: usize,
    },
    /// A character that no MRZ can hold in this field.
    Character {
        /// The field.
        field: Field,
        /// Its 0-based index.
        position: usize,
    },
}

impl fmt::Display for PrintError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Missing { field } => write!(f, "{field} is missing: an MRZ needs it"),
            Self::Letter { field, letter } => write!(f, "{field}: {letter}"),
            Self::DoesNotFit { field, length, most } => {
                write!(f, "{field} has {length} characters, an MRZ of a passport holds {most}")
            }
            Self::Character { field, position } => {
                write!(f, "{field}: character {} cannot stand in an MRZ", position + 1)
            }
        }
    }
}

impl core::error::Error for PrintError {}

/// The two lines that a passport (code `P`) of this visual zone carries: names transliterated by 9303-3 §6 and
/// cut by 9303-4 §4.2.3, all digits computed, the optional data empty. Without a sex it is unspecified;
/// unknown parts of dates become fillers.
///
/// ```
/// # use propusk_passport::*;
/// let person = Person {
///     surname: Some("Ævarsdóttir".into()),
///     given_names: Some("Þuríður Ösp".into()),
///     document_number: Some("A1234567".into()),
///     nationality: Some("ISL".into()),
///     birth_date: PartialDate::parse("1990-02-03").ok(),
///     sex: Some(Sex::Female),
///     expiry_date: PartialDate::parse("2031-01-01").ok(),
///     ..Person::default()
/// };
/// let lines = td3_lines(&person, "ISL")?;
/// assert_eq!(lines[0], "P<ISLAEVARSDOTTIR<<THURIDUR<OESP<<<<<<<<<<<<");
/// assert!(read_mrz(&lines, Date::constant(2026, 6, 1)).valid());
/// # Ok::<(), PrintError>(())
/// ```
///
/// # Errors
/// A [`PrintError`] that names the field and what keeps it out of an MRZ.
pub fn td3_lines(person: &Person, issuing_state: &str) -> Result<[String; 2], PrintError> {
    let issuer = state(issuing_state, Field::IssuingState)?;
    let nationality = state(needed(person.nationality.as_deref(), Field::Nationality)?, Field::Nationality)?;
    let first = alloc::format!("P<{issuer}{}", names(person)?);
    let mut second = with_digit(&number(needed(person.document_number.as_deref(), Field::DocumentNumber)?)?);
    second.push_str(&nationality);
    second.push_str(&with_digit(&six(needed(person.birth_date, Field::BirthDate)?)));
    second.push(match person.sex {
        Some(Sex::Male) => 'M',
        Some(Sex::Female) => 'F',
        Some(Sex::Unspecified) | None => '<',
    });
    second.push_str(&with_digit(&six(needed(person.expiry_date, Field::ExpiryDate)?)));
    second.push_str("<<<<<<<<<<<<<<<");
    let covered: String = [0..10, 13..20, 21..43].into_iter().filter_map(|range| second.get(range)).collect();
    second.push(digit(&covered));
    Ok([first, second])
}

fn needed<T>(value: Option<T>, field: Field) -> Result<T, PrintError> {
    value.ok_or(PrintError::Missing { field })
}

/// The name field. A person with one name has it as primary identifier (9303-3 §4.6).
fn names(person: &Person) -> Result<String, PrintError> {
    let surname = person.surname.as_deref().unwrap_or_default();
    let given = person.given_names.as_deref().unwrap_or_default();
    for (text, field) in [(surname, Field::Surname), (given, Field::GivenNames)] {
        crate::translit::transliterate(text).map_err(|letter| PrintError::Letter { field, letter })?;
    }
    let (surname, given) = if name::fold(surname).is_empty() { (given, "") } else { (surname, given) };
    if name::fold(surname).is_empty() {
        return Err(PrintError::Missing { field: Field::Surname });
    }
    name::field(surname, given, Format::Td3)
        .map_err(|letter| PrintError::Letter { field: Field::Surname, letter })
}

fn state(code: &str, field: Field) -> Result<String, PrintError> {
    let code = mrz_state(code);
    if let Some(position) = code.chars().position(|c| !c.is_ascii_uppercase()) {
        return Err(PrintError::Character { field, position });
    }
    match code.len() {
        0 => Err(PrintError::Missing { field }),
        1..=3 => Ok(alloc::format!("{code:<<3}")),
        length => Err(PrintError::DoesNotFit { field, length, most: 3 }),
    }
}

/// Special characters and blanks inside a number become fillers (9303-4 §4.2.2.2, positions 1 to 9).
fn number(text: &str) -> Result<String, PrintError> {
    let field = Field::DocumentNumber;
    let mut out = String::with_capacity(9);
    for (position, c) in text.trim().chars().enumerate() {
        let upper = latin_look_alike(c.to_uppercase().next().unwrap_or(c));
        match upper {
            'A'..='Z' | '0'..='9' => out.push(upper),
            _ if upper.is_alphanumeric() => return Err(PrintError::Character { field, position }),
            _ => out.push('<'),
        }
    }
    match out.len() {
        0 => Err(PrintError::Missing { field }),
        1..=9 => Ok(alloc::format!("{out:<<9}")),
        length => Err(PrintError::DoesNotFit { field, length, most: 9 }),
    }
}

/// YYMMDD, fillers for unknown parts.
pub(crate) fn six(date: PartialDate) -> String {
    let two = |part: Option<u16>| part.map_or("<<".to_string(), |part| alloc::format!("{:02}", part % 100));
    let (month, day) = (date.month.map(u16::from), date.day.map(u16::from));
    alloc::format!("{}{}{}", two(date.year), two(month), two(day))
}

fn with_digit(field: &str) -> String {
    alloc::format!("{field}{}", digit(field))
}

/// The digit of a text that only holds MRZ characters.
fn digit(text: &str) -> char {
    check_digit(text).and_then(|digit| char::from_digit(u32::from(digit), 10)).unwrap_or('<')
}
