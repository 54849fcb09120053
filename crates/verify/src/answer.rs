//! Who may ask what (DESIGN.md §5): which row of a permit somebody may ask about, and what they are told of it. Pure.
//!
//! Whoever holds the permit number and one of birth date, surname, or a document number at most one edit away is
//! answered for that one traveller. Of a field they hear that it is the same, or the one or two characters that
//! differ, or just that it differs: a stored value is never told to somebody who does not have it nearly right.

use std::fmt::Write as _;

use propusk_boot::{Language, Locales};
use propusk_passport::{
    Code, Date, Document, Field, Finding, Person, Rules, SHARED_FIELDS, Severity, Standing, comparable,
    compare, compare_persons, is_about, plain_number, says, standing,
};
use serde::{Deserialize, Serialize};

use crate::differences::{Difference, differences};
use crate::findings::FindingRow;

/// A shorter document number is no proof of anything.
const SHORTEST_NUMBER: usize = 5;
/// The edits by which a document number may be off and still prove who asks.
const NUMBER_EDITS: usize = 1;

/// What somebody says of themselves: typed fields, and a passport's MRZ.
#[derive(Clone, Default)]
pub(crate) struct Asked {
    pub typed: Person,
    pub passport: Option<Document>,
}

/// What is told of one field.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FieldAnswer {
    /// Its JSON name.
    pub field: String,
    /// `same`, `differs`, or `not-on-permit`.
    pub result: String,
    /// The characters that differ, where they are one or two; of a field that is the same, those of another spelling.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub characters: Vec<Difference>,
}

impl FieldAnswer {
    /// For a terminal.
    #[must_use]
    pub fn text(&self, language: Language) -> String {
        let word = |id: &str| Locales::embedded().text(language, id, &[]);
        let name = word(&format!("field-{}", self.field.replace('_', "-")));
        let mut text = format!("{name:<24} {}", word(&format!("field-{}", self.result)));
        for one in &self.characters {
            let or_blank = |c: &str| if c.is_empty() { "—".to_owned() } else { c.to_owned() };
            let _ =
                write!(text, "  [{}: {} ≠ {}]", one.position, or_blank(&one.yours), or_blank(&one.permit));
        }
        text
    }
}

impl Asked {
    /// All that is said, typed fields first.
    pub(crate) fn person(&self) -> Person {
        let Some(read) = self.passport.as_ref().map(Document::person) else { return self.typed.clone() };
        let typed = self.typed.clone();
        Person {
            surname: typed.surname.or(read.surname),
            given_names: typed.given_names.or(read.given_names),
            document_number: typed.document_number.or(read.document_number),
            nationality: typed.nationality.or(read.nationality),
            birth_date: typed.birth_date.or(read.birth_date),
            sex: typed.sex.or(read.sex),
            expiry_date: typed.expiry_date.or(read.expiry_date),
            issuing_state: typed.issuing_state.or(read.issuing_state),
        }
    }
}

/// How many of the three proofs hold between a stored traveller and somebody who asks; 0 is a stranger.
pub(crate) fn likeness(stored: &Person, asked: &Person) -> usize {
    let proofs = [same_birth_date(stored, asked), same_surname(stored, asked), same_number(stored, asked)];
    proofs.into_iter().filter(|holds| *holds).count()
}

/// The row that somebody may ask about: the one with most proofs, then with most fields the same.
pub(crate) fn pick(travellers: &[Person], asked: &Person) -> Option<usize> {
    let rated = travellers.iter().enumerate().map(|(row, stored)| {
        let agreeing = [
            stored.given_names.is_some() && stored.given_names == asked.given_names,
            stored.nationality.is_some() && stored.nationality == asked.nationality,
            stored.sex.is_some() && stored.sex == asked.sex,
        ];
        let agreeing = agreeing.into_iter().filter(|same| *same).count();
        ((likeness(stored, asked), agreeing), row)
    });
    // Every row is looked at, whatever the first ones give: the time tells nothing of the place in the group.
    let best = rated.reduce(|best, next| if next.0 > best.0 { next } else { best })?;
    (best.0.0 > 0).then_some(best.1)
}

fn same_birth_date(stored: &Person, asked: &Person) -> bool {
    asked.birth_date.is_some_and(|date| date.year.is_some()) && stored.birth_date == asked.birth_date
}

