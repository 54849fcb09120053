//! What the recorder does: pull, receipt, ack, look after alerts. It dies between any two of these.

use propusk_proto::frame;
use propusk_recorder::intake::Incoming;
use propusk_recorder::ledger::{Ledger, Letter};

use super::{Did, Stop, World};
use crate::broker::Stored;
use crate::check::{Checked, Invariant, Violation, broken, event, said};
use crate::operation::Dies;
use crate::sabotage::Sabotage;

impl World {
    pub(super) fn ledger(&mut self) -> Result<Ledger, Stop> {
        let random = self.random.next();
        self.recorder.open(random).map_err(|error| Stop::Failed(0, error))
    }

    pub(super) fn pull(&mut self, most: usize, dies: Dies) -> Result<(), Stop> {
        let failed = |error| Stop::Failed(0, error);
        let batch = self.broker.fetch(most);
        if batch.is_empty() {
            return Ok(());
        }
        let ledger = self.ledger()?;
        let incoming =
            batch.iter().map(|m| Incoming { subject: m.subject.clone(), payload: m.payload.clone() });
        let pull = ledger.pull(incoming, self.true_ms + self.recorder.offset_ms).map_err(failed)?;
        if dies != Dies::No {
            self.count(&format!("recorder dies {dies:?}"));
        }
        if self.sabotage == Some(Sabotage::ReceiptBeforeCommit) {
            let (letters, _may_ack) = pull.too_early().map_err(failed)?;
            letters.into_iter().try_for_each(|letter| self.post(letter))?;
        }
        if self.sabotage == Some(Sabotage::AckBeforeCommit) {
            let (_, _may_ack) = pull.too_early().map_err(failed)?;
            self.acked(&batch)?;
        }
        if dies == Dies::BeforeCommit {
            self.crash(0, true);
            return Ok(());
        }
        let on_disk = pull.commit().map_err(failed)?;
        if dies == Dies::AfterCommit {
            self.crash(0, true);
            return Ok(());
        }
        let (letters, _may_ack) = on_disk.receipts().map_err(failed)?;
        for letter in letters {
            self.post(letter)?;
            if dies == Dies::AfterOneReceipt {
                self.crash(0, true);
                return Ok(());
            }
        }
        if dies == Dies::BeforeAck {
            self.crash(0, true);
            return Ok(());
        }
        self.acked(&batch)
    }

    /// A receipt leaves the recorder: everything it says has to be on disk by now.
    pub(super) fn post(&mut self, letter: Letter) -> Result<(), Stop> {
        self.refresh_log()?;
        let Some(said) = said(&letter.payload) else {
            return Err(Stop::Broken(Violation {
                invariant: Invariant::NoOtherError,
                what: "a receipt that can't be read".to_owned(),
            }));
        };
        for slot in said.recorded {
            let sent = self.sent.get(&(said.device.to_string(), slot));
            let stored = sent.is_some_and(|ids| ids.iter().any(|id| self.log.ids.contains_key(id)));
            if !stored {
                return Err(Stop::Broken(Violation {
                    invariant: Invariant::ReceiptedIsStored,
                    what: format!("{} {slot:?} is receipted and not on the recorder's disk", said.device),
                }));
            }
        }
        self.count("receipts");
        self.broker.mail.push_back(Stored { subject: letter.subject, payload: letter.payload });
        Ok(())
    }

    /// The recorder acks: nothing may be forgotten that is not on its disk in some form.
    pub(super) fn acked(&mut self, batch: &[Stored]) -> Result<(), Stop> {
        self.refresh_log()?;
        batch.iter().try_for_each(|message| self.kept(message))?;
        self.broker.ack(batch.len());
        Ok(())
    }

    pub(super) fn kept(&self, message: &Stored) -> Checked {
        let recorded = self.log.digests.contains(&frame::digest(&message.payload))
            || event(&message.payload).is_some_and(|event| self.log.ids.contains_key(&event.id));
        if recorded || self.log.quarantined.contains(&message.payload) {
            return Ok(());
        }
        broken(
            Invariant::AckedIsKept,
            format!("a message on {} is acked and nowhere on disk", message.subject),
        )
    }

    pub(super) fn look_after(&mut self, dies: bool) -> Did {
        let random = self.random.next();
        let ledger = self.recorder.open(random)?;
        ledger.settle(10, self.true_ms + self.recorder.offset_ms)?;
        for due in ledger.due_alerts()? {
            if dies {
                self.crash(0, true);
                return Ok(());
            }
            ledger.alert_published(&due)?;
        }
        Ok(())
    }
}
