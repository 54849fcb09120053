//! One scan: read, judge, write to disk, and only then answer.

use std::path::Path;
use std::time::Duration;

use anyhow::Context;
use propusk_boot::{Setting, random};
use propusk_permit::PermitNumber;
use propusk_proto::{Kind, NumberTag, Verdict};
use propusk_region::Region;

use crate::HandheldError;
use crate::config::HandheldConfig;
use crate::device::Device;
use crate::hand_in::{Judged, hand_in};
use crate::judge::{Reading, Situation, identify, judge, read_seal, typed_number};
use crate::knowledge;
use crate::present::{Ages, Answer};

/// Longest name or number of whoever is on duty, in characters: the whole hand-in has 1 KiB.
const MAX_SOLDIER: usize = 60;

/// What the soldier holds in hand.
#[derive(Clone, Debug)]
pub(crate) enum Held {
    /// A seal's text from the scanner.
    Seal(String),
    /// A permit number typed from the sheet.
    Number(PermitNumber),
}

/// One scan as asked for.
#[derive(Clone, Debug)]
pub(crate) struct Request {
    pub held: Held,
    /// The passport's MRZ lines, where it was read too.
    pub mrz: Option<Vec<String>>,
    pub kind: Kind,
    pub soldier: String,
}

/// Judges and records one scan. When this returns, the event is on disk.
pub(crate) fn scan(
    device: &Device,
    request: Request,
    config: &HandheldConfig,
    region: &Region,
    setting: &Setting,
) -> anyhow::Result<(Answer, Verdict)> {
    let length = request.soldier.chars().count();
    anyhow::ensure!(
        length <= MAX_SOLDIER,
        "--soldier has {length} characters; at most {MAX_SOLDIER} are kept"
    );
    let now = setting.clock.now();
    let today = setting.clock.today();
    let trust = knowledge::trust_list(&device.store, &device.root)?;
    let reading = match &request.held {
        Held::Seal(text) => read_seal(text, &trust, today),
        Held::Number(number) => typed_number(number),
    };
    let kind = kind_of(request.kind, &reading);
    let known = match reading.permit.as_ref().and_then(|permit| permit.number.parse::<PermitNumber>().ok()) {
        Some(number) => knowledge::permits(&device.store, NumberTag::of(&number))?,
        None => vec![],
    };
    let post = &device.profile.post;
    let suspect_ms = i64::from(config.clock_suspect_minutes) * 60_000;
    let stale_s = i64::from(config.trust_stale_days) * 86_400;
    let learnt = knowledge::learnt_at_ms(&device.store)?;
    let permits_s = learnt.map(|learnt| (now.as_millisecond() - learnt).max(0) / 1000);
    let situation = Situation {
        post,
        zone_bit: zone_bit(region, post)?,
        today,
        known: &known,
        scope: knowledge::scope(&device.store)?,
        handed_in_before: match &reading.permit {
            Some(permit) => device.queue.handed_in(permit)?,
            None => false,
        },
        hands_in: kind.hands_in(),
        trust_stale: trust.is_stale(now.as_second(), stale_s) || permits_s.is_some_and(|age| age > stale_s),
        clock_suspect: now.as_second() < trust.issued_at || device.queue.clock_is_off(now, suspect_ms)?,
    };
    let holders = request.mrz.as_ref().map(|mrz| identify(reading.seal.as_ref(), mrz, today));
    let judgement = judge(&reading, holders, &situation);
    let judged = Judged {
        kind,
        presented: reading.presented.clone(),
        permit: reading.permit.clone(),
        present: judgement.rows.iter().filter(|row| **row < 64).fold(0, |bits, row| bits | 1 << row),
        soldier: request.soldier,
        verdict: judgement.verdict,
        reasons: judgement.reasons.clone(),
    };
    let advice = "the hand-in could not be written; do not let the traveller go on before it is";
    let slot = hand_in(device, judged, now, uptime_ms(), random::bytes()?).context(advice)?;
    let ages = Ages {
        trust_list_days: (now.as_second() - trust.issued_at).max(0) / 86_400,
        permits_minutes: permits_s.map(|age| age / 60),
    };
    let answer = Answer::new(&reading, &judgement, slot, ages, setting);
    Ok((answer, judgement.verdict))
}

/// The original stays with the traveller: it is looked at, not handed in.
fn kind_of(asked: Kind, reading: &Reading) -> Kind {
    let original = reading.permit.as_ref().is_some_and(|permit| permit.copy == Some(0));
    if original && asked.hands_in() { Kind::Shown } else { asked }
}

fn zone_bit(region: &Region, post: &str) -> Result<u8, HandheldError> {
    let unknown = |nearest: &[String]| HandheldError::UnknownPost {
        post: post.to_owned(),
        nearest: nearest.join(", "),
    };
    let checkpoint = region.post(post).map_err(|error| unknown(&error.nearest))?;
    let zone = region.zone(checkpoint.zone.as_str()).map_err(|error| unknown(&error.nearest))?;
    Ok(zone.bit)
}

/// Milliseconds since the machine started, which no clock setting changes; 0 where the system does not tell.
fn uptime_ms() -> u64 {
    let uptime = std::fs::read_to_string(Path::new("/proc/uptime")).unwrap_or_default();
    let seconds: f64 = uptime.split(' ').next().and_then(|text| text.parse().ok()).unwrap_or(0.0);
    Duration::try_from_secs_f64(seconds).map_or(0, |up| u64::try_from(up.as_millis()).unwrap_or(u64::MAX))
}
