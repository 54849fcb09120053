//! Who may open a room's pages: users with their roles and passwords, their sessions, the limit on wrong guesses, and the
//! pages of all this.
//!
//! **In scope:** what a room keeps of its people in a store of its own, and the answers to "who is this" and "may they".
//! Rows: `U` + folded name → [`User`]; `S` + SHA-256 of the session's token → its session. Passwords are hashed with
//! Argon2id; a session's token is in a cookie of the room's own name, since cookies know no ports.
//!
//! [`pages`] shows it, and has the gate before every page of a room.
//!
//! **Out of scope:** a room's other pages, and what each right opens: that is the room's. Sessions are a row and a hundred
//! lines of ours: a session crate would bring a second clock, a second format on disk and a cookie layer around pages that
//! need none.
#![deny(missing_docs)]

mod attempts;
pub mod pages;
mod password;
mod session;
mod set_up;
mod user;
mod view;

use std::fmt;
use std::net::IpAddr;
use std::str::FromStr;

use propusk_store::Store;
use serde::{Deserialize, Serialize};
use tokio::sync::Semaphore;
use tokio::task::block_in_place;

use attempts::Attempts;
pub use password::PasswordError;
pub use session::{Found, Sessions};
pub use set_up::SetUp;
pub use user::{User, UserError, Users};
pub use view::{UserRequest, UserView, problem};

/// So many passwords are hashed at once: each takes 19 MiB and a core.
const HASHINGS: usize = 2;

/// What the store holds is not what was written.
#[derive(Debug, thiserror::Error)]
pub enum StaffError {
    /// A row that can't be read.
    #[error("the stored {what} can't be read ({why}); restore the room's folder from a backup")]
    Damaged {
        /// What it is.
        what: &'static str,
        /// What the reader said.
        why: String,
    },
}

/// Everything about who works in a room.
pub struct Staff {
    /// The users.
    pub users: Users,
    /// Their sessions.
    pub sessions: Sessions,
    /// The one-time link for the first manager.
    pub set_up: SetUp,
    attempts: Attempts,
    hashing: Semaphore,
    cookie: &'static str,
    session_minutes: u32,
}

/// What came of a sign-in.
pub enum Entry {
    /// It is this one.
    Entered(User),
    /// The name or the password is wrong, or they are barred.
    Wrong,
    /// Too many wrong guesses: nothing is looked at for so many minutes.
    Locked(i64),
}

impl Staff {
    /// The staff in a store; `cookie` is the name of the room's cookie, and a session without a request for
    /// `session_minutes` is over.
    pub fn new(store: &Store, cookie: &'static str, session_minutes: u32) -> Self {
        Self {
            users: Users::new(store.clone()),
            sessions: Sessions::new(store.clone(), session_minutes),
            set_up: SetUp::default(),
            attempts: Attempts::default(),
            hashing: Semaphore::new(HASHINGS),
            cookie,
            session_minutes,
        }
    }

    /// Looks at a guess from an address. Has to be called in a multi-threaded runtime.
    ///
    /// # Errors
    /// The store or the hashing fails.
    pub async fn enter(
        &self,
        name: &str,
        password: &str,
        from: IpAddr,
        now_ms: i64,
    ) -> anyhow::Result<Entry> {
        if let Some(minutes) = self.attempts.locked_for(name, from, now_ms) {
            return Ok(Entry::Locked(minutes));
        }
        let _turn = self.hashing.acquire().await?;
        match block_in_place(|| self.users.who(name, password))? {
            Some(user) => {
                self.attempts.succeeded(name);
                Ok(Entry::Entered(user))
            }
            None => {
                self.attempts.failed(name, from, now_ms);
                Ok(Entry::Wrong)
            }
        }
    }

    /// The name of the room's cookie.
    pub fn cookie(&self) -> &'static str {
        self.cookie
    }

    /// The value of `Set-Cookie` for a session's token.
    pub fn set_cookie(&self, token: &str) -> String {
        self.cookie_for(token, u64::from(self.session_minutes) * 60)
    }

    /// The value of `Set-Cookie` that takes the cookie away.
    pub fn clear_cookie(&self) -> String {
        self.cookie_for("", 0)
    }

    fn cookie_for(&self, token: &str, seconds: u64) -> String {
        format!("{}={token}; Path=/; Max-Age={seconds}; HttpOnly; SameSite=Lax", self.cookie)
    }
}

/// What somebody does in a room; rooms that only show things have no clerks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Role {
    /// Takes orders, issues, prints, changes.
    Clerk,
    /// A clerk who also decides who works here.
    Manager,
    /// Sees everything and changes nothing.
    Auditor,
}

/// What a page asks of whoever opens it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Right {
    /// To see.
    Read,
    /// To take orders, issue, print and change.
    Work,
    /// To decide who works here.
    Manage,
}

impl Role {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Clerk, Self::Manager, Self::Auditor];

    /// The word that commands and forms write.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Clerk => "clerk",
            Self::Manager => "manager",
            Self::Auditor => "auditor",
        }
    }

    /// The id of the sentence that names it.
    pub fn sentence(self) -> &'static str {
        match self {
            Self::Clerk => "staff-role-clerk",
            Self::Manager => "staff-role-manager",
            Self::Auditor => "staff-role-auditor",
        }
    }

    /// Whether the role has a right.
    pub fn may(self, right: Right) -> bool {
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
pub struct UnknownRole(String);

/// The id of the sentence about what a person can mend of a name or a password; `None` for any other error.
pub fn sentence(error: &anyhow::Error) -> Option<&'static str> {
    let password = error.downcast_ref::<PasswordError>().map(|error| error.id());
    password.or_else(|| error.downcast_ref::<UserError>().map(UserError::id))
}
