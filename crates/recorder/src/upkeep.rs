//! The store while nobody records: restored from a backup, its indexes made again.

use std::fs;
use std::path::Path;

use propusk_boot::instance::Instance;
use propusk_store::{Options, Store};
use serde::{Deserialize, Serialize};

use crate::RecorderError;
use crate::rebuild::{Rebuilt, rebuild};

/// Folder of the data folder in which the recorder keeps its store.
pub(crate) const FOLDER: &str = "recorder";
/// Folder of the data folder for backups.
pub(crate) const BACKUPS: &str = "backups";

/// A backup that was written and read back.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct BackupReply {
    pub file: String,
    pub rows: u64,
    pub bytes: u64,
}

/// Writes a backup of a store that goes on being written to, and reads it back from end to end.
pub(crate) fn back_up(store: &Store, folder: &Path, now_ms: i64) -> anyhow::Result<BackupReply> {
    let file = folder.join(format!("recorder-{now_ms}.backup"));
    store.backup(&file)?;
    let checked = Store::check_backup(&file)?;
    let bytes = fs::metadata(&file)?.len();
    Ok(BackupReply { file: file.display().to_string(), rows: checked.rows, bytes })
}

/// Makes the recorder's store from a backup. An older store has to be moved aside first: nothing is overwritten.
pub(crate) fn restore(file: &Path, instance: &Instance, options: Options) -> anyhow::Result<BackupReply> {
    let folder = instance.data().join(FOLDER);
    let is_empty = fs::read_dir(&folder).is_ok_and(|mut entries| entries.next().is_none());
    if is_empty {
        fs::remove_dir(&folder)?;
    }
    let checked = Store::check_backup(file)?;
    drop(Store::restore(file, &folder, options)?);
    let bytes = fs::metadata(file)?.len();
    Ok(BackupReply { file: folder.display().to_string(), rows: checked.rows, bytes })
}

/// Makes the indexes again. The recorder must not run: the store lets in one process only.
pub(crate) fn rebuild_indexes(instance: &Instance, options: Options) -> anyhow::Result<Rebuilt> {
    let folder = instance.data().join(FOLDER);
    if !folder.join("db").exists() {
        return Err(RecorderError::NoStore { folder: folder.display().to_string() }.into());
    }
    rebuild(&Store::open(&folder, options)?)
}
