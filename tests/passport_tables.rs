//! `desk check` of a table through the real binary: what only the group shows, by row and column.

use propusk_passport::{PartialDate, Person, Sex, td3_lines};
use scenarios::Instance;
use serde_json::Value;

/// The day of the checks.
const TODAY: &str = "2026-11-22";

fn text<'a>(value: &'a Value, key: &str) -> &'a str {
    value[key].as_str().unwrap_or_else(|| panic!("{key} of {value}"))
}

/// Three travellers with passports; no real person.
fn travellers() -> Vec<Person> {
    [
        ("ERIKSSON", "L898902C3", (1974, 8, 12)),
        ("LINDQVIST", "K123456A7", (1981, 3, 9)),
        ("BERGMAN", "M765432B1", (1990, 2, 5)),
    ]
    .into_iter()
    .map(|(surname, number, (year, month, day))| Person {
        surname: Some(surname.to_owned()),
        given_names: Some("ANNA".to_owned()),
        document_number: Some(number.to_owned()),
        nationality: Some("UTO".to_owned()),
        birth_date: PartialDate::new(year, month, day).ok(),
        sex: Some(Sex::Female),
        expiry_date: PartialDate::new(2031, 4, 15).ok(),
        issuing_state: None,
    })
    .collect()
}

/// A row of the table; an empty MRZ leaves its two cells empty.
fn row(person: &Person, birth_date: &str, mrz: &[String]) -> String {
    let said = |value: &Option<String>| value.clone().unwrap_or_default();
    let line = |at: usize| mrz.get(at).cloned().unwrap_or_default();
    let (surname, given, number) =
        (said(&person.surname), said(&person.given_names), said(&person.document_number));
    format!("{surname},{given},{number},UTO,{birth_date},F,2031-04-15,{},{}", line(0), line(1))
}

/// The findings of a table above `info`: row, code, and the finding.
fn desk_check(rows: &[String]) -> (i32, Vec<Value>) {
    let header = "surname,given_names,document_number,nationality,birth_date,sex,expiry_date,mrz1,mrz2";
    let instance = Instance::new();
    let file = instance.write("group.csv", format!("{header}\n{}\n", rows.join("\n")));
    let zones = ["--zones", "naryn", "--from", TODAY, "--today", TODAY, "--json"];
    let answer = instance.run(&[&["desk", "check", file.to_str().unwrap()], &zones[..]].concat());
    let shown = answer.json_lines().into_iter().filter(|finding| finding["severity"] != "info").collect();
    (answer.status, shown)
}

fn places(findings: &[Value]) -> Vec<(u64, &str, &str)> {
    let place = |finding: &'_ Value| finding["row"].as_u64().unwrap_or(0);
    findings.iter().map(|one| (place(one), text(one, "code"), text(one, "field"))).collect()
}

#[test]
fn a_table_shows_by_row_and_column_what_only_the_group_shows() {
    let people = travellers();
    let mrz: Vec<Vec<String>> =
        people.iter().map(|person| td3_lines(person, "UTO").unwrap().to_vec()).collect();
    let born = |person: &Person| person.birth_date.unwrap().to_string();
    let right: Vec<String> =
        people.iter().zip(&mrz).map(|(person, mrz)| row(person, &born(person), mrz)).collect();
    assert_eq!(desk_check(&right), (0, vec![]));

    let mut crossed = people.clone();
    crossed[0].document_number.clone_from(&people[1].document_number);
    crossed[1].document_number.clone_from(&people[0].document_number);
    let rows: Vec<String> =
        crossed.iter().zip(&mrz).map(|(person, mrz)| row(person, &born(person), mrz)).collect();
    let (status, found) = desk_check(&rows);
    let twice = |row| (row, "same-person-twice", "document_number");
    assert_eq!((status, places(&found)), (1, vec![twice(1), twice(2)]));
    assert_eq!((text(&found[0], "suggestion"), text(&found[1], "suggestion")), ("L898902C3", "K123456A7"));

    let swapped = |person: &Person| person.birth_date.unwrap().swapped().unwrap().to_string();
    let rows: Vec<String> =
        people.iter().zip(&mrz).map(|(person, mrz)| row(person, &swapped(person), mrz)).collect();
    let (status, found) = desk_check(&rows);
    assert_eq!((status, places(&found)), (1, vec![(1, "birth-date-day-month-swap", "birth_date")]));
    assert!(text(&found[0], "message").contains("1, 2, 3"), "{found:?}");

    let namesake = Person { surname: Some("NOVAK".to_owned()), ..people[0].clone() };
    let rows = [right.clone(), vec![row(&namesake, "1974-08-12", &[]), right[1].clone()]].concat();
    let (status, found) = desk_check(&rows);
    assert_eq!((status, places(&found)), (0, vec![twice(4), twice(5)]), "{found:?}");
    assert!(text(&found[0], "message").contains("different names"), "{found:?}");
}

#[test]
fn a_table_shows_what_a_spreadsheet_did() {
    let people = travellers();
    let number = |number: &str| Person { document_number: Some(number.to_owned()), ..people[2].clone() };
    let mrz = td3_lines(&people[0], "UTO").unwrap();
    let (status, found) = desk_check(&[
        row(&people[0], "1974-08-12", &mrz),
        row(&people[1], "27253", &[]),
        row(&people[2], "12.08.74", &[]),
        row(&number("00123456"), "1974-08-12", &[]),
        row(&number("00234567"), "1974-08-12", &[]),
        row(&number("98765"), "1974-08-12", &[]),
    ]);
    let told: Vec<(u64, &str, &str)> = places(&found);
    assert_eq!(status, 1);
    assert!(told.contains(&(2, "date-not-calendar", "birth_date")), "{told:?}");
    assert!(told.contains(&(3, "birth-date-century", "birth_date")), "{told:?}");
    let suggested = |row: u64| found.iter().find(|one| one["row"] == row).map(|one| text(one, "suggestion"));
    assert_eq!((suggested(2), suggested(3)), (Some("1974-08-12"), Some("1974-08-12")));
}

#[test]
fn a_table_shows_lost_zeros_by_the_other_rows() {
    let people = travellers();
    let numbered = |number: &str, surname: &str| {
        let (number, surname) = (Some(number.to_owned()), Some(surname.to_owned()));
        row(&Person { document_number: number, surname, ..people[0].clone() }, "1974-08-12", &[])
    };
    let (status, found) =
        desk_check(&[numbered("00123456", "A"), numbered("00234567", "B"), numbered("98765", "C")]);
    assert_eq!((status, places(&found)), (0, vec![(3, "number-length-or-alphabet", "document_number")]));
    assert_eq!(text(&found[0], "suggestion"), "00098765");
}
