//! What is found: single errors of every kind, with the MRZ alone and with a second source, and false alarms on
//! 10,000 correct pairs. Run with `--nocapture` to see the table.

use propusk_passport::{
    Document, Field, Finding, Person, Severity, Sex, Typed, compare, explain_unread, name, read_mrz,
    read_typed, td3_lines,
};

use crate::specimen::{rules, today};
use crate::travellers::{Dice, traveller};

fn document(person: &Person) -> Document {
    read_mrz(&td3_lines(person, person.issuing_state.as_deref().unwrap()).unwrap(), today())
}

fn worst(findings: &[Finding]) -> Severity {
    findings.first().map_or(Severity::Info, |finding| finding.severity)
}

#[test]
fn ten_thousand_correct_pairs_raise_no_error() {
    let mut dice = Dice(1);
    let mut warnings = 0;
    for round in 0..10_000 {
        let person = traveller(&mut dice);
        let findings = compare(&person, &document(&person), &rules());
        assert!(worst(&findings) < Severity::Error, "round {round}: {person:?} {findings:?}");
        warnings += usize::from(worst(&findings) == Severity::Warning);
    }
    println!("correct pairs: 10,000; errors: 0; warnings (names that fill their field): {warnings}");
}

/// What a slip did to a text: the text after it, the 0-based places at which it can be named (a letter lost
/// from a run of equals can be any of them).
struct Slip {
    text: String,
    places: Vec<usize>,
}

fn slip(kind: &str, text: &str, dice: &mut Dice) -> Option<Slip> {
    let mut chars: Vec<char> = text.chars().collect();
    let at = dice.below(chars.len());
    let same_kind = |dice: &mut Dice, old: char| {
        let alphabet = if old.is_ascii_digit() { "0123456789" } else { "ABCDEFGHIJKLMNOPQRSTUVWXYZ" };
        alphabet.chars().nth(dice.below(alphabet.len())).unwrap()
    };
    let old = chars[at];
    if !old.is_ascii_alphanumeric() {
        return None;
    }
    let mut places = vec![at];
    match kind {
        "substitution" => chars[at] = same_kind(dice, old),
        "look-alike" => {
            let class = ["0ODQ", "1ILT", "2Z7", "4A", "5S", "6G", "8B"]
                .into_iter()
                .find(|class| class.contains(old))?;
            chars[at] = class.chars().nth(dice.below(class.len()))?;
        }
        "transposition" => {
            if chars.get(at + 1).is_none_or(|next| !next.is_ascii_alphanumeric()) {
                return None;
            }
            chars.swap(at, at + 1);
        }
        "omission" => {
            chars.remove(at);
            places = (0..=chars.len())
                .filter(|place| {
                    let mut back = chars.clone();
                    back.insert(*place, old);
                    back == text.chars().collect::<Vec<_>>()
                })
                .collect();
        }
        "insertion" => {
            let new = same_kind(dice, old);
            chars.insert(at, new);
            let long = chars.clone();
            places = (0..long.len())
                .filter(|place| {
                    let mut back = long.clone();
                    back.remove(*place);
                    back == text.chars().collect::<Vec<_>>()
                })
                .collect();
        }
        _ => unreachable!("{kind}"),
    }
    let slipped: String = chars.iter().collect();
    (slipped != text && !slipped.is_empty()).then_some(Slip { text: slipped, places })
}

#[derive(Default)]
struct Share {
    all: usize,
    found: usize,
    named: usize,
}

impl Share {
    fn add(&mut self, found: bool, named: bool) {
        self.all += 1;
        self.found += usize::from(found);
        self.named += usize::from(found && named);
    }

    fn percent(&self, part: usize) -> f64 {
        #[allow(clippy::cast_precision_loss)]
        let share = 100.0 * part as f64 / self.all.max(1) as f64;
        share
    }
}

fn print(kind: &str, field: &str, source: &str, share: &Share) {
    println!(
        "{kind:14} {field:10} {source:11} {:6} found {:6.2} % named {:6.2} %",
        share.all,
        share.percent(share.found),
        share.percent(share.named)
    );
}

const KINDS: [&str; 5] = ["substitution", "look-alike", "transposition", "omission", "insertion"];

