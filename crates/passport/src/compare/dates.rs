//! Dates of birth and expiry.

use alloc::string::{String, ToString};
use alloc::vec::Vec;

use jiff::civil::Date;

use super::{Facts, Rules};
use crate::checks::{Check, check_digit};
use crate::date::PartialDate;
use crate::document::Document;
use crate::finding::{Code, Field, Finding, Severity};
use crate::print;

/// Nobody is taken to be older.
const OLDEST: u16 = 120;
/// From this age on, a year of which only two digits are proven has to be confirmed.
const VERY_OLD: u16 = 100;

pub(super) fn birth(permit: &Facts<'_>, passport: &Facts<'_>, rules: &Rules, findings: &mut Vec<Finding>) {
    let (Some(a), Some(b)) = (permit.birth, passport.birth) else { return };
    if let Some(finding) = wrong_century(a, b, passport.mrz.is_some(), rules) {
        findings.push(finding);
        return;
    }
    // An MRZ proves two digits of the year; the permit's four win.
    let b =
        if passport.mrz.is_some() && same_two_digits(a, b) { b.with_year(a.year).unwrap_or(b) } else { b };
    if a == b {
        return;
    }
    let digit = passport.mrz.map(|mrz| (mrz, mrz.checks.date_of_birth, mrz.format.layout().birth_check));
    if b.is_partial() && agrees(a, b) {
        findings.push(pair(Code::BirthDatePartial, Field::BirthDate, a, b));
    } else if a.swapped() == Some(b) {
        findings.push(proven(differing(Code::BirthDateDayMonthSwap, Field::BirthDate, a, b), a, digit));
    } else {
        findings.push(proven(differing(Code::BirthDateMismatch, Field::BirthDate, a, b), a, digit));
    }
}

pub(super) fn expiry(permit: &Facts<'_>, passport: &Facts<'_>, rules: &Rules, findings: &mut Vec<Finding>) {
    if let (Some(a), Some(b)) = (permit.expiry, passport.expiry)
        && a != b
        && !(b.is_partial() && agrees(a, b))
    {
        let digit =
            passport.mrz.map(|mrz| (mrz, mrz.checks.date_of_expiry, mrz.format.layout().expiry_check));
        let finding = proven(differing(Code::ExpiryMismatch, Field::ExpiryDate, a, b), a, digit);
        findings.push(if a.swapped() == Some(b) { finding.with("swap", "day-month") } else { finding });
    }
    // The passport decides how long it is valid, the permit's word counts where the passport says nothing.
    let Some(end) = passport.expiry.or(permit.expiry) else { return };
    let Some(needed) = rules.valid_through.into_iter().chain(rules.today).max() else { return };
    let finding = || {
        Finding::new(Code::ExpiredOrShort, Field::ExpiryDate)
            .with("d", end.text())
            .with("needed", PartialDate::from(needed).text())
    };
    match end.latest() {
        Some(latest) if latest < needed => findings.push(finding()),
        Some(_) if end.earliest().is_some_and(|earliest| earliest >= needed) => {}
        // A date that is unknown in part can neither prove nor refute it.
        _ => findings.push(finding().severe(Severity::Warning)),
    }
}

/// Where the MRZ's own digit is wrong, its date is no proof: nothing is suggested, or the permit's date where
/// that fits the digit, and then the MRZ was misread.
fn proven(finding: Finding, a: PartialDate, digit: Option<(&Document, Check, usize)>) -> Finding {
    let Some((mrz, Check::Wrong, index)) = digit else { return finding.with("source", "permit") };
    let fits = check_digit(&print::six(a)).and_then(|digit| char::from_digit(u32::from(digit), 10));
    if fits.is_some() && fits == mrz.char_at(index) {
        finding.with("source", "mrz").suggest(a.text())
    } else {
        Finding { suggestion: None, ..finding }.with("source", "permit")
    }
}

/// A finding where the permit's year and the passport's are a century apart, or the permit's cannot be.
fn wrong_century(a: PartialDate, b: PartialDate, two_digits: bool, rules: &Rules) -> Option<Finding> {
    let (year_a, year_b) = (a.year?, b.year?);
    if !same_two_digits(a, b) || a.month != b.month || a.day != b.day {
        return None;
    }
    let finding = |b: PartialDate| {
        let yy = alloc::format!("{:02}", year_a % 100);
        let judged_by = rules.today.map_or(String::new(), |today| today.to_string());
        pair(Code::BirthDateCentury, Field::BirthDate, a, b)
            .with("yy", yy)
            .with("x", judged_by)
            .at(first_difference(a, b).unwrap_or(0))
            .suggest(b.text())
    };
    if !two_digits {
        return (year_a != year_b).then(|| finding(b));
    }
    let today = rules.today?;
    match age(a, today) {
        None => Some(finding(b)),
        Some(age) if age > OLDEST => Some(finding(b)),
        Some(age) if age >= VERY_OLD && year_a != year_b => Some(finding(b).severe(Severity::Warning)),
        Some(_) => None,
    }
}

/// The age in years on a day, `None` before birth.
fn age(birth: PartialDate, today: Date) -> Option<u16> {
    let born = birth.earliest().filter(|born| *born <= today)?;
    let years = u16::try_from(today.year() - born.year()).ok()?;
    let birthday_to_come = (today.month(), today.day()) < (born.month(), born.day());
    Some(years - u16::from(birthday_to_come && years > 0))
}

fn same_two_digits(a: PartialDate, b: PartialDate) -> bool {
    matches!((a.year, b.year), (Some(a), Some(b)) if a % 100 == b % 100)
}

/// Whether `a` says nothing else than the known parts of `b`.
fn agrees(a: PartialDate, b: PartialDate) -> bool {
    let part = |a: Option<u16>, b: Option<u16>| b.is_none() || a == b;
    part(a.year, b.year)
        && part(a.month.map(u16::from), b.month.map(u16::from))
        && part(a.day.map(u16::from), b.day.map(u16::from))
}

fn pair(code: Code, field: Field, a: PartialDate, b: PartialDate) -> Finding {
    Finding::new(code, field).with("a", a.text()).with("b", b.text())
}

/// The first character that differs in `YYYY-MM-DD`. An unknown part is what `00` is read as, so that its first
/// character does not differ from a 0.
fn first_difference(a: PartialDate, b: PartialDate) -> Option<usize> {
    let mut differing = a.iso().into_iter().zip(b.iso()).enumerate().filter(|(_, (a, b))| a != b);
    let (first, pair) = differing.next()?;
    let second = differing.next().filter(|(second, _)| pair == (b'X', b'0') && *second == first + 1);
    Some(second.map_or(first, |(second, _)| second))
}

/// Names the first character that differs in `YYYY-MM-DD`, and what stands there.
fn differing(code: Code, field: Field, a: PartialDate, b: PartialDate) -> Finding {
    let finding = pair(code, field, a, b).suggest(b.text());
    let Some(first) = first_difference(a, b) else { return finding };
    let character =
        |date: PartialDate| date.iso().get(first).map_or(String::new(), |byte| char::from(*byte).into());
    finding.at(first).with("typed", character(a)).with("correct", character(b))
}
