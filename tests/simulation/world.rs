//! One world: it carries out operations with the code under test, and checks the invariants after each.

use std::collections::{BTreeMap, BTreeSet};

use propusk_boot::random::uuid_v7;
use propusk_handheld::entry::EntryState;
use propusk_handheld::exchange::Action;
use propusk_handheld::hand_in::{Judged, hand_in};
use propusk_permit::PermitNumber;
use propusk_proto::receipt::ranges;
use propusk_proto::{Kind, Presented, PresentedPermit, Receipt, Verdict, encode, frame, subject};
use propusk_recorder::intake::Incoming;
use propusk_recorder::ledger::{Ledger, Letter};
use uuid::Uuid;

use crate::broker::{Broker, Fate, Stored};
use crate::check::{
    Checked, Held, Invariant, Log, SlotKey, Violation, broken, check_audit, event, heads, is_witness,
    read_device, read_log, said,
};
use crate::disk::Rows;
use crate::machine::{DAY_MS, Handheld, Recorder, SHARDS, credentials};
use crate::operation::{Dies, Forgery, HANDHELDS, Op, Way};
use crate::random::Random;
use crate::sabotage::Sabotage;

/// A device keeps what was receipted for 30 days of the recorder's time, whose clock may be some days off.
const SURELY_KEPT_MS: i64 = 20 * DAY_MS;
/// Rounds in which everything has to be settled once all is well again.
const ROUNDS: usize = 40;

pub(crate) struct World {
    pub(crate) recorder: Recorder,
    pub(crate) handhelds: Vec<Handheld>,
    pub(crate) broker: Broker,
    true_ms: i64,
    marks: u64,
    random: Random,
    sabotage: Option<Sabotage>,
    log: Log,
    log_version: u64,
    /// Recorded once, lost with a restore of the recorder, and not back yet.
    lost: BTreeSet<Uuid>,
    /// Chain hashes that somebody has replaced.
    rewritten: BTreeSet<[u8; 32]>,
    /// Which events went out under which number.
    sent: BTreeMap<(String, SlotKey), BTreeSet<Uuid>>,
    /// What happened, by kind.
    pub(crate) counts: BTreeMap<String, u64>,
}

type Did = anyhow::Result<()>;

impl World {
    pub(crate) fn new(sabotage: Option<Sabotage>) -> Checked<Self> {
        let recorder = Recorder::new();
        let handhelds = (0..usize::from(HANDHELDS)).map(|n| Handheld::new(n, &recorder)).collect();
        let mut world = Self {
            recorder,
            handhelds,
            broker: Broker::default(),
            true_ms: 1_790_000_000_000,
            marks: 0,
            random: Random::new(0),
            sabotage,
            log: Log::default(),
            log_version: u64::MAX,
            lost: BTreeSet::new(),
            rewritten: BTreeSet::new(),
            sent: BTreeMap::new(),
            counts: BTreeMap::new(),
        };
        let begun = world.begin();
        begun.map_err(|error| Violation { invariant: Invariant::NoOtherError, what: error.to_string() })?;
        Ok(world)
    }

    fn begin(&mut self) -> Did {
        if self.sabotage == Some(Sabotage::RecorderWithoutSync) {
            self.recorder.disk.lie();
        }
        let ledger = self.recorder.open(1)?;
        for handheld in &mut self.handhelds {
            ledger.enrol(&handheld.credentials.public_key(), &handheld.profile.post, self.true_ms)?;
            if self.sabotage == Some(Sabotage::HandheldWithoutSync) {
                handheld.disk.lie();
            }
        }
        // Nobody restores a record from before its devices were enrolled.
        self.recorder.backup = Some(self.recorder.disk.durable());
        Ok(())
    }

    /// Carries out one operation and checks everything that it may have broken.
    pub(crate) fn step(&mut self, op: Op) -> Checked {
        self.true_ms += 10;
        match self.carry_out(op) {
            Ok(()) => {}
            Err(Stop::Broken(violation)) => return Err(violation),
            Err(Stop::Failed(who, error)) => self.failed(who, &error)?,
        }
        self.check()
    }

    /// A machine's own failure is allowed where a fault was injected; its process ends, as the service's does.
    fn failed(&mut self, who: u8, error: &anyhow::Error) -> Checked {
        let disk = self.disk(who);
        if disk.take_met() == 0 {
            return broken(Invariant::NoOtherError, format!("{who}: {error:#}"));
        }
        self.crash(who, false);
        Ok(())
    }

