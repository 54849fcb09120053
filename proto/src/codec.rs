//! One-byte version, then postcard; nothing may be left over.
//!
//! Postcard is not self-describing (STACK.md, "postcard"): a message never changes its shape, it gets a new version,
//! and enums only grow at the end. Hashes and signatures cover the received bytes, never a re-encoding.

use serde::Serialize;
use serde::de::DeserializeOwned;
use thiserror::Error;

/// A type that travels. `VERSION` is the byte in front; `MAX_BYTES` is checked by writer and reader alike.
pub trait Message: Serialize + DeserializeOwned {
    /// Name for error messages.
    const NAME: &'static str;
    /// The version this type encodes.
    const VERSION: u8 = 1;
    /// Longest encoding in bytes, the version byte included.
    const MAX_BYTES: usize;

    /// Makes this message of an older version's body, where that can be done; `None` for a version that it never had.
    /// What is left over is returned too.
    fn read_old(version: u8, body: &[u8]) -> Option<postcard::Result<(Self, &[u8])>> {
        let _ = (version, body);
        None
    }
}

/// Why bytes are not the message they should be.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum DecodeError {
    /// No byte at all.
    #[error("an empty message where {name} was expected")]
    Empty {
        /// The expected message.
        name: &'static str,
    },
    /// Longer than the message may be.
    #[error("{name} of {found} bytes; at most {limit} are allowed")]
    TooLong {
        /// The expected message.
        name: &'static str,
        /// Bytes found.
        found: usize,
        /// Bytes allowed.
        limit: usize,
    },
    /// A version this build does not read.
    #[error("{name} in version {found}; this build reads version {known}: update it")]
    Version {
        /// The expected message.
        name: &'static str,
        /// The version byte.
        found: u8,
        /// The version this build reads.
        known: u8,
    },
    /// The body is not a value of the type.
    #[error("{name} that can't be decoded: {why}")]
    Body {
        /// The expected message.
        name: &'static str,
        /// Postcard's reason.
        why: String,
    },
    /// Bytes after the value.
    #[error("{name} with {count} bytes left over after it")]
    LeftOver {
        /// The expected message.
        name: &'static str,
        /// How many.
        count: usize,
    },
}

/// Why a value can't be sent.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum EncodeError {
    /// The encoding would be longer than any reader accepts.
    #[error("{name} of {found} bytes; at most {limit} are allowed")]
    TooLong {
        /// The message.
        name: &'static str,
        /// Bytes it would have.
        found: usize,
        /// Bytes allowed.
        limit: usize,
    },
    /// Postcard refused the value.
    #[error("{name} that can't be encoded: {why}")]
    Body {
        /// The message.
        name: &'static str,
        /// Postcard's reason.
        why: String,
    },
}

/// Encodes `message` behind its version byte.
///
/// # Errors
/// [`EncodeError::TooLong`] where a reader would refuse it.
pub fn encode<M: Message>(message: &M) -> Result<Vec<u8>, EncodeError> {
    let bytes = postcard::to_extend(message, vec![M::VERSION])
        .map_err(|error| EncodeError::Body { name: M::NAME, why: error.to_string() })?;
    if bytes.len() > M::MAX_BYTES {
        return Err(EncodeError::TooLong { name: M::NAME, found: bytes.len(), limit: M::MAX_BYTES });
    }
    Ok(bytes)
}

/// Decodes a message; leftovers are refused.
///
/// # Errors
/// [`DecodeError`], naming the message and what is wrong with it.
pub fn decode<M: Message>(bytes: &[u8]) -> Result<M, DecodeError> {
    let name = M::NAME;
    if bytes.len() > M::MAX_BYTES {
        return Err(DecodeError::TooLong { name, found: bytes.len(), limit: M::MAX_BYTES });
    }
    let (&version, body) = bytes.split_first().ok_or(DecodeError::Empty { name })?;
    let read = if version == M::VERSION {
        postcard::take_from_bytes(body)
    } else {
        let unknown = DecodeError::Version { name, found: version, known: M::VERSION };
        M::read_old(version, body).ok_or(unknown)?
    };
    let (message, rest) = read.map_err(|error| DecodeError::Body { name, why: error.to_string() })?;
    if rest.is_empty() { Ok(message) } else { Err(DecodeError::LeftOver { name, count: rest.len() }) }
}
