//! Dates in three bytes: the number MMDDYYYY, big-endian (Doc 9303-13 §2.3.1).

use std::fmt;

use jiff::civil::Date;
use thiserror::Error;

/// Why three bytes are not a date, or a date can't be written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum DateError {
    /// The number is not MMDDYYYY of a day that exists.
    #[error("{number:08} is not a date written as MMDDYYYY")]
    NotADate {
        /// The number found.
        number: u32,
    },
    /// Only the years 1 to 9999 have four digits.
    #[error("the year {year} cannot be written; use a year from 1 to 9999")]
    Year {
        /// The year asked for.
        year: i16,
    },
    /// A partly known date whose known parts can't be (month 13, 30 February).
    #[error("the known parts of the date are not possible together")]
    Impossible,
}

/// Writes a date.
///
/// # Errors
/// [`DateError::Year`] for a year outside 1 to 9999.
pub fn encode(date: Date) -> Result<[u8; 3], DateError> {
    if date.year() < 1 {
        return Err(DateError::Year { year: date.year() });
    }
    PartialDate::from(date).encode()
}

/// Reads a date of which every part must be known.
///
/// # Errors
/// [`DateError::NotADate`] when there is no such day.
pub fn decode(bytes: [u8; 3]) -> Result<Date, DateError> {
    let (number, year, month, day) = parts(bytes);
    let date =
        || Date::new(i16::try_from(year).ok()?, i8::try_from(month).ok()?, i8::try_from(day).ok()?).ok();
    date().filter(|date| date.year() >= 1).ok_or(DateError::NotADate { number })
}

/// A birth date of which parts may be unknown, as passports print them (Doc 9303-3 §4.8).
///
/// Written like a [`Date`], the unknown parts as zeros; shown as `1974-08-XX`.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct PartialDate {
    year: Option<i16>,
    month: Option<i8>,
    day: Option<i8>,
}

impl PartialDate {
    /// Puts a date together from the parts that are known.
    ///
    /// # Errors
    /// [`DateError::Year`] for a year outside 1 to 9999; [`DateError::Impossible`] for a month or day that
    /// no date can have (29 February needs a leap year only where the year is known).
    pub fn new(year: Option<i16>, month: Option<i8>, day: Option<i8>) -> Result<Self, DateError> {
        if let Some(year) = year.filter(|year| !(1..=9999).contains(year)) {
            return Err(DateError::Year { year });
        }
        // 2000 was a leap year and January has 31 days: they forbid nothing that could be true.
        Date::new(year.unwrap_or(2000), month.unwrap_or(1), day.unwrap_or(1))
            .map(|_| Self { year, month, day })
            .map_err(|_| DateError::Impossible)
    }

    /// The year, 1 to 9999.
    #[must_use]
    pub const fn year(self) -> Option<i16> {
        self.year
    }

    /// The month, 1 to 12.
    #[must_use]
    pub const fn month(self) -> Option<i8> {
        self.month
    }

    /// The day of the month, 1 to 31.
    #[must_use]
    pub const fn day(self) -> Option<i8> {
        self.day
    }

    /// Writes the date, unknown parts as zeros.
    ///
    /// # Errors
    /// [`DateError::Impossible`] for a date before the year 1, which [`PartialDate::new`] never makes.
    pub fn encode(self) -> Result<[u8; 3], DateError> {
        let known = |part: Option<i16>| u32::try_from(part.unwrap_or(0)).map_err(|_| DateError::Impossible);
        let (month, day) = (known(self.month.map(i16::from))?, known(self.day.map(i16::from))?);
        let number = month * 1_000_000 + day * 10_000 + known(self.year)?;
        let [_, bytes @ ..] = number.to_be_bytes();
        Ok(bytes)
    }

    /// Reads a date of which parts may be zero.
    ///
    /// # Errors
    /// [`DateError::NotADate`] when the parts that are not zero can't be a date.
    pub fn decode(bytes: [u8; 3]) -> Result<Self, DateError> {
        let (number, year, month, day) = parts(bytes);
        let not_a_date = DateError::NotADate { number };
        let year = i16::try_from(year).map_err(|_| not_a_date)?;
        let month = i8::try_from(month).map_err(|_| not_a_date)?;
        let day = i8::try_from(day).map_err(|_| not_a_date)?;
        let known = |part: i8| (part != 0).then_some(part);
        Self::new((year != 0).then_some(year), known(month), known(day)).map_err(|_| not_a_date)
    }
}

impl From<Date> for PartialDate {
    fn from(date: Date) -> Self {
        Self { year: Some(date.year()), month: Some(date.month()), day: Some(date.day()) }
    }
}

impl fmt::Display for PartialDate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.year {
            Some(year) => write!(f, "{year:04}")?,
            None => f.write_str("XXXX")?,
        }
        for part in [self.month, self.day] {
            match part {
                Some(part) => write!(f, "-{part:02}")?,
                None => f.write_str("-XX")?,
            }
        }
        Ok(())
    }
}

impl fmt::Debug for PartialDate {
    /// A birth date is personal data: it does not belong in a log.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("PartialDate(hidden)")
    }
}

fn parts([high, middle, low]: [u8; 3]) -> (u32, u32, u32, u32) {
    let number = u32::from_be_bytes([0, high, middle, low]);
    (number, number % 10_000, number / 1_000_000, number / 10_000 % 100)
}
