//! Dates as people and spreadsheets write them.

use alloc::string::{String, ToString};
use alloc::vec::Vec;

use jiff::civil::Date;

use crate::date::{DateError, PartialDate};
use crate::input::latin_look_alike;

/// One part of a written date.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Part {
    /// A number and how many digits it was written with.
    Number(u32, usize),
    /// `XX` or `XXXX`.
    Unknown(usize),
    /// A month by name.
    Month(u8),
    /// A word that is no month we know: the second language of a visual zone.
    Word,
}

/// See [`PartialDate::parse`].
pub(crate) fn parse(text: &str) -> Result<PartialDate, DateError> {
    let unreadable = |position| DateError::Unreadable { text: text.trim().to_string(), position };
    let clean: String = text.trim().chars().map(plain).collect();
    let dotted = !clean.contains(['/', '-']);
    let mut parts = Vec::new();
    let split = without_time(&clean).split([' ', '.', '/', '-', ',']).flat_map(|piece| match joined(piece) {
        Some((day, month, year)) => [day, month, year],
        None => [piece, "", ""],
    });
    for piece in split.filter(|piece| !piece.is_empty()) {
        parts.push(part(piece).ok_or_else(|| {
            let strange = |c: char| !(c.is_ascii_digit() || " ./-,Xx".contains(c));
            unreadable(clean.chars().position(strange))
        })?);
    }
    if parts.iter().any(|part| matches!(part, Part::Month(_))) {
        parts.retain(|part| *part != Part::Word);
        // A visual zone may say the month in two languages.
        parts.dedup_by(|next, month| matches!(month, Part::Month(_)) && next == month);
    }
    let full = |part: &Part| matches!(part, Part::Number(_, 4) | Part::Unknown(4));
    match parts.as_slice() {
        [year] if full(year) => from_parts(*year, Part::Unknown(2), Part::Unknown(2)),
        [Part::Number(number, digits)] => one_number(text.trim(), *number, *digits),
        [year, month] if full(year) => from_parts(*year, *month, Part::Unknown(2)),
        [month, year] if full(year) => from_parts(*year, *month, Part::Unknown(2)),
        [year, month, day] if full(year) => from_parts(*year, *month, *day),
        [a, b, year] if full(year) => year_last(*a, *b, *year, dotted),
        [day, month, Part::Number(year, 2)] => {
            let (day, month) = if matches!(day, Part::Month(_)) { (month, day) } else { (day, month) };
            let rest = from_parts(Part::Unknown(4), *month, *day)?;
            let year = u8::try_from(*year).unwrap_or_default();
            Err(DateError::TwoDigitYear { text: text.trim().to_string(), year, rest })
        }
        _ => Err(unreadable(None)),
    }
}

/// Dashes of all kinds as `-`, blanks of all kinds as ` `, look-alikes and full-width digits as plain ones.
fn plain(c: char) -> char {
    match c {
        '\u{2010}'..='\u{2015}' | '\u{2212}' => '-',
        '?' | '*' | '<' | '_' | 'х' => 'X',
        _ if c.is_whitespace() => ' ',
        _ => latin_look_alike(c),
    }
}

/// A spreadsheet's midnight after a date says nothing.
fn without_time(text: &str) -> &str {
    match text.split_once(['T', ' ']) {
        Some((date, time)) if time.starts_with("00:00") => date,
        _ => text,
    }
}

fn part(piece: &str) -> Option<Part> {
    let length = piece.chars().count();
    if piece.bytes().all(|byte| byte.is_ascii_digit()) && length <= 9 {
        return Some(Part::Number(piece.parse().ok()?, length));
    }
    if piece.chars().all(|c| matches!(c, 'X' | 'x')) {
        return Some(Part::Unknown(length));
    }
    if !piece.chars().all(char::is_alphabetic) {
        return None;
    }
    Some(month_name(piece).map_or(Part::Word, Part::Month))
}

