//! One data folder on one machine: who uses it, and where its rooms answer.
//!
//! `DIR/run/` (mode 0700) holds what is true only while something runs: `<room>.json` with a room's address,
//! token and process, `<name>.lock` while a part is in use, and `ready` while every room answers.

mod announcement;
mod error;
mod lock;

use std::fs;
use std::path::{Path, PathBuf};

pub use announcement::{Announced, Announcement};
pub use error::InstanceError;
pub use lock::Lock;

use crate::private;

/// The folder inside the data folder for what holds only while something runs.
const RUN: &str = "run";
/// The file in it that exists exactly while every room answers.
const READY: &str = "ready";

/// A data folder (`--data DIR`), opened.
#[derive(Debug, Clone)]
pub struct Instance {
    data: PathBuf,
}

impl Instance {
    /// Opens a data folder, making it and its `run` folder (both mode 0700) where they are missing.
    ///
    /// Opening takes no lock: a command may ask while a service runs.
    ///
    /// # Errors
    /// A folder can't be made or closed to others.
    pub fn open(data: &Path) -> Result<Self, InstanceError> {
        private::folder(data)?;
        // An absolute path keeps its meaning in messages and for child processes.
        let data = std::path::absolute(data).unwrap_or_else(|_| data.to_owned());
        private::folder(&data.join(RUN))?;
        Ok(Self { data })
    }

    /// The data folder, as an absolute path.
    pub fn data(&self) -> &Path {
        &self.data
    }

    /// `DIR/run`.
    pub fn run(&self) -> PathBuf {
        self.data.join(RUN)
    }

    /// A folder inside the data folder, made with mode 0700 where it is missing.
    ///
    /// # Errors
    /// The folder can't be made or closed to others.
    pub fn folder(&self, name: &str) -> Result<PathBuf, InstanceError> {
        let path = self.data.join(name);
        private::folder(&path)?;
        Ok(path)
    }

    /// Takes the part `name` of this data folder for this process alone, until the lock is dropped.
    ///
    /// # Errors
    /// [`InstanceError::InUse`] when another process holds it.
    pub fn lock(&self, name: &str) -> Result<Lock, InstanceError> {
        lock::take(&self.data, &self.run().join(format!("{name}.lock")), name)
    }

    /// Writes `DIR/run/<room>.json` (mode 0600) for commands on this machine; it goes when the result is dropped.
    ///
    /// # Errors
    /// The file can't be written.
    pub fn announce(&self, room: &str, announcement: &Announcement) -> Result<Announced, InstanceError> {
        announcement::publish(&self.announcement(room), announcement)
    }

    /// Where `room` of this data folder answers.
    ///
    /// # Errors
    /// [`InstanceError::NotRunning`] when it has not announced itself, or the process that did is gone.
    pub fn find(&self, room: &str) -> Result<Announcement, InstanceError> {
        announcement::read(&self.announcement(room), room, &self.data)
    }

    /// Makes or removes `DIR/run/ready`, which exists exactly while every room answers.
    ///
    /// # Errors
    /// The file can't be written or removed.
    pub fn set_ready(&self, ready: bool) -> Result<(), InstanceError> {
        let path = self.run().join(READY);
        if ready {
            return Ok(private::write(&path, b"")?);
        }
        match fs::remove_file(&path) {
            Err(source) if source.kind() != std::io::ErrorKind::NotFound => {
                Err(private::PrivateError::Io { path, action: "remove this file", source }.into())
            }
            _ => Ok(()),
        }
    }

    /// True while `DIR/run/ready` exists.
    pub fn is_ready(&self) -> bool {
        self.run().join(READY).exists()
    }

    fn announcement(&self, room: &str) -> PathBuf {
        self.run().join(format!("{room}.json"))
    }
}

#[cfg(test)]
mod tests;
