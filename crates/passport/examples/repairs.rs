//! Lists the repairs of one edit that fit a wrong check digit; nothing is ever applied.
//!
//! `cargo run -p propusk-passport --example repairs`

use propusk_passport::repairs;

fn main() {
    let lines =
        ["PPUTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<", "L8989O2C36UTO7408122F1204159ZE184226B<<<<<10"];
    for repair in repairs(&lines) {
        let word = if repair.proposed { "proposed" } else { "possible" };
        println!("{word}: {} → {}", repair.field, repair.value);
        for change in repair.changes {
            let (line, column) = (change.place.line + 1, change.place.column + 1);
            println!("  line {line}, column {column}: “{}” to “{}”", change.typed, change.correct);
        }
    }
}
