//! The store: encrypted details by number, revocations by permit.
//!
//! `l` and [`propusk_proto::NumberKey::lookup`] → the permits filed under that number, each in its newest version;
//! `r` and the permit's id → when it was revoked, Unix milliseconds; `k` → the journal of look-ups. Nothing about people
//! can be read without a number, and nothing at all once the permit's key in the key ring beside the store is destroyed:
//! the engine keeps old bytes, and backups do.

use std::collections::HashMap;
use std::path::Path;

use propusk_boot::random;
use propusk_proto::{Change, NumberKey, PermitDetails, PermitEvent, PermitKey, SealedDetails};
use propusk_store::{Draft, Form, KeyRing, Options, Secret, Store};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::VerifyError;

/// The folder of the data folder that holds the store.
const FOLDER: &str = "verify";
/// The file with the permits' keys: another one than the desk's, which is never told to anybody.
const KEY_RING: &str = "personal-keys/verify.ring";
/// The present form; the first had no mark, and details that any number's holder could read for ever.
const FORM: Form = Form { row: b"mformat", mark: b"2" };
/// The most permits under one number. The desk draws 60 random bits; more than one is no accident.
const MOST_PER_NUMBER: usize = 8;

/// One permit's newest version.
#[derive(Clone, Serialize, Deserialize)]
struct Held {
    permit_id: Uuid,
    version: u8,
    office: String,
    at_ms: i64,
    /// [`SealedDetails`], closed once more with the permit's key of this room.
    closed: Vec<u8>,
}

/// The first form of [`Held`].
#[derive(Serialize, Deserialize)]
struct OpenlyHeld {
    permit_id: Uuid,
    version: u8,
    office: String,
    at_ms: i64,
    details: SealedDetails,
}

/// One permit, opened for somebody who presented its number.
pub(crate) struct Opened {
    pub details: PermitDetails,
    /// Since when it is revoked, Unix milliseconds.
    pub revoked_at_ms: Option<i64>,
    /// About when the permit came to be known, Unix milliseconds.
    pub recorded_at_ms: i64,
}

/// What this room keeps of permits.
pub(crate) struct Shelf {
    store: Store,
    ring: KeyRing,
}

/// Permit events on their way to disk.
pub(crate) struct Taking<'a> {
    shelf: &'a Shelf,
    draft: Draft,
    /// Keys that are not in the ring yet.
    drawn: HashMap<Uuid, PermitKey>,
    /// Whose keys are to be destroyed.
    purged: Vec<Uuid>,
}

impl Shelf {
    /// Opens the shelf of a data folder; an old one is closed first.
    pub(crate) fn open(data: &Path) -> anyhow::Result<Self> {
        let ring = KeyRing::open(&data.join(KEY_RING))?;
        let (store, _) =
            FORM.open(&data.join(FOLDER), Options::default(), |old, new| close_all(old, new, &ring))?;
        Ok(Self { store, ring })
    }

    /// The store, for the journal of look-ups.
    pub(crate) fn store(&self) -> &Store {
        &self.store
    }

    /// Begins to take events.
    pub(crate) fn taking(&self) -> Taking<'_> {
        Taking { shelf: self, draft: self.store.begin(), drawn: HashMap::new(), purged: Vec::new() }
    }

    /// The permit of a number, opened with the number's key; `None` where there is none.
    pub(crate) fn find(&self, key: &NumberKey) -> anyhow::Result<Option<Opened>> {
        let row = by_number(&key.lookup);
        let held: Vec<Held> = read(self.store.get(&row)?)?.unwrap_or_default();
        for one in held {
            let Secret::Kept(secret) = self.ring.get(one.permit_id.as_bytes())? else { continue };
            let sealed = permit_key(&secret)?.open(&row, &one.closed)?;
            let sealed: SealedDetails = parse(&sealed)?;
            // Details that this number does not open are not this permit's: somebody else's, or altered.
            let Ok(details) = sealed.open(one.permit_id, key) else { continue };
            let told = details.revoked.as_ref().map(|(at_ms, _)| *at_ms);
            let revoked_at_ms = told.or(read(self.store.get(by_id(one.permit_id))?)?);
            let recorded_at_ms = issued_at_ms(one.permit_id).unwrap_or(one.at_ms);
            return Ok(Some(Opened { details, revoked_at_ms, recorded_at_ms }));
        }
        Ok(None)
    }
}

