//! The store itself: reads of what is on disk, and commits.

#[cfg(feature = "disk")]
use std::fs::File;
use std::ops::Bound;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock, RwLockReadGuard};

#[cfg(feature = "disk")]
use crate::disk::SyncFn;
use crate::engine::Engine;
#[cfg(feature = "disk")]
use crate::on_disk::Sled;
use crate::scan::{SCAN_PORTION_ROWS, prefix_bounds};
use crate::undo::Undo;
use crate::{Draft, Row, Scan, ScanBack, StoreError};
#[cfg(feature = "disk")]
use crate::{Options, Recovery};

/// The longest key, in bytes. Short keys are cheap keys: each costs memory too.
pub const MAX_KEY_BYTES: usize = 512;
/// The longest value, in bytes (1 MiB). Bigger things belong into files.
pub const MAX_VALUE_BYTES: usize = 1024 * 1024;

/// A handle on one open data folder; clones share it. The folder is let go of when the last clone is dropped.
#[derive(Clone)]
pub struct Store {
    pub(crate) inner: Arc<Inner>,
    /// Reads don't wait for the commit that is under way.
    ahead: bool,
}

pub(crate) struct Inner {
    pub(crate) dir: PathBuf,
    engine: Box<dyn Engine>,
    #[cfg(feature = "disk")]
    recovery: Option<Recovery>,
    /// Held by [`Store::write`] from its first read to the end of its commit.
    writing: Mutex<()>,
    /// Commits hold it exclusively until their rows are on disk, so no read shows a row that may yet be lost.
    gate: RwLock<Gate>,
    /// What a running backup needs to see the rows as they were when it began.
    pub(crate) undo: Mutex<Option<Undo>>,
}

impl Inner {
    fn new(dir: &Path, engine: Box<dyn Engine>) -> Self {
        Self {
            dir: dir.to_owned(),
            engine,
            #[cfg(feature = "disk")]
            recovery: None,
            writing: Mutex::default(),
            gate: RwLock::default(),
            undo: Mutex::default(),
        }
    }
}

#[derive(Default)]
struct Gate {
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
    #[cfg(feature = "disk")]
    pub fn open(dir: &Path, options: Options) -> Result<Store, StoreError> {
        Self::open_with_sync(dir, options, Box::new(File::sync_data))
    }

    /// As [`Store::open`], with another way of syncing: only for tests that let the disk fail.
    #[cfg(feature = "disk")]
    #[doc(hidden)]
    pub fn open_with_sync(dir: &Path, options: Options, sync: SyncFn) -> Result<Store, StoreError> {
        let (engine, recovery) = Sled::open(dir, options, sync)?;
        let mut inner = Inner::new(dir, Box::new(engine));
        inner.recovery = recovery;
        Ok(Store { inner: Arc::new(inner), ahead: false })
    }

    /// A store on another engine: a browser's, or that of a simulation, whose disks fail in ways that no real one does on
    /// demand. `dir` only names it in errors.
    pub fn over(dir: &Path, engine: Box<dyn Engine>) -> Store {
        Store { inner: Arc::new(Inner::new(dir, engine)), ahead: false }
    }

    /// What had to be done to open the folder; `None` in ordinary times. Whoever opens a store tells people.
    #[cfg(feature = "disk")]
    pub fn recovery(&self) -> Option<&Recovery> {
        self.inner.recovery.as_ref()
    }

    /// The data folder.
    pub fn dir(&self) -> &Path {
        &self.inner.dir
    }

    /// A handle whose reads don't wait for a commit that is under way. They may show rows of it that are not on disk yet, and
    /// a part of them until they are written, so it is for decisions that are committed after it (see
    /// [`Store::commit_with`]), and for nobody else's eyes.
    #[must_use]
    pub fn ahead(&self) -> Store {
        Store { inner: self.inner.clone(), ahead: true }
    }

    /// The value under `key`, or `None`.
    ///
    /// # Errors
    /// When the engine can't read.
    pub fn get(&self, key: impl AsRef<[u8]>) -> Result<Option<Vec<u8>>, StoreError> {
        let _gate = self.reading();
        self.inner.engine.get(key.as_ref())
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
        Ok(self.inner.engine.rows(&lower, &upper, true, 1)?.pop())
    }

    /// The last row whose key begins with `prefix` and is not above `key`.
    ///
    /// # Errors
    /// When the engine can't read.
    pub fn last_up_to(&self, prefix: impl AsRef<[u8]>, key: Vec<u8>) -> Result<Option<Row>, StoreError> {
        let (lower, _) = prefix_bounds(prefix.as_ref());
        let _gate = self.reading();
        Ok(self.inner.engine.rows(&lower, &Bound::Included(key), true, 1)?.pop())
    }

