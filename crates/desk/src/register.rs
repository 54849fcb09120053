//! The desk's own register: the source of truth for the permits it issued.
//!
//! Keys: `p` + permit id → [`Entry`]; `v` + permit id + version → details of that version; `n` + permit number →
//! permit id; `r` + order id → [`Issued`]; `e` + permit id + sequence → the event as it was published; `o` + the same → the event waits to be
//! published; `m…` → single values.

use std::sync::{Mutex, MutexGuard, PoisonError};

use propusk_permit::{Permit, PermitNumber};
use propusk_proto::{Change, PermitDetails, PermitEvent, encode, subject};
use propusk_store::{Draft, Store};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::DeskError;
use crate::catalogue::Catalogue;

/// Which stream the signed events were published into.
const STREAM_IDENTITY: &[u8] = b"msigned-stream";
/// The same of a desk that did not sign them yet: there they are published again.
const UNSIGNED_STREAM_IDENTITY: &[u8] = b"mstream";

/// A permit with what the desk keeps beside its newest version.
#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct Entry {
    pub details: PermitDetails,
    /// The number n of copies after each printing, ascending: a copy's seal names the n of the printing it belongs to.
    pub counts: Vec<u8>,
    /// Events so far.
    pub events: u32,
    pub history: Vec<HistoryEntry>,
}

/// What happened to a permit at this desk.
#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct HistoryEntry {
    pub at_ms: i64,
    pub version: u8,
    /// `issued`, `corrected`, `extended`, `revoked`, `printed` or `overridden`.
    pub what: String,
    /// The reason or details, in the clerk's words.
    pub note: Option<String>,
}

/// An order with the name its sender gave it: sent twice, it is issued once.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct NamedOrder {
    pub id: Uuid,
    /// SHA-256 of what was ordered.
    pub digest: [u8; 32],
}

/// What became of a [`NamedOrder`].
#[derive(Serialize, Deserialize)]
struct Issued {
    number: String,
    digest: [u8; 32],
}

impl Entry {
    /// The permit at its newest version.
    pub(crate) fn permit(&self) -> anyhow::Result<Permit> {
        Ok(self.details.permit()?)
    }

    /// The n that belongs to copy `copy`: that of the printing which first had it.
    pub(crate) fn count_for(&self, copy: u8) -> u8 {
        let first = self.counts.iter().find(|count| copy <= **count);
        first.or(self.counts.last()).copied().unwrap_or(0)
    }
}

/// The register on disk. Writers take turns; a change is an entry, its event and its outbox note in one synced batch.
pub(crate) struct Register {
    /// What list and search need, in memory.
    pub catalogue: Catalogue,
    store: Store,
    writing: Mutex<()>,
}

impl Register {
    /// The register in a store; reads every permit once, for the list and the search.
    pub(crate) fn new(store: Store) -> anyhow::Result<Self> {
        let register = Self { catalogue: Catalogue::default(), store, writing: Mutex::default() };
        for row in register.store.scan(b"p") {
            register.catalogue.note(&parse("permit", &row?.1)?);
        }
        Ok(register)
    }

    /// Held while an entry is read, changed and saved, so that two clerks' changes never mix.
    pub(crate) fn lock(&self) -> MutexGuard<'_, ()> {
        self.writing.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The entry of a permit number.
    pub(crate) fn find(&self, number: &PermitNumber) -> anyhow::Result<Entry> {
        let unknown = || DeskError::UnknownPermit { number: number.to_string() };
        let id = self.store.get(number_key(number))?.ok_or_else(unknown)?;
        let entry = self.store.get([b"p".as_slice(), &id].concat())?.ok_or_else(unknown)?;
        parse("permit", &entry)
    }

    /// An older version's details.
    pub(crate) fn version(&self, id: Uuid, version: u8) -> anyhow::Result<Option<PermitDetails>> {
        self.store.get(version_key(id, version))?.map(|bytes| parse("permit version", &bytes)).transpose()
    }

    /// True when the number is taken.
    pub(crate) fn is_taken(&self, number: &PermitNumber) -> anyhow::Result<bool> {
        Ok(self.store.get(number_key(number))?.is_some())
    }

    /// The permit that was issued for this order already.
    ///
    /// # Errors
    /// [`DeskError::OrderReused`] where another order has this name.
    pub(crate) fn issued_for(&self, order: &NamedOrder) -> anyhow::Result<Option<Entry>> {
        let Some(bytes) = self.store.get(order_key(order.id))? else { return Ok(None) };
        let issued: Issued = parse("order", &bytes)?;
        if issued.digest != order.digest {
            return Err(DeskError::OrderReused { number: issued.number }.into());
        }
        self.find(&issued.number.parse()?).map(Some)
    }

    /// The newest permits first, at most `limit`.
    pub(crate) fn newest(&self, limit: usize) -> anyhow::Result<Vec<Entry>> {
        self.store.scan_back(b"p").take(limit).map(|row| parse("permit", &row?.1)).collect()
    }

