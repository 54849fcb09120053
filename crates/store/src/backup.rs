//! A consistent export of every row, and a new store made from one.
//!
//! The file: the 16 bytes `propusk-store-1\n`; then for each row, in the order of the keys, the key's length
//! (u32, big-endian), the value's length (u32, big-endian), the key, the value; then four bytes 0xff and the
//! number of rows (u64, big-endian); last the SHA-256 of everything before it.

use std::fs::{self, File, OpenOptions};
use std::io::{self, BufReader, BufWriter, Read, Write};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};

use sha2::{Digest as _, Sha256};

use crate::disk::sync_dir;
use crate::{MAX_KEY_BYTES, MAX_VALUE_BYTES, Options, Store, StoreError};

const MAGIC: &[u8; 16] = b"propusk-store-1\n";
const END_OF_ROWS: u32 = u32::MAX;
/// Rows that a restore writes in one batch.
const RESTORE_BATCH_ROWS: usize = 1000;

/// What a finished backup holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Backup {
    /// How many rows.
    pub rows: u64,
    /// The SHA-256 that stands at the file's end.
    pub sha256: [u8; 32],
}

/// Stops remembering old values however the backup ends.
struct Remembering<'a>(&'a Store);

impl Drop for Remembering<'_> {
    fn drop(&mut self) {
        *self.0.undo() = None;
    }
}

impl Store {
    /// Writes every row to the new file `to` (mode 0600) while reading and writing go on.
    ///
    /// *Consistent* means: the file holds exactly the rows of one moment, that of this call: all of every
    /// commit that returned before it, nothing of any commit that began after it. The old values of rows that
    /// are changed meanwhile are kept in memory until the backup has passed them. The file has its name only
    /// once it is whole and on disk; before, it is `<to>.part`.
    ///
    /// # Errors
    /// [`StoreError::BackupRunning`], [`StoreError::AlreadyThere`], [`StoreError::File`].
    pub fn backup(&self, to: &Path) -> Result<Backup, StoreError> {
        if to.exists() {
            return Err(StoreError::AlreadyThere { path: to.to_owned() });
        }
        self.begin_undo()?;
        let remembering = Remembering(self);
        let part = with_suffix(to, ".part");
        let file = OpenOptions::new()
            .write(true)
            .create(true)
            .truncate(true)
            .mode(0o600)
            .open(&part)
            .map_err(StoreError::file("create", &part))?;
        let mut out = Hashing { inner: BufWriter::new(file), hash: Sha256::new() };
        let write = |source| StoreError::File { doing: "write", path: part.clone(), source };
        out.write_all(MAGIC).map_err(write)?;
        let mut rows = 0_u64;
        while let Some(portion) = self.portion_for_backup()? {
            for (key, value) in portion {
                write_row(&mut out, &key, &value).map_err(write)?;
                rows += 1;
            }
        }
        drop(remembering);
        out.write_all(&END_OF_ROWS.to_be_bytes()).map_err(write)?;
        out.write_all(&rows.to_be_bytes()).map_err(write)?;
        let sha256: [u8; 32] = out.hash.finalize().into();
        out.inner.write_all(&sha256).map_err(write)?;
        let file = out.inner.into_inner().map_err(|error| write(error.into_error()))?;
        file.sync_all().map_err(StoreError::file("sync", &part))?;
        fs::rename(&part, to).map_err(StoreError::file("rename", &part))?;
        sync_dir(folder_of(to))?;
        Ok(Backup { rows, sha256 })
    }

    /// Checks a backup file from end to end and says what it holds.
    ///
    /// # Errors
    /// [`StoreError::BadBackup`] when it is not whole, [`StoreError::File`] when it can't be read.
    pub fn check_backup(file: &Path) -> Result<Backup, StoreError> {
        read_backup(file, |_, _| Ok(()))
    }

