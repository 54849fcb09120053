//! Who works at this desk: users with their roles and passwords, their sessions, and the limit on wrong guesses.
//!
//! Rows in the desk's store: `U` + folded name → [`User`]; `S` + SHA-256 of the session's token → its session. Sessions
//! are a row and a hundred lines of ours: a session crate would bring a second clock, a second format on disk and a
//! cookie layer around pages that need none.

mod attempts;
mod password;
mod session;
mod set_up;
mod user;

pub(crate) use attempts::Attempts;
pub(crate) use password::PasswordError;
pub(crate) use session::{COOKIE, Found, Sessions};
pub(crate) use set_up::SetUp;
pub(crate) use user::{User, UserError, Users};

use std::fmt;
use std::str::FromStr;

use propusk_store::Store;
use serde::{Deserialize, Serialize};
use tokio::sync::Semaphore;

/// So many passwords are hashed at once: each takes 19 MiB and a core.
const HASHINGS: usize = 2;

/// Everything about who works here.
pub(crate) struct Staff {
    pub users: Users,
    pub sessions: Sessions,
    pub attempts: Attempts,
    pub set_up: SetUp,
    pub hashing: Semaphore,
}

impl Staff {
    /// The staff in a store.
    pub(crate) fn new(store: &Store, session_minutes: u32) -> Self {
        Self {
            users: Users::new(store.clone()),
            sessions: Sessions::new(store.clone(), session_minutes),
            attempts: Attempts::default(),
            set_up: SetUp::default(),
            hashing: Semaphore::new(HASHINGS),
        }
    }
}

/// What somebody does here.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Role {
    /// Takes orders, issues, prints, changes.
    Clerk,
    /// A clerk who also decides who works here.
    Manager,
    /// Sees everything and changes nothing.
    Auditor,
}

/// What a page asks of whoever opens it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Right {
    /// To see.
    Read,
    /// To take orders, issue, print and change.
    Work,
    /// To decide who works here.
    Manage,
}

impl Role {
    /// All of them.
    pub(crate) const ALL: [Self; 3] = [Self::Clerk, Self::Manager, Self::Auditor];

    /// The word that commands and forms write.
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Clerk => "clerk",
            Self::Manager => "manager",
            Self::Auditor => "auditor",
        }
    }

    /// The id of the sentence that names it.
    pub(crate) fn sentence(self) -> &'static str {
        match self {
            Self::Clerk => "staff-role-clerk",
            Self::Manager => "staff-role-manager",
            Self::Auditor => "staff-role-auditor",
        }
    }

    /// Whether the role has a right.
    pub(crate) fn may(self, right: Right) -> bool {
        match right {
            Right::Read => true,
            Right::Work => self != Self::Auditor,
            Right::Manage => self == Self::Manager,
        }
    }
}

impl FromStr for Role {
    type Err = UnknownRole;

    fn from_str(text: &str) -> Result<Self, UnknownRole> {
        let named = Self::ALL.into_iter().find(|role| role.as_str() == text.trim());
        named.ok_or_else(|| UnknownRole(text.to_owned()))
    }
}

impl fmt::Display for Role {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// A role that nobody has.
#[derive(Debug, thiserror::Error)]
#[error("`{0}` is no role; there are clerk, manager and auditor")]
pub(crate) struct UnknownRole(String);
