//! Whether the passport held out belongs to somebody on the sheet, and which character differs. Pure.

use propusk_passport::{Date, Document, Finding, PartialDate, Person, Rules, Severity, compare, read_mrz};
use propusk_proto::Reason;
use propusk_seal::{PermitSeal, SealedTraveller, name_digest};

/// Travellers listed before the sheet's first row.
const ROWS_PER_SHEET: usize = propusk_permit::TRAVELLERS_PER_SHEET;

/// What comparing a passport with the seal gave.
#[derive(Clone, Debug, Default)]
pub struct Holder {
    /// The traveller's row in the permit, from 0, when one was recognised.
    pub row: Option<usize>,
    /// Reasons for the verdict.
    pub reasons: Vec<Reason>,
    /// Findings behind `PassportMismatch`, for the soldier's eyes; they stay on this device.
    pub findings: Vec<Finding>,
}

/// Compares a passport's MRZ with the travellers that the scanned sheet lists.
#[must_use]
pub fn identify(seal: &PermitSeal, mrz: &[String], today: Date) -> Holder {
    let document = read_mrz(mrz, today);
    if !document.valid() {
        return Holder { row: None, reasons: vec![Reason::PassportMismatch], findings: document.findings };
    }
    let mut holder = closest(seal, &document, today);
    if document.expiry_date.and_then(PartialDate::to_date).is_some_and(|expiry| expiry < today) {
        holder.reasons.push(Reason::PassportExpired);
    }
    holder
}

/// The traveller who shares most with the passport; nobody who shares neither number nor birth date and name.
fn closest(seal: &PermitSeal, document: &Document, today: Date) -> Holder {
    let lead = read_mrz(seal.lead_mrz.lines(), today).person();
    let others = seal.others.iter().map(of_sealed);
    let first_row = usize::from(seal.sheet.saturating_sub(1)) * ROWS_PER_SHEET;
    // The lead stands in the seal of every sheet and is row 0 of the permit.
    let rows = std::iter::once(0).chain(first_row + usize::from(seal.sheet <= 1)..);
    let passport = document.person();
    let best = std::iter::once(lead)
        .chain(others)
        .zip(rows)
        .enumerate()
        .map(|(index, (person, row))| (distance(&person, &passport), index, row, person))
        .min_by_key(|(distance, ..)| *distance);
    let Some((distance, index, row, person)) = best else { return not_in_group() };
    if distance > NEAR {
        return not_in_group();
    }
    let rules = Rules { today: Some(today), valid_through: None };
    let mut findings: Vec<Finding> = compare(&person, document, &rules);
    if index > 0
        && seal.others.get(index - 1).is_some_and(|other| other.name_digest != digest(seal, document))
    {
        findings.extend(compare(&name_unlike(&passport), document, &rules));
    }
    let wrong = findings.iter().any(|finding| finding.severity == Severity::Error);
    Holder {
        row: Some(row),
        reasons: wrong.then_some(Reason::PassportMismatch).into_iter().collect(),
        findings,
    }
}

fn not_in_group() -> Holder {
    Holder { row: None, reasons: vec![Reason::NotInGroup], findings: vec![] }
}

fn of_sealed(other: &SealedTraveller) -> Person {
    Person {
        document_number: Some(other.document_number.clone()),
        nationality: Some(other.nationality.clone()),
        birth_date: birth_date(other),
        ..Person::default()
    }
}

fn birth_date(other: &SealedTraveller) -> Option<PartialDate> {
    let sealed = other.birth_date;
    let year = sealed.year().and_then(|year| u16::try_from(year).ok());
    let part = |part: Option<i8>| part.and_then(|part| u8::try_from(part).ok());
    PartialDate::checked(year, part(sealed.month()), part(sealed.day())).ok()
}

/// A person of another name, so that the comparison says in its own words that the name differs. The seal keeps only
/// a digest of the names of those who follow the lead: which letter differs can't be told offline.
fn name_unlike(passport: &Person) -> Person {
    Person { surname: Some(String::new()), given_names: None, ..passport.clone() }
}

fn digest(seal: &PermitSeal, document: &Document) -> [u8; 3] {
    name_digest(&seal.permit_number, document.name_field())
}

/// Beyond this distance two documents have nothing in common.
const NEAR: usize = 2;

/// Characters by which the numbers differ; people of the same birth date and name are near whatever their number.
fn distance(person: &Person, passport: &Person) -> usize {
    let (Some(sealed), Some(read)) = (&person.document_number, &passport.document_number) else {
        return usize::MAX;
    };
    // The seal keeps the first nine characters of a long number.
    let read: String = read.chars().filter(char::is_ascii_alphanumeric).take(9).collect();
    let sealed: String = sealed.chars().filter(char::is_ascii_alphanumeric).take(9).collect();
    let apart = if sealed.len() == read.len() {
        sealed.chars().zip(read.chars()).filter(|(a, b)| a != b).count()
    } else {
        sealed.len().abs_diff(read.len()).max(1)
    };
    let known_date = |date: Option<PartialDate>| date.filter(|date| date.year.is_some());
    let same_birth = known_date(person.birth_date).is_some() && person.birth_date == passport.birth_date;
    let same_name = person.surname.is_some() && person.surname == passport.surname;
    if apart > NEAR && same_birth && (same_name || person.surname.is_none()) { NEAR } else { apart }
}
