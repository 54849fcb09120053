//! Compares what a clerk typed with the passport and names the characters that differ.
//!
//! `cargo run -p propusk-passport --example compare`

use std::cmp::Reverse;

use propusk_passport::{Date, Rules, Typed, compare, explain_unread, read_mrz, read_typed};

fn main() {
    let today = Date::constant(2026, 6, 1);
    let passport = read_mrz(
        &["P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<", "L898902C36UTO7408122F3104150ZE184226B<<<<<16"],
        today,
    );
    let typed = Typed {
        surname: "Erikson",
        given_names: "Anna-María",
        document_number: "L8989O2C3",
        nationality: "UTO",
        birth_date: "08.12.1974",
        sex: "M",
        expiry_date: "2031-94-15",
        issuing_state: "UTO",
    };
    let (permit, unread) = read_typed(&typed, today);
    let rules = Rules { today: Some(today), valid_through: Some(Date::constant(2026, 6, 30)) };
    let mut findings = compare(&permit, &passport, &rules);
    findings.extend(explain_unread(&unread, &passport));
    findings.sort_by_key(|finding| Reverse(finding.severity));
    for finding in findings {
        print!("{}: {} in {}", finding.severity, finding.code, finding.field);
        if let Some(position) = finding.position {
            let said = |name: &str| finding.arg(name).unwrap_or("?").to_owned();
            print!(", character {}: “{}” for “{}”", position + 1, said("typed"), said("correct"));
        }
        println!(" → {}", finding.suggestion.as_deref().unwrap_or("look again"));
    }
}
