//! What a device signs with: a key that it holds, or one that never leaves a browser's own keeping.
//!
//! A browser signs later than it is asked. So whatever needs a signature that is not there yet fails with
//! [`HandheldError::NotSignedYet`] before it has written anything; the page has the wanted bytes signed, and asks for the
//! same once more, with the same time and the same random bytes.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

#[cfg(feature = "device")]
use propusk_courier::Credentials;
use propusk_courier::verify;
use propusk_proto::frame::SIGNATURE_BYTES;

use crate::HandheldError;

/// A device's key.
#[derive(Clone, Debug)]
pub enum Signer {
    /// In this program's memory, read from its disk.
    #[cfg(feature = "device")]
    Here(Credentials),
    /// Somewhere that gives signatures and nothing else.
    Elsewhere(Elsewhere),
}

#[cfg(feature = "device")]
impl From<Credentials> for Signer {
    fn from(credentials: Credentials) -> Self {
        Self::Here(credentials)
    }
}

impl Signer {
    /// The public key as text: `U` and 55 more characters.
    #[must_use]
    pub fn public_key(&self) -> String {
        match self {
            #[cfg(feature = "device")]
            Self::Here(credentials) => credentials.public_key(),
            Self::Elsewhere(elsewhere) => elsewhere.public_key.clone(),
        }
    }

    /// The signature over `bytes`.
    ///
    /// # Errors
    /// [`HandheldError::NotSignedYet`] where somebody else has to be asked for it first.
    pub fn sign(&self, bytes: &[u8]) -> anyhow::Result<[u8; SIGNATURE_BYTES]> {
        match self {
            #[cfg(feature = "device")]
            Self::Here(credentials) => Ok(credentials.sign(bytes)?),
            Self::Elsewhere(elsewhere) => Ok(elsewhere.sign(bytes)?),
        }
    }

    /// The key itself, where this program holds it.
    #[cfg(feature = "device")]
    #[must_use]
    pub fn held(&self) -> Option<&Credentials> {
        match self {
            Self::Here(credentials) => Some(credentials),
            Self::Elsewhere(_) => None,
        }
    }
}

/// A key that this program does not hold. Clones share what is wanted and what was given.
#[derive(Clone, Debug)]
pub struct Elsewhere {
    public_key: String,
    desk: Arc<Mutex<Desk>>,
}

#[derive(Debug, Default)]
struct Desk {
    wanted: Vec<Vec<u8>>,
    given: BTreeMap<Vec<u8>, [u8; SIGNATURE_BYTES]>,
}

impl Elsewhere {
    /// The key with this public half (`U…`).
    #[must_use]
    pub fn new(public_key: String) -> Self {
        Self { public_key, desk: Arc::default() }
    }

    /// What is to be signed, taken from the list.
    #[must_use]
    pub fn wanted(&self) -> Vec<Vec<u8>> {
        std::mem::take(&mut self.lock().wanted)
    }

    /// Takes a signature; false for one that is not this key's over these bytes.
    #[must_use]
    pub fn give(&self, bytes: Vec<u8>, signature: &[u8]) -> bool {
        let good = verify(&self.public_key, &bytes, signature);
        if let Some(signature) = signature.try_into().ok().filter(|_| good) {
            self.lock().given.insert(bytes, signature);
        }
        good
    }

    /// Forgets all signatures: what they were for is done.
    pub fn forget(&self) {
        *self.lock() = Desk::default();
    }

    fn sign(&self, bytes: &[u8]) -> Result<[u8; SIGNATURE_BYTES], HandheldError> {
        let mut desk = self.lock();
        if let Some(signature) = desk.given.get(bytes) {
            return Ok(*signature);
        }
        desk.wanted.push(bytes.to_vec());
        Err(HandheldError::NotSignedYet)
    }

    fn lock(&self) -> MutexGuard<'_, Desk> {
        self.desk.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
