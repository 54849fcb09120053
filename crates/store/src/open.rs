//! Opening a data folder: whose it is, what it holds, and the one known way in which it fails to open.

use std::ffi::{OsStr, OsString};
use std::fs;
use std::os::unix::fs::DirBuilderExt as _;
use std::path::{Path, PathBuf};
use std::time::Duration;

use crate::StoreError;
use crate::redo::REDO_FILE;
use crate::rollback::{COUNT_FILE, RolledBack};

/// How a store is opened.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Options {
    /// How much the engine may keep in memory, in bytes; its own default of 1 GiB is too much for a hut.
    pub cache_bytes: u64,
    /// How often the engine tidies its file up beside the commits: it copies what is still valid of half-empty segments
    /// elsewhere, and fills them again. Each time it also writes the rows of small batches, which are on disk beside its file
    /// already, and asks the disk to sync, whether or not anything was written.
    pub tidy_every: Duration,
}

impl Default for Options {
    /// 64 MiB, and half a second.
    fn default() -> Self {
        Self { cache_bytes: 64 * 1024 * 1024, tidy_every: Duration::from_millis(500) }
    }
}

impl Options {
    /// For a store into which thousands of rows a second are written: tidied up every 5 ms. Filled at 20,000 hand-ins a
    /// second, a record of a million took some 500 bytes of disk for each, its permits included, and 935 at 10 ms; at half
    /// that rate 2,067 at half a second.
    #[must_use]
    pub fn busy(cache_bytes: u64) -> Self {
        Self { cache_bytes, tidy_every: Duration::from_millis(5) }
    }
}

/// What was found, and done, when a folder was opened that is not as it was left. Whoever opens a store tells people.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Recovery {
    /// Snapshot files were damaged and have been made anew.
    pub resnapshot: Option<Resnapshot>,
    /// Commits that were on disk are gone: damage in the log, or an older copy of it.
    pub rolled_back: Option<RolledBack>,
}

/// What was done to open a folder whose snapshot files were damaged (sled#1533: seen after power cuts).
/// Snapshots only shorten the start; all rows are in the log, from which sled makes them again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Resnapshot {
    /// Where the folder was copied to, as it was found. Nobody removes it; it is for whoever looks into it.
    pub copy: PathBuf,
    /// The names of the snapshot files that were removed.
    pub removed: Vec<OsString>,
    /// How many rows could be read afterwards, every one of them.
    pub rows: u64,
}

/// Format mark: kept in sled's default tree, apart from the rows.
pub(crate) const FORMAT_KEY: &[u8] = b"propusk-store-format";
/// The newest format.
pub(crate) const FORMAT: &str = "2";
/// The one before it, without small batches beside the log. Its programs don't know of them, so the mark is written anew.
const EARLIER_FORMAT: &str = "1";
/// The one tree of rows: a batch over several trees was seen torn by kill -9 (STACK.md, sled).
pub(crate) const ROWS: &[u8] = b"rows";

/// sled lets go of its lock a moment after the last handle is dropped.
const LOCK_TRIES: u32 = 10;
const LOCK_PAUSE: Duration = Duration::from_millis(50);

/// Opens the engine on `dir`, recovering from damaged snapshots.
pub(crate) fn open_engine(
    dir: &Path,
    options: Options,
) -> Result<(sled::Db, Option<Resnapshot>), StoreError> {
    refuse_foreign_folder(dir)?;
    fs::DirBuilder::new()
        .recursive(true)
        .mode(0o700)
        .create(dir)
        .map_err(StoreError::file("create the folder", dir))?;
    match open_locked(dir, options) {
        Ok(db) => Ok((db, None)),
        Err(Failed::InUse) => Err(StoreError::InUse { dir: dir.to_owned() }),
        Err(Failed::Other(first)) => {
            let snapshots = snapshot_files(dir)?;
            if snapshots.is_empty() || !matches!(first, sled::Error::Corruption { .. }) {
                return Err(StoreError::Damaged { dir: dir.to_owned(), copy: None, why: first.to_string() });
            }
            let (db, recovery) = open_without_snapshots(dir, options, &snapshots)?;
            Ok((db, Some(recovery)))
        }
    }
}

enum Failed {
    InUse,
    Other(sled::Error),
}

fn open_locked(dir: &Path, options: Options) -> Result<sled::Db, Failed> {
    let mut tries = 0;
    let tidy_ms = u64::try_from(options.tidy_every.as_millis()).unwrap_or(u64::MAX).max(1);
    loop {
        let config = sled::Config::new().path(dir).cache_capacity(options.cache_bytes);
        // Its thread also flushes: the rows of small batches, which are on disk beside its log.
        match config.flush_every_ms(Some(tidy_ms)).open() {
            Ok(db) => return Ok(db),
            // sled has no variant for this; the words are those of its pinned version (config.rs, try_lock).
            Err(sled::Error::Io(error)) if error.to_string().starts_with("could not acquire lock") => {
                tries += 1;
                if tries == LOCK_TRIES {
                    return Err(Failed::InUse);
                }
                std::thread::sleep(LOCK_PAUSE);
            }
            Err(other) => return Err(Failed::Other(other)),
        }
    }
}

