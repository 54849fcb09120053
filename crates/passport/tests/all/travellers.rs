//! Generated travellers with varied names from many countries.

use propusk_passport::{Person, Sex};

use crate::specimen::date;

/// A small generator (SplitMix64), so that every run measures the same.
pub(crate) struct Dice(pub(crate) u64);

impl Dice {
    pub(crate) fn below(&mut self, end: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        usize::try_from((z ^ (z >> 31)) % end as u64).unwrap()
    }

    pub(crate) fn pick<'a, T: ?Sized>(&mut self, from: &[&'a T]) -> &'a T {
        from[self.below(from.len())]
    }
}

/// State, surnames, given names: as printed in a visual zone.
const NAMES: &[(&str, &[&str], &[&str])] = &[
    (
        "KGZ",
        &["Асанов", "Жумагулова", "Токтогулов уулу", "Өмүрбеков", "SYDYKOV"],
        &["Үсөн", "Айгүл", "Жаныбек", "NURLAN", "Чынгыз"],
    ),
    (
        "RUS",
        &["Щербаков", "Юрьева", "Емельянов", "Хрущёв", "Цой"],
        &["Евгений", "Мария", "Илья", "Пётр", "Анна"],
    ),
    (
        "D",
        &["Müller", "Groß", "von der Heide", "Jäger", "Schröder-Weiß"],
        &["Jörg", "Anna-Lena", "Käthe", "Uwe", "Zoë"],
    ),
    (
        "FRA",
        &["d’Artagnan", "Lefèvre", "Çelik", "de la Tour", "Œuvrard"],
        &["Amélie", "Jean-Luc", "Noël", "Éloïse", "Guy"],
    ),
    (
        "ESP",
        &["Muñoz García", "Núñez", "Ibáñez López", "Peña", "Vila"],
        &["José María", "Begoña", "Íñigo", "Ana", "Luz"],
    ),
    (
        "POL",
        &["Łukasiewicz", "Wójcik", "Żak", "Kowalska-Nowak", "Śliwa"],
        &["Józef", "Małgorzata", "Jan", "Ćmil", "Ewa"],
    ),
    (
        "ISL",
        &["Ævarsdóttir", "Þórsson", "Björnsdóttir", "Óskarsson", "Blöndal"],
        &["Þuríður Ösp", "Jón", "Ásta", "Guðrún", "Egill"],
    ),
    (
        "TUR",
        &["Yıldız", "Öztürk", "Şahin", "Çağlar", "Ünal"],
        &["İbrahim", "Ayşe", "Gökhan", "Deniz", "Ömer"],
    ),
    ("VNM", &["Nguyễn", "Trần", "Đặng", "Phạm", "Lê"], &["Thị Hương", "Văn Đức", "Minh", "Ánh", "Quốc"]),
    (
        "UKR",
        &["Ткаченко", "Їжак", "Єременко", "Яценко", "Гнатюк"],
        &["Мар'яна", "Юрій", "Олексій", "Іван", "Зоя"],
    ),
    ("CHN", &["ZHANG", "LI", "WANG", "OUYANG", "XU"], &["WEI", "XIAOMING", "YI CHENG", "NA", "YANG"]),
    (
        "GBR",
        &["O'Connor", "Smith", "Fitz-Gerald", "MacDonald", "Wong"],
        &["Siobhán", "John Paul", "Zoe", "Al", "Margaret Ann"],
    ),
    ("NILAVA", &["Nilavadhanananda"], &["Arnpol Petch Charonguang", "Chayapa Dejthamrong Krasuang"]),
];

fn number(dice: &mut Dice) -> String {
    let alphabet = b"0123456789ACDEFGHJKLMNPRSTUVWXYZ";
    let length = 7 + dice.below(3);
    let head = 1 + dice.below(2);
    let digits = |dice: &mut Dice, all: usize| char::from(alphabet[dice.below(all)]);
    (0..length).map(|index| if index < head { digits(dice, 32) } else { digits(dice, 10) }).collect()
}

/// A traveller as the visual zone says; no real person.
pub(crate) fn traveller(dice: &mut Dice) -> Person {
    let (state, surnames, given) = NAMES[dice.below(NAMES.len())];
    let state = if state.len() > 3 { "THA" } else { state };
    let day = |dice: &mut Dice, from: usize, years: usize| {
        let (year, month, day) = (from + dice.below(years), 1 + dice.below(12), 1 + dice.below(28));
        date(&format!("{year}-{month:02}-{day:02}"))
    };
    Person {
        surname: Some(dice.pick(surnames).into()),
        given_names: Some(dice.pick(given).into()),
        document_number: Some(number(dice)),
        nationality: Some(state.into()),
        birth_date: Some(day(dice, 1940, 80)),
        sex: Some([Sex::Male, Sex::Female, Sex::Unspecified][dice.below(3)]),
        expiry_date: Some(day(dice, 2027, 9)),
        issuing_state: Some(state.into()),
    }
}
