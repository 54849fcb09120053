//! `handheld run`: a prompt for a keyboard-wedge scanner; what waits is sent in the background.
//!
//! A scanner types seals and MRZ lines in any order, with Enter or without; [`Lane`] decides when that is enough for a
//! verdict. An empty line closes what lies on the table.

use std::io::{self, Write};
use std::time::Duration;

use propusk_boot::clock::{BISHKEK, local_in_bishkek};
use propusk_boot::{Clock, ExitStatus, random};
use propusk_proto::{HandIn, Verdict};
use tokio::sync::mpsc;
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;
use tracing::warn;

use crate::command::{Command, PaperLine};
use crate::config::HandheldConfig;
use crate::correction::{self, By, Refusal};
use crate::device::Device;
use crate::keyboard::{Keyboard, keys};
use crate::lane::{Held, Lane, Scan, Step};
use crate::present::{Look, wrap};
use crate::scan::Post;
use crate::sync::{connect, sync};
use crate::wedge::Wedge;

/// Pause between two rounds of the background sync.
const ROUND: Duration = Duration::from_secs(15);
/// How long one background round may take.
const PATIENCE: Duration = Duration::from_secs(10);
/// How often it is looked whether a scan without Enter has ended.
const TICK: Duration = Duration::from_millis(40);
/// A sentence without arguments.
const NONE: [(&str, String); 0] = [];

/// How the prompt speaks.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Manner {
    /// No colours and shapes, words first: for screen readers.
    pub plain: bool,
    /// Columns of the terminal.
    pub width: usize,
}

/// The barrier at work.
struct Barrier<'a> {
    post: Post<'a>,
    soldier: &'a str,
    manner: Manner,
    lane: Lane,
    /// The hand-in that the next empty line takes back.
    undoing: Option<HandIn>,
}

/// Runs the prompt until `q`, the end of input or a signal.
pub(crate) async fn run(
    post: Post<'_>,
    soldier: &str,
    plain: bool,
    stop: CancellationToken,
) -> anyhow::Result<ExitStatus> {
    let (device, config, clock) = (post.device.clone(), post.config.clone(), post.setting.clock);
    let background = tokio::spawn(keep_sending(device, config, clock, stop.clone()));
    let keyboard = Keyboard::open();
    let manner = Manner { plain, width: keyboard.width() };
    let mut barrier = Barrier { post, soldier, manner, lane: Lane::default(), undoing: None };
    let result = barrier.work(keys(), &keyboard, &stop).await;
    drop(keyboard);
    stop.cancel();
    background.await?;
    result.map(|()| ExitStatus::Yes)
}

