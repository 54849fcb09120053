//! Who went into a zone and has not come out, as far as entries and exits were recorded.
//!
//! The list is kept with each batch: it names every permit of which somebody is inside, and nobody else's.

mod rows;

use std::borrow::Cow;
use std::collections::BTreeSet;

use propusk_permit::{Date, MAX_TRAVELLERS};
use propusk_proto::{NumberTag, PermitStatus, shard};
use propusk_store::{Draft, Store};
use serde::{Deserialize, Serialize};

use self::rows::Change;
use crate::keys;
use crate::questions::{printed, shards, time};
use crate::rebuild::remove;
use crate::story::{self, Deed, Fact, Story};
use crate::values::{StoredPermit, parse};
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
pub(crate) struct Presence<'a> {
    /// Bit i: row i is inside. Where the size of the group plays no part, it is taken to be the largest there is.
    rows: u64,
    since_ms: i64,
    post: Cow<'a, str>,
}

impl Presence<'_> {
    fn into_owned(self) -> Presence<'static> {
        Presence { post: self.post.into_owned().into(), ..self }
    }
}

/// One bit for everybody of the largest group.
const EVERYBODY: u64 = (1 << MAX_TRAVELLERS) - 1;

/// Zones of one permit with something about each, hardly ever more than two.
type ByZone<'a, T> = Vec<(&'a str, T)>;

/// Where the people of one permit are: its presence in every zone in which somebody is inside. `group` has a bit for
/// each of them.
fn presences<'z, 'f>(
    facts: impl Iterator<Item = &'f Fact> + Clone,
    zones: &'z Zones,
    group: u64,
) -> ByZone<'z, Presence<'f>> {
    let undid = |fact: &Fact| if let Deed::Undid(of) = fact.deed { Some(of) } else { None };
    let undone: BTreeSet<_> = facts.clone().filter_map(undid).collect();
    // Devices sync when they can: the order of the scans tells the story, not the order of arrival.
    let mut in_order: Vec<&Fact> = facts.filter(|fact| !undone.contains(&fact.id)).collect();
    in_order.sort_by_key(|fact| fact.at_ms);
    let mut presences: ByZone<'z, Presence<'f>> = Vec::new();
    for fact in in_order {
        let Some(zone) = zones.of_post(&fact.post) else { continue };
        match presences.iter_mut().find(|(known, _)| *known == zone) {
            Some((_, presence)) => apply(presence, fact, group),
            None => {
                let mut presence = Presence::default();
                apply(&mut presence, fact, group);
                presences.push((zone, presence));
            }
        }
    }
    presences.retain(|(_, presence)| presence.rows != 0);
    presences
}

/// Nobody ticked off means everybody.
fn apply<'a>(presence: &mut Presence<'a>, fact: &'a Fact, group: u64) {
    let rows = if fact.present == 0 { group } else { fact.present & group };
    match fact.deed {
        Deed::Entered => {
            if presence.rows == 0 {
                presence.since_ms = fact.at_ms;
            }
            presence.post = Cow::Borrowed(&fact.post);
            presence.rows |= rows;
        }
        Deed::Left => presence.rows &= !rows,
        Deed::Undid(_) | Deed::Other | Deed::Showed => {}
    }
}

/// What the list has to say of one permit. A row in which only more people than the group has would be left is none:
/// without that the list would keep every group whose members were ticked off as they left.
fn rows_of<'z, 'f>(
    store: &Store,
    facts: impl Iterator<Item = &'f Fact> + Clone,
    zones: &'z Zones,
    number: &str,
) -> anyhow::Result<ByZone<'z, Presence<'f>>> {
    let mut presences = presences(facts, zones, EVERYBODY);
    if presences.iter().any(|(_, presence)| presence.rows != EVERYBODY) {
        let group = group_mask(status_of(store, number)?.as_ref());
        presences.retain(|(_, presence)| presence.rows & group != 0);
    }
    Ok(presences)
}

