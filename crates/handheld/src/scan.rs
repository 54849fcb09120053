//! One scan: read, judge, write to disk, and only then answer.

use std::path::Path;
use std::time::Duration;

use anyhow::Context;
use jiff::Timestamp;
use propusk_boot::clock::date_in_bishkek;
use propusk_boot::{Setting, random};
use propusk_permit::PermitNumber;
use propusk_proto::{Kind, KnownPermit, NumberTag};
use propusk_region::Region;
use propusk_seal::{PermitSeal, TrustList};

use crate::HandheldError;
use crate::carry::handed_in_elsewhere;
use crate::clock::{Facts, Reckoned, reckon};
use crate::config::HandheldConfig;
use crate::device::Device;
use crate::entry::Slot;
use crate::hand_in::{Judged, hand_in};
use crate::judge::{Holders, Judgement, Reading, Situation, identify_on, judge, read_seal, typed_number};
use crate::knowledge;
use crate::lane::{Held, Scan};
use crate::party::{Member, party};
use crate::present::{Ages, Answer};
use crate::reading::unreadable;

/// Longest name or number of whoever is on duty, in characters: the whole hand-in has 1 KiB.
pub(crate) const MAX_SOLDIER: usize = 60;

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

/// A scan that was read and judged; nothing is written yet.
pub(crate) struct Weighed {
    pub reading: Reading,
    pub judgement: Judgement,
    pub kind: Kind,
    pub present: u64,
    /// Everybody on the sheets, for the soldier's eyes.
    pub party: Vec<Member>,
    now: Timestamp,
    ages: Ages,
}

