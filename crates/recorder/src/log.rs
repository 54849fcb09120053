//! The log: records in blocks of a fixed number, so that where a record lies follows from its index.

use propusk_proto::HandIn;
use propusk_store::Store;

use crate::keys;
use crate::values::{Record, parse};

/// Records of one block. More make fewer rows and dearer changes: the newest block is written anew with each pull.
pub(crate) const BLOCK_RECORDS: u64 = 16;

/// Block and place within it of the record `index`, which counts from 1.
pub(crate) fn place(index: u64) -> (u64, usize) {
    let from_zero = index.saturating_sub(1);
    // A remainder of 16 fits.
    (from_zero / BLOCK_RECORDS, usize::try_from(from_zero % BLOCK_RECORDS).unwrap_or_default())
}

/// One record, or `None` where the log ends before it.
pub(crate) fn record_at(store: &Store, shard: u16, index: u64) -> anyhow::Result<Option<Record>> {
    let (block, at) = place(index);
    let Some(bytes) = store.get(keys::block(shard, block))?.filter(|_| index > 0) else { return Ok(None) };
    Ok(parse::<Vec<Record>>(&bytes)?.into_iter().nth(at))
}

/// A record of the log with its place.
pub(crate) struct Entry {
    pub shard: u16,
    pub index: u64,
    pub record: Record,
    /// The hand-in; `None` once its bytes were erased.
    pub event: Option<HandIn>,
}

/// Every record, in the order of shards and indexes. A block that can't be read is one error; the others follow.
pub(crate) fn all(store: &Store) -> impl Iterator<Item = anyhow::Result<Entry>> + use<> {
    below(store, keys::LOG)
}

/// Every record of one shard.
pub(crate) fn of_shard(store: &Store, shard: u16) -> impl Iterator<Item = anyhow::Result<Entry>> + use<> {
    below(store, &keys::log_of(shard))
}

fn below(store: &Store, prefix: &[u8]) -> impl Iterator<Item = anyhow::Result<Entry>> + use<> {
    store.scan(prefix).flat_map(|row| match row.map_err(anyhow::Error::from).and_then(entries) {
        Ok(entries) => entries,
        Err(error) => vec![Err(error)],
    })
}

fn entries((key, value): (Vec<u8>, Vec<u8>)) -> anyhow::Result<Vec<anyhow::Result<Entry>>> {
    let (shard, block) = keys::parse_block(&key).unwrap_or_default();
    let first = block.saturating_mul(BLOCK_RECORDS).saturating_add(1);
    let records: Vec<Record> = parse(&value)?;
    let entry = |(index, record): (u64, Record)| {
        let event = record.event()?;
        Ok(Entry { shard, index, record, event })
    };
    Ok((first..).zip(records).map(entry).collect())
}
