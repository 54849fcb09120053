//! A group of four specimen travellers: no real person, digits computed, passports valid for years.

use jiff::ToSpan;
use propusk_passport::{Date, PartialDate, Person, Sex, td3_lines};

/// One traveller of the sample group.
pub struct Specimen {
    /// The passport's data.
    pub person: Person,
    /// The MRZ lines; empty for the one whose MRZ the desk has to generate.
    pub mrz: Vec<String>,
    /// The name as the passport's visual zone writes it.
    pub visual_name: &'static str,
    /// `guide` or nothing.
    pub role: &'static str,
}

/// The group: ICAO's ERIKSSON, a Kyrgyz guide, a German with an umlaut, and a name in Cyrillic without an MRZ.
#[must_use]
pub fn specimens(today: Date) -> Vec<Specimen> {
    let expiry = today.saturating_add(5.years());
    let person =
        |surname: &str, given: &str, number: &str, nationality: &str, birth: (u16, u8, u8), sex| Person {
            surname: Some(surname.to_owned()),
            given_names: Some(given.to_owned()),
            document_number: Some(number.to_owned()),
            nationality: Some(nationality.to_owned()),
            birth_date: PartialDate::new(birth.0, birth.1, birth.2).ok(),
            sex: Some(sex),
            expiry_date: Some(PartialDate::from(expiry)),
            ..Person::default()
        };
    let with_mrz = |person: Person, visual_name, role| {
        let issuer = person.nationality.clone().unwrap();
        let mrz = td3_lines(&person, &issuer).unwrap().to_vec();
        Specimen { person, mrz, visual_name, role }
    };
    vec![
        with_mrz(person("ERIKSSON", "ANNA MARIA", "L898902C3", "UTO", (1974, 8, 12), Sex::Female), "", ""),
        with_mrz(
            person("ASANOV", "USON JANYBAEVICH", "PE0000000", "KGZ", (1999, 5, 9), Sex::Male),
            "Асанов Усөн Жаңыбаевич",
            "guide",
        ),
        with_mrz(person("MÜLLER", "JÜRGEN", "C01X0006H", "D", (1964, 8, 12), Sex::Male), "Müller Jürgen", ""),
        Specimen {
            person: person("Йылмаз", "Гүлзат", "AC0000011", "KGZ", (1988, 2, 3), Sex::Female),
            mrz: vec![],
            visual_name: "Йылмаз Гүлзат Ңң Өө Үү",
            role: "",
        },
    ]
}

/// The group as a table.
#[must_use]
pub fn csv(specimens: &[Specimen]) -> String {
    let header = "surname,given_names,document_number,nationality,birth_date,sex,expiry_date,mrz1,mrz2,visual_name,role";
    let row = |specimen: &Specimen| {
        let person = &specimen.person;
        let text = |value: &Option<String>| value.clone().unwrap_or_default();
        let date = |date: Option<PartialDate>| date.map(|date| date.to_string()).unwrap_or_default();
        let line = |at: usize| specimen.mrz.get(at).cloned().unwrap_or_default();
        [
            text(&person.surname),
            text(&person.given_names),
            text(&person.document_number),
            text(&person.nationality),
            date(person.birth_date),
            person.sex.map_or("", Sex::code).to_owned(),
            date(person.expiry_date),
            line(0),
            line(1),
            specimen.visual_name.to_owned(),
            specimen.role.to_owned(),
        ]
        .join(",")
    };
    std::iter::once(header.to_owned()).chain(specimens.iter().map(row)).collect::<Vec<_>>().join("\n") + "\n"
}

/// A passport whose number differs in one character from the specimen's, with the digits that belong to it.
#[must_use]
pub fn with_number(specimen: &Specimen, number: &str) -> Vec<String> {
    let person = Person { document_number: Some(number.to_owned()), ..specimen.person.clone() };
    td3_lines(&person, person.nationality.as_deref().unwrap()).unwrap().to_vec()
}
