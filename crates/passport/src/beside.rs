//! Two papers beside each other: field by field, and in each field character by character.

use alloc::borrow::ToOwned;
use alloc::string::{String, ToString};
use alloc::vec;
use alloc::vec::Vec;

use crate::finding::{Code, Field, Finding};
use crate::name;
use crate::person::Person;

/// What a permit and a passport both say, in the order of a passport's data page.
pub const SHARED_FIELDS: [Field; 8] = [
    Field::Surname,
    Field::GivenNames,
    Field::DocumentNumber,
    Field::Nationality,
    Field::IssuingState,
    Field::BirthDate,
    Field::Sex,
    Field::ExpiryDate,
];

/// So many differing characters are told one by one; more make a value another one.
pub const FEW: usize = 2;
/// Longer values are not aligned: no field of a passport is longer.
const LONGEST: usize = 128;

/// How a field of a permit stands to the passport's.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Standing {
    /// Nothing was found.
    Same,
    /// Another spelling of the same, or something else to look at.
    Spelled,
    /// An error.
    Differs,
    /// The permit does not say it.
    NotOnPermit,
}

impl Standing {
    /// The stable word: `same`, `spelled`, `differs`, `not-on-permit`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Same => "same",
            Self::Spelled => "spelled",
            Self::Differs => "differs",
            Self::NotOnPermit => "not-on-permit",
        }
    }
}

/// One character that differs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Unlike {
    /// Its index in the first value, from 0.
    pub at: usize,
    /// What the first value has there; none where it lacks the character.
    pub first: Option<char>,
    /// What the second value has there; none where it lacks the character.
    pub second: Option<char>,
}

/// A part of a value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Piece {
    /// Its characters; empty where the other value has one that this one lacks.
    pub text: String,
    /// True for what differs.
    pub marked: bool,
}

/// A field of both papers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Beside {
    /// Which.
    pub field: Field,
    /// How they stand.
    pub standing: Standing,
    /// What the permit says.
    pub permit: Vec<Piece>,
    /// What the passport says.
    pub passport: Vec<Piece>,
}

/// Every field that the passport says, beside the permit's, with what `findings` (of their comparison) say of it.
///
/// ```
/// # use propusk_passport::*;
/// let said = |number: &str| Person { document_number: Some(number.into()), ..Person::default() };
/// let (permit, passport) = (said("L8989O2C3"), said("L898902C3"));
/// let rows = beside(&permit, &passport, &compare_persons(&permit, &passport, &Rules::default()));
/// assert_eq!((rows[0].standing, rows[0].permit[1].text.as_str()), (Standing::Differs, "O"));
/// ```
#[must_use]
pub fn beside(permit: &Person, passport: &Person, findings: &[Finding]) -> Vec<Beside> {
    let row = |field| {
        let theirs = comparable(passport, field)?;
        let standing = standing(permit, field, findings);
        let (permit, passport) = match comparable(permit, field) {
            Some(ours) => pieces(&ours, &theirs, standing == Standing::Differs),
            None => (Vec::new(), vec![plain(&theirs)]),
        };
        Some(Beside { field, standing, permit, passport })
    };
    SHARED_FIELDS.into_iter().filter_map(row).collect()
}

/// How a field of a permit stands, by the findings of a comparison.
#[must_use]
pub fn standing(permit: &Person, field: Field, findings: &[Finding]) -> Standing {
    let about = || findings.iter().filter(|finding| is_about(finding, field));
    if !says(permit, field) {
        Standing::NotOnPermit
    } else if about().any(is_difference) {
        Standing::Differs
    } else if about().any(|finding| finding.field == field && is_spelling(finding)) {
        Standing::Spelled
    } else {
        Standing::Same
    }
}

/// A finding about the whole name is about both its fields.
#[must_use]
pub fn is_about(finding: &Finding, field: Field) -> bool {
    let whole_name = matches!(finding.code, Code::SurnameGivenSwapped | Code::NoSurname);
    finding.field == field || whole_name && matches!(field, Field::Surname | Field::GivenNames)
}

/// Spellings of the same letters, and what is only about the passport itself, are no difference.
fn is_difference(finding: &Finding) -> bool {
    !is_spelling(finding) && finding.code != Code::ExpiredOrShort
}

