//! What can happen, one step at a time. A schedule is a list of these; each stands on its own, so that a list stays a
//! schedule when some are taken out.

use crate::random::Random;

/// Who: 0 is the recorder, others are handhelds.
pub(crate) type Who = u8;

/// Where the recorder dies in a pull.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Dies {
    No,
    BeforeCommit,
    AfterCommit,
    AfterOneReceipt,
    BeforeAck,
}

/// What becomes of a message on its way to a device.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Way {
    Arrives,
    Lost,
    Repeated,
}

/// What is wrong with a forged receipt.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Forgery {
    Unsigned,
    OtherKey,
    OwnKey,
    OtherDevice,
    Garbage,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Op {
    /// A soldier scans; `what` chooses copy, kind and verdict.
    Scan {
        on: Who,
        what: u16,
    },
    /// A device sends what is due; each message has its fate. The device may die before it notes what was taken.
    Send {
        on: Who,
        fates: u64,
        bad: bool,
        dies: bool,
    },
    /// A late message reaches the stream.
    Arrive {
        nth: u8,
    },
    /// A device asks what is new.
    Ask {
        on: Who,
        random: u32,
        lost: bool,
    },
    /// The recorder takes what the stream has.
    Pull {
        most: u8,
        dies: Dies,
    },
    /// A receipt on its way.
    Mail {
        nth: u8,
        way: Way,
    },
    /// The recorder looks after alerts.
    LookAfter {
        dies: bool,
    },
    /// A device ends its exchange: what is old is forgotten.
    Tidy {
        on: Who,
    },
    Wait {
        seconds: u32,
    },
    ClockJump {
        on: Who,
        hours: i16,
    },
    LinkDown {
        on: Who,
    },
    LinkUp {
        on: Who,
    },
    /// A process ends, or a machine loses its power.
    Crash {
        on: Who,
    },
    /// The power goes at the n-th write or sync from now.
    Fuse {
        on: Who,
        steps: u8,
        kept: bool,
    },
    WriteFails {
        on: Who,
    },
    SyncFails {
        on: Who,
        kept: bool,
    },
    DiskFull {
        on: Who,
    },
    DiskFreed {
        on: Who,
    },
    BrokerRestart {
        acks: u8,
        messages: u8,
    },
    BrokerWiped,
    BrokerCopied,
    BrokerRewound,
    Backup {
        on: Who,
    },
    Restore {
        on: Who,
    },
    /// A second device with the same identity, from a copy of the first's folder.
    Clone {
        of: Who,
    },
    /// Somebody with a copy of a device's key signs another event under a number that is recorded already.
    Twin {
        nth: u8,
    },
    Revoke {
        on: Who,
    },
    Forge {
        to: Who,
        how: Forgery,
    },
    /// Somebody with access to the recorder's disk changes a record and makes the chain fit again.
    Rewrite {
        nth: u8,
    },
}

/// How many handhelds a schedule begins with.
pub(crate) const HANDHELDS: u8 = 3;

/// The schedule of a seed. Every seed has some kinds of trouble and lacks others: rare ones would otherwise hide
/// behind frequent ones.
pub(crate) fn schedule(seed: u64) -> Vec<Op> {
    let mut random = Random::new(seed);
    let length = 30 + random.below(60);
    let troubles = random.next();
    (0..length).map(|_| draw(&mut random, troubles)).collect()
}

fn draw(random: &mut Random, troubles: u64) -> Op {
    let on = 1 + random.byte() % (HANDHELDS + 1);
    let who = random.byte() % (HANDHELDS + 2);
    let has = |bit: u32| troubles >> bit & 1 == 1;
    let bad = has(0) && !random.once_in(3);
    loop {
        let op = match random.below(100) {
            0..20 => Op::Scan { on, what: random.next() as u16 },
            20..36 => Op::Send { on, fates: random.next(), bad, dies: has(1) && random.once_in(8) },
            36..39 => Op::Arrive { nth: random.byte() },
            39..45 => Op::Ask { on, random: random.next() as u32, lost: bad },
            45..57 => Op::Pull { most: 1 + random.byte() % 16, dies: draw_dies(random, has(2)) },
            57..69 => Op::Mail { nth: random.byte(), way: draw_way(random, has(3)) },
            69..71 => Op::LookAfter { dies: has(2) && random.once_in(3) },
            71 => Op::Tidy { on },
            72..75 => Op::Wait { seconds: draw_wait(random) },
            75 if has(4) => Op::ClockJump { on: who, hours: draw_jump(random, who) },
            76 if has(5) => Op::LinkDown { on },
            77..79 => Op::LinkUp { on },
            79 | 80 if has(6) => Op::Crash { on: who },
            81 | 82 if has(7) => Op::Fuse { on: who, steps: random.byte() % 6, kept: random.once_in(2) },
            83 if has(8) => Op::WriteFails { on: who },
            84 if has(8) => Op::SyncFails { on: who, kept: random.once_in(2) },
            85 if has(9) => Op::DiskFull { on: who },
            86 => Op::DiskFreed { on: who },
            87 if has(10) => Op::BrokerRestart { acks: random.byte() % 8, messages: random.byte() % 8 },
            88 if has(11) => Op::BrokerWiped,
            89 if has(12) => Op::BrokerCopied,
            90 if has(12) => Op::BrokerRewound,
            91 if has(13) => Op::Backup { on },
            92 if has(13) => Op::Restore { on },
            93 if has(14) => Op::Backup { on: 0 },
            94 if has(14) => Op::Restore { on: 0 },
            95 if has(15) => Op::Clone { of: on },
            96 if has(19) => Op::Twin { nth: random.byte() },
            96 if has(16) && random.once_in(3) => Op::Revoke { on },
            97 | 98 if has(17) => Op::Forge { to: on, how: draw_forgery(random) },
            99 if has(18) => Op::Rewrite { nth: random.byte() },
            _ => continue,
        };
        return op;
    }
}

fn draw_dies(random: &mut Random, has: bool) -> Dies {
    match random.below(12) {
        0 if has => Dies::BeforeCommit,
        1 if has => Dies::AfterCommit,
        2 if has => Dies::AfterOneReceipt,
        3 if has => Dies::BeforeAck,
        _ => Dies::No,
    }
}

fn draw_way(random: &mut Random, has: bool) -> Way {
    match random.below(5) {
        0 if has => Way::Lost,
        1 if has => Way::Repeated,
        _ => Way::Arrives,
    }
}

fn draw_wait(random: &mut Random) -> u32 {
    match random.below(6) {
        0..3 => 1 + random.below(5) as u32,
        3 | 4 => random.below(7200) as u32,
        _ => random.below(4 * 86_400) as u32,
    }
}

/// A handheld's clock may show any day; the recorder's is looked after and is off by a day or two at most.
fn draw_jump(random: &mut Random, who: Who) -> i16 {
    let days: i16 = if who == 0 { 2 } else { 60 };
    (random.below(48 * days as u64) as i16) - 24 * days
}

fn draw_forgery(random: &mut Random) -> Forgery {
    match random.below(5) {
        0 => Forgery::Unsigned,
        1 => Forgery::OtherKey,
        2 => Forgery::OwnKey,
        3 => Forgery::OtherDevice,
        _ => Forgery::Garbage,
    }
}
