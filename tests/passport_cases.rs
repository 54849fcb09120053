//! Every shared passport case through the real binary: `verify passport --json`, alone and with `--visual`.

use propusk_passport::check_digit;
use scenarios::Instance;
use serde_json::{Value, json};

const CASES: &str = include_str!("../crates/passport/tests/data/cases.jsonl");
/// The day of the checks; every birth date of the cases is before it.
const TODAY: &str = "2026-11-22";
/// The beginning of the line that DESIGN.md §7 shows.
const CONTRACT: &str = r#"{"format":"TD3","valid":true,"fields":{"document_code":"P","issuing_state":"UTO","surname":"ERIKSSON","given_names":"ANNA MARIA","document_number":"L898902C3","nationality":"UTO","birth_date":"1974-08-12","sex":"F","expiry_date":"2012-04-15","optional_data":"ZE184226B","optional_data_2":"","names_truncated":false},"findings":[{"code":"#;

fn cases(kind: &str) -> Vec<Value> {
    let all = CASES.lines().map(|line| serde_json::from_str::<Value>(line).unwrap());
    let cases: Vec<Value> = all.filter(|case| case["kind"] == kind).collect();
    assert!(!cases.is_empty(), "no case of kind {kind}");
    cases
}

fn text<'a>(value: &'a Value, key: &str) -> &'a str {
    value[key].as_str().unwrap_or_else(|| panic!("{key} of {value}"))
}

fn lines(value: &Value) -> Vec<String> {
    serde_json::from_value(value.clone()).unwrap()
}

fn findings(report: &Value) -> &[Value] {
    report["findings"].as_array().unwrap()
}

fn is_error(finding: &Value) -> bool {
    finding["severity"] == "error"
}

/// The JSON of each document, all of them in one call.
fn verify(documents: &[Vec<String>], language: &str) -> Vec<Value> {
    let instance = Instance::new();
    let all: Vec<String> = documents.iter().map(|lines| lines.join("\n")).collect();
    let file = instance.write("documents.txt", all.join("\n\n"));
    let file = file.to_str().unwrap();
    let answer = instance.run(&["verify", "passport", file, "--json", "--today", TODAY, "--lang", language]);
    let reports = answer.json_lines();
    assert_eq!(reports.len(), documents.len(), "{}", answer.stderr);
    let good = |report: &Value| report["valid"] == true && !findings(report).iter().any(is_error);
    assert_eq!(answer.status, i32::from(!reports.iter().all(good)), "{}", answer.stderr);
    for message in reports.iter().flat_map(findings).map(|finding| text(finding, "message")) {
        assert!(!message.is_empty() && !message.contains("{$") && !message.contains("none"), "{message}");
    }
    reports
}

/// What `verify passport --visual` answers for one document.
fn against_visual(instance: &Instance, lines: &[String], visual: &Value) -> (i32, Value) {
    let mrz = instance.write("mrz.txt", lines.join("\n"));
    let visual = instance.write("visual.json", visual.to_string());
    let (mrz, visual) = (mrz.to_str().unwrap(), visual.to_str().unwrap());
    let answer = instance.run(&["verify", "passport", mrz, "--visual", visual, "--json", "--today", TODAY]);
    (answer.status, answer.json())
}

fn digit(field: &str) -> String {
    check_digit(field).unwrap().to_string()
}

fn checked(field: &str) -> String {
    format!("{field}{}", digit(field))
}

/// A whole document of that format around a line with a name, all digits right.
fn around(format: &str, name_line: &str, birth: &str, expiry: &str) -> Vec<String> {
    let (number, birth, expiry) = (checked("L898902C3"), checked(birth), checked(expiry));
    let fill = |count: usize| "<".repeat(count);
    let second = format!("{number}UTO{birth}F{expiry}");
    let with_composite = |optional: String| {
        format!("{second}{optional}{}", digit(&format!("{number}{birth}{expiry}{optional}")))
    };
    match format {
        "TD1" => {
            let composite = digit(&format!("{number}{}{birth}{expiry}{}", fill(15), fill(11)));
            vec![
                format!("I<UTO{number}{}", fill(15)),
                format!("{birth}F{expiry}UTO{}{composite}", fill(11)),
                name_line.to_owned(),
            ]
        }
        "TD2" => vec![name_line.to_owned(), with_composite(fill(7))],
        "TD3" => vec![name_line.to_owned(), with_composite(fill(15))],
        "MRVA" => vec![name_line.to_owned(), format!("{second}{}", fill(16))],
        "MRVB" => vec![name_line.to_owned(), format!("{second}{}", fill(8))],
        _ => panic!("unknown format {format}"),
    }
}

