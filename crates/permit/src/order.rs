//! What an agency asks for, and what must hold before a permit may be issued for it.

mod generation;
#[cfg(test)]
mod tests;

use std::fmt;
use std::str::FromStr;

use propusk_passport::{
    Date, Document, Finding, Person, Row as GroupRow, Rules, Severity, check_group, explain_unread, read_mrz,
};
use propusk_region::{Region, Stop, ZoneId};

/// Most travellers on one permit (DESIGN.md §3).
pub const MAX_TRAVELLERS: usize = 50;

/// Why somebody who is not a tourist is on a permit (DOMAIN.md, requirement 13).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// The group's guide.
    Guide,
    /// The driver.
    Driver,
}

impl Role {
    /// `guide` or `driver`, as orders write it.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Guide => "guide",
            Self::Driver => "driver",
        }
    }
}

impl fmt::Display for Role {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for Role {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        match text.trim().to_lowercase().as_str() {
            "guide" | "гид" => Ok(Self::Guide),
            "driver" | "водитель" | "айдоочу" => Ok(Self::Driver),
            _ => Err(()),
        }
    }
}

/// One traveller as the order gives them: by MRZ, by the visual zone's fields, or both.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Applicant {
    /// The MRZ lines, when they were read or typed.
    pub mrz: Option<Vec<String>>,
    /// What was typed from the visual zone; all `None` when only an MRZ is given.
    pub typed: Person,
    /// What could not be read of what was typed ([`propusk_passport::read_typed`]).
    pub unread: Vec<Finding>,
    /// The name as the passport or the agency writes it, Cyrillic or with diacritics, for the sheet.
    pub visual_name: Option<String>,
    /// Guide or driver, else a traveller.
    pub role: Option<Role>,
}

/// A group's order with its names already resolved against the region.
#[derive(Clone, Debug, PartialEq)]
pub struct Order {
    /// The zones asked for.
    pub zones: Vec<ZoneId>,
    /// Places and checkpoints of the route, in order.
    pub route: Vec<Stop>,
    /// First valid day.
    pub valid_from: Date,
    /// Last valid day.
    pub valid_to: Date,
    /// Copies asked for; `None` lets the route decide.
    pub copies: Option<u8>,
    /// The authority's reference, where it gave one.
    pub authority_reference: Option<String>,
    /// Purpose of the journey.
    pub purpose: Option<String>,
    /// Number plate, an optional note: vehicles need no permit (DOMAIN.md, requirement 13).
    pub vehicle: Option<String>,
    /// The travellers; the first one leads the group.
    pub applicants: Vec<Applicant>,
}

/// One traveller of an issued permit, with the data that are printed and sealed.
#[derive(Clone, Debug, PartialEq)]
pub struct Traveller {
    /// The passport data.
    pub person: Person,
    /// The MRZ lines: the passport's own, or generated from the visual zone.
    pub mrz: Vec<String>,
    /// True when `mrz` was generated rather than read.
    pub mrz_generated: bool,
    /// The name as the passport or the agency writes it.
    pub visual_name: Option<String>,
    /// Guide or driver, else a traveller.
    pub role: Option<Role>,
}

/// What one version of a permit says.
#[derive(Clone, Debug, PartialEq)]
pub struct Contents {
    /// The zones granted.
    pub zones: Vec<ZoneId>,
    /// The route.
    pub route: Vec<Stop>,
    /// First valid day.
    pub valid_from: Date,
    /// Last valid day, inclusive.
    pub valid_to: Date,
    /// The authority's reference.
    pub authority_reference: Option<String>,
    /// Purpose of the journey.
    pub purpose: Option<String>,
    /// Number plate.
    pub vehicle: Option<String>,
    /// The travellers, 1 to [`MAX_TRAVELLERS`]; the first one leads.
    pub travellers: Vec<Traveller>,
}

