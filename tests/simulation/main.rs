//! A deterministic simulation of handhelds, broker and recorder, in which everything fails that can fail.
//!
//! The handheld's and the recorder's decisions are the shipped code (`propusk_handheld::{hand_in, queue, exchange}`,
//! `propusk_recorder::{ledger, intake}`, `propusk_store`); disks, broker, clocks and links are simulated. One seed is
//! one schedule: a list of operations ([`operation::Op`]) that is played step by step, and after which all trouble ends
//! and everything has to settle. A schedule that breaks an invariant is shortened to the fewest operations that still
//! break it; `reproductions.rs` keeps those that once did.
//!
//! # What must hold, after every step
//!
//! 1. **What is receipted is stored.** No receipt leaves the recorder before everything it names is on disk, as a power
//!    cut in that moment would leave the disk (`ReceiptedIsStored`).
//! 2. **What a device calls recorded is in the record**, or was until the recorder was restored from a backup; once all
//!    links are up again it must be back (`RecordedIsStored`). So a device takes nothing from a receipt that is unsigned,
//!    signed by somebody else, for another device or another epoch.
//! 3. **What is acked is kept**: before the broker may forget a message it is in the record or in quarantine
//!    (`AckedIsKept`).
//! 4. **Nothing is stored twice**: a hand-in is once in the record, under whatever numbers it came (`StoredOnce`).
//! 5. **A device forgets nothing before a receipt**, and nothing receipted for weeks after: what was shown to a soldier
//!    is on the device's disk, whatever crashes (`DeviceKeeps`).
//! 6. **The hash chains verify**, and the recorder's own audit finds nothing broken (`ChainHolds`).
//! 7. **Every copy that was handed in twice has exactly one alert** for each time after the first, and no other copy has
//!    any; undone hand-ins don't count (`AlertedOnce`).
//! 8. **Nothing fails but for a fault**: the code under test returns an error only where one was injected, and never
//!    panics (`NoOtherError`).
//!
//! And once links are up and disks are well again:
//!
//! 9. **Every hand-in ends** as recorded or as visibly refused; none waits for ever (`EndsSomewhere`), and none that the
//!    device shows as refused is in the record (`StatesAreTrue`).
//! 10. **Who rewrites the record is found**: where a device still holds a head of the chain as it was, an alert says so
//!     (`RewritingIsFound`).
//!
//! # What is not a failure
//!
//! A hand-in that only ever was on a device which was then restored from an older backup is gone with that disk. A
//! receipt does not outlive its way through a restore of the recorder (it is no stored message). After a failed sync a
//! batch is there or not, and the disk says truly which when it is opened again. Whoever has a device's key and is quicker
//! than the device takes its number: a receipt names numbers, not bytes. A device that was not answered since the recorder
//! was restored is no witness of a rewriting: it can't tell which life of the record its heads are of.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test fails by panicking")]

mod broker;
mod check;
mod disk;
mod machine;
mod operation;
mod random;
mod reproductions;
mod run;
mod sabotage;
mod world;

use std::collections::{BTreeMap, BTreeSet};

use check::Invariant;
use operation::schedule;
use run::{Counts, play, run};
use sabotage::Sabotage;

/// Schedules of each of the four tests that run beside each other.
const QUARTER: u64 = 500;
/// Each deliberate fault has to be caught within this many seeds.
const SEEDS_FOR_A_FAULT: u64 = 400;

fn run_all(seeds: std::ops::Range<u64>) {
    for seed in seeds {
        if let Err(failure) = run(seed, None, &mut Counts::new()) {
            panic!("{failure}");
        }
    }
}

#[test]
fn the_first_quarter_of_the_schedules_breaks_nothing() {
    run_all(0..QUARTER);
}

#[test]
fn the_second_quarter_of_the_schedules_breaks_nothing() {
    run_all(QUARTER..2 * QUARTER);
}

#[test]
fn the_third_quarter_of_the_schedules_breaks_nothing() {
    run_all(2 * QUARTER..3 * QUARTER);
}

#[test]
fn the_last_quarter_of_the_schedules_breaks_nothing() {
    run_all(3 * QUARTER..4 * QUARTER);
}

#[test]
fn no_defect_comes_back() {
    for (name, operations) in reproductions::ALL {
        if let (Err(violation), _) = play(operations, None) {
            panic!("{name}: {:?}: {}", violation.invariant, violation.what);
        }
    }
}

#[test]
fn every_deliberate_fault_is_caught_by_the_invariant_it_breaks() {
    let mut missed = Vec::new();
    for (sabotage, expected) in sabotage::ALL {
        let mut broken = BTreeSet::new();
        let caught = (0..SEEDS_FOR_A_FAULT).find(|seed| {
            let violation = play(&schedule(*seed), Some(sabotage)).0.err();
            let invariant = violation.map(|violation| violation.invariant);
            broken.extend(invariant);
            invariant.is_some_and(|invariant| expected.contains(&invariant))
        });
        match caught {
            Some(seed) => println!("{sabotage:?}: caught with seed {seed} by one of {expected:?}"),
            None => missed.push(format!("{sabotage:?}: expected {expected:?}, broken: {broken:?}")),
        }
    }
    assert!(missed.is_empty(), "not caught: {missed:#?}");
}

#[test]
fn a_failing_schedule_is_shortened_to_what_it_takes() {
    let failure = run(0, Some(Sabotage::ReceiptBeforeCommit), &mut Counts::new()).unwrap_err();
    assert_eq!(failure.violation.invariant, Invariant::ReceiptedIsStored);
    // A scan; all the rest is what every schedule ends with.
    assert_eq!(failure.operations.len(), 1, "{failure}");
    assert!(failure.to_string().contains("seed 0: ReceiptedIsStored"), "{failure}");
}

#[test]
fn one_seed_is_one_schedule() {
    let mut counts = [Counts::new(), Counts::new()];
    for counts in &mut counts {
        assert!(run(7, None, counts).is_ok());
    }
    assert_eq!(counts[0], counts[1]);
    assert_ne!(schedule(7), schedule(8));
}

/// As many schedules as `SCHEDULES` asks for, from seed `FIRST_SEED` on: what `ops/simulate` runs.
#[test]
#[ignore = "ops/simulate runs it"]
fn as_many_as_asked_for() {
    let asked = |name: &str, otherwise: u64| {
        std::env::var(name).map_or(otherwise, |text| text.parse().expect("a whole number"))
    };
    let (first, count) = (asked("FIRST_SEED", 0), asked("SCHEDULES", 4 * QUARTER));
    let mut total = Counts::new();
    let mut violations: BTreeMap<Invariant, u64> = BTreeMap::new();
    for seed in first..first + count {
        if let Err(failure) = run(seed, None, &mut total) {
            let times = violations.entry(failure.violation.invariant).or_default();
            *times += 1;
            // A few of each kind are enough to read.
            if *times <= 3 {
                println!("{failure}");
            }
        }
    }
    println!("{count:>12} schedules");
    for (what, count) in &total {
        println!("{count:>12} {what}");
    }
    println!("{:>12} violations {violations:?}", violations.values().sum::<u64>());
    assert!(violations.is_empty());
}
