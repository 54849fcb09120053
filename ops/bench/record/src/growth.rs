//! What becomes of the record as it grows to two million hand-ins.

use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::Context;
use propusk_boot::client::Client;
use propusk_recorder::ledger::Ledger;
use propusk_store::Store;
use tokio::runtime::Runtime;

use crate::hand_ins::{Desk, Fleet, NOON_MS, ledger, number, options, permits_of};
use crate::stages::{end_to_end, sorted};
use crate::{Target, Wanted, percentile};

/// Each ends with a thousand groups inside a zone.
const SIZES: [usize; 3] = [9_000, 1_001_000, 2_001_000];
/// Over so many hand-ins a rate is taken.
const WINDOW: usize = 40_000;
/// The rates at a million are taken in turn with those of a small record, lest the machine be another one meanwhile. Of so many
/// rounds the one in the middle counts.
const ROUNDS: usize = 5;
const PULL: usize = 2048;
const QUESTIONS: usize = 400;

pub(crate) fn measure() -> anyhow::Result<Vec<Target>> {
    println!("\nGrowth: hand-ins of permits that are known, four each, pulls of {PULL}");
    let folder = tempfile::tempdir()?;
    let program = Program { binary: binary()?, data: folder.path().join("data") };
    program.up()?.stop()?;
    let mut filling = Filling::of(&program.store())?;

    filling.until(SIZES[0])?;
    let small = program.ask(filling.recorded)?;
    filling.until(SIZES[1])?;
    let bytes = size_of(&program.store())? / filling.recorded as f64;
    let (rebuilt, records) = program.rebuild()?;
    let at_million = program.ask(filling.recorded)?;
    let rates = rates(&mut filling, folder.path())?;
    filling.until(SIZES[2])?;
    let large = program.ask(filling.recorded)?;

    println!("  indexes made again at {records}: {rebuilt:.1} s, {:.0}/s", records as f64 / rebuilt);
    for (size, asked) in SIZES.iter().zip([&small, &at_million, &large]) {
        println!(
            "  at {size:>7}: show {:.2} ms (p99 {:.2}), inside {:.2} ms (p99 {:.2}), resident {:.0} MB",
            asked.show[0] * 1e3,
            asked.show[1] * 1e3,
            asked.inside[0] * 1e3,
            asked.inside[1] * 1e3,
            asked.resident_mb,
        );
    }
    let target = |what, value, wanted| Target { what, value, wanted };
    Ok(vec![
        target(
            "taken in end to end from a million on, of that from 9,000",
            rates.ratio,
            Wanted::AtLeast(0.6),
        ),
        target("bytes on disk a hand-in at a million, permits included", bytes, Wanted::AtMost(900.0)),
        target("resident at a million, MB", at_million.resident_mb, Wanted::AtMost(400.0)),
        target(
            "show at two million of ten thousand, p50",
            large.show[0] / small.show[0],
            Wanted::AtMost(3.0),
        ),
        target(
            "show at two million of ten thousand, p99",
            large.show[1] / small.show[1],
            Wanted::AtMost(3.0),
        ),
        target(
            "inside at two million of ten thousand, p50",
            large.inside[0] / small.inside[0],
            Wanted::AtMost(3.0),
        ),
        target(
            "indexes made again, of the rate of recording",
            records as f64 / rebuilt / rates.at_million,
            Wanted::AtLeast(2.0),
        ),
    ])
}

fn binary() -> anyhow::Result<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../..");
    let target = std::env::var_os("PROPUSK_TARGET").map_or_else(|| root.join("target"), PathBuf::from);
    let binary = target.join("release/propusk");
    anyhow::ensure!(binary.exists(), "{} is missing; ops/bench/run builds it", binary.display());
    Ok(binary)
}

fn size_of(folder: &Path) -> anyhow::Result<f64> {
    let mut bytes = 0;
    for entry in std::fs::read_dir(folder)? {
        let entry = entry?;
        bytes += if entry.file_type()?.is_dir() {
            size_of(&entry.path())? as u64
        } else {
            entry.metadata()?.len()
        };
    }
    Ok(bytes as f64)
}

