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

/// Facts that a file need not have: a line of these may be lost, and the file is then a smaller, good one ("a missing
/// key means not found, never no"). No check of one file alone can miss what is not there; `git diff` does that.
const OPTIONAL: &str = "\
    about_km absent agencies ambiguity approximate border conflict conflicts_with countries \
    countries_complete decree denied effective_from elevation_m except express_working_days \
    express_zones for_travellers forbids foreigners group hours lunch modes modes_note \
    modes_only name_kg name_kg_candidate name_kg_planned name_other name_pass near \
    needs_removed not_due_via note notes open_to opened otherwise posts posts_reported \
    reentry reentry_used_all reentry_used_part scarce season services spellings status \
    surcharge topic window_days year_inferred zones";

/// Every line that holds something, with its number from 0 and its key (of a table's head the head).
fn telling_lines() -> impl Iterator<Item = (usize, &'static str, &'static str)> {
    let telling = |(_, line): &(usize, &str)| !line.is_empty() && !line.starts_with('#');
    let key = |line: &'static str| line.split_once(" = ").map_or(line, |(key, _)| key);
    DEFAULT_TOML.lines().enumerate().filter(telling).map(move |(index, line)| (index, line, key(line)))
}

/// Runs `look` on every line, spread over the machine's cores.
fn on_every_line(look: impl Fn(usize, &'static str, &'static str) + Sync) {
    let lines: Vec<_> = telling_lines().collect();
    assert!(lines.len() > 1_000, "{}", lines.len());
    let cores = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
    let look = &look;
    std::thread::scope(|scope| {
        for part in lines.chunks(lines.len().div_ceil(cores)) {
            scope.spawn(move || part.iter().for_each(|(index, line, key)| look(*index, line, key)));
        }
    });
}

fn with_line(index: usize, line: Option<&str>) -> String {
    let lines =
        DEFAULT_TOML.lines().enumerate().filter_map(|(at, old)| if at == index { line } else { Some(old) });
    lines.collect::<Vec<_>>().join("\n")
}

/// Every line garbled: a value of another kind (a text where a number, list or yes/no stood, a number where a text
/// stood), a table's head without its last bracket. The error names exactly that line.
#[test]
fn any_one_line_garbled_is_refused_with_its_line() {
    on_every_line(|index, line, key| {
        let garbled = match line.split_once(" = ") {
            Some((_, value)) if value.starts_with('"') => format!("{key} = 17"),
            Some(_) => format!("{key} = \"?\""),
            None => line[..line.len() - 1].to_owned(),
        };
        let error = Region::from_toml(&with_line(index, Some(&garbled)), "region.toml").expect_err(&garbled);
        assert_eq!(error.line, index + 1, "{garbled}\n{error}");
    });
}

/// Every line deleted: refused, or the line held an optional fact. (A lost line has no number: the error names the
/// place where it is missed.)
#[test]
fn any_one_line_lost_is_refused_or_was_an_optional_fact() {
    on_every_line(|index, line, key| {
        let optional = OPTIONAL.split_whitespace().any(|one| one == key);
        // That every table without `source` or `as_of` is refused is tried in `rules`.
        if optional || ["source", "as_of"].contains(&key) {
            return;
        }
        match Region::from_toml(&with_line(index, None), "region.toml") {
            Ok(_) => panic!("line {} was lost unnoticed: {line}", index + 1),
            Err(error) => assert!(error.line > 0 && !error.rule.to_string().is_empty()),
        }
    });
}
