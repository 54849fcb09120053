//! The `[recorder]` section of the configuration.

use std::num::NonZeroU32;

use propusk_region::Region;
use propusk_store::Options;
use serde::Deserialize;

use crate::rules::{Limits, Ways};

/// Settings of the recorder; the shipped `config/propusk.toml` explains each.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RecorderConfig {
    /// Address of the HTTP API; port 0 takes any free one.
    pub listen: String,
    /// Most hand-ins in one atomic batch.
    pub batch_events: usize,
    /// How long a batch may wait for its first hand-in.
    pub batch_wait_ms: u64,
    /// How long a permit may stay unknown before an alert: its issuing event may still be under way.
    pub unknown_permit_grace_s: u32,
    /// How far a device's clock may be ahead before the alert.
    pub clock_off_minutes: u32,
    /// How long a device's number may be missing before the alert: the hand-in may still be under way.
    pub missing_hand_in_hours: u32,
    /// The least that the way between any two posts takes.
    pub shortest_way_minutes: u32,
    /// The least that the ways take of which more is known.
    #[serde(default)]
    pub ways: Vec<Way>,
    /// How long a one-time enrolment code is good.
    pub enrolment_code_minutes: u32,
    /// How often one address may try an enrolment code.
    pub enrolment_attempts_per_hour: NonZeroU32,
    /// How long the bytes of messages in quarantine are kept.
    pub keep_quarantine_days: u32,
    /// Logical shards; fixed for the life of a deployment.
    pub shards: u16,
    /// A session of the board without a request for so long is over.
    pub session_minutes: u32,
    /// Memory for the store's cache.
    pub cache_mib: u64,
}

/// A way of which the time is known.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Way {
    /// Its two posts.
    pub between: [String; 2],
    /// The least that it takes, in either direction.
    pub minutes: u32,
}

impl RecorderConfig {
    /// From when on something is an alert.
    ///
    /// # Errors
    /// When a way names a post that the region doesn't have.
    pub(crate) fn limits(&self, region: &Region) -> anyhow::Result<Limits> {
        let post = |name: &str| {
            let known = region.post(name).map(|post| post.id.to_string());
            known.map_err(|unknown| anyhow::anyhow!("[recorder] ways: {unknown}"))
        };
        let way = |Way { between: [from, to], minutes }: &Way| Ok((post(from)?, post(to)?, *minutes));
        let known = self.ways.iter().map(way).collect::<anyhow::Result<Vec<_>>>()?;
        Ok(Limits {
            clock_ms: i64::from(self.clock_off_minutes) * 60_000,
            gap_ms: i64::from(self.missing_hand_in_hours) * 3_600_000,
            ways: Ways::new(self.shortest_way_minutes, known),
        })
    }

    /// How the store is opened.
    pub(crate) fn store_options(&self) -> Options {
        Options::busy(self.cache_mib * 1024 * 1024)
    }
}
