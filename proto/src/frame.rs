//! The frame of a signed message: the encoded message, then 64 bytes of Ed25519 signature over it.

use sha2::{Digest, Sha256};
use thiserror::Error;

use crate::codec::{DecodeError, Message, decode};

/// Bytes of an Ed25519 signature.
pub const SIGNATURE_BYTES: usize = 64;

/// A signed message as it was received; the signature is split off, not yet verified.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Frame<'a> {
    /// The bytes that are signed: version byte and postcard body.
    pub message: &'a [u8],
    /// Ed25519 signature over `message`.
    pub signature: &'a [u8; SIGNATURE_BYTES],
}

/// Why bytes are no frame.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum FrameError {
    /// Shorter than a signature.
    #[error("a signed message of {found} bytes; the signature alone has {SIGNATURE_BYTES}")]
    TooShort {
        /// Bytes found.
        found: usize,
    },
    /// The signed bytes are not the expected message.
    #[error(transparent)]
    Message(#[from] DecodeError),
}

impl<'a> Frame<'a> {
    /// Splits received bytes into message and signature.
    ///
    /// # Errors
    /// [`FrameError::TooShort`].
    pub fn split(bytes: &'a [u8]) -> Result<Self, FrameError> {
        bytes
            .split_last_chunk::<SIGNATURE_BYTES>()
            .map(|(message, signature)| Self { message, signature })
            .ok_or(FrameError::TooShort { found: bytes.len() })
    }

    /// Decodes the signed message. Verify the signature first.
    ///
    /// # Errors
    /// [`FrameError::Message`].
    pub fn decode<M: Message>(&self) -> Result<M, FrameError> {
        Ok(decode(self.message)?)
    }
}

/// Puts a signature behind the message it covers.
#[must_use]
pub fn join(message: &[u8], signature: &[u8; SIGNATURE_BYTES]) -> Vec<u8> {
    [message, signature].concat()
}

/// SHA-256 of a whole frame: the identity of an event's bytes, by which a repeat is told from a conflict.
#[must_use]
pub fn digest(frame: &[u8]) -> [u8; 32] {
    Sha256::digest(frame).into()
}
