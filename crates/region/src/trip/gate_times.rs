//! When a crossing can be passed: weekdays, daylight, lunch, season, closure notices.

use super::crossings::{by, finding, holds};
use super::journey::Passing;
use super::term::is_weekend;
use super::{Check, Origin, TripCode as Code, TripSeverity as Severity};
use crate::model::{Closure, Crossing, Hours, MonthPart, PartOfMonth, Season, Side};
use jiff::SignedDuration;
use jiff::civil::{Date, Time};

/// Between these hours there is daylight on every day of the year at every crossing of the country.
const SURE_DAYLIGHT: (i8, i8) = (9, 17);

pub(super) fn check(check: &mut Check<'_>, crossing: &Crossing, passing: &Passing) {
    hours(check, crossing, passing);
    lunch(check, crossing, passing);
    season(check, crossing, passing);
    closures(check, crossing, passing);
}

/// Every source's word on the hours; a day that one source closes and another opens is a warning with both.
fn hours(check: &mut Check<'_>, crossing: &Crossing, passing: &Passing) {
    let own = crossing.hours.iter().map(|hours| (hours, Origin::of(crossing)));
    let later = crossing.change.iter().filter(|c| holds(c.effective_from, c.until, passing.date));
    let later = later.filter_map(|change| Some((change.hours.as_ref()?, Origin::of(change))));
    let said: Vec<(&Hours, Origin)> = own.chain(later).collect();
    let every_day = |hours: &Hours| !hours.weekdays_only && (hours.all_day || hours.hours_per_day.is_some());
    let opened = said.iter().any(|(hours, _)| every_day(hours));
    for (hours, origin) in &said {
        let told = |code, severity| by(code, severity, crossing, passing, origin);
        if hours.weekdays_only && is_weekend(passing.date) {
            let severity = if opened { Severity::Warns } else { Severity::Blocks };
            check.add(
                told(Code::CrossingWeekend, severity).with("date", passing.date).with("note", &hours.text),
            );
        }
        if hours.all_day {
            check.add(told(Code::CrossingAllDay, Severity::Tells));
        }
        if let Some(number) = hours.hours_per_day {
            let finding = told(Code::CrossingHoursPerDay, Severity::Tells).with("hours", number);
            check.add(finding.with("note", &hours.text));
        }
        if hours.daylight_only {
            let sure = |time: Time| (SURE_DAYLIGHT.0..SURE_DAYLIGHT.1).contains(&time.hour());
            let severity = if passing.time.is_some_and(sure) { Severity::Tells } else { Severity::Warns };
            let finding = told(Code::CrossingDaylightOnly, severity);
            check.add(finding.with_some("time", passing.time.map(short)));
        }
    }
}

fn lunch(check: &mut Check<'_>, crossing: &Crossing, passing: &Passing) {
    for lunch in &crossing.lunch {
        let Some(shift) = offset_hours(&lunch.time_zone) else { continue };
        // The traveller's times are Kyrgyzstan's.
        let local = |time: Time| {
            time.wrapping_add(SignedDuration::from_hours(i64::from(super::input::KYRGYZ_OFFSET - shift)))
        };
        let (from, to) = (local(lunch.from), local(lunch.to));
        let side = if lunch.side == Side::Kg { "kg" } else { "other" };
        let meets = passing.time.is_some_and(|time| from <= time && time < to);
        let (code, severity) = if meets {
            (Code::CrossingLunch, Severity::Warns)
        } else {
            (Code::CrossingLunchTimes, Severity::Tells)
        };
        let told = finding(code, severity, crossing, passing)
            .with("side", side)
            .with("country", &crossing.country)
            .with("from", short(from))
            .with("to", short(to))
            .with_some("time", passing.time.map(short));
        check.add(told);
    }
}

/// Hours ahead of UTC in the zones in which notices give times; none of them has summer time. (Kazakhstan is on UTC+5
/// since 2024-03-01.) A zone that is not known here is refused when the region file is read.
pub(crate) fn offset_hours(time_zone: &str) -> Option<i8> {
    match time_zone {
        "Asia/Bishkek" => Some(super::input::KYRGYZ_OFFSET),
        "Asia/Almaty" | "Asia/Tashkent" | "Asia/Dushanbe" => Some(5),
        "Asia/Shanghai" => Some(8),
        _ => None,
    }
}

fn season(check: &mut Check<'_>, crossing: &Crossing, passing: &Passing) {
    let own = crossing.season.iter().map(|season| (season, Origin::of(crossing)));
    let later = crossing.change.iter().filter(|c| holds(c.effective_from, c.until, passing.date));
    let later = later.filter_map(|change| Some((change.season.as_ref()?, Origin::of(change))));
    for (season, origin) in own.chain(later) {
        if out_of_season(season, passing.date) {
            let told = by(Code::CrossingOutOfSeason, Severity::Warns, crossing, passing, &origin);
            check.add(told.with("date", passing.date).with("note", &season.text));
        }
    }
}

