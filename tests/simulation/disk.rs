//! A disk that fails on demand: it forgets what was not synced, tears, fills up, refuses, and loses its power.

use std::collections::BTreeMap;
use std::io;
use std::ops::Bound;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use propusk_store::{Engine, Row, Store, StoreError, Writes};

pub(crate) type Rows = BTreeMap<Vec<u8>, Vec<u8>>;

/// One machine's disk; clones are the same disk.
#[derive(Clone, Default)]
pub(crate) struct Disk(Arc<Mutex<State>>);

#[derive(Default)]
struct State {
    /// What reads show.
    rows: Rows,
    /// What survives a power cut.
    durable: Rows,
    /// Batches since the last sync.
    unsynced: Vec<Writes>,
    /// Grows with every change of what is durable.
    version: u64,
    trouble: Trouble,
    /// How often an injected fault was met since this was last asked.
    met: u32,
    /// The sabotaged disk says that it has synced.
    lies: bool,
}

#[derive(Default)]
struct Trouble {
    full: bool,
    /// The next sync fails; the batch is kept all the same, or not.
    sync_fails: Option<bool>,
    /// The next write fails.
    write_fails: bool,
    /// The power goes at the n-th write or sync from now; what was not synced is kept, or not.
    fuse: Option<(u8, bool)>,
    /// The power is off.
    dark: bool,
}

impl Disk {
    pub(crate) fn holding(rows: Rows) -> Self {
        Self(Arc::new(Mutex::new(State { rows: rows.clone(), durable: rows, ..State::default() })))
    }

    pub(crate) fn store(&self) -> Store {
        Store::over(Path::new("simulated"), Box::new(self.clone()))
    }

    /// What would be there after a power cut now.
    pub(crate) fn durable(&self) -> Rows {
        self.state().durable.clone()
    }

    /// Looks at what would be there after a power cut now.
    pub(crate) fn look<T>(&self, at: impl FnOnce(&Rows) -> T) -> T {
        at(&self.state().durable)
    }

    pub(crate) fn version(&self) -> u64 {
        self.state().version
    }

    /// Replaces everything, as a restore does.
    pub(crate) fn replace(&self, rows: Rows) {
        let mut state = self.state();
        state.rows.clone_from(&rows);
        state.durable = rows;
        state.unsynced.clear();
        state.version += 1;
    }

    /// The power goes and comes back. What was not synced is there afterwards, or it is not.
    pub(crate) fn power_cut(&self, kept: bool) {
        let mut state = self.state();
        if kept {
            state.sync();
        } else {
            state.forget();
        }
        state.trouble = Trouble { full: state.trouble.full, ..Trouble::default() };
    }

    pub(crate) fn power_is_off(&self) -> bool {
        self.state().trouble.dark
    }

    pub(crate) fn set_full(&self, full: bool) {
        self.state().trouble.full = full;
    }

    pub(crate) fn fail_sync(&self, kept: bool) {
        self.state().trouble.sync_fails = Some(kept);
    }

    pub(crate) fn fail_write(&self) {
        self.state().trouble.write_fails = true;
    }

    pub(crate) fn set_fuse(&self, steps: u8, kept: bool) {
        self.state().trouble.fuse = Some((steps, kept));
    }

    pub(crate) fn mend(&self) {
        self.state().trouble = Trouble::default();
    }

    pub(crate) fn lie(&self) {
        self.state().lies = true;
    }

    /// Whether a fault was met since this was last asked.
    pub(crate) fn take_met(&self) -> u32 {
        std::mem::take(&mut self.state().met)
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    fn sync(&mut self) {
        if self.unsynced.is_empty() {
            return;
        }
        for batch in std::mem::take(&mut self.unsynced) {
            write(&mut self.durable, batch);
        }
        self.version += 1;
    }

    fn forget(&mut self) {
        self.unsynced.clear();
        self.rows = self.durable.clone();
    }

    /// One step of the fuse; true when the power goes now.
    fn burn(&mut self) -> bool {
        if let Some((steps, _)) = &mut self.trouble.fuse {
            if *steps == 0 {
                self.trouble.dark = true;
                self.met += 1;
            } else {
                *steps -= 1;
            }
        }
        self.trouble.dark
    }

    fn met<T>(&mut self, why: &str) -> Result<T, StoreError> {
        self.met += 1;
        let (path, source) = (PathBuf::from("simulated"), io::Error::other(why.to_owned()));
        Err(StoreError::File { doing: "write", path, source })
    }
}

impl Engine for Disk {
    fn get(&self, key: &[u8]) -> Result<Option<Vec<u8>>, StoreError> {
        Ok(self.state().rows.get(key).cloned())
    }

    fn rows(
        &self,
        lower: &Bound<Vec<u8>>,
        upper: &Bound<Vec<u8>>,
        from_the_end: bool,
        limit: usize,
    ) -> Result<Vec<Row>, StoreError> {
        let state = self.state();
        let after = |key: &Vec<u8>| match upper {
            Bound::Included(upper) => key <= upper,
            Bound::Excluded(upper) => key < upper,
            Bound::Unbounded => true,
        };
        let from = state.rows.range((lower.clone(), Bound::Unbounded));
        let within = from.take_while(|(key, _)| after(key)).map(|(key, value)| (key.clone(), value.clone()));
        if from_the_end {
            let mut all: Vec<Row> = within.collect();
            all.reverse();
            all.truncate(limit);
            return Ok(all);
        }
        Ok(within.take(limit).collect())
    }

    fn apply(&self, writes: Writes) -> Result<(), StoreError> {
        let mut state = self.state();
        if state.burn() {
            // A torn batch: the engine's log ends in the middle of it, so it counts as not there.
            return state.met("the power is off");
        }
        if state.trouble.full {
            return state.met("no space left on device");
        }
        if std::mem::take(&mut state.trouble.write_fails) {
            return state.met("input/output error");
        }
        write(&mut state.rows, writes.clone());
        state.unsynced.push(writes);
        Ok(())
    }

    fn sync(&self) -> Result<(), StoreError> {
        let mut state = self.state();
        if state.burn() {
            if state.trouble.fuse.is_some_and(|(_, kept)| kept) {
                state.sync();
            }
            return state.met("the power is off");
        }
        if let Some(kept) = state.trouble.sync_fails.take() {
            if kept {
                state.sync();
            } else {
                state.forget();
            }
            return state.met("input/output error while syncing");
        }
        if !state.lies {
            state.sync();
        }
        Ok(())
    }

    fn size_on_disk(&self) -> Result<u64, StoreError> {
        Ok(0)
    }
}

fn write(rows: &mut Rows, writes: Writes) {
    for (key, value) in writes {
        match value {
            Some(value) => rows.insert(key, value),
            None => rows.remove(&key),
        };
    }
}
