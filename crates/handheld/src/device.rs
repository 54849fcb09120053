//! Who this device is: its key, its post, whom it trusts, and its queue.

use std::path::PathBuf;

use anyhow::Context;
use data_encoding::BASE64;
use propusk_courier::UserKey;
use propusk_proto::enrolment::EnrolmentReply;
use propusk_proto::{DeviceId, Frame, HandIn, encode, frame};
use propusk_seal::{PublicKey, open_trust_list};
use propusk_store::Store;
use serde::{Deserialize, Serialize};

use crate::HandheldError;
use crate::queue::Queue;
use crate::signer::Signer;
use crate::trusted::Trusted;

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

impl Profile {
    /// What the recorder's answer makes of the device with this public key, and the signed trust list that came with it.
    ///
    /// # Errors
    /// When it is an answer for another key, or does not hold together.
    pub fn of_reply(reply: EnrolmentReply, public_key: &str) -> anyhow::Result<(Self, Vec<u8>)> {
        let device = DeviceId::of_public_key(public_key);
        if reply.device != device.as_str() {
            let why = format!("the recorder named device {}, this key is device {device}", reply.device);
            return Err(HandheldError::Damaged { what: "the recorder's answer", why }.into());
        }
        propusk_proto::device::check_token(&reply.post)?;
        let root = PublicKey::from_sec1_hex(&reply.root_key)?;
        let trust_list =
            BASE64.decode(reply.trust_list.as_bytes()).context("the recorder's trust list is not Base64")?;
        open_trust_list(&trust_list, &root).context("the recorder's trust list does not verify")?;
        let profile = Self {
            device,
            post: reply.post,
            nats_url: reply.nats_url,
            shards: reply.shards,
            recorder_key: reply.recorder_key,
            root_key: reply.root_key,
        };
        Ok((profile, trust_list))
    }
}

/// An enrolled device with its store open; only one process at a time has it. Clones share the store.
#[derive(Clone)]
pub struct Device {
    /// What it was told when it was enrolled.
    pub profile: Profile,
    /// The key it signs with.
    pub credentials: Signer,
    /// The parsed root key.
    pub root: PublicKey,
    /// Who may vouch for the broker; `None` leaves it to the system's list.
    pub broker_ca: Option<PathBuf>,
    /// Its hand-ins.
    pub queue: Queue,
    pub(crate) store: Store,
    pub(crate) trusted: Trusted,
    /// The parsed recorder's key. Without one nothing is the recorder's.
    pub(crate) recorder: Option<UserKey>,
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
        credentials: impl Into<Signer>,
        mark: [u8; 24],
        now_ms: i64,
        random: u32,
    ) -> anyhow::Result<Self> {
        let root = PublicKey::from_sec1_hex(&profile.root_key)?;
        let queue = Queue::open(store.clone(), mark, now_ms, random)?;
        let (trusted, recorder) = (Trusted::by(root), UserKey::parse(&profile.recorder_key));
        let credentials = credentials.into();
        Ok(Self { profile, credentials, root, broker_ca: None, queue, store, trusted, recorder })
    }

    /// Whether the recorder has signed this.
    pub(crate) fn is_recorders(&self, frame: Frame<'_>) -> bool {
        self.recorder.as_ref().is_some_and(|key| key.verifies(frame.message, frame.signature))
    }

    /// Encodes an event and puts the device's signature behind it.
    pub(crate) fn sign(&self, event: &HandIn) -> anyhow::Result<Vec<u8>> {
        let message = encode(event)?;
        Ok(frame::join(&message, &self.credentials.sign(&message)?))
    }
}

#[cfg(test)]
pub(crate) mod fixtures {
    //! A device in a folder of its own.

    use data_encoding::HEXLOWER;
    use propusk_courier::Credentials;
    use propusk_proto::decode;
    use propusk_seal::SigningKey;
    use propusk_store::Options;

    use super::*;

    pub(crate) fn device() -> (tempfile::TempDir, Device) {
        named(1, "karasay")
    }

    /// The device whose key is made of `seed`. Its recorder has the key made of 99 and its trust list the root of 98.
    pub(crate) fn named(seed: u8, post: &str) -> (tempfile::TempDir, Device) {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::open(&folder.path().join("store"), Options::default()).unwrap();
        let credentials = Credentials::generate([seed; 32]).unwrap();
        let profile = Profile {
            device: DeviceId::of_public_key(&credentials.public_key()),
            post: post.to_owned(),
            nats_url: "nats://127.0.0.1:1".to_owned(),
            shards: 64,
            recorder_key: recorder().public_key(),
            root_key: HEXLOWER.encode(&root().public_key().to_sec1()),
        };
        (folder, Device::open(store, profile, credentials, [1; 24], 50, 0).unwrap())
    }

    pub(crate) fn recorder() -> Credentials {
        Credentials::generate([99; 32]).unwrap()
    }

    pub(crate) fn root() -> SigningKey {
        SigningKey::from_bytes(&[98; 32]).unwrap()
    }

    impl Device {
        /// Every event that is still kept.
        pub(crate) fn events(&self) -> Vec<HandIn> {
            let entries = self.queue.waiting().unwrap().into_iter().chain(self.queue.settled().unwrap());
            entries
                .map(|(_, entry)| decode(frame::Frame::split(&entry.frame).unwrap().message).unwrap())
                .collect()
        }
    }
}
