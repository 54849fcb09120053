//! Properties that hold for any input.

use proptest::prelude::*;
use propusk_passport::{
    Check, Code, Document, Format, PartialDate, Person, Row, Sex, Zone, check_digit, check_group, compare,
    compare_persons, name, read_mrz, repairs, split_documents, td3_lines, translit,
};

use crate::specimen::{rules, today};

fn name_part() -> impl Strategy<Value = String> {
    prop_oneof!["[A-Z]{2,12}", "[A-ZÄÖÜÅÑØÉÇŁŽ][a-zäöüñéç]{1,10}", "[АБВГДЖЗКЛМНОПРСТУФХЦЧШЩЭЮЯҢӨҮ]{2,9}"]
}

fn names() -> impl Strategy<Value = String> {
    prop::collection::vec(name_part(), 1..4).prop_map(|parts| parts.join(" "))
}

fn any_date(years: core::ops::Range<u16>) -> impl Strategy<Value = PartialDate> {
    (years, 1u8..13, 1u8..29).prop_map(|(year, month, day)| PartialDate::new(year, month, day).unwrap())
}

fn any_person() -> impl Strategy<Value = Person> {
    let sexes = prop_oneof![Just(Sex::Male), Just(Sex::Female), Just(Sex::Unspecified)];
    (names(), names(), "[A-Z0-9]{6,9}", "[A-Z]{3}", any_date(1930..2026), any_date(2027..2040), sexes)
        .prop_map(|(surname, given_names, number, state, birth, expiry, sex)| Person {
            surname: Some(surname),
            given_names: Some(given_names),
            document_number: Some(number),
            nationality: Some(state.clone()),
            birth_date: Some(birth),
            sex: Some(sex),
            expiry_date: Some(expiry),
            issuing_state: Some(state),
        })
}

fn passport(person: &Person) -> Document {
    read_mrz(&td3_lines(person, person.issuing_state.as_deref().unwrap()).unwrap(), today())
}

