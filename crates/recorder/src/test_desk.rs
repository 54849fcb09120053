//! A desk whose permits the recorder takes, for tests.

use propusk_permit::{Date, PermitNumber};
use propusk_proto::{
    Change, NumberTag, PermitEvent, PermitStatus, SealedDetails, SignedPermitEvent, encode, subject,
};
use propusk_seal::{Signer, SignerId, SigningKey, TrustList, ZoneMask};
use uuid::Uuid;

use crate::ledger::Ledger;

/// A day on which its permits are valid, Unix milliseconds.
pub(crate) const NOW: i64 = 1_790_000_000_000;

pub(crate) struct Desk {
    key: SigningKey,
}

impl Desk {
    pub(crate) fn new() -> Self {
        Self { key: SigningKey::from_bytes(&[9; 32]).unwrap() }
    }

    /// Tells that the permit `id` was issued.
    pub(crate) fn issue(&self, ledger: &Ledger, id: u128, number: &PermitNumber) {
        let status = PermitStatus {
            tag: NumberTag::of(number),
            version: 1,
            valid_from: Date::constant(2026, 9, 1).into(),
            valid_to: Date::constant(2026, 10, 1).into(),
            zones: u32::MAX,
            posts: vec!["karasay".to_owned(), "torugart".to_owned()],
            copies: 4,
            travellers: 1,
        };
        let details = SealedDetails { lookup: [0; 32], wrapped_key: vec![0; 72], ciphertext: vec![0; 16] };
        self.tell(ledger, id, 1, "issued", Change::Issued { status, details });
    }

    /// Tells that it was revoked, two hours ago.
    pub(crate) fn revoke(&self, ledger: &Ledger, id: u128) {
        self.tell(ledger, id, 2, "revoked", Change::Revoked);
    }

    fn tell(&self, ledger: &Ledger, id: u128, sequence: u32, what: &str, change: Change) {
        let (permit_id, at_ms, office) = (Uuid::from_u128(id), NOW - 7_200_000, "BISHKEK".to_owned());
        let event = encode(&PermitEvent { permit_id, sequence, at_ms, office, change }).unwrap();
        let signature = self.key.sign(&SignedPermitEvent::signed_bytes(&event)).to_vec();
        let (signer, certificate_reference) = ("KGBP".to_owned(), "1".to_owned());
        let signed = encode(&SignedPermitEvent { signer, certificate_reference, event, signature }).unwrap();
        let message = (subject::permit(permit_id, what), signed);
        let parts = (message.0.as_str(), message.1.as_slice());
        assert!(ledger.take_permits([parts], &self.trust(), NOW).unwrap().is_empty());
    }

    fn trust(&self) -> TrustList {
        let signer = Signer {
            id: SignerId::new("KGBP", "1").unwrap(),
            valid_from: Date::constant(2026, 1, 1),
            valid_to: Date::constant(2027, 12, 31),
            public_key: self.key.public_key(),
            zones: ZoneMask(u32::MAX),
            max_days: 180,
            revoked_at: None,
        };
        TrustList { issued_at: NOW / 1000 - 60, next_update: NOW / 1000 + 86_400, signers: vec![signer] }
    }
}
