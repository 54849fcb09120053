//! The invariants, checked from outside: on what is on the disks, with arithmetic of their own.

use std::collections::{BTreeMap, BTreeSet};

use propusk_courier::Credentials;
use propusk_handheld::entry::{Entry, EntryState};
use propusk_proto::chain::{GENESIS, link};
use propusk_proto::{AlertKind, Cursor, DeviceId, Frame, HandIn, Head, Kind, Receipt, Verdict, frame};
use propusk_recorder::ledger::Ledger;
use propusk_seal::PublicKey;
use uuid::Uuid;

use crate::disk::{Disk, Rows};
use crate::machine::zones;

/// What must never be broken; `main.rs` says it in words.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Invariant {
    ReceiptedIsStored,
    RecordedIsStored,
    AckedIsKept,
    StoredOnce,
    EndsSomewhere,
    StatesAreTrue,
    DeviceKeeps,
    ChainHolds,
    RewritingIsFound,
    AlertedOnce,
    NoOtherError,
}

/// A broken invariant.
#[derive(Clone, Debug)]
pub(crate) struct Violation {
    pub invariant: Invariant,
    pub what: String,
}

pub(crate) type Checked<T = ()> = Result<T, Violation>;

pub(crate) fn broken<T>(invariant: Invariant, what: impl Into<String>) -> Checked<T> {
    Err(Violation { invariant, what: what.into() })
}

pub(crate) type SlotKey = (u64, u16, u64);

/// The record as it would be found after a power cut.
#[derive(Default)]
pub(crate) struct Log {
    pub ids: BTreeMap<Uuid, (u16, u64)>,
    pub digests: BTreeSet<[u8; 32]>,
    pub quarantined: BTreeSet<Vec<u8>>,
    pub rewritten: BTreeSet<u16>,
}

/// One hand-in on a device's disk.
pub(crate) struct Held {
    pub id: Uuid,
    pub state: EntryState,
}

pub(crate) fn event(bytes: &[u8]) -> Option<HandIn> {
    Frame::split(bytes).ok()?.decode().ok()
}

/// The id alone: it stands behind the version byte and its own length. Decoding all of every event after every step
/// would take a tenth of the time.
fn id_of(bytes: &[u8]) -> Option<Uuid> {
    Uuid::from_slice(bytes.get(2..18)?).ok()
}

/// Reads the record from a copy of the rows, and checks everything that it must be by itself.
pub(crate) fn read_log(rows: Rows, key: &Credentials, root: PublicKey, shards: u16) -> Checked<Log> {
    let failed =
        |error: anyhow::Error| Violation { invariant: Invariant::NoOtherError, what: error.to_string() };
    let ledger =
        Ledger::open(Disk::holding(rows).store(), key.clone(), root, shards, [0; 24], 0).map_err(failed)?;
    let mut log = Log::default();
    let mut previous = Head { shard: 0, index: 0, hash: GENESIS };
    let mut events = Vec::new();
    for row in ledger.log() {
        let row = row.map_err(failed)?;
        if row.shard != previous.shard {
            previous = Head { shard: row.shard, index: 0, hash: GENESIS };
        }
        let digest = frame::digest(&row.frame);
        let follows = link(&previous.hash, row.shard, row.index, row.received_at_ms, &digest);
        if row.index != previous.index + 1 || follows != row.hash {
            return broken(Invariant::ChainHolds, format!("shard {}, record {}", row.shard, row.index));
        }
        previous = Head { shard: row.shard, index: row.index, hash: row.hash };
        let Some(event) = event(&row.frame) else {
            return broken(Invariant::ChainHolds, "a record that is no hand-in");
        };
        if let Some(first) = log.ids.insert(event.id, (row.shard, row.index)) {
            let what = format!("{} is at {first:?} and at {:?}", event.id, (row.shard, row.index));
            return broken(Invariant::StoredOnce, what);
        }
        log.digests.insert(digest);
        events.push(((row.shard, row.index), event));
    }
    log.quarantined = ledger.quarantine().map_err(failed)?.into_iter().map(|kept| kept.bytes).collect();
    check_alerts(&ledger, &events, &mut log).map_err(failed)??;
    Ok(log)
}

/// The recorder's own audit: its indexes and heads name what the log holds.
pub(crate) fn check_audit(rows: Rows, key: &Credentials, root: PublicKey, shards: u16) -> Checked {
    let failed =
        |error: anyhow::Error| Violation { invariant: Invariant::NoOtherError, what: error.to_string() };
    let ledger = Ledger::open(Disk::holding(rows).store(), key.clone(), root, shards, [0; 24], 0)
        .and_then(|ledger| ledger.with_zones(zones()))
        .map_err(failed)?;
    let audit = ledger.audit().map_err(failed)?;
    if audit.broken.is_empty() { Ok(()) } else { broken(Invariant::ChainHolds, audit.broken.join("; ")) }
}

