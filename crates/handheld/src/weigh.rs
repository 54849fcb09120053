//! A scan is weighed: read, judged by what the device knows, and then recorded. Time and randomness are parameters.

use anyhow::Context;
use jiff::Timestamp;
use propusk_permit::PermitNumber;
use propusk_proto::{Kind, KnownPermit, NumberTag};
use propusk_seal::{PermitSeal, TrustList};

use crate::carry::handed_in_elsewhere;
use crate::clock::{Facts, Reckoned, day_at_the_post, reckon};
use crate::config::HandheldConfig;
use crate::device::Device;
use crate::entry::Slot;
use crate::hand_in::{Judged, hand_in};
use crate::judge::{
    Holders, Judgement, Reading, Situation, identify_on, judge, kind_of, read_seal, typed_number, unreadable,
};
use crate::knowledge;
use crate::lane::{Held, Scan};
use crate::party::{Member, party};

/// Longest name or number of whoever is on duty, in characters: the whole hand-in has 1 KiB.
pub(crate) const MAX_SOLDIER: usize = 60;

/// What the clocks show.
#[derive(Clone, Copy, Debug)]
pub struct Moment {
    /// The device's clock.
    pub now: Timestamp,
    /// The monotonic clock in milliseconds; 0, which is none, where the day is fixed or the system has none.
    pub uptime_ms: u64,
    /// The clock is taken as it is: a fixed day (`--today`), for tests and replays.
    pub fixed: bool,
}

/// How old the device's knowledge is.
#[derive(Clone, Copy, Debug)]
pub struct Ages {
    /// Of the trust list, in minutes.
    pub trust_list_minutes: i64,
    /// Of the permits, in minutes; `None` before the first answer of the recorder.
    pub permits_minutes: Option<i64>,
}

/// What a scan is weighed with.
#[derive(Clone, Copy)]
pub struct Scales<'a> {
    /// The device with all that it knows.
    pub device: &'a Device,
    /// When a trust list is stale and a clock suspect.
    pub config: &'a HandheldConfig,
    /// Bit of the post's zone (SEAL.md, feature 05).
    pub zone_bit: u8,
}

/// A scan that was read and judged; nothing is written yet.
#[derive(Clone, Debug)]
pub struct Weighed {
    /// What was read.
    pub reading: Reading,
    /// The verdict with its reasons. It may be shown as one only when it is recorded.
    pub judgement: Judgement,
    /// What happens at the barrier.
    pub kind: Kind,
    /// Travellers present: bit i is row i of the permit.
    pub present: u64,
    /// Everybody on the sheets, for the soldier's eyes.
    pub party: Vec<Member>,
    /// How old that is by which it was judged.
    pub ages: Ages,
    moment: Moment,
}