fn is_spelling(finding: &Finding) -> bool {
    matches!(
        finding.code,
        Code::NameTranslitVariant
            | Code::NameCasePunctOnly
            | Code::NameMayBeTruncated
            | Code::NoSurname
            | Code::BirthDatePartial
    )
}

/// Whether a paper says a field at all.
#[must_use]
pub fn says(person: &Person, field: Field) -> bool {
    comparable(person, field).is_some()
}

/// A field's value as its characters are compared: a name folded (9303-3 §4.6), a number without blanks and hyphens,
/// a date as ISO writes it.
#[must_use]
pub fn comparable(person: &Person, field: Field) -> Option<String> {
    let folded = |text: &Option<String>| text.as_deref().map(name::fold);
    let code = |text: &Option<String>| text.as_deref().map(|text| text.trim().to_uppercase());
    match field {
        Field::Surname => folded(&person.surname),
        Field::GivenNames => folded(&person.given_names),
        Field::DocumentNumber => person.document_number.as_deref().map(plain_number),
        Field::Nationality => code(&person.nationality),
        Field::IssuingState => code(&person.issuing_state),
        Field::BirthDate => person.birth_date.map(|date| date.to_string()),
        Field::Sex => person.sex.map(|sex| sex.code().to_owned()),
        Field::ExpiryDate => person.expiry_date.map(|date| date.to_string()),
        _ => None,
    }
}

/// A document number as it is compared: upper case, letters and digits only.
#[must_use]
pub fn plain_number(text: &str) -> String {
    text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_uppercase).collect()
}

/// The characters that differ, where they are at most [`FEW`]; equal values give an empty list.
///
/// ```
/// # use propusk_passport::unlike;
/// assert_eq!(unlike("L898902C3", "L8989O2C3").unwrap()[0].second, Some('O'));
/// assert_eq!(unlike("1974-08-12", "1980-01-02"), None);
/// ```
#[must_use]
pub fn unlike(first: &str, second: &str) -> Option<Vec<Unlike>> {
    let (a, b): (Vec<char>, Vec<char>) =
        (first.chars().take(LONGEST + 1).collect(), second.chars().take(LONGEST + 1).collect());
    if a.len().max(b.len()) > LONGEST || a.len().abs_diff(b.len()) > FEW {
        return None;
    }
    let left = distances(&a, &b);
    let width = b.len() + 1;
    let rest = |i: usize, j: usize| left.get(i * width + j).copied().unwrap_or(usize::MAX);
    if rest(0, 0) > FEW {
        return None;
    }
    let mut found = Vec::new();
    let (mut i, mut j) = (0, 0);
    while i < a.len() || j < b.len() {
        let (first, second) = (a.get(i).copied(), b.get(j).copied());
        if first == second {
            (i, j) = (i + 1, j + 1);
            continue;
        }
        // Of the ways on, one that leaves the least to differ; another character rather than one too many.
        let next = rest(i, j).saturating_sub(1);
        if first.is_some() && second.is_some() && rest(i + 1, j + 1) == next {
            found.push(Unlike { at: i, first, second });
            (i, j) = (i + 1, j + 1);
        } else if first.is_some() && (second.is_none() || rest(i + 1, j) == next) {
            found.push(Unlike { at: i, first, second: None });
            i += 1;
        } else {
            found.push(Unlike { at: i, first: None, second });
            j += 1;
        }
    }
    Some(found)
}

/// How many characters differ from (i, j) on, for every i and j.
fn distances(a: &[char], b: &[char]) -> Vec<usize> {
    let width = b.len() + 1;
    let mut left = vec![0; (a.len() + 1) * width];
    for i in (0..=a.len()).rev() {
        for j in (0..=b.len()).rev() {
            left[i * width + j] = match (a.get(i), b.get(j)) {
                (Some(x), Some(y)) if x == y => left[(i + 1) * width + j + 1],
                (Some(_), Some(_)) => {
                    let alone = left[(i + 1) * width + j].min(left[i * width + j + 1]);
                    1 + alone.min(left[(i + 1) * width + j + 1])
                }
                _ => (a.len() - i) + (b.len() - j),
            };
        }
    }
    left
}

