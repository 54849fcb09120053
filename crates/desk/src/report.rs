//! Findings for a person at a terminal: traveller by traveller, each with its column and the very characters marked, in
//! 80 columns and without colours.

use std::collections::BTreeMap;

use propusk_boot::{Locales, Setting};
use propusk_passport::Severity;
use propusk_permit::order::{OrderCode, OrderFinding};
use propusk_region::Region;

use crate::check::{Found, arguments};
use crate::order::TravellerEntry;
use crate::table::{Table, letters};

/// The width that every terminal has.
const WIDTH: usize = 80;
/// What stands under a finding's head.
const INDENT: &str = "      ";

/// What a report needs to know beside the findings.
pub(crate) struct Report<'a> {
    /// The table that the order came from, where it was one.
    pub table: Option<&'a Table>,
    /// The travellers as typed.
    pub travellers: &'a [TravellerEntry],
    /// Names of zones and stops.
    pub region: &'a Region,
    /// The language.
    pub setting: &'a Setting,
}

impl Report<'_> {
    /// The lines: the order as a whole, then traveller by traveller, then notes that several travellers share.
    pub(crate) fn lines(&self, found: &[Found]) -> Vec<String> {
        let mut shared: BTreeMap<&str, Vec<&Found>> = BTreeMap::new();
        for one in found.iter().filter(|one| one.finding.severity == Severity::Info) {
            shared.entry(one.shown.message.as_str()).or_default().push(one);
        }
        shared.retain(|_, several| several.len() > 1);
        let is_shared = |one: &Found| {
            one.finding.severity == Severity::Info && shared.contains_key(one.shown.message.as_str())
        };
        let mut lines = Vec::new();
        let mut before = None;
        for one in found.iter().filter(|one| !is_shared(one)) {
            if before != Some(one.finding.row) {
                before = Some(one.finding.row);
                lines.push(self.heading(one.finding.row));
            }
            lines.extend(self.finding(one));
        }
        for several in shared.values() {
            let rows: Vec<usize> = several.iter().filter_map(|one| one.finding.row).collect();
            lines.extend(wrap(&self.say("report-all", &[("travellers", ranges(&rows))]), ""));
            lines.extend(several.first().into_iter().flat_map(|one| self.finding(one)));
        }
        lines
    }

    fn say(&self, id: &str, arguments: &[(&str, String)]) -> String {
        self.setting.say(id, arguments)
    }

    fn heading(&self, traveller: Option<usize>) -> String {
        let Some(traveller) = traveller else { return self.say("report-order", &[]) };
        let entry = self.travellers.get(traveller);
        let name = entry.map(|entry| format!("{} {}", entry.surname, entry.given_names)).unwrap_or_default();
        let name = match name.trim() {
            "" => String::new(),
            name => format!("– {name}"),
        };
        let mut arguments = vec![("traveller", (traveller + 1).to_string()), ("name", name)];
        let row = self.table.and_then(|table| table.row_number(traveller));
        arguments.extend(row.map(|row| ("row", row.to_string())));
        let id = if row.is_some() { "report-traveller-row" } else { "report-traveller" };
        self.say(id, &arguments).trim_end().to_owned()
    }

    /// A finding: its severity in a word and a sign, the column, the code; the marked text; the sentence.
    fn finding(&self, found: &Found) -> Vec<String> {
        let finding = &found.finding;
        let sign = match finding.severity {
            Severity::Error => "✗",
            Severity::Warning => "!",
            Severity::Info => "i",
        };
        let severity = self.say(&format!("severity-{}", finding.severity.as_str()), &[]);
        let place = self.place(finding).map(|place| format!(" · {place}")).unwrap_or_default();
        let mut lines = wrap(&format!("{sign} {severity}{place} · {}", finding.code), "  ");
        let entry = finding.row.and_then(|row| self.travellers.get(row));
        if let Some((text, from, count)) = entry.and_then(|entry| marked(finding, entry)) {
            let before: usize = text.chars().take(from).map(width).sum();
            let under: usize = text.chars().skip(from).take(count).map(width).sum();
            lines.push(format!("{INDENT}{text}"));
            lines.push(format!("{INDENT}{}{}", " ".repeat(before), "^".repeat(under.max(1))));
        }
        let hint = finding.suggestion.as_ref().map(|suggestion| format!(" → {suggestion}"));
        lines.extend(wrap(&(found.shown.message.clone() + &hint.unwrap_or_default()), INDENT));
        lines
    }

    /// The column as the clerk sees it: the table's, or the field of a JSON or TOML file.
    fn place(&self, finding: &OrderFinding) -> Option<String> {
        let field = finding.field.as_deref()?;
        let Some(table) = self.table else { return Some(field.to_owned()) };
        finding.row?;
        Some(match table.column_of(field) {
            Some(column) => {
                let arguments = [("column", letters(column)), ("header", table.title(column))];
                self.say("report-column", &arguments)
            }
            None => field.to_owned(),
        })
    }

    /// A finding's sentence in the words of the table, where the order came from one: other travellers are named with
    /// their rows too, a missing field by its column.
    pub(crate) fn message(&self, found: &Found) -> String {
        // What concerns the order as a whole names no row.
        let Some(table) = self.table.filter(|_| found.finding.row.is_some()) else {
            return found.shown.message.clone();
        };
        let with_row = |number: &str| {
            let row =
                number.parse::<usize>().ok().and_then(|number| table.row_number(number.checked_sub(1)?));
            let arguments = |row: u32| [("traveller", number.to_owned()), ("row", row.to_string())];
            row.map_or_else(|| number.to_owned(), |row| self.say("report-at", &arguments(row)))
        };
        let mut arguments = arguments(&found.finding, self.region, self.setting);
        for (name, value) in &mut arguments {
            if matches!(*name, "row" | "other" | "rows") {
                *value = value.split(", ").map(with_row).collect::<Vec<_>>().join(", ");
            } else if *name == "field" && found.finding.code == OrderCode::FieldMissing.as_str() {
                let own = table.header.columns.iter().position(|column| column.field() == value.as_str());
                let label = || self.say(&format!("column-{value}"), &[]);
                *value = own.map_or_else(label, |column| table.title(column));
            }
        }
        let id = format!("finding-{}", found.finding.code);
        Locales::embedded().tell(self.setting.language, &id, &arguments)
    }
}

