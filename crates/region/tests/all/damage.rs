//! A region file with any one line damaged is refused, with that line.

use propusk_region::{DEFAULT_TOML, Region};
use std::collections::BTreeSet;

/// Damages one line of each sort (its table and key) and looks at the line that the error names.
fn each_sort_of_line(damage: impl Fn(&str) -> Option<String>) {
    let lines: Vec<&str> = DEFAULT_TOML.lines().collect();
    let mut table = "";
    let mut seen = BTreeSet::new();
    for (index, line) in lines.iter().enumerate() {
        if line.is_empty() || line.starts_with('#') {
            continue;
        }
        if line.starts_with('[') {
            table = line;
        }
        let key = line.split_once(" = ").map_or(*line, |(key, _)| key);
        if !seen.insert((table, key)) {
            continue;
        }
        let Some(damaged) = damage(line) else { continue };
        let mut text = lines.clone();
        text[index] = &damaged;
        let error = Region::from_toml(&text.join("\n"), "region.toml").expect_err(&damaged);
        assert_eq!(error.line, index + 1, "{damaged}\n{error}");
    }
    assert!(seen.len() > 200, "{}", seen.len());
}

#[test]
fn a_letter_too_many_before_it() {
    each_sort_of_line(|line| Some(format!("x{line}")));
}

#[test]
fn its_last_character_lost() {
    // Without its last digit a number is still a number; a line that held one character is an empty line then.
    let telling = |line: &str| line.len() > 1 && !line.ends_with(|c: char| c.is_ascii_digit());
    each_sort_of_line(|line| telling(line).then(|| line[..line.len() - 1].to_owned()));
}

#[test]
fn its_value_lost() {
    each_sort_of_line(|line| line.split_once(" = ").map(|(key, _)| format!("{key} = ")));
}

#[test]
fn a_file_cut_off_anywhere_is_refused_without_a_panic() {
    // After the last table that must be there a shorter file is a good one.
    let needed = DEFAULT_TOML.find("[vehicle.insurance]").unwrap();
    for end in (0..DEFAULT_TOML.len()).step_by(997) {
        if let Some(text) = DEFAULT_TOML.get(..end) {
            assert!(Region::from_toml(text, "region.toml").is_err() || end > needed);
        }
    }
}
