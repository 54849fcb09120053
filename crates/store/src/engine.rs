//! What keeps the rows: sled, and for tests whatever fails in the ways that they need.

use std::collections::BTreeMap;
use std::ops::Bound;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};

use crate::disk::{Disk, SyncFn};
use crate::open::{ROWS, check_format, engine_error, open_engine};
use crate::rollback::Count;
use crate::scan::nothing_between;
use crate::{Options, Recovery, Row, StoreError};

/// The writes of one batch: a value to put, or `None` to delete.
pub type Writes = BTreeMap<Vec<u8>, Option<Vec<u8>>>;

/// An ordered set of rows that can be written and, as a second step, brought onto a disk.
///
/// [`crate::Store`] calls `apply` and then `sync`, never two of either at the same time, and shows nobody the
/// rows in between. So what survives a power cut is either all of a batch or nothing of it, provided that
/// `apply` is not torn.
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

    /// Writes a batch so that every later read shows it, all of it or nothing.
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

/// sled 0.34: one tree of rows, its files synced by [`Disk`].
pub(crate) struct Sled {
    dir: PathBuf,
    db: sled::Db,
    rows: sled::Tree,
    disk: Mutex<Disk>,
    count: Mutex<Count>,
}

impl Sled {
    pub(crate) fn open(
        dir: &Path,
        options: Options,
        sync: SyncFn,
    ) -> Result<(Self, Option<Recovery>), StoreError> {
        let (db, resnapshot) = open_engine(dir, options)?;
        let rows = db.open_tree(ROWS).map_err(|source| engine_error(dir, &source))?;
        check_format(&db, &rows, dir)?;
        db.flush().map_err(|source| engine_error(dir, &source))?;
        let (count, rolled_back) = Count::open(dir, &db)?;
        let disk = Disk::open(dir, sync)?;
        let recovery = Recovery { resnapshot, rolled_back };
        let sled = Self { dir: dir.to_owned(), db, rows, disk: Mutex::new(disk), count: Mutex::new(count) };
        Ok((sled, Some(recovery).filter(|recovery| *recovery != Recovery::default())))
    }

    fn count(&self) -> MutexGuard<'_, Count> {
        self.count.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn failed(&self, source: &sled::Error) -> StoreError {
        engine_error(&self.dir, source)
    }
}

impl Engine for Sled {
    fn get(&self, key: &[u8]) -> Result<Option<Vec<u8>>, StoreError> {
        let found = self.rows.get(key).map_err(|source| self.failed(&source))?;
        Ok(found.map(|value| value.to_vec()))
    }

    fn rows(
        &self,
        lower: &Bound<Vec<u8>>,
        upper: &Bound<Vec<u8>>,
        from_the_end: bool,
        limit: usize,
    ) -> Result<Vec<Row>, StoreError> {
        if nothing_between(lower, upper) {
            return Ok(Vec::new());
        }
        let range = self.rows.range((lower.clone(), upper.clone()));
        let row = |row: Result<(sled::IVec, sled::IVec), sled::Error>| match row {
            Ok((key, value)) => Ok((key.to_vec(), value.to_vec())),
            Err(source) => Err(self.failed(&source)),
        };
        if from_the_end {
            range.rev().take(limit).map(row).collect()
        } else {
            range.take(limit).map(row).collect()
        }
    }

    fn apply(&self, writes: Writes) -> Result<(), StoreError> {
        let mut batch = sled::Batch::default();
        for (key, value) in writes {
            match value {
                Some(value) => batch.insert(key, value),
                None => batch.remove(key),
            }
        }
        self.rows.apply_batch(batch).map_err(|source| self.failed(&source))?;
        self.count().next(&self.db).map_err(|source| self.failed(&source))
    }

    fn sync(&self) -> Result<(), StoreError> {
        self.db.flush().map_err(|source| self.failed(&source))?;
        self.disk.lock().unwrap_or_else(PoisonError::into_inner).sync()?;
        self.count().show()
    }

    fn size_on_disk(&self) -> Result<u64, StoreError> {
        self.db.size_on_disk().map_err(|source| self.failed(&source))
    }
}
