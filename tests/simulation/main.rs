//! The simulation.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test fails by panicking")]

mod broker;
mod check;
mod disk;
mod machine;
mod operation;
mod random;
mod run;
mod sabotage;
mod world;

use run::{Counts, run};

/// As many schedules as `SCHEDULES` asks for, from seed `FIRST_SEED` on: what `ops/simulate` runs.
#[test]
#[ignore = "ops/simulate runs it"]
fn as_many_as_asked_for() {
    let asked =
        |name: &str, default| std::env::var(name).ok().and_then(|text| text.parse().ok()).unwrap_or(default);
    let (first, count): (u64, u64) = (asked("FIRST_SEED", 0), asked("SCHEDULES", 2000));
    let (mut total, mut violations) = (Counts::new(), 0);
    for seed in first..first + count {
        if let Err(failure) = run(seed, None, &mut total) {
            violations += 1;
            println!("{failure}");
            if violations == 5 {
                break;
            }
        }
    }
    for (what, count) in &total {
        println!("{count:>12} {what}");
    }
    println!("{count:>12} schedules\n{violations:>12} violations");
    assert_eq!(violations, 0);
}
