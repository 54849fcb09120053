//! Dates with unknown parts, as MRZs, visual zones and people write them.

use alloc::string::{String, ToString};
use core::fmt;
use core::str::FromStr;

use jiff::civil::Date;

/// A date of which the year, the month or the day may be unknown (9303-3 §3.8 and §4.8).
///
/// It is written as ISO 8601 with `X` for what is unknown: `1974-08-12`, `1974-08-XX`, `XXXX-XX-XX`.
/// [`PartialDate::new`] and the parsers build only values whose known parts can be a date; the fields are
/// open so that a value can be taken apart and stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct PartialDate {
    /// Four-digit year, if known.
    pub year: Option<u16>,
    /// Month 1 to 12, if known.
    pub month: Option<u8>,
    /// Day of the month 1 to 31, if known.
    pub day: Option<u8>,
}

impl PartialDate {
    /// A date in full.
    ///
    /// # Errors
    /// [`DateError::NotCalendar`] when there is no such day.
    pub fn new(year: u16, month: u8, day: u8) -> Result<Self, DateError> {
        Self::checked(Some(year), Some(month), Some(day))
    }

    /// A date whose unknown parts are `None`.
    ///
    /// # Errors
    /// [`DateError::NotCalendar`] when the known parts fit no day: month 13, 31 June, 29 February of a year
    /// that is known and not a leap year.
    pub fn checked(year: Option<u16>, month: Option<u8>, day: Option<u8>) -> Result<Self, DateError> {
        let date = Self { year, month, day };
        // 2000 was a leap year, so an unknown year admits 29 February; an unknown month admits 31 days.
        let last = last_day(year.unwrap_or(2000), month.unwrap_or(1));
        let fits = year.is_none_or(|year| (1..=9999).contains(&year))
            && month.is_none_or(|month| (1..=12).contains(&month))
            && day.is_none_or(|day| (1..=last).contains(&day));
        if fits { Ok(date) } else { Err(DateError::NotCalendar { date: date.to_string() }) }
    }

    /// The calendar date, if no part is unknown.
    #[must_use]
    pub fn to_date(self) -> Option<Date> {
        civil((self.year?, self.month?, self.day?))
    }

    /// No part is known.
    #[must_use]
    pub fn is_unknown(self) -> bool {
        self.year.is_none() && self.month.is_none() && self.day.is_none()
    }

    /// At least one part is unknown.
    #[must_use]
    pub fn is_partial(self) -> bool {
        self.year.is_none() || self.month.is_none() || self.day.is_none()
    }

    /// The latest day that it can be; `None` without a year.
    #[must_use]
    pub fn latest(self) -> Option<Date> {
        let month = self.month.unwrap_or(12);
        match self.day {
            Some(day) => civil((self.year?, month, day)),
            None => Some(civil((self.year?, month, 1))?.last_of_month()),
        }
    }

    /// The earliest day that it can be; `None` without a year.
    #[must_use]
    pub fn earliest(self) -> Option<Date> {
        civil((self.year?, self.month.unwrap_or(1), self.day.unwrap_or(1)))
    }

    /// Day and month exchanged, if both are known and that is a date too.
    #[must_use]
    pub fn swapped(self) -> Option<Self> {
        Self::checked(self.year, self.day, self.month)
            .ok()
            .filter(|_| self.day.is_some() && self.month.is_some())
    }

    /// The same month and day in another year, if that is a date.
    pub(crate) fn with_year(self, year: Option<u16>) -> Option<Self> {
        Self::checked(year, self.month, self.day).ok()
    }

