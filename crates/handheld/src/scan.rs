//! One scan: read, judge, write to disk, and only then answer.

use std::path::Path;
use std::time::Duration;

use jiff::Timestamp;
use propusk_boot::{Setting, random};
use propusk_permit::PermitNumber;
use propusk_region::Region;

use crate::HandheldError;
use crate::config::HandheldConfig;
use crate::device::Device;
use crate::entry::Slot;
use crate::lane::Scan;
use crate::present::Answer;
use crate::weigh::{Moment, Scales, Weighed};

/// A checkpoint at work: its device and what it judges by.
pub struct Post<'a> {
    /// The device.
    pub device: &'a Device,
    /// When a trust list is stale and a clock suspect.
    pub config: &'a HandheldConfig,
    /// Zones and posts.
    pub region: &'a Region,
    /// Clock and language.
    pub setting: &'a Setting,
}

impl Post<'_> {
    /// Judges and records one scan. When this returns, the event is on disk.
    ///
    /// # Errors
    /// When there is no trust list, the post is not in the region file, or the event can't be written.
    pub fn scan(&self, scan: &Scan, soldier: &str) -> anyhow::Result<(Answer, Slot)> {
        self.record(self.weigh(scan)?, soldier)
    }

    /// Records a line of the post's paper list.
    pub(crate) fn late(
        &self,
        number: &PermitNumber,
        copy: u8,
        written: Timestamp,
        soldier: &str,
    ) -> anyhow::Result<(Answer, Slot)> {
        self.record(self.scales()?.weigh_late(number, copy, written, self.moment())?, soldier)
    }

    /// Reads and judges, and writes nothing: what would the verdict be?
    pub(crate) fn weigh(&self, scan: &Scan) -> anyhow::Result<Weighed> {
        self.scales()?.weigh(scan, self.moment())
    }

    /// Writes the event of a weighed scan. Only what this returns may be shown as a verdict.
    pub(crate) fn record(&self, weighed: Weighed, soldier: &str) -> anyhow::Result<(Answer, Slot)> {
        let slot = self.scales()?.record(&weighed, soldier, random::bytes()?)?;
        let Weighed { reading, judgement, party, ages, .. } = weighed;
        let mut answer = Answer::new(&reading, &judgement, slot, ages, self.setting);
        answer.party = party;
        Ok((answer, slot))
    }

    /// The monotonic clock; 0, which is none, where the day is fixed.
    pub(crate) fn uptime_ms(&self) -> u64 {
        if self.setting.clock.is_fixed() { 0 } else { uptime_ms() }
    }

    fn scales(&self) -> Result<Scales<'_>, HandheldError> {
        let zone_bit = zone_bit(self.region, &self.device.profile.post)?.0;
        Ok(Scales { device: self.device, config: self.config, zone_bit })
    }

    fn moment(&self) -> Moment {
        let clock = &self.setting.clock;
        Moment { now: clock.now(), uptime_ms: self.uptime_ms(), fixed: clock.is_fixed() }
    }
}

/// Bit of the zone of a post, and the post's id.
pub(crate) fn zone_bit(region: &Region, post: &str) -> Result<(u8, String), HandheldError> {
    let unknown = |nearest: &[String]| HandheldError::UnknownPost {
        post: post.to_owned(),
        nearest: nearest.join(", "),
    };
    let checkpoint = region.post(post).map_err(|error| unknown(&error.nearest))?;
    let zone = region.zone(checkpoint.zone.as_str()).map_err(|error| unknown(&error.nearest))?;
    Ok((zone.bit, checkpoint.id.to_string()))
}

/// Milliseconds since the machine started, which no clock setting changes; 0 where the system does not tell.
pub(crate) fn uptime_ms() -> u64 {
    let uptime = std::fs::read_to_string(Path::new("/proc/uptime")).unwrap_or_default();
    let seconds: f64 = uptime.split(' ').next().and_then(|text| text.parse().ok()).unwrap_or(0.0);
    Duration::try_from_secs_f64(seconds).map_or(0, |up| u64::try_from(up.as_millis()).unwrap_or(u64::MAX))
}