/// Both values in pieces of which the differing ones are marked; whole where they have little in common and `differs`.
fn pieces(first: &str, second: &str, differs: bool) -> (Vec<Piece>, Vec<Piece>) {
    let Some(unlike) = unlike(first, second) else {
        let whole = |text: &str| vec![Piece { text: text.to_owned(), marked: differs }];
        return (whole(first), whole(second));
    };
    aligned(first, &unlike)
}

/// The first value and what the second one makes of it, in pieces of which the differing ones are marked.
///
/// ```
/// # use propusk_passport::{aligned, unlike};
/// let (first, second) = aligned("ERIKSSON", &unlike("ERIKSSON", "ERIKSON").unwrap());
/// assert_eq!((first[1].text.as_str(), second[1].text.as_str()), ("S", ""));
/// ```
#[must_use]
pub fn aligned(first: &str, unlike: &[Unlike]) -> (Vec<Piece>, Vec<Piece>) {
    let all: Vec<char> = first.chars().collect();
    let (mut one, mut other) = (Vec::new(), Vec::new());
    let mut at = 0;
    for this in unlike {
        let same: String = all.get(at..this.at).unwrap_or_default().iter().collect();
        let marked = |c: Option<char>| Piece { text: c.into_iter().collect(), marked: true };
        for (side, c) in [(&mut one, this.first), (&mut other, this.second)] {
            side.extend((!same.is_empty()).then(|| plain(&same)));
            side.push(marked(c));
        }
        at = this.at + usize::from(this.first.is_some());
    }
    let rest: String = all.get(at..).unwrap_or_default().iter().collect();
    if !rest.is_empty() {
        one.push(plain(&rest));
        other.push(plain(&rest));
    }
    (one, other)
}

fn plain(text: &str) -> Piece {
    Piece { text: text.to_owned(), marked: false }
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::format;

    fn shown(first: &str, second: &str) -> [String; 2] {
        let (one, other) = aligned(first, &unlike(first, second).unwrap());
        [one, other].map(|side| {
            let show =
                |piece: &Piece| if piece.marked { format!("[{}]", piece.text) } else { piece.text.clone() };
            side.iter().map(show).collect()
        })
    }

    #[test]
    fn the_differing_characters_are_marked_on_both_sides() {
        assert_eq!(shown("L898902C3", "L8989O2C3"), ["L8989[0]2C3", "L8989[O]2C3"]);
        assert_eq!(shown("ERIKSSON", "ERIKSON"), ["ERIKS[S]ON", "ERIKS[]ON"]);
        assert_eq!(shown("ERIKSON", "ERIKSSON"), ["ERIKS[]ON", "ERIKS[S]ON"]);
        assert_eq!(shown("AB12", "AB21"), ["AB[1][2]", "AB[2][1]"]);
        assert_eq!(shown("", "AB"), ["[][]", "[A][B]"]);
        assert_eq!(shown("SAME", "SAME"), ["SAME", "SAME"]);
    }

    #[test]
    fn more_than_few_are_not_told() {
        assert_eq!(unlike("1974-08-12", "1980-01-02"), None);
        assert_eq!(unlike("ABC", "XYZ"), None);
        assert_eq!(unlike("ABC", ""), None);
        assert_eq!(unlike(&"A".repeat(1_000_000), &"A".repeat(1_000_000)), None);
    }

    #[test]
    fn a_field_stands_as_its_findings_say() {
        let permit =
            Person { surname: Some("MUELLER".into()), sex: Some(crate::Sex::Female), ..Person::default() };
        let passport = Person {
            surname: Some("MULLER".into()),
            sex: Some(crate::Sex::Female),
            birth_date: crate::PartialDate::new(1990, 1, 1).ok(),
            ..Person::default()
        };
        let findings = crate::compare_persons(&permit, &passport, &crate::Rules::default());
        let rows = beside(&permit, &passport, &findings);
        let standings: Vec<Standing> = rows.iter().map(|row| row.standing).collect();
        assert_eq!(standings, [Standing::Spelled, Standing::NotOnPermit, Standing::Same]);
    }
}
