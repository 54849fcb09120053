//! From the PDF to pixels and back to text, as a scanner at a checkpoint sees it.

use std::fs;
use std::path::PathBuf;

use anyhow::{Context as _, ensure};

use super::command::other;
use super::journey::Issued;
use super::stage::Stage;

/// Programs that read the printed page, independent of ours.
const RASTERISER: &str = "pdftoppm";
const DECODER: &str = "zbarimg";
/// A coarse office scanner.
const DPI: &str = "150";

/// Looks for the programs before anything is issued.
pub(crate) async fn programs(stage: &Stage<'_>) -> anyhow::Result<()> {
    other(RASTERISER, &["-v".as_ref()]).await?;
    other(DECODER, &["--version".as_ref()]).await?;
    stage.show(format!("{RASTERISER}, {DECODER}"));
    Ok(())
}

/// Rasterises every sheet, decodes every code, and compares the texts with the seals.
pub(crate) async fn read_back(stage: &Stage<'_>, issued: &Issued) -> anyhow::Result<()> {
    let prefix = stage.folder().join("sheet");
    let arguments =
        ["-r".as_ref(), DPI.as_ref(), "-png".as_ref(), issued.pdf.as_os_str(), prefix.as_os_str()];
    other(RASTERISER, &arguments).await?;
    let mut texts = Vec::new();
    for page in pages(stage)? {
        let arguments = ["-q".as_ref(), "--raw".as_ref(), "-Sdisable".as_ref(), "-Sqrcode.enable".as_ref()];
        let decoded = other(DECODER, &[&arguments[..], &[page.as_os_str()]].concat()).await;
        let decoded = decoded.with_context(|| format!("no code could be read in {}", page.display()))?;
        texts.extend(decoded.lines().map(str::to_owned));
        stage.show(page.display().to_string());
    }
    let seals: Vec<&String> = issued.seals.iter().map(|(_, seal)| seal).collect();
    ensure!(
        texts.iter().collect::<Vec<_>>() == seals,
        "the {} codes that were read are not the {} seals",
        texts.len(),
        seals.len()
    );
    stage.found("demo-codes", &[("count", texts.len().to_string())]);
    Ok(())
}

/// The pictures, in the order of the sheets: the rasteriser pads page numbers to one width.
fn pages(stage: &Stage<'_>) -> anyhow::Result<Vec<PathBuf>> {
    let entries = fs::read_dir(stage.folder())?.collect::<Result<Vec<_>, _>>()?;
    let mut pages: Vec<PathBuf> = entries.into_iter().map(|entry| entry.path()).collect();
    pages.retain(|path| path.extension().is_some_and(|end| end == "png"));
    pages.sort();
    Ok(pages)
}
