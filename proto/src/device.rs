//! Tokens that stand in subjects: device ids and post ids.

use std::fmt;

use data_encoding::BASE32_NOPAD;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use thiserror::Error;

/// Longest token in a subject.
pub const MAX_TOKEN: usize = 32;

/// A device's id: the first 16 characters of Base32(SHA-256(its public nkey)) in lower case. It can't be chosen.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct DeviceId(String);

/// Why a text can't stand in a subject.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum TokenError {
    /// Empty or longer than [`MAX_TOKEN`].
    #[error("an id has 1 to {MAX_TOKEN} characters, this one has {found}")]
    Length {
        /// Characters found.
        found: usize,
    },
    /// A character with a meaning in subjects, or outside a–z, 0–9 and hyphen.
    #[error("character {position} of an id is “{found}”; only a-z, 0-9 and the hyphen are used")]
    Alphabet {
        /// Position from 1.
        position: usize,
        /// What stands there.
        found: char,
    },
}

/// Checks that `text` may stand as one token of a subject.
///
/// # Errors
/// [`TokenError`].
pub fn check_token(text: &str) -> Result<(), TokenError> {
    let count = text.chars().count();
    if count == 0 || count > MAX_TOKEN {
        return Err(TokenError::Length { found: count });
    }
    match text.chars().position(|c| !matches!(c, 'a'..='z' | '0'..='9' | '-')) {
        None => Ok(()),
        Some(at) => {
            Err(TokenError::Alphabet { position: at + 1, found: text.chars().nth(at).unwrap_or(' ') })
        }
    }
}

impl DeviceId {
    /// The id that belongs to a public nkey (`U…`).
    #[must_use]
    pub fn of_public_key(public_key: &str) -> Self {
        let mut id = BASE32_NOPAD.encode(&Sha256::digest(public_key.as_bytes())).to_lowercase();
        id.truncate(16);
        Self(id)
    }

    /// Reads an id from a subject or a file.
    ///
    /// # Errors
    /// [`TokenError`].
    pub fn parse(text: &str) -> Result<Self, TokenError> {
        check_token(text)?;
        Ok(Self(text.to_owned()))
    }

    /// The id as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for DeviceId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