    /// Makes a new store in `dir`, which must not be there yet, from a backup. The file is checked whole first;
    /// the folder has its name only when every row is in it and on disk (before, it is `<dir>.part`).
    ///
    /// # Errors
    /// [`StoreError::AlreadyThere`], [`StoreError::BadBackup`], and those of [`Store::open`].
    pub fn restore(file: &Path, dir: &Path, options: Options) -> Result<Store, StoreError> {
        if dir.exists() {
            return Err(StoreError::AlreadyThere { path: dir.to_owned() });
        }
        let checked = Self::check_backup(file)?;
        let part = with_suffix(dir, ".part");
        if part.exists() {
            fs::remove_dir_all(&part).map_err(StoreError::file("remove", &part))?;
        }
        let store = Store::open(&part, options)?;
        let mut draft = store.begin();
        let restored = read_backup(file, |key, value| {
            draft.put(key, value);
            if draft.len() == RESTORE_BATCH_ROWS {
                store.commit(std::mem::replace(&mut draft, store.begin()))?;
            }
            Ok(())
        })?;
        store.commit(draft)?;
        if restored != checked {
            return Err(bad(file, "it changed while it was being read"));
        }
        drop(store);
        fs::rename(&part, dir).map_err(StoreError::file("rename", &part))?;
        sync_dir(folder_of(dir))?;
        Store::open(dir, options)
    }
}

fn write_row(out: &mut impl Write, key: &[u8], value: &[u8]) -> io::Result<()> {
    let length = |bytes: &[u8]| u32::try_from(bytes.len()).map_err(io::Error::other);
    out.write_all(&length(key)?.to_be_bytes())?;
    out.write_all(&length(value)?.to_be_bytes())?;
    out.write_all(key)?;
    out.write_all(value)
}

fn read_backup(
    path: &Path,
    mut row: impl FnMut(Vec<u8>, Vec<u8>) -> Result<(), StoreError>,
) -> Result<Backup, StoreError> {
    let file = File::open(path).map_err(StoreError::file("open", path))?;
    let mut input = Hashing { inner: BufReader::new(file), hash: Sha256::new() };
    let ended = |source: io::Error| match source.kind() {
        io::ErrorKind::UnexpectedEof => bad(path, "it ends too early"),
        _ => StoreError::File { doing: "read", path: path.to_owned(), source },
    };
    let magic: [u8; 16] = input.read_array().map_err(ended)?;
    if &magic != MAGIC {
        return Err(bad(path, "it does not begin like a backup of this format"));
    }
    let mut rows = 0_u64;
    let mut previous: Option<Vec<u8>> = None;
    loop {
        let key_bytes = u32::from_be_bytes(input.read_array().map_err(ended)?);
        if key_bytes == END_OF_ROWS {
            break;
        }
        let value_bytes = u32::from_be_bytes(input.read_array().map_err(ended)?);
        if key_bytes as usize > MAX_KEY_BYTES || value_bytes as usize > MAX_VALUE_BYTES {
            return Err(bad(path, "it holds a row that is longer than the store allows"));
        }
        let key = input.read_vec(key_bytes as usize).map_err(ended)?;
        let value = input.read_vec(value_bytes as usize).map_err(ended)?;
        if previous.as_ref().is_some_and(|previous| *previous >= key) {
            return Err(bad(path, "its rows are not in order"));
        }
        row(key.clone(), value)?;
        previous = Some(key);
        rows += 1;
    }
    let counted = u64::from_be_bytes(input.read_array().map_err(ended)?);
    let sha256: [u8; 32] = input.hash.clone().finalize().into();
    let written: [u8; 32] = input.read_array().map_err(ended)?;
    if counted != rows || written != sha256 {
        return Err(bad(path, "its checksum does not match: it was damaged or cut"));
    }
    match input.inner.read(&mut [0]).map_err(ended)? {
        0 => Ok(Backup { rows, sha256 }),
        _ => Err(bad(path, "something follows its end")),
    }
}

/// Hashes what passes through.
struct Hashing<T> {
    inner: T,
    hash: Sha256,
}

impl<T: Write> Write for Hashing<T> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let written = self.inner.write(bytes)?;
        self.hash.update(bytes.get(..written).unwrap_or(bytes));
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.inner.flush()
    }
}

impl<T: Read> Hashing<T> {
    fn read_array<const N: usize>(&mut self) -> io::Result<[u8; N]> {
        let mut bytes = [0; N];
        self.inner.read_exact(&mut bytes)?;
        self.hash.update(bytes);
        Ok(bytes)
    }

    fn read_vec(&mut self, length: usize) -> io::Result<Vec<u8>> {
        let mut bytes = vec![0; length];
        self.inner.read_exact(&mut bytes)?;
        self.hash.update(&bytes);
        Ok(bytes)
    }
}

fn bad(file: &Path, why: &str) -> StoreError {
    StoreError::BadBackup { file: file.to_owned(), why: why.to_owned() }
}

fn with_suffix(path: &Path, suffix: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(suffix);
    PathBuf::from(name)
}

fn folder_of(path: &Path) -> &Path {
    match path.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent,
        _ => Path::new("."),
    }
}