#[test]
fn every_slip_of_a_number_is_found_and_its_character_named() {
    for kind in KINDS {
        let mut dice = Dice(2);
        let (mut pair, mut alone, mut wrongly) = (Share::default(), Share::default(), 0);
        while pair.all < 2_000 {
            let person = traveller(&mut dice);
            let Some(slip) = slip(kind, person.document_number.as_deref().unwrap(), &mut dice) else {
                continue;
            };
            let right = document(&person);
            let permit = Person { document_number: Some(slip.text.clone()), ..person.clone() };
            let findings = compare(&permit, &right, &rules());
            let finding = findings.iter().find(|finding| finding.field == Field::DocumentNumber);
            pair.add(
                finding.is_some_and(|finding| finding.severity == Severity::Error),
                finding.and_then(|finding| finding.position).is_some_and(|at| slip.places.contains(&at)),
            );
            let Some(misread) = (slip.text.len() <= 9).then(|| misread(&right, &slip.text)) else { continue };
            let finding = misread.findings.iter().find(|finding| finding.field == Field::DocumentNumber);
            let named = finding.and_then(|finding| finding.position);
            wrongly += usize::from(named.is_some_and(|at| !slip.places.contains(&at)));
            alone.add(!misread.valid(), named.is_some_and(|at| slip.places.contains(&at)));
        }
        println!("{kind:14} number     MRZ alone   names a wrong character {:6.2} %", alone.percent(wrongly));
        assert!(wrongly * 100 <= alone.all, "{kind}: {wrongly} of {}", alone.all);
        print(kind, "number", "MRZ alone", &alone);
        print(kind, "number", "MRZ, permit", &pair);
        assert_eq!(pair.found, pair.all, "{kind}");
        assert!(pair.named * 100 >= pair.all * 99, "{kind}: {} of {}", pair.named, pair.all);
    }
}

/// The document with another number in its line, the digits left as they are.
fn misread(right: &Document, number: &str) -> Document {
    let second = format!("{number:<<9}{}", &right.lines[1][9..]);
    read_mrz(&[right.lines[0].clone(), second], today())
}

#[test]
fn every_slip_of_a_name_is_found_and_its_letter_named() {
    for kind in KINDS {
        let mut dice = Dice(3);
        let mut pair = Share::default();
        while pair.all < 2_000 {
            let person = traveller(&mut dice);
            let right = document(&person);
            if right.names_truncated {
                continue;
            }
            let (field, correct) = if dice.below(2) == 0 {
                (Field::Surname, &right.surname)
            } else {
                (Field::GivenNames, &right.given_names)
            };
            let Some(slip) = slip(kind, correct, &mut dice) else { continue };
            let typed = Some(slip.text.clone());
            let permit = match field {
                Field::Surname => Person { surname: typed, ..right.person() },
                _ => Person { given_names: typed, ..right.person() },
            };
            let findings = compare(&permit, &right, &rules());
            let finding = findings.iter().find(|finding| finding.field == field);
            let named =
                finding.and_then(|finding| finding.position).is_some_and(|at| slip.places.contains(&at));
            pair.add(finding.is_some_and(|finding| finding.severity > Severity::Info), named);
            assert!(
                findings.len() == 1,
                "{kind}: one slip is one finding: {findings:?} {} {}",
                slip.text,
                correct
            );
        }
        print(kind, "name", "MRZ, permit", &pair);
        assert_eq!(pair.found, pair.all, "{kind}");
        assert!(pair.named * 100 >= pair.all * 99, "{kind}: {} of {}", pair.named, pair.all);
    }
}

/// What is found in a date that was typed, first of all its error.
fn typed_date(field: Field, typed: &str, person: &Person, right: &Document) -> Option<Finding> {
    let row = match field {
        Field::BirthDate => Typed { birth_date: typed, ..Typed::default() },
        _ => Typed { expiry_date: typed, ..Typed::default() },
    };
    let (read, unread) = read_typed(&row, today());
    let permit = match field {
        Field::BirthDate => Person { birth_date: read.birth_date, ..person.clone() },
        _ => Person { expiry_date: read.expiry_date, ..person.clone() },
    };
    let mut findings = compare(&permit, right, &rules());
    findings.extend(explain_unread(&unread, right));
    findings.into_iter().find(|finding| finding.field == field && finding.severity == Severity::Error)
}

/// The characters of the date that the permit then carries which differ from the right one: a date is kept as a date, so
/// a digit that is missing or too many may leave another date than the text shows.
fn differing(typed: &str, right: &str) -> Vec<usize> {
    let read = propusk_passport::PartialDate::parse(typed).map(|date| date.to_string()).unwrap_or_default();
    read.bytes().zip(right.bytes()).enumerate().filter(|(_, (a, b))| a != b).map(|(at, _)| at).collect()
}