fn check_fields(id: &str, case: &Value, report: &Value) {
    let (fields, expect) = (&report["fields"], &case["expect"]);
    let format = text(case, "format").replace("MRV", "MRV-");
    assert_eq!((text(report, "format"), &report["valid"]), (format.as_str(), &case["valid"]), "{id}");
    for (ours, theirs) in [
        ("document_code", "document_code"),
        ("issuing_state", "issuer"),
        ("surname", "surname"),
        ("given_names", "given_names"),
        ("document_number", "document_number"),
        ("nationality", "nationality"),
        ("sex", "sex"),
        ("optional_data", "optional1"),
        ("names_truncated", "name_may_be_truncated"),
    ] {
        assert_eq!(fields[ours], expect[theirs], "{id}: {ours}");
    }
    let second = expect.get("optional2").and_then(Value::as_str).unwrap_or_default();
    assert_eq!(fields["optional_data_2"], second, "{id}");
    for (ours, state, six) in [("birth_date", "dob_state", "dob"), ("expiry_date", "expiry_state", "expiry")]
    {
        match text(expect, state) {
            "calendar" => {
                assert_eq!(text(fields, ours).replace('-', "")[2..], *text(expect, six), "{id}: {ours}");
            }
            "unknown" => assert_eq!(fields[ours], "XXXX-XX-XX", "{id}: {ours}"),
            _ => assert_eq!(fields[ours], Value::Null, "{id}: {ours}"),
        }
    }
}

fn check_findings(id: &str, case: &Value, report: &Value) {
    let found = |codes: &[&str], field: &str| {
        findings(report)
            .iter()
            .any(|finding| codes.contains(&text(finding, "code")) && text(finding, "field") == field)
    };
    let failed = lines(&case["failed_checks"]);
    let structural = lines(&case["structural"]).concat();
    for (check, field) in [
        ("document_number", "document_number"),
        ("date_of_birth", "birth_date"),
        ("date_of_expiry", "expiry_date"),
        ("optional", "optional_data"),
    ] {
        let told = found(&["check-digit", "date-not-calendar"], field);
        assert_eq!(told, failed.iter().any(|failed| failed == check), "{id}: {check}");
    }
    assert_eq!(found(&["composite-only-fails"], "composite"), failed == ["composite"], "{id}");
    assert_eq!(found(&["date-not-calendar"], "birth_date"), structural.contains("dob"), "{id}");
    assert_eq!(found(&["date-not-calendar"], "expiry_date"), structural.contains("expiry"), "{id}");
    let truncated = findings(report).iter().any(|finding| finding["code"] == "name-may-be-truncated");
    assert_eq!(case["expect"]["name_may_be_truncated"], truncated, "{id}");
    let one_name = ["surname", "given_names"].iter().any(|name| text(&case["expect"], name).is_empty());
    assert_eq!(found(&["no-surname"], "surname"), one_name, "{id}");
    assert!(found(&["nationality-or-sex-unproven"], "nationality"), "{id}");
    // A composite digit that alone is wrong is a warning; what else makes a document invalid is an error.
    let error = findings(report).iter().any(is_error);
    assert_eq!(error, case["valid"] == false && failed != ["composite"], "{id}");
}

#[test]
fn every_case_of_reading_has_its_fields_verdict_and_findings() {
    let cases = cases("parse");
    let documents: Vec<Vec<String>> = cases.iter().map(|case| lines(&case["lines"])).collect();
    let reports = verify(&documents, "en");
    for (case, report) in cases.iter().zip(&reports) {
        let id = text(case, "id");
        check_fields(id, case, report);
        check_findings(id, case, report);
    }
    let russian = verify(&documents, "ru");
    let kyrgyz = verify(&documents, "ky");
    for (english, others) in reports.iter().zip(russian.iter().zip(&kyrgyz)) {
        for (language, other) in [("ru", others.0), ("ky", others.1)] {
            let told = findings(english).iter().zip(findings(other));
            assert!(
                told.clone().all(|(a, b)| a["code"] == b["code"] && a["message"] != b["message"]),
                "{language}"
            );
            assert_eq!(findings(english).len(), findings(other).len(), "{language}");
        }
    }
}

