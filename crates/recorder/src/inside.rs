//! Who went into a zone and has not come out, as far as entries and exits were recorded.
//!
//! The list is kept with each batch: a row for every permit of which somebody is inside, and none for anybody else.

use std::collections::{BTreeMap, BTreeSet};

use propusk_permit::{Date, MAX_TRAVELLERS};
use propusk_proto::{NumberTag, PermitStatus, shard};
use propusk_store::{Draft, Store};
use serde::{Deserialize, Serialize};

use crate::keys;
use crate::questions::{printed, shards, time};
use crate::rebuild::remove;
use crate::story::{self, Deed, Fact, Story};
use crate::values::{StoredPermit, parse, read, write};
use crate::zones::Zones;

/// One permit with people inside a zone.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Inside {
    pub zone: String,
    pub permit_number: String,
    /// Rows of the travellers who were ticked off; empty means the whole group.
    pub rows: Vec<u8>,
    /// Size of the group, where the permit is known.
    pub travellers: Option<u8>,
    pub post: String,
    pub since: String,
    pub valid_to: Option<String>,
    /// True when the last valid day has passed.
    pub overdue: bool,
}

impl Inside {
    /// How many people are inside; one where nobody knows how large the group is.
    pub(crate) fn people(&self) -> usize {
        if self.rows.is_empty() { self.travellers.map_or(1, usize::from) } else { self.rows.len() }
    }
}

/// A permit in a zone: who of the group is inside.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Presence {
    /// Bit i: row i is inside. Where the size of the group plays no part, it is taken to be the largest there is.
    rows: u64,
    since_ms: i64,
    post: String,
}

/// One bit for everybody of the largest group.
const EVERYBODY: u64 = (1 << MAX_TRAVELLERS) - 1;

/// Where the people of one permit are: its presence in every zone in which somebody is inside. `group` has a bit for
/// each of them.
fn presences<'a>(
    facts: impl Iterator<Item = &'a Fact> + Clone,
    zones: &Zones,
    group: u64,
) -> BTreeMap<String, Presence> {
    let undid = |fact: &Fact| if let Deed::Undid(of) = fact.deed { Some(of) } else { None };
    let undone: BTreeSet<_> = facts.clone().filter_map(undid).collect();
    // Devices sync when they can: the order of the scans tells the story, not the order of arrival.
    let mut in_order: Vec<&Fact> = facts.filter(|fact| !undone.contains(&fact.id)).collect();
    in_order.sort_by_key(|fact| fact.at_ms);
    let mut presences: BTreeMap<String, Presence> = BTreeMap::new();
    for fact in in_order {
        let Some(zone) = zones.of_post(&fact.post) else { continue };
        apply(presences.entry(zone.to_owned()).or_default(), fact, group);
    }
    presences.retain(|_, presence| presence.rows != 0);
    presences
}

/// Nobody ticked off means everybody.
fn apply(presence: &mut Presence, fact: &Fact, group: u64) {
    let rows = if fact.present == 0 { group } else { fact.present & group };
    match fact.deed {
        Deed::Entered => {
            if presence.rows == 0 {
                presence.since_ms = fact.at_ms;
            }
            presence.post.clone_from(&fact.post);
            presence.rows |= rows;
        }
        Deed::Left => presence.rows &= !rows,
        Deed::Undid(_) | Deed::Other | Deed::Showed => {}
    }
}

/// The rows that the list has to have for one permit, by their keys. A row in which only more people than the group has
/// would be left is none: without that the list would keep every group whose members were ticked off as they left.
fn rows_of<'a>(
    store: &Store,
    facts: impl Iterator<Item = &'a Fact> + Clone,
    zones: &Zones,
    number: &str,
) -> anyhow::Result<BTreeMap<Vec<u8>, Presence>> {
    let mut presences = presences(facts, zones, EVERYBODY);
    if presences.values().any(|presence| presence.rows != EVERYBODY) {
        let group = group_mask(status_of(store, number)?.as_ref());
        presences.retain(|_, presence| presence.rows & group != 0);
    }
    Ok(presences.into_iter().map(|(zone, presence)| (keys::inside(&zone, number), presence)).collect())
}

