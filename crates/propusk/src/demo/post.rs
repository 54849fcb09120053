//! A checkpoint's handheld.

use std::time::Duration;

use anyhow::{bail, ensure};
use serde_json::Value;
use tokio::time::sleep;

use super::command::{Answer, list, number, text};
use super::group::Traveller;
use super::journey::Issued;
use super::stage::Stage;

/// Which character of the lead's passport number is read wrong, and as what.
const ALTERED: (usize, char) = (8, 'G');
/// The copy that is handed in twice, and that is first shown with a wrong passport.
pub(crate) const TWICE: u64 = 1;
/// How often a handheld asks for a permit that has just been issued.
const ASKS: u32 = 40;
const BETWEEN_ASKS: Duration = Duration::from_millis(250);
/// So long after the handheld begins to send, the recorder is killed.
const MIDDLE: Duration = Duration::from_millis(150);
/// How long the rooms may take to answer again.
const READY: Duration = Duration::from_secs(60);

/// The handheld of one checkpoint.
pub(crate) struct Post<'a> {
    stage: &'a Stage<'a>,
    id: &'static str,
}

impl<'a> Post<'a> {
    pub(crate) fn new(stage: &'a Stage<'a>, id: &'static str) -> Self {
        Self { stage, id }
    }

    fn post(&self) -> (&'static str, String) {
        ("post", self.id.to_owned())
    }

    /// Joins with a one-time code, which travels by standard input only; a handheld of an earlier run stays.
    pub(crate) async fn enrol(&self) -> anyhow::Result<()> {
        let commands = &self.stage.commands;
        if commands.run(&["handheld", "status", "--post", self.id], "").await?.status == 0 {
            self.stage.found("demo-enrolled-before", &[self.post()]);
            return Ok(());
        }
        let answer = commands.yes(&["recorder", "enroll-code", "--post", self.id], "").await?;
        let code = format!("{}\n", text(answer.one()?, "code")?);
        let answer = commands.yes(&["handheld", "enroll"], &code).await?;
        let device = text(answer.one()?, "device")?.to_owned();
        self.stage.found("demo-enrolled", &[self.post(), ("device", device)]);
        Ok(())
    }

    async fn sync(&self) -> anyhow::Result<Answer> {
        self.stage.commands.run(&["handheld", "sync", "--post", self.id], "").await
    }

    /// Asks what is new until the permit, on its way from the desk through the recorder, has come.
    pub(crate) async fn learn(&self) -> anyhow::Result<()> {
        for _ in 0..ASKS {
            let answer = self.sync().await?.with_status(0)?;
            if number(answer.one()?, "permits_learnt")? > 0 {
                self.stage.found("demo-learnt", &[self.post()]);
                return Ok(());
            }
            sleep(BETWEEN_ASKS).await;
        }
        bail!("the handheld of {} did not hear of the permit", self.id)
    }

    async fn scan(&self, seal: &str, holder: &Traveller, status: i32) -> anyhow::Result<Value> {
        let arguments = ["handheld", "scan", "--post", self.id, "--seal", seal, "--mrz", "-"];
        let answer = self.stage.commands.run(&arguments, &holder.scanned()?).await?.with_status(status)?;
        Ok(answer.one()?.clone())
    }

    /// Shows a copy with a passport whose number differs in one character.
    pub(crate) async fn refuse_altered(
        &self,
        issued: &Issued,
        travellers: &[Traveller],
    ) -> anyhow::Result<()> {
        let (holder, (position, wrong)) = (first(travellers)?, ALTERED);
        let right = holder.document_number.chars().nth(position - 1).unwrap_or_default();
        let verdict = self.scan(seal(issued, TWICE)?, &holder.altered(position, wrong), 1).await?;
        ensure!(text(&verdict, "verdict")? == "refuse", "the verdict is {verdict}");
        let reasons = list(&verdict, "reasons")?;
        let mismatch = reasons.iter().find(|reason| reason["code"] == "passport-mismatch");
        let Some(reason) = mismatch else { bail!("no reason passport-mismatch in {verdict}") };
        let message = text(reason, "message")?;
        let named = message.contains(wrong) && message.contains(right);
        ensure!(named, "the message does not name “{wrong}” and “{right}”: {message}");
        self.stage.show(message);
        Ok(())
    }

