//! Days on which terms end.

use super::stay_days::plus;
use jiff::ToSpan;
use jiff::civil::{Date, Weekday};

/// The last day of `months` months from `from`, both included: the same day of that later month less one day, or the
/// last day of that month where the day does not exist (DESIGN.md §3; the permit crate counts alike).
pub(super) fn term_end(from: Date, months: u32) -> Date {
    let same_day = from.saturating_add(i64::from(months.min(1200)).months());
    if same_day.day() == from.day() { plus(same_day, -1) } else { same_day }
}

/// The day `months` months later; used where a document is good through that very day.
pub(super) fn months_later(from: Date, months: usize) -> Date {
    from.saturating_add(i64::try_from(months.min(1200)).unwrap_or(1200).months())
}

/// The day that lies `count` working days (Monday to Friday) before `day`. Public holidays are not known here.
pub(super) fn working_days_before(day: Date, count: u32) -> Date {
    let mut day = day;
    let mut left = count.min(1000);
    while left > 0 {
        day = plus(day, -1);
        if !is_weekend(day) {
            left -= 1;
        }
    }
    day
}

pub(super) fn is_weekend(day: Date) -> bool {
    matches!(day.weekday(), Weekday::Saturday | Weekday::Sunday)
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn a_term_ends_the_day_before_the_same_day() {
        for (from, months, end) in [
            (date(2026, 6, 1), 1, date(2026, 6, 30)),
            (date(2026, 1, 31), 1, date(2026, 2, 28)),
            (date(2028, 1, 31), 1, date(2028, 2, 29)),
            (date(2028, 2, 29), 1, date(2028, 3, 28)),
            (date(2026, 12, 31), 2, date(2027, 2, 28)),
        ] {
            assert_eq!(term_end(from, months), end, "{from} + {months}");
        }
    }

    #[test]
    fn working_days_skip_weekends() {
        // 2026-06-01 is a Monday.
        assert_eq!(working_days_before(date(2026, 6, 1), 1), date(2026, 5, 29));
        assert_eq!(working_days_before(date(2026, 6, 1), 6), date(2026, 5, 22));
        assert_eq!(working_days_before(date(2026, 6, 7), 5), date(2026, 6, 1));
        assert_eq!(working_days_before(date(2026, 6, 3), 0), date(2026, 6, 3));
    }
}
