//! The rows of a phone: all in memory, and each change on a list for the page to put into the browser's own database.
//!
//! On disk is what the page says is on disk. So the page shows nothing of an answer before its changes are there, and
//! opens the phone anew from the database where they could not be written.

use std::collections::BTreeMap;
use std::ops::Bound;
use std::path::Path;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use propusk_store::{Engine, Row, Store, StoreError, Writes};

/// Rows in memory. Clones share them.
#[derive(Clone, Default)]
pub(super) struct Rows(Arc<Mutex<Inner>>);

#[derive(Default)]
struct Inner {
    rows: BTreeMap<Vec<u8>, Vec<u8>>,
    changed: Writes,
}

impl Rows {
    pub(super) fn of(rows: impl IntoIterator<Item = Row>) -> Self {
        Self(Arc::new(Mutex::new(Inner { rows: rows.into_iter().collect(), changed: Writes::new() })))
    }

    /// A store over these rows.
    pub(super) fn store(&self) -> Store {
        Store::over(Path::new("this browser"), Box::new(self.clone()))
    }

    /// What has changed since the last time.
    pub(super) fn changes(&self) -> Writes {
        std::mem::take(&mut self.lock().changed)
    }

    fn lock(&self) -> MutexGuard<'_, Inner> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Engine for Rows {
    fn get(&self, key: &[u8]) -> Result<Option<Vec<u8>>, StoreError> {
        Ok(self.lock().rows.get(key).cloned())
    }

    fn rows(
        &self,
        lower: &Bound<Vec<u8>>,
        upper: &Bound<Vec<u8>>,
        from_the_end: bool,
        limit: usize,
    ) -> Result<Vec<Row>, StoreError> {
        let inner = self.lock();
        let between = inner.rows.range((lower.clone(), upper.clone()));
        let row = |(key, value): (&Vec<u8>, &Vec<u8>)| (key.clone(), value.clone());
        Ok(if from_the_end {
            between.rev().take(limit).map(row).collect()
        } else {
            between.take(limit).map(row).collect()
        })
    }

    fn apply(&self, writes: Writes) -> Result<(), StoreError> {
        let mut inner = self.lock();
        for (key, value) in writes {
            match value.clone() {
                Some(value) => inner.rows.insert(key.clone(), value),
                None => inner.rows.remove(&key),
            };
            inner.changed.insert(key, value);
        }
        Ok(())
    }

    fn sync(&self) -> Result<(), StoreError> {
        Ok(())
    }

    fn size_on_disk(&self) -> Result<u64, StoreError> {
        let bytes = self.lock().rows.iter().map(|(key, value)| key.len() + value.len()).sum::<usize>();
        Ok(u64::try_from(bytes).unwrap_or(u64::MAX))
    }
}
