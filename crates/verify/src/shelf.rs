//! The store: encrypted details by number, revocations by permit.
//!
//! `l` and [`propusk_proto::NumberKey::lookup`] → the permits filed under that number, each in its newest version;
//! `r` and the permit's id → when it was revoked, Unix milliseconds. Nothing here can be read without a number.

use propusk_proto::{Change, NumberKey, PermitDetails, PermitEvent, SealedDetails};
use propusk_store::{Draft, Store};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::VerifyError;

/// The most permits under one number. The desk draws 60 random bits; more than one is no accident.
const MOST_PER_NUMBER: usize = 8;

/// One permit's newest version, closed.
#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct Held {
    pub permit_id: Uuid,
    pub version: u8,
    pub office: String,
    pub at_ms: i64,
    pub details: SealedDetails,
}

/// One permit, opened for somebody who presented its number.
pub(crate) struct Opened {
    pub details: PermitDetails,
    pub revoked: bool,
}

fn by_number(lookup: &[u8; 32]) -> Vec<u8> {
    [b"l".as_slice(), lookup].concat()
}

fn by_id(id: Uuid) -> Vec<u8> {
    [b"r".as_slice(), id.as_bytes()].concat()
}

/// Takes one permit event into a draft. A repeat, and a version older than the one that is kept, change nothing.
pub(crate) fn take(draft: &mut Draft, event: &PermitEvent) -> anyhow::Result<()> {
    let (status, details) = match &event.change {
        Change::Issued { status, details }
        | Change::Corrected { status, details }
        | Change::Extended { status, details } => (status, details),
        Change::Revoked => {
            let key = by_id(event.permit_id);
            if draft.get(&key)?.is_none() {
                draft.put(key, postcard::to_allocvec(&event.at_ms)?);
            }
            return Ok(());
        }
        Change::Printed { .. } => return Ok(()),
    };
    let key = by_number(&details.lookup);
    let mut held: Vec<Held> = read(draft.get(&key)?)?.unwrap_or_default();
    let full = held.len() >= MOST_PER_NUMBER;
    match held.iter_mut().find(|held| held.permit_id == event.permit_id) {
        Some(known) if known.version >= status.version => return Ok(()),
        Some(known) => *known = Held::of(event, status.version, details),
        None if full => return Ok(()),
        None => held.push(Held::of(event, status.version, details)),
    }
    draft.put(key, postcard::to_allocvec(&held)?);
    Ok(())
}

impl Held {
    fn of(event: &PermitEvent, version: u8, details: &SealedDetails) -> Self {
        let (permit_id, office, at_ms) = (event.permit_id, event.office.clone(), event.at_ms);
        Self { permit_id, version, office, at_ms, details: details.clone() }
    }
}

/// The permit of a number, opened with the number's key; `None` where there is none.
pub(crate) fn open(store: &Store, key: &NumberKey) -> anyhow::Result<Option<Opened>> {
    let held: Vec<Held> = read(store.get(by_number(&key.lookup))?)?.unwrap_or_default();
    for one in held {
        // Details that this number does not open are not this permit's: somebody else's, or altered.
        let Ok(details) = one.details.open(one.permit_id, key) else { continue };
        let revoked = details.revoked.is_some() || store.get(by_id(one.permit_id))?.is_some();
        return Ok(Some(Opened { details, revoked }));
    }
    Ok(None)
}

fn read<T: DeserializeOwned>(bytes: Option<Vec<u8>>) -> anyhow::Result<Option<T>> {
    let Some(bytes) = bytes else { return Ok(None) };
    Ok(Some(postcard::from_bytes(&bytes).map_err(|error| VerifyError::Damaged(error.to_string()))?))
}
