//! The store itself: reads of what is on disk, and commits.

use std::fs::File;
use std::ops::Bound;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock, RwLockReadGuard};

use crate::backup::Undo;
use crate::disk::{Disk, SyncFn};
use crate::open::{ROWS, check_format, engine_error, open_engine};
use crate::scan::{SCAN_PORTION_ROWS, nothing_between, prefix_bounds};
use crate::{Draft, Options, Recovery, Row, Scan, ScanBack, StoreError};

/// The longest key, in bytes. Short keys are cheap keys: each costs memory too.
pub const MAX_KEY_BYTES: usize = 512;
/// The longest value, in bytes (1 MiB). Bigger things belong into files.
pub const MAX_VALUE_BYTES: usize = 1024 * 1024;

/// A handle on one open data folder; clones share it. The folder is let go of when the last clone is dropped.
#[derive(Clone)]
pub struct Store {
    pub(crate) inner: Arc<Inner>,
}

pub(crate) struct Inner {
    pub(crate) dir: PathBuf,
    db: sled::Db,
    rows: sled::Tree,
    recovery: Option<Recovery>,
    /// Held by [`Store::write`] from its first read to the end of its commit.
    writing: Mutex<()>,
    /// Commits hold it exclusively until their rows are on disk, so no read shows a row that may yet be lost.
    gate: RwLock<Writer>,
    /// What a running backup needs to see the rows as they were when it began.
    pub(crate) undo: Mutex<Option<Undo>>,
}

struct Writer {
    disk: Disk,
    poisoned: Option<String>,
}

impl Store {
    /// Opens the store in `dir`, which is made (mode 0700) if it isn't there; its parent has to be there or
    /// is made as well.
    ///
    /// Damaged snapshot files are set aside and made anew; [`Store::recovery`] then says so.
    ///
    /// # Errors
    /// [`StoreError::InUse`] when another process has it open, [`StoreError::WrongFormat`] when the folder holds
    /// something else, [`StoreError::Damaged`] when it can't be opened, [`StoreError::File`] for the file system.
    pub fn open(dir: &Path, options: Options) -> Result<Store, StoreError> {
        Self::open_with_sync(dir, options, Box::new(File::sync_data))
    }

    /// As [`Store::open`], with another way of syncing: only for tests that let the disk fail.
    #[doc(hidden)]
    pub fn open_with_sync(dir: &Path, options: Options, sync: SyncFn) -> Result<Store, StoreError> {
        let (db, recovery) = open_engine(dir, options)?;
        let rows = db.open_tree(ROWS).map_err(|source| engine_error(dir, &source))?;
        check_format(&db, &rows, dir)?;
        db.flush().map_err(|source| engine_error(dir, &source))?;
        let disk = Disk::open(dir, sync)?;
        let inner = Inner {
            dir: dir.to_owned(),
            db,
            rows,
            recovery,
            writing: Mutex::new(()),
            gate: RwLock::new(Writer { disk, poisoned: None }),
            undo: Mutex::new(None),
        };
        Ok(Store { inner: Arc::new(inner) })
    }

    /// What had to be done to open the folder; `None` in ordinary times. Whoever opens a store tells people.
    pub fn recovery(&self) -> Option<&Recovery> {
        self.inner.recovery.as_ref()
    }

    /// The data folder.
    pub fn dir(&self) -> &Path {
        &self.inner.dir
    }

    /// The value under `key`, or `None`.
    ///
    /// # Errors
    /// When the engine can't read.
    pub fn get(&self, key: impl AsRef<[u8]>) -> Result<Option<Vec<u8>>, StoreError> {
        let _gate = self.reading();
        let found = self.inner.rows.get(key).map_err(|source| self.engine(&source))?;
        Ok(found.map(|value| value.to_vec()))
    }

    /// The rows whose keys begin with `prefix`, in ascending order of their bytes. An empty prefix is every row.
    pub fn scan(&self, prefix: impl AsRef<[u8]>) -> Scan {
        let (lower, upper) = prefix_bounds(prefix.as_ref());
        Scan::new(self.clone(), lower, upper)
    }

