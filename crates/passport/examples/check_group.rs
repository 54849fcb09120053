//! Checks a group: crossed passports, a number on two rows, day and month exchanged in a whole column.
//!
//! `cargo run -p propusk-passport --example check_group`

use propusk_passport::{
    Date, PartialDate, Person, PrintError, Row, Rules, Sex, check_group, read_mrz, td3_lines,
};

fn traveller(surname: &str, number: &str, birth: (u16, u8, u8)) -> Person {
    Person {
        surname: Some(surname.into()),
        given_names: Some("ANNA".into()),
        document_number: Some(number.into()),
        nationality: Some("UTO".into()),
        birth_date: PartialDate::new(birth.0, birth.1, birth.2).ok(),
        sex: Some(Sex::Female),
        expiry_date: PartialDate::new(2031, 4, 15).ok(),
        issuing_state: Some("UTO".into()),
    }
}

fn main() -> Result<(), PrintError> {
    let today = Date::constant(2026, 6, 1);
    let holders = [
        traveller("ERIKSSON", "L898902C3", (1974, 8, 12)),
        traveller("LINDQVIST", "K123456A7", (1981, 3, 9)),
        traveller("BERGMAN", "M765432B1", (1990, 2, 5)),
    ];
    let mut rows = Vec::new();
    for holder in &holders {
        let passport = read_mrz(&td3_lines(holder, "UTO")?, today);
        let birth_date = holder.birth_date.and_then(PartialDate::swapped);
        rows.push(Row { permit: Person { birth_date, ..holder.clone() }, passport: Some(passport) });
    }
    // The first two rows got each other's number.
    let (first, second) = (holders[0].document_number.clone(), holders[1].document_number.clone());
    (rows[0].permit.document_number, rows[1].permit.document_number) = (second, first);
    for (row, finding) in check_group(&rows, &Rules { today: Some(today), valid_through: None }) {
        let about = ["kind", "other", "rows"]
            .iter()
            .filter_map(|name| Some(format!("{name} {}", finding.arg(name)?)));
        let about: Vec<String> = about.collect();
        println!("row {}: {}: {} {}", row + 1, finding.severity, finding.code, about.join(", "));
    }
    Ok(())
}
