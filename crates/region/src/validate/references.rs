//! Every reference leads to something in the file.

use super::{Faults, at, item_at};
use crate::document::Document;
use crate::error::BrokenRule;
use crate::ids::{CheckpointId, CrossingId, ZoneId};
use crate::lines::Step;
use crate::spelling::{NameKind, Spellings, unknown};

pub(super) fn check(document: &Document, faults: &mut Faults<'_>) {
    let zones = Ids::new(NameKind::Zone, document.zone.iter().map(|t| t.id.as_str()));
    let places = document.place.iter().map(|t| t.id.as_str());
    let posts = document.checkpoint.iter().map(|t| t.id.as_str());
    let stops = Ids::new(NameKind::Place, places.chain(posts));
    let crossings = Ids::new(NameKind::Crossing, document.crossing.iter().map(|t| t.id.as_str()));
    let visa_rules = Ids::new(NameKind::VisaRule, document.visa_rule.iter().map(|t| t.id.as_str()));

    for (i, place) in document.place.iter().enumerate() {
        zones.check(place.zone.as_str(), &at("place", i, "zone"), faults);
    }
    let post_ids = document.checkpoint.iter().map(|t| t.id.as_str());
    let posts = Ids::new(NameKind::Checkpoint, post_ids);
    for (i, crossing) in document.crossing.iter().enumerate() {
        posts.check_all("crossing", i, "posts", crossing.posts.iter().map(CheckpointId::as_str), faults);
    }
    for (i, rule) in document.zone_rule.iter().enumerate() {
        crossings.check_all("zone_rule", i, "except", rule.except.iter().map(CrossingId::as_str), faults);
    }
    for (i, post) in document.checkpoint.iter().enumerate() {
        zones.check(post.zone.as_str(), &at("checkpoint", i, "zone"), faults);
    }
    for (i, route) in document.route.iter().enumerate() {
        stops.check_all("route", i, "stops", route.stops.iter().map(String::as_str), faults);
    }
    for (i, gap) in document.gap.iter().enumerate() {
        stops.check_all("gap", i, "near", gap.near.iter().map(String::as_str), faults);
    }
    for (i, price) in document.price_elsewhere.iter().enumerate() {
        zones.check_all("price_elsewhere", i, "zones", price.zones.iter().map(ZoneId::as_str), faults);
    }
    for (i, lead) in document.lead_time.iter().enumerate() {
        zones.check_all(
            "lead_time",
            i,
            "express_zones",
            lead.express_zones.iter().map(ZoneId::as_str),
            faults,
        );
    }
    for (i, closure) in document.closure.iter().enumerate() {
        crossings.check_all(
            "closure",
            i,
            "crossings",
            closure.crossings.iter().map(CrossingId::as_str),
            faults,
        );
    }
    for (i, rule) in document.visa_rule.iter().enumerate() {
        let others = rule.conflicts_with.iter().map(String::as_str);
        visa_rules.check_all("visa_rule", i, "conflicts_with", others, faults);
    }
    for (i, point) in document.e_visa.entry_points.iter().enumerate() {
        if let Some(crossing) = &point.crossing {
            let path = [Step::Key("e_visa"), Step::Key("entry_points"), Step::Item(i), Step::Key("crossing")];
            crossings.check(crossing.as_str(), &path, faults);
        }
    }
}

/// The ids that a reference may name.
pub(super) struct Ids<'a> {
    kind: NameKind,
    ids: Vec<&'a str>,
}

impl<'a> Ids<'a> {
    pub(super) fn new(kind: NameKind, ids: impl Iterator<Item = &'a str>) -> Self {
        Self { kind, ids: ids.collect() }
    }

    pub(super) fn check_all<'r>(
        &self,
        table: &str,
        index: usize,
        key: &str,
        references: impl Iterator<Item = &'r str>,
        faults: &mut Faults<'_>,
    ) {
        for (item, reference) in references.enumerate() {
            self.check(reference, &item_at(table, index, key, item), faults);
        }
    }

    fn check(&self, reference: &str, path: &[Step<'_>], faults: &mut Faults<'_>) {
        if self.ids.contains(&reference) {
            return;
        }
        let mut known = Spellings::default();
        for (position, id) in self.ids.iter().enumerate() {
            // An id that can't be taken in is a fault of its own, reported elsewhere.
            let _ = known.add(id, position);
        }
        let nearest = unknown(self.kind, reference, &[&known]).nearest;
        faults.add(
            path,
            BrokenRule::UnknownReference { kind: self.kind, reference: reference.to_owned(), nearest },
        );
    }
}
