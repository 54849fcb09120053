//! Where a room answers, for commands on the same machine.

use std::fmt;
use std::fs;
use std::path::{Path, PathBuf};

use rustix::io::Errno;
use rustix::process::{Pid, test_kill_process};
use serde::{Deserialize, Serialize};

use super::InstanceError;
use crate::private;

/// A room's address and the secret that opens it.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Announcement {
    /// The base address, such as `http://127.0.0.1:40123`.
    pub url: String,
    /// The operator's bearer token, where the room asks for one.
    pub token: Option<String>,
    /// The process that answers.
    pub pid: u32,
}

impl Announcement {
    /// An announcement of this process.
    pub fn of_this_process(url: impl Into<String>, token: Option<String>) -> Self {
        Self { url: url.into(), token, pid: std::process::id() }
    }
}

impl fmt::Debug for Announcement {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // The token opens the room's API and must not reach a log.
        let token = self.token.as_ref().map(|_| "…");
        f.debug_struct("Announcement")
            .field("url", &self.url)
            .field("token", &token)
            .field("pid", &self.pid)
            .finish()
    }
}

/// An announcement that stands; dropping it removes the file.
#[derive(Debug)]
pub struct Announced {
    path: PathBuf,
    announcement: Announcement,
}

impl Drop for Announced {
    fn drop(&mut self) {
        // A successor may have announced itself already; its file stays.
        if parse(&self.path).is_ok_and(|standing| standing == self.announcement) {
            let _ = fs::remove_file(&self.path);
        }
    }
}

pub(super) fn publish(path: &Path, announcement: &Announcement) -> Result<Announced, InstanceError> {
    let mut text = serde_json::json!(announcement).to_string();
    text.push('\n');
    private::write(path, text.as_bytes())?;
    Ok(Announced { path: path.to_owned(), announcement: announcement.clone() })
}

pub(super) fn read(path: &Path, room: &str, data: &Path) -> Result<Announcement, InstanceError> {
    let not_running = || InstanceError::NotRunning { room: room.to_owned(), data: data.to_owned() };
    let announcement = parse(path).map_err(|error| match error {
        ReadError::File(error) if error.is_missing() => not_running(),
        ReadError::File(error) => error.into(),
        ReadError::Json(why) => {
            InstanceError::Damaged { path: path.to_owned(), room: room.to_owned(), why: why.to_string() }
        }
    })?;
    // A killed process leaves its file behind, and its port may be another program's by now: that one must
    // not be sent the token.
    if is_running(announcement.pid) { Ok(announcement) } else { Err(not_running()) }
}

enum ReadError {
    File(private::PrivateError),
    Json(serde_json::Error),
}

fn parse(path: &Path) -> Result<Announcement, ReadError> {
    let text = private::read_secret(path).map_err(ReadError::File)?;
    serde_json::from_str(&text).map_err(ReadError::Json)
}

fn is_running(pid: u32) -> bool {
    let Some(pid) = i32::try_from(pid).ok().and_then(Pid::from_raw) else { return false };
    // "Not permitted" is the answer about a process of another user: it runs.
    matches!(test_kill_process(pid), Ok(()) | Err(Errno::PERM))
}
