//! Small batches in one write each: a file beside sled's log has them on disk, and sled writes their rows when it likes.
//!
//! A batch of sled 0.34's own is two writes, each of which is handed to another thread and waits for the disk; then its
//! log is synced. One of a few hand-ins costs half of that here: it is written into a file that has its size already, and
//! that file is synced. Only then is sled given its rows, one by one, and after them the count of commits.
//!
//! Opening the folder writes all of the file's batches again, whatever sled has kept of them: what it wrote and did not
//! sync may have come onto the disk in any order. So the file must hold nothing that is older than anything in sled which
//! is not in the file as well. Before a larger batch, and when there is no room for the next one, sled's files are synced
//! and this one is emptied.
//!
//! The file is a run of batches. Each is the length of what follows the checksum (u32), the checksum (CRC-32, going on
//! from that of the batch before), the number of the commit (u64); then of each row the key's length and the value's
//! (u32), the key, the value. All big-endian. A run ends at the first thing that is no batch of it: zeros, the torn end
//! of a write, or the rest of an earlier run.

use std::fs::{self, File, OpenOptions};
use std::os::unix::fs::{FileExt as _, OpenOptionsExt as _};
use std::path::{Path, PathBuf};

use crate::StoreError;
use crate::disk::{Disk, sync_dir};
use crate::engine::Writes;
use crate::open::engine_error;
use crate::rollback::Count;

/// The file's name beside the log.
pub(crate) const REDO_FILE: &str = "redo";
/// The file's size. So much is written again at most.
pub(crate) const FILE_BYTES: usize = 256 * 1024;
/// The most bytes of keys and values in a batch that comes here. A hand-in that comes alone has less, although it writes a
/// block of sixteen anew.
const SMALL_BYTES: usize = 32 * 1024;
/// Stands for the length of a value where a row is deleted.
const DELETED: u32 = u32::MAX;

/// The small batches of one folder since the file was emptied last.
pub(crate) struct Redo {
    path: PathBuf,
    file: File,
    /// Where the run ends. At the start it may not be empty.
    end: usize,
    /// The checksum of its last batch.
    checksum: u32,
}

impl Redo {
    /// Opens the file, which is made if it isn't there.
    ///
    /// # Errors
    /// [`StoreError::File`].
    pub(crate) fn open(dir: &Path) -> Result<Self, StoreError> {
        let path = dir.join(REDO_FILE);
        let mut options = OpenOptions::new();
        let file = options.read(true).write(true).create(true).truncate(false).mode(0o600).open(&path);
        let file = file.map_err(StoreError::file("open", &path))?;
        // Nothing but zeros is ever missing: no batch comes here before the file has its size on disk.
        let has = file.metadata().map_err(StoreError::file("look at", &path))?.len();
        let missing = (FILE_BYTES as u64).saturating_sub(has);
        if missing > 0 {
            file.write_all_at(&vec![0; missing.try_into().unwrap_or(FILE_BYTES)], has)
                .and_then(|()| file.sync_all())
                .map_err(StoreError::file("write", &path))?;
        }
        Ok(Self { path, file, end: FILE_BYTES, checksum: 0 })
    }

    /// Gives sled the rows of every batch again. The number of the last one where there is a gap before the first: then sled
    /// has lost commits, and gets none of these.
    ///
    /// # Errors
    /// [`StoreError::File`], and [`StoreError::Engine`] when sled fails.
    pub(crate) fn replay(
        &self,
        dir: &Path,
        db: &sled::Db,
        rows: &sled::Tree,
    ) -> Result<Option<u64>, StoreError> {
        let run = self.run()?;
        let failed = |source| engine_error(dir, &source);
        let counted = Count::read(db).map_err(failed)?;
        let (Some((first, _)), Some(&(last, _))) = (run.first(), run.last()) else { return Ok(None) };
        if *first > counted + 1 {
            return Ok(Some(last));
        }
        // A file of this folder ends with the last commit; what sled counts beyond is newer than an older copy.
        if last >= counted {
            for (_, writes) in run {
                write_singly(rows, writes).map_err(failed)?;
            }
            Count::write(db, last).map_err(failed)?;
        }
        Ok(None)
    }

    /// Empties a file whose batches sled is not to get. If there are any, a copy is put beside it, with the first free number.
    /// Nobody removes that; it is for whoever looks into what was lost.
    ///
    /// # Errors
    /// [`StoreError::File`].
    pub(crate) fn let_go(&mut self, disk: &Disk) -> Result<(), StoreError> {
        if !self.run()?.is_empty() {
            self.copy_aside()?;
        }
        self.empty(disk)
    }

    fn run(&self) -> Result<Vec<(u64, Writes)>, StoreError> {
        let mut run = vec![0; FILE_BYTES];
        self.file.read_exact_at(&mut run, 0).map_err(StoreError::file("read", &self.path))?;
        Ok(batches(&run).collect())
    }