    /// As [`Store::scan`], from the first key that is not below `start` (a whole key, prefix included) on.
    pub fn scan_from(&self, prefix: impl AsRef<[u8]>, start: impl AsRef<[u8]>) -> Scan {
        let (_, upper) = prefix_bounds(prefix.as_ref());
        let start = start.as_ref().max(prefix.as_ref()).to_vec();
        Scan::new(self.clone(), Bound::Included(start), upper)
    }

    /// The rows whose keys begin with `prefix`, in descending order of their bytes.
    pub fn scan_back(&self, prefix: impl AsRef<[u8]>) -> ScanBack {
        let (lower, upper) = prefix_bounds(prefix.as_ref());
        ScanBack::new(self.clone(), lower, upper)
    }

    /// The last row whose key begins with `prefix`.
    ///
    /// # Errors
    /// When the engine can't read.
    pub fn last(&self, prefix: impl AsRef<[u8]>) -> Result<Option<Row>, StoreError> {
        let (lower, upper) = prefix_bounds(prefix.as_ref());
        let _gate = self.reading();
        let last = self.inner.rows.range((lower, upper)).next_back();
        last.transpose()
            .map(|row| row.map(|(key, value)| (key.to_vec(), value.to_vec())))
            .map_err(|source| self.engine(&source))
    }

    /// Begins a draft: writes gathered in memory until [`Store::commit`].
    pub fn begin(&self) -> Draft {
        Draft { store: self.clone(), writes: std::collections::BTreeMap::new() }
    }

    /// Commits a draft as one batch. When this returns `Ok`, all of it is on disk; a process or power that ends
    /// before then leaves either all of it or nothing.
    ///
    /// An empty draft writes nothing and tells only whether the store is poisoned.
    ///
    /// # Errors
    /// [`StoreError::Poisoned`] after an earlier failure; [`StoreError::KeySize`], [`StoreError::ValueSize`],
    /// [`StoreError::ForeignDraft`] before anything is written; [`StoreError::Engine`] or [`StoreError::File`]
    /// when writing, flushing or syncing failed: the batch may or may not be kept, and the store is poisoned.
    pub fn commit(&self, draft: Draft) -> Result<(), StoreError> {
        if !Arc::ptr_eq(&self.inner, &draft.store.inner) {
            return Err(StoreError::ForeignDraft);
        }
        for (key, value) in &draft.writes {
            check_sizes(key, value.as_deref())?;
        }
        let mut writer = self.inner.gate.write().unwrap_or_else(PoisonError::into_inner);
        if let Some(why) = &writer.poisoned {
            return Err(StoreError::Poisoned { dir: self.inner.dir.clone(), why: why.clone() });
        }
        if draft.writes.is_empty() {
            return Ok(());
        }
        self.remember_for_backup(&draft)?;
        let kept = self.put_on_disk(draft, &mut writer.disk);
        if let Err(error) = &kept {
            writer.poisoned = Some(error.to_string());
        }
        kept
    }

    fn put_on_disk(&self, draft: Draft, disk: &mut Disk) -> Result<(), StoreError> {
        let mut batch = sled::Batch::default();
        for (key, value) in draft.writes {
            match value {
                Some(value) => batch.insert(key, value),
                None => batch.remove(key),
            }
        }
        self.inner.rows.apply_batch(batch).map_err(|source| self.engine(&source))?;
        self.inner.db.flush().map_err(|source| self.engine(&source))?;
        disk.sync()
    }

    /// Reads, decides and commits with no other `write` in between: for writes that depend on what was read
    /// where several threads write. When `decide` fails, nothing is written.
    ///
    /// `decide` must not call `write` itself (it would wait for ever).
    ///
    /// # Errors
    /// Those of `decide`, and those of [`Store::commit`].
    pub fn write<T, E: From<StoreError>>(
        &self,
        decide: impl FnOnce(&mut Draft) -> Result<T, E>,
    ) -> Result<T, E> {
        let _writing = self.inner.writing.lock().unwrap_or_else(PoisonError::into_inner);
        let mut draft = self.begin();
        let decided = decide(&mut draft)?;
        self.commit(draft)?;
        Ok(decided)
    }