    fn disk(&self, who: u8) -> &crate::disk::Disk {
        match self.handhelds.get(usize::from(who).wrapping_sub(1)) {
            Some(handheld) => &handheld.disk,
            None => &self.recorder.disk,
        }
    }

    /// The process ends; with `power` also what was not synced.
    fn crash(&mut self, who: u8, power: bool) {
        match self.handhelds.get_mut(usize::from(who).wrapping_sub(1)) {
            Some(handheld) => handheld.running = None,
            None => self.recorder.running = None,
        }
        let disk = self.disk(who);
        if power || disk.power_is_off() {
            disk.power_cut(false);
        }
    }

    fn count(&mut self, what: &str) {
        *self.counts.entry(what.to_owned()).or_default() += 1;
    }

    fn carry_out(&mut self, op: Op) -> Result<(), Stop> {
        let name = format!("{op:?}");
        let name = name.split([' ', '{']).next().unwrap_or_default().to_owned();
        let on = match op {
            Op::Scan { on, .. } | Op::Send { on, .. } | Op::Ask { on, .. } | Op::Tidy { on } => on,
            _ => 0,
        };
        let failed = |error| Stop::Failed(on, error);
        if usize::from(on) > self.handhelds.len() {
            return Ok(());
        }
        self.count(&name);
        match op {
            Op::Scan { on, what } => self.scan(usize::from(on) - 1, what).map_err(failed),
            Op::Send { on, fates, bad, dies } => {
                self.send(usize::from(on) - 1, fates, bad, dies).map_err(failed)
            }
            Op::Ask { on, random, lost } => self.ask(usize::from(on) - 1, random, lost),
            Op::Tidy { on } => self.handhelds[usize::from(on) - 1].end_exchange(self.true_ms).map_err(failed),
            Op::Pull { most, dies } => self.pull(usize::from(most), dies),
            Op::LookAfter { dies } => self.look_after(dies).map_err(failed),
            Op::Mail { nth, way } => self.mail(nth, way),
            Op::Arrive { nth } => {
                self.broker.arrive(nth);
                Ok(())
            }
            Op::Forge { to, how } => self.forge(to, how),
            Op::Rewrite { nth } => self.rewrite(nth).map_err(failed),
            Op::Twin { nth } => self.twin(nth),
            Op::Revoke { on } => self.revoke(on).map_err(failed),
            Op::Clone { of } => {
                self.copy_device(of);
                Ok(())
            }
            Op::Backup { on } => {
                self.backup(on);
                Ok(())
            }
            Op::Restore { on } => {
                self.restore(on);
                Ok(())
            }
            other => {
                self.trouble(other);
                Ok(())
            }
        }
    }

    /// Everything that only changes the surroundings.
    fn trouble(&mut self, op: Op) {
        let link = |world: &mut Self, on: u8, up: bool| {
            if let Some(handheld) = world.handhelds.get_mut(usize::from(on) - 1) {
                handheld.link = up;
            }
        };
        match op {
            Op::Wait { seconds } => self.true_ms += i64::from(seconds) * 1000,
            Op::ClockJump { on, hours } => {
                let offset = i64::from(hours) * 3_600_000;
                match self.handhelds.get_mut(usize::from(on).wrapping_sub(1)) {
                    Some(handheld) => handheld.offset_ms = offset,
                    None => self.recorder.offset_ms = offset,
                }
            }
            Op::LinkDown { on } => link(self, on, false),
            Op::LinkUp { on } => link(self, on, true),
            Op::Crash { on } => self.crash(on, true),
            Op::Fuse { on, steps, kept } => self.disk(on).set_fuse(steps, kept),
            Op::WriteFails { on } => self.disk(on).fail_write(),
            Op::SyncFails { on, kept } => self.disk(on).fail_sync(kept),
            Op::DiskFull { on } => self.disk(on).set_full(true),
            Op::DiskFreed { on } => self.disk(on).set_full(false),
            Op::BrokerRestart { acks, messages } => {
                self.broker.restart(usize::from(acks), usize::from(messages));
            }
            Op::BrokerWiped => self.broker.wipe(),
            Op::BrokerCopied => self.broker.copy(),
            Op::BrokerRewound => {
                self.broker.rewind();
            }
            _ => {}
        }
    }