    fn copy_aside(&self) -> Result<(), StoreError> {
        let part = self.path.with_extension("part");
        fs::copy(&self.path, &part).map_err(StoreError::file("write", &part))?;
        File::open(&part).and_then(|copy| copy.sync_all()).map_err(StoreError::file("sync", &part))?;
        let numbered = |number: u32| self.path.with_extension(number.to_string());
        if let Some(copy) = (1..).map(numbered).find(|path| !path.exists()) {
            fs::rename(&part, &copy).map_err(StoreError::file("rename", &part))?;
        }
        sync_dir(self.path.parent().unwrap_or(Path::new(".")))
    }

    /// Brings the batch of the commit that will be counted as `number` onto the disk, before sled is given any of its rows.
    /// `false`: it is too large, or there is no room for it.
    ///
    /// # Errors
    /// [`StoreError::File`]: nobody then knows what is on disk.
    pub(crate) fn keep(&mut self, number: u64, writes: &Writes, disk: &Disk) -> Result<bool, StoreError> {
        let bytes =
            |(key, value): (&Vec<u8>, &Option<Vec<u8>>)| key.len() + value.as_ref().map_or(0, Vec::len);
        if writes.iter().map(bytes).sum::<usize>() > SMALL_BYTES {
            return Ok(false);
        }
        let (batch, checksum) = encoded(number, writes, self.checksum);
        if self.end + batch.len() > FILE_BYTES {
            return Ok(false);
        }
        self.write(&batch, self.end, disk)?;
        self.end += batch.len();
        self.checksum = checksum;
        Ok(true)
    }

    /// Whether the file may hold any batch.
    pub(crate) fn is_begun(&self) -> bool {
        self.end > 0
    }

    /// Empties the file, on disk. Only when sled's files are synced.
    ///
    /// # Errors
    /// [`StoreError::File`]: nobody then knows what is on disk.
    pub(crate) fn empty(&mut self, disk: &Disk) -> Result<(), StoreError> {
        self.write(&[0; 16], 0, disk)?;
        self.end = 0;
        self.checksum = 0;
        Ok(())
    }

    fn write(&self, bytes: &[u8], place: usize, disk: &Disk) -> Result<(), StoreError> {
        let written = self.file.write_all_at(bytes, place as u64);
        written.map_err(StoreError::file("write", &self.path))?;
        disk.sync_file(&self.file, &self.path)
    }
}

/// Gives sled the rows of a batch one by one.
pub(crate) fn write_singly(rows: &sled::Tree, writes: Writes) -> Result<(), sled::Error> {
    for (key, value) in writes {
        match value {
            Some(value) => rows.insert(key, value)?,
            None => rows.remove(key)?,
        };
    }
    Ok(())
}

/// A batch and its checksum, after one with the checksum `before`.
fn encoded(number: u64, writes: &Writes, before: u32) -> (Vec<u8>, u32) {
    let length = |bytes: &[u8]| u32::try_from(bytes.len()).unwrap_or(DELETED).to_be_bytes();
    let mut body = number.to_be_bytes().to_vec();
    for (key, value) in writes {
        body.extend(length(key));
        body.extend(value.as_deref().map_or(DELETED.to_be_bytes(), length));
        body.extend(key);
        body.extend(value.iter().flatten());
    }
    let checksum = going_on(before, &body);
    ([&length(&body), &checksum.to_be_bytes(), body.as_slice()].concat(), checksum)
}

fn going_on(before: u32, body: &[u8]) -> u32 {
    let mut hasher = crc32fast::Hasher::new_with_initial(before);
    hasher.update(body);
    hasher.finalize()
}

/// The batches of a run, in their order.
fn batches(mut run: &[u8]) -> impl Iterator<Item = (u64, Writes)> {
    let mut before = 0;
    std::iter::from_fn(move || {
        let (length, checksum) = (next_u32(&mut run)?, next_u32(&mut run)?);
        let body = run.split_off(..usize::try_from(length).ok()?)?;
        let is_next = going_on(std::mem::replace(&mut before, checksum), body) == checksum;
        is_next.then(|| decoded(body)).flatten()
    })
}

fn decoded(mut body: &[u8]) -> Option<(u64, Writes)> {
    let (number, rest) = body.split_first_chunk()?;
    body = rest;
    let mut writes = Writes::new();
    while !body.is_empty() {
        let (key, value) = (next_u32(&mut body)?, next_u32(&mut body)?);
        let key = body.split_off(..usize::try_from(key).ok()?)?.to_vec();
        let value = match value {
            DELETED => None,
            value => Some(body.split_off(..usize::try_from(value).ok()?)?.to_vec()),
        };
        writes.insert(key, value);
    }
    Some((u64::from_be_bytes(*number), writes))
}

fn next_u32(bytes: &mut &[u8]) -> Option<u32> {
    let (next, rest) = bytes.split_first_chunk()?;
    *bytes = rest;
    Some(u32::from_be_bytes(*next))
}

#[cfg(test)]
#[path = "redo_tests.rs"]
mod tests;