/// Equal, or spellings of the same letters. A superset is none: a list of common names would be a master key.
fn same_surname(stored: &Person, asked: &Person) -> bool {
    let said =
        |name: &Option<String>| name.as_deref().is_some_and(|name| name.chars().any(char::is_alphabetic));
    // Somebody with one name only has it as given names, and types it where a surname is asked for.
    let name = if said(&stored.surname) { &stored.surname } else { &stored.given_names };
    let own = if said(&asked.surname) { &asked.surname } else { &asked.given_names };
    if !said(name) || !said(own) {
        return false;
    }
    let only = |name: &Option<String>| Person { surname: name.clone(), ..Person::default() };
    let spelling =
        |finding: &Finding| matches!(finding.code, Code::NameTranslitVariant | Code::NameCasePunctOnly);
    compare_persons(&only(name), &only(own), &Rules::default()).iter().all(spelling)
}

fn same_number(stored: &Person, asked: &Person) -> bool {
    let text = |person: &Person| person.document_number.as_deref().map(plain_number).unwrap_or_default();
    let (stored, asked) = (text(stored), text(asked));
    let long_enough = |text: &str| (SHORTEST_NUMBER..=64).contains(&text.chars().count());
    long_enough(&stored) && long_enough(&asked) && strsim::osa_distance(&stored, &asked) <= NUMBER_EDITS
}

/// Compares every field that was asked about and says no more than is allowed.
pub(crate) fn answer(
    stored: &Person,
    asked: &Asked,
    today: Date,
    valid_through: Option<Date>,
    language: Language,
) -> (Vec<FieldAnswer>, Vec<FindingRow>) {
    let whole = asked.person();
    let rules = Rules { today: Some(today), valid_through };
    let mut found =
        compare_persons(&restrict(stored, |field| says(&asked.typed, field)), &asked.typed, &rules);
    if let Some(passport) = &asked.passport {
        let rest = restrict(stored, |field| !says(&asked.typed, field));
        let read = compare(&rest, passport, &rules);
        // The passport's own end is judged once.
        let known = |new: &Finding| found.iter().any(|old| old.code == new.code && old.field == new.field);
        let new: Vec<Finding> = read.into_iter().filter(|finding| !known(finding)).collect();
        found.extend(new);
    }
    let mut fields = Vec::new();
    let mut rows = Vec::new();
    for field in SHARED_FIELDS {
        let Some(mine) = comparable(&whole, field) else { continue };
        let about: Vec<&Finding> = found.iter().filter(|finding| is_about(finding, field)).collect();
        let theirs = comparable(stored, field);
        let characters = differences(&mine, theirs.as_deref().unwrap_or_default());
        let near = characters.is_some();
        let standing = standing(stored, field, &found);
        let result = match standing {
            Standing::NotOnPermit => "not-on-permit",
            Standing::Differs => "differs",
            Standing::Same | Standing::Spelled => "same",
        };
        let characters = if theirs.is_some() { characters.unwrap_or_default() } else { Vec::new() };
        fields.push(FieldAnswer { field: field.as_str().to_owned(), result: result.to_owned(), characters });
        rows.extend(tell(&about, field, near, standing == Standing::Differs, language));
    }
    (fields, rows)
}

/// The findings of a field: in full where its characters may be told, else in general words.
fn tell(
    about: &[&Finding],
    field: Field,
    near: bool,
    differing: bool,
    language: Language,
) -> Vec<FindingRow> {
    let own = |code, severity| {
        let name =
            Locales::embedded().text(language, &format!("field-{}", field.as_str().replace('_', "-")), &[]);
        FindingRow::own(code, severity, Some(field.as_str()), &[("field", name)], language)
    };
    let mut rows: Vec<FindingRow> = Vec::new();
    for finding in about.iter().filter(|finding| finding.field == field) {
        // These speak of the asker's own passport and the permit's dates only.
        if near || finding.code == Code::ExpiredOrShort {
            rows.push(FindingRow::of(finding, language));
        }
    }
    let general = if near {
        None
    } else if differing {
        Some(own("differs", Severity::Error))
    } else {
        let spelled = about.iter().any(|finding| finding.code != Code::ExpiredOrShort);
        spelled.then(|| own("spelled-otherwise", Severity::Warning))
    };
    rows.extend(general);
    rows
}

/// The person with the fields that `keep` keeps.
fn restrict(person: &Person, keep: impl Fn(Field) -> bool) -> Person {
    let person = person.clone();
    Person {
        surname: person.surname.filter(|_| keep(Field::Surname)),
        given_names: person.given_names.filter(|_| keep(Field::GivenNames)),
        document_number: person.document_number.filter(|_| keep(Field::DocumentNumber)),
        nationality: person.nationality.filter(|_| keep(Field::Nationality)),
        birth_date: person.birth_date.filter(|_| keep(Field::BirthDate)),
        sex: person.sex.filter(|_| keep(Field::Sex)),
        expiry_date: person.expiry_date.filter(|_| keep(Field::ExpiryDate)),
        issuing_state: person.issuing_state.filter(|_| keep(Field::IssuingState)),
    }
}

#[cfg(test)]
mod tests;
