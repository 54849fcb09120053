//! How people write the headers of a group's table, in English, Russian and Kyrgyz.

use std::collections::HashMap;
use std::sync::OnceLock;

use super::column::Column;

/// Spellings by column, the one that hints show first. Case, blanks, points, hyphens and underscores don't count.
#[rustfmt::skip]
const SPELLINGS: &[(Column, &[&str])] = &[
    (Column::Mrz(0), &["mrz1", "mrz line 1", "mrz 1st line", "MRZ1 строка", "строка МСЗ 1", "МСЗ 1", "МСЗ1", "МЧЗ 1", "МОЗ 1", "МОЗ 1-сап", "1-сап"]),
    (Column::Mrz(1), &["mrz2", "mrz line 2", "mrz 2nd line", "MRZ2 строка", "строка МСЗ 2", "МСЗ 2", "МСЗ2", "МЧЗ 2", "МОЗ 2", "МОЗ 2-сап", "2-сап"]),
    (Column::Mrz(2), &["mrz3", "mrz line 3", "mrz 3rd line", "MRZ3 строка", "строка МСЗ 3", "МСЗ 3", "МСЗ3", "МЧЗ 3", "МОЗ 3", "МОЗ 3-сап", "3-сап"]),
    (Column::Surname, &[
        "surname", "surnames", "last name", "last names", "family name", "primary identifier",
        "фамилия", "фамилии", "фамилиясы", "тегі", "фамилиясы аты боюнча",
    ]),
    (Column::GivenNames, &[
        "given names", "given name", "given name(s)", "first name", "first names", "forename", "forenames", "name", "names",
        "first and middle names", "first and middle name", "secondary identifier",
        "имя", "имена", "имя отчество", "имя и отчество", "аты", "ысымы", "аттары",
    ]),
    (Column::Patronymic, &[
        "patronymic", "middle name", "middle names", "отчество", "атасынын аты",
    ]),
    (Column::DocumentNumber, &[
        "document number", "document no", "doc number", "doc no", "document", "passport", "passport number", "passport no",
        "passport nr", "passport num", "passport №", "passport series and number", "passport id", "travel document number", "travel document no",
        "номер паспорта", "паспорт", "№ паспорта", "паспорт №", "номер документа", "№ документа", "паспорт номер",
        "серия и номер паспорта", "серия и № паспорта", "серия номер паспорта", "серия и номер", "серия, номер", "паспорт серия номер",
        "паспорт серия и номер", "паспортные данные", "загранпаспорт", "номер загранпаспорта", "№ загранпаспорта", "документ",
        "паспорт номери", "паспорттун номери", "паспортунун номери", "документ номери", "документтин номери",
        "паспорттун сериясы жана номери", "паспорт №сү",
    ]),
    (Column::Nationality, &[
        "nationality", "citizenship", "country of citizenship", "country", "nationality code", "citizen of", "nat",
        "гражданство", "страна гражданства", "страна", "гражд", "подданство", "код гражданства",
        "жарандыгы", "жарандык", "өлкө", "өлкөсү", "мамлекети",
    ]),
    (Column::BirthDate, &[
        "birth date", "date of birth", "dob", "d.o.b.", "birthday", "birthdate", "born", "born on",
        "дата рождения", "дата рожд", "день рождения", "д/р", "д.р.", "год рождения", "число, месяц, год рождения",
        "туулган күнү", "туулган күнү, айы, жылы", "туулган датасы", "туулган дата", "туулган жылы", "туулган күн",
    ]),
    (Column::Sex, &["sex", "gender", "sex m/f", "пол", "пол м/ж", "жынысы", "жыныс"]),
    (Column::ExpiryDate, &[
        "expiry date", "date of expiry", "expiry", "expiration date", "date of expiration", "expires", "expires on", "expiration",
        "valid until", "valid till", "valid to", "valid thru", "passport expiry", "passport expiry date", "passport valid until",
        "passport expiration date", "passport expires", "passport validity", "date of passport expiry",
        "действителен до", "действительно до", "срок действия", "срок действия паспорта", "срок действия до", "годен до",
        "паспорт действителен до", "паспорт годен до", "дата окончания", "дата окончания срока действия", "дата окончания срока действия паспорта",
        "окончание срока действия", "дата окончания паспорта", "дата истечения срока действия", "срок",
        "жарактуу мөөнөтү", "жарактуулук мөөнөтү", "мөөнөтү", "паспорттун мөөнөтү", "паспорттун жарактуу мөөнөтү", "жарактуу", "мөөнөтү бүткөн күнү",
    ]),
    (Column::IssuingState, &[
        "issuing state", "issuing country", "country of issue", "passport country", "state of issue",
        "государство выдачи", "страна выдачи", "страна выдачи паспорта", "берген мамлекет", "берген өлкө",
    ]),
    (Column::VisualName, &[
        "visual name", "name as in passport", "name in passport", "native name", "original name", "name in cyrillic",
        "имя как в паспорте", "имя в паспорте", "фио кириллицей", "фио на кириллице", "фио кириллица",
        "паспорттогу аты", "аты кирилл менен",
    ]),
    (Column::Role, &["role", "роль", "должность", "милдети", "ролу"]),
    (Column::Ignored, &[
        "", "no", "n", "nr", "№", "#", "№ п/п", "п/п", "п/н", "номер п/п", "порядковый номер", "катар номери", "к/н", "т/н", "id",
        "findings", "замечания", "эскертүүлөр",
        "phone", "phone number", "tel", "telephone", "mobile", "email", "e-mail", "телефон", "тел", "номер телефона", "почта", "телефону",
        "note", "notes", "remark", "remarks", "comment", "comments", "примечание", "примечания", "комментарий", "комментарии", "эскертүү",
        "date of issue", "issue date", "issued", "issued on", "passport issue date", "дата выдачи", "дата выдачи паспорта", "выдан", "когда выдан", "берилген күнү",
        "issued by", "authority", "issuing authority", "кем выдан", "орган выдачи", "орган, выдавший паспорт", "берген орган", "ким берген",
        "place of birth", "birth place", "birthplace", "место рождения", "туулган жери", "place of issue", "место выдачи",
        "pin", "personal number", "personal no", "inn", "инн", "пин", "персональный номер", "жсн",
        "hotel", "room", "room type", "отель", "гостиница", "номер комнаты", "address", "home address", "адрес", "дареги", "age", "возраст", "жашы",
        "title", "salutation", "обращение", "profession", "occupation", "профессия", "место работы",
    ]),
];

