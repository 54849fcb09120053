//! The engine on a disk: sled.

use std::ops::Bound;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};

use crate::disk::{Disk, SyncFn};
use crate::engine::{Engine, Writes};
use crate::open::{ROWS, check_format, engine_error, open_engine};
use crate::rollback::Count;
use crate::scan::nothing_between;
use crate::{Options, Recovery, Row, StoreError};

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