/// Month names by the abbreviations of 9303-3 §3.8, table 1 (English, French, Spanish), and the Russian ones, which Kyrgyz
/// uses too. Look-alike letters have been read as Latin ones.
fn month_name(word: &str) -> Option<u8> {
    #[rustfmt::skip]
    const NAMES: [(&str, u8); 35] = [
        ("JAN", 1), ("ENE", 1), ("ЯНВ", 1),
        ("FEB", 2), ("FEV", 2), ("ФЕВ", 2),
        ("MAR", 3), ("МАР", 3),
        ("APR", 4), ("AVR", 4), ("ABR", 4), ("АПР", 4),
        ("MAY", 5), ("MAI", 5), ("МАЯ", 5), ("МАЙ", 5),
        ("JUN", 6), ("JUIN", 6), ("ИЮН", 6),
        ("JUL", 7), ("JUIL", 7), ("ИЮЛ", 7),
        ("AUG", 8), ("AOU", 8), ("AGO", 8), ("АВГ", 8),
        ("SEP", 9), ("СЕН", 9),
        ("OCT", 10), ("ОКТ", 10),
        ("NOV", 11), ("НОЯ", 11),
        ("DEC", 12), ("DIC", 12), ("ДЕК", 12),
    ];
    let plain = |c: char| match latin_look_alike(c) {
        'É' => 'E',
        'Û' => 'U',
        other => other,
    };
    let upper: Vec<char> = word.chars().flat_map(char::to_uppercase).map(plain).collect();
    let begins = |name: &str| name.chars().map(plain).eq(upper.iter().copied().take(name.chars().count()));
    NAMES.iter().find(|(name, _)| begins(name)).map(|(_, month)| *month)
}

/// Day, month by name and year written without blanks (`12JUL1942`), as 9303-3 §3.8 allows; either number may be missing.
fn joined(piece: &str) -> Option<(&str, &str, &str)> {
    let first = piece.find(|c: char| !c.is_ascii_digit())?;
    let last = piece.rfind(|c: char| !c.is_ascii_digit())?;
    let after = last + piece.get(last..)?.chars().next()?.len_utf8();
    let (day, month, year) = (piece.get(..first)?, piece.get(first..after)?, piece.get(after..)?);
    let alone = day.is_empty() && year.is_empty();
    let word = month.chars().count() >= 3 && month.chars().all(char::is_alphabetic);
    (!alone && word && month_name(month).is_some()).then_some((day, month, year))
}

/// A lone number: YYYYMMDD, a spreadsheet's day number, or YYMMDD.
fn one_number(text: &str, number: u32, digits: usize) -> Result<PartialDate, DateError> {
    let unreadable = DateError::Unreadable { text: text.to_string(), position: None };
    let two = |number: u32| Part::Number(number % 100, 2);
    match digits {
        8 => from_parts(Part::Number(number / 10_000, 4), two(number / 100), two(number))
            .map_err(|_| unreadable),
        // Day 10,000 was in 1927; before and after no traveller's dates lie.
        5 if (10_000..=80_000).contains(&number) => {
            let days = jiff::Span::new().try_days(i64::from(number)).map_err(|_| unreadable.clone())?;
            let date = Date::constant(1899, 12, 30).checked_add(days).map_err(|_| unreadable)?;
            Err(DateError::Serial { serial: number, date: date.into() })
        }
        6 => {
            let rest =
                from_parts(Part::Unknown(4), two(number / 100), two(number)).map_err(|_| unreadable)?;
            let year = u8::try_from(number / 10_000).unwrap_or_default();
            Err(DateError::TwoDigitYear { text: text.to_string(), year, rest })
        }
        _ => Err(unreadable),
    }
}

/// Day and month before the year. Points and blanks mean day first; with other signs only what can be read in
/// one way is read.
fn year_last(a: Part, b: Part, year: Part, dotted: bool) -> Result<PartialDate, DateError> {
    if matches!(a, Part::Month(_)) {
        return from_parts(year, a, b);
    }
    let day_first = from_parts(year, b, a);
    if dotted || matches!(b, Part::Month(_)) {
        return day_first;
    }
    match (day_first, from_parts(year, a, b)) {
        (Ok(day_first), Ok(month_first)) if day_first != month_first => {
            Err(DateError::Ambiguous { day_first, month_first })
        }
        (Ok(date), _) | (Err(_), Ok(date)) => Ok(date),
        (Err(error), Err(_)) => Err(error),
    }
}

