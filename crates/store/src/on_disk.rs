//! The engine on a disk: sled.

use std::ops::Bound;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};

use crate::disk::{Disk, SyncFn};
use crate::engine::{Engine, Writes};
use crate::open::{Mark, ROWS, check_format, engine_error, mark_format, open_engine};
use crate::redo::{self, Redo, write_singly};
use crate::rollback::Count;
use crate::scan::nothing_between;
use crate::{Options, Recovery, Row, StoreError};

/// sled 0.34: one tree of rows, and the files that make them durable.
pub(crate) struct Sled {
    dir: PathBuf,
    db: sled::Db,
    rows: sled::Tree,
    files: Mutex<Files>,
}

struct Files {
    disk: Disk,
    redo: Redo,
    count: Count,
    /// What was written last is on disk already.
    is_kept: bool,
}

impl Sled {
    pub(crate) fn open(
        dir: &Path,
        options: Options,
        sync: SyncFn,
    ) -> Result<(Self, Option<Recovery>), StoreError> {
        let (db, resnapshot) = open_engine(dir, options)?;
        let rows = db.open_tree(ROWS).map_err(|source| engine_error(dir, &source))?;
        let mark = check_format(&db, &rows, dir)?;
        let mut redo = Redo::open(dir)?;
        let mut disk = Disk::open(dir, sync)?;
        if mark == Mark::Earlier {
            redo.let_go(&disk)?;
        }
        if mark != Mark::Newest {
            mark_format(&db).map_err(|source| engine_error(dir, &source))?;
        }
        let lost = redo.replay(dir, &db, &rows)?;
        db.flush().map_err(|source| engine_error(dir, &source))?;
        disk.sync()?;
        let (count, rolled_back) = Count::open(dir, &db, lost)?;
        match lost {
            Some(_) => redo.let_go(&disk)?,
            None => redo.empty(&disk)?,
        }
        let recovery = Recovery { resnapshot, rolled_back };
        let files = Mutex::new(Files { disk, redo, count, is_kept: false });
        let sled = Self { dir: dir.to_owned(), db, rows, files };
        Ok((sled, Some(recovery).filter(|recovery| *recovery != Recovery::default())))
    }

    fn files(&self) -> MutexGuard<'_, Files> {
        self.files.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Brings a small batch onto the disk. `false`: it is none; then nothing is there that might be written again over it.
    fn keep(&self, files: &mut Files, writes: &Writes) -> Result<bool, StoreError> {
        let Files { disk, redo, count, .. } = files;
        if redo.keep(count.coming(), writes, disk)? {
            return Ok(true);
        }
        if !redo.is_begun() {
            return Ok(false);
        }
        self.sync_sled(disk)?;
        redo.empty(disk)?;
        redo.keep(count.coming(), writes, disk)
    }

    fn sync_sled(&self, disk: &mut Disk) -> Result<(), StoreError> {
        self.db.flush().map_err(|source| self.failed(&source))?;
        disk.sync()
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
        let files = &mut *self.files();
        files.is_kept = self.keep(files, &writes)?;
        let written = match files.is_kept {
            true => write_singly(&self.rows, writes),
            false => self.rows.apply_batch(batch(writes)),
        };
        written.and_then(|()| files.count.next(&self.db)).map_err(|source| self.failed(&source))
    }

    fn sync(&self) -> Result<(), StoreError> {
        let files = &mut *self.files();
        // What sled replaces by a blob it writes over soon, and never syncs the blob.
        if !files.is_kept || files.disk.has_new_blobs()? {
            self.sync_sled(&mut files.disk)?;
        }
        files.count.show()
    }

    fn size_on_disk(&self) -> Result<u64, StoreError> {
        let bytes = self.db.size_on_disk().map_err(|source| self.failed(&source))?;
        Ok(bytes + redo::FILE_BYTES as u64)
    }
}

fn batch(writes: Writes) -> sled::Batch {
    let mut batch = sled::Batch::default();
    for (key, value) in writes {
        match value {
            Some(value) => batch.insert(key, value),
            None => batch.remove(key),
        }
    }
    batch
}
