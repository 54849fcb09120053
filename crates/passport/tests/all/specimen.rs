//! Specimen persons and documents; no real data.

use propusk_passport::{
    Date, Document, Finding, PartialDate, Person, Rules, Sex, compare, read_mrz, td3_lines,
};

/// The day of every check.
pub(crate) fn today() -> Date {
    Date::constant(2026, 6, 1)
}

pub(crate) fn date(text: &str) -> PartialDate {
    PartialDate::parse(text).unwrap()
}

/// The ICAO specimen as its visual zone says it.
pub(crate) fn eriksson() -> Person {
    person("ERIKSSON", "ANNA MARIA", "L898902C3", "UTO")
}

pub(crate) fn person(surname: &str, given_names: &str, number: &str, nationality: &str) -> Person {
    Person {
        surname: Some(surname.into()),
        given_names: Some(given_names.into()),
        document_number: Some(number.into()),
        nationality: Some(nationality.into()),
        birth_date: Some(date("1974-08-12")),
        sex: Some(Sex::Female),
        expiry_date: Some(date("2032-04-15")),
        issuing_state: Some(nationality.into()),
    }
}

/// The passport of a person, read from its generated MRZ.
pub(crate) fn passport(person: &Person) -> Document {
    let issuer = person.issuing_state.as_deref().unwrap();
    let document = read_mrz(&td3_lines(person, issuer).unwrap(), today());
    assert!(document.valid());
    document
}

pub(crate) fn rules() -> Rules {
    Rules { today: Some(today()), valid_through: None }
}

/// What comparing the permit with the passport of `holder` finds.
pub(crate) fn against(permit: &Person, holder: &Person) -> Vec<Finding> {
    compare(permit, &passport(holder), &rules())
}

pub(crate) fn codes(findings: &[Finding]) -> Vec<&'static str> {
    findings.iter().map(|finding| finding.code.as_str()).collect()
}
