//! What the soldiers' handhelds will show for a sheet and a passport: at every checkpoint, on every day. Pure.
//!
//! The verdicts are those of `propusk_judge`, which handhelds ask too. Every handheld is taken to be well: its lists are
//! fresh, its clock is right, and no copy was handed in before.

use jiff::ToSpan;
use jiff::civil::Date;
use propusk_judge::{Holders, Reading, Situation, identify, judge, kind_of, read_seal};
use propusk_proto::{Kind, KnownPermit, NumberTag, PermitStatus, Reason, Scope, Verdict};
use propusk_region::{Checkpoint, CheckpointId, Region};
use propusk_seal::{PermitSeal, TrustSource};
use uuid::Uuid;

/// The most days that are looked at: the longest permit has 93. A code that nobody signed may name thousands.
const MOST_DAYS: usize = 100;

/// What the record says of the permit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Record {
    /// It is not told, since the asker has not shown to be one of the permit's people: what is shown is what would be if it
    /// agreed with the sheet.
    Withheld,
    /// No such permit is known.
    Unknown,
    /// What a handheld is told.
    Known(Box<KnownPermit>),
}

/// A sheet and a passport as they will be held out to the soldiers.
pub(crate) struct Sheet<'a, T: ?Sized> {
    /// The text of its code.
    pub code: &'a str,
    /// The passport's lines.
    pub mrz: &'a [String],
    pub record: &'a Record,
    pub trust: &'a T,
    pub region: &'a Region,
    pub today: Date,
}

/// What will be shown where and when.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Rehearsal {
    /// The checkpoints of the route in their order; where no route is known, all of the sheet's zones.
    pub posts: Vec<AtPost>,
    /// All other checkpoints.
    pub others: Vec<AtPost>,
    /// Whether `posts` are the permit's own.
    pub knows_route: bool,
}

/// One checkpoint.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct AtPost {
    pub post: CheckpointId,
    /// The number of the copy that is meant for it.
    pub copy: Option<u8>,
    /// From today on, or from the day before the first valid one, to the day after the last.
    pub spans: Vec<Span>,
}

/// Days on which the same is shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Span {
    pub first: Date,
    pub last: Date,
    pub when: When,
    pub verdict: Verdict,
    pub reasons: Vec<Reason>,
}

/// Where days stand to those of the sheet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum When {
    /// And on every day before.
    Before,
    Within,
    /// And on every day after.
    After,
}

/// A day with what is the same at every checkpoint.
struct Rehearsed {
    date: Date,
    reading: Reading,
    holders: Holders,
}

impl Rehearsal {
    /// The worst that is shown at the checkpoints of the route on valid days; `None` where none is left.
    pub(crate) fn worst(&self) -> Option<Verdict> {
        let spans = self.posts.iter().flat_map(|post| &post.spans);
        spans.filter(|span| span.when == When::Within).map(|span| span.verdict).max()
    }

    /// Every reason that is shown, each once, and whether it is on a valid day at a checkpoint of the route; those first.
    pub(crate) fn reasons(&self) -> Vec<(Reason, bool)> {
        let on_route = self.posts.iter().flat_map(|post| &post.spans);
        let matters = on_route.filter(|span| span.when == When::Within).map(|span| (span, true));
        let all = self.posts.iter().chain(&self.others).flat_map(|post| &post.spans);
        let mut told: Vec<(Reason, bool)> = Vec::new();
        for (span, matters) in matters.chain(all.map(|span| (span, false))) {
            for reason in &span.reasons {
                if !told.iter().any(|(known, _)| known == reason) {
                    told.push((*reason, matters));
                }
            }
        }
        told
    }
}

