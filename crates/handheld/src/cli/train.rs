//! `propusk handheld train`: the prompt with specimen permits.

use clap::Args;
use propusk_boot::{ExitStatus, Setting, random, shutdown};
use propusk_region::Region;

use crate::config::HandheldConfig;
use crate::scan::{Post, zone_bit};
use crate::training::Training;
use crate::{folder, prompt};

/// Arguments of `handheld train`.
#[derive(Debug, Args)]
pub struct Train {
    /// The post to train for.
    #[arg(long, value_name = "ID")]
    post: String,
    /// No colours, shapes or bell, words first: for screen readers.
    #[arg(long)]
    plain: bool,
}

pub(super) async fn run(
    args: &Train,
    config: &HandheldConfig,
    setting: &Setting,
) -> anyhow::Result<ExitStatus> {
    let region = Region::own_or_shipped(setting.region_file()?)?;
    let (zone_bit, post) = zone_bit(&region, &args.post)?;
    let dir = folder::training(&setting.data)?;
    let training = Training::begin(&dir, &post, zone_bit, setting.clock.now(), || Ok(random::bytes()?))?;
    let stop = shutdown::on_signals()?;
    let post = Post { device: &training.device, config, region: &region, setting };
    let ended = prompt::train(post, &training, args.plain, stop).await;
    drop(training);
    folder::remove_folder(&dir)?;
    ended
}
