//! Personal data of a permit, encrypted so that only whoever holds the permit number can read them (DESIGN.md §5).
//!
//! Every permit has a random key of its own, which its desk keeps apart from its register, and which travels wrapped
//! under a key derived from the permit number. Argon2id makes trying numbers slow: a permit number has 60 random bits,
//! too few for a plain hash. Destroying the key and the wrapped ones destroys the data.

use argon2::{Algorithm, Argon2, Params, Version};
use chacha20poly1305::aead::{Aead, KeyInit, Payload};
use chacha20poly1305::{XChaCha20Poly1305, XNonce};
use propusk_permit::PermitNumber;
use thiserror::Error;

use crate::codec::{DecodeError, EncodeError, decode, encode};
use crate::details::PermitDetails;
pub use crate::permit_event::SealedDetails;

/// Argon2id memory in KiB: about 10 ms on a small server.
const MEMORY_KIB: u32 = 8 * 1024;
const SALT: &[u8] = b"propusk permit number 1";
/// Bytes of a nonce: long enough to be drawn at random.
pub const NONCE_BYTES: usize = 24;

/// A permit's own random key.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct PermitKey(pub [u8; 32]);

impl PermitKey {
    /// Encrypts bytes about a permit; they open only with the same `about`. The nonce is random, never used twice.
    ///
    /// # Errors
    /// [`PersonalError::Closed`] for more bytes than the cipher takes (256 GiB).
    pub fn close(
        &self,
        about: &[u8],
        nonce: &[u8; NONCE_BYTES],
        plain: &[u8],
    ) -> Result<Vec<u8>, PersonalError> {
        lock(&self.0, nonce, about, plain)
    }

    /// Opens what [`PermitKey::close`] gave.
    ///
    /// # Errors
    /// [`PersonalError::Closed`] for another key, another `about`, or altered bytes.
    pub fn open(&self, about: &[u8], closed: &[u8]) -> Result<Vec<u8>, PersonalError> {
        unlock(&self.0, about, closed)
    }
}

/// What is derived from a permit number: where its details are filed, and the key that opens their key.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct NumberKey {
    /// Index under which the details are filed.
    pub lookup: [u8; 32],
    wrapping: [u8; 32],
}

/// Why details can't be sealed or opened.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum PersonalError {
    /// Another number, or altered bytes.
    #[error("the permit's details can't be opened with this permit number: another number, or altered data")]
    Closed,
    /// The details can't be encoded.
    #[error(transparent)]
    Encode(#[from] EncodeError),
    /// The opened bytes are no details.
    #[error(transparent)]
    Decode(#[from] DecodeError),
    /// The key derivation failed (out of memory).
    #[error("the key of the permit number can't be derived: {0}")]
    Derive(String),
}

impl NumberKey {
    /// Derives both halves from the number. Takes about 10 ms and 8 MiB, on purpose.
    ///
    /// # Errors
    /// [`PersonalError::Derive`] where memory is short.
    pub fn derive(number: &PermitNumber) -> Result<Self, PersonalError> {
        let failed = |error: argon2::Error| PersonalError::Derive(error.to_string());
        let params = Params::new(MEMORY_KIB, 1, 1, Some(64)).map_err(failed)?;
        let mut output = [0; 64];
        Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
            .hash_password_into(number.compact().as_bytes(), SALT, &mut output)
            .map_err(failed)?;
        let (mut lookup, mut wrapping) = ([0; 32], [0; 32]);
        lookup.copy_from_slice(&output[..32]);
        wrapping.copy_from_slice(&output[32..]);
        Ok(Self { lookup, wrapping })
    }
}

impl SealedDetails {
    /// Encrypts `details`. `nonces` are 48 random bytes, never used twice.
    ///
    /// # Errors
    /// [`PersonalError`].
    pub fn seal(
        details: &PermitDetails,
        number: &NumberKey,
        key: &PermitKey,
        nonces: &[u8; 2 * NONCE_BYTES],
    ) -> Result<Self, PersonalError> {
        let (first, second) = nonces.split_at(NONCE_BYTES);
        Ok(Self {
            lookup: number.lookup,
            wrapped_key: lock(&number.wrapping, first, details.id.as_bytes(), &key.0)?,
            ciphertext: lock(&key.0, second, details.id.as_bytes(), &encode(details)?)?,
        })
    }

    /// Opens the details of permit `id` with the key of its number.
    ///
    /// # Errors
    /// [`PersonalError::Closed`] for another number or altered bytes.
    pub fn open(&self, id: uuid::Uuid, number: &NumberKey) -> Result<PermitDetails, PersonalError> {
        let key = unlock(&number.wrapping, id.as_bytes(), &self.wrapped_key)?;
        let key: [u8; 32] = key.try_into().map_err(|_| PersonalError::Closed)?;
        Ok(decode(&unlock(&key, id.as_bytes(), &self.ciphertext)?)?)
    }
}

fn lock(key: &[u8; 32], nonce: &[u8], about: &[u8], plain: &[u8]) -> Result<Vec<u8>, PersonalError> {
    let cipher = XChaCha20Poly1305::new(key.into());
    let xnonce = XNonce::try_from(nonce).map_err(|_| PersonalError::Closed)?;
    let sealed =
        cipher.encrypt(&xnonce, Payload { msg: plain, aad: about }).map_err(|_| PersonalError::Closed)?;
    Ok([nonce, &sealed].concat())
}

fn unlock(key: &[u8; 32], about: &[u8], sealed: &[u8]) -> Result<Vec<u8>, PersonalError> {
    let (nonce, ciphertext) = sealed.split_at_checked(NONCE_BYTES).ok_or(PersonalError::Closed)?;
    let nonce = XNonce::try_from(nonce).map_err(|_| PersonalError::Closed)?;
    let cipher = XChaCha20Poly1305::new(key.into());
    cipher.decrypt(&nonce, Payload { msg: ciphertext, aad: about }).map_err(|_| PersonalError::Closed)
}
