//! What becomes of each message of a pull: recognised, recorded, refused, set aside. In memory only.

use std::collections::BTreeMap;

use metrics::counter;
use propusk_proto::{AlertKind, DeviceId, HandIn, Refusal, RefusalReason, subject};
use propusk_store::Draft;
use tracing::warn;

use crate::alerts::Raised;
use crate::batch::Batch;
use crate::intake::{Examined, Incoming, Pull};
use crate::ledger::Ledger;
use crate::receipts::Receipts;
use crate::receive::{Received, Signed, not_enrolled};
use crate::record::{Outcome, is_recorded, record};
use crate::sabotage::{Fault, flipped};
use crate::values::{DeviceRecord, Quarantined, read, write};
use crate::{alerts, keys, rules};

/// What a pull adds to the counters, and to what is known of devices, once it is on disk.
#[derive(Default)]
pub(crate) struct Counts {
    pub events: u32,
    pub new: u32,
    pub repeated: u32,
    /// When the newest hand-in of each device was scanned, by its own clock.
    pub scanned_at_ms: BTreeMap<DeviceId, i64>,
}

impl Counts {
    fn scanned(&mut self, event: &HandIn) {
        let at_ms = event.scanned_at_ms;
        match self.scanned_at_ms.get_mut(&event.device) {
            Some(newest) => *newest = at_ms.max(*newest),
            None => drop(self.scanned_at_ms.insert(event.device.clone(), at_ms)),
        }
    }
}

/// Messages that are being decided, one after the other.
struct Deciding<'a> {
    ledger: &'a Ledger,
    batch: Batch,
    receipts: Receipts,
    devices: BTreeMap<DeviceId, Option<DeviceRecord>>,
    counts: Counts,
    now_ms: i64,
}

impl Ledger {
    /// Decides what becomes of each message. Nothing is written. One pull is decided and committed before the next is
    /// decided.
    ///
    /// # Errors
    /// When the store can't be read.
    pub fn decide(&self, examined: &Examined, now_ms: i64) -> anyhow::Result<Pull> {
        let mut deciding = Deciding {
            ledger: self,
            batch: Batch::begin(&self.store, &self.zones, &self.limits).with_permits(&self.permits),
            receipts: Receipts::default(),
            devices: BTreeMap::new(),
            counts: Counts::default(),
            now_ms,
        };
        for (message, received) in &examined.0 {
            deciding.take(message, received)?;
        }
        let Deciding { batch, receipts, counts, .. } = deciding;
        let (draft, found) = batch.finish()?;
        Ok(Pull { ledger: self.clone(), draft, found, receipts, counts, now_ms })
    }
}

impl Deciding<'_> {
    fn take(&mut self, message: &Incoming, received: &Received) -> anyhow::Result<()> {
        self.counts.events += 1;
        let signed = match received {
            Received::Poison { reason } => return self.quarantine(message, reason.clone()),
            Received::Event(signed) => signed,
        };
        let Some(device) = self.device(&signed.event.device)? else {
            return self.quarantine(message, not_enrolled(&signed.event.device));
        };
        match signed.objection(device) {
            Some(reason) if !is_recorded(&mut self.batch, &signed.event, &signed.digest)? => {
                self.refuse(message, &signed.event, reason)
            }
            _ => self.record(message, signed),
        }
    }

    /// The registry as it is now, asked once for each device of a pull.
    fn device(&mut self, device: &DeviceId) -> anyhow::Result<Option<&DeviceRecord>> {
        if !self.devices.contains_key(device) {
            let known = read(&self.ledger.store, &keys::device(device))?;
            self.devices.insert(device.clone(), known);
        }
        Ok(self.devices.get(device).and_then(Option::as_ref))
    }

    fn record(&mut self, message: &Incoming, signed: &Signed) -> anyhow::Result<()> {
        let event = &signed.event;
        let (outcome, raised) = record(&mut self.batch, event, &message.payload, signed.digest, self.now_ms)?;
        match outcome {
            Outcome::Recorded { head, new } => {
                *(if new { &mut self.counts.new } else { &mut self.counts.repeated }) += 1;
                self.counts.scanned(event);
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
