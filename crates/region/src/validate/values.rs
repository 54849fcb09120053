//! Values that are possible in themselves and beside one another.

use super::{Faults, at, item_at};
use crate::SCHEMA;
use crate::date::PartialDate;
use crate::document::Document;
use crate::error::BrokenRule;
use crate::lines::Step;
use crate::model::{AfterPart, MonthPart, Position, Season};
use std::fmt::Display;

/// The last bit of a seal's zone field.
const LAST_BIT: u8 = 31;

pub(super) fn schema(document: &Document, faults: &mut Faults<'_>) {
    if document.schema != SCHEMA {
        let rule = BrokenRule::Schema { found: document.schema, supported: SCHEMA };
        faults.add(&[Step::Key("schema")], rule);
    }
}

pub(super) fn check(document: &Document, faults: &mut Faults<'_>) {
    bits(document, faults);
    tariffs(document, faults);
    terms(document, faults);
    positions(document, faults);
    crossings(document, faults);
    countries(document, faults);
    pairs(document, faults);
    for (i, route) in document.route.iter().enumerate() {
        if route.stops.is_empty() {
            faults.add(&at("route", i, "stops"), BrokenRule::EmptyRoute);
        }
    }
    for (i, rule) in document.visa_rule.iter().enumerate() {
        span(rule.effective_from, rule.until, &at("visa_rule", i, "until"), faults);
        let allowed = usize::try_from(rule.days_allowed).unwrap_or(usize::MAX);
        if let Some(window) = rule.window_days {
            let window = usize::try_from(window).unwrap_or(usize::MAX);
            range(allowed, window, &at("visa_rule", i, "window_days"), faults);
        } else if allowed == 0 {
            range(0, 0, &at("visa_rule", i, "days_allowed"), faults);
        }
        if let Some(group) = rule.group {
            range(group.min, group.max, &at("visa_rule", i, "group"), faults);
        }
    }
    let tip = &document.vehicle.tip;
    let path = [Step::Key("vehicle"), Step::Key("tip"), Step::Key("months_min")];
    range(tip.months_min, tip.months_max, &path, faults);
}

fn bits(document: &Document, faults: &mut Faults<'_>) {
    for (i, zone) in document.zone.iter().enumerate() {
        let path = at("zone", i, "bit");
        if zone.bit > LAST_BIT {
            faults.add(&path, BrokenRule::BitOutOfRange { bit: zone.bit });
        }
        if let Some(other) = document.zone.iter().take(i).find(|other| other.bit == zone.bit) {
            faults.add(&path, BrokenRule::DuplicateBit { bit: zone.bit, taken_by: other.id.to_string() });
        }
    }
}

fn tariffs(document: &Document, faults: &mut Faults<'_>) {
    for (i, tariff) in document.tariff.iter().enumerate() {
        let path = at("tariff", i, "zones_min");
        range(tariff.zones_min, tariff.zones_max, &path, faults);
        for other in document.tariff.iter().take(i) {
            let zones = tariff.zones_min.max(other.zones_min);
            if zones <= tariff.zones_max.min(other.zones_max) {
                faults.add(&path, BrokenRule::OverlappingTariffs { zones, other: other.id.clone() });
            }
        }
    }
}

fn terms(document: &Document, faults: &mut Faults<'_>) {
    let (months, max_total) = (document.validity.months, document.validity.max_total_months);
    if months == 0 || max_total < months {
        let path = [Step::Key("validity"), Step::Key("max_total_months")];
        faults.add(&path, BrokenRule::Validity { months, max_total });
    }
    for (i, lead) in document.lead_time.iter().enumerate() {
        let found = [lead.working_days, lead.days, lead.weeks].iter().flatten().count();
        if found != 1 {
            faults.add(&[Step::Key("lead_time"), Step::Item(i)], BrokenRule::LeadTime { found });
        }
        span(lead.effective_from, lead.until, &at("lead_time", i, "until"), faults);
    }
}

fn positions(document: &Document, faults: &mut Faults<'_>) {
    let mut all: Vec<(&str, usize, &[Position])> = Vec::new();
    all.extend(document.place.iter().enumerate().map(|(i, place)| ("place", i, place.position.as_slice())));
    all.extend(document.crossing.iter().enumerate().map(|(i, c)| ("crossing", i, c.position.as_slice())));
    for (table, i, list) in all {
        for (n, &Position { lat, lon, .. }) in list.iter().enumerate() {
            if !(-90.0..=90.0).contains(&lat) || !(-180.0..=180.0).contains(&lon) {
                let key = if (-90.0..=90.0).contains(&lat) { "lon" } else { "lat" };
                let [table, i, position, n] = item_at(table, i, "position", n);
                faults.add(&[table, i, position, n, Step::Key(key)], BrokenRule::Position { lat, lon });
            }
        }
    }
}

fn crossings(document: &Document, faults: &mut Faults<'_>) {
    for (i, crossing) in document.crossing.iter().enumerate() {
        for (n, lunch) in crossing.lunch.iter().enumerate() {
            if lunch.to <= lunch.from {
                let (from, to) = (lunch.from.to_string(), lunch.to.to_string());
                faults.add(&item_at("crossing", i, "lunch", n), BrokenRule::EndsBeforeStart { from, to });
            }
        }
        for (n, lunch) in crossing.lunch.iter().enumerate() {
            if crate::trip::offset_hours(&lunch.time_zone).is_none() {
                let rule = BrokenRule::TimeZone { zone: lunch.time_zone.clone() };
                faults.add(&item_at("crossing", i, "lunch", n), rule);
            }
        }
        for (key, name) in [
            ("name_kg", &crossing.name_kg),
            ("name_kg_planned", &crossing.name_kg_planned),
            ("name_other", &crossing.name_other),
            ("name_pass", &crossing.name_pass),
        ] {
            if name.as_ref().is_some_and(|name| name.all().next().is_none()) {
                faults.add(&at("crossing", i, key), BrokenRule::NoName);
            }
        }
        months(crossing.season.as_ref(), &at("crossing", i, "season"), faults);
        for (n, change) in crossing.change.iter().enumerate() {
            let path = item_at("crossing", i, "change", n);
            span(change.effective_from, change.until, &path, faults);
            let [crossing, i, change_key, n] = path;
            months(change.season.as_ref(), &[crossing, i, change_key, n, Step::Key("season")], faults);
        }
    }
}