impl Scales<'_> {
    /// Reads and judges, and writes nothing: what would the verdict be?
    ///
    /// # Errors
    /// When there is no trust list, or the store can't be read.
    pub fn weigh(&self, scan: &Scan, moment: Moment) -> anyhow::Result<Weighed> {
        let trust = knowledge::trust_list(self.device)?;
        let time = self.time(moment)?;
        let today = day_at_the_post(time.at);
        let reading = match &scan.held {
            Held::Seal(text) => read_seal(text, trust.as_ref(), today),
            Held::Number(number) => typed_number(number),
            Held::Unreadable => unreadable(),
        };
        let further: Vec<PermitSeal> = scan
            .sheets
            .iter()
            .filter_map(|text| read_seal(text, trust.as_ref(), today).good_seal())
            .collect();
        let sheets: Vec<&PermitSeal> = reading.seal.iter().chain(&further).collect();
        let holders = (!scan.mrz.is_empty()).then(|| identify_on(&sheets, &scan.mrz, today));
        let kind = kind_of(scan.kind.clone(), &reading);
        let judgement = self.judge(&reading, holders, &kind, &trust, time)?;
        let recognised = judgement.rows.iter().filter(|row| **row < 64).fold(0, |bits, row| bits | 1 << row);
        let present = recognised | scan.rows;
        let party = party(&sheets, &judgement.names, present, today);
        let ages = self.ages(&trust, moment.now)?;
        Ok(Weighed { judgement, kind, present, party, ages, reading, moment })
    }

    /// Weighs a line of the post's paper list: by the day on which it was written, with what is known now. The version is
    /// the newest that the device knows: nothing on the list tells it.
    ///
    /// # Errors
    /// For a time that is still to come; as [`Scales::weigh`].
    pub fn weigh_late(
        &self,
        number: &PermitNumber,
        copy: u8,
        written: Timestamp,
        moment: Moment,
    ) -> anyhow::Result<Weighed> {
        anyhow::ensure!(
            written <= moment.now,
            "the time on the paper list is still to come; check it and the clock"
        );
        let mut reading = typed_number(number);
        let version = self.known(&reading)?.iter().map(|permit| permit.status.version).max();
        if let Some(permit) = &mut reading.permit {
            (permit.version, permit.copy) = (version, Some(copy));
        }
        let kind = Kind::LateEntry { written_at_ms: written.as_millisecond() };
        let trust = knowledge::trust_list(self.device)?;
        let time = Reckoned { at: written, at_least: false, ..self.time(moment)? };
        let judgement = self.judge(&reading, None, &kind, &trust, time)?;
        let ages = self.ages(&trust, moment.now)?;
        Ok(Weighed { judgement, kind, present: 0, party: vec![], ages, reading, moment })
    }

    /// Writes the event of a weighed scan. Only when this returns, its verdict may be shown.
    ///
    /// # Errors
    /// When the soldier's name is too long, or the event can't be signed or written.
    pub fn record(&self, weighed: &Weighed, soldier: &str, random: [u8; 10]) -> anyhow::Result<Slot> {
        let length = soldier.chars().count();
        anyhow::ensure!(
            length <= MAX_SOLDIER,
            "--soldier has {length} characters; at most {MAX_SOLDIER} are kept"
        );
        let judged = Judged {
            kind: weighed.kind.clone(),
            presented: weighed.reading.presented.clone(),
            permit: weighed.reading.permit.clone(),
            present: weighed.present,
            soldier: soldier.to_owned(),
            verdict: weighed.judgement.verdict,
            reasons: weighed.judgement.reasons.clone(),
        };
        let Moment { now, uptime_ms, .. } = weighed.moment;
        let advice = "the hand-in could not be written; do not let the traveller go on before it is";
        hand_in(self.device, judged, now, uptime_ms, random).context(advice)
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
        let situation = Situation {
            post: &self.device.profile.post,
            zone_bit: self.zone_bit,
            today: day_at_the_post(time.at),
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
    fn known(&self, reading: &Reading) -> anyhow::Result<Vec<KnownPermit>> {
        let number = reading.permit.as_ref().and_then(|permit| permit.number.parse::<PermitNumber>().ok());
        number.map_or(Ok(vec![]), |number| knowledge::permits(&self.device.store, NumberTag::of(&number)))
    }

    /// What time it really is.
    fn time(&self, moment: Moment) -> anyhow::Result<Reckoned> {
        let Moment { now, uptime_ms, fixed } = moment;
        let facts = Facts::read(&self.device.store)?;
        let limit_ms = i64::from(self.config.clock_suspect_minutes) * 60_000;
        let epoch = self.device.queue.epoch()?;
        let reckoned = reckon(&facts, now, epoch, uptime_ms, limit_ms);
        Ok(if fixed { Reckoned { at: now, at_least: false, ..reckoned } } else { reckoned })
    }

    fn ages(&self, trust: &TrustList, now: Timestamp) -> anyhow::Result<Ages> {
        Ok(Ages {
            trust_list_minutes: (now.as_second() - trust.issued_at).max(0) / 60,
            permits_minutes: knowledge::learnt_at_ms(&self.device.store)?
                .map(|seen| (now.as_millisecond() - seen).max(0) / 60_000),
        })
    }
}