#[test]
fn every_slip_of_a_date_is_found_and_its_character_named() {
    for kind in KINDS {
        for field in [Field::BirthDate, Field::ExpiryDate] {
            let mut dice = Dice(5);
            let mut pair = Share::default();
            while pair.all < 1_000 {
                let person = traveller(&mut dice);
                let right = document(&person);
                let date = if field == Field::BirthDate { person.birth_date } else { person.expiry_date };
                let text = date.unwrap().to_string();
                let Some(slip) = slip(kind, &text, &mut dice) else { continue };
                // The same date, written without a zero.
                if propusk_passport::PartialDate::parse(&slip.text).ok() == date {
                    continue;
                }
                let finding = typed_date(field, &slip.text, &person, &right);
                let named = finding.as_ref().and_then(|finding| finding.position);
                let places = [
                    slip.places,
                    if slip.text.len() == text.len() { vec![] } else { differing(&slip.text, &text) },
                ];
                let named = named.is_some_and(|at| places.concat().contains(&at));
                pair.add(finding.is_some(), named);
            }
            let name = if field == Field::BirthDate { "birth date" } else { "expiry" };
            print(kind, name, "MRZ, permit", &pair);
            assert_eq!(pair.found, pair.all, "{kind} {field}");
            assert!(pair.named * 100 >= pair.all * 99, "{kind} {field}: {} of {}", pair.named, pair.all);
        }
    }
}

#[test]
fn every_slip_of_a_nationality_and_every_other_sex_is_found_and_named() {
    let mut dice = Dice(6);
    for kind in KINDS {
        let mut pair = Share::default();
        while pair.all < 1_000 {
            let person = traveller(&mut dice);
            let right = document(&person);
            let Some(slip) = slip(kind, &right.nationality, &mut dice) else { continue };
            let permit = Person { nationality: Some(slip.text), ..person };
            let findings = compare(&permit, &right, &rules());
            let finding = findings.iter().find(|finding| finding.field == Field::Nationality);
            let named =
                finding.and_then(|finding| finding.position).is_some_and(|at| slip.places.contains(&at));
            pair.add(finding.is_some_and(|finding| finding.severity == Severity::Error), named);
        }
        print(kind, "nationality", "MRZ, permit", &pair);
        assert_eq!(pair.found, pair.all, "{kind}");
        assert!(pair.named * 100 >= pair.all * 99, "{kind}: {} of {}", pair.named, pair.all);
    }
    for (said, other) in
        [(Sex::Male, Sex::Female), (Sex::Female, Sex::Unspecified), (Sex::Unspecified, Sex::Male)]
    {
        let person = Person { sex: Some(said), ..traveller(&mut dice) };
        let findings = compare(&Person { sex: Some(other), ..person.clone() }, &document(&person), &rules());
        assert_eq!(
            (findings[0].field, findings[0].severity, findings[0].position),
            (Field::Sex, Severity::Error, Some(0))
        );
    }
}

#[test]
fn swaps_of_day_and_month_and_of_names_are_found() {
    let mut dice = Dice(4);
    let (mut days, mut alone, mut names) = (Share::default(), Share::default(), Share::default());
    for _ in 0..5_000 {
        let person = traveller(&mut dice);
        let right = document(&person);
        let born = person.birth_date.unwrap();
        if let Some(swapped) = born.swapped().filter(|swapped| *swapped != born) {
            let findings = compare(&Person { birth_date: Some(swapped), ..person.clone() }, &right, &rules());
            let code = findings.first().map(|finding| finding.code.as_str());
            days.add(worst(&findings) == Severity::Error, code == Some("birth-date-day-month-swap"));
            let line = &right.lines[1];
            let second = format!("{}{}{}{}", &line[..15], &line[17..19], &line[15..17], &line[19..]);
            alone.add(!read_mrz(&[right.lines[0].clone(), second], today()).valid(), false);
        }
        if name::fold(&right.surname) != name::fold(&right.given_names) {
            let permit =
                Person { surname: person.given_names.clone(), given_names: person.surname.clone(), ..person };
            let findings = compare(&permit, &right, &rules());
            let code = findings.first().map(|finding| finding.code.as_str());
            names.add(
                worst(&findings) == Severity::Error,
                code == Some("surname-given-swapped") || right.names_truncated,
            );
        }
    }
    print("day and month", "birth", "MRZ alone", &alone);
    print("day and month", "birth", "MRZ, permit", &days);
    print("exchange", "name", "MRZ, permit", &names);
    assert_eq!((days.found, days.named), (days.all, days.all));
    assert_eq!((names.found, names.named), (names.all, names.all));
}
