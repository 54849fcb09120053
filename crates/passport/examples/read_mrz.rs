//! Reads the lines of an MRZ as carelessly as people give them, and says what is wrong.
//!
//! `cargo run -p propusk-passport --example read_mrz`

use propusk_passport::{Date, read_mrz, split_documents};

fn main() {
    let today = Date::constant(2026, 6, 1);
    // A passport in lower case with a Cyrillic А, and an identity card with an S typed for a 5.
    let text = "p<utoeriksson<<аnna<maria<<<<<<<<<<<<<<<<<<<\r\nL898902C36UTO7408122F1204159ZE184226B<<<<<10\r\n\r\n\
                I<UTOD2314S8907<<<<<<<<<<<<<<<\n7408122F1204159UTO<<<<<<<<<<<6\nERIKSSON<<ANNA<MARIA<<<<<<<<<<\n";
    for lines in split_documents(text) {
        let document = read_mrz(&lines, today);
        println!("{} valid: {}", document.format, document.valid());
        println!("  {}, {}: {}", document.surname, document.given_names, document.document_number);
        for (name, check) in document.checks.named() {
            println!("  {name}: {check:?}");
        }
        for finding in &document.findings {
            let place =
                finding.place.map(|place| format!(" line {}, column {}", place.line + 1, place.column + 1));
            println!(
                "  {}: {} in {}{} → {}",
                finding.severity,
                finding.code,
                finding.field,
                place.unwrap_or_default(),
                finding.suggestion.as_deref().unwrap_or("look again"),
            );
        }
    }
}
