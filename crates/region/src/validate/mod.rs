//! The rules of meaning that a region file must keep, each with the line that breaks it.

mod closures;
mod names;
mod origin;
mod references;
mod values;

use crate::document::Document;
use crate::error::{BrokenRule, RegionError};
use crate::lines::{Lines, Step, written};
use crate::spelling::Spellings;

/// The spellings of every kind of thing that can be looked up.
#[derive(Debug, Clone, Default)]
pub(crate) struct Index {
    pub(crate) zones: Spellings,
    pub(crate) places: Spellings,
    pub(crate) checkpoints: Spellings,
    pub(crate) routes: Spellings,
    pub(crate) crossings: Spellings,
    /// Entry points for an e-visa that are no crossing of the file: airports, and posts of which only the name is known.
    pub(crate) entry_points: Spellings,
}

/// Checks a document; gives its index and every fault in the order of lines.
pub(crate) fn validate(document: &Document, lines: &Lines<'_>, file: &str) -> (Index, Vec<RegionError>) {
    let mut faults = Faults { lines, file, found: Vec::new() };
    values::schema(document, &mut faults);
    origin::check(document, &mut faults);
    let index = names::check(document, &mut faults);
    references::check(document, &mut faults);
    values::check(document, &mut faults);
    closures::check(document, &mut faults);
    faults.found.sort_by_key(|fault| fault.line);
    (index, faults.found)
}

/// Collects faults and gives each its line.
struct Faults<'a> {
    lines: &'a Lines<'a>,
    file: &'a str,
    found: Vec<RegionError>,
}

impl Faults<'_> {
    fn add(&mut self, path: &[Step<'_>], rule: BrokenRule) {
        let (file, line) = (self.file.to_owned(), self.lines.line(path));
        self.found.push(RegionError { file, line, key: written(path), rule });
    }
}

/// The path of a key in a table of an array of tables.
fn at<'a>(table: &'a str, index: usize, key: &'a str) -> [Step<'a>; 3] {
    [Step::Key(table), Step::Item(index), Step::Key(key)]
}

/// The path of an item of a list in a table of an array of tables.
fn item_at<'a>(table: &'a str, index: usize, key: &'a str, item: usize) -> [Step<'a>; 4] {
    [Step::Key(table), Step::Item(index), Step::Key(key), Step::Item(item)]
}