impl Taking<'_> {
    /// Takes one permit event. A repeat, and a version older than the one that is kept, change nothing; nor does
    /// anything that comes once more after the permit's people were forgotten.
    pub(crate) fn take(&mut self, event: &PermitEvent) -> anyhow::Result<()> {
        match &event.change {
            Change::Issued { status, details }
            | Change::Corrected { status, details }
            | Change::Extended { status, details } => self.file(event, status.version, details),
            Change::Revoked => {
                let key = by_id(event.permit_id);
                if !self.draft.contains(&key)? {
                    self.draft.put(key, postcard::to_allocvec(&event.at_ms)?);
                }
                Ok(())
            }
            Change::Purged { lookup, .. } => self.forget(event.permit_id, lookup),
            Change::Printed { .. } => Ok(()),
        }
    }

    /// Puts what was taken on disk: the keys of new permits, then the rows, then what is to be destroyed.
    pub(crate) fn commit(self) -> anyhow::Result<()> {
        let Self { shelf, draft, drawn, purged } = self;
        if !drawn.is_empty() {
            shelf.ring.keep(drawn.iter().map(|(id, key)| (*id.as_bytes(), key.0.as_slice())))?;
        }
        if !draft.is_empty() {
            shelf.store.commit(draft)?;
        }
        if !purged.is_empty() {
            shelf.ring.destroy(&purged.iter().map(|id| *id.as_bytes()).collect::<Vec<_>>())?;
        }
        Ok(())
    }

    fn file(&mut self, event: &PermitEvent, version: u8, details: &SealedDetails) -> anyhow::Result<()> {
        let id = event.permit_id;
        let Some(key) = self.key(id)? else { return Ok(()) };
        let row = by_number(&details.lookup);
        let mut held: Vec<Held> = read(self.draft.get(&row)?)?.unwrap_or_default();
        let full = held.len() >= MOST_PER_NUMBER;
        let closed = key.close(&row, &random::bytes()?, &postcard::to_allocvec(details)?)?;
        let new = Held { permit_id: id, version, office: event.office.clone(), at_ms: event.at_ms, closed };
        match held.iter_mut().find(|held| held.permit_id == id) {
            Some(known) if known.version >= version => return Ok(()),
            Some(known) => *known = new,
            None if full => return Ok(()),
            None => held.push(new),
        }
        self.draft.put(row, postcard::to_allocvec(&held)?);
        Ok(())
    }

    /// The permit's key, drawn where there is none yet; `None` once it is destroyed.
    fn key(&mut self, id: Uuid) -> anyhow::Result<Option<PermitKey>> {
        if self.purged.contains(&id) {
            return Ok(None);
        }
        if let Some(key) = self.drawn.get(&id) {
            return Ok(Some(*key));
        }
        Ok(match self.shelf.ring.get(id.as_bytes())? {
            Secret::Kept(secret) => Some(permit_key(&secret)?),
            Secret::Destroyed => None,
            Secret::Unknown => {
                let key = PermitKey(random::bytes()?);
                self.drawn.insert(id, key);
                Some(key)
            }
        })
    }

    fn forget(&mut self, id: Uuid, lookup: &[u8; 32]) -> anyhow::Result<()> {
        let row = by_number(lookup);
        let mut held: Vec<Held> = read(self.draft.get(&row)?)?.unwrap_or_default();
        held.retain(|held| held.permit_id != id);
        if held.is_empty() {
            self.draft.delete(row);
        } else {
            self.draft.put(row, postcard::to_allocvec(&held)?);
        }
        self.draft.delete(by_id(id));
        self.drawn.remove(&id);
        self.purged.push(id);
        Ok(())
    }
}

/// Closes every row of a shelf of the first form.
fn close_all(old: &Store, new: &Store, ring: &KeyRing) -> anyhow::Result<()> {
    let mut rows = new.begin();
    for row in old.scan(b"") {
        let (key, value) = row?;
        if key.first() != Some(&b'l') {
            rows.put(key, value);
            continue;
        }
        let mut held = Vec::new();
        for one in parse::<Vec<OpenlyHeld>>(&value)? {
            let OpenlyHeld { permit_id, version, office, at_ms, details } = one;
            let own = PermitKey(random::bytes()?);
            ring.keep([(*permit_id.as_bytes(), own.0.as_slice())])?;
            let closed = own.close(&key, &random::bytes()?, &postcard::to_allocvec(&details)?)?;
            held.push(Held { permit_id, version, office, at_ms, closed });
        }
        rows.put(key, postcard::to_allocvec(&held)?);
    }
    Ok(new.commit(rows)?)
}

/// A permit's id is a UUIDv7, which begins with the time of its issue; the row here has its newest version's.
fn issued_at_ms(id: Uuid) -> Option<i64> {
    let (seconds, nanos) = id.get_timestamp()?.to_unix();
    i64::try_from(seconds.checked_mul(1000)? + u64::from(nanos / 1_000_000)).ok()
}

fn by_number(lookup: &[u8; 32]) -> Vec<u8> {
    [b"l".as_slice(), lookup].concat()
}

fn by_id(id: Uuid) -> Vec<u8> {
    [b"r".as_slice(), id.as_bytes()].concat()
}

fn permit_key(bytes: &[u8]) -> Result<PermitKey, VerifyError> {
    let damaged = |_| VerifyError::Damaged(format!("a key of {} bytes", bytes.len()));
    bytes.try_into().map(PermitKey).map_err(damaged)
}

fn read<T: DeserializeOwned>(bytes: Option<Vec<u8>>) -> anyhow::Result<Option<T>> {
    bytes.map(|bytes| parse(&bytes)).transpose()
}

fn parse<T: DeserializeOwned>(bytes: &[u8]) -> anyhow::Result<T> {
    Ok(postcard::from_bytes(bytes).map_err(|error| VerifyError::Damaged(error.to_string()))?)
}

#[cfg(test)]
#[path = "shelf_tests.rs"]
mod tests;
