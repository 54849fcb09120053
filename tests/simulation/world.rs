//! One world: it carries out operations with the code under test, and checks the invariants after each.

mod copies;
mod handhelds;
mod intruders;
mod recorder;
mod settle;

use std::collections::{BTreeMap, BTreeSet};

use propusk_handheld::entry::EntryState;
use uuid::Uuid;

use crate::broker::Broker;
use crate::check::{Checked, Held, Invariant, Log, SlotKey, Violation, broken, read_device, read_log};
use crate::machine::{DAY_MS, Handheld, Recorder, SHARDS};
use crate::operation::{HANDHELDS, Op};
use crate::random::Random;
use crate::sabotage::Sabotage;

/// A device keeps what was receipted for 30 days of the recorder's time, whose clock may be some days off.
const SURELY_KEPT_MS: i64 = 20 * DAY_MS;

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
