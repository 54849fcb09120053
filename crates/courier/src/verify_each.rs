//! Many signatures at once, for a fraction of what they cost one by one. Pure.

use ed25519_zebra::batch::{Item, Verifier};
use ed25519_zebra::{Error, Signature};
use rand_chacha::ChaCha20Rng;
use rand_chacha::rand_core::SeedableRng;
use sha2::{Digest, Sha256};

use crate::UserKey;

/// A message, and what is said to be its signature.
#[derive(Clone, Copy, Debug)]
pub struct Claim<'a> {
    /// Whose signature it is said to be.
    pub key: &'a UserKey,
    /// The signed bytes.
    pub message: &'a [u8],
    /// An Ed25519 signature.
    pub signature: &'a [u8; 64],
}

/// Which of these signatures are right, in their order; each answer is that of [`UserKey::verifies`].
///
/// Where one is wrong, both halves of what it is in are looked at again, down to itself. So a few wrong ones cost little, and
/// nothing but wrong ones some two times what they cost one by one.
pub fn verify_each(claims: &[Claim<'_>]) -> Vec<bool> {
    if let [claim] = claims {
        return vec![claim.key.verifies(claim.message, claim.signature)];
    }
    let mut right = vec![false; claims.len()];
    let items: Vec<Item> = claims.iter().map(item).collect();
    let mut seed = Sha256::new();
    for claim in claims {
        seed.update(claim.key.bytes());
        seed.update(claim.signature);
        seed.update(Sha256::digest(claim.message));
    }
    // Nobody knows the coefficients of the sum before all that is summed up is fixed.
    let mut random = ChaCha20Rng::from_seed(seed.finalize().into());
    settle(&items, &mut right, &mut random);
    right
}

fn item(claim: &Claim<'_>) -> Item {
    Item::from((claim.key.bytes(), Signature::from_bytes(claim.signature), claim.message))
}

fn settle(items: &[Item], right: &mut [bool], random: &mut ChaCha20Rng) {
    if all_right(items, random).is_ok() {
        right.fill(true);
    } else if items.len() > 1 {
        let half = items.len() / 2;
        let (first, second) = right.split_at_mut(half);
        settle(&items[..half], first, random);
        settle(&items[half..], second, random);
    }
}

fn all_right(items: &[Item], random: &mut ChaCha20Rng) -> Result<(), Error> {
    match items {
        [] => Ok(()),
        [one] => one.clone().verify_single(),
        several => {
            let mut batch = Verifier::new();
            several.iter().cloned().for_each(|item| batch.queue(item));
            batch.verify(random)
        }
    }
}

#[cfg(all(test, feature = "broker"))]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::Credentials;

    #[test]
    fn one_alone_is_right_or_wrong() {
        let credentials = Credentials::generate([1; 32]).unwrap();
        let key = UserKey::parse(&credentials.public_key()).unwrap();
        let signature = credentials.sign(b"event").unwrap();
        let answer = |message| verify_each(&[Claim { key: &key, message, signature: &signature }]);
        assert_eq!(answer(b"event"), [true]);
        assert_eq!(answer(b"Event"), [false]);
        assert!(verify_each(&[]).is_empty());
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(32))]

        #[test]
        fn each_answer_is_that_of_the_signature_alone(spoilt in prop::collection::vec(0..40_u8, 0..60)) {
            let credentials: Vec<_> = (1..4).map(|seed| Credentials::generate([seed; 32]).unwrap()).collect();
            let keys: Vec<_> = credentials.iter().map(|it| UserKey::parse(&it.public_key()).unwrap()).collect();
            let signed: Vec<_> = spoilt.iter().enumerate().map(|(at, spoilt)| {
                let mut message = format!("event {at}").into_bytes();
                let mut signature = credentials[at % 3].sign(&message).unwrap();
                match spoilt {
                    0 => message[0] ^= 1,
                    1 => signature[0] ^= 1,
                    2 => signature[32] ^= 1,
                    3 => signature[63] |= 0xe0,
                    4 => signature = credentials[(at + 1) % 3].sign(&message).unwrap(),
                    _ => {}
                }
                (message, signature)
            }).collect();
            let claim = |(at, (message, signature)): (usize, &'_ (Vec<u8>, [u8; 64]))| {
                (at, message.clone(), *signature)
            };
            let owned: Vec<_> = signed.iter().enumerate().map(claim).collect();
            let claims: Vec<_> = owned.iter().map(|(at, message, signature)| Claim {
                key: &keys[at % 3], message, signature,
            }).collect();
            let alone: Vec<_> = claims.iter().map(|it| it.key.verifies(it.message, it.signature)).collect();
            let expected: Vec<_> = spoilt.iter().map(|it| *it > 4).collect();
            prop_assert_eq!(&alone, &expected);
            prop_assert_eq!(verify_each(&claims), expected);
        }
    }
}
