//! What a passport tells of a typed date that could not be read.

use alloc::string::{String, ToString};
use alloc::vec::Vec;

use crate::checks::Check;
use crate::date::PartialDate;
use crate::document::Document;
use crate::edit::{self, Edit};
use crate::finding::{Code, Field, Finding};

/// The findings of [`crate::read_typed`], with the passport at hand: where a date that no calendar has is one edit away
/// from the passport's, written in any of the usual orders, the finding names the character, and what is ambiguous has
/// the passport's date as its suggestion. Nothing is concluded from a date whose own check digit is wrong.
///
/// ```
/// # use propusk_passport::*;
/// # let mrz = ["P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<", "L898902C36UTO7408122F1204159ZE184226B<<<<<10"];
/// let today = Date::constant(2026, 6, 1);
/// let typed = Typed { birth_date: "1974-98-12", ..Typed::default() };
/// let (_, unread) = read_typed(&typed, today);
/// assert_eq!((unread[0].code, unread[0].position), (Code::DateNotCalendar, None));
/// let explained = explain_unread(&unread, &read_mrz(&mrz, today));
/// assert_eq!((explained[0].position, explained[0].arg("correct")), (Some(5), Some("0")));
/// assert_eq!(explained[0].suggestion.as_deref(), Some("1974-08-12"));
/// ```
#[must_use]
pub fn explain_unread(unread: &[Finding], passport: &Document) -> Vec<Finding> {
    unread.iter().map(|finding| explained(finding, passport)).collect()
}

fn explained(finding: &Finding, passport: &Document) -> Finding {
    let (date, check) = match finding.field {
        Field::BirthDate => (passport.birth_date, passport.checks.date_of_birth),
        Field::ExpiryDate => (passport.expiry_date, passport.checks.date_of_expiry),
        _ => return finding.clone(),
    };
    let (Code::DateNotCalendar, Check::Right, Some(typed), Some(date)) =
        (finding.code, check, finding.arg("date"), date)
    else {
        return finding.clone();
    };
    if finding
        .arg("candidates")
        .is_some_and(|candidates| candidates.split(", ").any(|one| one == date.text()))
    {
        return finding.clone().suggest(date.text());
    }
    let chars: Vec<char> = typed.chars().collect();
    // An MRZ proves two digits of a birth year, so the century before is tried too.
    let before = date.year.and_then(|year| date.with_year(year.checked_sub(100)));
    let other = before.filter(|_| finding.field == Field::BirthDate);
    let found = [Some(date), other].into_iter().flatten().find_map(|date| Some((date, slip(&chars, date)?)));
    match found {
        Some((date, edit)) => named(finding, edit, date),
        None => finding.clone(),
    }
}

/// The one edit that turns what was typed into the date, in the first of the usual orders for which there is one.
fn slip(typed: &[char], date: PartialDate) -> Option<Edit> {
    let iso = date.text();
    let mut parts = iso.split('-');
    let (year, month, day) = (parts.next()?, parts.next()?, parts.next()?);
    let orders = [
        iso.clone(),
        alloc::format!("{day}.{month}.{year}"),
        alloc::format!("{day}/{month}/{year}"),
        alloc::format!("{month}/{day}/{year}"),
        alloc::format!("{day}-{month}-{year}"),
        alloc::format!("{year}/{month}/{day}"),
        alloc::format!("{year}{month}{day}"),
    ];
    orders.iter().find_map(|order| edit::single(typed, &order.chars().collect::<Vec<char>>()))
}

/// The finding with its character named, in place of what reading alone could say of it.
fn named(finding: &Finding, edit: Edit, date: PartialDate) -> Finding {
    let (typed, correct) = match edit {
        Edit::Substitute { from, to, .. } => (from.to_string(), to.to_string()),
        Edit::Transpose { first, second, .. } => {
            (String::from_iter([first, second]), String::from_iter([second, first]))
        }
        Edit::Missing { missing, .. } => (String::new(), missing.to_string()),
        Edit::Extra { extra, .. } => (extra.to_string(), String::new()),
    };
    let mut plain = finding.clone();
    plain.args.retain(|(name, _)| !matches!(*name, "k" | "typed" | "correct"));
    plain.at(edit.at()).with("typed", typed).with("correct", correct).suggest(date.text())
}
