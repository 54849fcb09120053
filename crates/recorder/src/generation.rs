//! Which life of the record this is. A record that was restored has lost what came after its backup; only devices can
//! bring that back, so they have to learn of it even where everything that they look at seems to be there.
//!
//! Therefore each life has a number of its own, the *generation*, which every answer to a device carries. A device that
//! sees another one sends again everything it still keeps. A new life begins when the record's folder was copied or
//! restored (its mark is another), or when a device remembers something that this record never had.

use propusk_proto::SyncRequest;
use propusk_store::{Draft, Store};
use tracing::warn;

use crate::rebuild::rebuild;
use crate::record::rewritten;
use crate::values::{DeviceRecord, read, write};
use crate::{RecorderError, alerts, keys, log};

/// The layout of `keys.rs`. The first had a row for each record and three more to find it by.
pub(crate) const LAYOUT: u16 = 3;
/// Had the same log, and other rows to find a device's numbers and permits' stories by.
const OTHER_INDEXES: u16 = 2;

/// Opens the record's life: begins the first one, or a new one where `mark` is not the stored one.
pub(crate) fn open(store: &Store, shards: u16, mark: [u8; 24], random: u64) -> anyhow::Result<()> {
    if layout(store)? != LAYOUT {
        // Also where that was begun before and interrupted.
        warn!("An earlier version has made this record. Its indexes are made again from the log.");
        rebuild(store)?;
    } else if store.get(keys::REBUILDING)?.is_some() {
        return Err(RecorderError::Rebuilding.into());
    }
    let stored: Option<u16> = read(store, keys::SHARDS)?;
    if let Some(stored) = stored.filter(|stored| *stored != shards) {
        return Err(RecorderError::Shards { stored, configured: shards }.into());
    }
    let known_mark = store.get(keys::MARK)?;
    if stored.is_some() && known_mark.as_deref() == Some(&mark) {
        return Ok(());
    }
    let mut draft = store.begin();
    if stored.is_none() {
        write(&mut draft, keys::LAYOUT.to_vec(), &LAYOUT)?;
        write(&mut draft, keys::GENERATION.to_vec(), &random.max(1))?;
        // There is nothing to count yet.
        draft.put(keys::HOURS_MADE, b"".as_slice());
    } else if known_mark.is_some() {
        warn!("This record was copied or restored: devices send again what they still keep.");
        renew(&mut draft, random)?;
    }
    write(&mut draft, keys::SHARDS.to_vec(), &shards)?;
    draft.put(keys::MARK, mark);
    Ok(store.commit(draft)?)
}

/// In which layout the record is. One whose log is not that of `keys.rs` is refused.
pub(crate) fn layout(store: &Store) -> anyhow::Result<u16> {
    let begun = store.get(keys::SHARDS)?.is_some();
    let found: u16 = read(store, keys::LAYOUT)?.unwrap_or(if begun { 1 } else { LAYOUT });
    match found {
        LAYOUT | OTHER_INDEXES => Ok(found),
        found => Err(RecorderError::Layout { found, expected: LAYOUT }.into()),
    }
}

/// Begins another life in `draft`.
pub(crate) fn renew(draft: &mut Draft, random: u64) -> anyhow::Result<()> {
    draft.put(keys::RESTORED, b"".as_slice());
    // Zero is what a device names that was never answered.
    write(draft, keys::GENERATION.to_vec(), &random.max(1))
}

/// Looks whether the record has what the device remembers of it. Where it hasn't, an alert says so; and where the device
/// was last answered in this very life, the record was changed behind our back, so a new life begins.
pub(crate) fn look_for_loss(
    store: &Store,
    question: &SyncRequest,
    random: u64,
    now_ms: i64,
) -> anyhow::Result<bool> {
    let head_lost = match &question.witnessed {
        Some(head) => {
            let record = log::record_at(store, head.shard, head.index)?;
            record.is_none_or(|record| record.hash != head.hash)
        }
        None => false,
    };
    let (cursor, position) = (question.cursor, read::<u64>(store, keys::POSITION)?.unwrap_or(0));
    // A device that was never answered says nothing of the life it knows; what it remembers counts all the same.
    let known_life = [Some(0), read::<u64>(store, keys::GENERATION)?];
    let same_life = known_life.contains(&Some(cursor.generation));
    let new_life = same_life && (head_lost || cursor.position > position);
    if !head_lost && !new_life {
        return Ok(false);
    }
    warn!(device = %question.device, "A device remembers what is not in this record: it was restored or rewritten. What devices still keep comes again.");
    store.write(|draft| {
        if new_life {
            renew(draft, random)?;
        }
        if head_lost { report(draft, store, question, now_ms) } else { Ok(()) }
    })?;
    Ok(true)
}

/// One alert for each shard.
fn report(draft: &mut Draft, store: &Store, question: &SyncRequest, now_ms: i64) -> anyhow::Result<()> {
    let Some(head) = question.witnessed else { return Ok(()) };
    let known: Option<DeviceRecord> = read(store, &keys::device(&question.device))?;
    let post = known.map_or_else(|| "unknown".to_owned(), |known| known.post);
    alerts::put(draft, rewritten(&head, None, &post, &question.device), now_ms)?;
    Ok(())
}