impl Post<'_> {
    /// Judges and records one scan. When this returns, the event is on disk.
    ///
    /// # Errors
    /// When there is no trust list, the post is not in the region file, or the event can't be written.
    pub fn scan(&self, scan: &Scan, soldier: &str) -> anyhow::Result<(Answer, Slot)> {
        self.record(self.weigh(scan)?, soldier)
    }

    /// Records a line of the post's paper list: judged by the day on which it was written, with what is known now. The
    /// version is the newest that the device knows: nothing on the list tells it.
    pub(crate) fn late(
        &self,
        number: &PermitNumber,
        copy: u8,
        written: Timestamp,
        soldier: &str,
    ) -> anyhow::Result<(Answer, Slot)> {
        let now = self.setting.clock.now();
        anyhow::ensure!(
            written <= now,
            "the time on the paper list is still to come; check it and the clock"
        );
        let mut reading = typed_number(number);
        let version = self.known(&reading)?.iter().map(|permit| permit.status.version).max();
        if let Some(permit) = &mut reading.permit {
            (permit.version, permit.copy) = (version, Some(copy));
        }
        let kind = Kind::LateEntry { written_at_ms: written.as_millisecond() };
        let trust = knowledge::trust_list(self.device)?;
        let time = Reckoned { at: written, at_least: false, ..self.time(now)? };
        let judgement = self.judge(&reading, None, &kind, &trust, time)?;
        let ages = self.ages(&trust, now)?;
        let weighed = Weighed { judgement, kind, present: 0, party: vec![], now, ages, reading };
        self.record(weighed, soldier)
    }

    /// Reads and judges, and writes nothing: what would the verdict be?
    pub(crate) fn weigh(&self, scan: &Scan) -> anyhow::Result<Weighed> {
        let now = self.setting.clock.now();
        let trust = knowledge::trust_list(self.device)?;
        let time = self.time(now)?;
        let today = date_in_bishkek(time.at);
        let reading = match &scan.held {
            Held::Seal(text) => read_seal(text, &trust, today),
            Held::Number(number) => typed_number(number),
            Held::Unreadable => unreadable(),
        };
        let further: Vec<PermitSeal> =
            scan.sheets.iter().filter_map(|text| read_seal(text, &trust, today).good_seal()).collect();
        let sheets: Vec<&PermitSeal> = reading.seal.iter().chain(&further).collect();
        let holders = (!scan.mrz.is_empty()).then(|| identify_on(&sheets, &scan.mrz, today));
        let kind = kind_of(scan.kind.clone(), &reading);
        let judgement = self.judge(&reading, holders, &kind, &trust, time)?;
        let recognised = judgement.rows.iter().filter(|row| **row < 64).fold(0, |bits, row| bits | 1 << row);
        let present = recognised | scan.rows;
        let party = party(&sheets, &judgement.names, present, today);
        let ages = self.ages(&trust, now)?;
        Ok(Weighed { judgement, kind, present, party, now, ages, reading })
    }

    fn judge(
        &self,
        reading: &Reading,
        holders: Option<Holders>,
        kind: &Kind,
        trust: &TrustList,
        time: Reckoned,
    ) -> anyhow::Result<Judgement> {
        let queue = &self.device.queue;
        let known = self.known(reading)?;
        let stale_after = i64::from(self.config.trust_stale_days) * 86_400;
        let learnt = knowledge::learnt_at_ms(&self.device.store)?;
        let permits_stale = learnt.is_some_and(|at| (time.at.as_millisecond() - at) / 1000 > stale_after);
        let post = &self.device.profile.post;
        let situation = Situation {
            post,
            zone_bit: zone_bit(self.region, post)?.0,
            today: date_in_bishkek(time.at),
            today_at_least: time.at_least,
            known: &known,
            scope: knowledge::scope(&self.device.store)?,
            handed_in_before: match &reading.permit {
                Some(permit) => queue.handed_in(permit)? || handed_in_elsewhere(&self.device.store, permit)?,
                None => false,
            },
            hands_in: kind.hands_in(),
            trust_stale: trust.is_stale(time.at.as_second(), stale_after) || permits_stale,
            clock_suspect: time.suspect,
        };
        Ok(judge(reading, holders, &situation))
    }

    /// The permits that the reading may mean.
    pub(crate) fn known(&self, reading: &Reading) -> anyhow::Result<Vec<KnownPermit>> {
        let number = reading.permit.as_ref().and_then(|permit| permit.number.parse::<PermitNumber>().ok());
        number.map_or(Ok(vec![]), |number| knowledge::permits(&self.device.store, NumberTag::of(&number)))
    }

    /// What time it really is. A fixed day (`--today`) is taken as it is, for tests and replays.
    pub(crate) fn time(&self, now: Timestamp) -> anyhow::Result<Reckoned> {
        let facts = Facts::read(&self.device.store)?;
        let limit_ms = i64::from(self.config.clock_suspect_minutes) * 60_000;
        let epoch = self.device.queue.epoch()?;
        let reckoned = reckon(&facts, now, epoch, self.uptime_ms(), limit_ms);
        let fixed = Reckoned { at: now, at_least: false, ..reckoned };
        Ok(if self.setting.clock.is_fixed() { fixed } else { reckoned })
    }

    /// Writes the event of a weighed scan. Only what this returns may be shown as a verdict.
    pub(crate) fn record(&self, weighed: Weighed, soldier: &str) -> anyhow::Result<(Answer, Slot)> {
        let length = soldier.chars().count();
        anyhow::ensure!(
            length <= MAX_SOLDIER,
            "--soldier has {length} characters; at most {MAX_SOLDIER} are kept"
        );
        let judged = Judged {
            kind: weighed.kind,
            presented: weighed.reading.presented.clone(),
            permit: weighed.reading.permit.clone(),
            present: weighed.present,
            soldier: soldier.to_owned(),
            verdict: weighed.judgement.verdict,
            reasons: weighed.judgement.reasons.clone(),
        };
        let advice = "the hand-in could not be written; do not let the traveller go on before it is";
        let slot =
            hand_in(self.device, judged, weighed.now, self.uptime_ms(), random::bytes()?).context(advice)?;
        let Weighed { reading, judgement, party, ages, .. } = weighed;
        let mut answer = Answer::new(&reading, &judgement, slot, ages, self.setting);
        answer.party = party;
        Ok((answer, slot))
    }

    /// How old the device's knowledge is.
    fn ages(&self, trust: &TrustList, now: Timestamp) -> anyhow::Result<Ages> {
        Ok(Ages {
            trust_list_minutes: (now.as_second() - trust.issued_at).max(0) / 60,
            permits_minutes: knowledge::learnt_at_ms(&self.device.store)?
                .map(|seen| (now.as_millisecond() - seen).max(0) / 60_000),
        })
    }

    /// The monotonic clock; 0, which is none, where the day is fixed.
    pub(crate) fn uptime_ms(&self) -> u64 {
        if self.setting.clock.is_fixed() { 0 } else { uptime_ms() }
    }
}

/// The original stays with the traveller: it is looked at, not handed in.
fn kind_of(asked: Kind, reading: &Reading) -> Kind {
    let original = reading.permit.as_ref().is_some_and(|permit| permit.copy == Some(0));
    if original && asked.hands_in() { Kind::Shown } else { asked }
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
