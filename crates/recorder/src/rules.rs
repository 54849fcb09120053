//! What the duty officer should look at: each rule takes what was seen and what is known, and says what is amiss. No I/O.

use std::collections::BTreeMap;

use propusk_boot::clock::date_in_bishkek;
use propusk_permit::Date;
use propusk_proto::{AlertKind, DeviceId, HandIn, Reason};

use crate::alerts::Raised;
use crate::story::{Deed, Fact, Story};
use crate::values::StoredPermit;
use crate::zones::Zones;

/// From when on something is an alert.
#[derive(Clone, Debug)]
pub struct Limits {
    /// How far a device's clock may be ahead of the recorder's, milliseconds.
    pub clock_ms: i64,
    /// How long a device's number may be missing while later ones are recorded, milliseconds.
    pub gap_ms: i64,
    /// The least that a way between two posts takes.
    pub ways: Ways,
}

impl Default for Limits {
    /// Those that the program ships with.
    fn default() -> Self {
        Self { clock_ms: 10 * 60_000, gap_ms: 24 * 3_600_000, ways: Ways::new(10, []) }
    }
}

/// How long the way from one post to another takes at least.
#[derive(Clone, Debug)]
pub struct Ways {
    between_any_ms: i64,
    /// By the one post and the other, in either order.
    between_ms: BTreeMap<String, BTreeMap<String, i64>>,
}

impl Ways {
    /// Between any two posts `minutes`; between those two of which more is known what it says, in either direction.
    pub fn new(minutes: u32, known: impl IntoIterator<Item = (String, String, u32)>) -> Self {
        let ms = |minutes: u32| i64::from(minutes) * 60_000;
        let mut between_ms: BTreeMap<String, BTreeMap<String, i64>> = BTreeMap::new();
        for (a, b, minutes) in known {
            between_ms.entry(a.clone()).or_default().insert(b.clone(), ms(minutes));
            between_ms.entry(b).or_default().insert(a, ms(minutes));
        }
        Self { between_any_ms: ms(minutes), between_ms }
    }

    fn least_ms(&self, from: &str, to: &str) -> i64 {
        if from == to {
            return 0;
        }
        let known = self.between_ms.get(from).and_then(|ways| ways.get(to));
        known.copied().unwrap_or(self.between_any_ms)
    }
}

/// A permit whose story is looked at, and the shard in which it stands.
#[derive(Clone, Copy)]
pub(crate) struct Of<'a> {
    pub number: &'a str,
    pub shard: u16,
}

impl Of<'_> {
    /// Each use of a copy at a post is one thing to look at, however often it is looked at.
    fn use_of_copy(self, kind: AlertKind, fact: &Fact) -> Raised {
        let about = (self.number, fact.version, fact.copy, &fact.post);
        Raised {
            kind,
            post: fact.post.clone(),
            device: None,
            permit: Some(self.number.to_owned()),
            copy: fact.copy,
            evidence: vec![(self.shard, fact.index)],
            about: postcard::to_allocvec(&about).ok(),
        }
    }

    /// Uses of a permit that its newest version does not allow.
    pub(crate) fn against_permit(self, fact: &Fact, known: &StoredPermit, zones: &Zones) -> Vec<Raised> {
        let status = &known.known.status;
        let superseded = fact.version.is_some_and(|version| version < status.version);
        // What was good when it was shown is no offence: only a clock that can be trusted tells.
        let after = |ms: i64| !fact.clock_suspect && fact.at_ms >= ms;
        let mut kinds = Vec::new();
        if fact.is_use() && superseded && after(known.version_at_ms) {
            kinds.push(AlertKind::CopySuperseded);
        }
        if fact.is_use() && known.known.revoked_at_ms.is_some_and(after) {
            kinds.push(AlertKind::PermitRevoked);
        }
        // Of an older version nobody knows the zones and dates any more.
        if fact.deed == Deed::Entered && !superseded {
            if zones.mask_of_post(&fact.post).is_some_and(|zone| status.zones & zone == 0) {
                kinds.push(AlertKind::OutsideZone);
            }
            if !fact.clock_suspect && day_of(fact.at_ms).is_some_and(|day| !covers(known, day)) {
                kinds.push(AlertKind::OutsideDates);
            }
        }
        kinds.into_iter().map(|kind| self.use_of_copy(kind, fact)).collect()
    }

    /// The same people at two posts in less time than the way takes.
    pub(crate) fn impossible_travel(self, fact: &Fact, story: &Story, ways: &Ways) -> Option<Raised> {
        let moves = |fact: &Fact| matches!(fact.deed, Deed::Entered | Deed::Left) && !fact.clock_suspect;
        if !moves(fact) || story.is_undone(fact.id) {
            return None;
        }
        let same_people =
            |other: &Fact| fact.present == 0 || other.present == 0 || fact.present & other.present != 0;
        let too_fast = |other: &Fact| {
            fact.at_ms.abs_diff(other.at_ms) < ways.least_ms(&fact.post, &other.post).unsigned_abs()
        };
        let other = story
            .facts()
            .find(|it| moves(it) && same_people(it) && too_fast(it) && !story.is_undone(it.id))?;
        let evidence = vec![(self.shard, other.index), (self.shard, fact.index)];
        let about = postcard::to_allocvec(&evidence).ok();
        Some(Raised { evidence, about, ..self.use_of_copy(AlertKind::ImpossibleTravel, fact) })
    }

    /// Somebody went in, the last valid day has passed, and nobody saw them come out.
    pub(crate) fn overdue(self, zone: &str, post: &str, entered: &Fact, last: Date) -> Raised {
        let about = postcard::to_allocvec(&(self.number, zone, last.to_string())).ok();
        Raised { about, post: post.to_owned(), ..self.use_of_copy(AlertKind::Overdue, entered) }
    }
}

/// A device whose clock is ahead of ours, or which doubts it itself; one a day.
pub(crate) fn clock_off(event: &HandIn, index: u64, now_ms: i64, limits: &Limits) -> Option<Raised> {
    let ahead = event.scanned_at_ms.saturating_sub(now_ms) > limits.clock_ms;
    if !ahead && !event.reasons.contains(&Reason::ClockSuspect) {
        return None;
    }
    let day = day_of(now_ms).map(|day| day.to_string());
    let about = postcard::to_allocvec(&(&event.device, day)).ok();
    let evidence = vec![(event.shard, index)];
    Some(Raised { evidence, about, ..Raised::by(AlertKind::ClockOff, &event.post, Some(&event.device)) })
}

/// A shut-out device still hands in.
pub(crate) fn shut_out(post: &str, device: &DeviceId) -> Raised {
    let about = Some(device.as_str().as_bytes().to_vec());
    Raised { about, ..Raised::by(AlertKind::DeviceRevoked, post, Some(device)) }
}

fn covers(known: &StoredPermit, day: Date) -> bool {
    let status = &known.known.status;
    let (from, to) = (Date::try_from(status.valid_from), Date::try_from(status.valid_to));
    from.is_ok_and(|from| from <= day) && to.is_ok_and(|to| day <= to)
}

fn day_of(ms: i64) -> Option<Date> {
    jiff::Timestamp::from_millisecond(ms).ok().map(date_in_bishkek)
}

#[cfg(test)]
#[path = "rules_tests.rs"]
mod tests;
