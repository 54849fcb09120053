//! Ordered scans, a portion at a time, so that no reader holds a writer up for long.

use std::collections::VecDeque;
use std::ops::Bound;

use crate::{Store, StoreError};

/// A key and its value.
pub type Row = (Vec<u8>, Vec<u8>);

/// How many rows a scan reads in one go. Rows of one portion belong to the same moment.
pub const SCAN_PORTION_ROWS: usize = 256;

/// The keys that begin with `prefix`, as bounds. A prefix of 0xff bytes only has no key after it.
pub(crate) fn prefix_bounds(prefix: &[u8]) -> (Bound<Vec<u8>>, Bound<Vec<u8>>) {
    let lower = Bound::Included(prefix.to_vec());
    let mut end = prefix.to_vec();
    while let Some(last) = end.pop() {
        if let Some(next) = last.checked_add(1) {
            end.push(next);
            return (lower, Bound::Excluded(end));
        }
    }
    (lower, Bound::Unbounded)
}

/// Whether no key can lie between the two bounds; the engine must not be asked then.
pub(crate) fn nothing_between(lower: &Bound<Vec<u8>>, upper: &Bound<Vec<u8>>) -> bool {
    match (lower, upper) {
        (Bound::Included(lower), Bound::Excluded(upper)) => lower >= upper,
        (Bound::Excluded(lower), Bound::Excluded(upper)) => {
            // No key fits between k and k followed by a zero byte.
            lower >= upper || (upper.starts_with(lower) && upper.get(lower.len()..) == Some(&[0]))
        }
        _ => false,
    }
}

/// Rows in ascending order of their keys' bytes. Yields an error at most once, and then ends.
pub struct Scan {
    store: Store,
    lower: Bound<Vec<u8>>,
    upper: Bound<Vec<u8>>,
    portion: VecDeque<Row>,
    done: bool,
}

impl Scan {
    pub(crate) fn new(store: Store, lower: Bound<Vec<u8>>, upper: Bound<Vec<u8>>) -> Self {
        Self { store, lower, upper, portion: VecDeque::new(), done: false }
    }
}

impl Iterator for Scan {
    type Item = Result<Row, StoreError>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.portion.is_empty() && !self.done {
            match self.store.portion(&self.lower, &self.upper, false) {
                Ok(rows) => {
                    self.done = rows.len() < SCAN_PORTION_ROWS;
                    if let Some((key, _)) = rows.last() {
                        self.lower = Bound::Excluded(key.clone());
                    }
                    self.portion = rows.into();
                }
                Err(error) => {
                    self.done = true;
                    return Some(Err(error));
                }
            }
        }
        self.portion.pop_front().map(Ok)
    }
}

/// Rows in descending order of their keys' bytes. Yields an error at most once, and then ends.
pub struct ScanBack {
    store: Store,
    lower: Bound<Vec<u8>>,
    upper: Bound<Vec<u8>>,
    portion: VecDeque<Row>,
    done: bool,
}

impl ScanBack {
    pub(crate) fn new(store: Store, lower: Bound<Vec<u8>>, upper: Bound<Vec<u8>>) -> Self {
        Self { store, lower, upper, portion: VecDeque::new(), done: false }
    }
}

impl Iterator for ScanBack {
    type Item = Result<Row, StoreError>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.portion.is_empty() && !self.done {
            match self.store.portion(&self.lower, &self.upper, true) {
                Ok(rows) => {
                    self.done = rows.len() < SCAN_PORTION_ROWS;
                    if let Some((key, _)) = rows.last() {
                        self.upper = Bound::Excluded(key.clone());
                    }
                    self.portion = rows.into();
                }
                Err(error) => {
                    self.done = true;
                    return Some(Err(error));
                }
            }
        }
        self.portion.pop_front().map(Ok)
    }
}
