//! The users in a room's store.

use propusk_boot::random;
use propusk_store::{Draft, Store};
use serde::{Deserialize, Serialize};

use crate::password::Hashed;
use crate::{Role, StaffError};

/// The longest name, in characters.
const LONGEST_NAME: usize = 40;

/// Somebody who works here.
#[derive(Clone, Serialize, Deserialize)]
pub struct User {
    /// The name as it was given; it is found in any case.
    pub name: String,
    /// What they may do.
    pub role: Role,
    /// Barred from signing in, with everything that they did kept.
    pub barred: bool,
    /// When they were added (Unix milliseconds).
    pub since_ms: i64,
    /// Sessions that began before are over: how "sign out everywhere" works.
    pub sessions_since_ms: i64,
    password: Hashed,
}

/// Why a user can't be made or changed.
#[derive(Debug, thiserror::Error)]
pub enum UserError {
    /// A name that can't be one.
    #[error("a user's name has 2 to {LONGEST_NAME} letters, digits, dots and hyphens")]
    Name,
    /// There is one of this name.
    #[error("there is a user of this name already")]
    Taken,
    /// There is none of this name.
    #[error("there is no user of this name")]
    Unknown,
    /// Without this one nobody could decide who works here.
    #[error("this is the last manager; make another one first")]
    LastManager,
}

impl UserError {
    /// The id of its sentence.
    pub fn id(&self) -> &'static str {
        match self {
            Self::Name => "staff-name-wrong",
            Self::Taken => "staff-name-taken",
            Self::Unknown => "staff-name-unknown",
            Self::LastManager => "staff-last-manager",
        }
    }
}

/// All users.
pub struct Users {
    store: Store,
}

impl Users {
    pub(crate) fn new(store: Store) -> Self {
        Self { store }
    }

    /// Everybody, by name.
    pub fn all(&self) -> anyhow::Result<Vec<User>> {
        self.store.scan(b"U").map(|row| parse(&row?.1)).collect()
    }

    /// Whether nobody works here yet.
    pub fn is_empty(&self) -> anyhow::Result<bool> {
        Ok(self.store.scan(b"U").next().transpose()?.is_none())
    }

    /// The user of this name, in any case.
    pub fn find(&self, name: &str) -> anyhow::Result<Option<User>> {
        // A name that can't be one may be too long for a key.
        if fold(name).is_err() {
            return Ok(None);
        }
        self.store.get(key(name))?.map(|bytes| parse(&bytes)).transpose()
    }

    /// Adds a user.
    pub fn add(&self, name: &str, role: Role, password: &str, now_ms: i64) -> anyhow::Result<User> {
        let name = fold(name)?;
        let password = Hashed::of(password, name, random::bytes()?)?;
        let (name, barred) = (name.to_owned(), false);
        let user = User { name, role, barred, since_ms: now_ms, sessions_since_ms: 0, password };
        self.store.write(|draft| {
            if self.store.get(key(&user.name))?.is_some() {
                return Err(UserError::Taken.into());
            }
            put(draft, &user)?;
            Ok(user)
        })
    }

    /// The user, if this is their password and they are not barred. A wrong name takes as long as a wrong password.
    pub fn who(&self, name: &str, password: &str) -> anyhow::Result<Option<User>> {
        let user = self.find(name)?;
        let matches = match &user {
            Some(user) => user.password.matches(password)?,
            None => Hashed::of_nobody().matches(password)?,
        };
        Ok(user.filter(|user| matches && !user.barred))
    }

    /// Gives a user another password; all their sessions are over.
    pub fn set_password(&self, name: &str, password: &str, now_ms: i64) -> anyhow::Result<()> {
        let password = Hashed::of(password, name, random::bytes()?)?;
        self.change(name, |user| {
            user.password = password;
            user.sessions_since_ms = now_ms;
        })
    }

    /// Ends all sessions of a user.
    pub fn sign_out_everywhere(&self, name: &str, now_ms: i64) -> anyhow::Result<()> {
        self.change(name, |user| user.sessions_since_ms = now_ms)
    }

    /// Changes role and access. The last manager stays one.
    pub fn set_role(&self, name: &str, role: Role, barred: bool, now_ms: i64) -> anyhow::Result<()> {
        self.change(name, |user| {
            user.role = role;
            user.barred = barred;
            if barred {
                user.sessions_since_ms = now_ms;
            }
        })
    }

    fn change(&self, name: &str, change: impl FnOnce(&mut User)) -> anyhow::Result<()> {
        self.store.write(|draft| {
            let mut user = self.find(name)?.ok_or(UserError::Unknown)?;
            let was_manager = user.role == Role::Manager && !user.barred;
            change(&mut user);
            let is_manager = user.role == Role::Manager && !user.barred;
            let others =
                |other: &User| other.role == Role::Manager && !other.barred && other.name != user.name;
            if was_manager && !is_manager && !self.all()?.iter().any(others) {
                return Err(UserError::LastManager.into());
            }
            put(draft, &user)
        })
    }
}

fn put(draft: &mut Draft, user: &User) -> anyhow::Result<()> {
    draft.put(key(&user.name), postcard::to_allocvec(user)?);
    Ok(())
}

fn parse(bytes: &[u8]) -> anyhow::Result<User> {
    let damaged = |error: postcard::Error| StaffError::Damaged { what: "user", why: error.to_string() };
    Ok(postcard::from_bytes(bytes).map_err(damaged)?)
}

/// A name that can be one.
fn fold(name: &str) -> Result<&str, UserError> {
    let name = name.trim();
    let right = name.chars().all(|c| c.is_alphanumeric() || c == '.' || c == '-');
    if right && (2..=LONGEST_NAME).contains(&name.chars().count()) { Ok(name) } else { Err(UserError::Name) }
}

fn key(name: &str) -> Vec<u8> {
    [b"U".as_slice(), name.trim().to_lowercase().as_bytes()].concat()
}