impl Barrier<'_> {
    async fn work(
        &mut self,
        mut keys: mpsc::Receiver<String>,
        keyboard: &Keyboard,
        stop: &CancellationToken,
    ) -> anyhow::Result<()> {
        self.say("prompt-ready", &[("post", self.post.device.profile.post.clone())]);
        let begun = Instant::now();
        let (mut wedge, mut shown) = (Wedge::default(), String::new());
        loop {
            let typed = tokio::select! {
                typed = keys.recv() => match typed { Some(typed) => typed, None => break },
                () = tokio::time::sleep(TICK) => String::new(),
                () = stop.cancelled() => return Ok(()),
            };
            let now_ms = u64::try_from(begun.elapsed().as_millis()).unwrap_or(u64::MAX);
            let mut texts: Vec<String> = typed.chars().filter_map(|c| wedge.take(c, now_ms)).collect();
            if keyboard.is_raw() {
                texts.extend(wedge.silence(now_ms));
                if wedge.typed() != shown {
                    shown = wedge.typed().to_owned();
                    keyboard.show(&shown);
                }
            }
            for text in texts {
                if !self.take(&text)? {
                    return Ok(());
                }
            }
        }
        // A last line without its end, then whatever still lies on the table.
        if let Some(text) = wedge.take('\n', 0).filter(|text| !text.is_empty())
            && !self.take(&text)?
        {
            return Ok(());
        }
        match self.lane.close() {
            Some(scan) => self.judge(&scan),
            None => Ok(()),
        }
    }

    /// Does what one text asks for; false ends the prompt.
    fn take(&mut self, text: &str) -> anyhow::Result<bool> {
        if let Some(event) = self.undoing.take() {
            self.undo(&event, text.trim().is_empty())?;
            return Ok(true);
        }
        for step in self.lane.take(text) {
            match step {
                Step::Command(Command::Quit) => return Ok(false),
                Step::Command(command) => self.command(&command)?,
                Step::Judge(scan) => self.judge(&scan)?,
                Step::Say(sentence) => self.say(sentence, &NONE),
                Step::Layout(layout) => self.say(&format!("layout-{}", layout.as_str()), &NONE),
                Step::Opened | Step::Added => self.ask_for_more()?,
            }
        }
        Ok(true)
    }

    /// A permit lies on the table: where its seal alone is refused, no passport has to be waited for.
    fn ask_for_more(&mut self) -> anyhow::Result<()> {
        let Some(held) = self.lane.held().cloned() else { return Ok(()) };
        let Some(permit) = self.lane.permit() else {
            let id = if matches!(held, Held::Number(_)) { "barrier-number" } else { "scanned-foreign" };
            self.say(id, &NONE);
            return Ok(());
        };
        let people = permit.group_size.to_string();
        let alone = Scan { held, sheets: vec![], mrz: vec![], rows: 0, kind: self.lane.kind().clone() };
        let weighed = self.post.weigh(&alone)?;
        if weighed.judgement.verdict == Verdict::Refuse
            && let Some(scan) = self.lane.close()
        {
            return self.judge(&scan);
        }
        let shown = (self.lane.passports() + self.lane.rows().count_ones() as usize).to_string();
        self.say("barrier-passports", &[("shown", shown), ("people", people)]);
        Ok(())
    }

    fn judge(&self, scan: &Scan) -> anyhow::Result<()> {
        let (answer, _) = self.post.scan(scan, self.soldier)?;
        let bell = if self.manner.plain || answer.verdict == "accept" { "" } else { "\x07" };
        show(bell);
        for line in answer.lines(self.post.setting, self.look()) {
            self.write(&line);
        }
        let counts = self.post.device.queue.counts()?;
        self.say("prompt-queue", &[("waiting", (counts.on_this_device + counts.sent).to_string())]);
        Ok(())
    }

    fn command(&mut self, command: &Command) -> anyhow::Result<()> {
        match command {
            Command::Entry => self.say("barrier-entry", &NONE),
            Command::Exit => self.say("barrier-exit", &NONE),
            Command::Shown => self.say("barrier-shown", &NONE),
            Command::Undo => self.ask_undo()?,
            Command::Override(reason) if reason.is_empty() => self.say("override-how", &NONE),
            Command::Override(reason) => {
                let done = correction::overrule(self.post.device, reason, &self.by()?);
                self.tell(done.map(|_| "override-done"))?;
            }
            Command::Paper(line) => self.paper(line)?,
            Command::Torn | Command::Help | Command::Quit => self.say("barrier-help", &NONE),
        }
        Ok(())
    }

    fn ask_undo(&mut self) -> anyhow::Result<()> {
        match correction::last(self.post.device, &self.by()?) {
            Ok(event) => {
                let number = event.permit.as_ref().map_or("?", |permit| permit.number.as_str());
                self.say("undo-ask", &[("what", format!("{} {number}", event.kind.as_str()))]);
                self.undoing = Some(event);
                Ok(())
            }
            Err(error) => self.tell(Err(error)),
        }
    }

    fn undo(&self, asked: &HandIn, yes: bool) -> anyhow::Result<()> {
        if !yes {
            self.say("undo-left", &NONE);
            return Ok(());
        }
        let by = self.by()?;
        let still = correction::last(self.post.device, &by).is_ok_and(|last| last.id == asked.id);
        if !still {
            return self.tell(Err(Refusal::Nothing.into()));
        }
        self.tell(correction::undo(self.post.device, &by).map(|_| "undo-done"))
    }

    /// A line of the paper list: judged with what is known now, recorded with the time that was written.
    fn paper(&self, line: &str) -> anyhow::Result<()> {
        let local = local_in_bishkek(self.post.setting.clock.now());
        let Some(line) = PaperLine::read(line, local) else {
            self.say("paper-how", &NONE);
            return Ok(());
        };
        let written = BISHKEK.to_timestamp(line.written)?;
        let (answer, _) = self.post.late(&line.number, line.copy, written, self.soldier)?;
        for text in answer.lines(self.post.setting, self.look()) {
            self.write(&text);
        }
        self.say("paper-done", &[("time", line.written.strftime("%Y-%m-%d %H:%M").to_string())]);
        Ok(())
    }

    fn by(&self) -> anyhow::Result<By<'_>> {
        let (now, uptime_ms) = (self.post.setting.clock.now(), self.post.uptime_ms());
        Ok(By { soldier: self.soldier, now, uptime_ms, random: random::bytes()? })
    }

    /// Tells what was done, or why it was not; other errors end the prompt.
    fn tell(&self, done: anyhow::Result<&str>) -> anyhow::Result<()> {
        match done {
            Ok(sentence) => self.say(sentence, &NONE),
            Err(error) => match error.downcast_ref::<Refusal>() {
                Some(refusal) => self.say(&format!("correction-{}", refusal.as_str()), &NONE),
                None => return Err(error),
            },
        }
        Ok(())
    }

    fn look(&self) -> Look {
        if self.manner.plain { Look::Plain } else { Look::of_output() }
    }

    fn say(&self, id: &str, arguments: &[(&str, String)]) {
        self.write(&self.post.setting.say(id, arguments));
    }

    fn write(&self, text: &str) {
        wrap(text, self.manner.width).iter().for_each(|line| show(&format!("{line}\n")));
    }
}

fn show(text: &str) {
    let mut out = io::stdout().lock();
    // A closed terminal ends the program through its input, not through a failed line of output.
    let _ = out.write_all(text.as_bytes()).and_then(|()| out.flush());
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
