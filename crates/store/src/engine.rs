//! What keeps the rows: sled on a disk (`on_disk.rs`), a browser's own database, and for tests whatever fails in the ways
//! that they need.

use std::collections::BTreeMap;
use std::ops::Bound;

use crate::{Row, StoreError};

/// The writes of one batch: a value to put, or `None` to delete.
pub type Writes = BTreeMap<Vec<u8>, Option<Vec<u8>>>;

/// An ordered set of rows that can be written and, as a second step, brought onto a disk.
///
/// [`crate::Store`] calls `apply` and then `sync`, never two of either at the same time, and shows the rows in between
/// only to [`crate::Store::ahead`]. So what survives a power cut is either all of a batch or nothing of it, provided that
/// `apply` is never torn by a crash.
pub trait Engine: Send + Sync {
    /// The value under `key`, or `None`.
    ///
    /// # Errors
    /// When it can't read.
    fn get(&self, key: &[u8]) -> Result<Option<Vec<u8>>, StoreError>;

    /// Up to `limit` rows between two bounds in the order of their keys' bytes, or backwards `from_the_end`.
    ///
    /// # Errors
    /// When it can't read.
    fn rows(
        &self,
        lower: &Bound<Vec<u8>>,
        upper: &Bound<Vec<u8>>,
        from_the_end: bool,
        limit: usize,
    ) -> Result<Vec<Row>, StoreError>;

    /// Writes a batch so that every later read shows it. After a crash all of it is there or nothing.
    ///
    /// # Errors
    /// When it can't write; nobody then knows whether the batch is there.
    fn apply(&self, writes: Writes) -> Result<(), StoreError>;

    /// When this returns `Ok`, everything applied before is on disk.
    ///
    /// # Errors
    /// When it can't flush or sync; nobody then knows what is on disk.
    fn sync(&self) -> Result<(), StoreError>;

    /// How many bytes the files take.
    ///
    /// # Errors
    /// When it can't tell.
    fn size_on_disk(&self) -> Result<u64, StoreError>;
}
