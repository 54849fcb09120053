//! What others do to them: forged receipts, a rewritten record, a stolen key; and the operator who revokes.

use propusk_proto::receipt::ranges;
use propusk_proto::{Receipt, encode, frame, subject};
use propusk_recorder::intake::Incoming;
use uuid::Uuid;

use super::{Did, Stop, World};
use crate::broker::Stored;
use crate::check::event;
use crate::machine::credentials;
use crate::operation::Forgery;

impl World {
    pub(super) fn forge(&mut self, to: u8, how: Forgery) -> Result<(), Stop> {
        let Some(handheld) = self.handhelds.get_mut(usize::from(to) - 1) else { return Ok(()) };
        let ours = |error: anyhow::Error| Stop::Failed(to, error);
        let (device, _) = handheld.open(self.true_ms).map_err(ours)?;
        let waiting = device.queue.waiting().map_err(ours)?;
        let slots = waiting.iter().map(|(slot, _)| (slot.epoch, slot.shard, slot.sequence)).collect();
        let other = credentials(200);
        let mut receipt = Receipt {
            device: device.profile.device.clone(),
            issued_at_ms: self.true_ms,
            recorded: ranges(slots),
            refused: vec![],
            heads: vec![],
        };
        let key = match how {
            Forgery::OwnKey => device.credentials.held().unwrap().clone(),
            Forgery::OtherDevice => self.recorder.key.clone(),
            _ => other.clone(),
        };
        if how == Forgery::OtherDevice {
            receipt.device = propusk_proto::DeviceId::of_public_key(&other.public_key());
        }
        let message = encode(&receipt).unwrap();
        let signature = if how == Forgery::Unsigned { [0; 64] } else { key.sign(&message).unwrap() };
        let payload = if how == Forgery::Garbage { vec![1, 2, 3] } else { frame::join(&message, &signature) };
        let now = handheld.now(self.true_ms);
        let (_, exchange) = handheld.open(self.true_ms).map_err(ours)?;
        exchange.receipt(&payload, now, 0).map_err(ours)?;
        Ok(())
    }

    pub(super) fn rewrite(&mut self, nth: u8) -> Did {
        let random = self.random.next();
        let ledger = self.recorder.open(random)?;
        let replaced = propusk_recorder::sabotage::rewrite(&ledger, usize::from(nth))?;
        self.rewritten.extend(replaced.into_iter().map(|row| row.hash));
        Ok(())
    }

    /// Goes straight to the recorder: what comes first under a number is recorded, and a receipt does not say whose
    /// bytes it means (PROTOCOL.md), so a thief of the key who is quicker than the device is not to be told apart.
    pub(super) fn twin(&mut self, nth: u8) -> Result<(), Stop> {
        let failed = |error| Stop::Failed(0, error);
        let ledger = self.ledger()?;
        let rows: Vec<_> = ledger.log().filter_map(Result::ok).collect();
        let Some(mut twin) = rows.get(usize::from(nth) % rows.len().max(1)).and_then(|row| event(&row.frame))
        else {
            return Ok(());
        };
        let Some(owner) = self.handhelds.iter().find(|handheld| handheld.profile.device == twin.device)
        else {
            return Ok(());
        };
        twin.id = Uuid::from_bytes(self.random.bytes());
        let message = encode(&twin).unwrap();
        let payload = frame::join(&message, &owner.credentials.sign(&message).unwrap());
        let subject = subject::hand_in(twin.shard, &twin.post, &twin.device);
        let incoming = Incoming { subject: subject.clone(), payload: payload.clone() };
        let now_ms = self.true_ms + self.recorder.offset_ms;
        let on_disk = ledger
            .pull([incoming], now_ms)
            .and_then(propusk_recorder::intake::Pull::commit)
            .map_err(failed)?;
        let (letters, _may_ack) = on_disk.receipts().map_err(failed)?;
        letters.into_iter().try_for_each(|letter| self.post(letter))?;
        self.refresh_log()?;
        Ok(self.kept(&Stored { subject, payload })?)
    }

    pub(super) fn revoke(&mut self, on: u8) -> Did {
        if let Some(handheld) = self.handhelds.get(usize::from(on) - 1) {
            let (device, random) = (handheld.profile.device.clone(), self.random.next());
            self.recorder.open(random)?.revoke(&device, self.true_ms)?;
        }
        Ok(())
    }
}
