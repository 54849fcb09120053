//! How the register lies on disk: the facts of a permit in clear, what is about people closed with the permit's key.
//!
//! The key is in the key ring and nowhere else, so destroying it there erases the personal data of every version, note
//! and event at once, from sled's old log and from backups too, and leaves the facts.

use propusk_boot::random;
use propusk_proto::details::{StopDetails, TravellerDetails};
use propusk_proto::{Day, PermitDetails, PermitKey};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{Entry, HistoryEntry, Purged, parse};

/// What stays of a permit version when its people are forgotten.
#[derive(Clone, Serialize, Deserialize)]
pub(super) struct Facts {
    pub id: Uuid,
    pub number: String,
    version: u8,
    issued_on: Day,
    agency: String,
    zones: Vec<String>,
    route: Vec<StopDetails>,
    valid_from: Day,
    pub valid_to: Day,
    copies: u8,
    pub travellers: u8,
    revoked_at_ms: Option<i64>,
}

/// What is about people, or may be: a reason or purpose is in somebody's own words.
#[derive(Serialize, Deserialize)]
struct Personal {
    authority_reference: Option<String>,
    purpose: Option<String>,
    vehicle: Option<String>,
    travellers: Vec<TravellerDetails>,
    revoked_for: String,
}

/// The value of a `v` row.
#[derive(Serialize, Deserialize)]
pub(super) struct StoredVersion {
    facts: Facts,
    /// [`Personal`]; empty once it is erased.
    closed: Vec<u8>,
}

/// The value of a `p` row.
#[derive(Serialize, Deserialize)]
pub(super) struct StoredEntry {
    pub facts: Facts,
    /// [`Personal`] and the history's notes; empty once they are erased.
    closed: Vec<u8>,
    counts: Vec<u8>,
    events: u32,
    /// Without notes, but for those that were written after a purge.
    history: Vec<HistoryEntry>,
    pub purged: Option<Purged>,
}

impl Facts {
    fn of(details: &PermitDetails) -> Self {
        Self {
            id: details.id,
            number: details.number.clone(),
            version: details.version,
            issued_on: details.issued_on,
            agency: details.agency.clone(),
            zones: details.zones.clone(),
            route: details.route.clone(),
            valid_from: details.valid_from,
            valid_to: details.valid_to,
            copies: details.copies,
            travellers: u8::try_from(details.travellers.len()).unwrap_or(u8::MAX),
            revoked_at_ms: details.revoked.as_ref().map(|(at_ms, _)| *at_ms),
        }
    }

    fn details(self, personal: Option<Personal>) -> PermitDetails {
        let (personal, revoked_for) = match personal {
            Some(personal) => {
                let reason = personal.revoked_for.clone();
                (personal, reason)
            }
            None => (Personal::default(), String::new()),
        };
        PermitDetails {
            id: self.id,
            number: self.number,
            version: self.version,
            issued_on: self.issued_on,
            agency: self.agency,
            zones: self.zones,
            route: self.route,
            valid_from: self.valid_from,
            valid_to: self.valid_to,
            copies: self.copies,
            authority_reference: personal.authority_reference,
            purpose: personal.purpose,
            vehicle: personal.vehicle,
            travellers: personal.travellers,
            revoked: self.revoked_at_ms.map(|at_ms| (at_ms, revoked_for)),
        }
    }
}

impl Default for Personal {
    fn default() -> Self {
        let (authority_reference, purpose, vehicle) = (None, None, None);
        Self { authority_reference, purpose, vehicle, travellers: Vec::new(), revoked_for: String::new() }
    }
}

impl Personal {
    fn of(details: &PermitDetails) -> Self {
        Self {
            authority_reference: details.authority_reference.clone(),
            purpose: details.purpose.clone(),
            vehicle: details.vehicle.clone(),
            travellers: details.travellers.clone(),
            revoked_for: details.revoked.as_ref().map(|(_, reason)| reason.clone()).unwrap_or_default(),
        }
    }
}

impl StoredVersion {
    /// Closes a version for the row `row`; without a key its facts only.
    pub(super) fn of(details: &PermitDetails, key: Option<&PermitKey>, row: &[u8]) -> anyhow::Result<Self> {
        Ok(Self { facts: Facts::of(details), closed: close(&Personal::of(details), key, row)? })
    }

    /// The version; what is about people only with the key.
    pub(super) fn open(self, key: Option<&PermitKey>, row: &[u8]) -> anyhow::Result<PermitDetails> {
        Ok(self.facts.details(open(&self.closed, key, row)?))
    }

    /// The same without its people.
    pub(super) fn facts_only(self) -> Self {
        Self { closed: Vec::new(), ..self }
    }
}

impl StoredEntry {
    /// Closes an entry for the row `row`; without a key its facts only.
    pub(super) fn of(entry: &Entry, row: &[u8]) -> anyhow::Result<Self> {
        let notes: Vec<Option<String>> = entry.history.iter().map(|step| step.note.clone()).collect();
        let without_notes = |step: &HistoryEntry| HistoryEntry { note: None, ..step.clone() };
        let history = match &entry.key {
            Some(_) => entry.history.iter().map(without_notes).collect(),
            // What is written after a purge has no key to be closed with; there is nobody left to name.
            None => entry.history.clone(),
        };
        Ok(Self {
            facts: Facts { travellers: entry.group, ..Facts::of(&entry.details) },
            closed: close(&(Personal::of(&entry.details), notes), entry.key.as_ref(), row)?,
            counts: entry.counts.clone(),
            events: entry.events,
            history,
            purged: entry.purged.clone(),
        })
    }

    /// The entry; what is about people only with the key.
    pub(super) fn open(self, key: Option<PermitKey>, row: &[u8]) -> anyhow::Result<Entry> {
        let personal: Option<(Personal, Vec<Option<String>>)> = open(&self.closed, key.as_ref(), row)?;
        let mut history = self.history;
        let (personal, notes) = personal.map_or((None, Vec::new()), |(people, notes)| (Some(people), notes));
        for (step, note) in history.iter_mut().zip(notes) {
            step.note = note;
        }
        Ok(Entry {
            group: self.facts.travellers,
            details: self.facts.details(personal),
            counts: self.counts,
            events: self.events,
            history,
            key,
            purged: self.purged,
        })
    }
}

/// Encodes a value and closes it for the row it will lie in: moved to another row it does not open.
fn close<T: Serialize>(value: &T, key: Option<&PermitKey>, row: &[u8]) -> anyhow::Result<Vec<u8>> {
    let Some(key) = key else { return Ok(Vec::new()) };
    Ok(key.close(row, &random::bytes()?, &postcard::to_allocvec(value)?)?)
}

fn open<T: DeserializeOwned>(
    closed: &[u8],
    key: Option<&PermitKey>,
    row: &[u8],
) -> anyhow::Result<Option<T>> {
    let Some(key) = key.filter(|_| !closed.is_empty()) else { return Ok(None) };
    parse("closed data", &key.open(row, closed)?).map(Some)
}
