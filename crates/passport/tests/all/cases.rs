//! Every line of `tests/data/cases.jsonl`.

use propusk_passport::{Date, Document, Format, PartialDate, check_digit, name, read_mrz, repairs, translit};
use serde_json::Value;

/// The day on which the cases are read; every birth date in them is before it.
fn today() -> Date {
    Date::constant(2026, 11, 22)
}

fn cases(kind: &str) -> Vec<Value> {
    let data = include_str!("../data/cases.jsonl");
    let cases: Vec<Value> = data.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let of_kind: Vec<Value> = cases.into_iter().filter(|case| case["kind"] == kind).collect();
    assert!(!of_kind.is_empty(), "no case of kind {kind}");
    of_kind
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_else(|| panic!("{value} is not text"))
}

fn texts(value: &Value) -> Vec<String> {
    value.as_array().unwrap().iter().map(|item| text(item).to_string()).collect()
}

fn format(name: &str) -> Format {
    match name {
        "TD1" => Format::Td1,
        "TD2" => Format::Td2,
        "TD3" => Format::Td3,
        "MRVA" => Format::MrvA,
        "MRVB" => Format::MrvB,
        _ => panic!("unknown format {name}"),
    }
}

fn check_date(id: &str, state: &str, yymmdd: &str, date: Option<PartialDate>) {
    match state {
        "calendar" => {
            let date = date.unwrap_or_else(|| panic!("{id}: no date"));
            let printed: String = date.to_string().chars().filter(char::is_ascii_digit).skip(2).collect();
            assert_eq!(printed, yymmdd, "{id}");
        }
        "unknown" => assert!(date.is_some_and(PartialDate::is_unknown), "{id}"),
        _ => assert_eq!(date, None, "{id}"),
    }
}

fn check_fields(id: &str, case: &Value, document: &Document) {
    let expect = &case["expect"];
    let fields = [
        ("document_code", &document.document_code),
        ("issuer", &document.issuing_state),
        ("surname", &document.surname),
        ("given_names", &document.given_names),
        ("document_number", &document.document_number),
        ("nationality", &document.nationality),
        ("optional1", &document.optional_data),
    ];
    for (name, found) in fields {
        assert_eq!(found, text(&expect[name]), "{id}: {name}");
    }
    if let Some(optional_2) = expect.get("optional2") {
        assert_eq!(document.optional_data_2, text(optional_2), "{id}");
    }
    assert_eq!(document.sex.code(), text(&expect["sex"]), "{id}: sex");
    assert_eq!(document.names_truncated, expect["name_may_be_truncated"].as_bool().unwrap(), "{id}");
    check_date(id, text(&expect["dob_state"]), text(&expect["dob"]), document.birth_date);
    check_date(id, text(&expect["expiry_state"]), text(&expect["expiry"]), document.expiry_date);
}

#[test]
fn every_parse_case_has_its_fields_checks_and_verdict() {
    for case in cases("parse") {
        let id = text(&case["id"]);
        let document = read_mrz(&texts(&case["lines"]), today());
        assert_eq!(document.format, format(text(&case["format"])), "{id}");
        check_fields(id, &case, &document);
        let failed: Vec<String> = document.checks.failed().map(String::from).collect();
        assert_eq!(failed, texts(&case["failed_checks"]), "{id}");
        assert_eq!(document.valid(), case["valid"].as_bool().unwrap(), "{id}: {document:?}");
        assert_eq!(document.lines, texts(&case["lines"]), "{id}");
    }
}

