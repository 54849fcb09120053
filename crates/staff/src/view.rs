//! What the rooms' APIs and commands say of users.

use std::io::{self, Read};

use propusk_boot::http::Problem;
use serde::{Deserialize, Serialize};

use crate::{PasswordError, UnknownRole, User, UserError};

/// Longest password that is read, in bytes.
const MAX_PASSWORD: u64 = 1024;

/// `POST /v1/users`.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct UserRequest {
    /// The name to sign in with.
    pub name: String,
    /// `clerk`, `manager` or `auditor`.
    pub role: String,
    /// The password.
    pub password: String,
}

impl UserRequest {
    /// With the password from standard input.
    ///
    /// # Errors
    /// Standard input can't be read.
    pub fn read(name: String, role: String) -> io::Result<Self> {
        let mut password = String::new();
        io::stdin().lock().take(MAX_PASSWORD).read_to_string(&mut password)?;
        let password = password.trim_end_matches(['\r', '\n']).to_owned();
        Ok(Self { name, role, password })
    }
}

/// Somebody who works here.
#[derive(Serialize, Deserialize)]
pub struct UserView {
    /// The name to sign in with.
    pub name: String,
    /// `clerk`, `manager` or `auditor`.
    pub role: String,
    /// Barred from signing in.
    pub barred: bool,
}

impl From<User> for UserView {
    fn from(user: User) -> Self {
        Self { name: user.name, role: user.role.to_string(), barred: user.barred }
    }
}

/// What a caller is told of an error: what they can mend of a name, a role or a password; 500 of any other.
pub fn problem(error: anyhow::Error) -> Problem {
    if let Some(UserError::Unknown) = error.downcast_ref() {
        return Problem::not_found("user", error.to_string());
    }
    if error.is::<PasswordError>() || error.is::<UserError>() || error.is::<UnknownRole>() {
        return Problem::refused("user", error.to_string());
    }
    Problem::fault(error)
}
