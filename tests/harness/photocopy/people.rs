//! Invented travellers: every alphabet that is printed, long names, people with one name. Nobody in it exists.

use propusk_desk::paper::{Named, TravellerRow};
use propusk_passport::{Date, PartialDate, Person, Sex, read_mrz, td3_lines};

use super::random::Random;

/// The day of every study.
pub(super) const TODAY: Date = Date::constant(2026, 6, 1);

/// Surname and given names as the passport's visual zone has them, and the state.
const NAMES: [(&str, &str, &str); 16] = [
    ("Eriksson", "Anna Maria", "UTO"),
    ("Абдыкадырова", "Айгүл Нурлановна", "KGZ"),
    ("Таңбеков", "Өмүрбек Үсөн уулу", "KGZ"),
    ("Müller-Lüdenscheidt", "Jörg Günther", "D"),
    ("Østergaard", "Björk Åse", "DNK"),
    ("Þorsteinsson", "Ævar Örn", "ISL"),
    ("Sukarno", "", "IDN"),
    ("García Álvarez", "María Fernanda de los Ángeles", "ESP"),
    ("Wójciechowska-Brzęczyszczykiewicz", "Grażyna", "POL"),
    ("Nguyen", "Thi Minh Khai", "VNM"),
    ("Щербаков", "Юрий Ильич", "RUS"),
    ("O'Brien", "Siobhán", "IRL"),
    ("Жумагулова", "Әсел", "KAZ"),
    ("Weiß", "François Noël", "CHE"),
    ("Chimengundersen Mohammadi", "Alexandrina B", "UTO"),
    ("Li", "Na", "CHN"),
];

/// A traveller: what is printed in the table, and the MRZ from which the seal is made.
#[derive(Clone)]
pub(super) struct Traveller {
    pub(super) row: TravellerRow,
    /// The lines of a TD1, TD2 or TD3.
    pub(super) mrz: Vec<String>,
    pub(super) birth: PartialDate,
}

/// Somebody.
pub(super) fn traveller(random: &mut Random) -> Traveller {
    let &(surname, given, state) = random.pick(&NAMES);
    let characters: Vec<char> = "ABCDEFGHJKLMNPRSTUVWXYZ0123456789".chars().collect();
    let number: String = (0..9).map(|_| *random.pick(&characters)).collect();
    let (year, month, day) = (1940 + random.below(80), 1 + random.below(12), 1 + random.below(28));
    let birth = PartialDate::new(year as u16, month as u8, day as u8).unwrap();
    let expiry = PartialDate::new(2027 + random.below(9) as u16, month as u8, day as u8).unwrap();
    let sex = *random.pick(&[Sex::Female, Sex::Male, Sex::Unspecified]);
    let person = Person {
        surname: Some(surname.to_owned()),
        given_names: Some(given.to_owned()),
        document_number: Some(number.clone()),
        nationality: Some(state.to_owned()),
        birth_date: Some(birth),
        sex: Some(sex),
        expiry_date: Some(expiry),
        ..Person::default()
    };
    let mrz = td3_lines(&person, state).unwrap_or_else(|error| panic!("{surname}: {error}")).to_vec();
    let latin = latin_names(&mrz);
    let row = TravellerRow {
        surname: latin.0,
        given_names: latin.1,
        visual_name: (!surname.is_ascii()).then(|| format!("{surname} {given}").trim().to_owned()),
        nationality: state.to_owned(),
        birth_date: format!("{day:02}.{month:02}.{year}"),
        sex: sex.code().to_owned(),
        document_number: number,
        expiry_date: expiry.to_string(),
        role: random.once_in(9).then(guide),
    };
    Traveller { row, mrz, birth }
}

/// A lead traveller: now and then with an identity card, whose MRZ has another shape.
pub(super) fn lead(random: &mut Random) -> Traveller {
    let mut lead = traveller(random);
    // The specimens of Doc 9303-5 and 9303-6.
    let card: &[&str] = match random.below(10) {
        0 => &[
            "I<UTOD231458907<<<<<<<<<<<<<<<",
            "7408122F1204159UTO<<<<<<<<<<<6",
            "ERIKSSON<<ANNA<MARIA<<<<<<<<<<",
        ],
        1 => &["I<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<", "D231458907UTO7408122F1204159<<<<<<<6"],
        _ => return lead,
    };
    lead.mrz = card.iter().map(|&line| line.to_owned()).collect();
    lead
}

/// Surname and given names as the MRZ has them.
fn latin_names(mrz: &[String]) -> (String, String) {
    let document = read_mrz(mrz, TODAY);
    let field = document.name_field().trim_end_matches('<');
    let (surname, given) = field.split_once("<<").unwrap_or((field, ""));
    (surname.replace('<', " "), given.replace('<', " "))
}

fn guide() -> Named {
    Named { en: "guide".into(), ru: "гид".into(), ky: "гид".into() }
}
