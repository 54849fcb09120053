//! A user's public nkey (NATS ADR-14): a prefix byte, an Ed25519 key and a checksum, in Base32. Pure.

use curve25519_dalek::edwards::CompressedEdwardsY;
use data_encoding::BASE32_NOPAD;
use ed25519_zebra::{Signature, VerificationKey, VerificationKeyBytes};

/// The prefix byte of a user's public nkey, whose text begins with `U` (NATS ADR-14).
const USER_PREFIX: u8 = 20 << 3;

/// A user's public nkey, ready to verify with: worth keeping where one key signs many messages.
#[derive(Clone, Debug)]
pub struct UserKey(VerificationKey);

impl UserKey {
    /// The key that is spelt `text`; `None` for anything but a user's public nkey in its one right spelling, and for
    /// the few keys of small order, whose signatures would fit several messages.
    pub fn parse(text: &str) -> Option<Self> {
        let bytes = decode_user_key(text)?;
        let point = CompressedEdwardsY(bytes).decompress()?;
        let is_sound = !point.is_small_order() && point.compress().0 == bytes;
        VerificationKey::try_from(bytes).ok().filter(|_| is_sound).map(Self)
    }

    /// Whether `signature` is this key's over `bytes`, by the rules of ZIP 215 (Zcash), which give one signature the same
    /// answer alone and in a batch ([`crate::verify_each`]). Nobody can make one valid signature into another; anything malformed
    /// is `false`.
    pub fn verifies(&self, bytes: &[u8], signature: &[u8]) -> bool {
        Signature::from_slice(signature).is_ok_and(|it| self.0.verify(&it, bytes).is_ok())
    }

    pub(crate) fn bytes(&self) -> VerificationKeyBytes {
        self.0.into()
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

/// The text of a user's public nkey with these 32 bytes, an Ed25519 public key.
pub fn user_key(key: &[u8; 32]) -> String {
    let named = [[USER_PREFIX].as_slice(), key].concat();
    BASE32_NOPAD.encode(&[named.as_slice(), &checksum(&named).to_le_bytes()].concat())
}

fn decode_user_key(text: &str) -> Option<[u8; 32]> {
    let bytes = BASE32_NOPAD.decode(text.as_bytes()).ok()?;
    let (named, sum) = bytes.split_last_chunk::<2>()?;
    let (prefix, key) = named.split_first()?;
    let good = *prefix == USER_PREFIX && u16::from_le_bytes(*sum) == checksum(named);
    key.try_into().ok().filter(|_| good)
}

/// The CRC-16 at the end of an nkey (XMODEM: polynomial 1021, from 0; NATS ADR-14).
fn checksum(bytes: &[u8]) -> u16 {
    let shift = |sum: u16, _| if sum & 0x8000 == 0 { sum << 1 } else { sum << 1 ^ 0x1021 };
    bytes.iter().fold(0, |sum, byte| (0..8).fold(sum ^ u16::from(*byte) << 8, shift))
}

#[cfg(all(test, feature = "broker"))]
mod tests {
    use nkeys::{KeyPair, KeyPairType};

    use super::*;
    use crate::Credentials;

    #[test]
    fn the_text_of_a_key_is_the_one_that_the_key_library_writes() {
        for seed in 0..20 {
            let text = Credentials::generate([seed; 32]).unwrap().public_key();
            assert_eq!(user_key(&decode_user_key(&text).unwrap()), text);
        }
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
