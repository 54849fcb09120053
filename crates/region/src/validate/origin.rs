//! Every table says where its fact comes from and how old it is.

use super::Faults;
use crate::document::Document;
use crate::error::BrokenRule;
use crate::lines::Step;
use toml::de::{DeTable, DeValue};

/// Tables that hold no fact of their own: titles of sources, and the mere roof over the vehicle tables.
const TITLES: &str = "source";
const ROOF: &str = "vehicle";
/// Tables inside a table that carry a source of their own; every other inner table shares its parent's.
const OWN_SOURCE: [&str; 2] = ["change", "position"];

pub(super) fn check(document: &Document, faults: &mut Faults<'_>) {
    // The check looks at the keys that are really written: the typed tables have defaults for both.
    let lines = faults.lines;
    for (key, value) in lines.root() {
        let key = key.get_ref().as_ref();
        if key == TITLES {
            continue;
        }
        if key == ROOF {
            for (inner, value) in value.get_ref().as_table().into_iter().flatten() {
                tables(
                    value.get_ref(),
                    &mut vec![Step::Key(key), Step::Key(inner.get_ref())],
                    document,
                    faults,
                );
            }
            continue;
        }
        tables(value.get_ref(), &mut vec![Step::Key(key)], document, faults);
    }
}

/// Checks a table, or every table of an array.
fn tables<'a>(
    value: &'a DeValue<'_>,
    path: &mut Vec<Step<'a>>,
    document: &Document,
    faults: &mut Faults<'_>,
) {
    match value {
        DeValue::Table(table) => one(table, path, document, faults),
        DeValue::Array(array) => {
            for (index, item) in array.iter().enumerate() {
                path.push(Step::Item(index));
                tables(item.get_ref(), path, document, faults);
                path.pop();
            }
        }
        _ => {}
    }
}

fn one<'a>(table: &'a DeTable<'_>, path: &mut Vec<Step<'a>>, document: &Document, faults: &mut Faults<'_>) {
    let text =
        |key: &str| table.iter().find(|(k, _)| k.get_ref() == key).and_then(|(_, v)| v.get_ref().as_str());
    match text("source").map(str::trim) {
        None => faults.add(path, BrokenRule::MissingSource),
        Some(source) => {
            path.push(Step::Key("source"));
            if source.is_empty() {
                faults.add(path, BrokenRule::MissingSource);
            } else if is_short_name(source) && !document.source.iter().any(|title| title.id == source) {
                faults.add(path, BrokenRule::UnknownSource { typed: source.to_owned() });
            }
            path.pop();
        }
    }
    if text("as_of").is_none() {
        faults.add(path, BrokenRule::MissingAsOf);
    }
    for key in OWN_SOURCE {
        if let Some((_, value)) = table.iter().find(|(k, _)| k.get_ref() == key) {
            path.push(Step::Key(key));
            tables(value.get_ref(), path, document, faults);
            path.pop();
        }
    }
}

/// One word without a slash is no address and no description: it must be the id of a `[[source]]`.
fn is_short_name(source: &str) -> bool {
    !source.contains(['/', ' '])
}
