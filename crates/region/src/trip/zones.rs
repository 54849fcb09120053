//! Which zones a trip touches, on which days, and whether the permits held cover them.

use super::journey::{Gate, Held, Visit};
use super::stay_days::plus;
use super::{Check, Origin, TripCode as Code, TripFinding, TripSeverity as Severity, joined, permits};
use crate::ids::{CrossingId, ZoneId};
use crate::model::{ZoneRule, ZoneTopic};
use crate::region::Region;
use crate::route::Stop;
use jiff::civil::Date;

/// A stop in a zone, with its days and the source that says in which zone it lies.
#[derive(Debug, Clone)]
pub(super) struct Touch {
    pub(super) zone: ZoneId,
    pub(super) stop: Stop,
    pub(super) first: Date,
    pub(super) last: Date,
    pub(super) origin: Origin,
}

/// A zone that the way to a crossing leads through, of which a source says that no permit is needed there.
struct Transit {
    touch: Touch,
    crossing: CrossingId,
}

/// The route of an order, for [`Region::check_route`]: what is asked for, without a traveller.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RoutePlan {
    /// The stops in order.
    pub route: Vec<Stop>,
    /// The zones of the order.
    pub zones: Vec<ZoneId>,
    /// The permit's first day.
    pub valid_from: Date,
    /// The permit's last day.
    pub valid_to: Date,
}

impl Region {
    /// What the trip check says of an order's route beyond coverage and price, which `check_order` of the permit crate
    /// says: posts that nobody named, gaps in what is known, what pages add about the zones, and the lead time.
    pub fn check_route(&self, plan: &RoutePlan, asked_on: Date) -> Vec<TripFinding> {
        let journey = super::Journey::of_route(plan);
        let mut check =
            Check { region: self, journey: &journey, asked_on, out: super::Assessment::default() };
        if plan.route.is_empty() {
            return Vec::new();
        }
        unknowns(&mut check, &plan.route);
        zone_notes(&mut check, &plan.zones);
        permits::lead_times(&mut check, &plan.zones, plan.valid_from);
        check.out.finish().findings
    }
}

pub(super) fn check(check: &mut Check<'_>) {
    let touches = touches(check);
    let transits = transits(check);
    let needed: Vec<ZoneId> = distinct(touches.iter().map(|touch| &touch.zone));
    let optional: Vec<&Transit> = transits.iter().filter(|t| !needed.contains(&t.touch.zone)).collect();
    if touches.is_empty() && optional.is_empty() {
        let origin = check.region.zones().first().map(Origin::of);
        if let Some(origin) = origin {
            check.add(TripFinding::new(Code::NoZoneTouched, Severity::Tells, "route", &origin));
        }
        return;
    }
    let mut missing: Vec<&Touch> = Vec::new();
    for zone in &needed {
        let inside: Vec<&Touch> = touches.iter().filter(|touch| touch.zone == *zone).collect();
        if check.journey.permits.iter().any(|permit| permit.zones.contains(zone)) {
            days(check, zone, &inside);
        } else {
            permit_needed(check, zone, &inside);
            missing.extend(inside);
        }
    }
    if !check.journey.permits.is_empty() {
        for stop in distinct(missing.iter().map(|touch| &touch.stop)) {
            let Some(touch) = missing.iter().find(|touch| touch.stop == stop) else { continue };
            let finding =
                TripFinding::new(Code::StopNotCovered, Severity::Needs, stop.as_str(), &touch.origin);
            check.add(finding.on(touch.first).with("stop", stop.as_str()).with("zone", &touch.zone));
        }
    }
    for transit in optional {
        transit_needed(check, transit);
    }
    let mut route = check.journey.route();
    route.extend(touches.iter().map(|touch| touch.stop.clone()));
    route.extend(transits.iter().map(|transit| transit.touch.stop.clone()));
    permits::check(check, &missing, &route);
    unknowns(check, &route);
    let zones: Vec<ZoneId> = distinct(needed.iter().chain(transits.iter().map(|t| &t.touch.zone)));
    zone_notes(check, &zones);
    general_rules(check);
    outside_stay(check);
}

