//! Whether the passports held out belong to people on the sheet, and which character differs. Pure.

use propusk_passport::{
    Date, Document, Finding, Format, PartialDate, Person, Rules, Severity, compare, name, read_mrz,
    split_documents,
};
use propusk_proto::Reason;
use propusk_seal::{PermitSeal, SealedTraveller, name_digest};

/// Travellers listed on one sheet.
const ROWS_PER_SHEET: usize = propusk_permit::TRAVELLERS_PER_SHEET;
/// Characters of a document number that a seal keeps of everybody but the lead (SEAL.md, feature 0B).
const SEALED_NUMBER: usize = 9;

/// What comparing passports with the seal gave.
#[derive(Clone, Debug, Default)]
pub struct Holders {
    /// Rows of the permit, from 0, whose travellers were recognised.
    pub rows: Vec<usize>,
    /// Their names as their passports have them, by row; they stay on this device.
    pub names: Vec<(usize, String)>,
    /// Reasons for the verdict.
    pub reasons: Vec<Reason>,
    /// Findings about the passports, for the soldier's eyes; they stay on this device.
    pub findings: Vec<Finding>,
}

/// Compares every passport in the scanned MRZ lines with the travellers that the scanned sheet lists.
#[must_use]
pub fn identify(seal: Option<&PermitSeal>, mrz: &[String], today: Date) -> Holders {
    let sheets: Vec<&PermitSeal> = seal.into_iter().collect();
    identify_on(&sheets, mrz, today)
}

/// The same over all the scanned sheets of one copy.
#[must_use]
pub fn identify_on(sheets: &[&PermitSeal], mrz: &[String], today: Date) -> Holders {
    let mut holders = Holders::default();
    for lines in passports(mrz) {
        let document = read_mrz(&lines, today);
        holders.findings.extend(document.findings.iter().filter(|f| f.severity != Severity::Info).cloned());
        if !document.valid() {
            holders.add(Reason::PassportMismatch);
            continue;
        }
        if document.expiry_date.and_then(PartialDate::to_date).is_some_and(|expiry| expiry < today) {
            holders.add(Reason::PassportExpired);
        }
        if !sheets.is_empty() {
            holders.find(sheets, &document, today);
        }
    }
    holders
}

/// The scanned lines, passport by passport: an empty line parts two, and so does a line too many for one.
fn passports(mrz: &[String]) -> Vec<Vec<String>> {
    let parted = split_documents(&mrz.join("\n"));
    let sizes =
        |lines: &Vec<String>| if lines.first().is_some_and(|line| line.trim().len() <= 30) { 3 } else { 2 };
    parted.iter().flat_map(|lines| lines.chunks(sizes(lines)).map(<[String]>::to_vec)).collect()
}

impl Holders {
    fn add(&mut self, reason: Reason) {
        if !self.reasons.contains(&reason) {
            self.reasons.push(reason);
        }
    }

    /// The traveller who shares most with the passport; nobody who shares neither number nor birth date.
    fn find(&mut self, sheets: &[&PermitSeal], document: &Document, today: Date) {
        let passport = document.person();
        let listed = sheets.iter().flat_map(|seal| {
            let people = rows(seal).map(|(row, other)| (row, other, person(seal, other, &passport, today)));
            people.map(|(row, other, person)| (*seal, row, other, person)).collect::<Vec<_>>()
        });
        let nearest = listed
            .map(|(seal, row, other, person)| (distance(&person, &passport), seal, row, other, person))
            .min_by_key(|(distance, ..)| *distance)
            .filter(|(distance, ..)| *distance <= NEAR);
        let Some((_, seal, row, sealed, person)) = nearest else { return self.add(Reason::NotInGroup) };
        let rules = Rules { today: Some(today), valid_through: None };
        let mut findings = compare(&person, document, &rules);
        if sealed.is_some_and(|other| !name_fits(other, &seal.permit_number, document)) {
            findings.extend(compare(&name_unlike(&passport), document, &rules));
        }
        if findings.iter().any(|finding| finding.severity == Severity::Error) {
            self.add(Reason::PassportMismatch);
        }
        findings.retain(|finding| finding.severity != Severity::Info);
        self.findings.extend(findings);
        self.rows.push(row);
        let names = [passport.surname.unwrap_or_default(), passport.given_names.unwrap_or_default()];
        self.names.push((row, names.join(" ").trim().to_owned()));
    }
}

