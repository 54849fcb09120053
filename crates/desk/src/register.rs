//! The desk's own register: the source of truth for the permits it issued.
//!
//! Keys: `p` + permit id → the permit's newest state; `v` + permit id + version → that version; `n` + permit number →
//! permit id; `r` + name of a request → [`Issued`], `s` + the same → the copies that it printed; `e` + permit id + sequence → the event as it is published; `o` + the same →
//! the event waits to be published; `y` + permit id → its events wait to be erased from the stream; `w` + time + hash → a webhook that waits; `z` + permit id → its
//! key is to be destroyed; `k` → the journal of look-ups; `m…` → single values.
//!
//! What is about people is closed with the permit's own key (`closed.rs`), which lies in the key ring beside the store.

use std::path::Path;
use std::sync::{Mutex, MutexGuard, PoisonError};

use propusk_permit::{Permit, PermitNumber};
use propusk_proto::{Change, PermitDetails, PermitEvent, PermitKey};
use propusk_store::{Draft, KeyRing, Options, Store};
use propusk_webhook::Webhooks;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use uuid::Uuid;

use crate::DeskError;
use crate::catalogue::Catalogue;

mod closed;
mod erasure;
mod events;
mod hooks;
mod plain;
#[cfg(test)]
mod tests;

use closed::{StoredEntry, StoredVersion};
pub(crate) use erasure::Purged;
pub(crate) use events::StoredEvent;

/// The folder of the data folder that holds the register.
pub(crate) const FOLDER: &str = "desk";
/// The file with the permits' keys, in a folder of its own: no backup keeps it longer than the data.
pub(crate) const KEY_RING: &str = "personal-keys/desk.ring";

/// A permit with what the desk keeps beside its newest version.
#[derive(Clone)]
pub(crate) struct Entry {
    /// The newest version; without its people where they are forgotten.
    pub details: PermitDetails,
    /// The number n of copies after each printing, ascending: a copy's seal names the n of the printing it belongs to.
    pub counts: Vec<u8>,
    /// Events so far.
    pub events: u32,
    pub history: Vec<HistoryEntry>,
    /// Travellers of the newest version, also where they are forgotten.
    pub group: u8,
    /// The key of everything that is about people; `None` once it is destroyed.
    pub key: Option<PermitKey>,
    pub purged: Option<Purged>,
}

/// What happened to a permit at this desk.
#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct HistoryEntry {
    pub at_ms: i64,
    pub version: u8,
    /// `issued`, `corrected`, `extended`, `revoked`, `printed`, `overridden` or `purged`.
    pub what: String,
    /// The reason or details, in the clerk's words.
    pub note: Option<String>,
}

/// A request with the name its sender gave it: sent twice, it is done once. What it did is noted in the batch that does
/// it, and stays as long as the permit: the answer is made again from the register, so nothing about people is kept twice.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct NamedRequest {
    pub id: Uuid,
    /// SHA-256 of what was asked.
    pub digest: [u8; 32],
}

impl NamedRequest {
    /// A request under a name of a sender's own; the same name of another sender is another name.
    pub(crate) fn of(sender: &str, name: &str, digest: [u8; 32]) -> Self {
        let hash = Sha256::new().chain_update("propusk request 1\0").chain_update(sender).chain_update([0]);
        let hash = hash.chain_update(name).finalize();
        let first = hash.first_chunk().copied().unwrap_or_default();
        Self { id: uuid::Builder::from_custom_bytes(first).into_uuid(), digest }
    }
}

/// What a [`NamedRequest`] has done.
pub(crate) struct Done {
    /// The permit as it is now.
    pub entry: Entry,
    /// The copies that it printed, where it printed any.
    pub printed: Vec<u8>,
}

/// What became of a [`NamedRequest`].
#[derive(Serialize, Deserialize)]
struct Issued {
    number: String,
    /// SHA-256 of the permit's key and the request's digest: whoever guesses at names learns nothing from it.
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