    fn scan(&mut self, at: usize, what: u16) -> Did {
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

    fn send(&mut self, at: usize, fates: u64, bad: bool, dies: bool) -> Did {
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

    fn ask(&mut self, at: usize, random: u32, lost: bool) -> Result<(), Stop> {
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

    fn ledger(&mut self) -> Result<Ledger, Stop> {
        let random = self.random.next();
        self.recorder.open(random).map_err(|error| Stop::Failed(0, error))
    }

    fn pull(&mut self, most: usize, dies: Dies) -> Result<(), Stop> {
        let failed = |error| Stop::Failed(0, error);
        let batch = self.broker.fetch(most);
        if batch.is_empty() {
            return Ok(());
        }
        let ledger = self.ledger()?;
        let incoming = batch.iter().map(|m| Incoming { subject: &m.subject, payload: &m.payload });
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
    fn post(&mut self, letter: Letter) -> Result<(), Stop> {
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
    fn acked(&mut self, batch: &[Stored]) -> Result<(), Stop> {
        self.refresh_log()?;
        batch.iter().try_for_each(|message| self.kept(message))?;
        self.broker.ack(batch.len());
        Ok(())
    }

    fn kept(&self, message: &Stored) -> Checked {
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

    fn mail(&mut self, nth: u8, way: Way) -> Result<(), Stop> {
        let nth = usize::from(nth) % self.broker.mail.len().max(1);
        let Some(letter) = self.broker.mail.remove(nth) else { return Ok(()) };
        self.count(&format!("receipt {way:?}"));
        if way == Way::Repeated {
            self.broker.mail.push_back(letter.clone());
        }
        if way != Way::Lost { self.deliver(&letter) } else { Ok(()) }
    }

    /// Every machine with the identity hears it.
    fn deliver(&mut self, letter: &Stored) -> Result<(), Stop> {
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

    fn look_after(&mut self, dies: bool) -> Did {
        let random = self.random.next();
        let ledger = self.recorder.open(random)?;
        ledger.settle_unknown(10, self.true_ms + self.recorder.offset_ms)?;
        for due in ledger.due_alerts()? {
            if dies {
                self.crash(0, true);
                return Ok(());
            }
            ledger.alert_published(&due)?;
        }
        Ok(())
    }

    fn forge(&mut self, to: u8, how: Forgery) -> Result<(), Stop> {
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
            Forgery::OwnKey => device.credentials.clone(),
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

    fn rewrite(&mut self, nth: u8) -> Did {
        let random = self.random.next();
        let ledger = self.recorder.open(random)?;
        let replaced = propusk_recorder::sabotage::rewrite(&ledger, usize::from(nth))?;
        self.rewritten.extend(replaced.into_iter().map(|row| row.hash));
        Ok(())
    }

    /// Goes straight to the recorder: what comes first under a number is recorded, and a receipt does not say whose
    /// bytes it means (PROTOCOL.md), so a thief of the key who is quicker than the device is not to be told apart.
    fn twin(&mut self, nth: u8) -> Result<(), Stop> {
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
        let incoming = Incoming { subject: &subject, payload: &payload };
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

    fn revoke(&mut self, on: u8) -> Did {
        if let Some(handheld) = self.handhelds.get(usize::from(on) - 1) {
            let (device, random) = (handheld.profile.device.clone(), self.random.next());
            self.recorder.open(random)?.revoke(&device, self.true_ms)?;
        }
        Ok(())
    }

    fn copy_device(&mut self, of: u8) {
        let Some(original) = self.handhelds.get(usize::from(of) - 1) else { return };
        if self.handhelds.len() == usize::from(HANDHELDS) {
            self.marks += 1;
            let copy = original.copied(&self.recorder, self.marks);
            self.handhelds.push(copy);
        }
    }

    fn backup(&mut self, on: u8) {
        match self.handhelds.get_mut(usize::from(on).wrapping_sub(1)) {
            Some(handheld) => handheld.backup = Some(handheld.disk.durable()),
            None if on == 0 => self.recorder.backup = Some(self.recorder.disk.durable()),
            None => {}
        }
    }

    fn restore(&mut self, on: u8) {
        if on == 0 {
            return self.restore_recorder();
        }
        let Some(handheld) = self.handhelds.get_mut(usize::from(on) - 1) else { return };
        let Some(rows) = handheld.backup.clone() else { return };
        self.marks += 1;
        handheld.mark = self.marks;
        handheld.running = None;
        // What the backup does not have is gone with the old device, unless it was recorded.
        let kept: BTreeSet<Uuid> =
            read_device(&rows).unwrap_or_default().into_iter().map(|held| held.id).collect();
        handheld.shown.retain(|id, _| kept.contains(id));
        handheld.disk.replace(rows);
        handheld.disk.mend();
    }

    fn restore_recorder(&mut self) {
        let Some(rows) = self.recorder.backup.clone() else { return };
        self.recorder.running = None;
        self.marks += 1;
        self.recorder.mark = self.marks;
        self.recorder.disk.replace(rows);
        self.recorder.disk.mend();
        // A receipt lives for seconds on its way; no restore is as quick.
        self.broker.mail.clear();
        let before = std::mem::take(&mut self.log.ids);
        self.lost.extend(before.into_keys());
        self.log_version = u64::MAX;
        self.rewritten.clear();
    }

    fn refresh_log(&mut self) -> Checked {
        let version = self.recorder.disk.version();
        if version != self.log_version {
            let rows = self.recorder.disk.durable();
            self.log = read_log(rows, &self.recorder.key, self.recorder.root, SHARDS)?;
            self.log_version = version;
            self.lost.retain(|id| !self.log.ids.contains_key(id));
        }
        Ok(())
    }

    /// What must hold after every step.
    fn check(&mut self) -> Checked {
        let before = self.log_version;
        self.refresh_log()?;
        let changed = before != self.log_version;
        for handheld in &mut self.handhelds {
            let version = handheld.disk.version();
            if version == handheld.checked && !changed {
                continue;
            }
            handheld.checked = version;
            let held = handheld.disk.look(read_device)?;
            check_recorded(&held, &self.log, &self.lost)?;
            check_kept(handheld, &held, self.true_ms)?;
        }
        Ok(())
    }

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

    fn is_settled(&self) -> Checked<bool> {
        for handheld in &self.handhelds {
            let waits = |held: &Held| matches!(held.state, EntryState::OnThisDevice | EntryState::Sent);
            if handheld.disk.look(read_device)?.iter().any(waits) {
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// Shards that somebody rewrote and whose old heads a device still keeps.
    fn contradictions(&self) -> BTreeSet<u16> {
        let record = self.recorder.disk.durable();
        let of = |device: &Rows| if is_witness(device, &record) { heads(device) } else { vec![] };
        let kept = self.handhelds.iter().flat_map(|handheld| handheld.disk.look(of));
        kept.filter(|head| self.rewritten.contains(&head.hash)).map(|head| head.shard).collect()
    }

    fn check_end(&mut self, witnessed: &BTreeSet<u16>) -> Checked {
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

/// What a device calls recorded is on the recorder's disk, or was until a restore and is on its way back.
fn check_recorded(held: &[Held], log: &Log, lost: &BTreeSet<Uuid>) -> Checked {
    for Held { id, state } in held {
        let recorded = matches!(state, EntryState::Recorded { .. });
        if recorded && !log.ids.contains_key(id) && !lost.contains(id) {
            return broken(
                Invariant::RecordedIsStored,
                format!("the device calls {id} recorded, and it is not"),
            );
        }
    }
    Ok(())
}

/// What was shown to a soldier is still on the device, unless its receipt is weeks old.
fn check_kept(handheld: &mut Handheld, held: &[Held], true_ms: i64) -> Checked {
    for Held { id, state } in held {
        if let (EntryState::Recorded { .. }, Some(receipted @ None)) = (state, handheld.shown.get_mut(id)) {
            *receipted = Some(true_ms);
        }
    }
    let there: BTreeSet<Uuid> = held.iter().map(|held| held.id).collect();
    let old = |receipted: &Option<i64>| receipted.is_some_and(|at| true_ms - at >= SURELY_KEPT_MS);
    handheld.shown.retain(|id, receipted| there.contains(id) || !old(receipted));
    match handheld.shown.keys().find(|id| !there.contains(id)) {
        None => Ok(()),
        Some(id) => broken(Invariant::DeviceKeeps, format!("the device has forgotten {id}")),
    }
}

/// Why an operation ended early.
enum Stop {
    Broken(Violation),
    /// A machine's code returned an error.
    Failed(u8, anyhow::Error),
}

impl From<Violation> for Stop {
    fn from(violation: Violation) -> Self {
        Self::Broken(violation)
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
