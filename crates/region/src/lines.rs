//! Where a key stands in the text, so that every fault names its line.

use std::fmt::Write as _;
use toml::Spanned;
use toml::de::{DeArray, DeTable, DeValue};

/// One step on the way to a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Step<'a> {
    /// Into a table, by key.
    Key(&'a str),
    /// Into an array, counted from 0.
    Item(usize),
}

/// The text's keys with their places.
pub(crate) struct Lines<'t> {
    text: &'t str,
    root: Spanned<DeTable<'t>>,
}

impl<'t> Lines<'t> {
    /// Parses the text as TOML and keeps the places of its keys; of several errors the first in the text is given.
    pub(crate) fn parse(text: &'t str) -> Result<Self, toml::de::Error> {
        let (root, errors) = DeTable::parse_recoverable(text);
        let first = errors.into_iter().min_by_key(|error| error.span().map_or(0, |span| span.start));
        first.map_or(Ok(Self { text, root }), Err)
    }

    /// The top table.
    pub(crate) fn root(&self) -> &DeTable<'t> {
        self.root.get_ref()
    }

    /// The line (from 1) of the value at `path`, or of the nearest thing above it that exists.
    pub(crate) fn line(&self, path: &[Step<'_>]) -> usize {
        let mut line = 1;
        let Some((Step::Key(first), rest)) = path.split_first() else { return line };
        let Some((key, mut value)) = entry(self.root(), first) else { return line };
        if !is_array_of_tables(value.get_ref()) {
            line = line_at(self.text, key.span().start);
        }
        for step in rest {
            let next = match (step, value.get_ref()) {
                (Step::Key(key), DeValue::Table(table)) => entry(table, key).map(|(key, v)| (key.span(), v)),
                (Step::Item(index), DeValue::Array(array)) => array.get(*index).map(|v| (v.span(), v)),
                _ => None,
            };
            let Some((span, inner)) = next else { return line };
            line = line_at(self.text, span.start);
            value = inner;
        }
        line
    }

    /// The path of the key at a byte offset, written like `place[3].zone`; `(file)` when no key stands there.
    pub(crate) fn key_at(&self, offset: usize) -> String {
        let mut path = Vec::new();
        find(self.root(), offset, &mut path);
        written(&path)
    }
}

/// A path for people: tables of an array are counted from 1.
pub(crate) fn written(path: &[Step<'_>]) -> String {
    let mut text = String::new();
    for step in path {
        // Writing to a String can't fail.
        let _ = match step {
            Step::Key(key) if text.is_empty() => write!(text, "{key}"),
            Step::Key(key) => write!(text, ".{key}"),
            Step::Item(index) => write!(text, "[{}]", index + 1),
        };
    }
    if text.is_empty() { "(file)".to_owned() } else { text }
}

/// The line of a byte offset, counted from 1.
pub(crate) fn line_at(text: &str, offset: usize) -> usize {
    text.bytes().take(offset).filter(|byte| *byte == b'\n').count() + 1
}

/// The line to mend for a syntax error that was met at `line`.
///
/// A lost `}`, `]` or value shows only when the next entry begins, so an error at the beginning of an entry is laid to
/// the entry's predecessor where that one has more brackets open than closed.
pub(crate) fn line_to_mend(text: &str, line: usize) -> usize {
    let lines: Vec<&str> = text.lines().collect();
    let met = lines.get(line.saturating_sub(1)).map_or("", |met| met.trim());
    let is_key = |key: &str| key.trim_end().chars().all(|c| c.is_ascii_alphanumeric() || "_-.".contains(c));
    let begins_entry =
        met.is_empty() || met.starts_with(['[', '#']) || met.split_once('=').is_some_and(|(k, _)| is_key(k));
    let before = lines.iter().take(line.saturating_sub(1)).enumerate();
    let spoken = |l: &&str| !l.trim().is_empty() && !l.trim_start().starts_with('#');
    match before.rev().find(|(_, l)| spoken(l)) {
        Some((index, predecessor)) if begins_entry && open_brackets(predecessor) > 0 => index + 1,
        _ => line,
    }
}

/// Brackets opened less brackets closed, outside of strings and comments.
fn open_brackets(line: &str) -> i32 {
    let (mut open, mut quote, mut escaped) = (0, None, false);
    for c in line.chars() {
        match (quote, c) {
            (Some('"'), '\\') if !escaped => {
                escaped = true;
                continue;
            }
            (Some(q), c) if c == q && !escaped => quote = None,
            (None, '"' | '\'') => quote = Some(c),
            (None, '#') => break,
            (None, '{' | '[') => open += 1,
            (None, '}' | ']') => open -= 1,
            _ => {}
        }
        escaped = false;
    }
    open
}

fn entry<'a, 't>(
    table: &'a DeTable<'t>,
    key: &str,
) -> Option<(&'a Spanned<std::borrow::Cow<'t, str>>, &'a Spanned<DeValue<'t>>)> {
    table.iter().find(|(k, _)| k.get_ref() == key)
}

fn is_array_of_tables(value: &DeValue<'_>) -> bool {
    value.as_array().is_some_and(|array| array.iter().any(|item| item.get_ref().is_table()))
}

/// Looks for the innermost key or value that covers `offset`. A table's own span may be its header only, so children
/// are searched whether or not their parent covers the place.
fn find<'a>(table: &'a DeTable<'_>, offset: usize, path: &mut Vec<Step<'a>>) -> bool {
    for (key, value) in table {
        path.push(Step::Key(key.get_ref()));
        if find_in_value(value, offset, path) || key.span().contains(&offset) {
            return true;
        }
        path.pop();
    }
    false
}

