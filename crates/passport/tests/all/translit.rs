//! Every line of `tests/data/translit.jsonl`.

use propusk_passport::translit::{can_be, transliterate, variants};
use serde_json::Value;

fn rows() -> Vec<Value> {
    let data = include_str!("../data/translit.jsonl");
    data.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

fn texts(value: &Value) -> Vec<String> {
    value.as_array().unwrap().iter().map(|item| item.as_str().unwrap().to_string()).collect()
}

/// The spellings after `=` in a row's exceptions: "except if Ukrainian first character, then =YE".
fn exceptions(row: &Value) -> Option<String> {
    let (_, spelling) = row["exceptions"].as_str()?.rsplit_once('=')?;
    Some(spelling.trim().to_string())
}

#[test]
fn every_row_of_9303_is_the_first_choice_and_its_variants_are_known() {
    let mut latin = 0;
    let mut cyrillic = 0;
    for row in rows().iter().filter(|row| row["status"] == "icao") {
        let letter = row["char"].as_str().unwrap();
        let spellings = texts(&row["mrz"]);
        assert_eq!(transliterate(letter).as_ref(), Ok(&spellings[0]), "{letter}");
        for spelling in spellings.into_iter().chain(exceptions(row)) {
            assert!(variants(letter).contains(&spelling), "{letter}: {spelling}");
            assert!(can_be(&spelling, letter), "{letter}: {spelling}");
        }
        let is_cyrillic = ('\u{400}'..'\u{500}').contains(&letter.chars().next().unwrap());
        if is_cyrillic { cyrillic += 1 } else { latin += 1 }
    }
    assert_eq!((latin, cyrillic), (95, 48));
}

#[test]
fn every_spelling_that_9303_lacks_is_a_variant() {
    let lacking = |row: &&Value| row["status"] != "icao" && row["status"] != "national";
    for row in rows().iter().filter(lacking) {
        let letter = row["char"].as_str().unwrap();
        for spelling in texts(&row["mrz"]) {
            // A letter that is dropped cannot be a name by itself.
            let (spelling, name) = (format!("A{spelling}A"), format!("А{letter}А"));
            assert!(variants(&name).contains(&spelling), "{letter}: {spelling}");
            assert!(can_be(&spelling, &name), "{letter}: {spelling}");
        }
    }
}
