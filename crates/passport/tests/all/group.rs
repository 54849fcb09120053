//! What only a group shows.

use propusk_passport::{Code, Finding, Person, Row, Severity, check_group};

use crate::specimen::{date, passport, person, rules};

fn row(permit: &Person, holder: &Person) -> Row {
    Row { permit: permit.clone(), passport: Some(passport(holder)) }
}

fn errors(found: &[(usize, Finding)]) -> Vec<(usize, &'static str)> {
    let shown = found.iter().filter(|(_, finding)| finding.severity > Severity::Info);
    shown.map(|(row, finding)| (*row, finding.code.as_str())).collect()
}

fn travellers() -> Vec<Person> {
    let names = [("ASANOV", "USON"), ("BAKIROVA", "AIGUL"), ("DE BRUIJN", "WILLEKE"), ("NOVAK", "JAN")];
    let numbers = ["PE0000001", "PE0000012", "SPECI2014", "123456AA"];
    names
        .iter()
        .zip(numbers)
        .map(|((surname, given), number)| person(surname, given, number, "UTO"))
        .collect()
}

#[test]
fn a_right_group_has_nothing_but_information() {
    let rows: Vec<Row> = travellers().iter().map(|person| row(person, person)).collect();
    assert_eq!(errors(&check_group(&rows, &rules())), []);
}

#[test]
fn crossed_passports_are_one_error_a_row() {
    let all = travellers();
    let rows = [row(&all[0], &all[1]), row(&all[1], &all[0]), row(&all[2], &all[2])];
    let found = check_group(&rows, &rules());
    assert_eq!(errors(&found), [(0, "same-person-twice"), (1, "same-person-twice")]);
    let first = &found[0].1;
    assert_eq!(
        (first.severity, first.arg("kind"), first.arg("other")),
        (Severity::Error, Some("crossed"), Some("2"))
    );
}

#[test]
fn a_crossed_number_keeps_what_else_is_wrong() {
    let all = travellers();
    let permit = Person {
        document_number: all[1].document_number.clone(),
        surname: Some("ASANOF".into()),
        ..all[0].clone()
    };
    let found = check_group(&[row(&permit, &all[0]), row(&all[1], &all[1])], &rules());
    assert_eq!(errors(&found)[..2], [(0, "name-typo"), (0, "same-person-twice")]);
    assert!(errors(&found).contains(&(1, "same-person-twice")), "and the number is on the list twice");
}

#[test]
fn duplicates_say_whether_it_is_the_same_person() {
    let all = travellers();
    let other_name = Person { document_number: all[0].document_number.clone(), ..all[3].clone() };
    let permit = |person: &Person| Row { permit: person.clone(), passport: None };
    let found = check_group(&[permit(&all[0]), permit(&all[0]), permit(&other_name)], &rules());
    let kinds: Vec<_> =
        found.iter().map(|(row, finding)| (*row, finding.arg("kind"), finding.severity)).collect();
    assert_eq!(
        kinds,
        [(1, Some("same-number"), Severity::Warning), (2, Some("two-names"), Severity::Warning)]
    );
}

#[test]
fn a_swapped_column_is_one_finding() {
    let swapped =
        |person: &Person| Person { birth_date: person.birth_date.unwrap().swapped(), ..person.clone() };
    let all = travellers();
    let rows: Vec<Row> = all.iter().map(|person| row(&swapped(person), person)).collect();
    let found = check_group(&rows, &rules());
    assert_eq!(errors(&found), [(0, Code::BirthDateDayMonthSwap.as_str())]);
    assert_eq!(found[0].1.arg("rows"), Some("1, 2, 3, 4"));
    let mut one_right = rows;
    one_right[2].permit.birth_date = Some(date("1974-08-12"));
    assert_eq!(errors(&check_group(&one_right, &rules())).len(), 3, "then each row has its own slip");
}

#[test]
fn lost_zeros_show_by_the_other_rows() {
    let rows: Vec<Row> = ["00123456", "00234567", "98765"]
        .iter()
        .enumerate()
        .map(|(index, number)| Row {
            permit: person("A", &"B".repeat(index + 1), number, "FIN"),
            passport: None,
        })
        .collect();
    let found = check_group(&rows, &rules());
    let [(2, finding)] = found.as_slice() else { panic!("{found:?}") };
    assert_eq!(finding.code, Code::NumberLengthOrAlphabet);
    assert_eq!(finding.suggestion.as_deref(), Some("00098765"));
}