/// Brings the list up to date with the story of one permit.
pub(crate) fn keep<'a>(
    store: &Store,
    draft: &mut Draft,
    zones: &Zones,
    number: &str,
    facts: impl Iterator<Item = &'a Fact> + Clone,
) -> anyhow::Result<()> {
    let visited: BTreeSet<&str> = facts.clone().filter_map(|fact| zones.of_post(&fact.post)).collect();
    let mut rows = rows_of(store, facts, zones, number)?;
    for key in visited.into_iter().map(|zone| keys::inside(zone, number)) {
        let stored = store.get(&key)?;
        match rows.remove(&key) {
            Some(presence) => {
                let value = postcard::to_allocvec(&presence)?;
                if stored.as_ref() != Some(&value) {
                    draft.put(key, value);
                }
            }
            None if stored.is_some() => draft.delete(key),
            None => {}
        }
    }
    Ok(())
}

/// Makes the list again from the stories, where it was not made with this table of zones.
pub(crate) fn open(store: &Store, zones: &Zones) -> anyhow::Result<()> {
    let digest = zones.digest();
    match store.get(keys::ZONES)? {
        Some(made_with) if made_with == digest => return Ok(()),
        Some(_) => forget(store)?,
        None => {}
    }
    remove(store, keys::INSIDE)?;
    for shard in 0..shards(store)? {
        let mut draft = store.begin();
        story::for_each(store, shard, |number, facts| {
            let rows = rows_of(store, facts.iter(), zones, number)?;
            rows.into_iter().try_for_each(|(key, row)| write(&mut draft, key, &row))
        })?;
        store.commit(draft)?;
    }
    let mut draft = store.begin();
    draft.put(keys::ZONES, digest);
    Ok(store.commit(draft)?)
}

/// Has the list made again at the next start. Until all its rows are made, nothing says with which table.
pub(crate) fn forget(store: &Store) -> anyhow::Result<()> {
    let mut draft = store.begin();
    draft.delete(keys::ZONES);
    Ok(store.commit(draft)?)
}

/// The zones in which the list does not say what a permit's story says. Whose group is not known (it may have grown
/// since) may be missing, unless the first of the permit, whom every group has, is inside.
pub(crate) fn disagreements<'a>(
    store: &Store,
    facts: impl Iterator<Item = &'a Fact> + Clone,
    zones: &Zones,
    number: &str,
) -> anyhow::Result<Vec<String>> {
    let visited: BTreeSet<&str> = facts.clone().filter_map(|fact| zones.of_post(&fact.post)).collect();
    let told = presences(facts, zones, EVERYBODY);
    let mut wrong = Vec::new();
    for zone in visited {
        let listed: Option<Presence> = read(store, &keys::inside(zone, number))?;
        let agrees = match (told.get(zone), &listed) {
            (told, Some(_)) => told == listed.as_ref(),
            (told, None) => told.is_none_or(|told| told.rows & 1 == 0),
        };
        if !agrees {
            wrong.push(zone.to_owned());
        }
    }
    Ok(wrong)
}

/// Reads the list. `zone` narrows it to one zone, by id.
pub(crate) fn inside(
    store: &Store,
    zones: &Zones,
    zone: Option<&str>,
    today: Date,
) -> anyhow::Result<Vec<Inside>> {
    let mut rows = Vec::new();
    for_each(store, zones, zone, today, |row| rows.push(row))?;
    Ok(rows)
}