    /// Reads a date as people type it: `1974-08-12`, `1974-08-XX`, `1974-08`, `19740812`, `12.08.1974`,
    /// `12 AUG 1974`, and with `/` or `-` between where only one order is possible. `XX` and `00` are unknown.
    ///
    /// ```
    /// use propusk_passport::{DateError, PartialDate};
    /// assert_eq!(PartialDate::parse("12.08.1974"), PartialDate::new(1974, 8, 12));
    /// assert_eq!(PartialDate::parse("XX.08.1974")?.to_string(), "1974-08-XX");
    /// assert!(matches!(PartialDate::parse("03/04/1990"), Err(DateError::Ambiguous { .. })));
    /// # Ok::<(), DateError>(())
    /// ```
    ///
    /// # Errors
    /// A [`DateError`] that names the rule. It never guesses: a two-digit year, an ambiguous `03/04/1990` and
    /// a spreadsheet's serial number are errors that carry what they might mean.
    pub fn parse(text: &str) -> Result<Self, DateError> {
        crate::written_date::parse(text)
    }
}

/// The last day of a month, 0 for a month that there is not.
fn last_day(year: u16, month: u8) -> u8 {
    let leap = year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400));
    match month {
        2 if leap => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        1 | 3 | 5 | 7 | 8 | 10 | 12 => 31,
        _ => 0,
    }
}

/// The calendar date of (year, month, day), if there is one.
pub(crate) fn civil((year, month, day): (u16, u8, u8)) -> Option<Date> {
    Date::new(i16::try_from(year).ok()?, i8::try_from(month).ok()?, i8::try_from(day).ok()?).ok()
}

impl From<Date> for PartialDate {
    fn from(date: Date) -> Self {
        Self {
            year: u16::try_from(date.year()).ok(),
            month: u8::try_from(date.month()).ok(),
            day: u8::try_from(date.day()).ok(),
        }
    }
}

impl FromStr for PartialDate {
    type Err = DateError;

    fn from_str(text: &str) -> Result<Self, DateError> {
        Self::parse(text)
    }
}

impl fmt::Display for PartialDate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let bytes = self.iso();
        f.pad(core::str::from_utf8(&bytes).unwrap_or_default())
    }
}

impl PartialDate {
    /// The ten characters of the date as it is written.
    pub(crate) fn iso(self) -> [u8; 10] {
        let mut out = *b"XXXX-XX-XX";
        let digit = |number: u16| b'0' + u8::try_from(number % 10).unwrap_or(0);
        if let Some(year) = self.year {
            out[..4].copy_from_slice(&[digit(year / 1000), digit(year / 100), digit(year / 10), digit(year)]);
        }
        for (place, part) in [(5, self.month), (8, self.day)] {
            if let Some(part) = part.map(u16::from) {
                out[place] = digit(part / 10);
                out[place + 1] = digit(part);
            }
        }
        out
    }

    /// The date as it is written.
    pub(crate) fn text(self) -> String {
        core::str::from_utf8(&self.iso()).unwrap_or_default().into()
    }
}

/// Why a text is not a date.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum DateError {
    /// Day, month and year are there, but no calendar has that day.
    NotCalendar {
        /// What was written.
        date: String,
    },
    /// The text has no known order of day, month and year, or a character that belongs in no date.
    Unreadable {
        /// What was written.
        text: String,
        /// 0-based index of the first character that does not fit, where one can be named.
        position: Option<usize>,
    },
    /// The year has two digits, so its century is not said.
    TwoDigitYear {
        /// What was written.
        text: String,
        /// The last two digits of the year.
        year: u8,
        /// Month and day, with the year unknown.
        rest: PartialDate,
    },
    /// Day/month or month/day: both are dates.
    Ambiguous {
        /// Read as day, month, year.
        day_first: PartialDate,
        /// Read as month, day, year.
        month_first: PartialDate,
    },
    /// A spreadsheet's serial number of a day (days since 1899-12-30) instead of a date.
    Serial {
        /// The serial number.
        serial: u32,
        /// The date that it stands for.
        date: PartialDate,
    },
}

