//! What is stored under the keys of [`crate::keys`].

use std::cell::RefCell;

use propusk_proto::{Alert, DeviceId, Frame, HandIn, KnownPermit, frame};
use propusk_store::{Draft, Store};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use crate::RecorderError;
use crate::numbers::Number;

/// One record of the log.
#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct Record {
    pub received_at_ms: i64,
    /// The chain hash of this record.
    pub hash: [u8; 32],
    pub content: Content,
}

/// What a record holds of its event.
#[derive(Clone, Serialize, Deserialize)]
pub(crate) enum Content {
    /// The signed event, byte for byte as it was received.
    Frame(#[serde(with = "serde_bytes")] Vec<u8>),
    /// Its bytes were erased. What is left proves the chain, and that this number was recorded.
    Erased { digest: [u8; 32], device: DeviceId, epoch: u64, sequence: u64 },
}

impl Record {
    /// The hash of the event's bytes.
    pub(crate) fn digest(&self) -> [u8; 32] {
        match &self.content {
            Content::Frame(bytes) => frame::digest(bytes),
            Content::Erased { digest, .. } => *digest,
        }
    }

    /// The event; `None` once it was erased.
    pub(crate) fn event(&self) -> anyhow::Result<Option<HandIn>> {
        match &self.content {
            Content::Frame(bytes) => Ok(Some(Frame::split(bytes)?.decode()?)),
            Content::Erased { .. } => Ok(None),
        }
    }

    /// The number under which the event of a record in `shard` came.
    pub(crate) fn number(&self, shard: u16, event: Option<&HandIn>) -> Option<Number> {
        match (&self.content, event) {
            (Content::Erased { device, epoch, sequence, .. }, _) => {
                Some(Number { device: device.clone(), epoch: *epoch, shard, sequence: *sequence })
            }
            (Content::Frame(_), event) => event.map(Number::of),
        }
    }
}

/// Where an event is recorded that came again under another number, and the hash of its bytes then.
#[derive(Clone, Copy, Serialize, Deserialize)]
pub(crate) struct Alias {
    pub index: u64,
    pub digest: [u8; 32],
}

/// A message that no record was made of.
#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct Quarantined {
    pub at_ms: i64,
    pub subject: String,
    pub reason: String,
    #[serde(with = "serde_bytes")]
    pub bytes: Vec<u8>,
}

/// A permit whose story has to be looked at again, because what was known of it when its copies came was not all.
#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct Waiting {
    pub since_ms: i64,
    /// The hand-in with a valid seal of a permit that nobody was known to have issued; `None` where the permit was known
    /// and has changed.
    pub stranger: Option<Stranger>,
}

/// The first hand-in of an unknown permit.
#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct Stranger {
    pub shard: u16,
    pub index: u64,
    pub post: String,
    pub device: DeviceId,
    pub copy: Option<u8>,
}

/// A number of a device's that is missing while the one after it is recorded.
#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct Gap {
    pub since_ms: i64,
    /// The record after it.
    pub index: u64,
    pub post: String,
    /// True once the alert was raised.
    pub reported: bool,
}

/// An alert, and who has seen to it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct StoredAlert {
    pub alert: Alert,
    pub acknowledged: Option<Acknowledgement>,
}

/// Somebody has seen to an alert.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Acknowledgement {
    pub at_ms: i64,
    pub by: String,
    pub note: String,
}

/// An enrolled device.
#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct DeviceRecord {
    pub public_key: String,
    pub post: String,
    pub enrolled_at_ms: i64,
    pub revoked_at_ms: Option<i64>,
}

/// A one-time code that was not yet used.
#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct EnrolmentCode {
    pub post: String,
    pub expires_at_ms: i64,
}

/// Commits that were on disk once and were gone when the store was opened: damage, or an older copy.
#[derive(Clone, Copy, Serialize, Deserialize)]
pub(crate) struct Lost {
    pub at_ms: i64,
    /// How many commits there had been, …
    pub had: u64,
    /// … and were left.
    pub has: u64,
}

/// A permit as devices are told, and its place in the list of changes.
#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct StoredPermit {
    pub known: KnownPermit,
    pub position: u64,
    /// When its newest version was made, Unix milliseconds.
    pub version_at_ms: i64,
}

/// Reads one value from the store.
pub(crate) fn read<T: DeserializeOwned>(store: &Store, key: &[u8]) -> anyhow::Result<Option<T>> {
    store.get(key)?.map(|bytes| parse(&bytes)).transpose()
}

/// Reads one value through a draft, its own writes included.
pub(crate) fn read_draft<T: DeserializeOwned>(draft: &Draft, key: &[u8]) -> anyhow::Result<Option<T>> {
    draft.get(key)?.map(|bytes| parse(&bytes)).transpose()
}

/// Puts one value into a draft.
pub(crate) fn write<T: Serialize>(draft: &mut Draft, key: Vec<u8>, value: &T) -> anyhow::Result<()> {
    draft.put(key, bytes_of(value)?);
    Ok(())
}

/// One value as it is stored.
pub(crate) fn bytes_of<T: Serialize>(value: &T) -> anyhow::Result<Vec<u8>> {
    thread_local! {
        /// Has grown as large as the largest of them: growing byte by byte costs more than all else here.
        static GATHERED: RefCell<Vec<u8>> = const { RefCell::new(Vec::new()) };
    }
    let mut gathered = postcard::to_extend(value, GATHERED.take())?;
    let bytes = gathered.clone();
    gathered.clear();
    GATHERED.set(gathered);
    Ok(bytes)
}

/// Parses one stored value.
pub(crate) fn parse<T: DeserializeOwned>(bytes: &[u8]) -> anyhow::Result<T> {
    let what = std::any::type_name::<T>().rsplit("::").next().unwrap_or("a value");
    Ok(postcard::from_bytes(bytes)
        .map_err(|error| RecorderError::Damaged { what, why: error.to_string() })?)
}
