//! Getting bytes onto the disk: what sled 0.34's `flush()` leaves in the OS only.

use std::collections::HashSet;
use std::ffi::OsString;
use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};

use crate::StoreError;

/// Syncs one open file. A parameter only so that a test can let it fail.
#[doc(hidden)]
pub type SyncFn = Box<dyn Fn(&File) -> io::Result<()> + Send + Sync>;

/// Syncs the log file and the blob files of one sled folder.
///
/// sled 0.34 ends a flush with `sync_file_range`, which is no fsync; and a node that is larger than a log
/// segment (512 KiB) goes into a file of its own under `blobs/`, which sled never syncs at all.
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
        for file in ["conf", "db"] {
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

    /// When this returns, everything that was in the OS for this folder is on disk.
    pub(crate) fn sync(&mut self) -> Result<(), StoreError> {
        self.sync_new_blobs()?;
        (self.sync)(&self.log).map_err(StoreError::file("sync", &self.log_path))
    }

    /// Blobs come first: the log must not point at one that a power cut could take away.
    fn sync_new_blobs(&mut self) -> Result<(), StoreError> {
        let list = |source| StoreError::File { doing: "list", path: self.blobs.clone(), source };
        let mut present = HashSet::new();
        let mut fresh = false;
        for entry in fs::read_dir(&self.blobs).map_err(list)? {
            let name = entry.map_err(list)?.file_name();
            if !self.synced_blobs.contains(&name) {
                let path = self.blobs.join(&name);
                match File::open(&path) {
                    Ok(file) => (self.sync)(&file).map_err(StoreError::file("sync", &path))?,
                    // sled removes blobs in the background once nothing points at them.
                    Err(gone) if gone.kind() == io::ErrorKind::NotFound => continue,
                    Err(source) => return Err(StoreError::File { doing: "open", path, source }),
                }
                fresh = true;
            }
            present.insert(name);
        }
        self.synced_blobs = present;
        if fresh { sync_dir(&self.blobs) } else { Ok(()) }
    }
}

/// Puts a folder's entries (new names, renames) on disk.
pub(crate) fn sync_dir(dir: &Path) -> Result<(), StoreError> {
    File::open(dir).and_then(|dir| dir.sync_all()).map_err(StoreError::file("sync the folder", dir))
}
