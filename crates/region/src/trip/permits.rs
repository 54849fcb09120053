//! The permit that is needed: its price, its term, the time it takes to get, and its copies.

use super::stay_days::plus;
use super::term::{term_end, working_days_before};
use super::zones::{Touch, distinct};
use super::{
    Check, Deadline, DeadlineCode as Day, Origin, TripCode as Code, TripFinding, TripSeverity as Severity,
    joined,
};
use crate::date::PartialDate;
use crate::ids::{CheckpointId, ZoneId};
use crate::model::LeadTime;
use crate::route::{Stop, posts_on};
use jiff::civil::Date;

pub(super) fn check(check: &mut Check<'_>, missing: &[&Touch], route: &[Stop]) {
    held(check);
    let zones: Vec<ZoneId> = distinct(missing.iter().map(|touch| &touch.zone));
    let ends = missing.iter().map(|t| t.first).min().zip(missing.iter().map(|t| t.last).max());
    if let Some((first, last)) = ends {
        price(check, zones.len());
        term(check, &zones, first, last);
        lead_times(check, &zones, first);
    }
    copies(check, &posts_on(route));
}

/// What can be done with the permits held: their days, and until when they can be extended.
fn held(check: &mut Check<'_>) {
    let validity = check.region.validity();
    for (index, permit) in check.journey.permits.iter().enumerate() {
        let until = term_end(permit.from, validity.max_total_months);
        let subject = format!("permit-{}", index + 1);
        let mut valid = Deadline::new(Day::PermitValid, permit.from, &subject, validity);
        valid.last_day = Some(permit.to);
        check.remind(valid.with("zones", joined(&permit.zones)));
        if until <= permit.to {
            continue;
        }
        check.remind(
            Deadline::new(Day::ExtensionUntil, until, &subject, validity).with("valid_to", permit.to),
        );
        let finding = TripFinding::new(Code::PermitExtension, Severity::Tells, &subject, validity)
            .with("valid_to", permit.to)
            .with("until", until)
            .with("months", validity.max_total_months)
            .with_some("note", validity.ambiguity.as_ref());
        check.add(finding);
    }
}

fn price(check: &mut Check<'_>, zones: usize) {
    let finding = match check.region.price(zones) {
        Ok(price) => {
            let origin = Origin { source: price.source, as_of: price.as_of };
            TripFinding::new(Code::PermitPrice, Severity::Tells, "price", &origin)
                .with("zones", zones)
                .with("amount", price.amount)
                .with("currency", price.currency)
        }
        Err(_) => {
            // The tariff that comes nearest below says in its source what it leaves out.
            let below =
                check.region.tariffs().iter().filter(|t| t.zones_max < zones).max_by_key(|t| t.zones_max);
            let origin = below.map_or_else(|| Origin::of(check.region.permit_paper()), Origin::of);
            TripFinding::new(Code::PermitPriceUnknown, Severity::Warns, "price", &origin).with("zones", zones)
        }
    };
    check.add(finding);
}

/// Whether the days in the zones are more than a permit's term.
fn term(check: &mut Check<'_>, zones: &[ZoneId], first: Date, last: Date) {
    let validity = check.region.validity();
    let (one, all) = (term_end(first, validity.months), term_end(first, validity.max_total_months));
    let mut valid = Deadline::new(Day::PermitValid, first, "new-permit", validity);
    valid.last_day = Some(one);
    check.remind(valid.with("zones", joined(zones)));
    if last > one {
        let (code, severity, months, until) = if last > all {
            (Code::PermitTermTooLong, Severity::Needs, validity.max_total_months, all)
        } else {
            (Code::PermitTermShort, Severity::Warns, validity.months, one)
        };
        let finding = TripFinding::new(code, severity, "term", validity)
            .with("first_day", first)
            .with("last_day", last)
            .with("months", months)
            .with("until", until)
            .with_some("note", validity.ambiguity.as_ref());
        check.add(finding);
        check.remind(Deadline::new(Day::ExtensionUntil, all, "new-permit", validity).with("valid_to", one));
    }
    for other in validity.change.iter().filter(|other| last > plus(first, i64::from(other.weeks) * 7 - 1)) {
        let finding = TripFinding::new(Code::PermitTermElsewhere, Severity::Warns, "term", other);
        check.add(finding.with("weeks", other.weeks).with_some("note", other.note.as_ref()));
    }
}

