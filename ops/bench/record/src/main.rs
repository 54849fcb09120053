//! The hand-in record measured beside what it stands on, in one run, with the ratios:
//!
//! * `stages`: device queues filled beforehand → JetStream → recorder (signatures verified) → sled flushed and synced →
//!   receipts, beside raw JetStream and raw sled with the same messages and the same rows, at the same time on the same
//!   cores;
//! * `online`: one hand-in from scan to receipt, beside one JetStream round trip and one `fdatasync`;
//! * `load`: at which offered rate the recorder begins to queue, and what becomes of the latency then;
//! * `growth`: two million hand-ins: the rate, bytes, memory, the answers' latency and the rebuild of the indexes.
//!
//! Start it with `ops/bench/run record`. A missed target ends with 1.

mod broker;
mod growth;
mod hand_ins;
mod load;
mod online;
mod stages;

use std::process::ExitCode;

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// A measured figure beside its target.
pub(crate) struct Target {
    pub what: &'static str,
    pub value: f64,
    pub wanted: Wanted,
}

pub(crate) enum Wanted {
    AtLeast(f64),
    AtMost(f64),
}

impl Target {
    fn is_met(&self) -> bool {
        match self.wanted {
            Wanted::AtLeast(least) => self.value >= least,
            Wanted::AtMost(most) => self.value <= most,
        }
    }

    fn show(&self) {
        let (word, bound) = match self.wanted {
            Wanted::AtLeast(least) => ("at least", least),
            Wanted::AtMost(most) => ("at most", most),
        };
        let met = if self.is_met() { "met" } else { "MISSED" };
        println!("  {:<58} {:>8.2}   {word} {bound}: {met}", self.what, self.value);
    }
}

fn main() -> anyhow::Result<ExitCode> {
    let which = std::env::args().nth(1).unwrap_or_default();
    let mut targets = Vec::new();
    if which.is_empty() || which == "stages" {
        targets.extend(stages::measure()?);
    }
    if which.is_empty() || which == "online" {
        targets.extend(online::measure()?);
    }
    if which.is_empty() || which == "load" {
        load::measure()?;
    }
    if which.is_empty() || which == "growth" {
        targets.extend(growth::measure()?);
    }
    anyhow::ensure!(
        ["", "stages", "online", "load", "growth"].contains(&which.as_str()),
        "stages, online, load or growth, not “{which}”"
    );
    println!("\nTargets");
    targets.iter().for_each(Target::show);
    Ok(if targets.iter().all(Target::is_met) { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// The share `at` of sorted values, such as 0.99.
pub(crate) fn percentile(sorted: &[f64], at: f64) -> f64 {
    let last = sorted.len().saturating_sub(1);
    sorted.get((last as f64 * at).round() as usize).copied().unwrap_or_default()
}

/// Fifty per cent, ninety-nine per cent and the worst, in milliseconds.
pub(crate) fn show_latency(what: &str, seconds: &mut [f64]) -> f64 {
    seconds.sort_by(f64::total_cmp);
    let ms = |at| percentile(seconds, at) * 1000.0;
    println!("  {what:<58} p50 {:>7.2} ms   p99 {:>7.2} ms   worst {:>7.2} ms", ms(0.5), ms(0.99), ms(1.0));
    percentile(seconds, 0.99)
}