fn find_in_value<'a>(value: &'a Spanned<DeValue<'_>>, offset: usize, path: &mut Vec<Step<'a>>) -> bool {
    let inside = match value.get_ref() {
        DeValue::Table(table) => find(table, offset, path),
        DeValue::Array(array) => find_in_array(array, offset, path),
        _ => false,
    };
    inside || value.span().contains(&offset)
}

fn find_in_array<'a>(array: &'a DeArray<'_>, offset: usize, path: &mut Vec<Step<'a>>) -> bool {
    for (index, item) in array.iter().enumerate() {
        path.push(Step::Item(index));
        if find_in_value(item, offset, path) {
            return true;
        }
        path.pop();
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "schema = 1\n\n[[zone]]\nid = \"a\"\n\n[[zone]]\nid = \"b\"\nbits = [\n  1,\n  2,\n]\n[[zone.change]]\nnote = \"x\"\n";

    #[test]
    fn a_path_leads_to_its_line() {
        let lines = Lines::parse(TEXT).unwrap();
        let zone = |index, rest: &[Step<'static>]| {
            let mut path = vec![Step::Key("zone"), Step::Item(index)];
            path.extend_from_slice(rest);
            lines.line(&path)
        };
        assert_eq!(lines.line(&[Step::Key("schema")]), 1);
        assert_eq!(zone(0, &[]), 3);
        assert_eq!(zone(1, &[]), 6);
        assert_eq!(zone(1, &[Step::Key("id")]), 7);
        assert_eq!(zone(1, &[Step::Key("bits"), Step::Item(1)]), 10);
        assert_eq!(zone(1, &[Step::Key("change"), Step::Item(0)]), 12);
        assert_eq!(zone(1, &[Step::Key("absent")]), 6);
    }

    #[test]
    fn a_lost_bracket_is_laid_to_its_own_line() {
        let text = "a = { b = \"}\"\n\n# A comment.\nc = 1\n";
        let error = Lines::parse(text).err().unwrap();
        assert_eq!(line_to_mend(text, line_at(text, error.span().unwrap().start)), 1);
        assert_eq!(line_to_mend("a = [\n  x y,\n]", 2), 2);
        assert_eq!((line_to_mend("", 1), line_to_mend("a", 99)), (1, 99));
        assert_eq!(open_brackets(r#"a = { b = "\"}" # }"#), 1);
    }

    #[test]
    fn an_offset_leads_to_its_key() {
        let lines = Lines::parse(TEXT).unwrap();
        let at = |needle: &str| lines.key_at(TEXT.find(needle).unwrap());
        assert_eq!(at("\"b\""), "zone[2].id");
        assert_eq!(at("2,"), "zone[2].bits[2]");
        assert_eq!(at("\"x\""), "zone[2].change[1].note");
    }
}
