//! One process at a time.

use std::fs::{File, TryLockError};
use std::io::{Read, Seek, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;

use super::InstanceError;
use crate::private::PrivateError;

/// A part of a data folder, held by this process until this is dropped or the process ends in any way.
///
/// The lock is the system's (`flock`), not the file: the file stays and is no sign of a lock.
#[derive(Debug)]
pub struct Lock {
    _file: File,
}

pub(super) fn take(data: &Path, path: &Path, name: &str) -> Result<Lock, InstanceError> {
    let io = |action| move |source| PrivateError::Io { path: path.to_owned(), action, source };
    let mut file = File::options()
        .read(true)
        .write(true)
        .create(true)
        .truncate(false) // The number in it belongs to the holder, if there is one.
        .mode(0o600)
        .open(path)
        .map_err(io("open this lock"))?;
    match file.try_lock() {
        Ok(()) => {}
        Err(TryLockError::WouldBlock) => {
            let mut text = String::new();
            // A holder that has not written its number yet is a holder all the same.
            let _ = file.take(32).read_to_string(&mut text);
            let pid = text.trim().parse().ok();
            return Err(InstanceError::InUse { data: data.to_owned(), name: name.to_owned(), pid });
        }
        Err(TryLockError::Error(source)) => return Err(io("take this lock")(source).into()),
    }
    file.set_len(0).and_then(|()| file.rewind()).map_err(io("write this lock"))?;
    writeln!(file, "{}", std::process::id()).map_err(io("write this lock"))?;
    Ok(Lock { _file: file })
}
