//! Reading what people type and what a spreadsheet makes of it. Nothing is guessed: what can be read in two
//! ways is a finding with both.

use alloc::string::{String, ToString};
use alloc::vec::Vec;

use jiff::civil::Date;

use crate::date::{self, Century, DateError, PartialDate};
use crate::finding::{self, Code, Field, Finding, Severity};
use crate::issuer;
use crate::person::{Person, Sex};

/// A traveller as typed: the texts of one row. An empty text is *not said*.
#[derive(Clone, Copy, Default)]
pub struct Typed<'a> {
    /// Surname.
    pub surname: &'a str,
    /// Given names.
    pub given_names: &'a str,
    /// Document number.
    pub document_number: &'a str,
    /// State code.
    pub nationality: &'a str,
    /// Date of birth, in any of the forms of [`PartialDate::parse`].
    pub birth_date: &'a str,
    /// `M`, `F` or `X`.
    pub sex: &'a str,
    /// Date of expiry.
    pub expiry_date: &'a str,
    /// State code of the issuer.
    pub issuing_state: &'a str,
}

/// Reads a typed traveller. What cannot be read is not said in the person, and is a finding: two-digit years
/// ([`Code::BirthDateCentury`] for a birth date), spreadsheet day numbers, ambiguous and impossible dates
/// ([`Code::DateNotCalendar`], with `candidates` or a suggestion), an unknown sex.
///
/// ```
/// # use propusk_passport::*;
/// let typed = Typed { surname: "Eriksson", birth_date: "27253", ..Typed::default() };
/// let (person, findings) = read_typed(&typed, Date::constant(2026, 6, 1));
/// assert_eq!(person.birth_date, None);
/// assert_eq!(findings[0].suggestion.as_deref(), Some("1974-08-12"));
/// ```
#[must_use]
pub fn read_typed(typed: &Typed<'_>, today: Date) -> (Person, Vec<Finding>) {
    let said = |text: &str| Some(text.trim().to_string()).filter(|text| !text.is_empty());
    let mut findings = Vec::new();
    let mut date = |field, text: &str| match said(text)?.parse::<PartialDate>() {
        Ok(date) => Some(date),
        Err(error) => {
            findings.push(date_finding(field, text.trim(), &error, today));
            None
        }
    };
    let birth_date = date(Field::BirthDate, typed.birth_date);
    let expiry_date = date(Field::ExpiryDate, typed.expiry_date);
    let sex = said(typed.sex).and_then(|text| Sex::from_code(&text));
    if sex.is_none() && !typed.sex.trim().is_empty() {
        let unknown = Finding::new(Code::NationalityOrSexUnproven, Field::Sex).severe(Severity::Error);
        findings.push(unknown.with("field", Field::Sex.as_str()).with("a", typed.sex.trim()).at(0));
    }
    let person = Person {
        surname: said(typed.surname),
        given_names: said(typed.given_names),
        document_number: said(typed.document_number),
        nationality: said(typed.nationality),
        birth_date,
        sex,
        expiry_date,
        issuing_state: said(typed.issuing_state),
    };
    let state = person.issuing_state.as_deref().or(person.nationality.as_deref()).unwrap_or_default();
    findings.extend(issuer::number_finding(typed.document_number, state, "P"));
    finding::sort(&mut findings);
    (person, findings)
}

fn date_finding(field: Field, text: &str, error: &DateError, today: Date) -> Finding {
    let finding = Finding::new(Code::DateNotCalendar, field).with("date", text);
    match error {
        DateError::NotCalendar { date } => match month_day_exchanged(date) {
            Some(date) => finding.suggest(date.to_string()),
            None => finding,
        },
        DateError::Unreadable { position: Some(position), .. } => {
            let typed = text.chars().nth(*position).map_or(String::new(), String::from);
            finding.at(*position).with("typed", typed)
        }
        DateError::Unreadable { position: None, .. } => finding,
        DateError::Ambiguous { day_first, month_first } => {
            finding.with("candidates", alloc::format!("{day_first}, {month_first}"))
        }
        DateError::Serial { date, .. } => {
            finding.with("candidates", date.to_string()).suggest(date.to_string())
        }
        DateError::TwoDigitYear { year, rest, .. } if field == Field::BirthDate => {
            let full = date::full_year(*year, rest.month, rest.day, Century::Birth(today));
            let finding = Finding::new(Code::BirthDateCentury, field)
                .with("yy", alloc::format!("{year:02}"))
                .with("a", text)
                .with("x", today.to_string());
            match rest.with_year(Some(full)) {
                Some(date) => finding.with("b", date.to_string()).suggest(date.to_string()),
                None => finding.with("b", ""),
            }
        }
        DateError::TwoDigitYear { year, rest, .. } => match rest.with_year(Some(2000 + u16::from(*year))) {
            Some(date) => finding.with("candidates", date.to_string()).suggest(date.to_string()),
            None => finding,
        },
    }
}

/// The date that `YYYY-DD-MM` means, if it is one.
fn month_day_exchanged(text: &str) -> Option<PartialDate> {
    let mut parts = text.split('-').map(|part| part.parse::<u16>().ok());
    let (year, day, month) = (parts.next()??, parts.next()??, parts.next()??);
    PartialDate::new(year, u8::try_from(month).ok()?, u8::try_from(day).ok()?).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_of_a_spreadsheet_keeps_what_it_says_and_names_what_it_does_not() {
        let typed = Typed {
            surname: " Eriksson ",
            birth_date: "12.08.74",
            expiry_date: "2012-04-15",
            sex: "Q",
            ..Typed::default()
        };
        let (person, findings) = read_typed(&typed, Date::constant(2026, 6, 1));
        assert_eq!(person.surname.as_deref(), Some("Eriksson"));
        assert_eq!((person.birth_date, person.sex, person.given_names), (None, None, None));
        assert_eq!(person.expiry_date, PartialDate::new(2012, 4, 15).ok());
        let codes: Vec<(Code, Option<&str>)> =
            findings.iter().map(|finding| (finding.code, finding.suggestion.as_deref())).collect();
        assert_eq!(
            codes,
            [(Code::BirthDateCentury, Some("1974-08-12")), (Code::NationalityOrSexUnproven, None)]
        );
    }
}
