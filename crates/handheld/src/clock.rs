//! What time it really is, as far as a device without a signal can tell. Pure.
//!
//! A handheld's clock may be dead (1970), set wrongly, or jump. It is checked against the recorder's last word, the
//! trust list's issue, and the monotonic clock, which no setting changes. A suspect clock is shown and recorded; it
//! never blocks: the verdict is made with the best estimate, and a permit is not refused as "not yet valid" where the
//! day is only known to be that day or a later one.

use jiff::Timestamp;
use jiff::civil::{Date, DateTime};
use jiff::tz::{Offset, offset};
use propusk_store::{Draft, Store};
use serde::{Deserialize, Serialize};

use crate::queue::{read, write};

const SEEN: &[u8] = b"mrecorder-time";
const OFFSET: &[u8] = b"mclock-offset";
const OBSERVED: &[u8] = b"mclock-observed";
const FLOOR: &[u8] = b"mclock-floor";

/// Both clocks at the last hand-in since the recorder told its time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Observed {
    /// The boot epoch: the monotonic clock begins anew with every start of the machine.
    pub epoch: u64,
    /// The monotonic clock, in milliseconds.
    pub uptime_ms: u64,
    /// The device's clock, Unix milliseconds.
    pub wall_ms: i64,
    /// By how much the device's clock had jumped by then, in milliseconds.
    pub jumped_ms: i64,
}

/// Kyrgyzstan's time, which knows no summer.
const BISHKEK: Offset = offset(6);

/// The day on which a permit is judged.
#[must_use]
pub fn day_at_the_post(moment: Timestamp) -> Date {
    local_at_the_post(moment).date()
}

/// What the clock on the hut's wall shows.
pub(crate) fn local_at_the_post(moment: Timestamp) -> DateTime {
    BISHKEK.to_datetime(moment)
}

/// When the clock on the hut's wall shows this; `None` at the very edge of the calendar.
pub(crate) fn when_the_wall_shows(local: DateTime) -> Option<Timestamp> {
    BISHKEK.to_timestamp(local).ok()
}

/// What the device knows about its clock.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Facts {
    /// It is later than this, Unix milliseconds: the recorder said so, or the trust list was issued then.
    pub floor_ms: Option<i64>,
    /// How far the device's clock was ahead when the recorder last told its time.
    pub offset_ms: i64,
    /// Both clocks at the last hand-in.
    pub observed: Option<Observed>,
}

/// The best estimate.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Reckoned {
    /// The time to judge by.
    pub at: Timestamp,
    /// The device's clock can't be right, or it jumped.
    pub suspect: bool,
    /// It is `at` or any time later.
    pub at_least: bool,
}

/// Reckons the time. `uptime_ms` is the monotonic clock in this boot `epoch`, 0 where there is none; a difference below
/// `limit_ms` is none.
#[must_use]
pub fn reckon(facts: &Facts, now: Timestamp, epoch: u64, uptime_ms: u64, limit_ms: i64) -> Reckoned {
    let wall_ms = now.as_millisecond();
    let too_early = |ms: i64| facts.floor_ms.is_some_and(|floor| ms.saturating_add(limit_ms) < floor);
    let wrong_by = facts.offset_ms.saturating_add(facts.jumped_ms(epoch, uptime_ms, wall_ms));
    let at_ms = if wrong_by.saturating_abs() > limit_ms { wall_ms.saturating_sub(wrong_by) } else { wall_ms };
    let suspect = at_ms != wall_ms || too_early(wall_ms);
    match facts.floor_ms.filter(|_| too_early(at_ms)) {
        Some(floor) => Reckoned { at: timestamp(floor, now), suspect: true, at_least: true },
        None => Reckoned { at: timestamp(at_ms, now), suspect, at_least: false },
    }
}

fn timestamp(ms: i64, otherwise: Timestamp) -> Timestamp {
    Timestamp::from_millisecond(ms).unwrap_or(otherwise)
}

impl Facts {
    /// Reads them.
    ///
    /// # Errors
    /// When the store can't be read.
    pub(crate) fn read(store: &Store) -> anyhow::Result<Self> {
        Ok(Self {
            floor_ms: recorder_time(store)?.max(read(store, FLOOR)?),
            offset_ms: read(store, OFFSET)?.unwrap_or(0),
            observed: read(store, OBSERVED)?,
        })
    }

    /// By how much the device's clock has jumped since the recorder last told its time, in milliseconds.
    fn jumped_ms(&self, epoch: u64, uptime_ms: u64, wall_ms: i64) -> i64 {
        let Some(before) = self.observed else { return 0 };
        // A clock that could not be right and was set since: that was a repair.
        if self.floor_ms.is_some_and(|floor| before.wall_ms < floor) {
            return 0;
        }
        if before.epoch != epoch || uptime_ms == 0 {
            return before.jumped_ms;
        }
        let passed = i64::try_from(uptime_ms.saturating_sub(before.uptime_ms)).unwrap_or(i64::MAX);
        let jump = wall_ms.saturating_sub(before.wall_ms).saturating_sub(passed);
        before.jumped_ms.saturating_add(jump)
    }
}

/// The recorder's last word on the time, Unix milliseconds.
pub(crate) fn recorder_time(store: &Store) -> anyhow::Result<Option<i64>> {
    read(store, SEEN)
}

/// Keeps a time that the recorder has signed. It never goes back: an old receipt may come late.
pub(crate) fn heard(store: &Store, draft: &mut Draft, recorder_ms: i64) -> anyhow::Result<()> {
    let newest = recorder_time(store)?.unwrap_or(i64::MIN).max(recorder_ms);
    write(draft, SEEN, &newest)
}

