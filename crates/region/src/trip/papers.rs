//! What is needed, forbidden and to be had at a crossing.

use super::crossings::{by, finding, holds};
use super::journey::Passing;
use super::{Check, TripCode as Code, TripFinding, TripSeverity as Severity, joined};
use crate::model::{Crossing, CrossingChange, Direction, Need, Service};

pub(super) fn check(check: &mut Check<'_>, crossing: &Crossing, passing: &Passing) {
    let changes: Vec<&CrossingChange> =
        crossing.change.iter().filter(|c| holds(c.effective_from, c.until, passing.date)).collect();
    for need in &crossing.needs {
        if need.direction == Direction::Either || need.direction == passing.direction {
            paper(check, crossing, passing, need, &changes);
        }
    }
    forbidden(check, crossing, passing);
    services(check, crossing, passing);
    let own = crossing
        .notes
        .as_ref()
        .map(|note| finding(Code::CrossingNote, Severity::Tells, crossing, passing).with("note", note));
    let later = changes.iter().filter(|c| c.needs_removed.is_empty() && !c.conflict);
    let later = later.filter_map(|change| {
        let note = change.note.as_ref()?;
        Some(by(Code::CrossingNote, Severity::Tells, crossing, passing, *change).with("note", note))
    });
    let notes: Vec<TripFinding> = own.into_iter().chain(later).collect();
    notes.into_iter().for_each(|note| check.add(note));
}

/// A paper that is needed; where sources disagree, each with its own words.
fn paper(
    check: &mut Check<'_>,
    crossing: &Crossing,
    passing: &Passing,
    need: &Need,
    changes: &[&CrossingChange],
) {
    let told = |code, severity| finding(code, severity, crossing, passing).with("paper", &need.what);
    if check.journey.holds(&need.what) {
        check.add(told(Code::CrossingPaperHeld, Severity::Tells));
        return;
    }
    let dropped: Vec<&&CrossingChange> =
        changes.iter().filter(|change| change.needs_removed.contains(&need.what)).collect();
    let disputed: Vec<&&CrossingChange> = changes.iter().filter(|change| change.conflict).collect();
    // Only an undisputed "no longer" takes the need away; even then the older word is shown.
    let settled = !dropped.is_empty() && disputed.is_empty();
    let severity = if settled { Severity::Warns } else { Severity::Needs };
    let needed = told(Code::CrossingPaperNeeded, severity);
    let agencies = (!crossing.agencies.is_empty()).then(|| joined(&crossing.agencies));
    let mut needed = needed.with_some("agencies", agencies);
    needed.subject = format!("{}:{}", crossing.id, need.what);
    check.add(needed);
    for change in &dropped {
        let told = by(Code::CrossingPaperDropped, Severity::Warns, crossing, passing, **change);
        check.add(told.with("paper", &need.what).with_some("note", change.note.as_ref()));
    }
    for change in disputed.iter().filter(|_| !dropped.is_empty()) {
        let told = by(Code::CrossingDisputed, Severity::Warns, crossing, passing, **change);
        check.add(told.with_some("note", change.note.as_ref()));
    }
}

fn forbidden(check: &mut Check<'_>, crossing: &Crossing, passing: &Passing) {
    for rule in check.region.country_rules().iter().filter(|rule| rule.country == crossing.country) {
        if rule.forbids.is_empty() {
            let told = TripFinding::new(Code::CountryNote, Severity::Tells, &rule.id, rule);
            check.add(told.with("country", &rule.country).with("note", &rule.text));
        }
        for item in &rule.forbids {
            let carried = check.journey.carries.iter().any(|carried| carried.eq_ignore_ascii_case(item));
            let told = if carried {
                by(Code::ForbiddenItem, Severity::Blocks, crossing, passing, rule)
            } else {
                TripFinding::new(Code::ForbiddenBeyond, Severity::Tells, &rule.id, rule)
            };
            check.add(told.with("item", item).with("country", &rule.country));
        }
    }
}

fn services(check: &mut Check<'_>, crossing: &Crossing, passing: &Passing) {
    for (list, code, severity) in [
        (&crossing.absent, Code::CrossingLacks, Severity::Warns),
        (&crossing.scarce, Code::CrossingLittle, Severity::Warns),
        (&crossing.services, Code::CrossingHas, Severity::Tells),
    ] {
        if !list.is_empty() {
            let services = joined(list.iter().map(|service| service.as_str()));
            check.add(finding(code, severity, crossing, passing).with("services", services));
        }
    }
}

impl Service {
    /// The service as the file writes it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Exchange => "exchange",
            Self::ExchangeBothSides => "exchange-both-sides",
            Self::Food => "food",
            Self::Fuel => "fuel",
            Self::Supplies => "supplies",
            Self::SpareParts => "spare-parts",
        }
    }
}