    /// Why the store takes no more writes, if it doesn't.
    pub fn poisoned(&self) -> Option<String> {
        self.reading().poisoned.clone()
    }

    /// How many bytes the engine's files take.
    ///
    /// # Errors
    /// When the engine can't tell.
    pub fn size_on_disk(&self) -> Result<u64, StoreError> {
        self.inner.db.size_on_disk().map_err(|source| self.engine(&source))
    }

    /// Up to [`SCAN_PORTION_ROWS`] rows between two bounds, from the lower or from the upper end.
    pub(crate) fn portion(
        &self,
        lower: &Bound<Vec<u8>>,
        upper: &Bound<Vec<u8>>,
        from_the_end: bool,
    ) -> Result<Vec<Row>, StoreError> {
        if nothing_between(lower, upper) {
            return Ok(Vec::new());
        }
        let _gate = self.reading();
        self.portion_within_gate(lower, upper, from_the_end)
    }

    fn portion_within_gate(
        &self,
        lower: &Bound<Vec<u8>>,
        upper: &Bound<Vec<u8>>,
        from_the_end: bool,
    ) -> Result<Vec<Row>, StoreError> {
        let range = self.inner.rows.range((lower.clone(), upper.clone()));
        let row = |row: Result<(sled::IVec, sled::IVec), sled::Error>| match row {
            Ok((key, value)) => Ok((key.to_vec(), value.to_vec())),
            Err(source) => Err(self.engine(&source)),
        };
        if from_the_end {
            range.rev().take(SCAN_PORTION_ROWS).map(row).collect()
        } else {
            range.take(SCAN_PORTION_ROWS).map(row).collect()
        }
    }

    /// The next rows for a backup, as they were when it began. `None` when there are no more.
    pub(crate) fn portion_for_backup(&self) -> Result<Option<Vec<Row>>, StoreError> {
        let _gate = self.reading();
        let mut undo = self.undo();
        let Some(undo) = undo.as_mut() else { return Ok(None) };
        let Some(lower) = undo.next_lower() else { return Ok(None) };
        let rows = self.portion_within_gate(&lower, &Bound::Unbounded, false)?;
        Ok(Some(undo.as_it_was(rows)))
    }

    /// A running backup still needs the old values of the rows that this draft is about to change.
    fn remember_for_backup(&self, draft: &Draft) -> Result<(), StoreError> {
        let mut undo = self.undo();
        let Some(undo) = undo.as_mut() else { return Ok(()) };
        for key in draft.writes.keys().filter(|key| undo.wants(key)).cloned().collect::<Vec<_>>() {
            let old = self.inner.rows.get(&key).map_err(|source| self.engine(&source))?;
            undo.remember(key, old.map(|value| value.to_vec()));
        }
        Ok(())
    }

    pub(crate) fn undo(&self) -> MutexGuard<'_, Option<Undo>> {
        self.inner.undo.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn reading(&self) -> RwLockReadGuard<'_, Writer> {
        self.inner.gate.read().unwrap_or_else(PoisonError::into_inner)
    }

    fn engine(&self, source: &sled::Error) -> StoreError {
        engine_error(&self.inner.dir, source)
    }

    /// Begins to remember old values for a backup, between two commits.
    pub(crate) fn begin_undo(&self) -> Result<(), StoreError> {
        let _gate = self.reading();
        let mut undo = self.undo();
        if undo.is_some() {
            return Err(StoreError::BackupRunning { dir: self.inner.dir.clone() });
        }
        *undo = Some(Undo::default());
        Ok(())
    }
}

impl std::fmt::Debug for Store {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Store").field("dir", &self.inner.dir).finish_non_exhaustive()
    }
}

fn check_sizes(key: &[u8], value: Option<&[u8]>) -> Result<(), StoreError> {
    if key.is_empty() || key.len() > MAX_KEY_BYTES {
        return Err(StoreError::KeySize { bytes: key.len(), limit: MAX_KEY_BYTES });
    }
    match value {
        Some(value) if value.len() > MAX_VALUE_BYTES => {
            Err(StoreError::ValueSize { bytes: value.len(), limit: MAX_VALUE_BYTES })
        }
        _ => Ok(()),
    }
}
