//! Who somebody is on the bus: a NATS user nkey, an Ed25519 key in a text form with a checksum.
//!
//! Devices sign hand-in events with the same key and the recorder its receipts, so [`verify`] is used far from
//! any connection.

use std::sync::Arc;

use ed25519_dalek::{Signature, VerifyingKey};
use nkeys::{KeyPair, KeyPairType};

/// The prefix byte of a user's public nkey, whose text begins with `U` (NATS ADR-14).
const USER_PREFIX: u8 = 20 << 3;

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

/// A user's public nkey, ready to verify with: worth keeping where one key signs many messages.
#[derive(Clone, Debug)]
pub struct UserKey(VerifyingKey);

impl UserKey {
    /// The key that is spelt `text`; `None` for anything but a user's public nkey in its one right spelling.
    pub fn parse(text: &str) -> Option<Self> {
        VerifyingKey::from_bytes(&decode_user_key(text)?).ok().map(Self)
    }

    /// Whether `signature` is this key's over `bytes`.
    ///
    /// Strict (RFC 8032 and no small-order keys or points): a signature can't be altered into another valid one,
    /// and no key exists whose signature fits several messages. Anything malformed is `false`.
    pub fn verifies(&self, bytes: &[u8], signature: &[u8]) -> bool {
        Signature::from_slice(signature).is_ok_and(|it| self.0.verify_strict(bytes, &it).is_ok())
    }
}

/// Whether `signature` is that of the user nkey `public_key` over `bytes`, as strictly as [`UserKey::verifies`].
/// A key that can't be read is `false`.
pub fn verify(public_key: &str, bytes: &[u8], signature: &[u8]) -> bool {
    UserKey::parse(public_key).is_some_and(|key| key.verifies(bytes, signature))
}

/// Whether `text` is a user's public nkey: 56 characters that begin with U, their checksum right.
pub fn is_user_key(text: &str) -> bool {
    decode_user_key(text).is_some()
}

fn decode_user_key(text: &str) -> Option<[u8; 32]> {
    let canonical = text.len() == 56 && text.bytes().all(|b| matches!(b, b'A'..=b'Z' | b'2'..=b'7'));
    let (prefix, key) = nkeys::from_public_key(text).ok().filter(|_| canonical)?;
    (prefix == USER_PREFIX).then_some(key)
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

    #[test]
    fn verify_accepts_only_the_right_key_bytes_and_signature() {
        let (ours, other) =
            (Credentials::generate([1; 32]).unwrap(), Credentials::generate([2; 32]).unwrap());
        let signature = ours.sign(b"event").unwrap();
        assert!(verify(&ours.public_key(), b"event", &signature));
        assert!(!verify(&other.public_key(), b"event", &signature));
        assert!(!verify(&ours.public_key(), b"evenT", &signature));
        assert!(!verify(&ours.public_key(), b"event", &signature[..63]));
        for place in 0..64 {
            let mut wrong = signature;
            wrong[place] ^= 1;
            assert!(!verify(&ours.public_key(), b"event", &wrong), "byte {place}");
        }
        for key in ["", "U", "not a key at all", "ÜÜÜÜÜÜÜÜÜÜÜÜÜÜÜÜÜÜÜÜÜÜÜÜÜÜÜÜ"] {
            assert!(!verify(key, b"event", &signature));
        }
        assert!(!verify(&ours.public_key().to_lowercase(), b"event", &signature));
        let account = KeyPair::new_from_raw(KeyPairType::Account, [1; 32]).unwrap();
        assert!(!verify(&account.public_key(), b"event", &account.sign(b"event").unwrap()));
    }

    #[test]
    fn verify_is_strict() {
        // s + L is the same scalar; a lenient verifier would accept it (RFC 8032, 5.1.7).
        let ours = Credentials::generate([3; 32]).unwrap();
        let mut signature = ours.sign(b"event").unwrap();
        const ORDER: [u8; 32] = [
            0xed, 0xd3, 0xf5, 0x5c, 0x1a, 0x63, 0x12, 0x58, 0xd6, 0x9c, 0xf7, 0xa2, 0xde, 0xf9, 0xde, 0x14,
            0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x10,
        ];
        let mut carry = 0_u16;
        for (byte, order) in signature[32..].iter_mut().zip(ORDER) {
            let sum = u16::from(*byte) + u16::from(order) + carry;
            *byte = (sum & 0xff) as u8;
            carry = sum >> 8;
        }
        assert!(!verify(&ours.public_key(), b"event", &signature));
    }
}