/// By when to apply, for each office that a source names.
pub(super) fn lead_times(check: &mut Check<'_>, zones: &[ZoneId], first: Date) {
    let mut days: Vec<(Date, &LeadTime, bool)> = Vec::new();
    for lead in check.region.lead_times().iter().filter(|lead| in_force(lead, check.asked_on)) {
        days.push((apply_by(lead, first), lead, false));
        let hurried = zones.iter().all(|zone| lead.express_zones.contains(zone));
        if let Some(working) = lead.express_working_days.filter(|_| hurried) {
            days.push((working_days_before(first, working), lead, true));
        }
    }
    for (day, lead, express) in &days {
        let missed = *day < check.asked_on;
        let (code, severity) =
            if missed { (Code::LeadTimeMissed, Severity::Warns) } else { (Code::LeadTime, Severity::Tells) };
        let subject = if *express { format!("{}-express", lead.id) } else { lead.id.clone() };
        let finding = TripFinding::new(code, severity, subject, *lead)
            .on(*day)
            .with("who", &lead.who)
            .with("express", if *express { "yes" } else { "no" })
            .with("apply_by", day)
            .with("first_day", first);
        check.add(finding);
    }
    let safe = days.iter().min_by_key(|(day, ..)| *day);
    let last = days.iter().max_by_key(|(day, ..)| *day);
    if let Some((day, lead, _)) = last.filter(|(day, ..)| *day < check.asked_on) {
        let finding = TripFinding::new(Code::LeadTimeTooShort, Severity::Blocks, "lead-time", *lead);
        check.add(finding.on(*day).with("first_day", first).with("apply_by", day));
    }
    for (code, found) in [(Day::ApplyBySafe, safe), (Day::ApplyByLast, last)] {
        if let Some((day, lead, _)) = found {
            let deadline = Deadline::new(code, *day, &lead.id, *lead);
            check.remind(deadline.with("who", &lead.who).with("first_day", first));
        }
    }
}

fn in_force(lead: &LeadTime, day: Date) -> bool {
    let begun = lead.effective_from.map(PartialDate::first_day).is_none_or(|from| from <= day);
    begun && lead.until.map(PartialDate::last_day).is_none_or(|until| day <= until)
}

fn apply_by(lead: &LeadTime, first: Date) -> Date {
    match (lead.working_days, lead.days, lead.weeks) {
        (Some(working), ..) => working_days_before(first, working),
        (_, Some(days), _) => plus(first, -i64::from(days)),
        (_, _, weeks) => plus(first, -7 * i64::from(weeks.unwrap_or(0))),
    }
}

/// A copy for each post of the route (DOMAIN.md, requirement 2).
fn copies(check: &mut Check<'_>, posts: &[CheckpointId]) {
    let paper = check.region.permit_paper();
    if posts.is_empty() {
        return;
    }
    let needed = TripFinding::new(Code::CopiesNeeded, Severity::Tells, "copies", paper)
        .with("copies", posts.len())
        .with("posts", joined(posts));
    check.add(needed);
    let have: Option<usize> =
        check.journey.permits.iter().filter_map(|permit| permit.copies).reduce(|a, b| a + b);
    if let Some(have) = have.filter(|have| *have < posts.len()) {
        let finding = TripFinding::new(Code::CopiesTooFew, Severity::Needs, "copies", paper);
        check.add(finding.with("copies", posts.len()).with("have", have));
    }
}
