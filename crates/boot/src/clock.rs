//! The only place that asks the system for the time.
//!
//! Everything else takes the time as a parameter (DESIGN.md §6), so that the same rules run in a service, in
//! a simulation and in a replay with `--today`.

use jiff::Timestamp;
use jiff::civil::{Date, DateTime};
use jiff::tz::{self, Offset};

/// The civil time of Bishkek, and of all of Kyrgyzstan: UTC+6 the whole year.
///
/// The country keeps one zone and gave up summer time on 12 August 2005 (IANA tz database, zone
/// `Asia/Bishkek`: `6:00 - +06` from that day on). A permit can't be older, so a fixed offset is exact, and no
/// time zone database has to be on the machine.
pub const BISHKEK: Offset = tz::offset(6);

/// Where a command takes the time from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Clock {
    fixed_day: Option<Date>,
}

impl Clock {
    /// The system's own clock.
    pub fn system() -> Self {
        Self { fixed_day: None }
    }

    /// A clock whose date in Bishkek is always `day` (`--today DATE`), while the time of day runs on.
    ///
    /// At midnight in Bishkek it therefore falls back to the start of the same day.
    pub fn fixed_day(day: Date) -> Self {
        Self { fixed_day: Some(day) }
    }

    /// A fixed day where one is given, else the system's clock.
    pub fn from_option(day: Option<Date>) -> Self {
        Self { fixed_day: day }
    }

    /// True where the date is fixed: such a clock is nothing to reckon elapsed time with.
    pub fn is_fixed(&self) -> bool {
        self.fixed_day.is_some()
    }

    /// The present moment, to the nanosecond.
    #[allow(clippy::disallowed_methods)] // The one place where the system is asked for the time.
    pub fn now(&self) -> Timestamp {
        self.at(Timestamp::now())
    }

    /// Today's date in Bishkek.
    pub fn today(&self) -> Date {
        date_in_bishkek(self.now())
    }

    /// What this clock shows when the system's clock shows `system`.
    fn at(&self, system: Timestamp) -> Timestamp {
        let Some(day) = self.fixed_day else { return system };
        let shown = day.to_datetime(local_in_bishkek(system).time());
        // Only a day at the very edge of the years −9999 to 9999 has no timestamp; the system's time is as good.
        BISHKEK.to_timestamp(shown).unwrap_or(system)
    }
}

/// The date that calendars in Bishkek show at `moment`.
pub fn date_in_bishkek(moment: Timestamp) -> Date {
    local_in_bishkek(moment).date()
}

/// The date and time of day that clocks in Bishkek show at `moment`.
pub fn local_in_bishkek(moment: Timestamp) -> DateTime {
    BISHKEK.to_datetime(moment)
}

/// A moment (Unix milliseconds) as people here write it: day and minute.
pub fn day_and_time(at_ms: i64) -> String {
    shown(at_ms, "%Y-%m-%d %H:%M")
}

/// What clocks in Bishkek show at a moment (Unix milliseconds), in a pattern of `strftime`; empty where no calendar has it.
pub fn shown(at_ms: i64, pattern: &str) -> String {
    let at = Timestamp::from_millisecond(at_ms).map(local_in_bishkek);
    at.map(|at| at.strftime(pattern).to_string()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn the_day_begins_six_hours_before_utc() {
        let before: Timestamp = "2026-05-31T17:59:59Z".parse().unwrap();
        let after: Timestamp = "2026-05-31T18:00:00Z".parse().unwrap();
        assert_eq!(date_in_bishkek(before), date(2026, 5, 31));
        assert_eq!(date_in_bishkek(after), date(2026, 6, 1));
    }

    #[test]
    fn a_fixed_day_keeps_the_date_and_lets_the_time_of_day_run() {
        let clock = Clock::fixed_day(date(2026, 6, 1));
        let shown = clock.at("2031-01-09T20:30:15Z".parse().unwrap());
        // 20:30:15 UTC is 02:30:15 of the next day in Bishkek.
        assert_eq!(local_in_bishkek(shown), date(2026, 6, 1).at(2, 30, 15, 0));
        assert_eq!(clock.today(), date(2026, 6, 1));
    }

    #[test]
    fn the_system_clock_is_passed_through() {
        let moment: Timestamp = "2026-06-01T00:00:00Z".parse().unwrap();
        assert_eq!(Clock::system().at(moment), moment);
        assert!(Clock::system().now() > moment - jiff::SignedDuration::from_hours(24 * 365));
    }
}