impl fmt::Display for DateError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotCalendar { date } => {
                write!(f, "{date} is not a day of the calendar: correct day or month")
            }
            Self::Unreadable { text, position: Some(position) } => {
                write!(
                    f,
                    "character {} of {text:?} belongs in no date: write YYYY-MM-DD or DD.MM.YYYY",
                    position + 1
                )
            }
            Self::Unreadable { text, position: None } => {
                write!(f, "{text:?} is no date: write YYYY-MM-DD or DD.MM.YYYY")
            }
            Self::TwoDigitYear { text, year, .. } => {
                write!(f, "{text:?} has the two-digit year {year:02}: write all four digits")
            }
            Self::Ambiguous { day_first, month_first } => {
                write!(f, "this can be {day_first} or {month_first}: write YYYY-MM-DD")
            }
            Self::Serial { serial, date } => {
                write!(f, "{serial} is a spreadsheet's day number, perhaps {date}: format the cell as a date")
            }
        }
    }
}

impl core::error::Error for DateError {}

/// How the century of a two-digit year is found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Century {
    /// 20YY.
    Expiry,
    /// The latest that is not after the given day.
    Birth(Date),
}

/// Reads the six characters YYMMDD of an MRZ, `<<` standing for an unknown part (9303-3 §4.8).
pub(crate) fn from_mrz(six: [u8; 6], century: Century) -> Result<PartialDate, DateError> {
    let [y1, y2, m1, m2, d1, d2] = six;
    let (Some(year), Some(month), Some(day)) = (pair(y1, y2), pair(m1, m2), pair(d1, d2)) else {
        let position = six.iter().position(|byte| !byte.is_ascii_digit());
        return Err(DateError::Unreadable { text: six.into_iter().map(char::from).collect(), position });
    };
    let not_calendar = || DateError::NotCalendar { date: six.into_iter().map(char::from).collect() };
    let Some(year) = year else {
        return PartialDate::checked(None, month, day).map_err(|_| not_calendar());
    };
    let guess = full_year(year, month, day, century);
    PartialDate::checked(Some(guess), month, day).map_err(|_| not_calendar())
}

/// Whether [`from_mrz`] reads the six characters as a date. Nearly every date is a day up to the 28th, of which
/// no calendar needs to be asked.
pub(crate) fn is_mrz_date(six: [u8; 6], century: Century) -> bool {
    let [_, _, m1, m2, d1, d2] = six;
    let plain = six.iter().all(u8::is_ascii_digit)
        && matches!((m1, m2), (b'0', b'1'..=b'9') | (b'1', b'0'..=b'2'))
        && matches!((d1, d2), (b'0', b'1'..=b'9') | (b'1', _) | (b'2', b'0'..=b'8'));
    plain || from_mrz(six, century).is_ok()
}

/// The four digits of a two-digit year.
pub(crate) fn full_year(year: u8, month: Option<u8>, day: Option<u8>, century: Century) -> u16 {
    match century {
        Century::Expiry => 2000 + u16::from(year),
        Century::Birth(today) => latest_not_after(year, month, day, today),
    }
}

/// The latest year ending in `year` in which the date can begin not after `today`.
fn latest_not_after(year: u8, month: Option<u8>, day: Option<u8>, today: Date) -> u16 {
    let this_year = u16::try_from(today.year()).unwrap_or(0);
    let candidate = this_year - this_year % 100 + u16::from(year);
    let today = (this_year, u8::try_from(today.month()).unwrap_or(1), u8::try_from(today.day()).unwrap_or(1));
    let earliest = (candidate, month.unwrap_or(1), day.unwrap_or(1));
    if earliest > today { candidate.saturating_sub(100) } else { candidate }
}

/// Two digits, `<<` for unknown (`Some(None)`), or `None` when it is neither.
fn pair(tens: u8, units: u8) -> Option<Option<u8>> {
    if tens == b'<' && units == b'<' {
        return Some(None);
    }
    let both = tens.is_ascii_digit() && units.is_ascii_digit();
    both.then(|| Some((tens - b'0') * 10 + (units - b'0')))
}