/// Rates of a small record and of one of a million, in turn.
fn rates(large: &mut Filling, folder: &Path) -> anyhow::Result<Rates> {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    let (mut ratios, mut at_million) = (Vec::new(), Vec::new());
    println!(
        "  {WINDOW} hand-ins end to end, then {WINDOW} verified and recorded | without verifying, a second:"
    );
    for round in 0..ROUNDS {
        let mut small = Filling::of(&folder.join(round.to_string()))?;
        small.until(SIZES[0])?;
        let [small, large] = [small.rates(&runtime)?, large.rates(&runtime)?];
        let of = |rate: fn(&Rate) -> f64| {
            format!("{:.0}, {:.0} = {:.2}", rate(&small), rate(&large), rate(&large) / rate(&small))
        };
        println!(
            "  from {} and {} on: {} | {} | {}",
            SIZES[0],
            SIZES[1],
            of(|rate| rate.end_to_end),
            of(|rate| rate.verified),
            of(|rate| rate.decided),
        );
        ratios.push(large.end_to_end / small.end_to_end);
        at_million.push(large.verified);
    }
    let median = |values: Vec<f64>| percentile(&sorted(values.into_iter()), 0.5);
    Ok(Rates { ratio: median(ratios), at_million: median(at_million) })
}

struct Rates {
    /// End to end, that at a million of that at nine thousand.
    ratio: f64,
    /// Verified and recorded a second, at a million.
    at_million: f64,
}

/// A record that is being filled.
struct Filling {
    folder: PathBuf,
    fleet: Fleet,
    desk: Desk,
    issued: usize,
    recorded: usize,
}

/// Hand-ins a second.
#[derive(Default)]
struct Rate {
    /// From the device's queue by the broker to the receipt.
    end_to_end: f64,
    /// By one thread, that has the messages.
    verified: f64,
    /// Deciding and committing only, as the recorder does while another thread verifies the next pull.
    decided: f64,
}

impl Filling {
    fn of(folder: &Path) -> anyhow::Result<Self> {
        Ok(Self {
            folder: folder.to_owned(),
            fleet: Fleet::new()?,
            desk: Desk::new()?,
            issued: 0,
            recorded: 0,
        })
    }

    fn until(&mut self, size: usize) -> anyhow::Result<()> {
        self.record(size.saturating_sub(self.recorded)).map(drop)
    }

    /// Opens the record and makes the permits of the next hand-ins known.
    fn prepare(&mut self, count: usize) -> anyhow::Result<Ledger> {
        let ledger = ledger(Store::open(&self.folder, options())?)?;
        self.fleet.enrol(&ledger)?;
        let permits = permits_of(self.recorded + count);
        self.desk.issue(&ledger, self.issued..permits)?;
        (self.issued, self.recorded) = (permits, self.recorded + count);
        Ok(ledger)
    }

    /// Records so many more.
    fn record(&mut self, count: usize) -> anyhow::Result<Rate> {
        let ledger = self.prepare(count)?;
        let (mut examining, mut recording) = (Duration::ZERO, Duration::ZERO);
        let mut left = count;
        while left > 0 {
            let pull = self.fleet.take(left.min(PULL))?;
            left -= pull.len();
            let spent = record(&ledger, pull)?;
            examining += spent.0;
            recording += spent.1;
        }
        let rate = |time: Duration| count as f64 / time.as_secs_f64();
        Ok(Rate { verified: rate(examining + recording), decided: rate(recording), ..Rate::default() })
    }

    /// End to end first: at a small size a window is not small itself.
    fn rates(&mut self, runtime: &Runtime) -> anyhow::Result<Rate> {
        let messages = self.fleet.take(WINDOW)?;
        let ledger = self.prepare(WINDOW)?;
        let end_to_end = end_to_end(runtime, &self.fleet, &messages, ledger)?;
        Ok(Rate { end_to_end, ..self.record(WINDOW)? })
    }
}

fn record(
    ledger: &Ledger,
    pull: Vec<propusk_recorder::intake::Incoming>,
) -> anyhow::Result<(Duration, Duration)> {
    let begun = Instant::now();
    let examined = ledger.examine(pull)?;
    let verified = begun.elapsed();
    let (_receipts, _may_ack) = ledger.decide(&examined, NOON_MS + 7_200_000)?.commit()?.receipts()?;
    Ok((verified, begun.elapsed() - verified))
}