    /// Refuses what needs the people of a permit whose people are forgotten.
    pub(crate) fn with_people(&self) -> Result<&PermitKey, DeskError> {
        let number = self.details.number.parse::<PermitNumber>();
        let number = number.map_or_else(|_| self.details.number.clone(), |number| number.to_string());
        match (&self.key, &self.purged) {
            (Some(key), _) => Ok(key),
            (None, Some(purged)) => Err(DeskError::Purged {
                on: jiff::Timestamp::from_millisecond(purged.at_ms)
                    .map(|at| propusk_boot::clock::date_in_bishkek(at).to_string())
                    .unwrap_or_default(),
                number,
            }),
            (None, None) => Err(DeskError::KeyLost { number }),
        }
    }
}

/// The register on disk. Writers take turns; a change is an entry, its event and its outbox note in one synced batch.
pub(crate) struct Register {
    /// What list and search need, in memory.
    pub catalogue: Catalogue,
    store: Store,
    ring: KeyRing,
    writing: Mutex<()>,
    /// Who else is told what happens.
    webhooks: Option<Webhooks>,
}

impl Register {
    /// Opens the register of a data folder. One that was written in clear is closed first, once and whole; a purge that
    /// was interrupted is finished. Every permit is read once, for the list and the search.
    pub(crate) fn open(data: &Path, options: Options) -> anyhow::Result<Self> {
        let ring = KeyRing::open(&data.join(KEY_RING))?;
        let store = plain::open(&data.join(FOLDER), &ring, options)?;
        let (catalogue, writing) = (Catalogue::default(), Mutex::default());
        let register = Self { catalogue, store, ring, writing, webhooks: None };
        register.destroy_keys()?;
        for row in register.store.scan(b"p") {
            register.catalogue.note(&register.entry(parse("permit", &row?.1)?)?);
        }
        Ok(register)
    }

    /// Has what happens from now on told to others too, out of an outbox in this register's store.
    pub(crate) fn tell(&mut self, webhooks: Option<Webhooks>) {
        self.webhooks = webhooks;
    }

    /// Where look-ups are noted.
    pub(crate) fn store(&self) -> &Store {
        &self.store
    }

    /// Held while an entry is read, changed and saved, so that two clerks' changes never mix.
    pub(crate) fn lock(&self) -> MutexGuard<'_, ()> {
        self.writing.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The entry of a permit number. Whoever shows it to somebody notes that (`lookups.rs`).
    pub(crate) fn find(&self, number: &PermitNumber) -> anyhow::Result<Entry> {
        let unknown = || DeskError::UnknownPermit { number: number.to_string() };
        let id = self.store.get(number_key(number))?.ok_or_else(unknown)?;
        let id = Uuid::from_slice(&id)?;
        let bytes = self.store.get(entry_key(id))?.ok_or_else(unknown)?;
        self.entry(parse("permit", &bytes)?)
    }

    fn entry(&self, stored: StoredEntry) -> anyhow::Result<Entry> {
        let id = stored.facts.id;
        let key = if stored.purged.is_some() { None } else { self.key(id)? };
        stored.open(key, &entry_key(id))
    }

    /// An older version's details.
    pub(crate) fn version(&self, entry: &Entry, version: u8) -> anyhow::Result<Option<PermitDetails>> {
        let row = version_key(entry.details.id, version);
        let Some(bytes) = self.store.get(&row)? else { return Ok(None) };
        parse::<StoredVersion>("permit version", &bytes)?.open(entry.key.as_ref(), &row).map(Some)
    }

    /// True when the number is taken.
    pub(crate) fn is_taken(&self, number: &PermitNumber) -> anyhow::Result<bool> {
        Ok(self.store.get(number_key(number))?.is_some())
    }