/// A folder that holds files but no sled 0.34 log is somebody else's: nothing is written into it.
fn refuse_foreign_folder(dir: &Path) -> Result<(), StoreError> {
    let entries = match fs::read_dir(dir) {
        Ok(entries) => entries,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(()),
        Err(source) => {
            return Err(StoreError::File { doing: "read the folder", path: dir.to_owned(), source });
        }
    };
    let mut foreign = None;
    for entry in entries {
        let name = entry.map_err(StoreError::file("read the folder", dir))?.file_name();
        if name == "db" {
            return Ok(());
        }
        // A crash while the folder was being made leaves `conf` and an empty `blobs`. A count and small batches without
        // a log are what is left where somebody removed the log: the count then says what is missing.
        let is_ours = ["conf", "blobs", COUNT_FILE].map(OsStr::new).contains(&name.as_os_str());
        if !is_ours && Path::new(&name).file_stem() != Some(OsStr::new(REDO_FILE)) {
            foreign = Some(name);
        }
    }
    match foreign {
        None => Ok(()),
        Some(name) => Err(StoreError::WrongFormat {
            dir: dir.to_owned(),
            found: format!("{name:?} and no log file `db`"),
            expected: FORMAT,
        }),
    }
}

/// Which format mark a folder has.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Mark {
    Newest,
    /// What there is beside the log is not this folder's: the programs of that format did not know of it.
    Earlier,
    /// There is no row yet.
    None,
}

/// Reads the format mark.
pub(crate) fn check_format(db: &sled::Db, rows: &sled::Tree, dir: &Path) -> Result<Mark, StoreError> {
    let engine = |source| engine_error(dir, &source);
    let wrong = |found: String| StoreError::WrongFormat { dir: dir.to_owned(), found, expected: FORMAT };
    match db.get(FORMAT_KEY).map_err(engine)? {
        Some(mark) if mark.as_ref() == FORMAT.as_bytes() => Ok(Mark::Newest),
        Some(mark) if mark.as_ref() == EARLIER_FORMAT.as_bytes() => Ok(Mark::Earlier),
        Some(mark) => Err(wrong(format!("format {}", String::from_utf8_lossy(&mark)))),
        None if db.is_empty() && rows.is_empty() && db.tree_names().len() <= 2 => Ok(Mark::None),
        None => Err(wrong("rows without a format mark".to_owned())),
    }
}

/// Marks a folder as one of this format.
pub(crate) fn mark_format(db: &sled::Db) -> Result<(), sled::Error> {
    db.insert(FORMAT_KEY, FORMAT.as_bytes())?;
    db.flush().map(drop)
}

pub(crate) fn engine_error(dir: &Path, source: &sled::Error) -> StoreError {
    StoreError::Engine { dir: dir.to_owned(), source: crate::error::EngineError::new(source) }
}

fn open_without_snapshots(
    dir: &Path,
    options: Options,
    snapshots: &[PathBuf],
) -> Result<(sled::Db, Resnapshot), StoreError> {
    let copy = copy_aside(dir)?;
    for snapshot in snapshots {
        fs::remove_file(snapshot).map_err(StoreError::file("remove", snapshot))?;
    }
    let damaged = |why: String| StoreError::Damaged { dir: dir.to_owned(), copy: Some(copy.clone()), why };
    let db = match open_locked(dir, options) {
        Ok(db) => db,
        Err(Failed::InUse) => return Err(StoreError::InUse { dir: dir.to_owned() }),
        Err(Failed::Other(error)) => return Err(damaged(error.to_string())),
    };
    let mut rows = 0;
    for row in db.open_tree(ROWS).map_err(|error| damaged(error.to_string()))?.iter() {
        row.map_err(|error| damaged(error.to_string()))?;
        rows += 1;
    }
    let removed = snapshots.iter().filter_map(|path| path.file_name().map(OsString::from)).collect();
    Ok((db, Resnapshot { copy, removed, rows }))
}

fn snapshot_files(dir: &Path) -> Result<Vec<PathBuf>, StoreError> {
    let mut found = Vec::new();
    for entry in fs::read_dir(dir).map_err(StoreError::file("read the folder", dir))? {
        let entry = entry.map_err(StoreError::file("read the folder", dir))?;
        if entry.file_name().to_string_lossy().starts_with("snap.") {
            found.push(entry.path());
        }
    }
    found.sort();
    Ok(found)
}

/// Copies the folder to `<dir>.damaged-<n>` with the first free n.
fn copy_aside(dir: &Path) -> Result<PathBuf, StoreError> {
    let mut number = 1_u32;
    let copy = loop {
        let mut name = dir.as_os_str().to_owned();
        name.push(format!(".damaged-{number}"));
        let candidate = PathBuf::from(name);
        match fs::DirBuilder::new().mode(0o700).create(&candidate) {
            Ok(()) => break candidate,
            Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => number += 1,
            Err(source) => {
                return Err(StoreError::File { doing: "create the folder", path: candidate, source });
            }
        }
    };
    copy_files(dir, &copy)?;
    Ok(copy)
}

fn copy_files(from: &Path, to: &Path) -> Result<(), StoreError> {
    for entry in fs::read_dir(from).map_err(StoreError::file("read the folder", from))? {
        let entry = entry.map_err(StoreError::file("read the folder", from))?;
        let (source, target) = (entry.path(), to.join(entry.file_name()));
        if entry.file_type().map_err(StoreError::file("look at", &source))?.is_dir() {
            fs::create_dir(&target).map_err(StoreError::file("create the folder", &target))?;
            copy_files(&source, &target)?;
        } else {
            fs::copy(&source, &target).map_err(StoreError::file("copy", &source))?;
        }
    }
    crate::disk::sync_dir(to)
}
