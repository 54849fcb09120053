//! Each crossing of the trip: open, for whom, for which way of travelling.

use super::journey::{Gate, Passing};
use super::{
    Check, Deadline, DeadlineCode as Day, Origin, TripCode as Code, TripFinding, TripSeverity as Severity,
    gate_times, joined, papers,
};
use crate::date::PartialDate;
use crate::model::{Crossing, CrossingStatus, Mode};

/// Kyrgyzstan, whose own citizens no post refuses as foreigners.
pub(super) const HOME: &str = "KG";

pub(super) fn check(check: &mut Check<'_>) {
    let journey = check.journey;
    for passing in &journey.passings {
        let subject = passing.name(check.region);
        let Gate::Crossing(id) = &passing.gate else {
            let origin = Origin::of(check.region.e_visa());
            remind(check, passing, &origin);
            let finding = TripFinding::new(Code::GateUnjudged, Severity::Tells, subject, &origin);
            check.add(finding.on(passing.date).with("crossing", subject));
            continue;
        };
        let Some(crossing) = check.region.crossing_by_id(id) else { continue };
        remind(check, passing, &Origin::of(crossing));
        let before = check.out.findings.len();
        status(check, crossing, passing);
        who(check, crossing, passing);
        how(check, crossing, passing);
        gate_times::check(check, crossing, passing);
        papers::check(check, crossing, passing);
        let told = check.out.findings.get(before..).unwrap_or_default();
        let doubted = |finding: &TripFinding| {
            finding.severity == Severity::Blocks
                || matches!(finding.code, Code::CrossingStatusUnknown | Code::CrossingOpenSimplified)
        };
        if !told.iter().any(doubted) {
            check.add(
                finding(Code::CrossingOpen, Severity::Tells, crossing, passing).with("date", passing.date),
            );
        }
    }
}

fn remind(check: &mut Check<'_>, passing: &Passing, origin: &Origin) {
    let subject = passing.name(check.region);
    let direction = if passing.enters() { "entering" } else { "leaving" };
    let deadline = Deadline::new(Day::Cross, passing.date, format!("{subject}-{direction}"), origin);
    check.remind(deadline.with("crossing", subject).with("direction", direction));
}

/// A finding about a crossing, with its name and day.
pub(super) fn finding(code: Code, severity: Severity, crossing: &Crossing, passing: &Passing) -> TripFinding {
    by(code, severity, crossing, passing, crossing)
}

/// The same by another source.
pub(super) fn by(
    code: Code,
    severity: Severity,
    crossing: &Crossing,
    passing: &Passing,
    rule: &impl crate::model::Sourced,
) -> TripFinding {
    TripFinding::new(code, severity, &crossing.id, rule).on(passing.date).with("crossing", &crossing.id)
}

pub(super) fn status(check: &mut Check<'_>, crossing: &Crossing, passing: &Passing) {
    if let Some(opened) = crossing.opened.filter(|opened| opened.first_day() > passing.date) {
        let late = finding(Code::CrossingNotYetOpen, Severity::Blocks, crossing, passing);
        check.add(late.with("opened", opened));
    }
    let told = match crossing.status {
        Some(CrossingStatus::Open) => return,
        None => finding(Code::CrossingStatusUnknown, Severity::Warns, crossing, passing)
            .with_some("note", crossing.notes.as_ref()),
        Some(CrossingStatus::OpenSimplified) => {
            finding(Code::CrossingOpenSimplified, Severity::Warns, crossing, passing)
        }
        Some(CrossingStatus::Closed) => {
            finding(Code::CrossingNotOpen, Severity::Blocks, crossing, passing).with("status", "closed")
        }
        Some(CrossingStatus::Planned | CrossingStatus::PlannedInternational24h) => {
            finding(Code::CrossingNotOpen, Severity::Blocks, crossing, passing).with("status", "planned")
        }
    };
    check.add(told);
}

/// Whether citizens of third countries may cross.
fn who(check: &mut Check<'_>, crossing: &Crossing, passing: &Passing) {
    let nationality = check.journey.nationality.as_str();
    if nationality == HOME || nationality == crossing.country {
        return;
    }
    let told = match crossing.foreigners {
        Some(true) => return,
        Some(false) => finding(Code::CrossingNotForForeigners, Severity::Blocks, crossing, passing)
            .with("country", &crossing.country),
        None if check.region.is_for_travellers(&crossing.source) => return,
        None => finding(Code::CrossingForeignersUnknown, Severity::Warns, crossing, passing)
            .with_some("note", crossing.notes.as_ref()),
    };
    check.add(told);
}

fn how(check: &mut Check<'_>, crossing: &Crossing, passing: &Passing) {
    let Some(mode) = passing.mode else { return };
    let named = crossing.modes.contains(&mode);
    let (code, severity) = if crossing.denied.contains(&mode) || (crossing.modes_only && !named) {
        (Code::CrossingModeDenied, Severity::Blocks)
    } else if named || crossing.modes.is_empty() {
        return;
    } else {
        (Code::CrossingModeNotNamed, Severity::Warns)
    };
    let told = finding(code, severity, crossing, passing)
        .with("mode", mode.as_str())
        .with("modes", joined(crossing.modes.iter().map(|mode| mode.as_str())));
    check.add(told);
}

impl Mode {
    /// The mode as the file writes it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Pedestrian => "pedestrian",
            Self::Bicycle => "bicycle",
            Self::Motorcycle => "motorcycle",
            Self::Car => "car",
            Self::Bus => "bus",
            Self::Truck => "truck",
            Self::Train => "train",
        }
    }
}

/// True where a rule with these ends may hold on a day; unknown ends leave it open.
pub(super) fn holds(from: Option<PartialDate>, until: Option<PartialDate>, day: jiff::civil::Date) -> bool {
    from.is_none_or(|from| from.first_day() <= day) && until.is_none_or(|until| day <= until.last_day())
}
