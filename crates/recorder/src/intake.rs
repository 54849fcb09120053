//! One pull of hand-ins: examined, decided (`decide.rs`), committed as one batch, and receipted once that is on disk.

use metrics::{counter, histogram};
use propusk_courier::UserKey;
use propusk_proto::{DeviceId, subject};
use propusk_store::Draft;

use crate::decide::Counts;
use crate::keys;
use crate::ledger::{Ledger, Letter};
use crate::permit_cache::ByNumber;
use crate::receipts::Receipts;
use crate::receive::{Received, receive};
use crate::values::{DeviceRecord, read};

/// A message as the broker delivers it. The server's permissions vouch for the subject.
#[derive(Clone, Debug)]
pub struct Incoming {
    /// The subject it was published on.
    pub subject: String,
    /// The bytes as they were received.
    pub payload: Vec<u8>,
}

/// Messages that were read and whose signatures were verified: the work that can be done beside the disk, while an
/// earlier pull is being recorded. Nothing is decided yet.
pub struct Examined(pub(crate) Vec<(Incoming, Received)>);

/// What a pull comes to, in memory only. Nobody may be told of it yet. Only [`Ledger::decide`] makes one.
pub struct Pull {
    pub(crate) ledger: Ledger,
    pub(crate) draft: Draft,
    pub(crate) found: ByNumber,
    pub(crate) receipts: Receipts,
    pub(crate) counts: Counts,
    pub(crate) now_ms: i64,
}

/// A pull whose batch was flushed and synced. Only [`Pull::commit`] makes one.
pub struct OnDisk {
    ledger: Ledger,
    receipts: Receipts,
    now_ms: i64,
}

/// The broker may forget what was pulled. Only [`OnDisk::receipts`] gives one.
#[derive(Debug)]
#[must_use = "without the ack the broker delivers everything again"]
pub struct MayAck(());

impl Ledger {
    /// Reads messages and verifies their signatures. Pulls may be examined at the same time, in any order.
    ///
    /// # Errors
    /// When the store can't be read.
    pub fn examine(&self, messages: impl IntoIterator<Item = Incoming>) -> anyhow::Result<Examined> {
        let messages: Vec<Incoming> = messages.into_iter().collect();
        let received = receive(&messages, self.shards, |device| self.key_of(device))?;
        Ok(Examined(messages.into_iter().zip(received).collect()))
    }

    /// A device's id is the hash of its key, so a key that was found once stays right; whether the device may still
    /// hand in is asked when a pull is decided.
    fn key_of(&self, device: &DeviceId) -> anyhow::Result<Option<UserKey>> {
        if let Some(key) = self.device_keys.of(device) {
            return Ok(Some(key));
        }
        let known: Option<DeviceRecord> = read(&self.store, &keys::device(device))?;
        let key = known.and_then(|known| UserKey::parse(&known.public_key));
        if let Some(key) = &key {
            self.device_keys.remember(device, key);
        }
        Ok(key)
    }

    /// Examines messages and decides what becomes of them. Nothing is written.
    ///
    /// # Errors
    /// When the store can't be read.
    pub fn pull(&self, messages: impl IntoIterator<Item = Incoming>, now_ms: i64) -> anyhow::Result<Pull> {
        self.decide(&self.examine(messages)?, now_ms)
    }
}

impl Pull {
    /// Writes the batch. When this returns `Ok`, all of it is on disk.
    ///
    /// # Errors
    /// When it may not be on disk; the store then refuses writes, and the broker delivers again after a restart.
    pub fn commit(self) -> anyhow::Result<OnDisk> {
        self.commit_with(|| {})
    }

    /// As [`Pull::commit`], and calls `written` when the rows are written; they may not be synced yet.
    pub(crate) fn commit_with(self, written: impl FnOnce()) -> anyhow::Result<OnDisk> {
        let Self { ledger, draft, found, receipts, counts, now_ms } = self;
        ledger.store.commit_with(draft, || {
            ledger.permits.remember(found);
            written();
        })?;
        for (device, at_ms) in &counts.scanned_at_ms {
            ledger.devices.handed_in(device, *at_ms, now_ms);
        }
        histogram!("propusk_recorder_batch_events").record(counts.events);
        counter!("propusk_recorder_hand_ins_total", "new" => "yes").increment(counts.new.into());
        counter!("propusk_recorder_hand_ins_total", "new" => "no").increment(counts.repeated.into());
        Ok(OnDisk { ledger, receipts, now_ms })
    }

    /// The receipts and the leave to ack that nobody may have yet: two of the faults that the simulation has to catch.
    ///
    /// # Errors
    /// When the key can't sign.
    #[cfg(feature = "sabotage")]
    pub fn too_early(&self) -> anyhow::Result<(Vec<Letter>, MayAck)> {
        let (ledger, receipts, now_ms) = (self.ledger.clone(), self.receipts.clone(), self.now_ms);
        OnDisk { ledger, receipts, now_ms }.receipts()
    }
}

impl OnDisk {
    /// The signed receipts, and leave to ack. A receipt that gets lost is made again when its device sends again.
    ///
    /// # Errors
    /// When the key can't sign.
    pub fn receipts(self) -> anyhow::Result<(Vec<Letter>, MayAck)> {
        let signed = self.receipts.sign(&self.ledger.key, self.now_ms)?;
        let letter = |(device, payload)| Letter { subject: subject::receipt(&device), payload };
        Ok((signed.into_iter().map(letter).collect(), MayAck(())))
    }
}
