//! What the scanner's text turns out to be. Pure.

use propusk_passport::Date;
use propusk_permit::PermitNumber;
use propusk_proto::{Presented, PresentedPermit, Reason};
use propusk_seal::{
    Fault, PermitSeal, PinnedSigner, SealError, Status, TEXT_PREFIX, TrustSource, Verification, read_scan,
    verify_scan,
};
use sha2::{Digest, Sha256};

/// A scanned or typed text, understood as far as it can be.
#[derive(Clone, Debug)]
pub struct Reading {
    /// What was held out.
    pub presented: Presented,
    /// The permit, where it is known.
    pub permit: Option<PresentedPermit>,
    /// The seal's own facts, where it is a permit seal.
    pub seal: Option<PermitSeal>,
    /// What the trust list says of the seal; `None` for a typed number.
    pub verification: Option<Verification>,
}

/// Reads a scanned text and verifies the seal in it against the trust list.
#[must_use]
pub fn read_seal<T: TrustSource + ?Sized>(text: &str, trust: &T, today: Date) -> Reading {
    let verification = verify_scan(text.as_bytes(), trust, today);
    let seal = verification.seal.as_ref().and_then(|seal| PermitSeal::from_seal(seal).ok());
    let permit = seal.as_ref().map(|seal| PresentedPermit {
        number: seal.permit_number.clone(),
        version: Some(seal.version),
        copy: Some(seal.copy),
    });
    let presented = match (read_scan(text.as_bytes()), &verification.fault) {
        (_, Some(Fault::Seal(SealError::Prefix))) => {
            Presented::Foreign { sha256: Sha256::digest(text.trim().as_bytes()).into() }
        }
        (Ok(bytes), _) if verification.seal.is_some() => {
            Presented::Seal { sha256: Sha256::digest(&bytes).into() }
        }
        _ => Presented::Unreadable,
    };
    Reading { presented, permit, seal, verification: Some(verification) }
}

/// A permit number typed because the code could not be scanned. Nothing is proven by it.
#[must_use]
pub fn typed_number(number: &PermitNumber) -> Reading {
    let permit = PresentedPermit { number: number.compact().to_owned(), version: None, copy: None };
    Reading { presented: Presented::TypedNumber, permit: Some(permit), seal: None, verification: None }
}

/// A code that no scanner reads, on a paper whose number nobody typed.
#[must_use]
pub fn unreadable() -> Reading {
    let nobody: Vec<PinnedSigner> = vec![];
    let verification = verify_scan(TEXT_PREFIX.as_bytes(), &nobody, Date::ZERO);
    Reading { presented: Presented::Unreadable, permit: None, seal: None, verification: Some(verification) }
}

impl Reading {
    /// The seal's facts, where its signature is good.
    #[must_use]
    pub fn good_seal(self) -> Option<PermitSeal> {
        let valid = self.verification.is_some_and(|verification| verification.status == Status::Valid);
        self.seal.filter(|_| valid)
    }

    /// Why the seal alone is refused, if it is. `recorded_at` is when the permit came on record, Unix seconds:
    /// permits recorded before their signer's revocation stay good (DESIGN.md §5).
    #[must_use]
    pub fn fault(&self, recorded_at: Option<i64>) -> Option<Reason> {
        let verification = self.verification.as_ref()?;
        if matches!(self.presented, Presented::Foreign { .. }) {
            return Some(Reason::NotAPermit);
        }
        if verification.seal.is_some() && self.seal.is_none() {
            return Some(Reason::NotAPermit);
        }
        let status = recorded_at.map_or(verification.status, |at| verification.status_if_recorded_at(at));
        match status {
            Status::Valid => None,
            Status::ReadError | Status::WrongFormat => Some(Reason::SealUnreadable),
            Status::InvalidDocumentType => Some(Reason::NotAPermit),
            Status::RevokedCertificate => Some(Reason::SignerRevoked),
            Status::InvalidSignature => Some(Reason::BadSignature),
            _ => Some(Reason::UnknownSigner),
        }
    }
}
