//! A draft: the writes of one batch, in memory, and reads that see them.

use std::collections::BTreeMap;
use std::collections::btree_map;
use std::iter::Peekable;
use std::ops::Bound;

use crate::scan::{nothing_between, prefix_bounds};
use crate::{Row, Scan, Store, StoreError};

/// Writes that are not committed yet. In memory only: dropping a draft forgets it.
///
/// Reads see the draft's own writes over what the store has on disk at the moment of the read. Two drafts at
/// the same time do not see each other, and the one committed later wins where both write a key; use
/// [`Store::write`] where a write depends on what was read and several threads write.
pub struct Draft {
    pub(crate) store: Store,
    pub(crate) writes: BTreeMap<Vec<u8>, Option<Vec<u8>>>,
}

impl Draft {
    /// The value under `key`, or `None`.
    ///
    /// # Errors
    /// When the engine can't read.
    pub fn get(&self, key: impl AsRef<[u8]>) -> Result<Option<Vec<u8>>, StoreError> {
        match self.writes.get(key.as_ref()) {
            Some(written) => Ok(written.clone()),
            None => self.store.get(key),
        }
    }

    /// Whether there is a value under `key`.
    ///
    /// # Errors
    /// When the engine can't read.
    pub fn contains(&self, key: impl AsRef<[u8]>) -> Result<bool, StoreError> {
        Ok(self.get(key)?.is_some())
    }

    /// The rows whose keys begin with `prefix`, in the order of their keys.
    pub fn scan(&self, prefix: impl AsRef<[u8]>) -> DraftScan<'_> {
        let (lower, upper) = prefix_bounds(prefix.as_ref());
        self.scan_between(lower, upper)
    }

    /// As [`Draft::scan`], from the first key that is not below `start` on.
    pub fn scan_from(&self, prefix: impl AsRef<[u8]>, start: impl AsRef<[u8]>) -> DraftScan<'_> {
        let (_, upper) = prefix_bounds(prefix.as_ref());
        let start = start.as_ref().max(prefix.as_ref()).to_vec();
        self.scan_between(Bound::Included(start), upper)
    }

    fn scan_between(&self, lower: Bound<Vec<u8>>, upper: Bound<Vec<u8>>) -> DraftScan<'_> {
        let written = if nothing_between(&lower, &upper) {
            btree_map::Range::default()
        } else {
            self.writes.range((lower.clone(), upper.clone()))
        };
        DraftScan {
            stored: Scan::new(self.store.clone(), lower, upper).peekable(),
            written: written.peekable(),
        }
    }

    /// The last row whose key begins with `prefix`.
    ///
    /// # Errors
    /// When the engine can't read.
    pub fn last(&self, prefix: impl AsRef<[u8]>) -> Result<Option<Row>, StoreError> {
        let prefix = prefix.as_ref();
        let (lower, upper) = prefix_bounds(prefix);
        let put =
            self.writes.range((lower, upper)).rev().find_map(|(key, value)| Some((key, value.as_ref()?)));
        for row in self.store.scan_back(prefix) {
            let (key, value) = row?;
            if let Some((put_key, put_value)) = put
                && *put_key >= key
            {
                return Ok(Some((put_key.clone(), put_value.clone())));
            }
            // A key that the draft writes anew was found above; one that it deletes is passed over.
            if !self.writes.contains_key(&key) {
                return Ok(Some((key, value)));
            }
        }
        Ok(put.map(|(key, value)| (key.clone(), value.clone())))
    }

    /// Writes a row. Sizes are checked by [`Store::commit`].
    pub fn put(&mut self, key: impl Into<Vec<u8>>, value: impl Into<Vec<u8>>) {
        self.writes.insert(key.into(), Some(value.into()));
    }

    /// Deletes a row; one that isn't there is no error.
    pub fn delete(&mut self, key: impl Into<Vec<u8>>) {
        self.writes.insert(key.into(), None);
    }

    /// How many keys the draft puts or deletes.
    pub fn len(&self) -> usize {
        self.writes.len()
    }

    /// Whether the draft writes nothing.
    pub fn is_empty(&self) -> bool {
        self.writes.is_empty()
    }
}

impl std::fmt::Debug for Draft {
    /// Rows may be personal data, so only their number is shown.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Draft").field("writes", &self.writes.len()).finish_non_exhaustive()
    }
}

/// The rows of a store with a draft's writes laid over them, in ascending order of their keys.
pub struct DraftScan<'a> {
    stored: Peekable<Scan>,
    written: Peekable<btree_map::Range<'a, Vec<u8>, Option<Vec<u8>>>>,
}

impl Iterator for DraftScan<'_> {
    type Item = Result<Row, StoreError>;

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            let stored_key = match self.stored.peek() {
                Some(Ok((key, _))) => Some(key),
                Some(Err(_)) => return self.stored.next(),
                None => None,
            };
            let written_key = self.written.peek().map(|(key, _)| *key);
            match (stored_key, written_key) {
                (None, None) => return None,
                (Some(stored), Some(written)) if stored == written => {
                    self.stored.next();
                }
                (Some(stored), Some(written)) if stored < written => return self.stored.next(),
                (Some(_), None) => return self.stored.next(),
                (_, Some(_)) => {
                    if let Some((key, Some(value))) = self.written.next() {
                        return Some(Ok((key.clone(), value.clone())));
                    }
                }
            }
        }
    }
}
