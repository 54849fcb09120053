//! One supervised child: started, watched, started again when it dies, stopped when that is wanted.

use std::ffi::OsString;
use std::fs::{self, File};
use std::io::{self, Read as _, Seek as _, SeekFrom};
use std::os::unix::fs::OpenOptionsExt as _;
use std::os::unix::process::ExitStatusExt as _;
use std::path::{Path, PathBuf};
use std::process::{ExitStatus, Stdio};
use std::time::Duration;

use rustix::process::{Pid, Signal, kill_process};
use tokio::process::{Child, Command};
use tokio::sync::watch;
use tokio::task::JoinHandle;
use tokio::time::{Instant, sleep, timeout_at};

use crate::events::{Event, Reporter};
use crate::lifeline::SUPERVISOR;

/// Memory is taken in small pages: of a huge one most may lie idle, and with these a recorder of 9,000 hand-ins held a
/// third of what it held with huge ones. Whoever sets it themselves knows better.
const MEMORY: [(&str, &str); 1] = [("MIMALLOC_ALLOW_THP", "0")];
/// The pause before a child that died is started again; it doubles with every death in a row…
const FIRST_PAUSE: Duration = Duration::from_millis(200);
/// …up to this.
const LONGEST_PAUSE: Duration = Duration::from_secs(5);
/// A child that lived so long was well: its deaths are counted anew.
const STEADY: Duration = Duration::from_secs(30);
/// A log that is longer than this is begun anew when its child starts.
const MAX_LOG_BYTES: u64 = 10 * 1024 * 1024;
/// So much of a log's end is searched for a child's last words.
const LAST_WORDS_BYTES: u64 = 4096;

/// What to start.
#[derive(Debug, Clone)]
pub(crate) struct Program {
    pub name: &'static str,
    pub path: PathBuf,
    pub arguments: Vec<OsString>,
    /// Where its stdout and stderr go.
    pub log: PathBuf,
}

/// What is wanted of a child.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Wanted {
    Up,
    /// Stopped until it is wanted up again; killed if it has not stopped by itself at `kill_at`.
    Down {
        kill_at: Instant,
    },
    /// Stopped for good.
    Ended {
        kill_at: Instant,
    },
}

/// How a child is.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct State {
    /// Its process, while it runs.
    pub pid: Option<u32>,
    /// Since when that process runs.
    pub since: Option<Instant>,
    /// Deaths in a row, none of them after a steady life.
    pub deaths: u32,
}

/// Keeps one child running; dropping it kills the child.
#[derive(Debug)]
pub(crate) struct Keeper {
    program: Program,
    wanted: watch::Sender<Wanted>,
    state: watch::Receiver<State>,
    _task: JoinHandle<()>,
}

impl Keeper {
    /// Starts the child. Has to be called from a runtime whose tasks run on the main thread (see `lifeline`).
    pub(crate) fn start(program: Program, reporter: Reporter) -> Self {
        let (wanted, wanted_here) = watch::channel(Wanted::Up);
        let (state_here, state) = watch::channel(State::default());
        let task = tokio::spawn(keep(program.clone(), wanted_here, state_here, reporter));
        Self { program, wanted, state, _task: task }
    }

    pub(crate) fn name(&self) -> &'static str {
        self.program.name
    }

    pub(crate) fn log(&self) -> &Path {
        &self.program.log
    }

    pub(crate) fn state(&self) -> State {
        *self.state.borrow()
    }

    /// Sends a signal to the child, if it runs. A process number can't have become another process's: it is
    /// forgotten in the same moment in which the child is waited for.
    pub(crate) fn signal(&self, signal: Signal) {
        let pid = self.state().pid.and_then(|pid| i32::try_from(pid).ok()).and_then(Pid::from_raw);
        if let Some(pid) = pid
            && let Err(error) = kill_process(pid, signal)
        {
            tracing::warn!(child = self.name(), %error, "A signal could not be sent.");
        }
    }

    /// Starts the child after [`hold`](Self::hold).
    pub(crate) fn release(&self) {
        self.wanted.send_replace(Wanted::Up);
    }

    /// Stops the child (SIGTERM, SIGKILL at `kill_at`) until [`release`](Self::release).
    pub(crate) async fn hold(&self, kill_at: Instant) {
        self.wanted.send_replace(Wanted::Down { kill_at });
        self.stopped().await;
    }

    /// Asks the child to stop for good (SIGTERM, SIGKILL at `kill_at`), and does not wait.
    pub(crate) fn ask_to_end(&self, kill_at: Instant) {
        self.wanted.send_replace(Wanted::Ended { kill_at });
    }

    /// Waits until no process of the child's is left.
    pub(crate) async fn stopped(&self) {
        // An error says that the task is over, and the child with it.
        let _ = self.state.clone().wait_for(|state| state.pid.is_none()).await;
    }

    /// The last line that the child wrote.
    pub(crate) fn last_words(&self) -> String {
        last_words(self.log()).unwrap_or_else(|| "it ended without a word".to_owned())
    }
}