#[test]
fn the_json_is_that_of_the_contract() {
    let instance = Instance::new();
    let input =
        "P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<  \r\nL898902C36UTO7408122F1204159ZE184226B<<<<<10\r\n";
    let answer = instance.run_with_input(&["verify", "passport", "--json"], input).expect(0);
    assert!(answer.stdout.starts_with(CONTRACT), "{}", answer.stdout);
    let report = answer.json();
    for finding in findings(&report) {
        let keys: Vec<&str> = finding.as_object().unwrap().keys().map(String::as_str).collect();
        assert_eq!(keys, ["code", "field", "message", "severity", "suggestion"]);
    }
    assert_eq!(answer.stdout.lines().count(), 1);
}

#[test]
fn every_case_of_repair_is_proposed_and_not_applied() {
    let cases = cases("repair");
    let given: Vec<Vec<String>> = cases.iter().map(|case| lines(&case["lines"])).collect();
    let repaired: Vec<Vec<String>> = cases.iter().map(|case| lines(&case["repaired"])).collect();
    for ((case, report), right) in cases.iter().zip(verify(&given, "en")).zip(verify(&repaired, "en")) {
        let id = text(case, "id");
        assert_eq!((&report["valid"], &right["valid"]), (&json!(false), &json!(true)), "{id}");
        let proposed: Vec<&Value> =
            findings(&report).iter().filter(|one| one["suggestion"].is_string()).collect();
        let [finding] = proposed.as_slice() else { panic!("{id}: {report}") };
        let field = text(finding, "field");
        let wanted = text(&right["fields"], field).replace('-', "");
        assert!(wanted.ends_with(&text(finding, "suggestion").replace('-', "")), "{id}: {finding}");
        assert_ne!(report["fields"][field], right["fields"][field], "{id}: a repair is only proposed");
        let change = &case["changes"][0];
        for character in ["typed", "correct"] {
            let named = format!("“{}”", text(change, character));
            assert!(text(finding, "message").contains(&named), "{id}: {finding}");
        }
    }
}

/// A document that carries the input with that digit: as a date, as a number, or as a long number of an identity card,
/// whose digit is computed with or without the filler between its parts.
fn with_digit(input: &str, digit: u64) -> Vec<String> {
    let fill = |count: usize| "<".repeat(count);
    let passport = |number: &str, birth: &str| {
        let (expiry, optional) = (checked("310415"), fill(15));
        let composite = check_digit(&format!("{number}{birth}{expiry}{optional}")).unwrap();
        vec![format!("P<UTOA<<B{}", fill(35)), format!("{number}UTO{birth}F{expiry}{optional}{composite}")]
    };
    match input.len() {
        6 => passport(&checked("L898902C3"), &format!("{input}{digit}")),
        9 => passport(&format!("{input}{digit}"), &checked("740812")),
        _ => {
            let (number, rest) = (&input[..9], input[9..].trim_start_matches('<'));
            let first = format!("{number}<{:<<15}", format!("{rest}{digit}"));
            let (birth, expiry) = (checked("740812"), checked("310415"));
            let composite = check_digit(&format!("{first}{birth}{expiry}{}", fill(11))).unwrap();
            vec![
                format!("I<UTO{first}"),
                format!("{birth}F{expiry}UTO{}{composite}", fill(11)),
                format!("A<<B{}", fill(26)),
            ]
        }
    }
}

#[test]
fn every_check_digit_case_is_right_in_its_place() {
    let cases = cases("check_digit");
    let digit = |case: &Value| case["digit"].as_u64().unwrap();
    let right: Vec<Vec<String>> =
        cases.iter().map(|case| with_digit(text(case, "input"), digit(case))).collect();
    for (case, report) in cases.iter().zip(verify(&right, "en")) {
        assert_eq!(report["valid"], true, "{}: {report}", case["id"]);
    }
    // Five more is right in neither reading of a long number of these cases.
    let wrong = cases.iter().map(|case| with_digit(text(case, "input"), (digit(case) + 5) % 10));
    for (case, report) in cases.iter().zip(verify(&wrong.collect::<Vec<_>>(), "en")) {
        assert_eq!(report["valid"], false, "{}: {report}", case["id"]);
    }
}

