//! What is on this device, what it knows, and how old that is.

use jiff::Timestamp;
use serde::Serialize;

use crate::device::Device;
use crate::entry::Counts;
use crate::knowledge;
use crate::present::MINUTES_A_DAY;

/// What `handheld status --json` prints.
#[derive(Debug, Serialize)]
pub(crate) struct Status {
    pub device: String,
    pub post: String,
    #[serde(flatten)]
    pub counts: Counts,
    pub trust_list_age_days: Option<i64>,
    /// The same for people.
    #[serde(skip)]
    pub trust_list_minutes: Option<i64>,
    pub permits_known: usize,
    pub permits_age_minutes: Option<i64>,
}

/// Reads the device's state; changes nothing.
pub(crate) fn status(device: &Device, now: Timestamp) -> anyhow::Result<Status> {
    let trust = knowledge::trust_list(device).ok();
    let trust_list_minutes = trust.map(|list| (now.as_second() - list.issued_at).max(0) / 60);
    let seen = knowledge::learnt_at_ms(&device.store)?;
    Ok(Status {
        device: device.profile.device.to_string(),
        post: device.profile.post.clone(),
        counts: device.queue.counts()?,
        trust_list_age_days: trust_list_minutes.map(|minutes| minutes / MINUTES_A_DAY),
        trust_list_minutes,
        permits_known: knowledge::permit_count(&device.store),
        permits_age_minutes: seen.map(|seen| (now.as_millisecond() - seen).max(0) / 60_000),
    })
}
