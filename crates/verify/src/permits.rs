//! `verify permit`, offline: a permit's seal, or a paper permit's typed fields, against a passport's MRZ.

use std::fmt::Write as _;

use jiff::civil::Date;
use propusk_boot::{Language, Locales};
use propusk_passport::{
    Document, Format, PartialDate, Person, Rules, Severity, compare, explain_unread, merge, name,
    plain_number, read_mrz,
};
use propusk_permit::PermitNumber;
use propusk_region::{Region, ZoneMask};
use propusk_seal::{Fault, PermitSeal, SealedTraveller, Status, TrustSource, name_digest, read_scan, verify};
use serde::{Deserialize, Serialize};

use crate::answer::{FieldAnswer, likeness};
use crate::findings::{self, FindingRow};
use crate::paper::PaperPermit;

/// What came of checking a permit. What is not known of it is `null` or left out.
#[derive(Clone, Default, Serialize, Deserialize)]
pub struct PermitReport {
    /// As people write it, or as a paper permit has it.
    pub permit_number: Option<String>,
    /// The newest version that is known.
    pub version: Option<u8>,
    /// `valid`, `not-yet-valid`, `expired`, `revoked`, `superseded`, or `unknown` where no dates are given.
    pub status: String,
    /// The first valid day.
    pub valid_from: Option<Date>,
    /// The last valid day (inclusive).
    pub valid_to: Option<Date>,
    /// Zones by id.
    pub zones: Vec<String>,
    /// The agency that issued it; only from the service.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub agency: Option<String>,
    /// The status word of the seal, where one was checked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub seal: Option<String>,
    /// Field by field, for the traveller's row only; only from the service.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub fields: Vec<FieldAnswer>,
    /// What is wrong, most severe first.
    pub findings: Vec<FindingRow>,
}

impl PermitReport {
    /// No finding of error severity.
    #[must_use]
    pub fn is_good(&self) -> bool {
        !self.findings.iter().any(FindingRow::is_error)
    }

    /// Sets the status from the dates and says what follows from it.
    pub(crate) fn judge_dates(&mut self, revoked: bool, superseded: bool, today: Date, language: Language) {
        let word = standing(self.valid_from, self.valid_to, revoked, superseded, today);
        let severity = match word {
            "revoked" | "expired" | "superseded" => Severity::Error,
            _ => Severity::Info,
        };
        if !matches!(word, "valid" | "unknown") {
            let day = |date: Option<Date>| date.map(|date| date.to_string()).unwrap_or_default();
            let args = [("valid_from", day(self.valid_from)), ("valid_to", day(self.valid_to))];
            self.findings.push(FindingRow::own(&format!("permit-{word}"), severity, None, &args, language));
        }
        word.clone_into(&mut self.status);
        self.sort();
    }

    /// Warns that the list of trusted signers is too old to be relied on.
    pub(crate) fn warn_stale_list(&mut self, language: Language) {
        self.findings.push(FindingRow::own("trust-list-stale", Severity::Warning, None, &[], language));
        self.sort();
    }

    /// Adds what the record says of a sheet: that its permit is revoked, or a newer version of it there.
    pub(crate) fn add_record(&mut self, revoked: bool, superseded: bool, language: Language) {
        let told = [(revoked, "revoked"), (superseded, "superseded")].into_iter().find(|(holds, _)| *holds);
        let Some((_, word)) = told else { return };
        let day = |date: Option<Date>| date.map(|date| date.to_string()).unwrap_or_default();
        let args = [("valid_from", day(self.valid_from)), ("valid_to", day(self.valid_to))];
        let row = FindingRow::own(&format!("permit-{word}"), Severity::Error, None, &args, language);
        self.findings.push(row);
        word.clone_into(&mut self.status);
        self.sort();
    }

    fn sort(&mut self) {
        let rank = |row: &FindingRow| {
            ["error", "warning"].iter().position(|word| row.severity == *word).unwrap_or(2)
        };
        self.findings.sort_by_key(rank);
    }

