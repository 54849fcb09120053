//! The barrier at work: what follows from each text that is typed or scanned, and what is said of it.

use std::io::{self, Write};

use propusk_boot::clock::{BISHKEK, local_in_bishkek};
use propusk_boot::random;
use propusk_proto::{HandIn, Verdict};
use tokio::time::Instant;

use crate::command::{Command, PaperLine};
use crate::correction::{self, By, Refusal};
use crate::duty::Duty;
use crate::guard::{Guard, Told};
use crate::lane::{Held, Lane, Scan, Step};
use crate::present::{Look, age, wrap};
use crate::scan::{Post, uptime_ms};
use crate::sending::Sending;
use crate::training::Training;

/// A sentence without arguments.
const NONE: [(&str, String); 0] = [];

/// How the prompt speaks.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Manner {
    /// No colours and shapes, words first: for screen readers.
    pub plain: bool,
    /// Columns of the terminal.
    pub width: usize,
    /// It can be cleared.
    pub screen: bool,
}

/// The barrier at work.
pub(crate) struct Barrier<'a> {
    post: Post<'a>,
    duty: Duty,
    guard: Guard,
    manner: Manner,
    lane: Lane,
    /// What sends in the background; nothing does in training.
    sending: Option<&'a Sending>,
    training: Option<&'a Training>,
    /// The hand-in that the next empty line takes back.
    undoing: Option<HandIn>,
}

impl<'a> Barrier<'a> {
    pub(crate) fn new(
        post: Post<'a>,
        soldier: &str,
        manner: Manner,
        sending: Option<&'a Sending>,
        training: Option<&'a Training>,
    ) -> anyhow::Result<Self> {
        let duty = Duty::of(post.device)?;
        let guard = Guard::begin(&duty, soldier)?;
        let lane = Lane::default();
        Ok(Self { post, duty, guard, manner, lane, sending, training, undoing: None })
    }

    /// What is said first.
    pub(crate) fn greet(&self) {
        self.banner();
        self.say("prompt-ready", &[("post", self.post.device.profile.post.clone())]);
        if let Some(training) = self.training {
            self.say("training-lessons", &NONE);
            for (key, sentence) in training.lessons() {
                self.write(&format!("  ={key}  {}", self.post.setting.say(sentence, &NONE)));
            }
        }
        if self.guard.is_locked() {
            self.say("lock-name", &NONE);
        }
    }

    /// What is shown of what stands in the line.
    pub(crate) fn echo(&self, typed: &str) -> String {
        if self.guard.hides() { "*".repeat(typed.chars().count()) } else { typed.to_owned() }
    }

    /// Locks, where somebody was on duty: nobody has touched the device for a while, or it was asked for. What lay on the
    /// table without a verdict is cleared away.
    pub(crate) fn lock(&mut self) {
        if self.guard.lock() {
            self.lane.clear();
            self.undoing = None;
            if self.manner.screen {
                // The scrollback too: names and document numbers stand there.
                show("\x1b[2J\x1b[3J\x1b[H");
            }
            self.say("lock-locked", &NONE);
        }
    }

