//! Eight hours at a barrier, compressed, with random kills and no signal now and then: nothing that was shown is lost,
//! nothing is doubled, memory stays flat.
//!
//! `ops/replay SECONDS SCANS KILLS SEED` plays as much as one likes; the tests play a little of it. The handheld is the
//! shipped prompt in a process of its own, as are broker, recorder, desk and verify.

use std::io::{BufRead, BufReader, Write};
use std::process::{Child, ChildStdin, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use scenarios::group::{csv, specimens};
use scenarios::instance::wait_for;
use scenarios::{Instance, Link, Running};

use crate::links::link;

/// Permits on the road.
const PERMITS: usize = 8;
/// A handheld that grows by more than this in the quieter half of the day leaks.
const FLAT_KIB: u64 = 12 * 1024;

#[test]
fn a_short_day_with_kills_loses_nothing() {
    replay(10, 100, 6, 1);
}

#[test]
#[ignore = "as long as it is told to: ops/replay"]
fn as_long_as_asked_for() {
    let number = |name: &str| std::env::var(name).unwrap().parse().unwrap();
    replay(number("SECONDS_PLAYED"), number("SCANS") as usize, number("KILLS") as usize, number("SEED"));
}

/// A random source that gives the same for the same seed.
struct Dice(u64);

impl Dice {
    fn below(&mut self, bound: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % bound
    }
}

/// What travellers hold out.
struct Road {
    permits: Vec<(String, Vec<String>)>,
    mrz: Vec<String>,
}

impl Road {
    fn new(instance: &Instance) -> Self {
        let today = propusk_boot::Clock::system().today();
        let group = specimens(today);
        let file = instance.write("group.csv", csv(&group));
        let (from, out) = (today.to_string(), instance.path("printed"));
        let order =
            ["--zones", "issyk-kul", "--route", "karasay", "--from", &from, "--out", out.to_str().unwrap()];
        let permits = (0..PERMITS).map(|_| {
            let issued =
                instance.json(&[&["desk", "issue", file.to_str().unwrap()], order.as_slice()].concat());
            let seal = |copy: &serde_json::Value| copy["seal"].as_str().unwrap().to_owned();
            let seals = issued["copies"].as_array().unwrap().iter().map(seal).collect();
            (issued["permit_number"].as_str().unwrap().to_owned(), seals)
        });
        Self { permits: permits.collect(), mrz: group[0].mrz.clone() }
    }

    /// What a scanner and a soldier type for one verdict.
    fn traveller(&self, dice: &mut Dice) -> String {
        let (number, seals) = &self.permits[dice.below(PERMITS)];
        let seal = &seals[dice.below(seals.len())];
        let direction = ["e", "x", "l"][dice.below(3)];
        let held = match dice.below(6) {
            0 => "https://example.org/ticket".to_owned(),
            1 => format!("{number}\n"),
            2 | 3 => format!("{seal}\n*"),
            _ => format!("{seal}\n{}\n", self.mrz.join("\n")),
        };
        format!("{direction}\n{held}\n")
    }
}

/// `handheld run` at work.
struct Terminal {
    child: Child,
    keyboard: ChildStdin,
    shown: Arc<AtomicUsize>,
}

impl Terminal {
    fn start(instance: &Instance) -> Self {
        let mut command = instance.command(&["handheld", "run", "--plain", "--post", "karasay"]);
        let mut child =
            command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
        let (keyboard, screen) = (child.stdin.take().unwrap(), child.stdout.take().unwrap());
        let shown = Arc::new(AtomicUsize::new(0));
        let count = Arc::clone(&shown);
        std::thread::spawn(move || {
            for line in BufReader::new(screen).lines().map_while(Result::ok) {
                if line.contains("on this device, number") {
                    count.fetch_add(1, Ordering::SeqCst);
                }
            }
        });
        Self { child, keyboard, shown }
    }

    fn shown(&self) -> usize {
        self.shown.load(Ordering::SeqCst)
    }

    fn types(&mut self, text: &str) {
        self.keyboard.write_all(text.as_bytes()).unwrap();
    }

    /// Resident memory in KiB.
    fn memory(&self) -> u64 {
        memory(self.child.id().cast_signed())
    }

    /// Ends it as a fallen battery does; returns how many verdicts it has shown.
    fn kill(&mut self) -> usize {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
        std::thread::sleep(Duration::from_millis(20));
        self.shown()
    }

    fn quit(mut self) -> usize {
        self.types("q\n");
        assert!(self.child.wait().unwrap().success());
        std::thread::sleep(Duration::from_millis(20));
        self.shown()
    }
}

fn memory(pid: i32) -> u64 {
    let status = std::fs::read_to_string(format!("/proc/{pid}/status")).unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).unwrap_or("0");
    line.trim().trim_end_matches(" kB").trim().parse().unwrap_or(0)
}