    /// For a terminal.
    #[must_use]
    pub fn text(&self, language: Language) -> String {
        let word = |id: &str| Locales::embedded().text(language, id, &[]);
        let mut text = format!(
            "{}: {}",
            self.permit_number.as_deref().unwrap_or("-"),
            word(&format!("permit-status-{}", self.status))
        );
        if let (Some(from), Some(to)) = (self.valid_from, self.valid_to) {
            let _ = write!(text, "\n  {from} – {to}");
        }
        if !self.zones.is_empty() {
            let _ = write!(text, "\n  {}", self.zones.join(", "));
        }
        if let Some(seal) = &self.seal {
            let _ = write!(
                text,
                "\n  {seal}: {}",
                word(&format!("seal-{}", seal.to_lowercase().replace('_', "-")))
            );
        }
        for field in &self.fields {
            let _ = write!(text, "\n  {}", field.text(language));
        }
        text.push_str(&findings::lines(&self.findings, language));
        if self.is_good() {
            let _ = write!(text, "\n  {}", word("permit-agrees"));
        }
        text
    }
}

/// Where a permit stands on a day. Whoever asks the evening before gets `not-yet-valid`, which is no error.
pub(crate) fn standing(
    from: Option<Date>,
    to: Option<Date>,
    revoked: bool,
    superseded: bool,
    today: Date,
) -> &'static str {
    match (from, to) {
        _ if revoked => "revoked",
        _ if superseded => "superseded",
        (_, Some(to)) if to < today => "expired",
        (Some(from), _) if today < from => "not-yet-valid",
        (Some(_), Some(_)) => "valid",
        _ => "unknown",
    }
}

/// Checks a paper permit of which there is no record against a passport.
#[must_use]
pub fn check_paper(permit: &PaperPermit, mrz: &[String], today: Date, language: Language) -> PermitReport {
    let passport = read_mrz(mrz, today);
    let rules = Rules { today: Some(today), valid_through: permit.valid_to };
    let compared = merge(&passport.findings, compare(&permit.person, &passport, &rules));
    let mut rows = findings::rows(&explain_unread(&permit.findings, &passport), language);
    rows.extend(findings::rows(&compared, language));
    let mut report = PermitReport {
        permit_number: permit.number.clone(),
        valid_from: permit.valid_from,
        valid_to: permit.valid_to,
        zones: permit.zones.clone(),
        findings: rows,
        ..PermitReport::default()
    };
    report.judge_dates(false, false, today, language);
    report
}