/// The date of year, month and day. A month or day written `00` is unknown, as some issuers print it.
fn from_parts(year: Part, month: Part, day: Part) -> Result<PartialDate, DateError> {
    let number = |part: Part, digits: usize| match part {
        Part::Number(0, _) if digits == 2 => Some(None),
        Part::Number(number, length) if length <= digits => Some(Some(number)),
        Part::Unknown(_) => Some(None),
        Part::Month(month) if digits == 2 => Some(Some(u32::from(month))),
        _ => None,
    };
    let written = |part: Part| match part {
        Part::Number(number, length) => alloc::format!("{number:0length$}"),
        Part::Unknown(length) => "X".repeat(length.min(4)),
        Part::Month(month) => alloc::format!("{month:02}"),
        Part::Word => "?".to_string(),
    };
    let text = || alloc::format!("{}-{}-{}", written(year), written(month), written(day));
    let (Some(y), Some(m), Some(d)) = (number(year, 4), number(month, 2), number(day, 2)) else {
        return Err(DateError::Unreadable { text: text(), position: None });
    };
    let small = |part: Option<u32>| part.map(|part| u8::try_from(part).unwrap_or(u8::MAX));
    PartialDate::checked(y.map(|year| u16::try_from(year).unwrap_or(u16::MAX)), small(m), small(d))
        .map_err(|_| DateError::NotCalendar { date: text() })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> String {
        match parse(text) {
            Ok(date) => date.to_string(),
            Err(DateError::NotCalendar { date }) => alloc::format!("not calendar {date}"),
            Err(DateError::Unreadable { position, .. }) => alloc::format!("unreadable {position:?}"),
            Err(DateError::TwoDigitYear { year, rest, .. }) => alloc::format!("two digits {year} {rest}"),
            Err(DateError::Ambiguous { day_first, month_first }) => {
                alloc::format!("{day_first} or {month_first}")
            }
            Err(DateError::Serial { date, .. }) => alloc::format!("serial {date}"),
        }
    }

    #[test]
    fn dates_are_read_as_people_write_them() {
        for text in [
            "1974-08-12",
            "12.08.1974",
            "12.8.1974",
            "19740812",
            " 12 AUG 1974 ",
            "12 AUG/AOÛT 1974",
            "Aug 12, 1974",
            "12 августа 1974",
            "1974-08-12T00:00:00",
            "1974-08-12 00:00",
            "12 08 1974",
            "12AUG1974",
            "12AOÛT 1974",
            "12 AGO 1974",
            "12 август/AUG 1974",
            "1974/08/12",
            "１２.０８.1974",
            "1974\u{2013}08\u{2013}12",
        ] {
            assert_eq!(read(text), "1974-08-12", "{text}");
        }
        assert_eq!(read("31/12/1990"), "1990-12-31");
        assert_eq!(read("12/31/1990"), "1990-12-31");
        assert_eq!(read("05/05/1990"), "1990-05-05");
        // The examples of 9303-3 §3.8.
        for text in
            ["12 LUG/JUIL 1942", "12 July 1942", "12JUIL1942", "12JUL 1942", "12 07 1942", "12.07.1942"]
        {
            assert_eq!(read(text), "1942-07-12", "{text}");
        }
        for text in ["12 LUG/JUIL 42", "12 July 42", "12JUIL42", "12JUL 42", "12 07 42", "12.07.42"] {
            assert_eq!(read(text), "two digits 42 XXXX-07-12", "{text}");
        }
        assert_eq!((read("1 JUIN 1942"), read("1 FÉV 1942")), ("1942-06-01".into(), "1942-02-01".into()));
    }

    #[test]
    fn unknown_parts_keep_their_place() {
        for (text, date) in [
            ("1974-08-XX", "1974-08-XX"),
            ("XX.08.1974", "1974-08-XX"),
            ("XX XXX 1974", "1974-XX-XX"),
            ("1974", "1974-XX-XX"),
            ("08.1974", "1974-08-XX"),
            ("1974-08", "1974-08-XX"),
            ("XXXX-XX-XX", "XXXX-XX-XX"),
            ("00.00.1974", "1974-XX-XX"),
            ("XXXX-08-12", "XXXX-08-12"),
        ] {
            assert_eq!(read(text), date, "{text}");
        }
    }

    #[test]
    fn what_could_be_two_things_is_not_guessed() {
        assert_eq!(read("03/04/1990"), "1990-04-03 or 1990-03-04");
        assert_eq!(read("03-04-1990"), "1990-04-03 or 1990-03-04");
        assert_eq!(read("12.08.74"), "two digits 74 XXXX-08-12");
        assert_eq!(read("740812"), "two digits 74 XXXX-08-12");
        assert_eq!(read("27253"), "serial 1974-08-12");
        assert_eq!(read("31.06.1990"), "not calendar 1990-06-31");
        assert_eq!(read("29.02.1900"), "not calendar 1900-02-29");
        assert_eq!(read("1974-13-08"), "not calendar 1974-13-08");
        assert_eq!(read("1974-O8-12"), "unreadable Some(5)");
        for text in ["", "soon", "12", "1.2.3.4", "99999999", "XX", "1974-08-12-01"] {
            assert!(read(text).starts_with("unreadable"), "{text}: {}", read(text));
        }
    }
}
