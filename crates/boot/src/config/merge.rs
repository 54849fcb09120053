//! Tables with the lines of their keys, and one table over another.

use std::collections::BTreeMap;
use std::ops::Range;
use std::path::Path;

use toml::de::{DeTable, DeValue};
use toml::{Table, Value};

use super::ConfigError;

/// At which line, from 1, each key of a file stands; a key is the list of its tables' names and its own.
pub(super) type Lines = BTreeMap<Vec<String>, usize>;

/// Parses a text and notes where its keys stand.
pub(super) fn parse(path: &Path, text: &str) -> Result<(Table, Lines), ConfigError> {
    let syntax = |error: &toml::de::Error| ConfigError::Syntax {
        path: path.to_owned(),
        line: error.span().map_or(1, |span| line_of(text, &span)),
        why: error.message().trim().to_owned(),
    };
    let spanned = DeTable::parse(text).map_err(|error| syntax(&error))?;
    let mut lines = Lines::new();
    note_lines(text, spanned.get_ref(), &mut Vec::new(), &mut lines);
    let table = text.parse().map_err(|error| syntax(&error))?;
    Ok((table, lines))
}

/// Puts every value of `over` into `base`, refusing keys that `base` does not have and values of another kind.
///
/// A table in `base` without any key takes every key: it is a map whose names are the user's to choose.
pub(super) fn merge_over(
    base: &mut Table,
    over: Table,
    path: &Path,
    lines: &Lines,
) -> Result<(), ConfigError> {
    let known = base.clone();
    Merge { known: &known, path, lines }.table(base, over, &mut Vec::new())
}

struct Merge<'a> {
    /// The defaults as a whole, for suggestions.
    known: &'a Table,
    path: &'a Path,
    lines: &'a Lines,
}

impl Merge<'_> {
    fn table(&self, base: &mut Table, over: Table, at: &mut Vec<String>) -> Result<(), ConfigError> {
        if base.is_empty() && !at.is_empty() {
            *base = over;
            return Ok(());
        }
        for (key, value) in over {
            at.push(key.clone());
            let Some(slot) = base.get_mut(&key) else { return Err(self.unknown(base, at)) };
            match (slot, value) {
                (Value::Table(base), Value::Table(over)) => self.table(base, over, at)?,
                // A whole number is a fine decimal; the reverse would lose something.
                (Value::Float(base), Value::Integer(whole)) => *base = whole as f64,
                (slot, value) if slot.same_type(&value) => *slot = value,
                (slot, value) => return Err(self.wrong_type(slot, &value, at)),
            }
            at.pop();
        }
        Ok(())
    }

    fn unknown(&self, siblings: &Table, at: &[String]) -> ConfigError {
        ConfigError::UnknownKey {
            path: self.path.to_owned(),
            line: self.line(at),
            key: at.join("."),
            nearest: nearest(siblings, self.known, at),
        }
    }

    fn wrong_type(&self, default: &Value, found: &Value, at: &[String]) -> ConfigError {
        ConfigError::WrongType {
            path: self.path.to_owned(),
            line: self.line(at),
            key: at.join("."),
            expected: kind(default),
            found: kind(found),
        }
    }

    fn line(&self, at: &[String]) -> usize {
        self.lines.get(at).copied().unwrap_or(1)
    }
}

/// The value at a key, through its tables.
pub(super) fn value_at<'a>(table: &'a Table, path: &[String]) -> Option<&'a Value> {
    let (first, rest) = path.split_first()?;
    let value = table.get(first)?;
    if rest.is_empty() { Some(value) } else { value_at(value.as_table()?, rest) }
}

/// Sets the value at a key whose tables exist; does nothing where they don't.
pub(super) fn set_at(table: &mut Table, path: &[String], value: Value) {
    let Some((first, rest)) = path.split_first() else { return };
    if rest.is_empty() {
        table.insert(first.clone(), value);
    } else if let Some(Value::Table(inner)) = table.get_mut(first) {
        set_at(inner, rest, value);
    }
}

fn note_lines(text: &str, table: &DeTable<'_>, at: &mut Vec<String>, lines: &mut Lines) {
    for (key, value) in table.iter() {
        at.push(key.get_ref().to_string());
        lines.insert(at.clone(), line_of(text, &key.span()));
        if let DeValue::Table(inner) = value.get_ref() {
            note_lines(text, inner, at, lines);
        }
        at.pop();
    }
}

fn line_of(text: &str, span: &Range<usize>) -> usize {
    let before = text.as_bytes().get(..span.start).unwrap_or_default();
    1 + before.iter().filter(|byte| **byte == b'\n').count()
}

/// The known key that an unknown one was probably meant to be: one spelt much like it in the same table, or
/// one of exactly that name in another.
fn nearest(siblings: &Table, known: &Table, at: &[String]) -> Option<String> {
    let (name, tables) = at.split_last()?;
    let allowed = 2.max(name.chars().count() / 3);
    let close = siblings
        .keys()
        .map(|key| (strsim::damerau_levenshtein(key, name), key))
        .filter(|(distance, _)| *distance <= allowed)
        .min();
    if let Some((_, key)) = close {
        return Some(tables.iter().chain([key]).cloned().collect::<Vec<_>>().join("."));
    }
    let elsewhere = |(section, value): (&String, &Value)| {
        value.as_table().is_some_and(|table| table.contains_key(name)).then(|| format!("{section}.{name}"))
    };
    known.iter().find_map(elsewhere)
}

fn kind(value: &Value) -> &'static str {
    match value {
        Value::String(_) => "a text in quotes",
        Value::Integer(_) => "a whole number",
        Value::Float(_) => "a decimal number",
        Value::Boolean(_) => "true or false",
        Value::Datetime(_) => "a date",
        Value::Array(_) => "a list in [ ]",
        Value::Table(_) => "a section",
    }
}