fn out_of_season(season: &Season, day: Date) -> bool {
    let (Some(from), Some(to)) = (season.open_from, season.open_to) else { return false };
    let first = (from.month, first_of(from));
    let last = (to.month, last_of(to));
    let today = (day.month().unsigned_abs(), day.day().unsigned_abs());
    let inside =
        if first <= last { first <= today && today <= last } else { first <= today || today <= last };
    !inside && !season.all_year
}

/// "Early", "middle" and "late" are read as the days 1 to 10, 11 to 20, and the rest.
fn first_of(month: MonthPart) -> u8 {
    match month.part {
        None | Some(PartOfMonth::Early) => 1,
        Some(PartOfMonth::Middle) => 11,
        Some(PartOfMonth::Late) => 21,
    }
}

fn last_of(month: MonthPart) -> u8 {
    match month.part {
        Some(PartOfMonth::Early) => 10,
        Some(PartOfMonth::Middle) => 20,
        None | Some(PartOfMonth::Late) => 31,
    }
}

fn closures(check: &mut Check<'_>, crossing: &Crossing, passing: &Passing) {
    let region = check.region;
    let replaced =
        |id: &str| region.closures().iter().any(|other| other.supersedes.iter().any(|old| old == id));
    let here = region.closures().iter().filter(|closure| closure.crossings.contains(&crossing.id));
    let (mut this_year, mut past) = (false, Vec::new());
    for closure in here {
        let told = |code, severity| {
            by(code, severity, crossing, passing, closure)
                .with("from", written(closure.from.as_start(), true))
                .with("to", written(closure.to.as_end(), false))
                .with("reason", &closure.reason)
                .with("year", if closure.year_inferred { "inferred" } else { "given" })
        };
        let met = Met::of(closure, passing);
        this_year |=
            [closure.from.as_start().year(), closure.to.as_end().year()].contains(&passing.date.year());
        if replaced(&closure.id) {
            if met != Met::No {
                check.add(told(Code::ClosureReplaced, Severity::Tells));
            }
            continue;
        }
        past.push(closure);
        match met {
            Met::No => {}
            _ if passing.mode.is_some_and(|mode| closure.open_to.contains(&mode)) => {
                check.add(told(Code::CrossingClosedForOthers, Severity::Tells));
            }
            Met::Whole => check.add(told(Code::CrossingClosed, Severity::Blocks)),
            Met::Part => check.add(told(Code::CrossingClosedPart, Severity::Warns)),
        }
    }
    if this_year || past.is_empty() {
        return;
    }
    let ask = finding(Code::CrossingAskHolidays, Severity::Tells, crossing, passing);
    check.add(ask.with("year", passing.date.year()));
    for closure in past.into_iter().filter(|closure| same_days(closure, passing.date)) {
        let told = by(Code::CrossingHolidayLikely, Severity::Warns, crossing, passing, closure);
        let (from, to) = (written(closure.from.as_start(), true), written(closure.to.as_end(), false));
        check.add(told.with("from", from).with("to", to).with("reason", &closure.reason));
    }
}

/// How a closure meets a crossing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Met {
    No,
    /// No time of day is given, and only a part of the day is closed.
    Part,
    Whole,
}

impl Met {
    fn of(closure: &Closure, passing: &Passing) -> Self {
        let (start, end) = (closure.from.as_start(), closure.to.as_end());
        if let Some(time) = passing.time {
            let moment = passing.date.to_datetime(time);
            return if start <= moment && moment < end { Self::Whole } else { Self::No };
        }
        let (dawn, night) = (passing.date.to_datetime(Time::MIN), passing.date.to_datetime(Time::MAX));
        if start <= dawn && night <= end {
            Self::Whole
        } else if start <= night && dawn < end {
            Self::Part
        } else {
            Self::No
        }
    }
}

/// True where the closure, moved to the year of `day`, holds on it.
fn same_days(closure: &Closure, day: Date) -> bool {
    let key = |date: Date| (date.month(), date.day());
    let (from, to) = (key(closure.from.as_start().date()), key(closure.to.as_end().date()));
    from <= key(day) && key(day) <= to
}

/// A closure's end for people: the day alone where it counts whole.
fn written(moment: jiff::civil::DateTime, start: bool) -> String {
    let whole = if start { Time::MIN } else { Time::MAX };
    if moment.time() == whole {
        return moment.date().to_string();
    }
    format!("{} {}", moment.date(), short(moment.time()))
}

fn short(time: Time) -> String {
    format!("{:02}:{:02}", time.hour(), time.minute())
}