/// Everybody on a sheet with their row of the permit, from 0; the lead, who stands in the seal of every sheet, is row 0.
pub fn rows(seal: &PermitSeal) -> impl Iterator<Item = (usize, Option<&SealedTraveller>)> {
    let first_row = usize::from(seal.sheet.saturating_sub(1)) * ROWS_PER_SHEET;
    let others = (first_row + usize::from(seal.sheet <= 1)..).zip(seal.others.iter().map(Some));
    std::iter::once((0, None)).chain(others)
}

/// What the seal says of the lead, or of one who follows.
fn person(seal: &PermitSeal, other: Option<&SealedTraveller>, passport: &Person, today: Date) -> Person {
    match other {
        Some(other) => of_sealed(other, passport),
        None => read_mrz(seal.lead_mrz.lines(), today).person(),
    }
}

/// What the seal keeps of a traveller. Of a long document number it has the first nine characters: where the
/// passport's begins with them, the passport's stands for it.
fn of_sealed(other: &SealedTraveller, passport: &Person) -> Person {
    let sealed = &other.document_number;
    let whole = plain(passport.document_number.as_deref());
    let same = sealed.len() == SEALED_NUMBER && whole.starts_with(sealed.as_str());
    Person {
        document_number: Some(if same { whole } else { sealed.clone() }),
        nationality: Some(other.nationality.clone()),
        birth_date: birth_date(other),
        ..Person::default()
    }
}

fn plain(number: Option<&str>) -> String {
    number.unwrap_or_default().chars().filter(char::is_ascii_alphanumeric).collect()
}

fn birth_date(other: &SealedTraveller) -> Option<PartialDate> {
    let sealed = other.birth_date;
    let year = sealed.year().and_then(|year| u16::try_from(year).ok());
    let part = |part: Option<i8>| part.and_then(|part| u8::try_from(part).ok());
    PartialDate::checked(year, part(sealed.month()), part(sealed.day())).ok()
}

/// Whether the passport's name is the sealed one. The digest covers a whole name field, fillers included, and the
/// desk may have generated a TD3 for somebody who carries a card: so the name is tried in every width.
fn name_fits(other: &SealedTraveller, permit_number: &str, document: &Document) -> bool {
    let fits = |field: &str| name_digest(permit_number, field) == other.name_digest;
    let laid_out = |format| name::field(&document.surname, &document.given_names, format).ok();
    fits(document.name_field())
        || [Format::Td1, Format::Td2, Format::Td3].into_iter().filter_map(laid_out).any(|field| fits(&field))
}

/// A person of another name, so that the comparison says in its own words that the name differs. The seal keeps only
/// a digest of the names of those who follow the lead: which letter differs can't be told offline.
fn name_unlike(passport: &Person) -> Person {
    Person { surname: Some(String::new()), given_names: None, ..passport.clone() }
}

/// Beyond this distance two documents have nothing in common.
const NEAR: usize = 2;

/// Characters by which the numbers differ; people of the same birth date (and, where it is known, surname) are near
/// whatever their number.
fn distance(person: &Person, passport: &Person) -> usize {
    let cut = |number: String| number.chars().take(SEALED_NUMBER).collect::<Vec<_>>();
    let sealed = cut(plain(person.document_number.as_deref()));
    let read = cut(plain(passport.document_number.as_deref()));
    let apart = if sealed.len() == read.len() {
        sealed.iter().zip(&read).filter(|(a, b)| a != b).count()
    } else {
        sealed.len().abs_diff(read.len())
    };
    let known_date = person.birth_date.is_some_and(|date| date.year.is_some());
    let same_birth = known_date && person.birth_date == passport.birth_date;
    let same_name = person.surname.is_none() || person.surname == passport.surname;
    if apart > NEAR && same_birth && same_name { NEAR } else { apart }
}
