//! Noticing that the rows are not the newest: a log that was damaged in the middle, or replaced by an older copy.
//!
//! sled 0.34 reads its log up to the first entry whose checksum does not match, and takes what follows for a torn end:
//! one flipped bit takes every later commit away without a word. So each commit is counted twice: by a row of the
//! engine's, and, after it is on disk, in a file beside the log. The file is not synced, so a power cut can make it
//! older than the rows; it is never newer, unless rows are lost.

use std::fs::{File, OpenOptions};
use std::io;
use std::os::unix::fs::{FileExt as _, OpenOptionsExt as _};
use std::path::{Path, PathBuf};

use crate::StoreError;
use crate::open::engine_error;

/// The count's name beside the log.
pub(crate) const COUNT_FILE: &str = "commits";
/// The count's row; it stands in sled's default tree, apart from the rows.
const COUNT_KEY: &[u8] = b"propusk-store-commits";

/// Commits that were on disk once and are no longer there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RolledBack {
    /// How many commits there had been.
    pub had: u64,
    /// How many there are.
    pub has: u64,
}

/// Counts the commits of one folder.
pub(crate) struct Count {
    commits: u64,
    path: PathBuf,
    file: File,
}

impl Count {
    /// Compares both counts, and goes on from the rows'. `lost` is the number of a commit that is known to be lost.
    pub(crate) fn open(
        dir: &Path,
        db: &sled::Db,
        lost: Option<u64>,
    ) -> Result<(Self, Option<RolledBack>), StoreError> {
        let path = dir.join(COUNT_FILE);
        let has = Self::read(db).map_err(|source| engine_error(dir, &source))?;
        let mut options = OpenOptions::new();
        let file = options.read(true).write(true).create(true).truncate(false).mode(0o600).open(&path);
        let file = file.map_err(StoreError::file("open", &path))?;
        let mut bytes = [0; 8];
        let shown = match file.read_exact_at(&mut bytes, 0) {
            Ok(()) => u64::from_be_bytes(bytes),
            Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => 0,
            Err(source) => return Err(StoreError::File { doing: "read", path, source }),
        };
        let had = shown.max(lost.unwrap_or(0));
        if lost.is_some() {
            let written = file.write_all_at(&had.to_be_bytes(), 0).and_then(|()| file.sync_all());
            written.map_err(StoreError::file("write", &path))?;
        }
        // The file stays as it is until the next commit, so that whoever notes the loss in a row loses no note.
        Ok((Self { commits: has, path, file }, (had > has).then_some(RolledBack { had, has })))
    }

    /// How many commits the rows count.
    pub(crate) fn read(db: &sled::Db) -> Result<u64, sled::Error> {
        let counted = db.get(COUNT_KEY)?;
        Ok(counted.and_then(|bytes| bytes.as_ref().try_into().ok()).map_or(0, u64::from_be_bytes))
    }

    /// Has the rows count so many.
    pub(crate) fn write(db: &sled::Db, commits: u64) -> Result<(), sled::Error> {
        db.insert(COUNT_KEY, &commits.to_be_bytes()).map(drop)
    }

    /// Which one the next commit will be.
    pub(crate) fn coming(&self) -> u64 {
        self.commits + 1
    }

    /// Counts a commit among the rows, after its own rows.
    pub(crate) fn next(&mut self, db: &sled::Db) -> Result<(), sled::Error> {
        self.commits = self.coming();
        Self::write(db, self.commits)
    }

    /// Writes the count beside the log. Only for commits that are on disk.
    pub(crate) fn show(&self) -> Result<(), StoreError> {
        let written = self.file.write_all_at(&self.commits.to_be_bytes(), 0);
        written.map_err(StoreError::file("write", &self.path))
    }
}
