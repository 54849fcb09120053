use serde_json::{Value, json};

use super::{compare, read};

const MRZ: [&str; 2] =
    ["P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<", "L898902C36UTO7408122F1204159ZE184226B<<<<<10"];

fn answer(text: &str) -> Value {
    serde_json::from_str(text).unwrap()
}

#[test]
fn an_mrz_is_read_into_its_fields() {
    let read = answer(&read(&json!({ "today": "2010-06-01", "mrz": MRZ }).to_string()));
    assert_eq!(read["good"], true, "{read}");
    assert_eq!(read["document"]["surname"], "ERIKSSON");
    assert_eq!(read["document"]["birth_date"], "1974-08-12");
    // The specimen country of Doc 9303 proves no nationality; nothing worse is found.
    assert_eq!(read["findings"][0]["severity"], "info");
}

#[test]
fn the_character_that_differs_is_named_with_its_arguments() {
    let ask = json!({ "today": "2010-06-01", "document": { "document_number": "L8989O2C3" }, "mrz": MRZ });
    let compared = answer(&compare(&ask.to_string()));
    let finding = &compared["findings"][0];
    assert_eq!((&compared["good"], &finding["code"]), (&json!(false), &json!("number-lookalike")));
    assert_eq!((&finding["position"], &finding["args"]["k"]), (&json!(5), &json!("6")));
    assert_eq!(finding["suggestion"], "L898902C3");
    let rows = compared["rows"].as_array().unwrap();
    let row = rows.iter().find(|row| row["field"] == "document_number").unwrap();
    assert_eq!((&row["state"], &row["permit"][1]), (&json!("differs"), &json!(["O", true])), "{row}");
}

#[test]
fn two_sources_without_an_mrz_are_compared_too() {
    let ask = json!({ "today": "2026-06-01", "document": { "birth_date": "1974-12-08" },
                      "visual": { "birth_date": "1974-08-12" } });
    assert_eq!(answer(&compare(&ask.to_string()))["findings"][0]["code"], "birth-date-day-month-swap");
}

#[test]
fn what_can_t_be_understood_is_an_error_without_the_values() {
    let long = " ".repeat(20_000);
    let wrong = [
        "",
        "{",
        r#"{"today":"2026-06-01","documents":{"surname":"SECRET"}}"#,
        r#"{"today":"SECRET","mrz":[]}"#,
        r#"{"today":"2026-06-01"}"#,
        &long,
    ];
    for text in wrong {
        let refused = compare(text);
        assert!(answer(&refused)["error"].is_string() && !refused.contains("SECRET"), "{text}: {refused}");
    }
}