/// What can be wrong with an order as a whole; each row's passport findings have their own codes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OrderCode {
    /// No traveller. Error.
    NoTravellers,
    /// More than [`MAX_TRAVELLERS`]. Error; args `count`, `limit`.
    TooManyTravellers,
    /// No zone. Error.
    NoZones,
    /// The last valid day is before the first, or before today. Error; args `valid_from`, `valid_to`.
    PeriodPast,
    /// The first valid day has passed. Warning; args `valid_from`.
    ValidFromPast,
    /// A stop lies in no zone of the order (DOMAIN.md, requirement 11). Error; args `stop`, `zone`.
    StopNotCovered,
    /// The tariff has no price for this many zones. Warning; args `zones`.
    NoPrice,
    /// A field that the sheet and the seal need is missing. Error; the finding's field names it.
    FieldMissing,
    /// A traveller without MRZ lines whose field can't stand in generated ones. Error; the finding's field names it;
    /// args `field`, `reason` (`letter`: it has no transliteration, `character`: no MRZ holds it, `length`: too long,
    /// `missing`: nothing is left of it), where a character is named `typed` and `k` (from 1), for a length `length`
    /// and `most`. 9303-4 §4.2.2.2; 9303-3 §6.
    MrzNotGenerated,
}

impl OrderCode {
    /// The stable code, as `--json` prints it; the Fluent message is `finding-<code>`.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::NoTravellers => "no-travellers",
            Self::TooManyTravellers => "too-many-travellers",
            Self::NoZones => "no-zones",
            Self::PeriodPast => "period-past",
            Self::ValidFromPast => "valid-from-past",
            Self::StopNotCovered => "stop-not-covered",
            Self::NoPrice => "no-price",
            Self::FieldMissing => "field-missing",
            Self::MrzNotGenerated => "mrz-not-generated",
        }
    }

    fn severity(self) -> Severity {
        match self {
            Self::ValidFromPast | Self::NoPrice => Severity::Warning,
            _ => Severity::Error,
        }
    }
}

/// A finding about an order: about one traveller's passport data, or about the order as a whole.
#[derive(Clone, Debug, PartialEq)]
pub struct OrderFinding {
    /// Index of the traveller concerned, from 0; `None` for the order as a whole.
    pub row: Option<usize>,
    /// Stable code; the Fluent message is `finding-<code>`.
    pub code: &'static str,
    /// An error refuses to issue, a warning asks the clerk to confirm, an info is shown.
    pub severity: Severity,
    /// The field concerned, by its JSON name.
    pub field: Option<String>,
    /// Arguments of the message.
    pub args: Vec<(&'static str, String)>,
    /// What it should probably be.
    pub suggestion: Option<String>,
}

impl OrderFinding {
    fn of_order(code: OrderCode, args: Vec<(&'static str, String)>) -> Self {
        let (code, severity) = (code.as_str(), code.severity());
        Self { row: None, code, severity, field: None, args, suggestion: None }
    }

    fn missing(row: usize, field: &str) -> Self {
        let args = vec![("field", field.to_owned())];
        Self {
            row: Some(row),
            field: Some(field.to_owned()),
            ..Self::of_order(OrderCode::FieldMissing, args)
        }
    }

    /// Wraps a passport finding about the traveller in `row`.
    #[must_use]
    pub fn of_passport(row: usize, finding: &Finding) -> Self {
        Self {
            row: Some(row),
            code: finding.code.as_str(),
            severity: finding.severity,
            field: Some(finding.field.to_string()),
            args: finding.args.clone(),
            suggestion: finding.suggestion.clone(),
        }
    }
}

impl Applicant {
    /// The document behind the MRZ, where one was given.
    #[must_use]
    pub fn document(&self, today: Date) -> Option<Document> {
        self.mrz.as_ref().map(|lines| read_mrz(lines, today))
    }