/// The second line with one byte changed, and the document that it gives.
fn substituted(person: &Person, column: usize, byte: u8) -> Option<Document> {
    let [first, second] = td3_lines(person, person.issuing_state.as_deref().unwrap()).unwrap();
    let mut bytes = second.clone().into_bytes();
    if bytes[column] == byte {
        return None;
    }
    bytes[column] = byte;
    Some(read_mrz(&[first, String::from_utf8(bytes).unwrap()], today()))
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 192, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_generated_mrz_is_valid_and_agrees_with_its_visual_zone(person in any_person()) {
        let document = passport(&person);
        prop_assert!(document.valid(), "{document:?}");
        let errors: Vec<_> = compare(&person, &document, &rules()).into_iter()
            .filter(|finding| finding.severity == propusk_passport::Severity::Error).collect();
        prop_assert!(errors.is_empty(), "{errors:?}");
        let again = td3_lines(&document.person(), &document.issuing_state).unwrap();
        prop_assert_eq!(&again[1], &document.lines[1]);
        prop_assert!(name::can_be(&document.lines[0][5..], person.surname.as_deref().unwrap(), person.given_names.as_deref().unwrap()));
    }

    #[test]
    fn a_substitution_that_the_digit_can_see_is_found(person in any_person(), column in 0usize..28, byte in "[0-9A-Z<]") {
        let byte = byte.as_bytes()[0];
        prop_assume!(!(10..13).contains(&column) && column != 20);
        let Some(document) = substituted(&person, column, byte) else { return Ok(()) };
        let right = passport(&person);
        // The digit sees what changes its sum: compare the values modulo ten.
        let visible = check_digit(&(byte as char).to_string()) != check_digit(&right.lines[1][column..=column]);
        if visible {
            prop_assert!(!document.valid());
            prop_assert!(document.findings.iter().any(|finding| finding.severity == propusk_passport::Severity::Error));
        }
        // With the visual zone, what the digit cannot see is found too.
        let found = compare(&person, &document, &rules());
        let number_changed = column < 9 && document.document_number != right.document_number;
        if number_changed {
            prop_assert!(found.iter().any(|finding| finding.field == propusk_passport::Field::DocumentNumber));
        }
    }

    #[test]
    fn a_swap_in_the_number_is_found_by_the_second_source(person in any_person(), at in 0usize..5) {
        let number = person.document_number.clone().unwrap();
        let mut swapped = number.clone().into_bytes();
        swapped.swap(at, at + 1);
        let swapped = String::from_utf8(swapped).unwrap();
        prop_assume!(swapped != number);
        let permit = Person { document_number: Some(swapped.clone()), ..person.clone() };
        let found = compare(&permit, &passport(&person), &rules());
        prop_assert_eq!(found[0].code, Code::NumberTransposed);
        prop_assert_eq!(found[0].position, Some(at));
        prop_assert_eq!(found[0].suggestion.as_deref(), Some(number.as_str()));
    }

    #[test]
    fn comparison_of_numbers_and_dates_is_symmetric(a in any_person(), b in any_person()) {
        let there = compare_persons(&a, &b, &rules());
        let back = compare_persons(&b, &a, &rules());
        let fields = |findings: &[propusk_passport::Finding]| {
            let mut fields: Vec<_> = findings.iter().map(|finding| finding.field).collect();
            fields.sort();
            fields.dedup();
            fields
        };
        let (there_fields, back_fields) = (fields(&there), fields(&back));
        for field in [propusk_passport::Field::DocumentNumber, propusk_passport::Field::BirthDate,
            propusk_passport::Field::ExpiryDate, propusk_passport::Field::Sex, propusk_passport::Field::Nationality] {
            prop_assert_eq!(there_fields.contains(&field), back_fields.contains(&field));
        }
        prop_assert!(compare_persons(&a, &a, &rules()).is_empty());
    }

    #[test]
    fn every_variant_can_be_its_name(name in name_part()) {
        let variants = translit::variants(&name);
        let first = translit::transliterate(&name).unwrap();
        prop_assert_eq!(variants.first(), Some(&first));
        prop_assert!(variants.len() <= translit::MOST_VARIANTS);
        for variant in variants {
            prop_assert!(translit::can_be(&variant, &name), "{variant} {name}");
        }
    }

    #[test]
    fn no_text_panics(lines in prop::collection::vec(".{0,60}", 0..5), text in "\\PC{0,80}", other in ".{0,40}") {
        let document = read_mrz(&lines, today());
        prop_assert!(!document.findings.is_empty());
        let _ = (repairs(&lines), split_documents(&text), Zone::read(&lines).is_ok(), check_digit(&text));
        let _ = (translit::variants(&text), translit::transliterate(&text).is_ok(), name::can_be(&text, &other, &text));
        let _ = PartialDate::parse(&text);
        let permit = Person {
            surname: Some(text.clone()), given_names: Some(other.clone()), document_number: Some(text.clone()),
            nationality: Some(other.clone()), ..Person::default()
        };
        let _ = td3_lines(&permit, &text);
        let _ = compare(&permit, &document, &rules());
        let _ = compare_persons(&permit, &document.person(), &rules());
        let rows = [Row { permit: permit.clone(), passport: Some(document) }, Row { permit, passport: None }];
        let _ = check_group(&rows, &rules());
    }

    #[test]
    fn mrz_like_lines_of_any_length_form_a_record(lines in prop::collection::vec("[A-Z0-9<]{25,47}", 1..4)) {
        let document = read_mrz(&lines, today());
        let right = lines.iter().all(|line| line.len() == document.format.line_length())
            && lines.len() == document.format.lines();
        prop_assert!(right || !document.valid() || lines.concat().len() == document.lines.concat().len());
        prop_assert_eq!(document.checks.all_right(), !document.checks.named().iter().any(|(_, check)| *check == Check::Wrong));
    }

    #[test]
    fn a_written_date_is_read_back(date in any_date(1900..2100)) {
        prop_assert_eq!(PartialDate::parse(&date.to_string()), Ok(date));
        let (year, month, day) = (date.year.unwrap(), date.month.unwrap(), date.day.unwrap());
        prop_assert_eq!(PartialDate::parse(&format!("{day:02}.{month:02}.{year}")), Ok(date));
    }
}

#[test]
fn long_input_takes_linear_time() {
    // Not timed: with anything worse than linear this would not end.
    let long = "А-".repeat(200_000);
    let mrz = "P<".repeat(200_000);
    let document = read_mrz(&[&mrz, &long], today());
    assert!(!document.valid());
    let permit = Person { surname: Some(long.clone()), given_names: Some(mrz), ..Person::default() };
    assert!(!compare(&permit, &document, &rules()).is_empty());
    assert!(translit::variants(&"Ж".repeat(10_000)).len() <= translit::MOST_VARIANTS);
    assert_eq!(Format::Td3.name_width(), 39);
}
