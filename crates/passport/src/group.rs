//! A group: what only shows when its rows are seen together.

use alloc::collections::BTreeMap;
use alloc::string::String;
use alloc::vec::Vec;

use crate::compare::{Rules, compare, compare_persons, merge};
use crate::document::Document;
use crate::finding::{Code, Field, Finding, Severity, decimal};
use crate::input::latin_look_alike;
use crate::name;
use crate::person::Person;

/// One traveller of a group.
#[derive(Debug, Clone)]
pub struct Row {
    /// What the permit (or the table) says.
    pub permit: Person,
    /// The passport's MRZ, if it was given.
    pub passport: Option<Document>,
}

/// Checks a whole group: for each row its document's findings and what [`compare`] finds, and what only the
/// group shows. Results are (0-based row, finding), in the order of rows, most severe first within a row.
///
/// - [`Code::SamePersonTwice`]: a number that an earlier row has too (`kind` `same-number`, or `two-names`
///   where the names differ); a row with the number of another row's passport (`crossed`, an error: its other
///   differences from its own passport are the same mistake where the row is that other traveller entirely).
/// - [`Code::BirthDateDayMonthSwap`], once and in the first row with `rows` (1-based, comma separated), where day
///   and month are exchanged in every row that can tell.
/// - [`Code::NumberLengthOrAlphabet`]: a number that lost its leading zeros, judged by the other rows of the
///   same state.
///
/// ```
/// # use propusk_passport::*;
/// let row = |surname: &str| Row {
///     permit: Person { surname: Some(surname.into()), document_number: Some("A1234567".into()), ..Person::default() },
///     passport: None,
/// };
/// let findings = check_group(&[row("Asanov"), row("Usenov")], &Rules::default());
/// assert_eq!((findings[0].0, findings[0].1.code), (1, Code::SamePersonTwice));
/// assert_eq!(findings[0].1.arg("kind"), Some("two-names"));
/// ```
#[must_use]
pub fn check_group(rows: &[Row], rules: &Rules) -> Vec<(usize, Finding)> {
    let mut found: Vec<Vec<Finding>> = rows.iter().map(|row| own(row, rules)).collect();
    crossed(rows, rules, &mut found);
    swapped_column(rows, &mut found);
    duplicates(rows, &mut found);
    lost_zeros(rows, &mut found);
    let mut all = Vec::new();
    for (row, mut findings) in found.into_iter().enumerate() {
        crate::finding::sort(&mut findings);
        all.extend(findings.into_iter().map(|finding| (row, finding)));
    }
    all
}

fn own(row: &Row, rules: &Rules) -> Vec<Finding> {
    match &row.passport {
        Some(passport) => merge(&passport.findings, compare(&row.permit, passport, rules)),
        // Without a passport there is nothing to compare with, but what the permit says may be too early by itself.
        None => compare_persons(&row.permit, &Person::default(), rules),
    }
}

/// A number as a key: upper case, only letters and digits.
fn key(number: &str) -> String {
    let upper = number.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_uppercase);
    upper.map(latin_look_alike).collect()
}

fn permit_key(row: &Row) -> Option<String> {
    let permit = row.permit.document_number.as_deref();
    let number = permit.or(row.passport.as_ref().map(|passport| passport.document_number.as_str()))?;
    Some(key(number)).filter(|key| !key.is_empty())
}

/// Rows with the number of another row's passport.
fn crossed(rows: &[Row], rules: &Rules, found: &mut [Vec<Finding>]) {
    let mut by_passport: BTreeMap<String, usize> = BTreeMap::new();
    for (index, row) in rows.iter().enumerate() {
        if let Some(passport) = &row.passport {
            by_passport.entry(key(&passport.document_number)).or_insert(index);
        }
    }
    for (index, (row, findings)) in rows.iter().zip(found).enumerate() {
        let (Some(number), Some(passport)) = (&row.permit.document_number, &row.passport) else { continue };
        let number_key = key(number);
        if number_key == key(&passport.document_number) {
            continue;
        }
        let other = by_passport.get(&number_key).filter(|other| **other != index);
        let Some((other, theirs)) =
            other.and_then(|other| Some((*other, rows.get(*other)?.passport.as_ref()?)))
        else {
            continue;
        };
        let is_other =
            compare(&row.permit, theirs, rules).iter().all(|finding| finding.severity != Severity::Error);
        findings.retain(|finding| match finding.severity {
            Severity::Error if is_other => passport.findings.contains(finding),
            _ => !is_number_difference(finding.code),
        });
        findings.push(
            twice(index, other, number, "crossed")
                .severe(Severity::Error)
                .suggest(&*passport.document_number),
        );
    }
}

