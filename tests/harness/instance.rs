//! One data folder, the binary, and what runs in it.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::sync::mpsc;
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, kill_process};
use serde_json::Value;
use tempfile::TempDir;

/// Longest wait for something that has to happen; a busy machine may take its time.
const PATIENCE: Duration = Duration::from_secs(120);
/// A command that has not ended by then never will.
const LONGEST_COMMAND: Duration = Duration::from_secs(900);

/// A data folder of its own.
pub struct Instance {
    folder: TempDir,
}

/// What a command answered.
pub struct Answer {
    /// Its exit status.
    pub status: i32,
    /// Its standard output.
    pub stdout: String,
    /// Its standard error.
    pub stderr: String,
}

/// `propusk up` at work in an instance. Dropping it ends it the hard way.
pub struct Running {
    child: Child,
    data: PathBuf,
}

impl Answer {
    fn of(output: &Output) -> Self {
        Self {
            status: output.status.code().unwrap_or(-1),
            stdout: String::from_utf8_lossy(&output.stdout).into_owned(),
            stderr: String::from_utf8_lossy(&output.stderr).into_owned(),
        }
    }

    /// The one JSON object on standard output.
    #[must_use]
    pub fn json(&self) -> Value {
        serde_json::from_str(self.stdout.trim()).unwrap_or_else(|error| {
            panic!("{error}: status {}\n{}\n{}", self.status, self.stdout, self.stderr)
        })
    }

    /// The JSON objects on standard output, one a line.
    #[must_use]
    pub fn json_lines(&self) -> Vec<Value> {
        self.stdout.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
    }

    /// Fails the test unless the command ended with `status`.
    #[must_use]
    pub fn expect(self, status: i32) -> Self {
        assert_eq!(self.status, status, "stdout: {}\nstderr: {}", self.stdout, self.stderr);
        self
    }
}

impl Default for Instance {
    fn default() -> Self {
        Self::new()
    }
}

impl Instance {
    /// An empty data folder.
    #[must_use]
    pub fn new() -> Self {
        Self { folder: tempfile::Builder::new().prefix("propusk-").tempdir().unwrap() }
    }

    /// The data folder.
    #[must_use]
    pub fn data(&self) -> PathBuf {
        self.folder.path().join("data")
    }

    /// A path beside the data folder, for files of the test.
    #[must_use]
    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Writes a file beside the data folder.
    pub fn write(&self, name: &str, text: impl AsRef<[u8]>) -> PathBuf {
        let path = self.path(name);
        std::fs::write(&path, text).unwrap();
        path
    }

    /// Writes the settings of this data folder.
    pub fn configure(&self, toml: &str) {
        std::fs::create_dir_all(self.data()).unwrap();
        std::fs::write(self.data().join("propusk.toml"), toml).unwrap();
    }

    /// A command of the binary with this data folder, in English.
    #[must_use]
    pub fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(binary());
        command.args(arguments).env("PROPUSK_DATA", self.data()).env("LC_ALL", "C").env_remove("LANG");
        command.stdin(Stdio::null());
        command
    }

    /// Runs a command to its end.
    #[must_use]
    pub fn run(&self, arguments: &[&str]) -> Answer {
        let mut command = self.command(arguments);
        ended(command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap(), arguments)
    }

    /// Runs a command with `--json`, which must end with 0, and reads its one object.
    #[must_use]
    pub fn json(&self, arguments: &[&str]) -> Value {
        let mut all = arguments.to_vec();
        all.push("--json");
        self.run(&all).expect(0).json()
    }

    /// Runs a command with something on its standard input.
    #[must_use]
    pub fn run_with_input(&self, arguments: &[&str], input: &str) -> Answer {
        let mut command = self.command(arguments);
        let mut child =
            command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        child.stdin.take().unwrap().write_all(input.as_bytes()).unwrap();
        ended(child, arguments)
    }

    /// Starts `propusk up` and waits until every room answers.
    #[must_use]
    pub fn up(&self) -> Running {
        self.try_up().unwrap_or_else(|said| panic!("propusk up ended:\n{said}"))
    }

    /// The same with options before the command.
    #[must_use]
    pub fn up_with(&self, options: &[&str]) -> Running {
        self.start(options).unwrap_or_else(|said| panic!("propusk up ended:\n{said}"))
    }

    /// The same where it may refuse to start; then what it has said.
    pub fn try_up(&self) -> Result<Running, String> {
        self.start(&[])
    }

    fn start(&self, options: &[&str]) -> Result<Running, String> {
        let log = std::fs::File::options().create(true).append(true).open(self.path("up.log")).unwrap();
        let child = self
            .command(&[options, &["up"]].concat())
            .stdout(log.try_clone().unwrap())
            .stderr(log)
            .spawn()
            .unwrap();
        let mut running = Running { child, data: self.data() };
        let ready = self.data().join("run/ready");
        let mut ended = false;
        wait_for("propusk up to be ready", || {
            ended = running.child.try_wait().unwrap().is_some();
            ended || ready.exists()
        });
        if ended { Err(self.log()) } else { Ok(running) }
    }

    /// What `propusk up` has said so far.
    #[must_use]
    pub fn log(&self) -> String {
        std::fs::read_to_string(self.path("up.log")).unwrap_or_default()
    }

    /// Enrols a handheld of `post`, as operator and soldier would.
    pub fn enroll(&self, post: &str) {
        let code =
            self.json(&["recorder", "enroll-code", "--post", post])["code"].as_str().unwrap().to_owned();
        // A recorder that has only just begun says that it has no trust list yet.
        wait_for("the handheld to be enrolled", || {
            let said = self.run_with_input(&["handheld", "enroll"], &code);
            assert!(said.status == 0 || said.stderr.contains("(no-trust-list)"), "{}", said.stderr);
            said.status == 0
        });
    }

    /// A scan at Karasay that needs no permit: a foreign code is refused, and recorded like any other.
    pub fn scan_foreign_code(&self) {
        let scan =
            ["handheld", "scan", "--post", "karasay", "--seal", "https://example.org/ticket", "--json"];
        let _ = self.run(&scan).expect(1);
    }

    /// How many hand-ins the record holds; its audit finds nothing broken and nothing missing.
    #[must_use]
    pub fn records(&self) -> u64 {
        self.json(&["recorder", "audit"])["records"].as_u64().unwrap()
    }

    /// The end of every scenario: all of so many hand-ins of the handheld of `post` are receipted and recorded, each
    /// once, and the record is whole.
    pub fn settled(&self, post: &str, hand_ins: u64) {
        self.sync(post);
        let status = self.json(&["handheld", "status", "--post", post]);
        for (state, count) in [("recorded", hand_ins), ("on_this_device", 0), ("sent", 0), ("refused", 0)] {
            assert_eq!(status[state], count, "{state}: {status}");
        }
        assert_eq!(self.records(), hand_ins);
    }

    /// Syncs the handheld of `post` until nothing waits any more.
    pub fn sync(&self, post: &str) -> Value {
        let mut last = Value::Null;
        wait_for("the handheld to be in step with the recorder", || {
            let answer = self.run(&["handheld", "sync", "--post", post, "--wait", "10", "--json"]);
            if answer.status == 0 {
                last = answer.json();
            }
            answer.status == 0 && last["reached"] == true
        });
        last
    }
}