/// Keys that only together say something; so the loss of one of them is noticed.
fn pairs(document: &Document, faults: &mut Faults<'_>) {
    let mut needs = |table, i, has, missing, broken: bool| {
        if broken {
            faults.add(&at(table, i, has), BrokenRule::Incomplete { has, missing });
        }
    };
    for (i, rule) in document.visa_rule.iter().enumerate() {
        let nobody = rule.countries.is_empty() && rule.documents.is_empty();
        needs("visa_rule", i, "applies_to", "countries, or documents,", nobody);
        let all_after = rule.after_full_days.is_some();
        let words = rule.reentry.is_some() || rule.reentry_used_all.is_some();
        needs("visa_rule", i, "after_part", "after_full_days", rule.after_part.is_some() && !all_after);
        needs("visa_rule", i, "after_full_days", "after_part", all_after && rule.after_part.is_none());
        needs("visa_rule", i, "after_full_days", "reentry or reentry_used_all", all_after && !words);
        let part = rule.after_part == Some(AfterPart::DaysUsed) && rule.reentry_used_part.is_none();
        needs("visa_rule", i, "after_part", "reentry_used_part", part);
        needs("visa_rule", i, "decree", "not_before or effective_from", {
            rule.decree.is_some() && rule.not_before.is_none() && rule.effective_from.is_none()
        });
    }
    for (i, crossing) in document.crossing.iter().enumerate() {
        let nameless = crossing.name_kg.is_none() && crossing.name_other.is_none();
        needs("crossing", i, "id", "name_kg or name_other", nameless);
        needs("crossing", i, "modes_only", "modes", crossing.modes_only && crossing.modes.is_empty());
        needs("crossing", i, "denied", "modes", !crossing.denied.is_empty() && crossing.modes.is_empty());
        needs("crossing", i, "agencies", "needs", !crossing.agencies.is_empty() && crossing.needs.is_empty());
    }
    for (i, paper) in document.application.iter().enumerate() {
        needs(
            "application",
            i,
            "id",
            "documents or text",
            paper.documents.is_empty() && paper.text.is_none(),
        );
    }
    for (i, rule) in document.zone_rule.iter().enumerate() {
        needs("zone_rule", i, "except", "topic", !rule.except.is_empty() && rule.topic.is_none());
        needs("zone_rule", i, "about_km", "border", rule.about_km.is_some() && rule.border.is_none());
    }
}

fn months(season: Option<&Season>, path: &[Step<'_>], faults: &mut Faults<'_>) {
    let ends = season.into_iter().flat_map(|season| [season.open_from, season.open_to]);
    for MonthPart { month, .. } in ends.flatten() {
        if !(1..=12).contains(&month) {
            faults.add(path, BrokenRule::Month { month });
        }
    }
}

fn countries(document: &Document, faults: &mut Faults<'_>) {
    for (i, rule) in document.zone_rule.iter().enumerate() {
        countries_of(rule.border.iter(), &at("zone_rule", i, "border"), faults);
    }
    for (i, crossing) in document.crossing.iter().enumerate() {
        countries_of([&crossing.country].into_iter(), &at("crossing", i, "country"), faults);
    }
    for (i, rule) in document.country_rule.iter().enumerate() {
        countries_of([&rule.country].into_iter(), &at("country_rule", i, "country"), faults);
    }
    for (i, rule) in document.visa_rule.iter().enumerate() {
        countries_of(rule.countries.iter(), &at("visa_rule", i, "countries"), faults);
    }
    let union = [Step::Key("vehicle"), Step::Key("tip"), Step::Key("union")];
    countries_of(document.vehicle.tip.union.iter(), &union, faults);
    let via = [Step::Key("vehicle"), Step::Key("ecotax"), Step::Key("not_due_via")];
    countries_of(document.vehicle.ecotax.not_due_via.iter(), &via, faults);
}

fn countries_of<'a>(codes: impl Iterator<Item = &'a String>, path: &[Step<'_>], faults: &mut Faults<'_>) {
    for code in codes {
        if code.len() != 2 || !code.bytes().all(|byte| byte.is_ascii_uppercase()) {
            faults.add(path, BrokenRule::Country { code: code.clone() });
        }
    }
}

fn range(min: usize, max: usize, path: &[Step<'_>], faults: &mut Faults<'_>) {
    if min == 0 || max < min {
        faults.add(path, BrokenRule::Range { min, max });
    }
}

/// A rule's time of force must not end before it can have begun.
fn span(from: Option<PartialDate>, until: Option<PartialDate>, path: &[Step<'_>], faults: &mut Faults<'_>) {
    let text = |date: &dyn Display| date.to_string();
    if let (Some(from), Some(until)) = (from, until)
        && until.last_day() < from.first_day()
    {
        faults.add(path, BrokenRule::EndsBeforeStart { from: text(&from), to: text(&until) });
    }
}
