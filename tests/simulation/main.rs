//! The simulation.
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

use run::{Counts, play, run};

/// As many schedules as `SCHEDULES` asks for, from seed `FIRST_SEED` on: what `ops/simulate` runs.
#[test]
#[ignore = "ops/simulate runs it"]
fn as_many_as_asked_for() {
    let asked =
        |name: &str, default| std::env::var(name).ok().and_then(|text| text.parse().ok()).unwrap_or(default);
    let (first, count): (u64, u64) = (asked("FIRST_SEED", 0), asked("SCHEDULES", 2000));
    let (mut total, mut violations) = (Counts::new(), 0);
    let mut shown = std::collections::BTreeMap::new();
    for seed in first..first + count {
        if let Err(failure) = run(seed, None, &mut total) {
            violations += 1;
            let kind = shown.entry(failure.violation.invariant).or_insert(0);
            *kind += 1;
            // One of each kind is enough to read.
            if *kind <= 2 {
                println!("{failure}");
            }
        }
    }
    println!("{shown:?}");
    for (what, count) in &total {
        println!("{count:>12} {what}");
    }
    println!("{count:>12} schedules\n{violations:>12} violations");
    assert_eq!(violations, 0);
}

#[test]
fn no_defect_comes_back() {
    for (name, operations) in reproductions::ALL {
        if let (Err(violation), _) = play(operations, None) {
            panic!("{name}: {:?}: {}", violation.invariant, violation.what);
        }
    }
}

/// Each deliberate fault is caught, by the invariant that it breaks, within this many seeds.
const SEEDS_FOR_A_FAULT: u64 = 400;

#[test]
fn every_deliberate_fault_is_caught() {
    let mut missed = Vec::new();
    for (sabotage, expected) in sabotage::ALL {
        let mut others = std::collections::BTreeSet::new();
        let caught = (0..SEEDS_FOR_A_FAULT).find(|seed| {
            let violation = play(&operation::schedule(*seed), Some(sabotage)).0.err();
            let invariant = violation.map(|violation| violation.invariant);
            others.extend(invariant);
            invariant.is_some_and(|invariant| expected.contains(&invariant))
        });
        match caught {
            Some(seed) => println!("{sabotage:?} is caught with seed {seed}; broken up to there: {others:?}"),
            None => missed.push(format!("{sabotage:?} (expected {expected:?}, broken: {others:?})")),
        }
    }
    assert!(missed.is_empty(), "not caught: {missed:#?}");
}