#[test]
fn every_repair_case_is_proposed_and_never_applied() {
    for case in cases("repair") {
        let id = text(&case["id"]);
        let lines = texts(&case["lines"]);
        let repairs = repairs(&lines);
        let proposed: Vec<_> = repairs.iter().filter(|repair| repair.proposed).collect();
        let [repair] = proposed.as_slice() else { panic!("{id}: {repairs:?}") };
        assert_eq!(repair.lines, texts(&case["repaired"]), "{id}");
        let change = repair.changes[0];
        let expected = &case["changes"][0];
        assert_eq!(change.place.line as u64, expected["line"].as_u64().unwrap(), "{id}");
        assert_eq!(change.place.column as u64, expected["column"].as_u64().unwrap(), "{id}");
        assert_eq!(change.typed.to_string(), text(&expected["typed"]), "{id}");
        assert_eq!(change.correct.to_string(), text(&expected["correct"]), "{id}");
        let document = read_mrz(&lines, today());
        assert!(!document.valid() && document.lines == lines, "{id}: a repair is only proposed");
        assert!(document.findings.iter().any(|finding| finding.suggestion.is_some()), "{id}");
    }
}

#[test]
fn every_check_digit_case_is_right() {
    for case in cases("check_digit") {
        let digit = check_digit(text(&case["input"])).map(u64::from);
        assert_eq!(digit, case["digit"].as_u64(), "{}", case["id"]);
    }
}

/// The primary and secondary identifier of a name printed `SURNAME, GIVEN NAMES`.
fn visual(name: &str) -> (&str, &str) {
    name.split_once(", ").unwrap_or((name, ""))
}

#[test]
fn every_name_line_is_possible_and_the_untruncated_ones_are_generated() {
    for case in cases("name_line") {
        let id = text(&case["id"]);
        let (surname, given) = visual(text(&case["viz"]));
        let prefix = usize::try_from(case["prefix_len"].as_u64().unwrap()).unwrap();
        let field = &text(&case["line"])[prefix..];
        assert!(name::can_be(field, surname, given), "{id}");
        assert!(!name::can_be(field, surname, "SOMEBODY ELSE"), "{id}");
        let generated = name::field(surname, given, format(text(&case["format"]))).unwrap();
        assert_eq!(generated.len(), field.len(), "{id}");
        assert!(name::can_be(&generated, surname, given), "{id}: {generated}");
        let assume = case["must_assume_truncated"].as_bool().unwrap();
        assert_eq!(generated.ends_with(|c: char| c.is_ascii_uppercase()), assume, "{id}: {generated}");
        // Where a name must be cut inside, 9303 leaves the way to the issuing State; cutting its end is ours.
        let whole = if given.is_empty() { surname.into() } else { format!("{surname}<<{given}") };
        let whole = whole.replace([' ', '-'], "<").replace('\'', "");
        if whole.starts_with(field.trim_end_matches('<')) {
            assert_eq!(generated, field, "{id}");
        }
    }
}

#[test]
fn every_name_rule_and_transliterated_name_is_right() {
    for case in cases("name_rule").into_iter().chain(cases("name_translit")) {
        let (surname, given) = visual(text(&case["viz"]));
        let field = name::field(surname, given, Format::Td3).unwrap();
        assert_eq!(field.trim_end_matches('<'), text(&case["mrz"]), "{}", case["id"]);
        assert!(name::can_be(text(&case["mrz"]), surname, given), "{}", case["id"]);
        assert!(translit::can_be(&name::fold(surname), surname), "{}", case["id"]);
    }
}

#[test]
fn every_century_is_found() {
    for case in cases("century") {
        let yymmdd = text(&case["yymmdd"]);
        let dated = |date: &str| format!("{date}{}", check_digit(date).unwrap());
        let (birth, expiry) = if case["role"] == "birth" { (yymmdd, "300101") } else { ("800101", yymmdd) };
        let second = format!("L898902C36UTO{}F{}", dated(birth), dated(expiry));
        let first = "P<UTOERIKSSON<<ANNA<MARIA";
        let document = read_mrz(&[format!("{first:<<44}"), format!("{second:<<44}")], today());
        let date = if case["role"] == "birth" { document.birth_date } else { document.expiry_date };
        assert_eq!(date.unwrap().to_string(), text(&case["iso"]), "{}", case["id"]);
    }
}
