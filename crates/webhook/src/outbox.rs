//! The outbox: messages wait in a room's own store, `w` + the time before which they are not tried (first: when they were
//! noted) + hash of the id → [`Waiting`]. So what is due stands first, in the order of its time, however much waits.

use std::sync::Arc;

use propusk_boot::Setting;
use propusk_boot::instance::Instance;
use propusk_store::{Draft, Store};
use serde::{Deserialize, Serialize};
use serde_json::json;
use sha2::{Digest, Sha256};

use crate::WebhookError;
use crate::section::Wishes;

/// Something that happened.
#[derive(Debug)]
pub struct Event<'a> {
    /// Names it among all; the same again is the same event.
    pub id: &'a str,
    /// One of [`EVENTS`](crate::EVENTS).
    pub kind: &'a str,
    /// When (Unix milliseconds).
    pub at_ms: i64,
    /// What else is told; nothing about people.
    pub data: serde_json::Value,
}

/// The most messages that are looked at in one round.
const ROUND: usize = 64;

/// A message that waits.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Waiting {
    pub id: String,
    pub kind: String,
    pub body: String,
    pub since_ms: i64,
    /// Attempts that failed.
    pub failed: u32,
}

/// Who is told, and the outbox; clones share it.
#[derive(Clone)]
pub struct Webhooks {
    pub(crate) wishes: Arc<Wishes>,
    pub(crate) store: Store,
}

impl Webhooks {
    /// As the section `[webhooks]` says; `None` where nobody is to be told.
    ///
    /// # Errors
    /// The section, or the file with the secret, can't be used.
    pub fn open(setting: &Setting, instance: &Instance, store: &Store) -> anyhow::Result<Option<Self>> {
        let wishes = Wishes::read(setting, instance)?;
        Ok(wishes.map(|wishes| Self { wishes: Arc::new(wishes), store: store.clone() }))
    }

    /// Notes an event in a batch of the store that this outbox lies in, where it is one that is to be told. `now_ms` is
    /// the time from which it waits, which may be long after the event's own.
    ///
    /// # Errors
    /// The event's time can't be one.
    pub fn note(&self, draft: &mut Draft, event: &Event<'_>, now_ms: i64) -> anyhow::Result<()> {
        if !self.wishes.events.contains(event.kind) {
            return Ok(());
        }
        let timestamp = jiff::Timestamp::from_millisecond(event.at_ms)?.to_string();
        let body = json!({ "type": event.kind, "timestamp": timestamp, "data": event.data }).to_string();
        let (id, kind) = (event.id.to_owned(), event.kind.to_owned());
        put(draft, now_ms, &Waiting { id, kind, body, since_ms: now_ms, failed: 0 })
    }

    /// Messages that are to be tried now, those first that have been due for longest.
    pub(crate) fn due(&self, now_ms: i64) -> anyhow::Result<Vec<(Vec<u8>, Waiting)>> {
        let end = row(now_ms.saturating_add(1), "");
        let mut due = Vec::new();
        for row in self.store.scan(b"w").take(ROUND) {
            let (key, bytes) = row?;
            if key >= end {
                break;
            }
            due.push((key, parse(&bytes)?));
        }
        Ok(due)
    }

    /// Strikes a message.
    pub(crate) fn strike(&self, row: Vec<u8>) -> anyhow::Result<()> {
        let mut draft = self.store.begin();
        draft.delete(row);
        Ok(self.store.commit(draft)?)
    }

    /// Has a message wait until then.
    pub(crate) fn postpone(&self, row: Vec<u8>, until_ms: i64, message: &Waiting) -> anyhow::Result<()> {
        let mut draft = self.store.begin();
        draft.delete(row);
        put(&mut draft, until_ms, message)?;
        Ok(self.store.commit(draft)?)
    }
}

fn put(draft: &mut Draft, until_ms: i64, message: &Waiting) -> anyhow::Result<()> {
    draft.put(row(until_ms, &message.id), postcard::to_allocvec(message)?);
    Ok(())
}

fn parse(bytes: &[u8]) -> Result<Waiting, WebhookError> {
    postcard::from_bytes(bytes).map_err(|error| WebhookError::Damaged(error.to_string()))
}

fn row(until_ms: i64, id: &str) -> Vec<u8> {
    let (until, hash) = (u64::try_from(until_ms).unwrap_or(0).to_be_bytes(), Sha256::digest(id));
    // Nothing has an empty id: it stands for the end of a time's rows, before the first of the next.
    let hash = if id.is_empty() { &[] } else { hash.get(..16).unwrap_or_default() };
    [b"w".as_slice(), &until, hash].concat()
}