#[test]
fn every_name_of_the_cases_can_be_the_visual_zone_s() {
    let instance = Instance::new();
    let padded = |names: &str| format!("P<UTO{names:<<39}");
    let mut names: Vec<(Value, Vec<String>)> = Vec::new();
    for case in cases("name_line") {
        let document = around(text(&case, "format"), text(&case, "line"), "740812", "310415");
        names.push((case, document));
    }
    for case in cases("name_rule").into_iter().chain(cases("name_translit")) {
        let document = around("TD3", &padded(text(&case, "mrz")), "740812", "310415");
        names.push((case, document));
    }
    for (case, document) in names {
        let id = text(&case, "id");
        let (surname, given) = text(&case, "viz").split_once(", ").unwrap_or((text(&case, "viz"), ""));
        let visual = json!({"surname": surname, "given_names": given, "birth_date": "12.08.1974"});
        let (status, report) = against_visual(&instance, &document, &visual);
        assert_eq!((status, &report["valid"]), (0, &json!(true)), "{id}: {report}");
        if let Some(assumed) = case.get("must_assume_truncated") {
            assert_eq!(report["fields"]["names_truncated"], *assumed, "{id}");
        }
        if !given.is_empty() {
            let other = json!({"surname": surname, "given_names": "SOMEBODY ELSE"});
            assert_eq!(against_visual(&instance, &document, &other).0, 1, "{id}: another person");
        }
    }
}

#[test]
fn every_century_is_the_one_of_the_contract() {
    let cases = cases("century");
    let name = format!("P<UTOA<<B{}", "<".repeat(35));
    let document = |case: &Value| match text(case, "role") {
        "birth" => around("TD3", &name, text(case, "yymmdd"), "310415"),
        _ => around("TD3", &name, "740812", text(case, "yymmdd")),
    };
    let documents: Vec<Vec<String>> = cases.iter().map(document).collect();
    for (case, report) in cases.iter().zip(verify(&documents, "en")) {
        let field = format!("{}_date", text(case, "role"));
        assert_eq!(
            (&report["fields"][field], &report["valid"]),
            (&case["iso"], &json!(true)),
            "{}",
            case["id"]
        );
    }
}

#[test]
fn a_visual_zone_names_the_character_that_differs() {
    let instance = Instance::new();
    let document = around("TD3", "P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<", "740812", "310415");
    let same = json!({"surname": "Eriksson", "given_names": "Anna-Maria", "document_number": "L898902C3",
        "birth_date": "1974-08-12", "sex": "F", "expiry_date": "15 APR 2031", "nationality": "UTO"});
    let (status, report) = against_visual(&instance, &document, &same);
    assert_eq!((status, findings(&report).iter().filter(|one| is_error(one)).count()), (0, 0), "{report}");

    for (field, typed, code, suggestion, word) in [
        ("document_number", "L8989O2C3", "number-lookalike", "L898902C3", "Character 6"),
        ("document_number", "L898920C3", "number-transposed", "L898902C3", "20 should be 02"),
        ("document_number", "L898902C36", "number-has-check-digit", "L898902C3", "10 characters"),
        ("birth_date", "1974-12-08", "birth-date-day-month-swap", "1974-08-12", "swapped"),
        ("birth_date", "1974-98-12", "date-not-calendar", "1974-08-12", "Character 6 is “9”"),
        ("birth_date", "1874-08-12", "birth-date-century", "1974-08-12", "1874-08-12"),
        ("expiry_date", "2031-04-16", "expiry-mismatch", "2031-04-15", "2031-04-16"),
        ("surname", "Erikson", "name-typo", "ERIKSSON", "is missing"),
        ("nationality", "UTA", "nationality-or-sex-unproven", "UTO", "UTA"),
        ("sex", "M", "nationality-or-sex-unproven", "F", "permit M"),
    ] {
        let mut visual = same.clone();
        visual[field] = json!(typed);
        let (status, report) = against_visual(&instance, &document, &visual);
        let errors: Vec<&Value> = findings(&report).iter().filter(|one| is_error(one)).collect();
        let [finding] = errors.as_slice() else { panic!("{field} {typed}: {report}") };
        assert_eq!((status, text(finding, "code")), (1, code), "{typed}");
        assert_eq!((text(finding, "field"), text(finding, "suggestion")), (field, suggestion), "{typed}");
        assert!(text(finding, "message").contains(word), "{finding}");
        assert_eq!(findings(&report)[0], **finding, "most severe first");
    }
}
