//! What the recorder's record says afterwards.

use std::collections::BTreeSet;

use anyhow::ensure;
use serde_json::Value;

use super::command::{list, number, text};
use super::journey::Issued;
use super::post::TWICE;
use super::stage::Stage;

/// Each hand-in stands in the record exactly once: every copy at the first post, one of them at the second too, and
/// the refused one.
pub(crate) async fn show(stage: &Stage<'_>, issued: &Issued) -> anyhow::Result<()> {
    let answer = stage.commands.yes(&["recorder", "show", &issued.number], "").await?;
    let rows = list(answer.one()?, "hand_ins")?;
    let ids: BTreeSet<&str> = rows.iter().map(|row| text(row, "id")).collect::<anyhow::Result<_>>()?;
    ensure!(ids.len() == rows.len(), "{} rows for {} hand-ins", rows.len(), ids.len());
    let mut found = rows.iter().map(what).collect::<anyhow::Result<Vec<_>>>()?;
    found.sort();
    let own = |post: &str, copy: u64, verdict: &str| (post.to_owned(), copy, verdict.to_owned());
    let mut expected: Vec<_> = issued.seals.iter().map(|(copy, _)| own("karasay", *copy, "accept")).collect();
    expected.push(own("karasay", TWICE, "refuse"));
    expected.push(own("torugart", TWICE, "accept"));
    expected.sort();
    ensure!(found == expected, "the record holds {found:?}, expected {expected:?}");
    stage.found("demo-shown", &[("records", rows.len().to_string()), ("number", issued.number.clone())]);
    Ok(())
}

fn what(row: &Value) -> anyhow::Result<(String, u64, String)> {
    Ok((text(row, "post")?.to_owned(), number(row, "copy")?, text(row, "verdict")?.to_lowercase()))
}

/// The copy that was handed in twice raised exactly one alert.
pub(crate) async fn alerts(stage: &Stage<'_>, issued: &Issued) -> anyhow::Result<()> {
    let answer = stage.commands.yes(&["recorder", "alerts"], "").await?;
    let ours: Vec<&Value> =
        answer.lines.iter().filter(|alert| alert["permit_number"] == issued.number.as_str()).collect();
    let kinds: Vec<&str> = ours.iter().map(|alert| text(alert, "kind")).collect::<anyhow::Result<_>>()?;
    ensure!(kinds == ["copy-handed-in-twice"], "the alerts of this permit are {kinds:?}");
    let alert = ours.first().copied().unwrap_or(&Value::Null);
    ensure!(number(alert, "copy")? == TWICE, "the alert is about another copy: {alert}");
    stage.show(format!("copy-handed-in-twice, {} {}", text(alert, "post")?, text(alert, "raised_at")?));
    Ok(())
}

/// The chains are whole and no device's number is missing.
pub(crate) async fn audit(stage: &Stage<'_>) -> anyhow::Result<()> {
    let answer = stage.commands.yes(&["recorder", "audit"], "").await?;
    stage.found("demo-audited", &[("records", number(answer.one()?, "records")?.to_string())]);
    Ok(())
}

/// The group is inside the zones of both posts.
pub(crate) async fn inside(stage: &Stage<'_>, issued: &Issued) -> anyhow::Result<()> {
    let answer = stage.commands.yes(&["recorder", "inside"], "").await?;
    let ours = answer.lines.iter().filter(|row| row["permit_number"] == issued.number.as_str());
    let mut zones: Vec<&str> = ours.map(|row| text(row, "zone")).collect::<anyhow::Result<_>>()?;
    zones.sort_unstable();
    ensure!(zones == ["issyk-kul", "naryn"], "the group is inside {zones:?}");
    stage.found("demo-is-inside", &[("number", issued.number.clone()), ("zones", zones.join(", "))]);
    Ok(())
}
