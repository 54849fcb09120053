//! Registers of the first form, with everything in clear: closed once, as a whole, when they are opened.

use std::path::Path;

use propusk_boot::random;
use propusk_proto::{PermitDetails, PermitEvent, PermitKey, decode};
use propusk_store::{Form, KeyRing, Options, Secret, Store};
use serde::{Deserialize, Serialize};
use tracing::{info, warn};
use uuid::Uuid;

use super::closed::{StoredEntry, StoredVersion};
use super::events::{StoredEvent, holds_details};
use super::{Entry, HistoryEntry, Issued, keyed, parse, permit_key, put};
use crate::DeskError;

/// The present form; the first had no mark, and everything in clear.
const FORM: Form = Form { row: b"mformat", mark: b"2" };
/// Rows of one batch.
const BATCH: usize = 512;

/// The first form of a `p` row.
#[derive(Serialize, Deserialize)]
pub(super) struct PlainEntry {
    pub details: PermitDetails,
    pub counts: Vec<u8>,
    pub events: u32,
    pub history: Vec<HistoryEntry>,
}

/// The first form of an `e` row.
#[derive(Serialize, Deserialize)]
pub(super) struct PlainEvent {
    pub subject: String,
    pub payload: Vec<u8>,
}

/// Opens the register in `folder`, closing an old one first.
pub(super) fn open(folder: &Path, ring: &KeyRing, options: Options) -> anyhow::Result<Store> {
    let (store, closed) = FORM.open(folder, options, |old, new| close_all(old, new, ring))?;
    if let Some(recovery) = store.recovery() {
        warn!(?recovery, "The store was damaged and has been recovered.");
    }
    if closed {
        info!("The register's personal data are closed now, each permit's with a key of its own.");
    }
    Ok(store)
}

/// Writes every row of the old register into the new one.
fn close_all(old: &Store, new: &Store, ring: &KeyRing) -> anyhow::Result<()> {
    let mut draft = new.begin();
    for (count, row) in old.scan(b"").enumerate() {
        let (key, value) = row?;
        let id: [u8; 16] = key.get(1..17).and_then(|id| id.try_into().ok()).unwrap_or_default();
        match key.first() {
            Some(b'p') => {
                let PlainEntry { details, counts, events, history } = parse("permit", &value)?;
                let group = u8::try_from(details.travellers.len())?;
                let key_of_it = Some(key_for(id, ring)?);
                let entry = Entry { details, counts, events, history, group, key: key_of_it, purged: None };
                put(&mut draft, key.clone(), &StoredEntry::of(&entry, &key)?)?;
            }
            Some(b'v') => {
                let details: PermitDetails = parse("permit version", &value)?;
                put(&mut draft, key.clone(), &StoredVersion::of(&details, Some(&key_for(id, ring)?), &key)?)?;
            }
            Some(b'e') => {
                let PlainEvent { subject, payload } = parse("event", &value)?;
                let about_people =
                    decode::<PermitEvent>(&payload).is_ok_and(|event| holds_details(&event.change));
                let event =
                    StoredEvent::close(subject, payload, about_people, Some(&key_for(id, ring)?), &key)?;
                put(&mut draft, key, &event)?;
            }
            Some(b'r') => {
                let Issued { number, digest } = parse("request", &value)?;
                let number_row = super::number_key(&number.parse()?);
                let id = old.get(number_row)?.and_then(|id| id.try_into().ok()).unwrap_or_default();
                let digest = keyed(&key_for(id, ring)?, &digest);
                put(&mut draft, key, &Issued { number, digest })?;
            }
            _ => draft.put(key, value),
        }
        if count % BATCH == BATCH - 1 {
            new.commit(std::mem::replace(&mut draft, new.begin()))?;
        }
    }
    Ok(new.commit(draft)?)
}

/// A permit's key: that of an attempt which was interrupted, or a new one, on disk before anything is closed with it.
fn key_for(id: [u8; 16], ring: &KeyRing) -> anyhow::Result<PermitKey> {
    match ring.get(&id)? {
        Secret::Kept(key) => Ok(permit_key(&key)?),
        Secret::Unknown => {
            let key = PermitKey(random::bytes()?);
            ring.keep([(id, key.0.as_slice())])?;
            Ok(key)
        }
        Secret::Destroyed => {
            let why = format!("the key of permit {} is destroyed", Uuid::from_bytes(id));
            Err(DeskError::Damaged { what: "register", why }.into())
        }
    }
}
