//! What can be wrong with a data folder.

use std::path::PathBuf;

use crate::exit::{ExitStatus, Failure};
use crate::private::PrivateError;

/// Why a data folder, or a part of it, can't be used.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum InstanceError {
    /// A file or folder can't be read or written.
    #[error(transparent)]
    File(#[from] PrivateError),
    /// Another process uses this part of the data folder.
    #[error("the data folder {} is already in use: {} holds its `{name}`; stop it, or take another folder with --data DIR", data.display(), holder(*pid))]
    InUse {
        /// The data folder.
        data: PathBuf,
        /// The part that is held.
        name: String,
        /// The process that holds it, where it has written its number yet.
        pid: Option<u32>,
    },
    /// The room is not running here.
    #[error("{room} is not running in the data folder {}; start it with {}, or name another folder with --data DIR, or another machine with --server URL", data.display(), starter(room))]
    NotRunning {
        /// The room.
        room: String,
        /// The data folder.
        data: PathBuf,
    },
    /// `DIR/run/<room>.json` is not what a room writes.
    #[error("{} is damaged ({why}); restart {room}, which writes it anew", path.display())]
    Damaged {
        /// The file.
        path: PathBuf,
        /// The room.
        room: String,
        /// What the parser said.
        why: String,
    },
}

impl Failure for InstanceError {
    fn exit_status(&self) -> ExitStatus {
        match self {
            Self::NotRunning { .. } => ExitStatus::Unreachable,
            _ => ExitStatus::Usage,
        }
    }
}

/// What starts a room. The broker has no command of its own.
fn starter(room: &str) -> String {
    if room == "nats" { "`propusk up`".to_owned() } else { format!("`propusk up` or `propusk {room} run`") }
}

fn holder(pid: Option<u32>) -> String {
    pid.map_or_else(|| "another process".to_owned(), |pid| format!("process {pid}"))
}