/// The same row by row: the list is as long as there are groups inside.
pub(crate) fn for_each(
    store: &Store,
    zones: &Zones,
    zone: Option<&str>,
    today: Date,
    mut each: impl FnMut(Inside),
) -> anyhow::Result<()> {
    let shards = shards(store)?;
    for row in store.scan(zone.map_or_else(|| keys::INSIDE.to_vec(), keys::inside_zone)) {
        let (key, value) = row?;
        let Some((zone, number)) = keys::parse_inside(&key) else { continue };
        let status = status_of(store, number)?;
        let group = group_mask(status.as_ref());
        let mut presence: Presence = parse(&value)?;
        if presence.rows & !group != 0 && presence.rows != EVERYBODY {
            // Some of them left one by one: only the size of the group tells whether anybody is left.
            let story = Story::load(store, shard::of(number, shards), number)?;
            presence = presences(story.facts(), zones, group).remove(zone).unwrap_or_default();
        }
        presence.rows &= group;
        if presence.rows != 0 {
            each(describe(zone.to_owned(), number, &presence, status.as_ref(), group, today));
        }
    }
    Ok(())
}

/// One bit for everybody of the group; all that a permit can have where the permit is not known.
fn group_mask(status: Option<&PermitStatus>) -> u64 {
    let travellers =
        status.map_or(MAX_TRAVELLERS, |status| usize::from(status.travellers)).clamp(1, MAX_TRAVELLERS);
    (1 << travellers) - 1
}

fn status_of(store: &Store, number: &str) -> anyhow::Result<Option<PermitStatus>> {
    let Ok(parsed) = number.parse() else { return Ok(None) };
    let row = store.scan(keys::permits_of(NumberTag::of(&parsed))).next().transpose()?;
    row.map(|(_, value)| Ok(parse::<StoredPermit>(&value)?.known.status)).transpose()
}

fn describe(
    zone: String,
    number: &str,
    presence: &Presence,
    status: Option<&PermitStatus>,
    group: u64,
    today: Date,
) -> Inside {
    let valid_to = status.and_then(|status| Date::try_from(status.valid_to).ok());
    let whole = presence.rows == group;
    let rows = (0..64).filter(|row| !whole && presence.rows & (1 << row) != 0).map(|row| row + 1).collect();
    Inside {
        zone,
        permit_number: printed(number),
        rows,
        travellers: status.map(|status| status.travellers),
        post: presence.post.clone(),
        since: time(presence.since_ms),
        overdue: valid_to.is_some_and(|last| today > last),
        valid_to: valid_to.map(|last| last.to_string()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    fn fact(deed: Deed, present: u64, at_ms: i64) -> Fact {
        let id = Uuid::from_u128(at_ms.unsigned_abs().into());
        let post = "karasay".to_owned();
        Fact { index: 1, id, deed, version: None, copy: None, post, at_ms, present, clock_suspect: false }
    }

    fn inside_after(facts: &[Fact], group: u64) -> Option<Presence> {
        let zones = Zones::new([("karasay".to_owned(), "issyk-kul".to_owned(), 1)]);
        presences(facts.iter(), &zones, group).remove("issyk-kul")
    }

    #[test]
    fn groups_split_and_come_out_one_by_one() {
        let group = 0b1111;
        let mut facts = vec![fact(Deed::Entered, 0, 7)];
        let rows = |facts: &[Fact]| inside_after(facts, group).map(|presence| presence.rows);
        let all = Presence { rows: 0b1111, since_ms: 7, post: "karasay".to_owned() };
        assert_eq!(inside_after(&facts, group), Some(all), "nobody ticked off: everybody");
        facts.push(fact(Deed::Left, 0b0001, 8));
        assert_eq!(rows(&facts), Some(0b1110));
        facts.push(fact(Deed::Other, 0, 9));
        assert_eq!(rows(&facts), Some(0b1110), "what is neither an entry nor an exit moves nobody");
        facts.push(fact(Deed::Left, 0b1110, 10));
        assert_eq!(rows(&facts), None);
        facts.push(fact(Deed::Undid(facts[3].id), 0, 11));
        assert_eq!(rows(&facts), Some(0b1110), "an exit that was a mistake is none");
    }

    #[test]
    fn scans_count_in_the_order_in_which_they_were_made() {
        let facts = [fact(Deed::Left, 0, 9), fact(Deed::Entered, 0, 7)];
        assert_eq!(inside_after(&facts, 1), None, "the exit arrived first and was scanned last");
    }
}
