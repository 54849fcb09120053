//! One pull of hand-ins: received, recognised, recorded in one batch, and receipted once that is on disk.

use metrics::{counter, histogram};
use propusk_proto::{DeviceId, HandIn, Refusal, RefusalReason, subject};
use propusk_store::Draft;
use tracing::warn;

use crate::ledger::{Ledger, Letter};
use crate::receipts::Receipts;
use crate::receive::{Received, receive};
use crate::record::{Outcome, is_recorded, record};
use crate::sabotage::{Fault, flipped};
use crate::values::{DeviceRecord, Quarantined, read, write};
use crate::{alerts, keys};

/// A message as the broker delivers it. The server's permissions vouch for the subject.
#[derive(Clone, Copy, Debug)]
pub struct Incoming<'a> {
    /// The subject it was published on.
    pub subject: &'a str,
    /// The bytes as they were received.
    pub payload: &'a [u8],
}

/// What a pull comes to, in memory only. Nobody may be told of it yet.
pub struct Pull {
    ledger: Ledger,
    draft: Draft,
    receipts: Receipts,
    events: usize,
    now_ms: i64,
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
    /// Decides what becomes of each message. Nothing is written.
    ///
    /// # Errors
    /// When the store can't be read.
    pub fn pull<'a>(
        &self,
        messages: impl IntoIterator<Item = Incoming<'a>>,
        now_ms: i64,
    ) -> anyhow::Result<Pull> {
        let (draft, receipts) = (self.store.begin(), Receipts::default());
        let mut pull = Pull { ledger: self.clone(), draft, receipts, events: 0, now_ms };
        for message in messages {
            pull.take(message)?;
        }
        Ok(pull)
    }
}

impl Pull {
    /// Writes the batch. When this returns `Ok`, all of it is on disk.
    ///
    /// # Errors
    /// When it may not be on disk; the store then refuses writes, and the broker delivers again after a restart.
    pub fn commit(self) -> anyhow::Result<OnDisk> {
        let Self { ledger, draft, receipts, events, now_ms } = self;
        ledger.store.commit(draft)?;
        histogram!("propusk_recorder_batch_events").record(events as f64);
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

    fn take(&mut self, message: Incoming<'_>) -> anyhow::Result<()> {
        self.events += 1;
        let registry = |device: &DeviceId| read::<DeviceRecord>(&self.ledger.store, &keys::device(device));
        match receive(message.subject, message.payload, self.ledger.shards, registry)? {
            Received::Poison { reason } => self.quarantine(message, reason),
            Received::Event { event, digest, objection: Some(reason) }
                if !is_recorded(&self.draft, &event, &digest)? =>
            {
                self.refuse(message, &event, reason)
            }
            Received::Event { event, digest, .. } => self.record(message, &event, digest),
        }
    }

    fn record(&mut self, message: Incoming<'_>, event: &HandIn, digest: [u8; 32]) -> anyhow::Result<()> {
        let (outcome, raised) = record(&mut self.draft, event, message.payload, digest, self.now_ms)?;
        match outcome {
            Outcome::Recorded { head, new } => {
                let new = if new { "yes" } else { "no" };
                counter!("propusk_recorder_hand_ins_total", "new" => new).increment(1);
                let slot = (event.epoch, event.shard, event.sequence);
                self.receipts.recorded(&event.device, slot, head);
                alerts::put_raised(&mut self.draft, raised, event, self.now_ms)
            }
            Outcome::Refused(reason) => self.refuse(message, event, reason),
        }
    }

    /// Tells the device that its event never will be recorded, and keeps it apart.
    fn refuse(&mut self, message: Incoming<'_>, event: &HandIn, reason: RefusalReason) -> anyhow::Result<()> {
        let (epoch, shard, sequence) = (event.epoch, event.shard, event.sequence);
        self.receipts.refused(&event.device, Refusal { epoch, shard, sequence, reason });
        self.quarantine(message, format!("device {}: {}", event.device, reason.as_str()))
    }

    fn quarantine(&mut self, message: Incoming<'_>, reason: String) -> anyhow::Result<()> {
        quarantine(&mut self.draft, message.subject, message.payload, reason, self.now_ms)
    }
}

/// Keeps a message of which no record is made, with the reason; the stream moves on and an alert is raised.
pub(crate) fn quarantine(
    draft: &mut Draft,
    subject: &str,
    payload: &[u8],
    reason: String,
    now_ms: i64,
) -> anyhow::Result<()> {
    warn!(subject, reason, "A message went to quarantine.");
    counter!("propusk_recorder_quarantined_total").increment(1);
    // What comes again is the same row, and one alert.
    let key = keys::quarantined(subject, payload);
    if !draft.contains(&key)? && !flipped(Fault::QuarantineWithoutWrite) {
        let place = subject::parse_hand_in(subject);
        let (post, named) = place.map_or(("unknown", None), |(_, post, device)| (post, Some(device)));
        alerts::put_quarantined(draft, post, named, &key, now_ms)?;
        let (subject, bytes) = (subject.to_owned(), payload.to_vec());
        write(draft, key, &Quarantined { at_ms: now_ms, subject, reason, bytes })?;
    }
    Ok(())
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
