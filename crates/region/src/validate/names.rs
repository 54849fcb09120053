//! Ids and spellings: well formed, and each leading to one thing only.

use super::{Faults, Index, at};
use crate::document::Document;
use crate::error::BrokenRule;
use crate::ids::is_well_formed;
use crate::lines::Step;
use crate::model::Crossing;
use crate::names::{Names, SideNames};
use crate::spelling::{NameKind, NotTaken, Spellings};

/// What road posts' official Russian names end with, and what nobody types.
const ROAD_POST: &str = "-автодорожный";

/// A table with its id and its spellings, each with the key under which it stands.
struct Named<'a> {
    id: &'a str,
    spellings: Vec<(&'static str, &'a str)>,
}

pub(super) fn check(document: &Document, faults: &mut Faults<'_>) -> Index {
    let zones: Vec<_> = document.zone.iter().map(|t| named(t.id.as_str(), &t.name, &t.spellings)).collect();
    let places: Vec<_> = document.place.iter().map(|t| named(t.id.as_str(), &t.name, &t.spellings)).collect();
    let posts: Vec<_> =
        document.checkpoint.iter().map(|t| named(t.id.as_str(), &t.name, &t.spellings)).collect();
    let routes: Vec<_> = document.route.iter().map(|t| named(t.id.as_str(), &t.name, &t.spellings)).collect();
    let crossings: Vec<_> = document.crossing.iter().map(crossing).collect();
    let index = Index {
        zones: index("zone", NameKind::Zone, &zones, faults),
        places: index("place", NameKind::Place, &places, faults),
        checkpoints: index("checkpoint", NameKind::Checkpoint, &posts, faults),
        routes: index("route", NameKind::Route, &routes, faults),
        crossings: index("crossing", NameKind::Crossing, &crossings, faults),
        entry_points: entry_points(document, faults),
    };
    reachable(&places, &posts, &routes, &index, faults);
    other_ids(document, faults);
    index
}

/// Entry points without a crossing are looked up by their listed name and further spellings.
fn entry_points(document: &Document, faults: &mut Faults<'_>) -> Spellings {
    let mut index = Spellings::default();
    let points = &document.e_visa.entry_points;
    for (position, point) in points.iter().enumerate().filter(|(_, point)| point.crossing.is_none()) {
        for spelling in std::iter::once(&point.name).chain(&point.spellings) {
            let rule = match index.add(spelling, position) {
                Ok(()) => continue,
                Err(NotTaken::Empty) => BrokenRule::EmptySpelling { spelling: spelling.clone() },
                Err(NotTaken::Taken(other)) => BrokenRule::DuplicateSpelling {
                    spelling: spelling.clone(),
                    kind: NameKind::Crossing,
                    taken_by: points.get(other).map(|other| other.name.clone()).unwrap_or_default(),
                },
            };
            faults.add(&[Step::Key("e_visa"), Step::Key("entry_points"), Step::Item(position)], rule);
        }
    }
    index
}

fn named<'a>(id: &'a str, name: &'a Names, further: &'a [String]) -> Named<'a> {
    let mut spellings = vec![("id", id)];
    spellings.extend(name.all().map(|name| ("name", name)));
    spellings.extend(further.iter().map(|spelling| ("spellings", spelling.as_str())));
    Named { id, spellings }
}

fn crossing(table: &Crossing) -> Named<'_> {
    let mut spellings = vec![("id", table.id.as_str())];
    for (key, names) in [
        ("name_kg", &table.name_kg),
        ("name_kg_planned", &table.name_kg_planned),
        ("name_other", &table.name_other),
        ("name_pass", &table.name_pass),
    ] {
        for name in names.iter().flat_map(SideNames::all) {
            spellings.push((key, name));
            spellings.extend(name.strip_suffix(ROAD_POST).map(|short| (key, short)));
        }
    }
    spellings.extend(table.spellings.iter().map(|spelling| ("spellings", spelling.as_str())));
    Named { id: table.id.as_str(), spellings }
}