fn is_number_difference(code: Code) -> bool {
    matches!(
        code,
        Code::NumberMismatch | Code::NumberLookalike | Code::NumberTransposed | Code::NumberHasCheckDigit
    )
}

fn twice(row: usize, other: usize, number: &str, kind: &str) -> Finding {
    Finding::new(Code::SamePersonTwice, Field::DocumentNumber)
        .with("row", decimal(row + 1))
        .with("other", decimal(other + 1))
        .with("number", number)
        .with("kind", kind)
}

/// Day and month exchanged in every row that can tell: a spreadsheet's doing, one finding.
fn swapped_column(rows: &[Row], found: &mut [Vec<Finding>]) {
    let is_swap = |finding: &Finding| finding.code == Code::BirthDateDayMonthSwap;
    let swapped: Vec<usize> = found
        .iter()
        .enumerate()
        .filter(|(_, findings)| findings.iter().any(is_swap))
        .map(|(row, _)| row)
        .collect();
    let tells_right = |row: &Row| {
        let date = row.permit.birth_date;
        let passport = row.passport.as_ref().and_then(|passport| passport.birth_date);
        let exchangeable = date.and_then(|date| Some(date.swapped()? != date)).unwrap_or(false);
        exchangeable && matches!((date, passport), (Some(a), Some(b)) if (a.month, a.day) == (b.month, b.day))
    };
    if swapped.len() < 2 || rows.iter().any(tells_right) {
        return;
    }
    let listed: Vec<String> = swapped.iter().map(|row| decimal(row + 1)).collect();
    let mut one: Option<Finding> = None;
    for row in &swapped {
        let Some(findings) = found.get_mut(*row) else { continue };
        if let Some(at) = findings.iter().position(is_swap) {
            let finding = findings.remove(at);
            one.get_or_insert(finding);
        }
    }
    if let (Some(finding), Some(findings)) = (one, swapped.first().and_then(|row| found.get_mut(*row))) {
        findings.push(finding.with("rows", listed.join(", ")));
    }
}

/// Numbers that an earlier row has too.
fn duplicates(rows: &[Row], found: &mut [Vec<Finding>]) {
    let mut seen: BTreeMap<String, usize> = BTreeMap::new();
    for (index, (row, findings)) in rows.iter().zip(found).enumerate() {
        let Some(key) = permit_key(row) else { continue };
        let Some(first) = seen.get(&key).copied() else {
            seen.insert(key, index);
            continue;
        };
        let kind = if rows.get(first).map(whole_name) == Some(whole_name(row)) {
            "same-number"
        } else {
            "two-names"
        };
        findings.push(twice(index, first, &key, kind));
    }
}

fn whole_name(row: &Row) -> String {
    let part = |text: &Option<String>| text.as_deref().map(name::fold).unwrap_or_default();
    alloc::format!("{}, {}", part(&row.permit.surname), part(&row.permit.given_names))
}

/// A number of digits only that is shorter than those of at least two other rows of its state, which all have
/// one length and of which one begins with 0. Where a passport is there, the comparison says it already.
fn lost_zeros(rows: &[Row], found: &mut [Vec<Finding>]) {
    let mut states: BTreeMap<&str, Vec<(usize, &str)>> = BTreeMap::new();
    for (index, row) in rows.iter().enumerate().filter(|(_, row)| row.passport.is_none()) {
        let state = row.permit.issuing_state.as_deref().or(row.permit.nationality.as_deref());
        if let (Some(state), Some(number)) = (state, row.permit.document_number.as_deref()) {
            states.entry(state).or_default().push((index, number.trim()));
        }
    }
    for (state, numbers) in states {
        let longest = numbers.iter().map(|(_, number)| number.len()).max().unwrap_or(0);
        let full: Vec<&str> =
            numbers.iter().map(|(_, number)| *number).filter(|number| number.len() == longest).collect();
        if full.len() < 2 || !full.iter().any(|number| number.starts_with('0')) {
            continue;
        }
        for (index, number) in numbers {
            let digits = number.bytes().all(|byte| byte.is_ascii_digit()) && !number.is_empty();
            if digits
                && number.len() < longest
                && let Some(findings) = found.get_mut(index)
            {
                findings.push(
                    Finding::new(Code::NumberLengthOrAlphabet, Field::DocumentNumber)
                        .at(0)
                        .with("country", state)
                        .with("length", decimal(number.len()))
                        .with("expected", decimal(longest))
                        .suggest(alloc::format!("{number:0>longest$}")),
                );
            }
        }
    }
}
