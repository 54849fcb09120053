//! The audit: is every shard's chain whole, do the indexes name every record and nothing else, is any device's sequence
//! missing a number?

pub(crate) mod gaps;
mod indexes;
pub(crate) mod last;

use std::collections::BTreeMap;

use propusk_proto::Head;
use propusk_proto::chain::{GENESIS, link};
use propusk_store::Store;
use serde::{Deserialize, Serialize};

use crate::hours::{Hours, begins_ms};
use crate::keys;
use crate::log::{self, Entry};
use crate::values::{Lost, parse, read};
use crate::zones::Zones;

/// What the audit found.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Audit {
    /// Records read.
    pub records: u64,
    /// Shards that have any.
    pub shards: u64,
    /// What is broken, in words; empty means that the record is whole.
    pub broken: Vec<String>,
    /// Sequence numbers that a device has used and that never arrived (they may still be on the device).
    pub missing: Vec<Missing>,
    /// The newest head of every shard, to compare with what devices and backups hold.
    pub heads: Vec<HeadRow>,
}

/// A gap in a device's sequence.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Missing {
    /// The device.
    pub device: String,
    /// Its boot epoch.
    pub epoch: u64,
    /// The shard.
    pub shard: u16,
    /// First missing number.
    pub first: u64,
    /// Last missing number.
    pub last: u64,
}

/// The newest record of a shard.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct HeadRow {
    /// The shard.
    pub shard: u16,
    /// Its newest index.
    pub index: u64,
    /// Its newest chain hash, in hex.
    pub hash: String,
}

impl Audit {
    /// True when nothing is broken and nothing missing.
    #[must_use]
    pub fn is_whole(&self) -> bool {
        self.broken.is_empty() && self.missing.is_empty()
    }
}

/// Reads the whole log once.
pub(crate) fn audit(store: &Store, zones: &Zones) -> anyhow::Result<Audit> {
    let mut audit = Audit::default();
    // Recording goes on meanwhile: what is newer than these is left to the next audit.
    let ends = stored_heads(store)?;
    let mut posts = indexes::Posts::load(store, &ends)?;
    let mut hours = Hours::default();
    for end in ends.values() {
        check_shard(store, zones, *end, &mut posts, &mut hours, &mut audit)?;
    }
    posts.check_rest(&mut audit);
    for (post, hour) in hours.too_few(store)? {
        let at = jiff::Timestamp::from_millisecond(begins_ms(hour))?;
        audit.broken.push(format!("post {post}: fewer hand-ins of the hour {at} are counted than recorded"));
    }
    indexes::check_numbers(store, &ends, &mut audit)?;
    name_losses(store, &mut audit)?;
    audit.shards = ends.len() as u64;
    let row = |head: Head| HeadRow {
        shard: head.shard,
        index: head.index,
        hash: data_encoding::HEXLOWER.encode(&head.hash),
    };
    audit.heads = ends.into_values().map(row).collect();
    Ok(audit)
}

fn stored_heads(store: &Store) -> anyhow::Result<BTreeMap<u16, Head>> {
    let mut heads = BTreeMap::new();
    for shard in 0..crate::questions::shards(store)? {
        if let Some(head) = read(store, &keys::head(shard))? {
            heads.insert(shard, head);
        }
    }
    Ok(heads)
}

/// Follows the chain of a shard up to its head, and looks every record up in the indexes.
fn check_shard(
    store: &Store,
    zones: &Zones,
    end: Head,
    posts: &mut indexes::Posts,
    hours: &mut Hours,
    audit: &mut Audit,
) -> anyhow::Result<()> {
    let shard = end.shard;
    let mut previous = Head { shard, index: 0, hash: GENESIS };
    let mut lookup = indexes::Lookup::of(store, zones, shard);
    for entry in log::of_shard(store, shard) {
        let entry = match entry {
            Ok(entry) if entry.index > end.index => break,
            Ok(entry) => entry,
            Err(error) => {
                audit.broken.push(error.to_string());
                continue;
            }
        };
        audit.records += 1;
        check_link(&previous, &entry, audit);
        previous = Head { shard, index: entry.index, hash: entry.record.hash };
        if let Some(event) = &entry.event {
            hours.count(event);
        }
        lookup.check(&entry, posts, audit)?;
    }
    if previous != end {
        audit.broken.push(format!("shard {shard}: the stored head is not the newest record"));
    }
    lookup.check_rest(&end, audit)
}

fn check_link(previous: &Head, entry: &Entry, audit: &mut Audit) {
    let Entry { shard, index, record, .. } = entry;
    if *index != previous.index + 1 {
        audit.broken.push(format!("shard {shard}: record {} is followed by record {index}", previous.index));
    }
    if link(&previous.hash, *shard, *index, record.received_at_ms, &record.digest()) != record.hash {
        audit
            .broken
            .push(format!("shard {shard}, record {index}: its hash does not follow from the one before"));
    }
}

fn name_losses(store: &Store, audit: &mut Audit) -> anyhow::Result<()> {
    for row in store.scan(keys::LOST) {
        let Lost { at_ms, had, has } = parse(&row?.1)?;
        let at = jiff::Timestamp::from_millisecond(at_ms)?;
        audit.broken.push(format!(
            "{at}: commits {} to {had} were on disk and are gone (damage, or an older copy of the store); devices send again what they still hold, a backup has the rest",
            has + 1
        ));
    }
    Ok(())
}