    /// What this request has done already.
    ///
    /// # Errors
    /// [`DeskError::NameReused`] where another request has this name, [`DeskError::Purged`] where nobody can tell any more.
    pub(crate) fn done(&self, request: &NamedRequest) -> anyhow::Result<Option<Done>> {
        let Some(bytes) = self.store.get(request_key(request.id))? else { return Ok(None) };
        let issued: Issued = parse("request", &bytes)?;
        let entry = self.find(&issued.number.parse()?)?;
        if issued.digest != keyed(entry.with_people()?, &request.digest) {
            return Err(DeskError::NameReused { number: issued.number }.into());
        }
        let printed = self.store.get(printed_key(request.id))?.unwrap_or_default();
        Ok(Some(Done { entry, printed }))
    }

    /// The newest permits first, at most `limit`.
    pub(crate) fn newest(&self, limit: usize) -> anyhow::Result<Vec<Entry>> {
        let entries = self.store.scan_back(b"p").take(limit);
        entries.map(|row| self.entry(parse("permit", &row?.1)?)).collect()
    }

    /// Saves an entry together with the event that tells of its change, and with the request that it was made for. When
    /// this returns, all are on disk, the key of a new permit before anything that is closed with it.
    pub(crate) fn save(
        &self,
        mut entry: Entry,
        number: &PermitNumber,
        request: Option<&NamedRequest>,
        office: &str,
        change: Change,
        at_ms: i64,
    ) -> anyhow::Result<Entry> {
        entry.events += 1;
        entry.group = entry.group.max(u8::try_from(entry.details.travellers.len())?);
        let (id, key) = (entry.details.id, entry.key.as_ref());
        if let Some(key) = key.filter(|_| entry.events == 1) {
            self.ring.keep([(*id.as_bytes(), key.0.as_slice())])?;
        }
        let event =
            PermitEvent { permit_id: id, sequence: entry.events, at_ms, office: office.to_owned(), change };
        let mut draft = self.store.begin();
        put(&mut draft, entry_key(id), &StoredEntry::of(&entry, &entry_key(id))?)?;
        let row = version_key(id, entry.details.version);
        if key.is_some() {
            put(&mut draft, row.clone(), &StoredVersion::of(&entry.details, key, &row)?)?;
        }
        draft.put(number_key(number), id.as_bytes().as_slice());
        events::put_event(&mut draft, &event, key)?;
        if let Some(webhooks) = &self.webhooks {
            hooks::note(webhooks, &mut draft, &event, number, entry.details.version)?;
        }
        if let (Some(request), Some(key)) = (request, key) {
            let issued = Issued { number: number.to_string(), digest: keyed(key, &request.digest) };
            put(&mut draft, request_key(request.id), &issued)?;
            if let Change::Printed { copies, .. } = &event.change {
                draft.put(printed_key(request.id), copies.as_slice());
            }
        }
        self.store.commit(draft)?;
        self.catalogue.note(&entry);
        Ok(entry)
    }
}

fn keyed(key: &PermitKey, digest: &[u8; 32]) -> [u8; 32] {
    Sha256::new().chain_update("propusk order 1").chain_update(key.0).chain_update(digest).finalize().into()
}

/// A key of the ring.
pub(crate) fn permit_key(bytes: &[u8]) -> Result<PermitKey, DeskError> {
    let damaged = |_| DeskError::Damaged { what: "key", why: format!("it has {} bytes", bytes.len()) };
    bytes.try_into().map(PermitKey).map_err(damaged)
}

fn entry_key(id: Uuid) -> Vec<u8> {
    [b"p".as_slice(), id.as_bytes()].concat()
}

fn number_key(number: &PermitNumber) -> Vec<u8> {
    [b"n".as_slice(), number.compact().as_bytes()].concat()
}

fn request_key(id: Uuid) -> Vec<u8> {
    [b"r".as_slice(), id.as_bytes()].concat()
}

fn printed_key(id: Uuid) -> Vec<u8> {
    [b"s".as_slice(), id.as_bytes()].concat()
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