/// Checks what a scanner delivered from a copy against a passport, offline.
#[must_use]
pub fn check_sealed<T: TrustSource + ?Sized>(
    scanned: &[u8],
    trust: &T,
    mrz: &[String],
    region: &Region,
    today: Date,
    language: Language,
) -> PermitReport {
    let own = |code: &str, args: &[(&'static str, String)]| {
        FindingRow::own(code, Severity::Error, None, args, language)
    };
    let unread = |status: Status, why: String| PermitReport {
        seal: Some(status.as_str().to_owned()),
        status: "unknown".to_owned(),
        findings: vec![own("seal-unusable", &[("reason", why)])],
        ..PermitReport::default()
    };
    let bytes = match read_scan(scanned) {
        Ok(bytes) => bytes,
        Err(error) => return unread(Status::ReadError, error.to_string()),
    };
    let verification = verify(&bytes, trust, today);
    let Some(seal) = &verification.seal else {
        let why = match &verification.fault {
            Some(Fault::Seal(error)) => error.to_string(),
            _ => String::new(),
        };
        return unread(verification.status, why);
    };
    let permit = match PermitSeal::from_seal(seal) {
        Ok(permit) => permit,
        Err(error) => return unread(verification.status, error.to_string()),
    };
    let number = permit.permit_number.parse::<PermitNumber>();
    let mut report = PermitReport {
        permit_number: Some(
            number.map_or_else(|_| permit.permit_number.clone(), |number| number.to_string()),
        ),
        version: Some(permit.version),
        valid_from: Some(permit.valid_from),
        valid_to: Some(permit.valid_to),
        zones: region.zones_of(ZoneMask(permit.zones.0)).iter().map(ToString::to_string).collect(),
        seal: Some(verification.status.as_str().to_owned()),
        findings: holder(&permit, mrz, today, language),
        ..PermitReport::default()
    };
    if verification.status != Status::Valid {
        let args = [("reason", verification.status.as_str().to_owned())];
        report.findings.insert(0, own("seal-not-valid", &args));
    }
    report.judge_dates(false, false, today, language);
    report
}

/// Compares the passport with the traveller of the sheet who is nearest to it.
fn holder(permit: &PermitSeal, mrz: &[String], today: Date, language: Language) -> Vec<FindingRow> {
    let passport = read_mrz(mrz, today);
    let rules = Rules { today: Some(today), valid_through: Some(permit.valid_to) };
    let Some((row, person)) = nearest(permit, &passport, today) else {
        let mut rows = findings::rows(&passport.findings, language);
        // Somebody who is not on this sheet may be on another one of the same copy.
        let severity = if permit.sheets > 1 { Severity::Warning } else { Severity::Error };
        rows.insert(0, FindingRow::own("not-in-group", severity, None, &[], language));
        return rows;
    };
    let found = merge(&passport.findings, compare(&person, &passport, &rules));
    let mut rows = findings::rows(&found, language);
    let sealed = row.checked_sub(1).and_then(|index| permit.others.get(index));
    if sealed.is_some_and(|other| !name_fits(other, &permit.permit_number, &passport)) {
        rows.insert(0, FindingRow::own("name-unlike-seal", Severity::Error, Some("surname"), &[], language));
    }
    rows
}

/// The traveller of the sheet who is nearest to a passport, and the row (0 is the lead); `None` where nobody is near.
pub(crate) fn nearest(permit: &PermitSeal, passport: &Document, today: Date) -> Option<(usize, Person)> {
    let read = passport.person();
    let lead = read_mrz(permit.lead_mrz.lines(), today).person();
    let others = permit.others.iter().map(|other| of_sealed(other, &read));
    let rated = std::iter::once(lead).chain(others).enumerate();
    let rated = rated.map(|(row, person)| (likeness(&person, &read), row, person));
    // Of several equally near the first, so that the lead goes before the others.
    let best = rated.reduce(|best, next| if next.0 > best.0 { next } else { best });
    best.filter(|(likeness, ..)| *likeness > 0).map(|(_, row, person)| (row, person))
}

/// What the seal keeps of a traveller beside the lead. It has the first nine characters of a long document number:
/// where the passport's begins with them, the passport's stands for it.
fn of_sealed(other: &SealedTraveller, passport: &Person) -> Person {
    let date = other.birth_date;
    let birth_date = PartialDate {
        year: date.year().and_then(|year| u16::try_from(year).ok()),
        month: date.month().and_then(|month| u8::try_from(month).ok()),
        day: date.day().and_then(|day| u8::try_from(day).ok()),
    };
    let sealed = &other.document_number;
    let whole = passport.document_number.as_deref().map(plain_number).unwrap_or_default();
    let same = sealed.len() == 9 && whole.starts_with(sealed.as_str());
    Person {
        document_number: Some(if same { whole } else { sealed.clone() }),
        nationality: Some(other.nationality.clone()),
        birth_date: Some(birth_date),
        ..Person::default()
    }
}

/// Whether the passport's name is the sealed one. The digest covers a whole name field, fillers included, and the
/// desk may have generated a TD3 for somebody who carries a card: so the name is tried in every width.
fn name_fits(other: &SealedTraveller, permit_number: &str, document: &Document) -> bool {
    let fits = |field: &str| name_digest(permit_number, field) == other.name_digest;
    let laid_out = |format| name::field(&document.surname, &document.given_names, format).ok();
    fits(document.name_field())
        || [Format::Td1, Format::Td2, Format::Td3].into_iter().filter_map(laid_out).any(|field| fits(&field))
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn the_evening_before_is_no_error() {
        let (from, to) = (Some(date(2026, 6, 1)), Some(date(2026, 6, 30)));
        let on = |day| standing(from, to, false, false, day);
        assert_eq!(on(date(2026, 5, 31)), "not-yet-valid");
        assert_eq!((on(date(2026, 6, 1)), on(date(2026, 6, 30))), ("valid", "valid"));
        assert_eq!(on(date(2026, 7, 1)), "expired");
        assert_eq!(standing(from, to, true, true, date(2026, 6, 2)), "revoked");
        assert_eq!(standing(None, None, false, false, date(2026, 6, 2)), "unknown");
    }
}
