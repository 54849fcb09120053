//! Who the rooms of an instance are to its broker: a file that the operator's side writes once, and from which the
//! whole list of users is made again whenever a device comes or goes.

use std::fs;
use std::path::Path;

use serde::{Deserialize, Serialize};

use crate::server::{ConfigError, DeviceUser, User, device_users, replace_file, write_users};

/// The list of rooms beside the server's configuration.
pub const ROOMS_FILE: &str = "rooms.json";

/// A room that may connect.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RoomUser {
    /// The name it connects under; its durable consumers bear it too.
    pub name: String,
    /// What it may do.
    pub role: Role,
    /// Its public nkey: `U…`.
    pub public_key: String,
}

/// What a room may do on the broker; see [`User`]'s constructors.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Role {
    /// Issues permits.
    Desk,
    /// Records hand-ins.
    Recorder,
    /// Answers travellers.
    Verify,
    /// Keeps the streams and the trust list.
    Operator,
}

impl RoomUser {
    fn user(&self) -> User {
        match self.role {
            Role::Desk => User::desk(&self.name, &self.public_key),
            Role::Recorder => User::recorder(&self.name, &self.public_key),
            Role::Verify => User::verify(&self.name, &self.public_key),
            Role::Operator => User::operator(&self.name, &self.public_key),
        }
    }
}

/// Writes the list of rooms into `dir`.
///
/// # Errors
/// [`ConfigError`].
pub fn write_rooms(dir: &Path, rooms: &[RoomUser]) -> Result<(), ConfigError> {
    let path = dir.join(ROOMS_FILE);
    let json = serde_json::to_string_pretty(rooms)
        .map_err(|error| ConfigError::File { path: path.clone(), source: error.into() })?;
    replace_file(&path, &json)
}

/// Writes the whole list of users into `dir`: the rooms of [`ROOMS_FILE`] and these devices. The server reads it at
/// its next SIGHUP.
///
/// # Errors
/// [`ConfigError`], also for a list of rooms that can't be read.
pub fn write_rooms_and_devices(dir: &Path, devices: &[DeviceUser]) -> Result<(), ConfigError> {
    let path = dir.join(ROOMS_FILE);
    let rooms: Vec<RoomUser> = fs::read(&path)
        .and_then(|json| serde_json::from_slice(&json).map_err(Into::into))
        .map_err(|source| ConfigError::File { path, source })?;
    let mut users: Vec<User> = rooms.iter().map(RoomUser::user).collect();
    users.extend(device_users(devices)?);
    write_users(dir, &users)
}
