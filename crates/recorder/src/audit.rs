//! The audit: is every shard's chain whole, is every record indexed, is any device's sequence missing a number?

use std::collections::{BTreeMap, BTreeSet};

use propusk_courier::verify;
use propusk_proto::chain::{GENESIS, link};
use propusk_proto::{DeviceId, Frame, HandIn, Head, frame};
use propusk_store::Store;
use serde::{Deserialize, Serialize};

use crate::keys;
use crate::questions::log;
use crate::record::projections;
use crate::values::{DeviceRecord, Lost, Quarantined, Seen, parse, read};

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
pub(crate) fn audit(store: &Store) -> anyhow::Result<Audit> {
    let mut audit = Audit::default();
    let mut heads: BTreeMap<u16, Head> = BTreeMap::new();
    // Recording goes on meanwhile: what is newer than these is left to the next audit.
    let ends = stored_heads(store)?;
    for entry in log(store) {
        let (shard, index, record, event) = match entry {
            Ok(entry) => entry,
            Err(error) => {
                audit.broken.push(error.to_string());
                continue;
            }
        };
        if ends.get(&shard).is_none_or(|end| index > end.index) {
            continue;
        }
        audit.records += 1;
        let previous = heads.get(&shard).copied().unwrap_or(Head { shard, index: 0, hash: GENESIS });
        let digest = frame::digest(&record.frame);
        if index != previous.index + 1 {
            audit
                .broken
                .push(format!("shard {shard}: record {} is followed by record {index}", previous.index));
        }
        if link(&previous.hash, shard, index, record.received_at_ms, &digest) != record.hash {
            audit
                .broken
                .push(format!("shard {shard}, record {index}: its hash does not follow from the one before"));
        }
        let seen: Option<Seen> =
            read(store, &keys::seen(&event.device, event.epoch, event.shard, event.sequence))?;
        if seen.is_none_or(|seen| seen.index != index || seen.digest != digest) {
            audit.broken.push(format!("shard {shard}, record {index}: the index by device does not name it"));
        }
        for key in projections(&event, index, record.received_at_ms) {
            if store.get(&key)?.is_none() {
                let by = if key.starts_with(b"p") { "permit" } else { "post" };
                audit
                    .broken
                    .push(format!("shard {shard}, record {index}: the index by {by} does not name it"));
            }
        }
        heads.insert(shard, Head { shard, index, hash: record.hash });
    }
    check_heads(&ends, &heads, &mut audit);
    for row in store.scan(keys::LOST) {
        let Lost { at_ms, had, has } = parse(&row?.1)?;
        let at = jiff::Timestamp::from_millisecond(at_ms)?;
        audit.broken.push(format!(
            "{at}: commits {} to {had} were on disk and are gone (damage, or an older copy of the store); devices send again what they still hold, a backup has the rest",
            has + 1
        ));
    }
    audit.missing = gaps(store)?;
    audit.shards = heads.len() as u64;
    let row = |head: Head| HeadRow {
        shard: head.shard,
        index: head.index,
        hash: data_encoding::HEXLOWER.encode(&head.hash),
    };
    audit.heads = heads.into_values().map(row).collect();
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

fn check_heads(stored: &BTreeMap<u16, Head>, found: &BTreeMap<u16, Head>, audit: &mut Audit) {
    for (shard, head) in stored {
        if found.get(shard) != Some(head) {
            audit.broken.push(format!("shard {shard}: the stored head is not the newest record"));
        }
    }
}

/// A device's number: device, epoch, shard, sequence.
type Number = (DeviceId, u64, u16, u64);

fn gaps(store: &Store) -> anyhow::Result<Vec<Missing>> {
    let refused = refused(store)?;
    let mut missing = Vec::new();
    let mut previous: Option<Number> = None;
    for entry in store.scan(b"d") {
        let Some((device, epoch, shard, sequence)) = keys::parse_seen(&entry?.0) else { continue };
        let mut expected = match &previous {
            Some((d, e, s, last)) if (d, *e, *s) == (&device, epoch, shard) => last + 1,
            _ => 1,
        };
        let gap = (device.clone(), epoch, shard, expected)..(device.clone(), epoch, shard, sequence);
        // What was refused has arrived: it is in quarantine.
        let arrived = refused.range(gap).map(|number| number.3).chain([sequence]);
        for number in arrived {
            if number > expected {
                let (device, last) = (device.to_string(), number - 1);
                missing.push(Missing { device, epoch, shard, first: expected, last });
            }
            expected = number + 1;
        }
        previous = Some((device, epoch, shard, sequence));
    }
    Ok(missing)
}

/// The numbers of events in quarantine that are their devices' own.
fn refused(store: &Store) -> anyhow::Result<BTreeSet<Number>> {
    let mut refused = BTreeSet::new();
    for row in store.scan(b"q") {
        let kept: Quarantined = parse(&row?.1)?;
        let Ok(framed) = Frame::split(&kept.bytes) else { continue };
        let Ok(event) = framed.decode::<HandIn>() else { continue };
        let known: Option<DeviceRecord> = read(store, &keys::device(&event.device))?;
        if known.is_some_and(|known| verify(&known.public_key, framed.message, framed.signature)) {
            refused.insert((event.device, event.epoch, event.shard, event.sequence));
        }
    }
    Ok(refused)
}