/// Keeps what the recorder's clock showed while this device's showed `now`: whatever jumped before is settled.
pub(crate) fn compared(draft: &mut Draft, recorder_ms: i64, now: Timestamp) -> anyhow::Result<()> {
    write(draft, SEEN, &recorder_ms)?;
    write(draft, OFFSET, &now.as_millisecond().saturating_sub(recorder_ms))?;
    draft.delete(OBSERVED);
    Ok(())
}

/// Keeps when the trust list was issued: no time before is right.
pub(crate) fn not_before(draft: &mut Draft, seconds: i64) -> anyhow::Result<()> {
    write(draft, FLOOR, &seconds.saturating_mul(1000))
}

/// Keeps both clocks as they stand at a hand-in.
pub(crate) fn observe(
    store: &Store,
    draft: &mut Draft,
    epoch: u64,
    uptime_ms: u64,
    wall_ms: i64,
) -> anyhow::Result<()> {
    let jumped_ms = Facts::read(store)?.jumped_ms(epoch, uptime_ms, wall_ms);
    write(draft, OBSERVED, &Observed { epoch, uptime_ms, wall_ms, jumped_ms })
}

#[cfg(test)]
mod tests {
    use super::*;

    const DAY: i64 = 86_400_000;
    const NOW: i64 = 1_790_000_000_000;
    const LIMIT: i64 = 10 * 60_000;

    fn at(ms: i64) -> Timestamp {
        Timestamp::from_millisecond(ms).unwrap()
    }

    fn observed(wall_ms: i64, uptime_ms: u64) -> Option<Observed> {
        Some(Observed { epoch: 1, uptime_ms, wall_ms, jumped_ms: 0 })
    }

    #[test]
    fn a_clock_that_nothing_contradicts_is_believed() {
        let facts =
            Facts { floor_ms: Some(NOW - DAY), offset_ms: 3000, observed: observed(NOW - 5000, 1000) };
        let found = reckon(&facts, at(NOW), 1, 6000, LIMIT);
        assert_eq!(found, Reckoned { at: at(NOW), suspect: false, at_least: false });
        let alone = reckon(&Facts::default(), at(NOW), 1, 0, LIMIT);
        assert!(!alone.suspect && alone.at == at(NOW));
    }

    #[test]
    fn jumps_of_days_both_ways_are_noticed_and_undone() {
        for days in [-40, -3, 2, 400] {
            let facts =
                Facts { floor_ms: Some(NOW - 100 * DAY), offset_ms: 0, observed: observed(NOW, 1000) };
            let found = reckon(&facts, at(NOW + days * DAY + 60_000), 1, 61_000, LIMIT);
            assert!(found.suspect && !found.at_least, "{days} days");
            assert_eq!(found.at, at(NOW + 60_000), "{days} days");
        }
    }

    #[test]
    fn a_jump_is_remembered_over_restarts_until_the_recorder_tells_the_time() {
        let jumped = Observed { epoch: 1, uptime_ms: 1000, wall_ms: NOW + 2 * DAY, jumped_ms: 2 * DAY };
        let facts = Facts { floor_ms: Some(NOW), offset_ms: 0, observed: Some(jumped) };
        let found = reckon(&facts, at(NOW + 2 * DAY + 60_000), 2, 500, LIMIT);
        assert_eq!((found.suspect, found.at), (true, at(NOW + 60_000)), "another boot");
        let back = reckon(&facts, at(NOW + 60_000), 1, 61_000, LIMIT);
        assert_eq!((back.suspect, back.at), (false, at(NOW + 60_000)), "the clock was set right again");
    }

    #[test]
    fn a_dead_clock_is_at_least_as_late_as_the_recorder_s_last_word() {
        let facts = Facts { floor_ms: Some(NOW), offset_ms: 0, observed: observed(NOW - DAY, 9_000_000) };
        let found = reckon(&facts, at(0), 2, 500, LIMIT);
        assert_eq!(found, Reckoned { at: at(NOW), suspect: true, at_least: true });
        // Then the soldier, or a satellite, sets it right: that is no jump.
        let facts = Facts { observed: observed(20_000, 20_000), ..facts };
        let found = reckon(&facts, at(NOW + DAY), 1, 40_000, LIMIT);
        assert_eq!(found, Reckoned { at: at(NOW + DAY), suspect: false, at_least: false });
    }

    #[test]
    fn a_clock_that_was_wrong_at_the_last_contact_is_corrected_by_as_much() {
        for hours in [-30, 30] {
            let offset_ms = hours * 3_600_000;
            let facts = Facts { floor_ms: Some(NOW - DAY), offset_ms, observed: None };
            let found = reckon(&facts, at(NOW + offset_ms), 1, 500, LIMIT);
            assert_eq!((found.suspect, found.at, found.at_least), (true, at(NOW), false), "{hours} hours");
        }
    }

    #[test]
    fn no_reading_of_a_clock_breaks_the_reckoning() {
        for wall in [i64::MIN / 1_000_000, -1, 0, 253_402_000_000_000] {
            for offset_ms in [i64::MIN, 0, i64::MAX] {
                let facts = Facts { floor_ms: Some(NOW), offset_ms, observed: observed(i64::MAX, u64::MAX) };
                let now = Timestamp::from_millisecond(wall).unwrap_or(at(0));
                let _ = reckon(&facts, now, 1, u64::MAX, i64::MAX);
            }
        }
    }
}
