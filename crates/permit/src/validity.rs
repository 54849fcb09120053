//! How long a permit is valid, and until when it may be extended.

use propusk_passport::Date;
use thiserror::Error;

/// Why no validity can be computed.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum ValidityError {
    /// The months asked for exceed what the rule allows in total.
    #[error(
        "{months} months in total were asked for, at most {max_total_months} are allowed (setting max_total_months)"
    )]
    TooLong {
        /// Months asked for, counted from the first day of validity.
        months: u8,
        /// The configured limit.
        max_total_months: u8,
    },
    /// Zero months, or a date beyond what a calendar can hold.
    #[error("{months} months from {valid_from} is not a period")]
    NotAPeriod {
        /// The first day.
        valid_from: Date,
        /// Months asked for.
        months: u8,
    },
}

/// The last valid day, inclusive, of a permit valid for `months` from `valid_from`.
///
/// DESIGN.md §3: the same day of the month that many months later, less one day; where that day does not exist, the
/// last day of that month.
///
/// # Errors
/// [`ValidityError`] where `months` is 0 or exceeds `max_total_months` (DOMAIN.md: "up to 2 months", a setting).
///
/// ```
/// use propusk_permit::{Date, valid_to};
/// let day = |y, m, d| Date::new(y, m, d).unwrap();
/// assert_eq!(valid_to(day(2026, 6, 1), 1, 2), Ok(day(2026, 6, 30)));
/// assert_eq!(valid_to(day(2026, 1, 31), 1, 2), Ok(day(2026, 2, 28)));
/// ```
pub fn valid_to(valid_from: Date, months: u8, max_total_months: u8) -> Result<Date, ValidityError> {
    let not_a_period = ValidityError::NotAPeriod { valid_from, months };
    if months == 0 {
        return Err(not_a_period);
    }
    if months > max_total_months {
        return Err(ValidityError::TooLong { months, max_total_months });
    }
    let Ok(same_day) = valid_from.checked_add(jiff::Span::new().months(i32::from(months))) else {
        return Err(not_a_period);
    };
    if same_day.day() == valid_from.day() {
        same_day.yesterday().map_err(|_| not_a_period)
    } else {
        Ok(same_day)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn a_month_ends_the_day_before_the_same_day() {
        for (from, months, to) in [
            (date(2026, 6, 1), 1, date(2026, 6, 30)),
            (date(2026, 1, 15), 1, date(2026, 2, 14)),
            (date(2026, 1, 29), 1, date(2026, 2, 28)),
            (date(2026, 1, 31), 1, date(2026, 2, 28)),
            (date(2028, 1, 31), 1, date(2028, 2, 29)),
            (date(2026, 3, 31), 1, date(2026, 4, 30)),
            (date(2026, 12, 31), 2, date(2027, 2, 28)),
            (date(2026, 12, 1), 1, date(2026, 12, 31)),
        ] {
            assert_eq!(valid_to(from, months, 2), Ok(to), "{from} + {months}");
        }
    }

    #[test]
    fn the_limit_and_zero_are_refused() {
        assert_eq!(
            valid_to(date(2026, 6, 1), 3, 2),
            Err(ValidityError::TooLong { months: 3, max_total_months: 2 })
        );
        assert!(valid_to(date(2026, 6, 1), 0, 2).is_err());
        assert!(valid_to(Date::MAX, 1, 2).is_err());
    }
}
