//! Stores whose rows have an older form: written anew when they are opened, once and as a whole.
//!
//! The engine would keep the old bytes in its log, so the new rows go into a folder of their own, which takes the old
//! one's place when it is complete and on disk. A crash leaves the old store or the new one, and the next opening goes
//! on from there. The old files are written over before they are removed.

use std::ffi::OsStr;
use std::fs::{self, File, OpenOptions};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use crate::{Options, Store, StoreError};

/// Which form the rows of a store have: `mark` in its row `row`. A store without that row has the form before the first
/// mark, or is empty.
#[derive(Clone, Copy, Debug)]
pub struct Form {
    /// Key of the row; no other row of the store has it.
    pub row: &'static [u8],
    /// The present form.
    pub mark: &'static [u8],
}

impl Form {
    /// Opens the store in `folder`. Where it has the form before the first mark, `rewrite` puts all of its rows into a new
    /// store (second argument), but for the mark; returns true beside the store then.
    ///
    /// # Errors
    /// [`StoreError::UnknownForm`] for another mark, those of [`Store::open`] and [`StoreError::File`], and the caller's own.
    pub fn open<E: From<StoreError>>(
        self,
        folder: &Path,
        options: Options,
        rewrite: impl FnOnce(&Store, &Store) -> Result<(), E>,
    ) -> Result<(Store, bool), E> {
        let (making, complete) = (beside(folder, "renewing"), beside(folder, "renewed"));
        if complete.exists() {
            take_place(folder, &complete)?;
        }
        let store = Store::open(folder, options)?;
        match store.get(self.row)? {
            Some(mark) if mark == self.mark => return Ok((store, false)),
            Some(mark) => {
                let found = String::from_utf8_lossy(&mark).into_owned();
                return Err(StoreError::UnknownForm { dir: folder.to_owned(), found }.into());
            }
            None if store.scan(b"").next().is_none() => {
                self.put_mark(&store)?;
                return Ok((store, false));
            }
            None => {}
        }
        if making.exists() {
            fs::remove_dir_all(&making).map_err(StoreError::file("remove", &making))?;
        }
        let new = Store::open(&making, options)?;
        rewrite(&store, &new)?;
        self.put_mark(&new)?;
        drop((store, new));
        rename(&making, &complete)?;
        take_place(folder, &complete)?;
        Ok((Store::open(folder, options)?, true))
    }

    fn put_mark(self, store: &Store) -> Result<(), StoreError> {
        let mut draft = store.begin();
        draft.put(self.row, self.mark);
        store.commit(draft)
    }
}

/// The complete new folder takes the old one's place; the old files are written over first.
fn take_place(folder: &Path, complete: &Path) -> Result<(), StoreError> {
    if folder.exists() {
        wipe(folder).map_err(StoreError::file("write over and remove", folder))?;
    }
    rename(complete, folder)
}

fn rename(from: &Path, to: &Path) -> Result<(), StoreError> {
    let parent = to.parent().unwrap_or(Path::new("."));
    fs::rename(from, to)
        .and_then(|()| File::open(parent)?.sync_all())
        .map_err(StoreError::file("rename", from))
}

/// Writes zeros over every file of a folder, syncs them and removes it.
fn wipe(folder: &Path) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        if entry.file_type()?.is_dir() {
            wipe(&entry.path())?;
            continue;
        }
        let mut file = OpenOptions::new().write(true).open(entry.path())?;
        let mut left = file.metadata()?.len();
        let zeros = [0; 64 * 1024];
        while left > 0 {
            let portion = usize::try_from(left).unwrap_or(usize::MAX).min(zeros.len());
            file.write_all(&zeros[..portion])?;
            left -= portion as u64;
        }
        file.sync_all()?;
    }
    fs::remove_dir_all(folder)
}

/// The folder's name with something added.
fn beside(folder: &Path, what: &str) -> PathBuf {
    let name = folder.file_name().and_then(OsStr::to_str).unwrap_or("store");
    folder.with_file_name(format!("{name}.{what}"))
}

#[cfg(test)]
#[path = "renewal_tests.rs"]
mod tests;
