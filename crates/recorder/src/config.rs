//! The `[recorder]` section of the configuration.

use std::num::NonZeroU32;

use propusk_store::Options;
use serde::Deserialize;

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
    /// How long a one-time enrolment code is good.
    pub enrolment_code_minutes: u32,
    /// How often one address may try an enrolment code.
    pub enrolment_attempts_per_hour: NonZeroU32,
    /// How long the bytes of messages in quarantine are kept.
    pub keep_quarantine_days: u32,
    /// Logical shards; fixed for the life of a deployment.
    pub shards: u16,
    /// Memory for the store's cache.
    pub cache_mib: u64,
}

impl RecorderConfig {
    /// How the store is opened.
    pub(crate) fn store_options(&self) -> Options {
        Options { cache_bytes: self.cache_mib * 1024 * 1024 }
    }
}
