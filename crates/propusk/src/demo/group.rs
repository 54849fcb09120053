//! The sample group: four specimen passports, none of a real person, valid for some years from today.

use anyhow::Context as _;
use jiff::ToSpan as _;
use jiff::civil::Date;
use propusk_passport::{PartialDate, Person, Sex, td3_lines};

/// The columns of the table, by their JSON names.
const HEADER: [&str; 11] = [
    "surname",
    "given_names",
    "document_number",
    "nationality",
    "birth_date",
    "sex",
    "expiry_date",
    "mrz1",
    "mrz2",
    "visual_name",
    "role",
];

/// A traveller of the group.
#[derive(Clone)]
pub(crate) struct Traveller {
    surname: &'static str,
    given_names: &'static str,
    pub document_number: String,
    nationality: &'static str,
    birth_date: &'static str,
    sex: Sex,
    expiry_date: Date,
    visual_name: &'static str,
    role: &'static str,
}

/// The group; the first leads.
pub(crate) fn travellers(today: Date) -> anyhow::Result<Vec<Traveller>> {
    let in_years = |years: i16| today.checked_add(years.years());
    let eriksson = Traveller {
        // The specimen of ICAO Doc 9303-4, appendix A.
        surname: "ERIKSSON",
        given_names: "ANNA MARIA",
        document_number: "L898902C3".to_owned(),
        nationality: "UTO",
        birth_date: "1974-08-12",
        sex: Sex::Female,
        expiry_date: in_years(4)?,
        visual_name: "",
        role: "",
    };
    let asanov = Traveller {
        // The Kyrgyz specimen passport's name; residents need a permit too.
        surname: "ASANOV",
        given_names: "USON JANYBAEVICH",
        document_number: "AN1234567".to_owned(),
        nationality: "KGZ",
        birth_date: "1987-03-21",
        sex: Sex::Male,
        expiry_date: in_years(6)?,
        visual_name: "АСАНОВ УСОН ЖАНЫБАЕВИЧ",
        role: "guide",
    };
    let mueller = Traveller {
        surname: "MÜLLER",
        given_names: "JÖRG",
        document_number: "C01X00T47".to_owned(),
        nationality: "D",
        birth_date: "1964-08-12",
        sex: Sex::Male,
        expiry_date: in_years(5)?,
        visual_name: "MÜLLER JÖRG",
        role: "",
    };
    let cyrillic = Traveller {
        surname: "OBRAZTSOVA",
        given_names: "MARIIA",
        document_number: "750000017".to_owned(),
        nationality: "RUS",
        birth_date: "1990-02-03",
        sex: Sex::Female,
        expiry_date: in_years(7)?,
        visual_name: "ОБРАЗЦОВА МАРИЯ",
        role: "",
    };
    Ok(vec![eriksson, asanov, mueller, cyrillic])
}

impl Traveller {
    /// The two lines of the passport, check digits computed.
    pub(crate) fn mrz(&self) -> anyhow::Result<[String; 2]> {
        let date = |text: &str| PartialDate::parse(text).ok().with_context(|| format!("{text} is no date"));
        let person = Person {
            surname: Some(self.surname.to_owned()),
            given_names: Some(self.given_names.to_owned()),
            document_number: Some(self.document_number.clone()),
            nationality: Some(self.nationality.to_owned()),
            birth_date: Some(date(self.birth_date)?),
            sex: Some(self.sex),
            expiry_date: Some(date(&self.expiry_date.to_string())?),
            ..Person::default()
        };
        Ok(td3_lines(&person, self.nationality)?)
    }

    /// The lines as a scanner sends them.
    pub(crate) fn scanned(&self) -> anyhow::Result<String> {
        Ok(self.mrz()?.join("\n") + "\n")
    }

    /// The same passport with character `position` (from 1) of its number replaced, its digits computed anew: only
    /// the comparison with the permit can tell.
    pub(crate) fn altered(&self, position: usize, to: char) -> Self {
        let replaced = |(index, c): (usize, char)| if index + 1 == position { to } else { c };
        let document_number = self.document_number.chars().enumerate().map(replaced).collect();
        Self { document_number, ..self.clone() }
    }
}

/// The group as the table that an agency has.
pub(crate) fn table(travellers: &[Traveller]) -> anyhow::Result<Vec<u8>> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    writer.write_record(HEADER)?;
    for traveller in travellers {
        let [mrz1, mrz2] = traveller.mrz()?;
        let expiry_date = traveller.expiry_date.to_string();
        writer.write_record([
            traveller.surname,
            traveller.given_names,
            &traveller.document_number,
            traveller.nationality,
            traveller.birth_date,
            traveller.sex.code(),
            &expiry_date,
            &mrz1,
            &mrz2,
            traveller.visual_name,
            traveller.role,
        ])?;
    }
    Ok(writer.into_inner()?)
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;
    use propusk_passport::read_mrz;

    #[test]
    fn every_passport_of_the_group_is_valid_on_any_day() {
        for today in [date(2026, 6, 1), date(2028, 2, 29), date(2031, 12, 31)] {
            for traveller in travellers(today).unwrap() {
                let lines = traveller.mrz().unwrap();
                let document = read_mrz(&lines, today);
                assert!(document.valid(), "{lines:?} {:?}", document.findings);
                assert_eq!(document.document_number, traveller.document_number);
                assert!(
                    document.expiry_date.and_then(propusk_passport::PartialDate::to_date).unwrap() > today
                );
            }
        }
    }

    #[test]
    fn an_altered_number_is_still_a_valid_mrz() {
        let today = date(2026, 6, 1);
        let eriksson = travellers(today).unwrap().remove(0).altered(8, 'G');
        assert_eq!(eriksson.document_number, "L898902G3");
        assert!(read_mrz(&eriksson.mrz().unwrap(), today).valid());
    }

    #[test]
    fn the_table_has_a_row_for_each_traveller() {
        let table = String::from_utf8(table(&travellers(date(2026, 6, 1)).unwrap()).unwrap()).unwrap();
        assert_eq!(table.lines().count(), 5);
        assert!(table.contains("P<D<<MUELLER<<JOERG<<<"), "{table}");
        assert!(table.contains("ОБРАЗЦОВА МАРИЯ"), "{table}");
    }
}