    /// Does what one text asks for; false ends the prompt.
    pub(crate) fn take(&mut self, text: &str) -> anyhow::Result<bool> {
        if self.guard.is_locked() {
            return self.unlock(text);
        }
        if let Some(event) = self.undoing.take() {
            self.undo(&event, text.trim().is_empty())?;
            return Ok(true);
        }
        let lesson = self.training.and_then(|training| training.lesson(text));
        for text in lesson.unwrap_or(&[text.to_owned()]) {
            if !self.take_one(text)? {
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// Gives the verdict on whatever still lies on the table.
    pub(crate) fn close(&mut self) -> anyhow::Result<()> {
        match self.lane.close() {
            Some(scan) => self.judge(&scan),
            None => Ok(()),
        }
    }

    fn take_one(&mut self, text: &str) -> anyhow::Result<bool> {
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

    /// Takes a name or a PIN; `q` ends a locked prompt too.
    fn unlock(&mut self, text: &str) -> anyhow::Result<bool> {
        if self.guard == Guard::Name && text.trim() == "q" {
            return Ok(false);
        }
        match self.guard.take(text, &self.duty, uptime_ms())? {
            Told::AskName => self.say("lock-name", &NONE),
            Told::AskPin => self.say("lock-pin", &NONE),
            Told::Wrong => self.say("lock-wrong", &NONE),
            Told::Paused(seconds) => self.say("lock-paused", &[("seconds", seconds.to_string())]),
            Told::Welcome => self.say("lock-welcome", &[("soldier", self.guard.soldier().to_owned())]),
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
        let (answer, _) = self.post.scan(scan, self.guard.soldier())?;
        let bell = if self.manner.plain || answer.verdict == "accept" { "" } else { "\x07" };
        show(bell);
        self.banner();
        for line in answer.lines(self.post.setting, self.look()) {
            self.write(&line);
        }
        self.after_writing()
    }

    /// Something new is on disk: it is sent, and what waits is said.
    fn after_writing(&self) -> anyhow::Result<()> {
        if let Some(sending) = self.sending {
            sending.nudge();
        }
        self.tell_queue()
    }

    fn tell_queue(&self) -> anyhow::Result<()> {
        let Some(sending) = self.sending else { return Ok(()) };
        let waiting = self.post.device.queue.waiting_count()?;
        let link = sending.link().say(waiting, self.post.setting, Instant::now());
        self.say("prompt-queue", &[("waiting", waiting.to_string()), ("link", link)]);
        Ok(())
    }

    fn status(&self) -> anyhow::Result<()> {
        self.banner();
        let setting = self.post.setting;
        let status = crate::status::status(self.post.device, setting.clock.now())?;
        self.say("status-permits", &[("permits", status.permits_known.to_string())]);
        let (trust, permits) = (status.trust_list_minutes, status.permits_age_minutes);
        self.say("barrier-ages", &[("signers", age(trust, setting)), ("permits", age(permits, setting))]);
        let soldier = self.guard.soldier();
        if !soldier.is_empty() {
            self.say("status-soldier", &[("soldier", soldier.to_owned())]);
        }
        self.tell_queue()
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
            Command::Status => self.status()?,
            Command::Lock if matches!(self.guard, Guard::Open(_)) => self.say("lock-nobody", &NONE),
            Command::Lock => self.lock(),
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
        let (answer, _) = self.post.late(&line.number, line.copy, written, self.guard.soldier())?;
        self.banner();
        for text in answer.lines(self.post.setting, self.look()) {
            self.write(&text);
        }
        self.say("paper-done", &[("time", line.written.strftime("%Y-%m-%d %H:%M").to_string())]);
        self.after_writing()
    }

    fn by(&self) -> anyhow::Result<By<'_>> {
        let (now, uptime_ms) = (self.post.setting.clock.now(), self.post.uptime_ms());
        Ok(By { soldier: self.guard.soldier(), now, uptime_ms, random: random::bytes()? })
    }

    /// Tells what was done, or why it was not; other errors end the prompt.
    fn tell(&self, done: anyhow::Result<&str>) -> anyhow::Result<()> {
        match done {
            Ok(sentence) => {
                self.say(sentence, &NONE);
                self.after_writing()
            }
            Err(error) => match error.downcast_ref::<Refusal>() {
                Some(refusal) => {
                    self.say(&format!("correction-{}", refusal.as_str()), &NONE);
                    Ok(())
                }
                None => Err(error),
            },
        }
    }

    /// In training, nobody may take a verdict for a real one.
    fn banner(&self) {
        if self.training.is_some() {
            let text = self.post.setting.say("training-banner", &NONE);
            match self.look() {
                Look::Colour => self.write(&format!("\x1b[1;37;45m  {text:<36}\x1b[0m")),
                Look::Shape | Look::Plain => self.say("training-banner", &NONE),
            }
        }
    }

    fn look(&self) -> Look {
        if self.manner.plain { Look::Plain } else { Look::of_output() }
    }

    pub(crate) fn say(&self, id: &str, arguments: &[(&str, String)]) {
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
