//! The trust list in memory: the root's signature under it is verified once, not at every scan.

use std::sync::{Arc, Mutex, PoisonError};

use propusk_seal::{PublicKey, TrustError, TrustList, open_trust_list};

/// Whose signature counts, the bytes that were verified last, and the list that they are. Clones share it.
#[derive(Clone)]
pub(crate) struct Trusted {
    root: PublicKey,
    verified: Arc<Mutex<Option<Verified>>>,
}

struct Verified {
    signed: Vec<u8>,
    list: Arc<TrustList>,
}

impl Trusted {
    pub(crate) fn by(root: PublicKey) -> Self {
        Self { root, verified: Arc::default() }
    }

    /// The list that `signed` is. What is stored is not what is trusted: bytes that differ in anything from those that
    /// were verified are verified anew.
    pub(crate) fn open(&self, signed: Vec<u8>) -> Result<Arc<TrustList>, TrustError> {
        let mut verified = self.verified.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = verified.as_ref().filter(|known| known.signed == signed) {
            return Ok(Arc::clone(&known.list));
        }
        let list = Arc::new(open_trust_list(&signed, &self.root)?);
        *verified = Some(Verified { signed, list: Arc::clone(&list) });
        Ok(list)
    }
}

#[cfg(test)]
mod tests {
    use propusk_seal::{SigningKey, sign_trust_list};

    use super::*;

    #[test]
    fn only_the_very_bytes_that_were_verified_are_taken_unverified() {
        let root = SigningKey::from_bytes(&[98; 32]).unwrap();
        let signed = |issued_at| {
            let list = TrustList { issued_at, next_update: issued_at + 1, signers: vec![] };
            sign_trust_list(&list, &root).unwrap()
        };
        let trusted = Trusted::by(root.public_key());
        let first = trusted.open(signed(1)).unwrap();
        let again = trusted.open(signed(1)).unwrap();
        assert!(Arc::ptr_eq(&first, &again), "the second time it comes from memory");
        for at in 0..signed(1).len() {
            let mut altered = signed(1);
            altered[at] ^= 1;
            assert!(trusted.open(altered).is_err(), "byte {at}");
        }
        assert_eq!(trusted.open(signed(2)).unwrap().issued_at, 2);
    }
}
