//! Runs the program's own commands, as a person at a terminal would.

use std::process::Stdio;
use std::time::Duration;

use anyhow::{Context as _, bail, ensure};
use serde_json::Value;
use tokio::io::AsyncWriteExt as _;
use tokio::process::Command;
use tokio::time::timeout;

use crate::supervise::Plan;

/// No command takes so long; one that does hangs.
const PATIENCE: Duration = Duration::from_secs(120);

/// Runs commands on the data folder of this `up`.
pub(crate) struct Commands<'a> {
    plan: &'a Plan,
}

/// What a command answered.
pub(crate) struct Answer {
    /// The command without its options, for messages: values may be personal data.
    name: String,
    pub status: i32,
    /// The JSON objects that it printed.
    pub lines: Vec<Value>,
    stderr: String,
}

impl<'a> Commands<'a> {
    pub(crate) fn new(plan: &'a Plan) -> Self {
        Self { plan }
    }

    /// Runs one command with `--json`, with `input` on its standard input.
    pub(crate) async fn run(&self, arguments: &[&str], input: &str) -> anyhow::Result<Answer> {
        let name = arguments.iter().take(2).copied().collect::<Vec<_>>().join(" ");
        let mut command = Command::new(&self.plan.executable);
        command.args(&self.plan.arguments).arg("--json").args(arguments);
        let output = finish(command, input).await.with_context(|| format!("propusk {name}"))?;
        let stdout =
            String::from_utf8(output.stdout).with_context(|| format!("propusk {name} printed no text"))?;
        let lines = stdout
            .lines()
            .map(serde_json::from_str)
            .collect::<Result<_, _>>()
            .with_context(|| format!("propusk {name} --json printed a line that is not JSON"))?;
        let status = output.status.code().unwrap_or(-1);
        Ok(Answer { name, status, lines, stderr: String::from_utf8_lossy(&output.stderr).trim().to_owned() })
    }

    /// Runs one command that has to answer yes.
    pub(crate) async fn yes(&self, arguments: &[&str], input: &str) -> anyhow::Result<Answer> {
        self.run(arguments, input).await?.with_status(0)
    }
}

impl Answer {
    /// Itself, if it ended with `status`.
    pub(crate) fn with_status(self, status: i32) -> anyhow::Result<Self> {
        if self.status == status {
            return Ok(self);
        }
        let Self { name, status: found, lines, stderr } = self;
        let lines: Vec<String> = lines.iter().map(Value::to_string).collect();
        bail!("propusk {name} ended with status {found}, expected {status}: {stderr} {}", lines.join("\n"))
    }

    /// Its only line.
    pub(crate) fn one(&self) -> anyhow::Result<&Value> {
        ensure!(
            self.lines.len() == 1,
            "propusk {} printed {} lines, expected one",
            self.name,
            self.lines.len()
        );
        self.lines.first().context("no line")
    }
}

/// Runs another program, which has to succeed, and returns what it printed.
pub(crate) async fn other(program: &str, arguments: &[&std::ffi::OsStr]) -> anyhow::Result<String> {
    let mut command = Command::new(program);
    command.args(arguments);
    let output = finish(command, "").await.with_context(|| {
        format!("{program} can't be run; install it (Debian: apt-get install poppler-utils zbar-tools)")
    })?;
    let stderr = String::from_utf8_lossy(&output.stderr);
    ensure!(output.status.success(), "{program} ended with {}: {}", output.status, stderr.trim());
    String::from_utf8(output.stdout).with_context(|| format!("{program} printed no text"))
}

/// Runs a command to its end. It dies with us.
async fn finish(mut command: Command, input: &str) -> anyhow::Result<std::process::Output> {
    let mut child = command
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .kill_on_drop(true)
        .spawn()?;
    if let Some(mut stdin) = child.stdin.take() {
        // A command that does not read its input may be gone by now.
        let _ = stdin.write_all(input.as_bytes()).await;
    }
    let output = timeout(PATIENCE, child.wait_with_output()).await;
    Ok(output.with_context(|| format!("no end after {} s", PATIENCE.as_secs()))??)
}

/// A text field of a JSON object.
pub(crate) fn text<'v>(value: &'v Value, field: &str) -> anyhow::Result<&'v str> {
    value.get(field).and_then(Value::as_str).with_context(|| format!("the answer has no text `{field}`"))
}

/// A number field of a JSON object.
pub(crate) fn number(value: &Value, field: &str) -> anyhow::Result<u64> {
    value.get(field).and_then(Value::as_u64).with_context(|| format!("the answer has no number `{field}`"))
}

/// A list field of a JSON object.
pub(crate) fn list<'v>(value: &'v Value, field: &str) -> anyhow::Result<&'v Vec<Value>> {
    value.get(field).and_then(Value::as_array).with_context(|| format!("the answer has no list `{field}`"))
}