/// The stops of the route, and the posts that everybody passes on the way to a crossing for which no rule says that
/// transit is exempt.
fn touches(check: &Check<'_>) -> Vec<Touch> {
    let region = check.region;
    let stops = check.journey.visits.iter().filter_map(|visit| touch(region, visit));
    let posts = on_the_way(check).filter(|(_, crossing)| transit_rule(region, crossing).is_none());
    stops.chain(posts.map(|(touch, _)| touch)).collect()
}

fn transits(check: &Check<'_>) -> Vec<Transit> {
    let exempt = on_the_way(check).filter(|(_, crossing)| transit_rule(check.region, crossing).is_some());
    exempt.map(|(touch, crossing)| Transit { touch, crossing }).collect()
}

fn touch(region: &Region, visit: &Visit) -> Option<Touch> {
    let origin = match &visit.stop {
        Stop::Place(id) => Origin::of(region.place_by_id(id)?),
        Stop::Checkpoint(id) => Origin::of(region.checkpoint_by_id(id)?),
    };
    let zone = region.zone_of(&visit.stop)?.clone();
    Some(Touch { zone, stop: visit.stop.clone(), first: visit.first, last: visit.last, origin })
}

/// The posts on the road to the crossings of the trip.
fn on_the_way<'a>(check: &'a Check<'_>) -> impl Iterator<Item = (Touch, CrossingId)> + 'a {
    let region = check.region;
    check.journey.passings.iter().flat_map(move |passing| {
        let crossing = match &passing.gate {
            Gate::Crossing(id) => region.crossing_by_id(id),
            Gate::EntryPoint(_) => None,
        };
        crossing.into_iter().flat_map(move |crossing| {
            crossing.posts.iter().filter_map(move |post| {
                let stop = Stop::Checkpoint(post.clone());
                let visit = Visit { stop, first: passing.date, last: passing.date };
                Some((touch(region, &visit)?, crossing.id.clone()))
            })
        })
    })
}

fn transit_rule<'a>(region: &'a Region, crossing: &CrossingId) -> Option<&'a ZoneRule> {
    let transit =
        |rule: &&ZoneRule| rule.topic == Some(ZoneTopic::Transit) && !rule.except.contains(crossing);
    region.zone_rules().iter().find(transit)
}

fn permit_needed(check: &mut Check<'_>, zone: &ZoneId, inside: &[&Touch]) {
    let Some(first) = inside.iter().min_by_key(|touch| touch.first) else { return };
    let last = inside.iter().map(|touch| touch.last).max().unwrap_or(first.last);
    let stops = joined(distinct(inside.iter().map(|touch| &touch.stop)).iter().map(Stop::as_str));
    let finding = TripFinding::new(Code::ZonePermitNeeded, Severity::Needs, zone, &first.origin)
        .on(first.first)
        .with("zone", zone)
        .with("first_day", first.first)
        .with("last_day", last)
        .with("stops", stops);
    check.add(finding);
}

/// The zone is on a permit: which of the days are not?
fn days(check: &mut Check<'_>, zone: &ZoneId, inside: &[&Touch]) {
    let mut terms: Vec<&Held> =
        check.journey.permits.iter().filter(|permit| permit.zones.contains(zone)).collect();
    terms.sort_by_key(|permit| permit.from);
    let mut open: Vec<(Date, Date)> = Vec::new();
    for touch in inside {
        open.extend(uncovered_days((touch.first, touch.last), &terms));
    }
    let until = terms.iter().map(|permit| permit.to).max();
    let origin = Origin::of(check.region.validity());
    let ends = open.iter().map(|(first, _)| *first).min().zip(open.iter().map(|(_, last)| *last).max());
    match (ends, until) {
        (Some((first, last)), _) => check.add(
            TripFinding::new(Code::PermitDaysNotCovered, Severity::Needs, zone, &origin)
                .on(first)
                .with("zone", zone)
                .with("first_day", first)
                .with("last_day", last),
        ),
        (None, Some(until)) => check.add(
            TripFinding::new(Code::PermitCovers, Severity::Tells, zone, &origin)
                .with("zone", zone)
                .with("valid_to", until),
        ),
        (None, None) => {}
    }
}

