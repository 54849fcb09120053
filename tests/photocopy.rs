//! Printed seals survive photocopiers: some sheets on every run of the tests; hundreds by `ops/photocopy`.

use scenarios::photocopy::{Plan, Stage, study};

/// Few enough for every run; each sheet is copied twice at both resolutions.
const SHEETS: usize = 12;

#[test]
fn the_seal_of_a_photocopied_photocopy_is_read_and_verified() {
    let plan = Plan {
        sheets: SHEETS,
        seed: 1,
        generations: 2,
        dots_per_inch: vec![150, 300],
        ask_both: false,
        unread: std::path::Path::new(env!("CARGO_TARGET_TMPDIR")).join("photocopy"),
    };
    let table = study(&plan, |_, _| ());
    println!("{table}");
    let rows = table.rows.keys().filter(|(stage, _)| *stage == Stage::Copied(2)).count();
    assert_eq!(rows, 2, "both resolutions were copied twice");
    assert!(table.rows.values().all(|tally| tally.sheets >= SHEETS), "{table}");
    let shortfalls = table.shortfalls().join("\n");
    assert!(shortfalls.is_empty(), "{shortfalls}\n{table}\nunread: {:#?}", table.unread);
}
