//! What the traveller, and anybody who holds the paper, can check.

use std::time::Duration;

use anyhow::{Context as _, ensure};
use tokio::time::sleep;

use super::command::{Answer, list, text};
use super::group::Traveller;
use super::journey::Issued;
use super::stage::{NotHeld, Stage};

/// Which digit of the passport number the traveller gets wrong, and as what.
const ALTERED: (usize, char) = (7, '7');
/// The permit may still be on its way to this room; asking is limited, so it is asked a few times only.
const ASKS: u32 = 4;
const BETWEEN_ASKS: Duration = Duration::from_secs(1);

pub(crate) async fn play(
    stage: &Stage<'_>,
    issued: &Issued,
    travellers: &[Traveller],
) -> Result<(), NotHeld> {
    stage.step("demo-permit", agrees(stage, issued, travellers)).await?;
    stage.step("demo-permit-altered", names_the_digit(stage, issued, travellers)).await?;
    stage.step("demo-seal", seals(stage, issued)).await
}

async fn ask(stage: &Stage<'_>, issued: &Issued, holder: &Traveller) -> anyhow::Result<Answer> {
    stage.commands.run(&["verify", "permit", &issued.number, "--mrz", "-"], &holder.scanned()?).await
}

async fn agrees(stage: &Stage<'_>, issued: &Issued, travellers: &[Traveller]) -> anyhow::Result<()> {
    let holder = travellers.first().context("the group is empty")?;
    let mut answer = ask(stage, issued, holder).await?;
    for _ in 1..ASKS {
        if answer.status == 0 {
            break;
        }
        sleep(BETWEEN_ASKS).await;
        answer = ask(stage, issued, holder).await?;
    }
    let answer = answer.with_status(0)?;
    let fields = list(answer.one()?, "fields")?;
    ensure!(!fields.is_empty(), "no field was compared");
    stage.found("demo-permit-same", &[]);
    Ok(())
}

async fn names_the_digit(stage: &Stage<'_>, issued: &Issued, travellers: &[Traveller]) -> anyhow::Result<()> {
    let holder = travellers.first().context("the group is empty")?;
    let (position, wrong) = ALTERED;
    let right = holder.document_number.chars().nth(position - 1).unwrap_or_default();
    let answer = ask(stage, issued, &holder.altered(position, wrong)).await?.with_status(1)?;
    let fields = list(answer.one()?, "fields")?;
    let field = fields
        .iter()
        .find(|field| field["field"] == "document_number")
        .context("no field document_number")?;
    let characters = list(field, "characters")?;
    let named = characters.len() == 1
        && characters.iter().all(|one| {
            one["position"] == position
                && one["yours"] == wrong.to_string()
                && one["permit"] == right.to_string()
        });
    ensure!(named, "character {position} (“{wrong}” for “{right}”) is not named: {field}");
    for finding in list(answer.one()?, "findings")? {
        stage.show(text(finding, "message")?);
    }
    Ok(())
}

/// The PDF's seals, read from its pages, and the text of one as a scanner sends it.
async fn seals(stage: &Stage<'_>, issued: &Issued) -> anyhow::Result<()> {
    let pdf = issued.pdf.display().to_string();
    let answer = stage.commands.yes(&["verify", "seal", &pdf], "").await?;
    let count = answer.lines.iter().filter(|line| line["status"] == "VALID").count();
    ensure!(count == issued.seals.len(), "{count} of {} seals are VALID", issued.seals.len());
    let (_, text) = issued.seals.first().context("no seal")?;
    stage.commands.yes(&["verify", "seal", text], "").await?;
    stage.found("demo-seals-valid", &[("count", count.to_string())]);
    Ok(())
}