struct Program {
    binary: PathBuf,
    data: PathBuf,
}

struct Running {
    child: Child,
    data: PathBuf,
}

/// Median and p99 of the answers, in seconds, and the recorder's memory after them.
struct Asked {
    show: [f64; 2],
    inside: [f64; 2],
    resident_mb: f64,
}

impl Program {
    fn store(&self) -> PathBuf {
        self.data.join("recorder")
    }

    fn up(&self) -> anyhow::Result<Running> {
        let child = Command::new(&self.binary)
            .arg("up")
            .env("PROPUSK_DATA", &self.data)
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()?;
        let mut running = Running { child, data: self.data.clone() };
        let begun = Instant::now();
        while !self.data.join("run/ready").exists() {
            anyhow::ensure!(running.child.try_wait()?.is_none(), "propusk up ended");
            anyhow::ensure!(begun.elapsed() < Duration::from_secs(300), "propusk up is not ready");
            std::thread::sleep(Duration::from_millis(100));
        }
        Ok(running)
    }

    fn ask(&self, recorded: usize) -> anyhow::Result<Asked> {
        let running = self.up()?;
        let announced: serde_json::Value =
            serde_json::from_slice(&std::fs::read(self.data.join("run/recorder.json"))?)?;
        let text = |name: &str| announced[name].as_str().map(str::to_owned);
        let client = Client::new(&text("url").context("its address")?, text("token"))?;
        // Permits of all ages, none twice.
        let permits = permits_of(recorded) - 1000;
        let numbers: Vec<String> =
            (0..QUESTIONS).map(|at| number(at * permits / QUESTIONS)).collect::<anyhow::Result<_>>()?;
        let show =
            |at: usize| client.get_bytes(&format!("/v1/permits/{}", numbers[at])).map(|bytes| bytes.len());
        let inside = |_| client.get_bytes("/v1/inside?zone=issyk-kul").map(|bytes| bytes.len());
        let asked = Asked {
            show: times(QUESTIONS, show)?,
            inside: times(QUESTIONS / 10, inside)?,
            resident_mb: resident_mb(announced["pid"].as_u64().context("its process")?)?,
        };
        running.stop()?;
        Ok(asked)
    }

    /// How long making the indexes again takes, and of how many records.
    fn rebuild(&self) -> anyhow::Result<(f64, u64)> {
        let begun = Instant::now();
        let out = Command::new(&self.binary)
            .args(["recorder", "rebuild", "--json"])
            .env("PROPUSK_DATA", &self.data)
            .output()?;
        anyhow::ensure!(out.status.success(), "{}", String::from_utf8_lossy(&out.stderr));
        let reply: serde_json::Value = serde_json::from_slice(&out.stdout)?;
        Ok((begun.elapsed().as_secs_f64(), reply["records"].as_u64().context("how many records")?))
    }
}

fn times<T, E: std::error::Error + Send + Sync + 'static>(
    count: usize,
    ask: impl Fn(usize) -> Result<T, E>,
) -> anyhow::Result<[f64; 2]> {
    let mut seconds = Vec::new();
    for at in 0..count {
        let begun = Instant::now();
        ask(at)?;
        seconds.push(begun.elapsed().as_secs_f64());
    }
    seconds.sort_by(f64::total_cmp);
    Ok([percentile(&seconds, 0.5), percentile(&seconds, 0.99)])
}

fn resident_mb(pid: u64) -> anyhow::Result<f64> {
    let status = std::fs::read_to_string(format!("/proc/{pid}/status"))?;
    let line = status.lines().find(|line| line.starts_with("VmRSS:")).context("VmRSS")?;
    let kilobytes: f64 = line.split_whitespace().nth(1).context("a number")?.parse()?;
    Ok(kilobytes / 1000.0)
}

impl Running {
    fn stop(mut self) -> anyhow::Result<()> {
        Command::new("kill").args(["-TERM", &self.child.id().to_string()]).status()?;
        self.child.wait()?;
        let _ = std::fs::remove_file(self.data.join("run/ready"));
        Ok(())
    }
}
