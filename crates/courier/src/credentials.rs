//! Who somebody is on the bus: a NATS user nkey, an Ed25519 key in a text form with a checksum.
//!
//! Devices sign hand-in events with the same key and the recorder its receipts, so [`crate::verify`] is used far
//! from any connection.

use std::sync::Arc;

use nkeys::{KeyPair, KeyPairType};

/// A user nkey with its secret seed; clones share it.
#[derive(Clone)]
pub struct Credentials {
    pair: Arc<KeyPair>,
    seed: String,
}

/// Why a seed can't be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CredentialError {
    /// Not the text of an nkey seed, or a mistyped one.
    #[error("this is not an nkey seed (58 characters that begin with SU): take the file as it was written")]
    NotASeed,
    /// The seed of something else: an account, an operator, a server.
    #[error("this nkey seed does not belong to a user (a user's begins with SU)")]
    NotAUser,
}

impl Credentials {
    /// New credentials from 32 random bytes, which must come from the system's random source.
    ///
    /// # Errors
    /// [`CredentialError::NotASeed`] if the key library refuses the bytes; it never did.
    pub fn generate(random: [u8; 32]) -> Result<Self, CredentialError> {
        let pair = KeyPair::new_from_raw(KeyPairType::User, random).map_err(|_| CredentialError::NotASeed)?;
        Self::from_pair(pair)
    }

    /// Credentials from a seed as [`Credentials::seed`] gives it; blanks and line ends around it are ignored.
    ///
    /// # Errors
    /// [`CredentialError`] for anything but a user's seed.
    pub fn from_seed(seed: &str) -> Result<Self, CredentialError> {
        Self::from_pair(KeyPair::from_seed(seed.trim()).map_err(|_| CredentialError::NotASeed)?)
    }

    fn from_pair(pair: KeyPair) -> Result<Self, CredentialError> {
        if pair.key_pair_type() != KeyPairType::User {
            return Err(CredentialError::NotAUser);
        }
        let seed = pair.seed().map_err(|_| CredentialError::NotASeed)?;
        Ok(Self { pair: Arc::new(pair), seed })
    }

    /// The secret, as text. For a file of mode 0600 and nothing else.
    pub fn seed(&self) -> &str {
        &self.seed
    }

    /// The public key as text: `U` and 55 more characters.
    pub fn public_key(&self) -> String {
        self.pair.public_key()
    }

    /// The Ed25519 signature over `bytes` (RFC 8032; the same bytes always give the same signature).
    ///
    /// # Errors
    /// [`CredentialError::NotASeed`] if the key library can't sign; it always could.
    pub fn sign(&self, bytes: &[u8]) -> Result<[u8; 64], CredentialError> {
        let signature = self.pair.sign(bytes).map_err(|_| CredentialError::NotASeed)?;
        signature.try_into().map_err(|_| CredentialError::NotASeed)
    }
}

impl std::fmt::Debug for Credentials {
    /// Shows the public key only.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Credentials").field("public_key", &self.public_key()).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_seed_comes_back_with_the_same_key() {
        let one = Credentials::generate([7; 32]).unwrap();
        let two = Credentials::from_seed(&format!("{}\n", one.seed())).unwrap();
        assert_eq!(one.public_key(), two.public_key());
        assert!(one.public_key().starts_with('U') && one.seed().starts_with("SU"));
        assert_eq!(one.clone().sign(b"x").unwrap(), two.sign(b"x").unwrap());
        assert!(!format!("{one:?}").contains(one.seed()));
    }

    #[test]
    fn other_seeds_are_refused() {
        let account = KeyPair::new_from_raw(KeyPairType::Account, [1; 32]).unwrap().seed().unwrap();
        assert_eq!(Credentials::from_seed(&account).unwrap_err(), CredentialError::NotAUser);
        assert_eq!(Credentials::from_seed("SUAXYZ").unwrap_err(), CredentialError::NotASeed);
        assert_eq!(Credentials::from_seed("").unwrap_err(), CredentialError::NotASeed);
    }
}
