//! The indexes made again from the log, which alone is the record.
//!
//! What is made again: the index by device (it tells a repeat from a conflict), by permit and by post, and the shards'
//! heads. A rebuild that is interrupted leaves [`keys::REBUILDING`]; the recorder does not start on such a store, since
//! without its index it would take a repeat for a new hand-in.

use std::collections::BTreeMap;

use propusk_proto::{Head, frame};
use propusk_store::Store;
use serde::Serialize;

use crate::record::projections;
use crate::values::{Seen, write};
use crate::{keys, questions};

/// Rows of one batch.
const BATCH: usize = 4096;

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
    let mut rebuilt = Rebuilt::default();
    let mut draft = store.begin();
    draft.put(keys::REBUILDING, b"".as_slice());
    store.commit(draft)?;
    for prefix in keys::PROJECTIONS {
        rebuilt.removed += remove(store, prefix)?;
    }
    let mut heads: BTreeMap<u16, Head> = BTreeMap::new();
    let mut draft = store.begin();
    let mut waiting = 0;
    for entry in questions::log(store) {
        let (shard, index, record, event) = entry?;
        let digest = frame::digest(&record.frame);
        let seen_key = keys::seen(&event.device, event.epoch, event.shard, event.sequence);
        write(&mut draft, seen_key, &Seen { index, digest })?;
        let rows = projections(&event, index, record.received_at_ms);
        rebuilt.made += 1 + rows.len() as u64;
        waiting += 1 + rows.len();
        rows.into_iter().for_each(|key| draft.put(key, b"".as_slice()));
        heads.insert(shard, Head { shard, index, hash: record.hash });
        rebuilt.records += 1;
        if waiting >= BATCH {
            store.commit(std::mem::replace(&mut draft, store.begin()))?;
            waiting = 0;
        }
    }
    rebuilt.made += heads.len() as u64;
    for (shard, head) in heads {
        write(&mut draft, keys::head(shard), &head)?;
    }
    draft.delete(keys::REBUILDING);
    store.commit(draft)?;
    Ok(rebuilt)
}

fn remove(store: &Store, prefix: &[u8]) -> anyhow::Result<u64> {
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
