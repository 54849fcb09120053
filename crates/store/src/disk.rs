//! Getting bytes onto the disk: what sled 0.34's `flush()` leaves in the OS only.

use std::collections::HashSet;
use std::ffi::OsString;
use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};

use crate::StoreError;
use crate::redo::REDO_FILE;

/// Syncs one open file. A parameter only so that a test can let it fail.
#[doc(hidden)]
pub type SyncFn = Box<dyn Fn(&File) -> io::Result<()> + Send + Sync>;

/// Syncs the log file and the blob files of one sled folder.
///
/// sled 0.34 ends a flush with `sync_file_range`, which is no fsync; and a node that is larger than a quarter of a log
/// segment (128 KiB) goes into a file of its own under `blobs/`, which sled never syncs at all.
pub(crate) struct Disk {
    log_path: PathBuf,
    log: File,
    blobs: PathBuf,
    synced_blobs: HashSet<OsString>,
    sync: SyncFn,
}

impl Disk {
    /// Opens the files of a folder that sled has just opened, and syncs them and the folder's entries once.
    pub(crate) fn open(dir: &Path, sync: SyncFn) -> Result<Self, StoreError> {
        let log_path = dir.join("db");
        let log = File::open(&log_path).map_err(StoreError::file("open", &log_path))?;
        let mut disk = Self { log_path, log, blobs: dir.join("blobs"), synced_blobs: HashSet::new(), sync };
        disk.sync()?;
        for file in ["conf", "db", REDO_FILE] {
            let path = dir.join(file);
            if path.exists() {
                File::open(&path)
                    .and_then(|file| file.sync_all())
                    .map_err(StoreError::file("sync", &path))?;
            }
        }
        sync_dir(dir)?;
        if let Some(parent) = dir.parent().filter(|parent| !parent.as_os_str().is_empty()) {
            sync_dir(parent)?;
        }
        Ok(disk)
    }

    /// When this returns, everything that sled had in the OS for this folder is on disk.
    pub(crate) fn sync(&mut self) -> Result<(), StoreError> {
        self.sync_new_blobs()?;
        self.sync_file(&self.log, &self.log_path)
    }

    /// When this returns, everything that was in the OS for this file is on disk.
    pub(crate) fn sync_file(&self, file: &File, path: &Path) -> Result<(), StoreError> {
        (self.sync)(file).map_err(StoreError::file("sync", path))
    }

    /// Whether sled has made blobs that are not synced yet.
    pub(crate) fn has_new_blobs(&self) -> Result<bool, StoreError> {
        Ok(self.blobs_present()?.iter().any(|name| !self.synced_blobs.contains(name)))
    }

    fn blobs_present(&self) -> Result<HashSet<OsString>, StoreError> {
        let names = fs::read_dir(&self.blobs)
            .and_then(|entries| entries.map(|entry| Ok(entry?.file_name())).collect());
        names.map_err(StoreError::file("list", &self.blobs))
    }

    /// Blobs come first: the log must not point at one that a power cut could take away.
    fn sync_new_blobs(&mut self) -> Result<(), StoreError> {
        let mut present = self.blobs_present()?;
        let fresh: Vec<OsString> = present.difference(&self.synced_blobs).cloned().collect();
        for name in &fresh {
            let path = self.blobs.join(name);
            match File::open(&path) {
                Ok(file) => self.sync_file(&file, &path)?,
                // sled removes blobs in the background once nothing points at them.
                Err(gone) if gone.kind() == io::ErrorKind::NotFound => {
                    present.remove(name);
                }
                Err(source) => return Err(StoreError::File { doing: "open", path, source }),
            }
        }
        self.synced_blobs = present;
        if fresh.is_empty() { Ok(()) } else { sync_dir(&self.blobs) }
    }
}

/// Puts a folder's entries (new names, renames) on disk.
pub(crate) fn sync_dir(dir: &Path) -> Result<(), StoreError> {
    File::open(dir).and_then(|dir| dir.sync_all()).map_err(StoreError::file("sync the folder", dir))
}
