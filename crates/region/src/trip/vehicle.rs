//! A vehicle brought along: temporary import, ecotax, insurance, carnet.

use super::crossings::HOME;
use super::journey::{Gate, Passing};
use super::term::months_later;
use super::{Check, Deadline, DeadlineCode as Day, TripCode as Code, TripFinding, TripSeverity as Severity};
use crate::model::{Mode, VehicleRules};
use crate::trip::Vehicle;
use jiff::civil::Date;

/// Papers held, as [`super::Trip::holds`] names them.
const INSURANCE: &str = "insurance";
const TIP: &str = "tip";

pub(super) fn check(check: &mut Check<'_>) {
    let rules = check.region.vehicle();
    let Some(vehicle) = check.journey.vehicle.clone() else {
        undescribed(check, rules);
        return;
    };
    let abroad = vehicle.registered_in != HOME;
    if rules.tip.union.contains(&vehicle.registered_in) {
        let told = TripFinding::new(Code::VehicleNoTip, Severity::Tells, "tip", &rules.tip);
        check.add(told.with("country", &vehicle.registered_in));
    } else {
        temporary_import(check, rules, &vehicle);
    }
    if abroad {
        ecotax(check, rules, vehicle.kind);
        insurance(check, rules, vehicle.rental);
        if !rules.tip.cpd_needed {
            check.add(TripFinding::new(Code::VehicleNoCarnet, Severity::Tells, "carnet", &rules.tip));
        }
        for change in rules.tip.change.iter().chain(&rules.ecotax.change) {
            let told = TripFinding::new(Code::VehicleNote, Severity::Tells, "vehicle", change);
            check.add(told.with("note", &change.note));
        }
    }
}

/// Crossing by car or motorcycle: one's own, or only a seat in one?
fn undescribed(check: &mut Check<'_>, rules: &VehicleRules) {
    let own = |passing: &&Passing| matches!(passing.mode, Some(Mode::Motorcycle | Mode::Car | Mode::Truck));
    if let Some(passing) = check.journey.passings.iter().find(own) {
        let told = TripFinding::new(Code::VehicleNotDescribed, Severity::Tells, "vehicle", &rules.tip);
        check.add(told.on(passing.date).with("mode", passing.mode.map_or("", Mode::as_str)));
    }
}

/// The document runs from the entry into the customs union, is not renewed inside it, and anew on each return.
fn temporary_import(check: &mut Check<'_>, rules: &VehicleRules, vehicle: &Vehicle) {
    let tip = &rules.tip;
    let journey = check.journey;
    let mut since = vehicle.union_entry;
    let mut told_until = None;
    for passing in &journey.passings {
        let Some((crossing, country)) = land(check, passing) else { continue };
        let inside_union = tip.union.contains(&country);
        match (passing.enters(), inside_union, since) {
            (true, false, _) => {
                since = Some(passing.date);
                let told = TripFinding::new(Code::VehicleTipAtEntry, Severity::Tells, &crossing, tip)
                    .on(passing.date);
                let until = ends(rules, passing.date);
                check.add(
                    told.with("crossing", &crossing).with("until_shortest", until.0).with("until", until.1),
                );
                remind(check, rules, passing.date);
            }
            (true, true, None) if !journey.holds(TIP) => {
                let told = TripFinding::new(Code::VehicleTipFromUnion, Severity::Needs, "tip", tip);
                check.add(told.on(passing.date).with("crossing", &crossing).with("country", &country));
            }
            (true, true, Some(start)) if told_until != Some(start) => {
                told_until = Some(start);
                let until = ends(rules, start);
                let told =
                    TripFinding::new(Code::VehicleTipUntil, Severity::Tells, "tip", tip).on(passing.date);
                check.add(told.with("since", start).with("until_shortest", until.0).with("until", until.1));
                remind(check, rules, start);
            }
            (false, false, _) => {
                still_good(check, rules, since, passing.date);
                since = None;
            }
            _ => still_good(check, rules, since, passing.date),
        }
    }
    if let Some(day) = journey.last_day() {
        still_good(check, rules, since, day);
    }
}

/// The crossing's id and the country beyond it; no vehicle comes through an airport.
fn land(check: &Check<'_>, passing: &Passing) -> Option<(String, String)> {
    let Gate::Crossing(id) = &passing.gate else { return None };
    let crossing = check.region.crossing_by_id(id)?;
    Some((crossing.id.to_string(), crossing.country.clone()))
}

/// The earliest and the latest end that the source gives.
fn ends(rules: &VehicleRules, since: Date) -> (Date, Date) {
    (months_later(since, rules.tip.months_min), months_later(since, rules.tip.months_max))
}

fn remind(check: &mut Check<'_>, rules: &VehicleRules, since: Date) {
    let (shortest, longest) = ends(rules, since);
    check.remind(Deadline::new(Day::TipShortest, shortest, format!("tip-{since}"), &rules.tip));
    check.remind(Deadline::new(Day::TipEnds, longest, format!("tip-{since}"), &rules.tip));
}

fn still_good(check: &mut Check<'_>, rules: &VehicleRules, since: Option<Date>, day: Date) {
    let Some((shortest, longest)) = since.map(|since| ends(rules, since)) else { return };
    let finding = if day > longest {
        TripFinding::new(Code::VehicleTipOver, Severity::Blocks, "tip-over", &rules.tip)
            .with("until", longest)
    } else if day > shortest {
        TripFinding::new(Code::VehicleTipMayEnd, Severity::Warns, "tip-over", &rules.tip)
            .with("until_shortest", shortest)
    } else {
        return;
    };
    check.add(finding.on(day).with("date", day));
}

fn ecotax(check: &mut Check<'_>, rules: &VehicleRules, kind: Mode) {
    let tax = &rules.ecotax;
    let amount = match kind {
        Mode::Motorcycle => tax.motorcycle,
        Mode::Truck => tax.truck,
        _ => tax.car,
    };
    let journey = check.journey;
    let entries =
        journey.passings.iter().filter(|passing| passing.enters() && tax.since.first_day() <= passing.date);
    for passing in entries {
        let Some((crossing, country)) = land(check, passing) else { continue };
        let told = |code| {
            TripFinding::new(code, Severity::Tells, "ecotax", tax)
                .on(passing.date)
                .with("crossing", &crossing)
        };
        if tax.not_due_via.contains(&country) {
            check.add(told(Code::VehicleEcotaxNotDue).with("country", country));
            continue;
        }
        let due = told(Code::VehicleEcotaxDue).with("amount", amount).with("currency", &tax.currency);
        check.add(due.with("year", tax.amounts_as_of));
        let deadline = Deadline::new(Day::Ecotax, passing.date, format!("ecotax-{crossing}"), tax);
        check.remind(
            deadline.with("amount", amount).with("currency", &tax.currency).with("crossing", &crossing),
        );
    }
}

fn insurance(check: &mut Check<'_>, rules: &VehicleRules, rental: bool) {
    let rule = &rules.insurance;
    let entered = check.journey.passings.first().map(|passing| passing.date);
    if entered.is_some_and(|day| day < rule.compulsory_since.first_day()) {
        return;
    }
    let (code, severity) = if rental || check.journey.holds(INSURANCE) {
        (Code::VehicleInsuranceHeld, Severity::Tells)
    } else {
        (Code::VehicleInsuranceNeeded, Severity::Needs)
    };
    let told = TripFinding::new(code, severity, "insurance", rule);
    check.add(told.with("since", rule.compulsory_since).with("note", &rule.text));
}
