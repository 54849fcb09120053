//! One pull of hand-ins: examined, recognised, recorded in one batch, and receipted once that is on disk.

use std::collections::BTreeMap;

use metrics::{counter, histogram};
use propusk_courier::UserKey;
use propusk_proto::{AlertKind, DeviceId, HandIn, Refusal, RefusalReason, subject};
use propusk_store::Draft;
use tracing::warn;

use crate::alerts::Raised;
use crate::batch::Batch;
use crate::ledger::{Ledger, Letter};
use crate::receipts::Receipts;
use crate::receive::{Received, Signed, not_enrolled, receive};
use crate::record::{Outcome, is_recorded, record};
use crate::sabotage::{Fault, flipped};
use crate::values::{DeviceRecord, Quarantined, read, write};
use crate::{alerts, keys, rules};

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
pub struct Examined(Vec<(Incoming, Received)>);

/// What a pull comes to, in memory only. Nobody may be told of it yet.
pub struct Pull {
    ledger: Ledger,
    batch: Batch,
    receipts: Receipts,
    devices: BTreeMap<DeviceId, Option<DeviceRecord>>,
    counts: Counts,
    now_ms: i64,
}

/// What a pull adds to the counters once it is on disk.
#[derive(Default)]
struct Counts {
    events: u32,
    new: u32,
    repeated: u32,
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

    /// Decides what becomes of each message. Nothing is written. One pull is decided and committed before the next is
    /// decided.
    ///
    /// # Errors
    /// When the store can't be read.
    pub fn decide(&self, examined: &Examined, now_ms: i64) -> anyhow::Result<Pull> {
        let batch = Batch::begin(&self.store, &self.zones, &self.limits);
        let (batch, receipts) = (batch.with_keys_of(self.permit_keys.clone()), Receipts::default());
        let devices = BTreeMap::new();
        let mut pull =
            Pull { ledger: self.clone(), batch, receipts, devices, counts: Counts::default(), now_ms };
        for (message, received) in &examined.0 {
            pull.take(message, received)?;
        }
        Ok(pull)
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

    /// As [`Pull::commit`], and calls `written` when the rows are written and not yet synced.
    pub(crate) fn commit_with(self, written: impl FnOnce()) -> anyhow::Result<OnDisk> {
        let Self { ledger, mut batch, receipts, counts, now_ms, .. } = self;
        let found = batch.take_found();
        ledger.store.commit_with(batch.finish()?, || {
            ledger.permit_keys.remember(found);
            written();
        })?;
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

    fn take(&mut self, message: &Incoming, received: &Received) -> anyhow::Result<()> {
        self.counts.events += 1;
        let signed = match received {
            Received::Poison { reason } => return self.quarantine(message, reason.clone()),
            Received::Event(signed) => signed,
        };
        let Some(device) = self.device(&signed.event.device)? else {
            return self.quarantine(message, not_enrolled(&signed.event.device));
        };
        match signed.objection(&device) {
            Some(reason) if !is_recorded(&mut self.batch, &signed.event, &signed.digest)? => {
                self.refuse(message, &signed.event, reason)
            }
            _ => self.record(message, signed),
        }
    }

    /// The registry as it is now, asked once for each device of a pull.
    fn device(&mut self, device: &DeviceId) -> anyhow::Result<Option<DeviceRecord>> {
        if let Some(known) = self.devices.get(device) {
            return Ok(known.clone());
        }
        let known: Option<DeviceRecord> = read(&self.ledger.store, &keys::device(device))?;
        self.devices.insert(device.clone(), known.clone());
        Ok(known)
    }

    fn record(&mut self, message: &Incoming, signed: &Signed) -> anyhow::Result<()> {
        let event = &signed.event;
        let (outcome, raised) = record(&mut self.batch, event, &message.payload, signed.digest, self.now_ms)?;
        match outcome {
            Outcome::Recorded { head, new } => {
                *(if new { &mut self.counts.new } else { &mut self.counts.repeated }) += 1;
                self.ledger.devices.handed_in(event, self.now_ms);
                let slot = (event.epoch, event.shard, event.sequence);
                self.receipts.recorded(&event.device, slot, head);
                for raised in raised {
                    alerts::put(&mut self.batch.draft, raised, self.now_ms)?;
                }
                Ok(())
            }
            Outcome::Refused(reason) => self.refuse(message, event, reason),
        }
    }

    /// Tells the device that its event never will be recorded, and keeps it apart.
    fn refuse(&mut self, message: &Incoming, event: &HandIn, reason: RefusalReason) -> anyhow::Result<()> {
        let (epoch, shard, sequence) = (event.epoch, event.shard, event.sequence);
        self.receipts.refused(&event.device, Refusal { epoch, shard, sequence, reason });
        let why = format!("device {}: {}", event.device, reason.as_str());
        if reason == RefusalReason::DeviceRevoked {
            // One alert for the device, however much it sends.
            alerts::put(&mut self.batch.draft, rules::shut_out(&event.post, &event.device), self.now_ms)?;
            set_aside(&mut self.batch.draft, message, why, self.now_ms)?;
            return Ok(());
        }
        self.quarantine(message, why)
    }

    fn quarantine(&mut self, message: &Incoming, reason: String) -> anyhow::Result<()> {
        quarantine(&mut self.batch.draft, message, reason, self.now_ms)
    }
}

/// Keeps a message of which no record is made, with the reason; the stream moves on and an alert is raised.
pub(crate) fn quarantine(
    draft: &mut Draft,
    message: &Incoming,
    reason: String,
    now_ms: i64,
) -> anyhow::Result<()> {
    if let Some(key) = set_aside(draft, message, reason, now_ms)? {
        let place = subject::parse_hand_in(&message.subject);
        let (post, named) = place.map_or(("unknown", None), |(_, post, device)| (post, Some(device)));
        let raised = Raised::by(AlertKind::Quarantined, post, named.as_ref());
        alerts::put(draft, Raised { about: Some(key), ..raised }, now_ms)?;
    }
    Ok(())
}

/// Keeps a message of which no record is made. What comes again is the same row, and `None`.
fn set_aside(
    draft: &mut Draft,
    message: &Incoming,
    reason: String,
    now_ms: i64,
) -> anyhow::Result<Option<Vec<u8>>> {
    let Incoming { subject, payload } = message;
    warn!(subject, reason, "A message went to quarantine.");
    counter!("propusk_recorder_quarantined_total").increment(1);
    let key = keys::quarantined(subject, payload);
    if draft.contains(&key)? || flipped(Fault::QuarantineWithoutWrite) {
        return Ok(None);
    }
    let (subject, bytes) = (subject.clone(), payload.clone());
    write(draft, key.clone(), &Quarantined { at_ms: now_ms, subject, reason, bytes })?;
    Ok(Some(key))
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
