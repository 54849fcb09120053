//! The journey, step by step.

use std::fs;
use std::path::PathBuf;
use std::time::Duration;

use anyhow::{Context as _, ensure};
use serde_json::Value;

use super::command::{list, number, text};
use super::group::{self, Traveller};
use super::post::Post;
use super::stage::{NotHeld, Stage};
use super::{paper, record, traveller};

/// Which zones and stops the group asks for: two checkpoints take a copy, and there are two spares.
const ZONES: &str = "naryn,issyk-kul";
const ROUTE: &str = "karasay,kol-suu,torugart";
/// How long the rooms may take to answer again.
const READY: Duration = Duration::from_secs(60);

/// A permit that was issued, and what was printed.
pub(crate) struct Issued {
    pub number: String,
    /// Each copy's number and the text of its seal; 0 is the original.
    pub seals: Vec<(u64, String)>,
    pub pdf: PathBuf,
}

/// Plays all steps; ends at the first that does not hold.
pub(crate) async fn play(stage: &Stage<'_>) -> Result<(), NotHeld> {
    stage.step("demo-programs", paper::programs(stage)).await?;
    let (travellers, table) = stage.step("demo-group", async { write_group(stage) }).await?;
    let table = table.display().to_string();
    stage.step("demo-quote", quote(stage)).await?;
    stage.step("demo-check", check(stage, &table)).await?;
    let issued = stage.step("demo-issue", issue(stage, &table)).await?;
    stage.step("demo-rasterise", paper::read_back(stage, &issued)).await?;

    let (karasay, torugart) = (Post::new(stage, "karasay"), Post::new(stage, "torugart"));
    stage
        .step("demo-enroll", async {
            karasay.enrol().await?;
            torugart.enrol().await
        })
        .await?;
    stage
        .step("demo-learn", async {
            karasay.learn().await?;
            torugart.learn().await
        })
        .await?;
    offline(stage, &karasay, &issued, &travellers).await?;
    let before = stage.step("demo-status", karasay.holds(issued.seals.len() + 1)).await?;
    stage.step("demo-back", bring_back(stage)).await?;
    stage.step("demo-kill", karasay.sync_while_the_recorder_dies()).await?;
    stage.step("demo-sync", karasay.sync_all(before + count(issued.seals.len() + 1))).await?;
    stage.step("demo-second-post", torugart.hand_in_again(&issued, &travellers)).await?;

    stage.step("demo-show", record::show(stage, &issued)).await?;
    stage.step("demo-alerts", record::alerts(stage, &issued)).await?;
    stage.step("demo-audit", record::audit(stage)).await?;
    stage.step("demo-inside", record::inside(stage, &issued)).await?;
    traveller::play(stage, &issued, &travellers).await
}

/// What happens while there is no signal.
async fn offline(
    stage: &Stage<'_>,
    karasay: &Post<'_>,
    issued: &Issued,
    travellers: &[Traveller],
) -> Result<(), NotHeld> {
    let cut = async {
        stage.house.hold_broker().await;
        stage.found("demo-cut-done", &[]);
        Ok(())
    };
    stage.step("demo-cut", cut).await?;
    stage.step("demo-altered", karasay.refuse_altered(issued, travellers)).await?;
    stage.step("demo-scan", karasay.hand_in_all(issued, travellers)).await
}

async fn bring_back(stage: &Stage<'_>) -> anyhow::Result<()> {
    stage.house.release_broker();
    ensure!(stage.house.wait_until_ready(READY).await, "not every room answers {} s later", READY.as_secs());
    stage.found("demo-back-done", &[]);
    Ok(())
}

fn write_group(stage: &Stage<'_>) -> anyhow::Result<(Vec<Traveller>, PathBuf)> {
    let today = stage.house.reporter.setting().clock.today();
    let travellers = group::travellers(today)?;
    stage.make_folder()?;
    let path = stage.folder().join("group.csv");
    fs::write(&path, group::table(&travellers)?).with_context(|| format!("{}", path.display()))?;
    stage.show(path.display().to_string());
    Ok((travellers, path))
}

async fn quote(stage: &Stage<'_>) -> anyhow::Result<()> {
    let answer = stage.commands.yes(&["desk", "quote", "--zones", ZONES, "--route", ROUTE], "").await?;
    let quote = answer.one()?;
    let price = format!("{} {}", number(quote, "amount")?, text(quote, "currency")?);
    stage.found("demo-price", &[("price", price)]);
    Ok(())
}

async fn check(stage: &Stage<'_>, table: &str) -> anyhow::Result<()> {
    let today = today(stage);
    let arguments = ["desk", "check", table, "--zones", ZONES, "--route", ROUTE, "--from", &today];
    let answer = stage.commands.yes(&arguments, "").await?;
    if answer.lines.is_empty() {
        stage.found("demo-check-clean", &[]);
    }
    for finding in &answer.lines {
        stage.show(format!("{}: {}", text(finding, "severity")?, text(finding, "message")?));
    }
    Ok(())
}

async fn issue(stage: &Stage<'_>, table: &str) -> anyhow::Result<Issued> {
    let (today, out) = (today(stage), stage.folder().display().to_string());
    let arguments =
        ["desk", "issue", table, "--out", &out, "--zones", ZONES, "--route", ROUTE, "--from", &today];
    let answer = stage.commands.yes(&arguments, "").await?;
    let permit = answer.one()?;
    let seal = |copy: &Value| Ok((number(copy, "copy")?, text(copy, "seal")?.to_owned()));
    let issued = Issued {
        number: text(permit, "permit_number")?.to_owned(),
        seals: list(permit, "copies")?.iter().map(seal).collect::<anyhow::Result<_>>()?,
        pdf: text(permit, "pdf")?.into(),
    };
    let numbers: Vec<u64> = issued.seals.iter().map(|(copy, _)| *copy).collect();
    ensure!(numbers == [0, 1, 2, 3, 4], "expected the original and copies 1 to 4, found {numbers:?}");
    let args = [
        ("number", issued.number.clone()),
        ("copies", (issued.seals.len() - 1).to_string()),
        ("file", issued.pdf.display().to_string()),
    ];
    stage.found("demo-issued", &args);
    Ok(issued)
}

fn today(stage: &Stage<'_>) -> String {
    stage.house.reporter.setting().clock.today().to_string()
}

/// A count as JSON has it.
fn count(items: usize) -> u64 {
    u64::try_from(items).unwrap_or(u64::MAX)
}