/// Brings the list up to date with what is new in the stories of these permits.
pub(crate) fn keep<'a>(
    store: &Store,
    draft: &mut Draft,
    zones: &'a Zones,
    stories: impl Iterator<Item = &'a Story>,
) -> anyhow::Result<()> {
    let mut changes = Vec::new();
    for story in stories {
        let number = story.number();
        let mut rows = rows_of(store, story.facts(), zones, number)?;
        changes.extend(touched(story, zones).into_iter().map(|zone| {
            let at = rows.iter().position(|(of, _)| *of == zone);
            Change { zone, number: number.into(), presence: at.map(|at| rows.swap_remove(at).1) }
        }));
    }
    rows::change(store, draft, changes)
}

/// The zones in which what is new may have moved somebody.
fn touched<'a>(story: &'a Story, zones: &'a Zones) -> Vec<&'a str> {
    // A mistake is undone wherever it was made.
    let undoes = story.new_facts().any(|fact| matches!(fact.deed, Deed::Undid(_)));
    let mut touched = Vec::new();
    for fact in story.facts().skip(if undoes { 0 } else { story.stored() }) {
        if let Some(zone) = zones.of_post(&fact.post).filter(|zone| !touched.contains(zone)) {
            touched.push(zone);
        }
    }
    touched
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
        let (mut draft, mut changes) = (store.begin(), Vec::new());
        story::for_each(store, shard, |number, facts| {
            let rows = rows_of(store, facts.iter(), zones, number)?;
            changes.extend(rows.into_iter().map(|(zone, presence)| Change {
                zone,
                number: number.to_owned().into(),
                presence: Some(presence.into_owned()),
            }));
            Ok(())
        })?;
        rows::change(store, &mut draft, changes)?;
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
        let told = told.iter().find(|(of, _)| *of == zone).map(|(_, told)| told);
        let listed = rows::find(store, zone, number)?;
        let agrees = match &listed {
            Some(listed) => told == Some(listed),
            None => told.is_none_or(|told| told.rows & 1 == 0),
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
    let (shards, mut last) = (shards(store)?, None);
    for row in store.scan(zone.map_or_else(|| keys::INSIDE.to_vec(), keys::inside_zone)) {
        let (key, value) = row?;
        let Some((zone, _)) = keys::parse_inside(&key) else { continue };
        for (number, presence) in rows::permits(&value)? {
            // Whoever records may have split the row that was read before this one.
            let this = Some((zone.to_owned(), number.clone()));
            if this <= last {
                continue;
            }
            last = this;
            let status = status_of(store, &number)?;
            let group = group_mask(status.as_ref());
            let rows = rows_inside(store, zones, (zone, &number), &presence, group, shards)?;
            let presence = Presence { rows, ..presence };
            if rows != 0 {
                each(describe(zone.to_owned(), &number, &presence, status.as_ref(), group, today));
            }
        }
    }
    Ok(())
}

/// Who of a group is inside.
fn rows_inside(
    store: &Store,
    zones: &Zones,
    (zone, number): (&str, &str),
    listed: &Presence<'_>,
    group: u64,
    shards: u16,
) -> anyhow::Result<u64> {
    if listed.rows & !group == 0 || listed.rows == EVERYBODY {
        return Ok(listed.rows & group);
    }
    // Some of them left one by one: only the size of the group tells whether anybody is left.
    let story = Story::load(store, shard::of(number, shards), number)?;
    let now = presences(story.facts(), zones, group).into_iter().find(|(of, _)| *of == zone);
    Ok(now.map_or(0, |(_, presence)| presence.rows & group))
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
    presence: &Presence<'_>,
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
        post: presence.post.clone().into_owned(),
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

    fn inside_after(facts: &[Fact], group: u64) -> Option<Presence<'static>> {
        let zones = Zones::new([("karasay".to_owned(), "issyk-kul".to_owned(), 1)]);
        let (zone, presence) = presences(facts.iter(), &zones, group).pop()?;
        assert_eq!(zone, "issyk-kul");
        Some(presence.into_owned())
    }

    #[test]
    fn groups_split_and_come_out_one_by_one() {
        let group = 0b1111;
        let mut facts = vec![fact(Deed::Entered, 0, 7)];
        let rows = |facts: &[Fact]| inside_after(facts, group).map(|presence| presence.rows);
        let all = Presence { rows: 0b1111, since_ms: 7, post: "karasay".into() };
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