    /// Saves an entry together with the event that tells of its change, and with the order it was issued for. When
    /// this returns, all are on disk.
    pub(crate) fn save(
        &self,
        mut entry: Entry,
        number: &PermitNumber,
        order: Option<&NamedOrder>,
        office: &str,
        change: Change,
        at_ms: i64,
    ) -> anyhow::Result<Entry> {
        entry.events += 1;
        let id = entry.details.id;
        let name = change.as_str();
        let event =
            PermitEvent { permit_id: id, sequence: entry.events, at_ms, office: office.to_owned(), change };
        let mut draft = self.store.begin();
        put(&mut draft, [b"p".as_slice(), id.as_bytes()].concat(), &entry)?;
        put(&mut draft, version_key(id, entry.details.version), &entry.details)?;
        draft.put(number_key(number), id.as_bytes().as_slice());
        let message = StoredEvent { subject: subject::permit(id, name), payload: encode(&event)? };
        put(&mut draft, event_key(b'e', id, entry.events), &message)?;
        draft.put(event_key(b'o', id, entry.events), b"".as_slice());
        if let Some(order) = order {
            let issued = Issued { number: number.to_string(), digest: order.digest };
            put(&mut draft, order_key(order.id), &issued)?;
        }
        self.store.commit(draft)?;
        self.catalogue.note(&entry);
        Ok(entry)
    }

    /// Events that wait to be published, in order, at most `limit`.
    pub(crate) fn unpublished(&self, limit: usize) -> anyhow::Result<Vec<(Vec<u8>, StoredEvent)>> {
        let mut waiting = Vec::new();
        for row in self.store.scan(b"o").take(limit) {
            let (key, _) = row?;
            let event_key = [b"e".as_slice(), key.get(1..).unwrap_or_default()].concat();
            if let Some(bytes) = self.store.get(event_key)? {
                waiting.push((key, parse("event", &bytes)?));
            }
        }
        Ok(waiting)
    }

    /// Strikes published events from the outbox.
    pub(crate) fn published(&self, keys: Vec<Vec<u8>>) -> anyhow::Result<()> {
        let mut draft = self.store.begin();
        keys.into_iter().for_each(|key| draft.delete(key));
        Ok(self.store.commit(draft)?)
    }

    /// Puts every event into the outbox again: the stream was lost. `identity` is the new stream's.
    pub(crate) fn publish_all_again(&self, identity: Option<&str>) -> anyhow::Result<usize> {
        let mut draft = self.store.begin();
        let mut count = 0;
        for row in self.store.scan(b"e") {
            let (key, _) = row?;
            draft.put([b"o".as_slice(), key.get(1..).unwrap_or_default()].concat(), b"".as_slice());
            count += 1;
        }
        if let Some(identity) = identity {
            draft.put(STREAM_IDENTITY, identity.as_bytes());
        }
        self.store.commit(draft)?;
        Ok(count)
    }

    /// Puts every event of one permit into the outbox again; returns how many there are.
    pub(crate) fn publish_again(&self, id: Uuid) -> anyhow::Result<usize> {
        let mut draft = self.store.begin();
        let mut count = 0;
        for row in self.store.scan([b"e".as_slice(), id.as_bytes()].concat()) {
            let (key, _) = row?;
            draft.put([b"o".as_slice(), key.get(1..).unwrap_or_default()].concat(), b"".as_slice());
            count += 1;
        }
        self.store.commit(draft)?;
        Ok(count)
    }

    /// Which PERMITS stream the events were published into.
    pub(crate) fn stream_identity(&self) -> anyhow::Result<Option<String>> {
        if let Some(bytes) = self.store.get(STREAM_IDENTITY)? {
            return Ok(Some(String::from_utf8_lossy(&bytes).into_owned()));
        }
        Ok(self.store.get(UNSIGNED_STREAM_IDENTITY)?.map(|_| "unsigned".to_owned()))
    }

    /// Remembers which PERMITS stream the events are published into.
    pub(crate) fn remember_stream(&self, identity: &str) -> anyhow::Result<()> {
        let mut draft = self.store.begin();
        draft.put(STREAM_IDENTITY, identity.as_bytes());
        Ok(self.store.commit(draft)?)
    }
}

/// An event as it was published.
#[derive(Serialize, Deserialize)]
pub(crate) struct StoredEvent {
    pub subject: String,
    pub payload: Vec<u8>,
}

fn number_key(number: &PermitNumber) -> Vec<u8> {
    [b"n".as_slice(), number.compact().as_bytes()].concat()
}

fn order_key(id: Uuid) -> Vec<u8> {
    [b"r".as_slice(), id.as_bytes()].concat()
}

fn version_key(id: Uuid, version: u8) -> Vec<u8> {
    [b"v".as_slice(), id.as_bytes(), &[version]].concat()
}

fn event_key(prefix: u8, id: Uuid, sequence: u32) -> Vec<u8> {
    [[prefix].as_slice(), id.as_bytes(), &sequence.to_be_bytes()].concat()
}

fn put<T: Serialize>(draft: &mut Draft, key: Vec<u8>, value: &T) -> anyhow::Result<()> {
    draft.put(key, postcard::to_allocvec(value)?);
    Ok(())
}

fn parse<T: DeserializeOwned>(what: &'static str, bytes: &[u8]) -> anyhow::Result<T> {
    Ok(postcard::from_bytes(bytes).map_err(|error| DeskError::Damaged { what, why: error.to_string() })?)
}