/// Plays `scans` travellers in `seconds`, with so many kills. In the second half of the day handheld and recorder stay
/// alive, so that their memory can be watched; the others are killed all day. The signal comes and goes.
fn replay(seconds: u64, scans: usize, kills: usize, seed: u64) {
    let mut dice = Dice(seed);
    let instance = Instance::new();
    instance.configure("[handheld]\nresend_first_ms = 100\nresend_max_ms = 2000\nask_every_s = 2\n");
    let running = instance.up();
    let road = Road::new(&instance);
    instance.enroll("karasay");
    let signal = link(&instance);
    let kills: Vec<usize> = (0..kills).map(|_| dice.below(scans)).collect();
    let pause = Duration::from_secs(seconds) / u32::try_from(scans).unwrap();
    let (mut day, mut watched) = (Day::begin(&instance), vec![]);
    for scan in 0..scans {
        let morning = scan < scans / 2;
        let fallen = kills
            .iter()
            .filter(|at| **at == scan)
            .filter(|_| !day.kill(&running, morning, &mut dice))
            .count();
        day.travellers(&road, fallen > 0, &mut dice);
        change_signal(&signal, &mut dice);
        if !morning && scan % (scans / 20).max(1) == 0 {
            watched.push((day.terminal.memory(), memory(running.pid("recorder"))));
        }
        std::thread::sleep(pause);
    }
    signal.mend();
    day.end(&running, &watched);
    running.stop();
}

/// A day at the post.
struct Day<'a> {
    instance: &'a Instance,
    terminal: Terminal,
    begun: Instant,
    /// Verdicts that somebody has seen.
    shown: usize,
    /// Times that the handheld fell in the middle of a scan: that one may be written, and was not seen.
    fallen: usize,
    killed: usize,
}

impl<'a> Day<'a> {
    fn begin(instance: &'a Instance) -> Self {
        let terminal = Terminal::start(instance);
        Self { instance, terminal, begun: Instant::now(), shown: 0, fallen: 0, killed: 0 }
    }

    /// Kills one of the processes behind the handheld; false where it is the handheld's own turn.
    fn kill(&mut self, running: &Running, morning: bool, dice: &mut Dice) -> bool {
        let all = ["nats", "desk", "verify", "recorder", "handheld"];
        let victim = all[dice.below(if morning { 5 } else { 3 })];
        self.killed += 1;
        if victim != "handheld" {
            running.kill(victim);
        }
        victim != "handheld"
    }

    /// A scan that comes to its verdict, or one in the middle of which the handheld falls.
    fn travellers(&mut self, road: &Road, falls: bool, dice: &mut Dice) {
        let before = self.terminal.shown();
        self.terminal.types(&road.traveller(dice));
        if falls {
            std::thread::sleep(Duration::from_millis(dice.below(40) as u64));
            self.shown += self.terminal.kill();
            self.terminal = Terminal::start(self.instance);
            self.fallen += 1;
        } else {
            wait_for("the verdict", || self.terminal.shown() > before);
        }
    }

    /// Everything that was shown is recorded once; what was written and not seen too.
    fn end(self, running: &Running, watched: &[(u64, u64)]) {
        let Self { instance, terminal, begun, mut shown, fallen, killed } = self;
        let played = begun.elapsed().as_secs_f64();
        shown += terminal.quit();
        running.wait_until_ready();
        instance.sync("karasay");
        let status = instance.json(&["handheld", "status", "--post", "karasay"]);
        let records = status["recorded"].as_u64().unwrap();
        instance.settled("karasay", records);
        let written = usize::try_from(records).unwrap();
        assert!(
            (shown..=shown + fallen).contains(&written),
            "{shown} shown, {written} recorded, {fallen} fallen"
        );
        let ((handheld, recorder), (handheld_end, recorder_end)) = (watched[0], watched[watched.len() - 1]);
        println!(
            "{shown} verdicts in {played:.0} s, {killed} processes killed (the handheld {fallen} times): {written} \
             recorded, 0 lost, 0 doubled; resident memory from noon to evening: handheld {handheld} to {handheld_end} \
             KiB, recorder {recorder} to {recorder_end} KiB"
        );
        assert!(handheld_end < handheld + FLAT_KIB, "the handheld grows");
    }
}

/// The signal goes once in a while, and comes back.
fn change_signal(signal: &Link, dice: &mut Dice) {
    match dice.below(40) {
        0 => signal.cut(),
        1..=3 => signal.mend(),
        4 => signal.cut_after(dice.below(3000) as i64),
        _ => {}
    }
}
