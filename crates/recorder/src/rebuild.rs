//! The indexes made again from the log, which alone is the record.
//!
//! What is made again: the index by device (it tells a repeat from a conflict), by permit and by post, and the shards'
//! heads; the list of who is inside and the counts by hour follow at the next start. A rebuild that is interrupted leaves
//! [`keys::REBUILDING`]; the recorder does not start on such a store, since without its index it would take a repeat
//! for a new hand-in.

use std::collections::BTreeMap;

use propusk_proto::Head;
use propusk_store::{Draft, Store};
use serde::Serialize;

use crate::log::{self, Entry};
use crate::numbers::{self, Number, SHARDS, Stretch};
use crate::posts::{Place, rows};
use crate::story::{Fact, Story};
use crate::values::{Alias, parse, write};
use crate::{generation, hours, keys, questions};

/// Rows of one batch.
const BATCH: usize = 1024;

/// What a rebuild did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub(crate) struct Rebuilt {
    /// Records read.
    pub records: u64,
    /// Index rows that were there before.
    pub removed: u64,
    /// Index rows made.
    pub made: u64,
}

/// Removes every index row and makes them again. The log is read, never written.
pub(crate) fn rebuild(store: &Store) -> anyhow::Result<Rebuilt> {
    generation::layout(store)?;
    let mut draft = store.begin();
    draft.put(keys::REBUILDING, b"".as_slice());
    draft.delete(keys::ZONES);
    hours::forget(&mut draft);
    store.commit(draft)?;
    let mut rebuilt = Rebuilt::default();
    for prefix in [keys::NUMBERS, keys::STORIES, keys::POSTS] {
        rebuilt.removed += remove(store, prefix)?;
    }
    let mut writer = Writer { store, draft: store.begin(), rebuilt };
    read_log(&mut writer)?;
    writer.draft.delete(keys::REBUILDING);
    write(&mut writer.draft, keys::LAYOUT.to_vec(), &generation::LAYOUT)?;
    store.commit(writer.draft)?;
    Ok(writer.rebuilt)
}

/// Removes every row below a prefix; returns how many.
pub(crate) fn remove(store: &Store, prefix: &[u8]) -> anyhow::Result<u64> {
    let mut removed = 0;
    loop {
        let keys: Vec<Vec<u8>> =
            store.scan(prefix).take(BATCH).map(|row| Ok(row?.0)).collect::<anyhow::Result<_>>()?;
        if keys.is_empty() {
            return Ok(removed);
        }
        removed += keys.len() as u64;
        let mut draft = store.begin();
        keys.into_iter().for_each(|key| draft.delete(key));
        store.commit(draft)?;
    }
}

/// Writes rows in batches.
struct Writer<'a> {
    store: &'a Store,
    draft: Draft,
    rebuilt: Rebuilt,
}

impl Writer<'_> {
    fn put<T: Serialize>(&mut self, key: Vec<u8>, value: &T) -> anyhow::Result<()> {
        write(&mut self.draft, key, value)?;
        self.rebuilt.made += 1;
        if self.draft.len() >= BATCH {
            self.store.commit(std::mem::replace(&mut self.draft, self.store.begin()))?;
        }
        Ok(())
    }
}

fn read_log(writer: &mut Writer<'_>) -> anyhow::Result<()> {
    let aliases = aliases(writer.store)?;
    // The order of the log is that of shards; a post has its records in the order of time.
    let mut posts: BTreeMap<String, Vec<(i64, Place)>> = BTreeMap::new();
    let mut numbers: BTreeMap<Vec<u8>, Stretch> = BTreeMap::new();
    for shard in 0..questions::shards(writer.store)? {
        if shard % SHARDS == 0 {
            let whole = std::mem::take(&mut numbers);
            whole.iter().try_for_each(|(key, stretch)| writer.put(key.clone(), stretch))?;
        }
        let mut name = |number: &Number, index| {
            numbers::put(numbers.entry(number.row()).or_default(), number.slot(), index);
        };
        for (number, alias) in aliases.iter().filter(|(number, _)| number.shard == shard) {
            name(number, alias.index);
        }
        read_shard(writer, shard, &mut name, &mut posts)?;
    }
    numbers.iter().try_for_each(|(key, stretch)| writer.put(key.clone(), stretch))?;
    for (post, mut places) in posts {
        places.sort_unstable();
        let places: Vec<Place> = places.into_iter().map(|(_, place)| place).collect();
        rows(&post, &places).try_for_each(|(key, row)| writer.put(key, &row))?;
    }
    Ok(())
}

/// Reads one shard's log, and writes its head and its stories.
fn read_shard(
    writer: &mut Writer<'_>,
    shard: u16,
    mut name: impl FnMut(&Number, u64),
    posts: &mut BTreeMap<String, Vec<(i64, Place)>>,
) -> anyhow::Result<()> {
    let mut stories: BTreeMap<String, Story> = BTreeMap::new();
    let mut head = None;
    for entry in log::of_shard(writer.store, shard) {
        let Entry { index, record, event, .. } = entry?;
        writer.rebuilt.records += 1;
        if let Some(number) = record.number(shard, event.as_ref()) {
            name(&number, index);
        }
        if let Some(event) = event {
            if let (Some(fact), Some(permit)) = (Fact::of(&event, index), &event.permit) {
                let story = stories.entry(permit.number.clone());
                story.or_insert_with_key(|number| Story::empty(shard, number)).push(fact);
            }
            posts.entry(event.post).or_default().push((record.received_at_ms, (shard, index)));
        }
        head = Some(Head { shard, index, hash: record.hash });
    }
    for (key, facts) in stories.into_values().flat_map(Story::into_rows) {
        writer.put(key, &facts)?;
    }
    head.map_or(Ok(()), |head| writer.put(keys::head(shard), &head))
}

/// The numbers under which recorded hand-ins came again.
fn aliases(store: &Store) -> anyhow::Result<Vec<(Number, Alias)>> {
    let rows = store.scan(keys::ALIASES).map(|row| {
        let (key, value) = row?;
        let Some(number) = keys::parse_alias(&key) else { return Ok(None) };
        Ok(Some((number, parse(&value)?)))
    });
    rows.filter_map(Result::transpose).collect()
}
