//! The people of a permit as the soldier holds them against their passports. Pure; nothing of it leaves the device.

use propusk_passport::{Date, read_mrz};
use propusk_seal::{PermitSeal, SealedTraveller};

use crate::judge::rows;

/// One traveller.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Member {
    /// Row of the permit, from 0.
    pub row: usize,
    /// The name: the lead's from the seal, anybody else's from the passport once it was shown.
    pub name: Option<String>,
    /// Document number, its first nine characters for those who follow the lead.
    pub document_number: String,
    /// Nationality as in the MRZ.
    pub nationality: String,
    /// The passport was shown, or the row ticked off.
    pub present: bool,
}

/// Everybody on the scanned sheets, in the order of the permit. `names` are those of shown passports, by row; `present`
/// has bit i for row i.
#[must_use]
pub fn party(sheets: &[&PermitSeal], names: &[(usize, String)], present: u64, today: Date) -> Vec<Member> {
    let mut members: Vec<Member> = Vec::new();
    for seal in sheets {
        for (row, other) in rows(seal) {
            if members.iter().any(|member| member.row == row) {
                continue;
            }
            let mut member = other.map_or_else(|| lead(seal, today), listed);
            member.row = row;
            member.present = row < 64 && present & (1 << row) != 0;
            let shown = names.iter().find(|(named, _)| *named == row).map(|(_, name)| name.clone());
            member.name = shown.or(member.name);
            members.push(member);
        }
    }
    members.sort_by_key(|member| member.row);
    members
}

fn lead(seal: &PermitSeal, today: Date) -> Member {
    let person = read_mrz(seal.lead_mrz.lines(), today).person();
    let names = [person.surname.unwrap_or_default(), person.given_names.unwrap_or_default()];
    Member {
        row: 0,
        name: Some(names.join(" ").trim().to_owned()),
        document_number: person.document_number.unwrap_or_default(),
        nationality: person.nationality.unwrap_or_default(),
        present: false,
    }
}

fn listed(other: &SealedTraveller) -> Member {
    Member {
        row: 0,
        name: None,
        document_number: other.document_number.clone(),
        nationality: other.nationality.clone(),
        present: false,
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;
    use propusk_seal::{from_text, parse};

    use super::*;
    use crate::judge::identify_on;
    use crate::specimen::fixtures::{berg, sealed};
    use crate::specimen::mrz;

    #[test]
    fn names_stand_where_seal_or_passport_tells_them() {
        let seal = PermitSeal::from_seal(&parse(&from_text(&sealed(1)).unwrap()).unwrap()).unwrap();
        let today = date(2026, 6, 10);
        let people = party(&[&seal, &seal], &[], 0, today);
        let told: Vec<_> =
            people.iter().map(|m| (m.row, m.name.as_deref(), m.document_number.as_str())).collect();
        assert_eq!(told, [(0, Some("ERIKSSON ANNA MARIA"), "L898902C3"), (1, None, "D23145890")]);
        let holders = identify_on(&[&seal], &mrz(&berg()), today);
        let people = party(&[&seal], &holders.names, 0b10, today);
        assert_eq!(people[1].name.as_deref(), Some("BERG ANNA MARIA"));
        assert_eq!(people.iter().map(|member| member.present).collect::<Vec<_>>(), [false, true]);
    }
}
