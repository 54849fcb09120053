//! `handheld run`: a prompt for a keyboard-wedge scanner; what waits is sent in the background.
//!
//! A scanner types: a line with a seal or a permit number opens a scan, MRZ lines join it, an empty line (or the next
//! seal) closes it and shows the verdict.

use std::io::{self, BufRead, IsTerminal, Write};
use std::time::Duration;

use propusk_boot::{Clock, ExitStatus, Setting};
use propusk_permit::PermitNumber;
use propusk_proto::Kind;
use propusk_region::Region;
use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;
use tracing::warn;

use crate::config::HandheldConfig;
use crate::device::Device;
use crate::lane::{Held, Scan};
use crate::scan::Post;
use crate::sync::{connect, sync};

/// Pause between two rounds of the background sync.
const ROUND: Duration = Duration::from_secs(15);
/// How long one background round may take.
const PATIENCE: Duration = Duration::from_secs(10);

/// What has been scanned since the last verdict.
#[derive(Debug, Default)]
struct Desk {
    held: Option<Held>,
    mrz: Vec<String>,
    kind: Option<Kind>,
}

/// Runs the prompt until `q`, the end of input or a signal.
pub(crate) async fn run(
    device: &Device,
    config: &HandheldConfig,
    region: &Region,
    setting: &Setting,
    soldier: &str,
    stop: CancellationToken,
) -> anyhow::Result<ExitStatus> {
    let background = tokio::spawn(keep_sending(device.clone(), config.clone(), setting.clock, stop.clone()));
    let mut lines = read_lines();
    let mut desk = Desk::default();
    show(&setting.say("prompt-ready", &[("post", device.profile.post.clone())]));
    loop {
        let line = tokio::select! {
            line = lines.recv() => line,
            () = stop.cancelled() => None,
        };
        let Some(line) = line else { break };
        let line = line.trim();
        if line == "q" {
            break;
        }
        if closes(line, &desk) {
            let kind = desk.kind.clone().unwrap_or(Kind::Entry);
            answer(device, std::mem::take(&mut desk), config, region, setting, soldier)?;
            desk.kind = Some(kind);
        }
        take(line, &mut desk, setting);
    }
    if desk.held.is_some() {
        answer(device, desk, config, region, setting, soldier)?;
    }
    stop.cancel();
    background.await?;
    Ok(ExitStatus::Yes)
}

/// An empty line, or the next seal, closes what was scanned so far.
fn closes(line: &str, desk: &Desk) -> bool {
    desk.held.is_some() && (line.is_empty() || held(line).is_some())
}

/// A seal, or a permit number; MRZ lines are neither.
fn held(line: &str) -> Option<Held> {
    if line.to_ascii_uppercase().starts_with("KGBZ") {
        return Some(Held::Seal(line.to_owned()));
    }
    line.parse::<PermitNumber>().ok().map(Held::Number)
}

fn take(line: &str, desk: &mut Desk, setting: &Setting) {
    match line {
        "" => {}
        "entry" => desk.kind = Some(Kind::Entry),
        "exit" => desk.kind = Some(Kind::Exit),
        "shown" => desk.kind = Some(Kind::Shown),
        _ => match held(line) {
            Some(held) => desk.held = Some(held),
            None if line.contains('<') => desk.mrz.push(line.to_owned()),
            // Neither a number nor an MRZ: a foreign code is judged like any other.
            None if desk.held.is_none() && line.len() > 20 => desk.held = Some(Held::Seal(line.to_owned())),
            None => show(&setting.say("prompt-unknown", &[("typed", line.chars().take(40).collect())])),
        },
    }
}

fn answer(
    device: &Device,
    desk: Desk,
    config: &HandheldConfig,
    region: &Region,
    setting: &Setting,
    soldier: &str,
) -> anyhow::Result<()> {
    let Some(held) = desk.held else { return Ok(()) };
    let scan = Scan { held, sheets: vec![], mrz: desk.mrz, rows: 0, kind: desk.kind.unwrap_or(Kind::Entry) };
    let (answer, _) = Post { device, config, region, setting }.scan(&scan, soldier)?;
    let colour = io::stdout().is_terminal();
    for line in answer.lines(setting, colour) {
        show(&line);
    }
    let counts = device.queue.counts()?;
    show(&setting.say("prompt-queue", &[("waiting", (counts.on_this_device + counts.sent).to_string())]));
    Ok(())
}

fn show(line: &str) {
    let mut out = io::stdout().lock();
    // A closed terminal ends the program through its input, not through a failed line of output.
    let _ = writeln!(out, "{line}").and_then(|()| out.flush());
}

/// Standard input, line by line, read by a thread of its own: terminals can't be polled.
fn read_lines() -> mpsc::Receiver<String> {
    let (sender, receiver) = mpsc::channel(16);
    std::thread::spawn(move || {
        for line in io::stdin().lock().lines().map_while(Result::ok) {
            if sender.blocking_send(line).is_err() {
                break;
            }
        }
    });
    receiver
}

async fn keep_sending(device: Device, config: HandheldConfig, clock: Clock, stop: CancellationToken) {
    while !stop.is_cancelled() {
        let round = async {
            let courier = connect(&device, stop.clone()).await?;
            loop {
                sync(&device, &courier, &config, &clock, PATIENCE).await?;
                tokio::time::sleep(ROUND).await;
            }
        };
        let ended: anyhow::Result<()> = tokio::select! {
            ended = round => ended,
            () = stop.cancelled() => Ok(()),
        };
        if let Err(error) = ended {
            warn!(%error, "no exchange with the recorder; hand-ins stay on this device");
            tokio::select! { () = tokio::time::sleep(ROUND) => {}, () = stop.cancelled() => {} }
        }
    }
}
