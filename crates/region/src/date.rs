//! Dates as precise as their page: a year, a month, a day, or none at all.

use jiff::civil::{Date, DateTime, Time};
use serde::{Deserialize, Deserializer, de};
use std::fmt;
use std::str::FromStr;

/// A text that is not one of the accepted ways to write a date.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{typed}` is not {expected}")]
pub struct BadDate {
    /// What stood there.
    pub typed: String,
    /// The accepted forms.
    pub expected: &'static str,
}

/// A date known to the year (`2024`), the month (`2024-09`) or the day (`2024-09-12`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum PartialDate {
    /// Only the year.
    Year(i16),
    /// Year and month (1 to 12).
    Month(i16, i8),
    /// The day.
    Day(Date),
}

impl PartialDate {
    /// The first day that it may mean.
    pub fn first_day(self) -> Date {
        match self {
            Self::Year(year) => Date::new(year, 1, 1).unwrap_or(Date::MIN),
            Self::Month(year, month) => Date::new(year, month, 1).unwrap_or(Date::MIN),
            Self::Day(day) => day,
        }
    }

    /// The last day that it may mean.
    pub fn last_day(self) -> Date {
        match self {
            Self::Year(_) => self.first_day().last_of_year(),
            Self::Month(..) => self.first_day().last_of_month(),
            Self::Day(day) => day,
        }
    }
}

impl FromStr for PartialDate {
    type Err = BadDate;

    fn from_str(text: &str) -> Result<Self, BadDate> {
        let expected = "a date like 2024, 2024-09 or 2024-09-12";
        let bad = || BadDate { typed: text.to_owned(), expected };
        let digits = |part: &str, len: usize| part.len() == len && part.bytes().all(|b| b.is_ascii_digit());
        let parts: Vec<&str> = text.split('-').collect();
        let whole = match parts.as_slice() {
            [y] if digits(y, 4) => format!("{y}-01-01"),
            [y, m] if digits(y, 4) && digits(m, 2) => format!("{y}-{m}-01"),
            [y, m, d] if digits(y, 4) && digits(m, 2) && digits(d, 2) => text.to_owned(),
            _ => return Err(bad()),
        };
        let day: Date = whole.parse().map_err(|_| bad())?;
        Ok(match parts.len() {
            1 => Self::Year(day.year()),
            2 => Self::Month(day.year(), day.month()),
            _ => Self::Day(day),
        })
    }
}

impl fmt::Display for PartialDate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Year(year) => write!(f, "{year:04}"),
            Self::Month(year, month) => write!(f, "{year:04}-{month:02}"),
            Self::Day(day) => write!(f, "{day}"),
        }
    }
}

/// How old a fact is: the date of its page, or `undated` when the page carries none.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum AsOf {
    /// The page carries no date. (A missing key is refused by [`crate::Region::from_toml`].)
    #[default]
    Undated,
    /// The page's date.
    Dated(PartialDate),
}

impl FromStr for AsOf {
    type Err = BadDate;

    fn from_str(text: &str) -> Result<Self, BadDate> {
        if text == "undated" {
            return Ok(Self::Undated);
        }
        let expected = "a date like 2024, 2024-09 or 2024-09-12, nor `undated`";
        text.parse().map(Self::Dated).map_err(|bad: BadDate| BadDate { expected, ..bad })
    }
}

impl fmt::Display for AsOf {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Undated => f.write_str("undated"),
            Self::Dated(date) => date.fmt(f),
        }
    }
}

/// An end of a closure, in local time as its notice gives it: a whole day or a moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum LocalMoment {
    /// The whole day belongs to the closure.
    Day(Date),
    /// From or until this moment.
    At(DateTime),
}

impl LocalMoment {
    /// The moment, taken as the beginning of something.
    pub fn as_start(self) -> DateTime {
        match self {
            Self::Day(day) => day.to_datetime(Time::MIN),
            Self::At(moment) => moment,
        }
    }

    /// The moment, taken as the end of something: a whole day ends with its last nanosecond.
    pub fn as_end(self) -> DateTime {
        match self {
            Self::Day(day) => day.to_datetime(Time::MAX),
            Self::At(moment) => moment,
        }
    }
}

impl FromStr for LocalMoment {
    type Err = BadDate;

    fn from_str(text: &str) -> Result<Self, BadDate> {
        let bad = |()| BadDate {
            typed: text.to_owned(),
            expected: "a day like 2026-01-01 or a moment like 2026-01-01T22:00",
        };
        if text.contains('T') {
            return text.parse().map(Self::At).map_err(|_| bad(()));
        }
        text.parse().map(Self::Day).map_err(|_| bad(()))
    }
}

impl fmt::Display for LocalMoment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Day(day) => day.fmt(f),
            Self::At(moment) => moment.fmt(f),
        }
    }
}

macro_rules! deserialize_from_text {
    ($($name:ty),*) => {$(
        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                String::deserialize(deserializer)?.parse().map_err(de::Error::custom)
            }
        }
    )*};
}
deserialize_from_text!(PartialDate, AsOf, LocalMoment);

/// Reads a time of day such as `11:00` for serde's `deserialize_with`; jiff's own serde support is not built in.
pub(crate) fn time_of_day<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Time, D::Error> {
    let text = String::deserialize(deserializer)?;
    text.parse().map_err(|_| de::Error::custom(format!("`{text}` is not a time of day like 11:00")))
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn a_date_keeps_its_precision() {
        for text in ["2024", "2024-09", "2024-09-12", "undated"] {
            assert_eq!(text.parse::<AsOf>().unwrap().to_string(), text);
        }
        let feb: PartialDate = "2024-02".parse().unwrap();
        assert_eq!((feb.first_day(), feb.last_day()), (date(2024, 2, 1), date(2024, 2, 29)));
        let year: PartialDate = "2023".parse().unwrap();
        assert_eq!((year.first_day(), year.last_day()), (date(2023, 1, 1), date(2023, 12, 31)));
    }

    #[test]
    fn impossible_dates_are_refused() {
        for text in
            ["", "24", "2024-13", "2023-02-29", "2024-1-1", "yesterday", "-2024", "2024-09-12-1", "+024"]
        {
            assert!(text.parse::<PartialDate>().is_err(), "{text}");
            assert!(text.parse::<AsOf>().is_err(), "{text}");
        }
        assert!("2026-01-01T25:00".parse::<LocalMoment>().is_err());
        assert!("2026-02-30".parse::<LocalMoment>().is_err());
    }

    #[test]
    fn a_day_lasts_until_its_end_and_a_moment_does_not() {
        let day: LocalMoment = "2026-01-01".parse().unwrap();
        let at: LocalMoment = "2026-01-01T22:00".parse().unwrap();
        assert!(at.as_end() < day.as_end() && day.as_start() < at.as_start());
    }
}
