//! The end of every schedule: all is well again, and everything has to settle.

use std::collections::BTreeSet;

use propusk_handheld::entry::EntryState;

use super::World;
use crate::check::{Checked, Held, Invariant, broken, check_audit, heads, is_witness, read_device};
use crate::disk::Rows;
use crate::machine::SHARDS;
use crate::operation::{Dies, Op, Way};

/// Rounds in which everything has to be settled once all is well again.
const ROUNDS: usize = 40;

impl World {
    /// All is well again: within some rounds everything has to be recorded or visibly refused.
    pub(crate) fn quiesce(&mut self) -> Checked {
        self.recorder.disk.mend();
        self.recorder.running = None;
        let witnessed = self.contradictions();
        for handheld in &mut self.handhelds {
            handheld.disk.mend();
            handheld.running = None;
            handheld.link = true;
        }
        for round in 0..ROUNDS {
            for on in 1..=self.handhelds.len() as u8 {
                if round == 0 || !witnessed.is_empty() {
                    self.step(Op::Ask { on, random: round as u32, lost: false })?;
                }
                self.step(Op::Send { on, fates: 0, bad: false, dies: false })?;
            }
            while !self.broker.fetch(1).is_empty() {
                self.step(Op::Pull { most: 64, dies: Dies::No })?;
            }
            while !self.broker.mail.is_empty() {
                self.step(Op::Mail { nth: 0, way: Way::Arrives })?;
            }
            self.step(Op::LookAfter { dies: false })?;
            self.step(Op::Wait { seconds: 61 })?;
            let enough = if witnessed.is_empty() { 1 } else { 4 * usize::from(SHARDS) };
            if round >= enough && self.is_settled()? {
                break;
            }
        }
        self.check_end(&witnessed)
    }

    pub(super) fn is_settled(&self) -> Checked<bool> {
        for handheld in &self.handhelds {
            let waits = |held: &Held| matches!(held.state, EntryState::OnThisDevice | EntryState::Sent);
            if handheld.disk.look(read_device)?.iter().any(waits) {
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// Shards that somebody rewrote and whose old heads a device still keeps.
    pub(super) fn contradictions(&self) -> BTreeSet<u16> {
        let record = self.recorder.disk.durable();
        let of = |device: &Rows| if is_witness(device, &record) { heads(device) } else { vec![] };
        let kept = self.handhelds.iter().flat_map(|handheld| handheld.disk.look(of));
        kept.filter(|head| self.rewritten.contains(&head.hash)).map(|head| head.shard).collect()
    }

    pub(super) fn check_end(&mut self, witnessed: &BTreeSet<u16>) -> Checked {
        if !witnessed.is_empty() && witnessed.is_disjoint(&self.log.rewritten) {
            return broken(
                Invariant::RewritingIsFound,
                format!("of the shards {witnessed:?}, and no alert says so"),
            );
        }
        for handheld in &self.handhelds {
            for Held { id, state } in handheld.disk.look(read_device)? {
                let stored = self.log.ids.contains_key(&id);
                match state {
                    EntryState::OnThisDevice | EntryState::Sent => {
                        return broken(
                            Invariant::EndsSomewhere,
                            format!("{id} still waits, stored: {stored}"),
                        );
                    }
                    EntryState::Recorded { .. } if !stored => {
                        return broken(Invariant::RecordedIsStored, format!("{id} never came back"));
                    }
                    EntryState::Refused { reason, .. } if stored => {
                        return broken(
                            Invariant::StatesAreTrue,
                            format!("{id} is recorded, the device says {reason:?}"),
                        );
                    }
                    _ => {}
                }
            }
        }
        check_audit(self.recorder.disk.durable(), &self.recorder.key, self.recorder.root, SHARDS)
    }
}
