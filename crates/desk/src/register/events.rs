//! The events of a register: kept as they are published, and published until the broker has them.

use propusk_proto::{Change, PermitEvent, encode, subject};
use propusk_store::{Draft, Secret};
use serde::{Deserialize, Serialize};
use tracing::warn;
use uuid::Uuid;

use super::{Register, parse, permit_key, put};
use propusk_boot::random;
use propusk_proto::PermitKey;

/// Which stream the signed events were published into.
const STREAM_IDENTITY: &[u8] = b"msigned-stream";
/// The same of a desk that did not sign them yet: there they are published again.
const UNSIGNED_STREAM_IDENTITY: &[u8] = b"mstream";

/// An event as it is published.
#[derive(Serialize, Deserialize)]
pub(crate) struct StoredEvent {
    pub subject: String,
    /// Closed with the permit's key where it holds details: they carry a key that the permit number opens, and the
    /// number stays.
    pub payload: Vec<u8>,
    pub(super) closed: bool,
}

impl StoredEvent {
    /// The event for the row `row`.
    pub(super) fn of(event: &PermitEvent, key: Option<&PermitKey>, row: &[u8]) -> anyhow::Result<Self> {
        let subject = subject::permit(event.permit_id, event.change.as_str());
        Self::close(subject, encode(event)?, holds_details(&event.change), key, row)
    }

    pub(super) fn close(
        subject: String,
        payload: Vec<u8>,
        about_people: bool,
        key: Option<&PermitKey>,
        row: &[u8],
    ) -> anyhow::Result<Self> {
        Ok(match key.filter(|_| about_people) {
            Some(key) => {
                Self { subject, payload: key.close(row, &random::bytes()?, &payload)?, closed: true }
            }
            None => Self { subject, payload, closed: false },
        })
    }
}

/// Whether an event carries what is about people.
pub(super) fn holds_details(change: &Change) -> bool {
    matches!(change, Change::Issued { .. } | Change::Corrected { .. } | Change::Extended { .. })
}

impl Register {
    /// Events that wait to be published, in order, at most `limit`.
    pub(crate) fn unpublished(&self, limit: usize) -> anyhow::Result<Vec<(Vec<u8>, StoredEvent)>> {
        let mut waiting = Vec::new();
        for row in self.store.scan(b"o").take(limit) {
            let (key, _) = row?;
            if let Some(event) = self.event(key.get(1..).unwrap_or_default())? {
                waiting.push((key, event));
            }
        }
        Ok(waiting)
    }

    /// The event of a permit id and sequence, opened.
    fn event(&self, place: &[u8]) -> anyhow::Result<Option<StoredEvent>> {
        let row = [b"e".as_slice(), place].concat();
        let Some(bytes) = self.store.get(&row)? else { return Ok(None) };
        let event: StoredEvent = parse("event", &bytes)?;
        if !event.closed {
            return Ok(Some(event));
        }
        let id = place.first_chunk().copied().unwrap_or_default();
        let Secret::Kept(key) = self.ring.get(&id)? else {
            warn!(permit = %Uuid::from_bytes(id), "An event can't be published any more: its permit's key is gone.");
            return Ok(None);
        };
        let payload = permit_key(&key)?.open(&row, &event.payload)?;
        Ok(Some(StoredEvent { payload, closed: false, ..event }))
    }

    /// Strikes published events from the outbox.
    pub(crate) fn published(&self, keys: Vec<Vec<u8>>) -> anyhow::Result<()> {
        let mut draft = self.store.begin();
        keys.into_iter().for_each(|key| draft.delete(key));
        Ok(self.store.commit(draft)?)
    }

    /// Puts every event into the outbox again: the stream was lost. `identity` is the new stream's. What was erased
    /// from the stream is erased again, should it have come back.
    pub(crate) fn publish_all_again(&self, identity: Option<&str>) -> anyhow::Result<usize> {
        let mut draft = self.store.begin();
        let mut count = 0;
        for row in self.store.scan(b"e") {
            let (key, _) = row?;
            draft.put([b"o".as_slice(), key.get(1..).unwrap_or_default()].concat(), b"".as_slice());
            count += 1;
        }
        self.erase_all_again(&mut draft)?;
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

/// Puts an event and its outbox note into a draft.
pub(super) fn put_event(
    draft: &mut Draft,
    event: &PermitEvent,
    key: Option<&PermitKey>,
) -> anyhow::Result<()> {
    let row = super::event_key(b'e', event.permit_id, event.sequence);
    put(draft, row.clone(), &StoredEvent::of(event, key, &row)?)?;
    draft.put(super::event_key(b'o', event.permit_id, event.sequence), b"".as_slice());
    Ok(())
}
