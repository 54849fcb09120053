//! What differs between two sources.

use alloc::vec::Vec;

use jiff::civil::Date;

use crate::date::PartialDate;
use crate::document::Document;
use crate::finding::{self, Code, Finding, Severity};
use crate::person::{Person, Sex};

mod align;
mod codes;
mod dates;
mod names;
mod number;
mod spelling;

/// What a comparison needs to know beside the two sources. The default judges only what differs.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Rules {
    /// The day of the check: a birth date after it, or more than 120 years before it, is in the wrong century.
    pub today: Option<Date>,
    /// The passport must be valid through this day: the last day of the trip, or what the office demands.
    pub valid_through: Option<Date>,
}

/// Compares a permit (or a visual zone, or what a traveller typed) with a passport's MRZ.
///
/// Findings come most severe first and each root cause once; the document's own findings are not repeated
/// ([`merge`] joins both). What the permit does not say is not compared.
///
/// ```
/// # use propusk_passport::*;
/// # let mrz = ["P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<", "L898902C36UTO7408122F1204159ZE184226B<<<<<10"];
/// let passport = read_mrz(&mrz, Date::constant(2026, 6, 1));
/// let permit = Person { surname: Some("Anna Maria".into()), given_names: Some("Eriksson".into()), ..Person::default() };
/// let findings = compare(&permit, &passport, &Rules::default());
/// assert_eq!(findings[0].code, Code::SurnameGivenSwapped);
/// ```
#[must_use]
pub fn compare(permit: &Person, passport: &Document, rules: &Rules) -> Vec<Finding> {
    facts(&Facts::of_person(permit), &Facts::of_document(passport), rules)
}

/// Compares two sources of which neither is an MRZ, such as a permit with a visual zone. The second is taken
/// to be right, its four-digit years too.
///
/// ```
/// # use propusk_passport::*;
/// let said = |birth: &str| Person { birth_date: PartialDate::parse(birth).ok(), ..Person::default() };
/// let findings = compare_persons(&said("1974-12-08"), &said("1974-08-12"), &Rules::default());
/// assert_eq!(findings[0].code, Code::BirthDateDayMonthSwap);
/// ```
#[must_use]
pub fn compare_persons(permit: &Person, visual: &Person, rules: &Rules) -> Vec<Finding> {
    facts(&Facts::of_person(permit), &Facts::of_person(visual), rules)
}

/// The findings of a document and of its comparison as one list, each root cause once: where the comparison
/// says more about a field than the document could alone, only the comparison's finding stays.
///
/// ```
/// # use propusk_passport::*;
/// # let mrz = ["P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<", "L8989O2C36UTO7408122F1204159ZE184226B<<<<<10"];
/// let misread = read_mrz(&mrz, Date::constant(2026, 6, 1));
/// assert_eq!(misread.findings[0].code, Code::CheckDigit);
/// let permit = Person { document_number: Some("L898902C3".into()), ..Person::default() };
/// let all = merge(&misread.findings, compare(&permit, &misread, &Rules::default()));
/// assert_eq!((all[0].code, all[0].arg("source")), (Code::NumberLookalike, Some("mrz")));
/// ```
#[must_use]
pub fn merge(own: &[Finding], compared: Vec<Finding>) -> Vec<Finding> {
    let explained = |own: &Finding| {
        compared.iter().any(|other| {
            let same_field = own.field == other.field && other.severity == Severity::Error;
            match own.code {
                Code::CheckDigit | Code::DateNotCalendar => same_field,
                Code::NationalityOrSexUnproven
                | Code::BirthDatePartial
                | Code::NoSurname
                | Code::NameMayBeTruncated => own.code == other.code,
                _ => false,
            }
        })
    };
    let mut all: Vec<Finding> = own.iter().filter(|own| !explained(own)).cloned().collect();
    all.extend(compared);
    finding::sort(&mut all);
    all
}

/// A source, borrowed.
#[derive(Clone, Copy)]
pub(crate) struct Facts<'a> {
    pub(crate) surname: Option<&'a str>,
    pub(crate) given_names: Option<&'a str>,
    pub(crate) number: Option<&'a str>,
    pub(crate) nationality: Option<&'a str>,
    pub(crate) issuing_state: Option<&'a str>,
    pub(crate) birth: Option<PartialDate>,
    pub(crate) expiry: Option<PartialDate>,
    pub(crate) sex: Option<Sex>,
    /// The MRZ, if that is the source: its years have two digits, its names may be cut.
    pub(crate) mrz: Option<&'a Document>,
}

impl<'a> Facts<'a> {
    pub(crate) fn of_person(person: &'a Person) -> Self {
        Self {
            surname: person.surname.as_deref(),
            given_names: person.given_names.as_deref(),
            number: person.document_number.as_deref(),
            nationality: person.nationality.as_deref(),
            issuing_state: person.issuing_state.as_deref(),
            birth: person.birth_date,
            expiry: person.expiry_date,
            sex: person.sex,
            mrz: None,
        }
    }

    pub(crate) fn of_document(document: &'a Document) -> Self {
        Self {
            surname: Some(&document.surname),
            given_names: Some(&document.given_names),
            number: Some(&document.document_number),
            nationality: Some(&document.nationality),
            issuing_state: Some(&document.issuing_state),
            birth: document.birth_date,
            expiry: document.expiry_date,
            sex: Some(document.sex),
            mrz: Some(document),
        }
    }

    fn truncated(&self) -> bool {
        self.mrz.is_some_and(|document| document.names_truncated)
    }
}

fn facts(permit: &Facts<'_>, passport: &Facts<'_>, rules: &Rules) -> Vec<Finding> {
    // More findings than this are rare: one allocation for all.
    let mut findings = Vec::with_capacity(8);
    number::compare(permit, passport, &mut findings);
    dates::birth(permit, passport, rules, &mut findings);
    dates::expiry(permit, passport, rules, &mut findings);
    names::compare(permit, passport, &mut findings);
    codes::compare(permit, passport, &mut findings);
    finding::sort(&mut findings);
    findings
}
