//! What a soldier types beside codes: one-letter commands and row numbers, in whatever layout the keyboard has. Pure.

use jiff::civil::{Date, DateTime, Time};
use propusk_permit::PermitNumber;

use crate::layout::Layout;

/// What the soldier asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Command {
    /// From now on travellers go in.
    Entry,
    /// From now on travellers come out.
    Exit,
    /// From now on papers are only looked at.
    Shown,
    /// Take the last hand-in back.
    Undo,
    /// Let the last one through all the same; the reason in the soldier's words, empty where none was typed.
    Override(String),
    /// The code is torn or stained: no scanner reads it.
    Torn,
    /// A line of the post's paper list.
    Paper(String),
    /// What waits, and for what.
    Status,
    /// Nobody is at the device: lock it.
    Lock,
    /// What can be typed.
    Help,
    /// End.
    Quit,
}

/// A typed text that is no code.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Typed {
    /// A command.
    Command(Command),
    /// Rows of the permit to tick off: bit i is row i, counted from 0; the soldier counts from 1.
    Rows(u64),
    /// The whole group.
    Everybody,
}

impl Typed {
    /// Reads a typed text; `None` for what is neither a command nor rows.
    #[must_use]
    pub fn read(text: &str) -> Option<Self> {
        let (word, rest) = text.split_once(char::is_whitespace).unwrap_or((text, ""));
        let rest = rest.trim();
        if let Some(command) = command(word, rest) {
            return Some(Self::Command(command));
        }
        if text == "*" {
            return Some(Self::Everybody);
        }
        rows(text).map(Self::Rows)
    }
}

/// The letter, or the letter of another layout on the same key.
fn command(word: &str, rest: &str) -> Option<Command> {
    let mut letters = word.chars();
    let letter = match (letters.next(), letters.next()) {
        (Some(letter), None) => letter.to_lowercase().next()?,
        (Some('e'), _) if word == "entry" => 'e',
        (Some('e'), _) if word == "exit" => 'x',
        (Some('s'), _) if word == "shown" => 'l',
        _ => return None,
    };
    let on_key = |layout: &Layout| layout.undo(&letter.to_string()).and_then(|text| text.chars().next());
    let latin = if letter.is_ascii() { Some(letter) } else { Layout::ALL.iter().find_map(on_key) };
    let alone = |command| rest.is_empty().then_some(command);
    match latin? {
        'e' => alone(Command::Entry),
        'x' => alone(Command::Exit),
        'l' => alone(Command::Shown),
        'u' => alone(Command::Undo),
        'o' => Some(Command::Override(rest.to_owned())),
        't' => alone(Command::Torn),
        's' => alone(Command::Status),
        'k' => alone(Command::Lock),
        'p' => Some(Command::Paper(rest.to_owned())),
        'h' | '?' => alone(Command::Help),
        'q' => alone(Command::Quit),
        _ => None,
    }
}

/// `1 3 5-7`: rows from 1 to 50.
fn rows(text: &str) -> Option<u64> {
    let mut bits = 0;
    for part in text.split([' ', ',']).filter(|part| !part.is_empty()) {
        let (first, last) = part.split_once('-').unwrap_or((part, part));
        let row = |text: &str| text.parse::<u32>().ok().filter(|row| (1..=50).contains(row));
        for row in row(first)?..=row(last)? {
            bits |= 1 << (row - 1);
        }
    }
    (bits != 0).then_some(bits)
}

/// One line of the post's paper list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PaperLine {
    /// The permit.
    pub number: PermitNumber,
    /// Copy k.
    pub copy: u8,
    /// When it was written, on the clock of the hut's wall.
    pub written: DateTime,
}

impl PaperLine {
    /// Reads `NUMBER COPY TIME`, with the time as `14:30` (today, or yesterday where that is still to come) or
    /// `2026-06-01 14:30`. `now` is the local time.
    #[must_use]
    pub fn read(text: &str, now: DateTime) -> Option<Self> {
        let mut words = text.split_whitespace();
        let number = words.next()?.parse().ok()?;
        let copy = words.next()?.parse().ok().filter(|copy| *copy > 0)?;
        let written = written(&words.collect::<Vec<_>>().join(" "), now)?;
        Some(Self { number, copy, written })
    }
}

/// A time on a paper list.
#[must_use]
pub fn written(text: &str, now: DateTime) -> Option<DateTime> {
    let (date, time) = match text.trim().split_once([' ', 'T']) {
        Some((date, time)) => (Some(date.parse::<Date>().ok()?), time),
        None => (None, text.trim()),
    };
    let (hour, minute) = time.trim().split_once([':', '.'])?;
    let time = Time::new(hour.parse().ok()?, minute.parse().ok()?, 0, 0).ok()?;
    let written = date.unwrap_or_else(|| now.date()).to_datetime(time);
    match date {
        None if written > now => Some(now.date().yesterday().ok()?.to_datetime(time)),
        _ => (written <= now).then_some(written),
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    #[test]
    fn commands_are_letters_on_any_keyboard() {
        let cases = [
            ("e", Command::Entry),
            ("у", Command::Entry),
            ("E", Command::Entry),
            ("x", Command::Exit),
            ("ч", Command::Exit),
            ("exit", Command::Exit),
            ("г", Command::Undo),
            ("щ знаю гида", Command::Override("знаю гида".to_owned())),
            ("o", Command::Override(String::new())),
            ("е", Command::Torn),
            ("s", Command::Status),
            ("ы", Command::Status),
            ("л", Command::Lock),
            ("й", Command::Quit),
        ];
        for (text, command) in cases {
            assert_eq!(Typed::read(text), Some(Typed::Command(command)), "{text}");
        }
        for text in ["hello", "u 3", "7XK3", "w", "б"] {
            assert!(!matches!(Typed::read(text), Some(Typed::Command(_))), "{text}");
        }
    }

    #[test]
    fn rows_are_numbers_and_ranges() {
        assert_eq!(Typed::read("1"), Some(Typed::Rows(0b1)));
        assert_eq!(Typed::read("1 3,5-7"), Some(Typed::Rows(0b111_0101)));
        assert_eq!(Typed::read("50"), Some(Typed::Rows(1 << 49)));
        assert_eq!(Typed::read("*"), Some(Typed::Everybody));
        for text in ["0", "51", "1-", "-1", "3-1", "1 x", "1-4000000000"] {
            assert_eq!(Typed::read(text), None, "{text}");
        }
    }

    #[test]
    fn a_line_of_the_paper_list_has_a_time_that_has_passed() {
        let now = date(2026, 6, 10).at(9, 0, 0, 0);
        let number = PermitNumber::draw(|| [1; 8]);
        let read = |text: &str| {
            PaperLine::read(&format!("{number} {text}"), now).map(|line| (line.copy, line.written))
        };
        assert_eq!(read("2 08:30"), Some((2, date(2026, 6, 10).at(8, 30, 0, 0))));
        assert_eq!(read("2 21:30"), Some((2, date(2026, 6, 9).at(21, 30, 0, 0))), "last night");
        assert_eq!(read("1 2026-06-08 07.05"), Some((1, date(2026, 6, 8).at(7, 5, 0, 0))));
        for text in ["0 08:30", "2", "2 25:00", "2 2026-06-11 08:00", "x 08:30"] {
            assert_eq!(read(text), None, "{text}");
        }
    }
}