fn index(table: &'static str, kind: NameKind, list: &[Named<'_>], faults: &mut Faults<'_>) -> Spellings {
    ids(table, list.iter().map(|named| named.id), faults);
    let mut index = Spellings::default();
    for (position, named) in list.iter().enumerate() {
        for (key, spelling) in &named.spellings {
            let rule = match index.add(spelling, position) {
                Ok(()) => continue,
                Err(NotTaken::Empty) => BrokenRule::EmptySpelling { spelling: (*spelling).to_owned() },
                // Two equal ids are reported as such, once.
                Err(NotTaken::Taken(other)) if list.get(other).is_some_and(|o| o.id == named.id) => continue,
                Err(NotTaken::Taken(other)) => taken(spelling, kind, list, other),
            };
            faults.add(&at(table, position, key), rule);
        }
    }
    index
}

/// A route's spelling must not be a stop's, nor a place's id a checkpoint's spelling: one of the two could never be
/// reached. (A place's further names may be a checkpoint's; on a route they mean the checkpoint.)
fn reachable(
    places: &[Named<'_>],
    posts: &[Named<'_>],
    routes: &[Named<'_>],
    index: &Index,
    faults: &mut Faults<'_>,
) {
    for (position, place) in places.iter().enumerate() {
        if let Some(other) = index.checkpoints.find(place.id) {
            faults.add(&at("place", position, "id"), taken(place.id, NameKind::Checkpoint, posts, other));
        }
    }
    for (position, route) in routes.iter().enumerate() {
        for (key, spelling) in &route.spellings {
            if let Some(other) = index.checkpoints.find(spelling) {
                faults.add(&at("route", position, key), taken(spelling, NameKind::Checkpoint, posts, other));
            } else if let Some(other) = index.places.find(spelling) {
                faults.add(&at("route", position, key), taken(spelling, NameKind::Place, places, other));
            }
        }
    }
}

fn taken(spelling: &str, kind: NameKind, list: &[Named<'_>], other: usize) -> BrokenRule {
    let taken_by = list.get(other).map(|named| named.id.to_owned()).unwrap_or_default();
    BrokenRule::DuplicateSpelling { spelling: spelling.to_owned(), kind, taken_by }
}

/// The ids of tables that have no spellings.
fn other_ids(document: &Document, faults: &mut Faults<'_>) {
    ids("source", document.source.iter().map(|t| t.id.as_str()), faults);
    ids("zone_rule", document.zone_rule.iter().map(|t| t.id.as_str()), faults);
    ids("tariff", document.tariff.iter().map(|t| t.id.as_str()), faults);
    ids("price_elsewhere", document.price_elsewhere.iter().map(|t| t.id.as_str()), faults);
    ids("lead_time", document.lead_time.iter().map(|t| t.id.as_str()), faults);
    ids("application", document.application.iter().map(|t| t.id.as_str()), faults);
    ids("country_rule", document.country_rule.iter().map(|t| t.id.as_str()), faults);
    ids("closure", document.closure.iter().map(|t| t.id.as_str()), faults);
    ids("visa_rule", document.visa_rule.iter().map(|t| t.id.as_str()), faults);
}

fn ids<'a>(table: &'static str, list: impl Iterator<Item = &'a str>, faults: &mut Faults<'_>) {
    let mut seen: Vec<&str> = Vec::new();
    for (position, id) in list.enumerate() {
        let path = at(table, position, "id");
        if !is_well_formed(id) {
            faults.add(&path, BrokenRule::MalformedId { id: id.to_owned() });
        }
        if let Some(first) = seen.iter().position(|other| *other == id) {
            let first_line = faults.lines.line(&at(table, first, "id"));
            faults.add(&path, BrokenRule::DuplicateId { id: id.to_owned(), first_line });
        }
        seen.push(id);
    }
}
