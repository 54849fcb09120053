//! What a running backup needs to see the rows as they were when it began.

use std::collections::BTreeMap;
#[cfg(feature = "disk")]
use std::ops::Bound;

#[cfg(feature = "disk")]
use crate::{Row, SCAN_PORTION_ROWS};

/// Old values of rows that were changed since a backup began and that it has not passed yet.
#[derive(Default)]
pub(crate) struct Undo {
    old: BTreeMap<Vec<u8>, Option<Vec<u8>>>,
    passed: Option<Vec<u8>>,
    at_end: bool,
}

impl Undo {
    pub(crate) fn wants(&self, key: &[u8]) -> bool {
        let ahead = self.passed.as_deref().is_none_or(|passed| key > passed);
        ahead && !self.at_end && !self.old.contains_key(key)
    }

    pub(crate) fn remember(&mut self, key: Vec<u8>, old: Option<Vec<u8>>) {
        self.old.insert(key, old);
    }

    #[cfg(feature = "disk")]
    pub(crate) fn next_lower(&self) -> Option<Bound<Vec<u8>>> {
        match &self.passed {
            _ if self.at_end => None,
            None => Some(Bound::Unbounded),
            Some(passed) => Some(Bound::Excluded(passed.clone())),
        }
    }

    #[cfg(feature = "disk")]
    /// Turns the rows of now into those of the beginning, and moves on behind them.
    pub(crate) fn as_it_was(&mut self, now: Vec<Row>) -> Vec<Row> {
        self.at_end = now.len() < SCAN_PORTION_ROWS;
        let last = now.last().map(|(key, _)| key.clone());
        let mut rows: BTreeMap<Vec<u8>, Vec<u8>> = now.into_iter().collect();
        let changed = match (&last, self.at_end) {
            (Some(last), false) => {
                let later = self.old.split_off(last.as_slice());
                let mut changed = std::mem::replace(&mut self.old, later);
                if let Some((key, old)) = self.old.remove_entry(last) {
                    changed.insert(key, old);
                }
                changed
            }
            _ => std::mem::take(&mut self.old),
        };
        for (key, old) in changed {
            match old {
                Some(old) => rows.insert(key, old),
                None => rows.remove(&key),
            };
        }
        if last.is_some() {
            self.passed = last;
        }
        rows.into_iter().collect()
    }
}