/// The text that a finding is about and which of its characters (from, count), where they can be pointed at for certain:
/// what the finding says stands there does stand there.
pub(crate) fn marked(finding: &OrderFinding, entry: &TravellerEntry) -> Option<(String, usize, usize)> {
    let argument = |name: &str| {
        let found = finding.args.iter().find(|(key, _)| *key == name);
        found.map(|(_, value)| value.as_str()).filter(|value| !value.is_empty())
    };
    let from = argument("k")?.parse::<usize>().ok()?.checked_sub(1)?;
    let stands = argument("ab").or_else(|| argument("typed")).or_else(|| argument("c"))?;
    let line = argument("n").and_then(|line| entry.typed(&format!("line_{line}")));
    let field = finding.field.as_deref().and_then(|field| entry.typed(field));
    let texts = [line, field, argument("permit"), argument("date"), argument("a")];
    let count = stands.chars().count();
    let stands_there = |text: &&str| {
        let there: String = text.chars().skip(from).take(count).collect();
        there.to_lowercase() == stands.to_lowercase()
    };
    let text = texts.into_iter().flatten().find(stands_there)?;
    (text.chars().map(width).sum::<usize>() + INDENT.len() <= WIDTH).then(|| (text.to_owned(), from, count))
}

/// Numbers from 1 as `1–3, 5`.
fn ranges(rows: &[usize]) -> String {
    let mut parts: Vec<(usize, usize)> = Vec::new();
    for row in rows {
        match parts.last_mut() {
            Some((_, last)) if *last + 1 == *row => *last = *row,
            _ => parts.push((*row, *row)),
        }
    }
    let part = |(first, last): &(usize, usize)| {
        if first == last { format!("{}", first + 1) } else { format!("{}–{}", first + 1, last + 1) }
    };
    parts.iter().map(part).collect::<Vec<_>>().join(", ")
}

/// The columns that a character takes on a terminal.
fn width(c: char) -> usize {
    match c {
        '\u{300}'..='\u{36f}' | '\u{200b}'..='\u{200f}' => 0,
        '\u{1100}'..='\u{115f}'
        | '\u{2e80}'..='\u{a4cf}'
        | '\u{ac00}'..='\u{d7a3}'
        | '\u{f900}'..='\u{faff}'
        | '\u{ff00}'..='\u{ff60}' => 2,
        _ => 1,
    }
}

/// A sentence in lines that fit, each after `indent`.
fn wrap(text: &str, indent: &str) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    let mut room = 0;
    for word in text.split_whitespace() {
        let needed = word.chars().map(width).sum::<usize>();
        match lines.last_mut() {
            Some(line) if needed < room => {
                line.push(' ');
                line.push_str(word);
                room -= needed + 1;
            }
            _ => {
                lines.push(format!("{indent}{word}"));
                room = WIDTH.saturating_sub(indent.len() + needed);
            }
        }
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    fn finding(field: &str, args: &[(&'static str, &str)]) -> OrderFinding {
        OrderFinding {
            row: Some(0),
            code: "number-lookalike",
            severity: Severity::Error,
            field: Some(field.to_owned()),
            args: args.iter().map(|(name, value)| (*name, (*value).to_owned())).collect(),
            suggestion: None,
        }
    }

    #[test]
    fn only_characters_that_stand_there_are_marked() {
        let entry = TravellerEntry {
            document_number: "l8989O2C3".into(),
            birth_date: "12.08.1974".into(),
            mrz: Some(vec!["P<UTO".into(), "L89?".into()]),
            ..TravellerEntry::default()
        };
        let mark = |field: &str, args: &[(&'static str, &str)]| marked(&finding(field, args), &entry);
        let number = |from, count| Some(("l8989O2C3".to_owned(), from, count));
        assert_eq!(mark("document_number", &[("k", "6"), ("typed", "O")]), number(5, 1));
        assert_eq!(mark("document_number", &[("k", "1"), ("typed", "L")]), number(0, 1));
        assert_eq!(mark("document_number", &[("k", "2"), ("ab", "89")]), number(1, 2));
        assert_eq!(mark("document_number", &[("k", "7"), ("typed", "O")]), None, "a place in another text");
        let iso = mark("birth_date", &[("k", "10"), ("typed", "2"), ("a", "1974-08-12")]);
        assert_eq!(iso, Some(("1974-08-12".to_owned(), 9, 1)));
        let line = mark("line_2", &[("n", "2"), ("k", "4"), ("c", "?")]);
        assert_eq!(line, Some(("L89?".to_owned(), 3, 1)));
        assert_eq!(mark("surname", &[("k", "99999999999999999999"), ("typed", "O")]), None);
    }

    #[test]
    fn lines_fit_and_rows_are_listed_shortly() {
        let text = "Жакшы сөз – жан азыгы ".repeat(20);
        assert!(wrap(&text, INDENT).iter().all(|line| line.chars().count() <= WIDTH));
        assert_eq!(wrap(&text, "").join(" "), text.trim());
        assert_eq!(ranges(&[0, 1, 2, 4, 6, 7]), "1–3, 5, 7–8");
    }
}
