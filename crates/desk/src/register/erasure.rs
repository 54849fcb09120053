//! Forgetting the people of a permit. One batch takes their closed data out of the register and notes that the key is
//! to be destroyed; then it is. A crash in between is made good at the next opening.

use propusk_proto::{Change, PermitEvent, subject};
use propusk_store::{Draft, Secret};
use serde::{Deserialize, Serialize};
use tracing::info;
use uuid::Uuid;

use super::closed::{StoredEntry, StoredVersion};
use super::events::put_event;
use super::{Entry, HistoryEntry, Register, entry_key, parse, put};

/// Who had the people of a permit forgotten, when and why.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Purged {
    pub at_ms: i64,
    pub by: String,
    pub why: String,
}

/// The events of a permit that carry its details.
const WITH_DETAILS: [&str; 3] = ["issued", "corrected", "extended"];

impl Register {
    /// Forgets the people of `entry`, which the caller holds the lock for. `tombstone` tells the readers of PERMITS; it
    /// stands for every event before it. When this returns, the key is destroyed.
    pub(crate) fn forget(
        &self,
        entry: Entry,
        purged: Purged,
        tombstone: Change,
        office: &str,
        note: impl FnOnce(&mut Draft) -> anyhow::Result<()>,
    ) -> anyhow::Result<()> {
        let id = entry.details.id;
        let at_ms = purged.at_ms;
        let sequence = entry.events + 1;
        let event =
            PermitEvent { permit_id: id, sequence, at_ms, office: office.to_owned(), change: tombstone };
        let mut entry = Entry { key: None, events: sequence, purged: Some(purged.clone()), ..entry };
        for step in &mut entry.history {
            step.note = None;
        }
        let (version, what) = (entry.details.version, "purged".to_owned());
        entry.history.push(HistoryEntry { at_ms, version, what, note: Some(purged.why) });
        self.store.write(|draft| {
            self.forget_rows(draft, id)?;
            put(draft, entry_key(id), &StoredEntry::of(&entry, &entry_key(id))?)?;
            put_event(draft, &event, None)?;
            draft.put(to_destroy(id), b"".as_slice());
            draft.put(to_erase(id), b"".as_slice());
            note(draft)
        })?;
        self.destroy_keys()?;
        self.catalogue.note(&StoredEntry::of(&entry, &entry_key(id))?.open(None, &entry_key(id))?);
        Ok(())
    }

    /// Leaves of each version its facts, and of the events nothing.
    fn forget_rows(&self, draft: &mut Draft, id: Uuid) -> anyhow::Result<()> {
        for row in self.store.scan([b"v".as_slice(), id.as_bytes()].concat()) {
            let (key, value) = row?;
            put(draft, key, &parse::<StoredVersion>("permit version", &value)?.facts_only())?;
        }
        for prefix in [b"e", b"o"] {
            for row in self.store.scan([prefix.as_slice(), id.as_bytes()].concat()) {
                draft.delete(row?.0);
            }
        }
        Ok(())
    }

    /// Destroys the keys that are noted for it.
    pub(super) fn destroy_keys(&self) -> anyhow::Result<()> {
        let noted: Vec<Vec<u8>> =
            self.store.scan(b"z").map(|row| Ok(row?.0)).collect::<anyhow::Result<_>>()?;
        if noted.is_empty() {
            return Ok(());
        }
        let ids: Vec<[u8; 16]> = noted.iter().filter_map(|key| key.last_chunk().copied()).collect();
        self.ring.destroy(&ids)?;
        let mut draft = self.store.begin();
        noted.into_iter().for_each(|key| draft.delete(key));
        self.store.commit(draft)?;
        info!(permits = ids.len(), "Personal data were erased: their keys are destroyed.");
        Ok(())
    }

    /// Permits whose people are known and whose last valid day is before `day` (YYYYMMDD).
    pub(crate) fn expired_before(&self, day: propusk_proto::Day) -> anyhow::Result<Vec<String>> {
        let mut numbers = Vec::new();
        for row in self.store.scan(b"p") {
            let stored: StoredEntry = parse("permit", &row?.1)?;
            if stored.purged.is_none() && stored.facts.valid_to < day {
                numbers.push(stored.facts.number);
            }
        }
        Ok(numbers)
    }

    /// Permits whose key is destroyed although the register knows of no purge: it was restored from an older copy.
    pub(crate) fn destroyed_unknowingly(&self) -> anyhow::Result<Vec<String>> {
        let mut numbers = Vec::new();
        for row in self.store.scan(b"p") {
            let stored: StoredEntry = parse("permit", &row?.1)?;
            if stored.purged.is_none()
                && matches!(self.ring.get(stored.facts.id.as_bytes())?, Secret::Destroyed)
            {
                numbers.push(stored.facts.number);
            }
        }
        Ok(numbers)
    }

    /// The subjects of PERMITS that still have to be erased, each with its note in the outbox.
    pub(crate) fn to_erase(&self) -> anyhow::Result<Vec<(Vec<u8>, Vec<String>)>> {
        let rows = self.store.scan(b"y").map(|row| {
            let (key, _) = row?;
            let id = Uuid::from_bytes(key.last_chunk().copied().unwrap_or_default());
            Ok((key, WITH_DETAILS.map(|event| subject::permit(id, event)).to_vec()))
        });
        rows.collect()
    }

    /// After the loss of a stream, whose older copy may be back: everything that was erased is erased again.
    pub(super) fn erase_all_again(&self, draft: &mut Draft) -> anyhow::Result<()> {
        for row in self.store.scan(b"p") {
            let stored: StoredEntry = parse("permit", &row?.1)?;
            if stored.purged.is_some() {
                draft.put(to_erase(stored.facts.id), b"".as_slice());
            }
        }
        Ok(())
    }

    /// The key of a permit, where it is there.
    pub(super) fn key(&self, id: Uuid) -> anyhow::Result<Option<propusk_proto::PermitKey>> {
        Ok(match self.ring.get(id.as_bytes())? {
            Secret::Kept(key) => Some(super::permit_key(&key)?),
            Secret::Destroyed | Secret::Unknown => None,
        })
    }
}

fn to_destroy(id: Uuid) -> Vec<u8> {
    [b"z".as_slice(), id.as_bytes()].concat()
}

fn to_erase(id: Uuid) -> Vec<u8> {
    [b"y".as_slice(), id.as_bytes()].concat()
}
