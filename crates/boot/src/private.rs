//! Files that only their owner may read, written so that a crash leaves the old one or the new one, whole.

use std::fs::{self, File, Permissions};
use std::io::{self, Write};
use std::os::unix::fs::{DirBuilderExt, PermissionsExt};
use std::path::{Path, PathBuf};

use crate::exit::Failure;

/// Read and write for the owner, nothing for anybody else.
const OWNER_ONLY_FILE: u32 = 0o600;
/// The same for a folder, which has to be entered too.
const OWNER_ONLY_FOLDER: u32 = 0o700;
/// The permission bits of a file's group and of everybody else.
const OTHERS: u32 = 0o077;

/// The longest secret that is read: a token, a seed or a key file has a few hundred bytes.
pub const MAX_SECRET_BYTES: u64 = 64 * 1024;

/// Why a private file can't be written or read.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum PrivateError {
    /// The system refused; disk full, no permission, no such file.
    #[error("{}: can't {action}: {source}", path.display())]
    Io {
        /// The file or folder.
        path: PathBuf,
        /// What was tried.
        action: &'static str,
        /// What the system said.
        source: io::Error,
    },
    /// Others can read a secret.
    #[error("{} holds a secret, but others can read it (mode {mode:04o}); run: chmod 600 {}", path.display(), path.display())]
    Exposed {
        /// The file.
        path: PathBuf,
        /// Its permission bits.
        mode: u32,
    },
    /// The file is too long to be a secret, or is no text.
    #[error("{} holds no secret: it has to be a text of at most {MAX_SECRET_BYTES} bytes", path.display())]
    NotASecret {
        /// The file.
        path: PathBuf,
    },
}

impl Failure for PrivateError {}

impl PrivateError {
    /// True where the file does not exist.
    pub fn is_missing(&self) -> bool {
        matches!(self, Self::Io { source, .. } if source.kind() == io::ErrorKind::NotFound)
    }
}

/// Makes the folder (and those above it) where it is missing, and closes it to everybody but its owner.
///
/// # Errors
/// The folder can't be made, or belongs to somebody else.
pub fn folder(path: &Path) -> Result<(), PrivateError> {
    let io = |action| move |source| PrivateError::Io { path: path.to_owned(), action, source };
    fs::DirBuilder::new()
        .recursive(true)
        .mode(OWNER_ONLY_FOLDER)
        .create(path)
        .map_err(io("make this folder"))?;
    let mode = fs::metadata(path).map_err(io("look at this folder"))?.permissions().mode();
    if mode & OTHERS != 0 {
        fs::set_permissions(path, Permissions::from_mode(OWNER_ONLY_FOLDER))
            .map_err(io("close this folder to others"))?;
    }
    Ok(())
}

/// Writes a file of mode 0600: a temporary file beside it, synced, renamed over it, then the folder synced.
///
/// When this returns, the new bytes are on disk; after a crash before that, the old ones are.
///
/// # Errors
/// The folder is missing or closed, or the disk is full.
pub fn write(path: &Path, bytes: &[u8]) -> Result<(), PrivateError> {
    let folder = match path.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent,
        _ => Path::new("."),
    };
    let io = |action| move |source| PrivateError::Io { path: path.to_owned(), action, source };
    let mut file = tempfile::Builder::new()
        .prefix(".new-")
        .permissions(Permissions::from_mode(OWNER_ONLY_FILE))
        .tempfile_in(folder)
        .map_err(io("make a new file beside this one"))?;
    file.write_all(bytes).map_err(io("write this file"))?;
    file.as_file().sync_all().map_err(io("sync this file to disk"))?;
    file.persist(path).map_err(|error| io("put the new file in this one's place")(error.error))?;
    File::open(folder).and_then(|folder| folder.sync_all()).map_err(io("sync this file's folder to disk"))
}

/// A file's text without blanks at its ends, provided that only its owner can read it.
///
/// # Errors
/// The file is missing ([`PrivateError::is_missing`]), open to others, too long or no text.
pub fn read_secret(path: &Path) -> Result<String, PrivateError> {
    let io = |source| PrivateError::Io { path: path.to_owned(), action: "read this file", source };
    let facts = fs::metadata(path).map_err(io)?;
    let mode = facts.permissions().mode() & 0o7777;
    if mode & OTHERS != 0 {
        return Err(PrivateError::Exposed { path: path.to_owned(), mode });
    }
    if facts.len() > MAX_SECRET_BYTES {
        return Err(PrivateError::NotASecret { path: path.to_owned() });
    }
    let bytes = fs::read(path).map_err(io)?;
    let text = String::from_utf8(bytes).map_err(|_| PrivateError::NotASecret { path: path.to_owned() })?;
    Ok(text.trim().to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mode(path: &Path) -> u32 {
        fs::metadata(path).unwrap().permissions().mode() & 0o777
    }

    #[test]
    fn a_private_file_is_replaced_whole_and_closed() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("token");
        fs::write(&path, "old").unwrap();
        fs::set_permissions(&path, Permissions::from_mode(0o644)).unwrap();
        write(&path, b"new\n").unwrap();
        assert_eq!(mode(&path), 0o600);
        assert_eq!(read_secret(&path).unwrap(), "new");
        assert_eq!(fs::read_dir(dir.path()).unwrap().count(), 1, "no temporary file stays");
    }

    #[test]
    fn a_secret_that_others_can_read_is_refused() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("token");
        fs::write(&path, "x").unwrap();
        fs::set_permissions(&path, Permissions::from_mode(0o640)).unwrap();
        let message = read_secret(&path).unwrap_err().to_string();
        assert!(message.contains("mode 0640") && message.contains("chmod 600"), "{message}");
    }

    #[test]
    fn a_missing_secret_says_so() {
        let dir = tempfile::tempdir().unwrap();
        assert!(read_secret(&dir.path().join("none")).unwrap_err().is_missing());
        assert!(!write(&dir.path().join("no/such/folder"), b"").unwrap_err().to_string().is_empty());
    }

    #[test]
    fn a_folder_is_made_closed_and_an_open_one_is_closed() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("a/run");
        folder(&path).unwrap();
        assert_eq!(mode(&path), 0o700);
        fs::set_permissions(&path, Permissions::from_mode(0o755)).unwrap();
        folder(&path).unwrap();
        assert_eq!(mode(&path), 0o700);
    }
}