async fn keep(
    program: Program,
    mut wanted: watch::Receiver<Wanted>,
    state: watch::Sender<State>,
    reporter: Reporter,
) {
    let mut pause = FIRST_PAUSE;
    loop {
        match wanted.wait_for(|wanted| !matches!(wanted, Wanted::Down { .. })).await.map(|wanted| *wanted) {
            Ok(Wanted::Up) => {}
            _ => return,
        }
        let begun = Instant::now();
        let died = match program.start() {
            Ok(child) => run(child, &program, &mut wanted, &state, &reporter).await,
            Err(error) => Some(error.to_string()),
        };
        let steady = begun.elapsed() >= STEADY;
        let on_purpose = died.is_none();
        state.send_modify(|state| {
            let before = if steady || on_purpose { 0 } else { state.deaths };
            *state = State { pid: None, since: None, deaths: before + u32::from(!on_purpose) };
        });
        let Some(how) = died else { continue };
        if steady {
            pause = FIRST_PAUSE;
        }
        let again_in_ms = u64::try_from(pause.as_millis()).unwrap_or(u64::MAX);
        reporter.tell(&Event::Died { child: program.name, how, again_in_ms, log: program.log.clone() });
        tokio::select! {
            () = sleep(pause) => {}
            _ = wanted.changed() => {}
        }
        pause = (pause * 2).min(LONGEST_PAUSE);
    }
}

/// Waits for the child's death, and says how it died; `None` when it was stopped on purpose.
async fn run(
    mut child: Child,
    program: &Program,
    wanted: &mut watch::Receiver<Wanted>,
    state: &watch::Sender<State>,
    reporter: &Reporter,
) -> Option<String> {
    let pid = child.id();
    state.send_modify(|state| (state.pid, state.since) = (pid, Some(Instant::now())));
    if let Some(pid) = pid {
        reporter.tell(&Event::Started { child: program.name, pid });
    }
    let kill_at = tokio::select! {
        status = child.wait() => return Some(describe(status, &program.log)),
        kill_at = asked_to_stop(wanted) => kill_at,
    };
    let process = pid.and_then(|pid| i32::try_from(pid).ok()).and_then(Pid::from_raw);
    if let Some(process) = process {
        // It may be gone already; then there is nothing to stop.
        let _ = kill_process(process, Signal::TERM);
    }
    if timeout_at(kill_at, child.wait()).await.is_err() {
        tracing::warn!(child = program.name, "It did not stop in time and was killed.");
        let _ = child.kill().await;
    }
    None
}

async fn asked_to_stop(wanted: &mut watch::Receiver<Wanted>) -> Instant {
    match wanted.wait_for(|wanted| *wanted != Wanted::Up).await.map(|wanted| *wanted) {
        Ok(Wanted::Down { kill_at } | Wanted::Ended { kill_at }) => kill_at,
        // The keeper was dropped: nobody is left who could wait.
        Ok(Wanted::Up) | Err(_) => Instant::now(),
    }
}

impl Program {
    /// Starts it in a process group of its own, so that the terminal's Ctrl-C reaches the supervisor only, and all
    /// stop in order.
    fn start(&self) -> io::Result<Child> {
        let log = open_log(&self.log)?;
        Command::new(&self.path)
            .args(&self.arguments)
            .env(SUPERVISOR, std::process::id().to_string())
            .envs(MEMORY.into_iter().filter(|(name, _)| std::env::var_os(name).is_none()))
            .stdin(Stdio::null())
            .stdout(log.try_clone()?)
            .stderr(log)
            .process_group(0)
            .kill_on_drop(true)
            .spawn()
    }
}

fn open_log(path: &Path) -> io::Result<File> {
    let too_long = fs::metadata(path).is_ok_and(|facts| facts.len() > MAX_LOG_BYTES);
    if too_long {
        fs::remove_file(path)?;
    }
    File::options().append(true).create(true).mode(0o600).open(path)
}

/// How a process ended, with its last words where it ended by itself and not well.
fn describe(status: io::Result<ExitStatus>, log: &Path) -> String {
    let status = match status {
        Ok(status) => status,
        Err(error) => return error.to_string(),
    };
    if let Some(signal) = status.signal() {
        return format!("signal {signal}");
    }
    let code = status.code().unwrap_or_default();
    match last_words(log) {
        Some(words) if code != 0 => format!("status {code}: {words}"),
        _ => format!("status {code}"),
    }
}

fn last_words(log: &Path) -> Option<String> {
    let mut file = File::open(log).ok()?;
    let length = file.metadata().ok()?.len();
    file.seek(SeekFrom::Start(length.saturating_sub(LAST_WORDS_BYTES))).ok()?;
    let mut bytes = Vec::new();
    file.take(LAST_WORDS_BYTES).read_to_end(&mut bytes).ok()?;
    let text = String::from_utf8_lossy(&bytes);
    text.lines()
        .rev()
        .find(|line| !line.trim().is_empty())
        .map(|line| line.trim().trim_start_matches("propusk: ").to_owned())
}

#[cfg(test)]
mod tests;
