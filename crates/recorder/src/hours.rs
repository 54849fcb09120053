//! How many hand-ins a post had in each hour: a row for every hour in which there were any.
//!
//! The hour is that of the scan, by the device's clock: what was scanned without a signal is counted where it belongs.

use std::collections::BTreeMap;

use propusk_proto::HandIn;
use propusk_store::{Draft, Store};

use crate::keys;
use crate::log;
use crate::rebuild::remove;
use crate::values::{parse, read, write};

/// Hours since 1970 in UTC, which are hours of Kyrgyzstan too: its time differs by whole ones.
pub(crate) type Hour = u32;

const HOUR_MS: i64 = 3_600_000;

/// Hand-ins by post and hour.
#[derive(Default)]
pub(crate) struct Hours(BTreeMap<(String, Hour), u32>);

/// The hour of a time; a clock that is out of all bounds counts in the first or last hour.
pub(crate) fn hour_of(at_ms: i64) -> Hour {
    let hour = at_ms.div_euclid(HOUR_MS).max(0);
    Hour::try_from(hour).unwrap_or(Hour::MAX)
}

/// When an hour begins, Unix milliseconds.
pub(crate) fn begins_ms(hour: Hour) -> i64 {
    i64::from(hour) * HOUR_MS
}

impl Hours {
    /// Counts one hand-in.
    pub(crate) fn count(&mut self, event: &HandIn) {
        let row = self.0.entry((event.post.clone(), hour_of(event.scanned_at_ms))).or_default();
        *row = row.saturating_add(1);
    }

    /// Adds these to what is stored.
    pub(crate) fn add(self, store: &Store, draft: &mut Draft) -> anyhow::Result<()> {
        for ((post, hour), more) in self.0 {
            let key = keys::hour(&post, hour);
            let stored: u32 = read(store, &key)?.unwrap_or_default();
            write(draft, key, &stored.saturating_add(more))?;
        }
        Ok(())
    }

    /// The posts and hours of which fewer are stored than were counted here. More may be: recording goes on, and what was
    /// erased stays counted.
    pub(crate) fn too_few(&self, store: &Store) -> anyhow::Result<Vec<(String, Hour)>> {
        let mut found = Vec::new();
        if store.get(keys::HOURS_MADE)?.is_none() {
            return Ok(found);
        }
        for ((post, hour), counted) in &self.0 {
            let stored: u32 = read(store, &keys::hour(post, *hour))?.unwrap_or_default();
            if stored < *counted {
                found.push((post.clone(), *hour));
            }
        }
        Ok(found)
    }
}

/// Counts everything again from the log, where that was never done or has to be done anew.
pub(crate) fn open(store: &Store) -> anyhow::Result<()> {
    if store.get(keys::HOURS_MADE)?.is_some() {
        return Ok(());
    }
    remove(store, keys::HOURS)?;
    let mut hours = Hours::default();
    for entry in log::all(store) {
        if let Some(event) = entry?.event {
            hours.count(&event);
        }
    }
    let mut draft = store.begin();
    hours.add(store, &mut draft)?;
    draft.put(keys::HOURS_MADE, b"".as_slice());
    Ok(store.commit(draft)?)
}

/// Has everything counted again at the next start.
pub(crate) fn forget(draft: &mut Draft) {
    draft.delete(keys::HOURS_MADE);
}

/// How many a post had in each of the `count` hours up to `last`, oldest first.
pub(crate) fn of_post(store: &Store, post: &str, last: Hour, count: u32) -> anyhow::Result<Vec<u32>> {
    let first = last.saturating_sub(count.saturating_sub(1));
    let mut counts = vec![0; count as usize];
    for row in store.scan_from(keys::hours_of(post), keys::hour(post, first)) {
        let (key, value) = row?;
        let hour = keys::tail(&key).map(Hour::from_be_bytes).unwrap_or_default();
        if hour > last {
            break;
        }
        if let Some(slot) = counts.get_mut((hour - first) as usize) {
            *slot = parse(&value)?;
        }
    }
    Ok(counts)
}
