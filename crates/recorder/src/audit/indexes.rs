//! The indexes beside the log: each names every record, and nothing else.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use propusk_proto::Head;
use propusk_store::Store;

use super::{Audit, gaps};
use crate::batch::Batch;
use crate::log::Entry;
use crate::numbers::{self, Number};
use crate::posts::{self, Place};
use crate::story::{self, Fact, Story};
use crate::values::parse;
use crate::zones::Zones;
use crate::{inside, keys};

/// How often a permit that is just being recorded is looked at again.
const LOOKS: usize = 3;

/// Looks the records of one shard up in the indexes by device and by permit.
pub(super) struct Lookup<'a> {
    store: &'a Store,
    zones: &'a Zones,
    shard: u16,
    /// Reads rows once; nothing of it is ever written.
    rows: Batch,
    /// Records that name a permit.
    of_permits: u64,
    /// Records whose bytes were erased: what the index by permit says of them stays.
    erased: BTreeSet<u64>,
}

impl<'a> Lookup<'a> {
    pub(super) fn of(store: &'a Store, zones: &'a Zones, shard: u16) -> Self {
        let rows = Batch::begin(store, zones, &Arc::default());
        Self { store, zones, shard, rows, of_permits: 0, erased: BTreeSet::new() }
    }

    pub(super) fn check(
        &mut self,
        entry: &Entry,
        posts: &mut Posts,
        audit: &mut Audit,
    ) -> anyhow::Result<()> {
        let Entry { shard, index, record, event } = entry;
        let mut missing = |by| {
            audit.broken.push(format!("shard {shard}, record {index}: the index by {by} does not name it"));
        };
        if let Some(number) = record.number(*shard, event.as_ref())
            && self.rows.find(&number)? != Some(*index)
        {
            missing("device");
        }
        let Some(event) = event else {
            self.erased.insert(*index);
            posts.erased.insert((*shard, *index));
            return Ok(());
        };
        if let (Some(permit), Some(expected)) = (&event.permit, Fact::of(event, *index)) {
            self.of_permits += 1;
            if !self.rows.story(*shard, &permit.number)?.facts().any(|fact| *fact == expected) {
                missing("permit");
            }
        }
        if !posts.has(&event.post, (*shard, *index)) {
            missing("post");
        }
        Ok(())
    }

    /// What else the index by permit names, and whether the list of who is inside follows from it.
    pub(super) fn check_rest(self, end: &Head, audit: &mut Audit) -> anyhow::Result<()> {
        let Self { store, zones, shard, of_permits, erased, .. } = self;
        let mut named = 0;
        story::for_each(store, shard, |number, facts| {
            let counts = |fact: &&Fact| fact.index <= end.index && !erased.contains(&fact.index);
            named += facts.iter().filter(counts).count() as u64;
            if inside::disagreements(store, facts.iter(), zones, number)?.is_empty() {
                return Ok(());
            }
            check_inside(store, zones, shard, number, audit)
        })?;
        count("permit", named, of_permits, &format!("shard {shard}: "), audit);
        Ok(())
    }
}

/// Recording goes on: only what disagrees with a story that stays as it is, is wrong.
fn check_inside(
    store: &Store,
    zones: &Zones,
    shard: u16,
    number: &str,
    audit: &mut Audit,
) -> anyhow::Result<()> {
    for _ in 0..LOOKS {
        let story = Story::load(store, shard, number)?;
        let wrong = inside::disagreements(store, story.facts(), zones, number)?;
        if wrong.is_empty() || Story::load(store, shard, number)?.facts().eq(story.facts()) {
            let say = |zone| format!("who is inside {zone} does not follow from the records of {number}");
            audit.broken.extend(wrong.into_iter().map(say));
            return Ok(());
        }
    }
    Ok(())
}

fn count(by: &str, named: u64, recorded: u64, place: &str, audit: &mut Audit) {
    if named != recorded {
        audit
            .broken
            .push(format!("{place}the index by {by} names {named} records, and the log has {recorded}"));
    }
}

/// The index by post.
pub(super) struct Posts {
    places: BTreeMap<String, Vec<Place>>,
    recorded: u64,
    erased: BTreeSet<Place>,
}

impl Posts {
    /// Reads it, but for what is newer than `ends`.
    pub(super) fn load(store: &Store, ends: &BTreeMap<u16, Head>) -> anyhow::Result<Self> {
        let is_old = |place: &anyhow::Result<Place>| match place {
            Ok((shard, index)) => ends.get(shard).is_some_and(|end| *index <= end.index),
            Err(_) => true,
        };
        let mut all = BTreeMap::new();
        for post in posts::all(store)? {
            let places = posts::newest_first(store, &post).filter(is_old);
            let mut places: Vec<Place> = places.collect::<anyhow::Result<_>>()?;
            places.sort_unstable();
            all.insert(post, places);
        }
        Ok(Self { places: all, recorded: 0, erased: BTreeSet::new() })
    }

    fn has(&mut self, post: &str, place: Place) -> bool {
        self.recorded += 1;
        self.places.get(post).is_some_and(|places| places.binary_search(&place).is_ok())
    }

    /// What else it names.
    pub(super) fn check_rest(self, audit: &mut Audit) {
        let named = self.places.values().flatten().filter(|place| !self.erased.contains(place)).count();
        count("post", named as u64, self.recorded, "", audit);
    }
}

/// Reads the index by device: what else it names, and what is missing between its numbers.
pub(super) fn check_numbers(
    store: &Store,
    ends: &BTreeMap<u16, Head>,
    audit: &mut Audit,
) -> anyhow::Result<()> {
    let refused = gaps::refused(store)?;
    let mut named = 0;
    // Rows of one device and epoch for the same shards.
    let mut together: Vec<Number> = Vec::new();
    for row in store.scan(keys::NUMBERS) {
        let (key, value) = row?;
        let numbers = numbers::in_row(&key, &parse(&value)?);
        let is_new = |(a, b): (&Number, &Number)| !a.shares_rows_with(b);
        if together.first().zip(numbers.first().map(|(number, _)| number)).is_some_and(is_new) {
            audit.missing.extend(gaps_of(&mut together, &refused));
        }
        for (number, index) in numbers {
            let is_old = ends.get(&number.shard).is_some_and(|end| index <= end.index);
            named += u64::from(is_old && !is_alias(store, &number)?);
            together.push(number);
        }
    }
    audit.missing.extend(gaps_of(&mut together, &refused));
    count("device", named, audit.records, "", audit);
    Ok(())
}

/// Whether a recorded hand-in came again under this number.
fn is_alias(store: &Store, number: &Number) -> anyhow::Result<bool> {
    Ok(store.get(keys::alias(number))?.is_some())
}

fn gaps_of(together: &mut Vec<Number>, refused: &BTreeSet<Number>) -> Vec<super::Missing> {
    let mut numbers = std::mem::take(together);
    numbers.sort_unstable();
    gaps::between(&numbers, refused)
}
