//! What can go wrong, with the values that make it mendable.

use std::path::PathBuf;

/// Why the store could not do what was asked.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum StoreError {
    /// Another process (or another `Store` of this process) has the folder open.
    #[error(
        "the data folder {} is in use by another process: end that one first, or choose another folder",
        dir.display()
    )]
    InUse {
        /// The data folder.
        dir: PathBuf,
    },
    /// The folder holds something, but not rows of this format.
    #[error(
        "the folder {} is not a propusk store of format {expected} (found: {found}): choose another folder, or restore a backup into a new one",
        dir.display()
    )]
    WrongFormat {
        /// The data folder.
        dir: PathBuf,
        /// What was found instead of the format mark.
        found: String,
        /// The format this build reads and writes.
        expected: &'static str,
    },
    /// The rows have a form that this build does not know.
    #[error(
        "the store in {} has rows of form {found}, which this version of propusk does not know: start the newer version that wrote it",
        dir.display()
    )]
    UnknownForm {
        /// The data folder.
        dir: PathBuf,
        /// The form's mark.
        found: String,
    },
    /// The folder could not be opened even without its snapshot files.
    #[error(
        "the store in {} is damaged and could not be opened: {why}; {}; restore a backup into a new folder",
        dir.display(),
        match copy { Some(copy) => format!("its bytes as found are in {}", copy.display()), None => "nothing was changed in it".to_owned() }
    )]
    Damaged {
        /// The data folder.
        dir: PathBuf,
        /// Where the bytes as found were copied to, if a recovery was tried.
        copy: Option<PathBuf>,
        /// The engine's words.
        why: String,
    },
    /// An earlier write, flush or sync failed, so the store takes no more commits.
    #[error(
        "the store in {} takes no more writes, because an earlier one may not be on disk ({why}): look at the disk, then start again",
        dir.display()
    )]
    Poisoned {
        /// The data folder.
        dir: PathBuf,
        /// What failed first.
        why: String,
    },
    /// The key is longer than [`crate::MAX_KEY_BYTES`], or empty.
    #[error("a key of {bytes} bytes can't be stored: 1 to {limit} are possible")]
    KeySize {
        /// The key's length.
        bytes: usize,
        /// The limit.
        limit: usize,
    },
    /// The value is longer than [`crate::MAX_VALUE_BYTES`].
    #[error("a value of {bytes} bytes can't be stored: at most {limit} are possible")]
    ValueSize {
        /// The value's length.
        bytes: usize,
        /// The limit.
        limit: usize,
    },
    /// A key ring that can't be read.
    #[error(
        "the key ring {} is damaged at byte {place}: put its newest copy in its place; what its lost keys have encrypted can't be read any more",
        path.display()
    )]
    DamagedKeys {
        /// The file.
        path: PathBuf,
        /// Where.
        place: u64,
    },
    /// The draft was begun on another store.
    #[error("a draft can only be committed to the store that began it")]
    ForeignDraft,
    /// One backup at a time.
    #[error("a backup of the store in {} is already being written: wait until it is done", dir.display())]
    BackupRunning {
        /// The data folder.
        dir: PathBuf,
    },
    /// A backup file is not whole or not a backup.
    #[error("the backup {} can't be used: {why}; take another one", file.display())]
    BadBackup {
        /// The backup file.
        file: PathBuf,
        /// What is wrong with it.
        why: String,
    },
    /// The target of a restore or backup is already there.
    #[error("{} is already there and is not overwritten: name another place", path.display())]
    AlreadyThere {
        /// The target.
        path: PathBuf,
    },
    /// A file or folder could not be read, written or synced.
    #[error("could not {doing} {}: {source}", path.display())]
    File {
        /// What was being done, as a verb.
        doing: &'static str,
        /// The file or folder.
        path: PathBuf,
        /// The system's answer.
        source: std::io::Error,
    },
    /// The engine failed while reading or writing.
    #[error("the store in {} failed: {source}", dir.display())]
    Engine {
        /// The data folder.
        dir: PathBuf,
        /// The engine's words.
        #[source]
        source: EngineError,
    },
}

/// An error of the storage engine; only its words are of use.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct EngineError(String);

impl From<String> for EngineError {
    /// The words of an engine that is not this crate's own.
    fn from(words: String) -> Self {
        Self(words)
    }
}

#[cfg(feature = "disk")]
impl EngineError {
    pub(crate) fn new(source: &sled::Error) -> Self {
        Self(source.to_string())
    }
}

#[cfg(feature = "disk")]
impl StoreError {
    pub(crate) fn file(
        doing: &'static str,
        path: impl Into<PathBuf>,
    ) -> impl FnOnce(std::io::Error) -> StoreError {
        let path = path.into();
        move |source| StoreError::File { doing, path, source }
    }
}