impl<T: TrustSource + ?Sized> Sheet<'_, T> {
    /// Plays the sheet and the passport at every checkpoint; `None` where the code is no permit's.
    pub(crate) fn rehearse(&self) -> Option<Rehearsal> {
        let seal = read_seal(self.code, self.trust, self.today).seal?;
        let days: Vec<Rehearsed> = days(&seal, self.today).map(|date| self.on(date)).collect();
        let route = self.route();
        let at = |(index, post): (usize, &Checkpoint)| AtPost {
            post: post.id.clone(),
            copy: self.copy_for(&route, index),
            spans: self.spans(post, &seal, &days),
        };
        let in_zones =
            |post: &Checkpoint| self.zone_bit(post).is_some_and(|bit| seal.zones.0 & (1 << bit) != 0);
        let is_on_route = |post: &Checkpoint| {
            if route.is_empty() { in_zones(post) } else { route.contains(&post.id) }
        };
        let (mut on_route, others): (Vec<&Checkpoint>, Vec<&Checkpoint>) =
            self.region.checkpoints().iter().partition(|post| is_on_route(post));
        on_route.sort_by_key(|post| route.iter().position(|id| *id == post.id));
        let others = others.into_iter().map(|post| AtPost { copy: None, ..at((0, post)) });
        Some(Rehearsal {
            posts: on_route.into_iter().enumerate().map(&at).collect(),
            others: others.collect(),
            knows_route: !route.is_empty(),
        })
    }

    fn on(&self, date: Date) -> Rehearsed {
        let reading = read_seal(self.code, self.trust, date);
        let holders = identify(reading.seal.as_ref(), self.mrz, date);
        Rehearsed { date, reading, holders }
    }

    /// The checkpoints of the permit's route that this region knows.
    fn route(&self) -> Vec<CheckpointId> {
        let Record::Known(known) = self.record else { return Vec::new() };
        let ids = known.status.posts.iter().map(|id| CheckpointId::new(id.as_str()));
        ids.filter(|id| self.region.checkpoint_by_id(id).is_some()).collect()
    }

    fn copy_for(&self, route: &[CheckpointId], index: usize) -> Option<u8> {
        let Record::Known(known) = self.record else { return None };
        let id = route.get(index)?;
        let place = known.status.posts.iter().position(|post| post == id.as_str())?;
        let copy = u8::try_from(place + 1).ok()?;
        (copy <= known.status.copies).then_some(copy)
    }

    fn zone_bit(&self, post: &Checkpoint) -> Option<u8> {
        self.region.zone_by_id(&post.zone).map(|zone| zone.bit).filter(|bit| *bit < 32)
    }

    fn spans(&self, post: &Checkpoint, seal: &PermitSeal, days: &[Rehearsed]) -> Vec<Span> {
        let mut spans: Vec<Span> = Vec::new();
        for day in days {
            let Some((verdict, reasons)) = self.shown(post, day) else { continue };
            let when = match day.date {
                date if date < seal.valid_from => When::Before,
                date if date > seal.valid_to => When::After,
                _ => When::Within,
            };
            match spans.last_mut() {
                Some(span) if (span.when, span.verdict, &span.reasons) == (when, verdict, &reasons) => {
                    span.last = day.date;
                }
                _ => spans.push(Span { first: day.date, last: day.date, when, verdict, reasons }),
            }
        }
        spans
    }

    /// What the handheld of a checkpoint shows on a day.
    fn shown(&self, post: &Checkpoint, day: &Rehearsed) -> Option<(Verdict, Vec<Reason>)> {
        let zone_bit = self.zone_bit(post)?;
        let told = Scope::around(day.date, 1 << zone_bit);
        let known: Vec<KnownPermit> = match self.record {
            Record::Known(known) if told.wants(&known.status) => vec![known.as_ref().clone()],
            Record::Withheld => day.reading.seal.as_ref().map(agreeing).into_iter().collect(),
            _ => Vec::new(),
        };
        let situation = Situation {
            post: post.id.as_str(),
            zone_bit,
            today: day.date,
            known: &known,
            scope: Some(told),
            handed_in_before: false,
            today_at_least: false,
            hands_in: kind_of(Kind::Entry, &day.reading).hands_in(),
            trust_stale: false,
            clock_suspect: false,
        };
        let judgement = judge(&day.reading, Some(day.holders.clone()), &situation);
        Some((judgement.verdict, judgement.reasons))
    }
}

/// A record that says what the sheet says, and nothing in favour of whoever signed it: it came only now.
fn agreeing(seal: &PermitSeal) -> KnownPermit {
    let status = PermitStatus {
        tag: NumberTag([0; 5]),
        version: seal.version,
        valid_from: seal.valid_from.into(),
        valid_to: seal.valid_to.into(),
        zones: seal.zones.0,
        posts: Vec::new(),
        copies: seal.copies,
        travellers: seal.group_size,
    };
    KnownPermit { id: Uuid::nil(), status, recorded_at_ms: i64::MAX, revoked_at_ms: None }
}

/// The sheet's days that are still to come, with one before and one after them.
fn days(seal: &PermitSeal, today: Date) -> impl Iterator<Item = Date> {
    let before = seal.valid_from.yesterday().unwrap_or(seal.valid_from);
    let after = seal.valid_to.tomorrow().unwrap_or(seal.valid_to);
    let first = before.max(today);
    let last = after.max(first);
    first.series(1.day()).take_while(move |date| *date <= last).take(MOST_DAYS)
}

#[cfg(test)]
#[path = "rehearsal_tests.rs"]
mod tests;
