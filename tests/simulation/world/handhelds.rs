//! What handhelds do: scan, send, ask, hear receipts.

use propusk_boot::random::uuid_v7;
use propusk_handheld::exchange::Action;
use propusk_handheld::hand_in::{Judged, hand_in};
use propusk_permit::PermitNumber;
use propusk_proto::{Kind, Presented, PresentedPermit, Verdict, subject};

use super::{Did, Stop, World};
use crate::broker::{Fate, Stored};
use crate::check::event;
use crate::operation::Way;
use crate::random::Random;

impl World {
    pub(super) fn scan(&mut self, at: usize, what: u16) -> Did {
        let true_ms = self.true_ms;
        let random = self.random.bytes();
        let handheld = &mut self.handhelds[at];
        let now = handheld.now(true_ms);
        let last = handheld.last.clone();
        let (device, _) = handheld.open(true_ms)?;
        let (kind, number) = (what % 16, (what >> 4) % 3);
        let copy = ((what >> 8) % 4) as u8;
        let permit =
            PresentedPermit { number: permit_number(number as u8), version: Some(1), copy: Some(copy) };
        // Whoever undoes a hand-in has its paper in hand.
        let permit = last.as_ref().filter(|_| kind == 0).map_or(permit, |(_, permit)| permit.clone());
        let id = uuid_v7(now, random);
        let judged = Judged {
            kind: match (kind, last) {
                (0, Some((of, _))) => Kind::Undo { of },
                (1, _) => Kind::Shown,
                (2, _) => Kind::Exit,
                (3, _) => Kind::LateEntry { written_at_ms: true_ms },
                _ => Kind::Entry,
            },
            presented: if kind == 4 { Presented::Unreadable } else { Presented::Seal { sha256: [copy; 32] } },
            permit: (kind != 4).then(|| permit.clone()),
            present: 0,
            soldier: String::new(),
            verdict: if kind == 5 { Verdict::Refuse } else { Verdict::Accept },
            reasons: vec![],
        };
        hand_in(device, judged, now, true_ms as u64, random)?;
        // The verdict is shown: from now on the device answers for this hand-in.
        handheld.shown.insert(id, None);
        handheld.last = (kind != 4).then_some((id, permit));
        self.count("hand-ins");
        Ok(())
    }

    pub(super) fn send(&mut self, at: usize, fates: u64, bad: bool, dies: bool) -> Did {
        let mut random = Random::new(fates);
        let true_ms = self.true_ms;
        let handheld = &mut self.handhelds[at];
        if !handheld.link {
            return Ok(());
        }
        let name = handheld.profile.device.to_string();
        let (_, exchange) = handheld.open(true_ms)?;
        let Action::Publish(outgoing) = exchange.next(true_ms as u64)? else { return Ok(()) };
        let mut taken = Vec::new();
        let mut met = Vec::new();
        for message in outgoing {
            let fate = Fate::draw(&mut random, bad);
            met.push(fate);
            let slot = (message.slot.epoch, message.slot.shard, message.slot.sequence);
            if let Some(event) = event(&message.payload) {
                self.sent.entry((name.clone(), slot)).or_default().insert(event.id);
            }
            let stored = Stored { subject: message.subject, payload: message.payload };
            if self.broker.publish(stored, fate, &mut random) {
                taken.push(message.slot);
            }
        }
        if dies {
            handheld.running = None;
        } else {
            exchange.published(&taken, true_ms as u64, random.next() as u32)?;
        }
        for fate in met {
            self.count(&format!("message {fate:?}"));
        }
        Ok(())
    }

    pub(super) fn ask(&mut self, at: usize, random: u32, lost: bool) -> Result<(), Stop> {
        let who = at as u8 + 1;
        if !self.handhelds[at].link {
            return Ok(());
        }
        let handheld = &mut self.handhelds[at];
        let now = handheld.now(self.true_ms);
        let ours = |error| Stop::Failed(who, error);
        let (_, exchange) = handheld.open(self.true_ms).map_err(ours)?;
        let (subject, question) = exchange.question(random).map_err(ours)?;
        let ledger = self.ledger()?;
        let answer = ledger
            .answer(&subject, &question, self.true_ms + self.recorder.offset_ms, self.random.next())
            .map_err(|error| Stop::Failed(0, error))?;
        if lost {
            return Ok(());
        }
        let (_, exchange) = self.handhelds[at].open(self.true_ms).map_err(ours)?;
        exchange.answered(&answer, now).map_err(ours)?;
        Ok(())
    }

    pub(super) fn mail(&mut self, nth: u8, way: Way) -> Result<(), Stop> {
        let nth = usize::from(nth) % self.broker.mail.len().max(1);
        let Some(letter) = self.broker.mail.remove(nth) else { return Ok(()) };
        self.count(&format!("receipt {way:?}"));
        if way == Way::Repeated {
            self.broker.mail.push_back(letter.clone());
        }
        if way != Way::Lost { self.deliver(&letter) } else { Ok(()) }
    }

    /// Every machine with the identity hears it.
    pub(super) fn deliver(&mut self, letter: &Stored) -> Result<(), Stop> {
        for at in 0..self.handhelds.len() {
            let handheld = &mut self.handhelds[at];
            if subject::receipt(&handheld.profile.device) == letter.subject && handheld.link {
                let now = handheld.now(self.true_ms);
                let random = handheld.draw();
                let taken = handheld
                    .open(self.true_ms)
                    .and_then(|(_, exchange)| exchange.receipt(&letter.payload, now, random));
                if let Err(error) = taken {
                    self.failed(at as u8 + 1, &error)?;
                }
            }
        }
        Ok(())
    }
}

fn permit_number(number: u8) -> String {
    let mut random = number;
    let draw = || {
        random = random.wrapping_add(3);
        [random; 8]
    };
    PermitNumber::draw(draw).compact().to_owned()
}