    /// Scans every copy, with the passports in turn.
    pub(crate) async fn hand_in_all(&self, issued: &Issued, travellers: &[Traveller]) -> anyhow::Result<()> {
        for ((copy, seal), holder) in issued.seals.iter().zip(travellers.iter().cycle()) {
            let verdict = self.scan(seal, holder, 0).await?;
            self.accepted(&verdict, issued, *copy)?;
        }
        Ok(())
    }

    fn accepted(&self, verdict: &Value, issued: &Issued, copy: u64) -> anyhow::Result<()> {
        let word = text(verdict, "verdict")?.to_owned();
        ensure!(word == "accept", "copy {copy} is not accepted: {verdict}");
        ensure!(text(verdict, "permit_number")? == issued.number, "another permit: {verdict}");
        ensure!(number(verdict, "copy")? == copy, "another copy than {copy}: {verdict}");
        let state = text(verdict, "state")?.to_owned();
        ensure!(state == "on-this-device", "a scan can't be {state} yet");
        let args = [("copy", copy.to_string()), ("verdict", word), ("state", state)];
        self.stage.found(if copy == 0 { "demo-original" } else { "demo-scanned" }, &args);
        Ok(())
    }

    /// Everything is on the device, and nothing has left it; returns how many earlier ones are recorded.
    pub(crate) async fn holds(&self, scans: usize) -> anyhow::Result<u64> {
        let answer = self.stage.commands.yes(&["handheld", "status", "--post", self.id], "").await?;
        let status = answer.one()?;
        let (here, sent) = (number(status, "on_this_device")?, number(status, "sent")?);
        ensure!(usize::try_from(here) == Ok(scans) && sent == 0, "expected {scans} on this device: {status}");
        self.stage.found("demo-waiting", &[("count", here.to_string())]);
        number(status, "recorded")
    }

    /// Sends, while the recorder is killed; however far this comes, nothing may be lost or doubled.
    pub(crate) async fn sync_while_the_recorder_dies(&self) -> anyhow::Result<()> {
        let kill = async {
            sleep(MIDDLE).await;
            self.stage.house.kill("recorder")
        };
        let (answer, killed) = tokio::join!(self.sync(), kill);
        let Some(pid) = killed else { bail!("the recorder was not running") };
        let status = answer?.status;
        ensure!(matches!(status, 0 | 1), "the handheld ended with status {status}");
        let ready = self.stage.house.wait_until_ready(READY).await;
        ensure!(ready, "the recorder does not answer {} s after it was killed", READY.as_secs());
        self.stage.found("demo-killed", &[("pid", pid.to_string())]);
        Ok(())
    }

    /// Sends what is left; afterwards all are recorded, by signed receipts.
    pub(crate) async fn sync_all(&self, recorded: u64) -> anyhow::Result<()> {
        let answer = self.sync().await?.with_status(0)?;
        let outcome = answer.one()?;
        let found = number(outcome, "recorded")?;
        ensure!(found == recorded, "{found} are recorded, expected {recorded}");
        self.stage.found("demo-synced", &[("count", found.to_string())]);
        Ok(())
    }

    /// A copy that stayed at the first post is accepted here, for this device can't know; the recorder will.
    pub(crate) async fn hand_in_again(
        &self,
        issued: &Issued,
        travellers: &[Traveller],
    ) -> anyhow::Result<()> {
        let verdict = self.scan(seal(issued, TWICE)?, first(travellers)?, 0).await?;
        self.accepted(&verdict, issued, TWICE)?;
        self.sync().await?.with_status(0)?;
        Ok(())
    }
}

fn first(travellers: &[Traveller]) -> anyhow::Result<&Traveller> {
    travellers.first().ok_or_else(|| anyhow::anyhow!("the group is empty"))
}

fn seal(issued: &Issued, copy: u64) -> anyhow::Result<&str> {
    let found = issued.seals.iter().find(|(number, _)| *number == copy);
    found.map(|(_, seal)| seal.as_str()).ok_or_else(|| anyhow::anyhow!("there is no copy {copy}"))
}