    /// The passport data to print: the MRZ's where given, filled up with what was typed.
    #[must_use]
    pub fn person(&self, today: Date) -> Person {
        let typed = self.typed.clone();
        let Some(read) = self.document(today).map(|document| document.person()) else { return typed };
        Person {
            surname: read.surname.or(typed.surname),
            given_names: read.given_names.or(typed.given_names),
            document_number: read.document_number.or(typed.document_number),
            nationality: read.nationality.or(typed.nationality),
            birth_date: read.birth_date.or(typed.birth_date),
            sex: read.sex.or(typed.sex),
            expiry_date: read.expiry_date.or(typed.expiry_date),
            ..read
        }
    }
}

/// Everything that speaks against an order or needs the clerk's eye, order first, then row by row.
#[must_use]
pub fn check_order(order: &Order, region: &Region, today: Date) -> Vec<OrderFinding> {
    let mut findings = check_whole(order, region, today);
    findings.extend(check_travellers(order, today));
    findings
}

fn check_whole(order: &Order, region: &Region, today: Date) -> Vec<OrderFinding> {
    let mut findings = Vec::new();
    let mut add = |code, args| findings.push(OrderFinding::of_order(code, args));
    let period = vec![("valid_from", order.valid_from.to_string()), ("valid_to", order.valid_to.to_string())];
    if order.applicants.is_empty() {
        add(OrderCode::NoTravellers, vec![]);
    }
    if order.applicants.len() > MAX_TRAVELLERS {
        let count = order.applicants.len().to_string();
        add(OrderCode::TooManyTravellers, vec![("count", count), ("limit", MAX_TRAVELLERS.to_string())]);
    }
    if order.zones.is_empty() {
        add(OrderCode::NoZones, vec![]);
    }
    if order.valid_to < order.valid_from || order.valid_to < today {
        add(OrderCode::PeriodPast, period);
    } else if order.valid_from < today {
        add(OrderCode::ValidFromPast, period);
    }
    for missing in region.uncovered(&order.route, &order.zones) {
        let zone = missing.zone.map_or_else(|| "?".to_owned(), |zone| zone.to_string());
        add(OrderCode::StopNotCovered, vec![("stop", missing.stop.as_str().to_owned()), ("zone", zone)]);
    }
    if !order.zones.is_empty() && region.price(order.zones.len()).is_err() {
        add(OrderCode::NoPrice, vec![("zones", order.zones.len().to_string())]);
    }
    findings
}

/// What speaks against the travellers, row by row: what could not be read, what is missing, and what the passport crate
/// finds in each row and in the group.
fn check_travellers(order: &Order, today: Date) -> Vec<OrderFinding> {
    let rules = Rules { today: Some(today), valid_through: Some(order.valid_to) };
    let row = |applicant: &Applicant| {
        let passport = applicant.document(today);
        GroupRow { permit: applicant.typed.clone(), passport }
    };
    let rows: Vec<GroupRow> = order.applicants.iter().map(row).collect();
    let mut findings: Vec<OrderFinding> = check_group(&rows, &rules)
        .iter()
        .map(|(row, finding)| OrderFinding::of_passport(*row, finding))
        .collect();
    for (row, applicant) in order.applicants.iter().enumerate() {
        // With the passport at hand a date that is no date can be named to the character.
        let unread = match &rows[row].passport {
            Some(passport) => explain_unread(&applicant.unread, passport),
            None => applicant.unread.clone(),
        };
        findings.extend(unread.iter().map(|finding| OrderFinding::of_passport(row, finding)));
        findings.extend(missing_fields(row, applicant));
        findings.extend(generation::obstacles(row, applicant));
    }
    findings.sort_by_key(|finding| (finding.row, std::cmp::Reverse(finding.severity)));
    findings
}

/// Fields that the sheet and the seal need. An MRZ has them all; what could not be read has its own finding.
fn missing_fields(row: usize, applicant: &Applicant) -> Vec<OrderFinding> {
    if applicant.mrz.is_some() {
        return vec![];
    }
    let typed = &applicant.typed;
    let missing = [
        ("surname", typed.surname.is_none() && typed.given_names.is_none()),
        ("document_number", typed.document_number.is_none()),
        ("nationality", typed.nationality.is_none()),
        ("birth_date", typed.birth_date.is_none()),
        ("expiry_date", typed.expiry_date.is_none()),
        // An MRZ generated without it would differ from the passport's at every post.
        ("sex", typed.sex.is_none()),
    ];
    let unread = |field: &str| applicant.unread.iter().any(|finding| finding.field.as_str() == field);
    let absent = missing.iter().filter(|(field, absent)| *absent && !unread(field));
    absent.map(|(field, _)| OrderFinding::missing(row, field)).collect()
}
