//! Counting days of stay. Days of entry and of exit count whole, and a day counts once.
//!
//! No source says how part-days count; counting both ends is the reading that strands nobody.

use jiff::ToSpan;
use jiff::civil::Date;

/// A stay in the country, both days included.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Stay {
    pub(crate) entered: Date,
    pub(crate) left: Date,
}

/// What one rule says of one stay.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Count {
    /// Days used when the stay ends, those of earlier stays that still count included.
    pub(crate) used: i64,
    /// Days still allowed then.
    pub(crate) left: i64,
    /// Days of this stay beyond what is allowed.
    pub(crate) over: i64,
    /// The last day on which the traveller may leave; none where entry itself is too early.
    pub(crate) latest_exit: Option<Date>,
    /// Where entry is too early: the first day on which it is not.
    pub(crate) too_early: Option<Date>,
    /// The first entry of the period that this stay belongs to.
    pub(crate) since: Date,
    /// The first day on which the traveller may be back after this stay.
    pub(crate) reentry: Date,
}

/// How long one must stay outside after a part of the days was used.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Wait {
    /// As many days as were used.
    DaysUsed,
    /// Always the full number.
    Full,
    /// Not said: no wait.
    None,
}

/// Days from `from` to `to`, both included; negative or zero where `to` lies before.
pub(crate) fn days_inclusive(from: Date, to: Date) -> i64 {
    to.duration_since(from).as_hours() / 24 + 1
}

/// The day `days` later (earlier where negative).
pub(crate) fn plus(day: Date, days: i64) -> Date {
    day.saturating_add(days.clamp(-100_000, 100_000).days())
}

/// "Days in a rolling window": on no day may the `window` days that end with it hold more than `allowed` days inside.
pub(crate) fn rolling(stays: &[Stay], allowed: i64, window: i64) -> Vec<Count> {
    // Days are counted from the first entry: thousands of steps of calendar arithmetic would be slow.
    let Some(zero) = stays.first().map(|stay| stay.entered) else { return Vec::new() };
    let number = |day: Date| days_inclusive(zero, day) - 1;
    let spans: Vec<Span> = stays.iter().map(|stay| (number(stay.entered), number(stay.left))).collect();
    let mut counts = Vec::with_capacity(stays.len());
    for (index, (entered, left)) in spans.iter().copied().enumerate() {
        // What ended more than a window before the entry counts no longer.
        let old = spans.partition_point(|other| other.1 < entered - window).min(index);
        let before = spans.get(old..index).unwrap_or_default();
        let all = spans.get(old..=index).unwrap_or_default();
        let staying = |day: i64| used_in(before, Some((entered, day)), day + 1 - window, day);
        let free = |spans: &[Span], day: i64| used_in(spans, None, day + 1 - window, day - 1) < allowed;
        // A stay that is allowed at all is broken off within a window; later days change nothing.
        let first_over = (entered..=entered + window).find(|day| staying(*day) > allowed);
        let over = first_over.map_or(0, |first| (first..=left).filter(|day| staying(*day) > allowed).count());
        let too_early = (first_over == Some(entered)).then(|| {
            (entered + 1..=entered + window).find(|day| free(before, *day)).unwrap_or(entered + window)
        });
        let back = (left + 1..=left + window).find(|day| free(all, *day)).unwrap_or(left + window);
        let used = staying(left);
        counts.push(Count {
            used,
            left: (allowed - used).max(0),
            over: i64::try_from(over).unwrap_or(i64::MAX),
            latest_exit: first_over.filter(|_| too_early.is_none()).map(|day| plus(zero, day - 1)),
            too_early: too_early.map(|day| plus(zero, day)),
            since: plus(zero, entered),
            reentry: plus(zero, back),
        });
    }
    counts
}

/// A stay by the numbers of its days, both included.
type Span = (i64, i64);

/// Days inside from `from` to `to`; a day on which one left and came back counts once.
fn used_in(stays: &[Span], last: Option<Span>, from: i64, to: i64) -> i64 {
    let mut used = 0;
    let mut counted = from - 1;
    for (entered, left) in stays.iter().chain(&last) {
        let first = (*entered).max(counted + 1);
        let end = (*left).min(to);
        used += (end - first + 1).max(0);
        counted = counted.max(end);
    }
    used
}

/// The guide's rule: `allowed` days in all; between two stays a wait that depends on the days used; after `full` days
/// outside everything begins anew.
///
/// That `full` days outside renew the allowance also of somebody who used a part of it is an inference: the guide says
/// it of those who used all, and nobody is worse off for having used less.
pub(crate) fn waiting(stays: &[Stay], allowed: i64, full: Option<i64>, wait: Wait) -> Vec<Count> {
    let mut counts = Vec::with_capacity(stays.len());
    let mut used_before = 0;
    let mut last_exit: Option<Date> = None;
    let mut since = stays.first().map_or(Date::MIN, |stay| stay.entered);
    for stay in stays {
        let mut too_early = None;
        let mut twice = 0;
        if let Some(exit) = last_exit {
            let outside = days_inclusive(exit, stay.entered) - 2;
            let needed = needed_outside(used_before, allowed, full, wait);
            if outside < needed {
                too_early = Some(plus(exit, needed + 1));
            }
            // Coming back on the day of the exit does not use that day twice.
            twice = i64::from(outside < 0);
            let renewed = match full {
                Some(full) => outside >= full,
                None => true,
            };
            if renewed {
                used_before = 0;
                since = stay.entered;
            }
        }
        let length = days_inclusive(stay.entered, stay.left);
        let used = used_before + length - twice;
        let free = allowed - used_before + twice;
        let back = plus(stay.left, needed_outside(used, allowed, full, wait) + 1);
        counts.push(Count {
            used,
            left: (allowed - used).max(0),
            over: (length - free.max(0)).max(0),
            latest_exit: (free > 0).then(|| plus(stay.entered, free - 1)),
            too_early,
            since,
            reentry: back,
        });
        used_before = used;
        last_exit = Some(stay.left);
    }
    counts
}

fn needed_outside(used: i64, allowed: i64, full: Option<i64>, wait: Wait) -> i64 {
    let Some(full) = full else { return 0 };
    match wait {
        _ if used >= allowed => full,
        Wait::Full => full,
        Wait::DaysUsed => used.min(full),
        Wait::None => 0,
    }
}
