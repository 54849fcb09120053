//! Runs schedules, and shortens those that fail.

use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind};

use crate::check::{Checked, Invariant, Violation};
use crate::operation::{Op, schedule};
use crate::sabotage::{Sabotage, flip};
use crate::world::World;

pub(crate) type Counts = BTreeMap<String, u64>;

/// A schedule that breaks an invariant.
pub(crate) struct Failure {
    pub seed: u64,
    pub violation: Violation,
    /// The shortest list found that still breaks the same invariant.
    pub operations: Vec<Op>,
}

/// Plays a list of operations and lets everything settle. The counts say what happened on the way.
pub(crate) fn play(operations: &[Op], sabotage: Option<Sabotage>) -> (Checked, Counts) {
    flip(sabotage);
    let mut counts = Counts::new();
    let played = catch_unwind(AssertUnwindSafe(|| {
        let mut world = World::new(sabotage)?;
        let done = operations.iter().try_for_each(|op| world.step(*op)).and_then(|()| world.quiesce());
        counts = std::mem::take(&mut world.counts);
        done
    }));
    flip(None);
    let panicked = |_| Err(Violation { invariant: Invariant::NoOtherError, what: "a panic".to_owned() });
    (played.unwrap_or_else(panicked), counts)
}

/// Runs the schedule of one seed; a failure comes back shortened.
pub(crate) fn run(seed: u64, sabotage: Option<Sabotage>, total: &mut Counts) -> Result<(), Failure> {
    let operations = schedule(seed);
    let (played, counts) = play(&operations, sabotage);
    for (what, count) in counts {
        *total.entry(what).or_default() += count;
    }
    *total.entry("operations".to_owned()).or_default() += operations.len() as u64;
    played.map_err(|violation| {
        let operations = shorten(operations, violation.invariant, sabotage);
        let violation = play(&operations, sabotage).0.err().unwrap_or(violation);
        Failure { seed, violation, operations }
    })
}

/// Delta debugging (Zeller, Hildebrandt: "Simplifying and isolating failure-inducing input", 2002): takes out ever
/// smaller chunks as long as the same invariant breaks.
fn shorten(mut operations: Vec<Op>, invariant: Invariant, sabotage: Option<Sabotage>) -> Vec<Op> {
    let fails = |list: &[Op]| play(list, sabotage).0.is_err_and(|violation| violation.invariant == invariant);
    let mut chunk = operations.len().div_ceil(2);
    loop {
        let mut at = 0;
        let before = operations.len();
        while at < operations.len() {
            let end = (at + chunk).min(operations.len());
            let shorter = [&operations[..at], &operations[end..]].concat();
            if fails(&shorter) {
                operations = shorter;
            } else {
                at = end;
            }
        }
        if chunk == 1 && operations.len() == before {
            return operations;
        }
        chunk = if chunk > 1 { chunk.div_ceil(2) } else { 1 };
    }
}

impl std::fmt::Display for Failure {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        writeln!(f, "seed {}: {:?}: {}", self.seed, self.violation.invariant, self.violation.what)?;
        writeln!(f, "the shortest list of operations that still fails:")?;
        self.operations.iter().try_for_each(|op| writeln!(f, "    {op:?},"))
    }
}