impl Running {
    /// The process id that a room (or `nats`) has announced.
    #[must_use]
    pub fn pid(&self, room: &str) -> i32 {
        let path = self.data.join(format!("run/{room}.json"));
        let mut pid = 0;
        wait_for("a room's announcement", || {
            let text = std::fs::read_to_string(&path).unwrap_or_default();
            pid = serde_json::from_str::<Value>(&text)
                .ok()
                .and_then(|value| value["pid"].as_i64())
                .and_then(|pid| i32::try_from(pid).ok())
                .unwrap_or(0);
            pid > 0
        });
        pid
    }

    /// Ends a room with SIGKILL, as a power cut would. One that was killed a moment ago stays announced until it is back.
    pub fn kill(&self, room: &str) {
        wait_for("a room that can be killed", || {
            kill_process(Pid::from_raw(self.pid(room)).unwrap(), Signal::KILL).is_ok()
        });
    }

    /// Waits until every room answers (again).
    pub fn wait_until_ready(&self) {
        wait_for("every room to answer", || self.data.join("run/ready").exists());
    }

    /// Ends everything as Ctrl-C does, and returns how long it took.
    pub fn stop(mut self) -> Duration {
        let since = Instant::now();
        kill_process(Pid::from_child(&self.child), Signal::TERM).unwrap();
        wait_for("propusk up to end", || self.child.try_wait().unwrap().is_some());
        let status = self.child.wait().unwrap();
        assert!(status.success(), "propusk up ended with {status}");
        since.elapsed()
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        if self.child.try_wait().ok().flatten().is_none() {
            let _ = kill_process(Pid::from_child(&self.child), Signal::TERM);
            let until = Instant::now() + Duration::from_secs(10);
            while Instant::now() < until && self.child.try_wait().ok().flatten().is_none() {
                std::thread::sleep(Duration::from_millis(50));
            }
            let _ = self.child.kill();
            let _ = self.child.wait();
        }
    }
}

/// What a command has answered when it ended. One that hangs is killed, and fails the test with its name.
fn ended(child: Child, arguments: &[&str]) -> Answer {
    let pid = Pid::from_child(&child);
    let (end, is_over) = mpsc::channel::<()>();
    let watch = std::thread::spawn(move || {
        let hangs = is_over.recv_timeout(LONGEST_COMMAND) == Err(mpsc::RecvTimeoutError::Timeout);
        hangs && kill_process(pid, Signal::KILL).is_ok()
    });
    let output = child.wait_with_output().unwrap();
    drop(end);
    let (answer, was_killed) = (Answer::of(&output), watch.join().unwrap());
    assert!(!was_killed, "`{}` did not end. It said: {}", arguments.join(" "), answer.stderr);
    answer
}

/// Copies a whole folder, in place of whatever is there.
pub fn copy_folder(from: &Path, to: &Path) {
    let _ = std::fs::remove_dir_all(to);
    assert!(Command::new("cp").arg("-a").args([from, to]).status().unwrap().success());
}

/// Waits until `done`, or fails the test.
pub fn wait_for(what: &str, mut done: impl FnMut() -> bool) {
    let until = Instant::now() + PATIENCE;
    while !done() {
        assert!(Instant::now() < until, "waited in vain for {what}");
        std::thread::sleep(Duration::from_millis(50));
    }
}

/// The binary beside this test: `cargo build` puts both into the same target folder.
fn binary() -> PathBuf {
    let test = std::env::current_exe().unwrap();
    let path = test.ancestors().nth(2).unwrap_or(Path::new("/")).join("propusk");
    assert!(path.exists(), "{} is not there: run `cargo build -p propusk` first", path.display());
    path
}