/// Headers of a column that holds the whole name: nobody can tell where the surname ends.
const FULL_NAMES: &[&str] = &[
    "full name",
    "surname and name",
    "surname name",
    "name surname",
    "name and surname",
    "surname, given names",
    "surname and given names",
    "fio",
    "фио",
    "ф.и.о.",
    "фамилия имя",
    "фамилия и имя",
    "фамилия имя отчество",
    "фамилия, имя, отчество",
    "имя фамилия",
    "аты-жөнү",
    "аты жөнү",
    "фамилиясы, аты",
    "фамилиясы аты",
    "фаа",
];

/// A header without what people vary: case, blanks, marks; `ё` is `е`, and `#` is `№`.
pub(super) fn fold(header: &str) -> String {
    let kept = header.chars().flat_map(char::to_lowercase).filter_map(|c| match c {
        'ё' => Some('е'),
        '#' | '№' => Some('№'),
        c if c.is_alphanumeric() => Some(c),
        _ => None,
    });
    kept.collect()
}

/// What a folded header asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Known {
    /// This column.
    Column(Column),
    /// The whole name.
    FullName,
}

/// Looks a folded header up.
pub(super) fn known(folded: &str) -> Option<Known> {
    static ALL: OnceLock<HashMap<String, Known>> = OnceLock::new();
    let all = || {
        let columns = SPELLINGS.iter().flat_map(|(column, spellings)| {
            spellings.iter().map(|spelling| (fold(spelling), Known::Column(*column)))
        });
        columns.chain(FULL_NAMES.iter().map(|spelling| (fold(spelling), Known::FullName))).collect()
    };
    ALL.get_or_init(all).get(folded).copied()
}

/// The known spelling that the header is at most two letters off; short ones are near everything.
pub(super) fn nearest(header: &str) -> Option<&'static str> {
    let folded = fold(header);
    let length = |text: &str| text.chars().count();
    let read = SPELLINGS.iter().filter(|(column, _)| *column != Column::Ignored);
    let all = read.flat_map(|(_, spellings)| spellings.iter().copied());
    let near = all.filter_map(|spelling| {
        let known = fold(spelling);
        let most = if length(&known) >= 6 { 2 } else { 1 };
        let distance = strsim::damerau_levenshtein(&known, &folded);
        (length(&known) > 3 && distance <= most).then_some((distance, spelling))
    });
    near.min_by_key(|(distance, _)| *distance).map(|(_, spelling)| spelling)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;

    #[test]
    fn no_spelling_means_two_columns() {
        let mut seen: BTreeMap<String, Column> = BTreeMap::new();
        for (column, spellings) in SPELLINGS {
            for spelling in *spellings {
                let other = seen.insert(fold(spelling), *column);
                assert!(other.is_none_or(|other| other == *column), "{spelling} is {column:?} and {other:?}");
            }
        }
        assert!(FULL_NAMES.iter().all(|name| !seen.contains_key(&fold(name))));
    }

    #[test]
    fn what_people_vary_does_not_count() {
        let column = |header: &str| known(&fold(header));
        for header in
            ["Passport No.", "PASSPORT_NO", "passport-no", " Passport  No ", "№ паспорта", "Паспорт №:"]
        {
            assert_eq!(column(header), Some(Known::Column(Column::DocumentNumber)), "{header}");
        }
        assert_eq!(column("Срок действия"), Some(Known::Column(Column::ExpiryDate)));
        assert_eq!(column("D.O.B."), Some(Known::Column(Column::BirthDate)));
        assert_eq!(column("Туулган күнү"), Some(Known::Column(Column::BirthDate)));
        assert_eq!(nearest("Surnme"), Some("surname"));
        assert_eq!(nearest("даат рождения"), Some("дата рождения"));
        assert_eq!((nearest("hobby"), nearest("pal")), (None, None));
    }
}