/// Every copy that was handed in twice has exactly one alert for each time after the first, and no other has any.
fn check_alerts(ledger: &Ledger, events: &[((u16, u64), HandIn)], log: &mut Log) -> anyhow::Result<Checked> {
    let mut expected = BTreeSet::new();
    let (mut left, mut undone) = (Vec::<(&HandIn, Uuid)>::new(), BTreeSet::new());
    for (place, event) in events {
        if let Kind::Undo { of } = event.kind {
            undone.insert(of);
        }
        let copy = event.permit.as_ref().and_then(|permit| permit.copy).is_some_and(|copy| copy > 0);
        if !event.kind.hands_in() || event.verdict == Verdict::Refuse || !copy || undone.contains(&event.id) {
            continue;
        }
        if left.iter().any(|(other, id)| other.permit == event.permit && !undone.contains(id)) {
            expected.insert(*place);
        }
        left.push((event, event.id));
    }
    let (mut unknown, mut others) = (BTreeSet::new(), BTreeSet::new());
    for alert in ledger.alerts()? {
        let again = match (alert.kind, alert.evidence.as_slice()) {
            (AlertKind::CopyHandedInTwice, [_, second]) if expected.remove(second) => continue,
            (AlertKind::CopyHandedInTwice, evidence) => format!("{evidence:?} has one alert too many"),
            (AlertKind::UnknownPermit, _) if unknown.insert(alert.permit.clone()) => continue,
            (AlertKind::UnknownPermit, _) => "an unknown permit is reported twice".to_owned(),
            (AlertKind::RecordRewritten, evidence) => {
                log.rewritten.extend(evidence.first().map(|(shard, _)| *shard));
                continue;
            }
            (AlertKind::Quarantined, _) => continue,
            (kind, evidence) if others.insert((kind.as_str(), alert.device.clone(), evidence.to_vec())) => {
                continue;
            }
            (kind, evidence) => format!("{kind:?} is raised twice of {evidence:?}"),
        };
        return Ok(broken(Invariant::AlertedOnce, again));
    }
    Ok(match expected.first() {
        None => Ok(()),
        Some(place) => broken(Invariant::AlertedOnce, format!("{place:?} has no alert")),
    })
}

/// What a device holds, waiting and done, as it would be found after a power cut.
pub(crate) fn read_device(rows: &Rows) -> Checked<Vec<Held>> {
    let waiting = rows.range(b"q".to_vec()..b"r".to_vec());
    let done = rows.range(b"d".to_vec()..b"e".to_vec());
    let held = |(_, value): (&Vec<u8>, &Vec<u8>)| {
        let entry: Entry = postcard::from_bytes(value).ok()?;
        Some(Held { id: id_of(&entry.frame)?, state: entry.state })
    };
    let all: Option<Vec<Held>> = waiting.chain(done).map(held).collect();
    all.map_or_else(|| broken(Invariant::DeviceKeeps, "a hand-in on a device can't be read"), Ok)
}

/// The chain heads that a device keeps.
pub(crate) fn heads(rows: &Rows) -> Vec<Head> {
    let heads = rows.range(b"h".to_vec()..b"i".to_vec());
    heads.filter_map(|(_, value)| postcard::from_bytes(value).ok()).collect()
}

/// Whether a device was answered in the record's present life, or never: then it is a witness of its heads.
pub(crate) fn is_witness(device: &Rows, record: &Rows) -> bool {
    let cursor = device.get(b"mcursor".as_slice()).and_then(|row| postcard::from_bytes::<Cursor>(row).ok());
    let life = record.get(b"mgeneration".as_slice()).and_then(|row| postcard::from_bytes::<u64>(row).ok());
    cursor.is_none_or(|cursor| Some(cursor.generation) == life)
}

/// What a receipt says of which numbers.
pub(crate) struct Said {
    pub device: DeviceId,
    pub recorded: Vec<SlotKey>,
}

pub(crate) fn said(receipt: &[u8]) -> Option<Said> {
    let receipt: Receipt = Frame::split(receipt).ok()?.decode().ok()?;
    let ranges = receipt.recorded.iter();
    let recorded =
        ranges.flat_map(|range| (range.first..=range.last).map(|n| (range.epoch, range.shard, n))).collect();
    Some(Said { device: receipt.device, recorded })
}