    /// The first row whose key begins with `prefix` and is above `key`.
    ///
    /// # Errors
    /// When the engine can't read.
    pub fn first_after(&self, prefix: impl AsRef<[u8]>, key: &[u8]) -> Result<Option<Row>, StoreError> {
        let (_, upper) = prefix_bounds(prefix.as_ref());
        let _gate = self.reading();
        Ok(self.inner.engine.rows(&Bound::Excluded(key.to_vec()), &upper, false, 1)?.pop())
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
        self.commit_with(draft, || {})
    }

    /// As [`Store::commit`], and calls `written` when the rows are written; they may not be on disk yet. From then on
    /// they are seen through [`Store::ahead`]. What is decided by them can't come on disk without them: this commit ends
    /// first, and when it fails, no other is taken.
    ///
    /// # Errors
    /// As [`Store::commit`].
    pub fn commit_with(&self, draft: Draft, written: impl FnOnce()) -> Result<(), StoreError> {
        if !Arc::ptr_eq(&self.inner, &draft.store.inner) {
            return Err(StoreError::ForeignDraft);
        }
        for (key, value) in &draft.writes {
            check_sizes(key, value.as_deref())?;
        }
        let mut gate = self.inner.gate.write().unwrap_or_else(PoisonError::into_inner);
        if let Some(why) = &gate.poisoned {
            return Err(StoreError::Poisoned { dir: self.inner.dir.clone(), why: why.clone() });
        }
        if draft.writes.is_empty() {
            written();
            return Ok(());
        }
        self.remember_for_backup(&draft)?;
        // So it stays where the engine panics: nobody knows then what it has written.
        gate.poisoned = Some("a commit was broken off".to_owned());
        let kept = self.inner.engine.apply(draft.writes).and_then(|()| {
            written();
            self.inner.engine.sync()
        });
        gate.poisoned = kept.as_ref().err().map(ToString::to_string);
        kept
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
        self.gate().poisoned.clone()
    }

    /// How many bytes the engine's files take.
    ///
    /// # Errors
    /// When the engine can't tell.
    pub fn size_on_disk(&self) -> Result<u64, StoreError> {
        self.inner.engine.size_on_disk()
    }

    /// Up to [`SCAN_PORTION_ROWS`] rows between two bounds, from the lower or from the upper end.
    pub(crate) fn portion(
        &self,
        lower: &Bound<Vec<u8>>,
        upper: &Bound<Vec<u8>>,
        from_the_end: bool,
    ) -> Result<Vec<Row>, StoreError> {
        let _gate = self.reading();
        self.inner.engine.rows(lower, upper, from_the_end, SCAN_PORTION_ROWS)
    }

    /// The next rows for a backup, as they were when it began. `None` when there are no more.
    #[cfg(feature = "disk")]
    pub(crate) fn portion_for_backup(&self) -> Result<Option<Vec<Row>>, StoreError> {
        let _gate = self.gate();
        let mut undo = self.undo();
        let Some(undo) = undo.as_mut() else { return Ok(None) };
        let Some(lower) = undo.next_lower() else { return Ok(None) };
        let rows = self.inner.engine.rows(&lower, &Bound::Unbounded, false, SCAN_PORTION_ROWS)?;
        Ok(Some(undo.as_it_was(rows)))
    }

    /// A running backup still needs the old values of the rows that this draft is about to change.
    fn remember_for_backup(&self, draft: &Draft) -> Result<(), StoreError> {
        let mut undo = self.undo();
        let Some(undo) = undo.as_mut() else { return Ok(()) };
        for key in draft.writes.keys().filter(|key| undo.wants(key)).cloned().collect::<Vec<_>>() {
            let old = self.inner.engine.get(&key)?;
            undo.remember(key, old);
        }
        Ok(())
    }

    pub(crate) fn undo(&self) -> MutexGuard<'_, Option<Undo>> {
        self.inner.undo.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Held by a read, so that no commit is under way meanwhile; `None` for reads that are ahead of it.
    fn reading(&self) -> Option<RwLockReadGuard<'_, Gate>> {
        (!self.ahead).then(|| self.gate())
    }

    fn gate(&self) -> RwLockReadGuard<'_, Gate> {
        self.inner.gate.read().unwrap_or_else(PoisonError::into_inner)
    }

    /// Begins to remember old values for a backup, between two commits.
    #[cfg(feature = "disk")]
    pub(crate) fn begin_undo(&self) -> Result<(), StoreError> {
        let _gate = self.gate();
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