/// The days of a span that no term covers; `terms` begin in order.
fn uncovered_days((first, last): (Date, Date), terms: &[&Held]) -> Vec<(Date, Date)> {
    let mut open = Vec::new();
    let mut day = first;
    for term in terms {
        if day > last {
            break;
        }
        if term.from > day {
            open.push((day, plus(term.from, -1).min(last)));
        }
        if term.to >= day {
            day = day.max(plus(term.to, 1));
        }
    }
    if day <= last {
        open.push((day, last));
    }
    open.retain(|(first, last)| first <= last);
    open
}

fn transit_needed(check: &mut Check<'_>, transit: &Transit) {
    let touch = &transit.touch;
    let covers = |permit: &Held| {
        permit.zones.contains(&touch.zone) && permit.from <= touch.first && touch.last <= permit.to
    };
    if check.journey.permits.iter().any(covers) {
        return;
    }
    let (zone, crossing) = (&touch.zone, &transit.crossing);
    let told = |code, rule: &Origin| {
        let finding = TripFinding::new(code, Severity::Warns, crossing, rule).on(touch.first);
        finding.with("crossing", crossing).with("zone", zone)
    };
    let listed = told(Code::ZoneTransitListed, &touch.origin).with("stop", touch.stop.as_str());
    let rule = transit_rule(check.region, crossing).map(|rule| (Origin::of(rule), rule.text.clone()));
    check.add(listed);
    if let Some((origin, text)) = rule {
        let exempt = told(Code::ZoneTransit, &origin).with("note", text);
        check.add(exempt);
    }
}

/// Posts that nobody named, and other gaps in what is known.
fn unknowns(check: &mut Check<'_>, route: &[Stop]) {
    for gap in check.region.gaps_on(route) {
        let finding = match gap.posts_reported {
            Some(posts) => TripFinding::new(Code::PostsUnnamed, Severity::Warns, gap.near.join("+"), gap)
                .with("posts", posts)
                .with("about", &gap.about),
            None => TripFinding::new(Code::RouteGap, Severity::Warns, gap.near.join("+"), gap)
                .with("about", &gap.about),
        };
        check.add(finding);
    }
}

fn zone_notes(check: &mut Check<'_>, zones: &[ZoneId]) {
    for zone in zones.iter().filter_map(|id| check.region.zone_by_id(id)) {
        for change in &zone.change {
            let finding = TripFinding::new(Code::ZoneNote, Severity::Tells, &zone.id, change);
            check.add(finding.with("zone", &zone.id).with("note", &change.note));
        }
    }
}

fn general_rules(check: &mut Check<'_>) {
    for rule in check.region.zone_rules() {
        let code = match rule.topic {
            Some(ZoneTopic::Residents) if check.journey.nationality == "KG" => Code::ResidentsToo,
            Some(ZoneTopic::Vehicles) if check.journey.vehicle.is_some() => Code::VehiclesNoPermit,
            _ => continue,
        };
        check.add(TripFinding::new(code, Severity::Tells, &rule.id, rule).with("note", &rule.text));
    }
}

/// A stop on a day on which, by the crossings given, nobody is in the country.
fn outside_stay(check: &mut Check<'_>) {
    let stays = check.journey.stays();
    if stays.is_empty() || check.journey.nationality == "KG" {
        return;
    }
    let inside =
        |visit: &Visit| stays.iter().any(|stay| stay.entered <= visit.first && visit.last <= stay.left);
    let origin = Origin::of(check.region.permit_paper());
    let outside: Vec<&Visit> = check.journey.visits.iter().filter(|visit| !inside(visit)).collect();
    for visit in outside {
        let finding = TripFinding::new(Code::StopOutsideStay, Severity::Warns, visit.stop.as_str(), &origin);
        check.add(finding.on(visit.first).with("stop", visit.stop.as_str()).with("date", visit.first));
    }
}

/// Each once, in the order in which they come.
pub(super) fn distinct<'a, T: Clone + PartialEq + 'a>(items: impl Iterator<Item = &'a T>) -> Vec<T> {
    let mut seen: Vec<T> = Vec::new();
    for item in items {
        if !seen.contains(item) {
            seen.push(item.clone());
        }
    }
    seen
}
