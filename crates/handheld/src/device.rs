//! Who this device is: its key, its post, whom it trusts, and its queue.

use std::path::PathBuf;

use propusk_courier::Credentials;
use propusk_proto::{DeviceId, HandIn, encode, frame};
use propusk_seal::PublicKey;
use propusk_store::Store;
use serde::{Deserialize, Serialize};

use crate::queue::Queue;

/// What enrolment gave the device; not secret.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Profile {
    /// Its id.
    pub device: DeviceId,
    /// The post it was enrolled for.
    pub post: String,
    /// Its broker.
    pub nats_url: String,
    /// The deployment's shards.
    pub shards: u16,
    /// The recorder's public nkey.
    pub recorder_key: String,
    /// The trust list's root key, SEC1 hex.
    pub root_key: String,
}

/// An enrolled device with its store open; only one process at a time has it. Clones share the store.
#[derive(Clone)]
pub struct Device {
    /// What it was told when it was enrolled.
    pub profile: Profile,
    /// The key it signs with.
    pub credentials: Credentials,
    /// The parsed root key.
    pub root: PublicKey,
    /// Who may vouch for the broker; `None` leaves it to the system's list.
    pub broker_ca: Option<PathBuf>,
    /// Its hand-ins.
    pub queue: Queue,
    pub(crate) store: Store,
}

impl Device {
    /// Makes a device of its parts. `mark` changes when the device's files are copied or restored; `now_ms` and
    /// `random` then name a new boot epoch.
    ///
    /// # Errors
    /// When the profile's root key is none, or the store can't be read or written.
    pub fn open(
        store: Store,
        profile: Profile,
        credentials: Credentials,
        mark: [u8; 24],
        now_ms: i64,
        random: u32,
    ) -> anyhow::Result<Self> {
        let root = PublicKey::from_sec1_hex(&profile.root_key)?;
        let queue = Queue::open(store.clone(), mark, now_ms, random)?;
        Ok(Self { profile, credentials, root, broker_ca: None, queue, store })
    }

    /// Encodes an event and puts the device's signature behind it.
    pub(crate) fn sign(&self, event: &HandIn) -> anyhow::Result<Vec<u8>> {
        let message = encode(event)?;
        Ok(frame::join(&message, &self.credentials.sign(&message)?))
    }
}
