//! The validation policy of Doc 9303-13 appendix D, offline.

use jiff::civil::Date;

use crate::error::SealError;
use crate::profile::{PermitSeal, is_permit};
use crate::profile_error::ProfileError;
use crate::seal::{Seal, parse};
use crate::signer::{Overreach, TrustSource, TrustedSigner};
use crate::status::{Remark, Status};
use crate::text::read_scan;

/// The details behind a status that is not [`Status::Valid`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fault {
    /// Behind [`Status::ReadError`] and [`Status::WrongFormat`].
    Seal(SealError),
    /// Behind [`Status::InvalidDocumentType`] and [`Status::WrongFormat`] of a permit's signer.
    Profile(ProfileError),
    /// Behind [`Status::UntrustedCertificate`].
    Overreach(Overreach),
}

/// What came of checking a seal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verification {
    /// The status word.
    pub status: Status,
    /// The seal, as soon as it is well-formed: do not act on it unless the status allows it.
    pub seal: Option<Seal>,
    /// What else was noticed.
    pub remarks: Vec<Remark>,
    /// Why, where the status has details.
    pub fault: Option<Fault>,
    /// When the signer was revoked, in Unix seconds; given whenever the signature is good and the signer
    /// revoked, so always with [`Status::RevokedCertificate`].
    pub revoked_at: Option<i64>,
    /// The status if the signer had not been revoked.
    unrevoked: Status,
}

impl Verification {
    /// The status for a permit that the caller knows to have been recorded at `recorded_at` (Unix seconds).
    ///
    /// The dates in a seal prove nothing once its key is stolen: a thief writes any date. So a revoked
    /// signer makes every seal [`Status::RevokedCertificate`], whatever its signature date, and only a
    /// record from elsewhere, made before the second of the revocation, clears that (`DESIGN.md` §5:
    /// "permits recorded before it stay good"). Every other fault of the seal remains.
    #[must_use]
    pub fn status_if_recorded_at(&self, recorded_at: i64) -> Status {
        match self.revoked_at {
            Some(revoked_at) if recorded_at < revoked_at => self.unrevoked,
            _ => self.status,
        }
    }

    fn failed(status: Status, fault: SealError) -> Self {
        let fault = Some(Fault::Seal(fault));
        Self { status, seal: None, remarks: Vec::new(), fault, revoked_at: None, unrevoked: status }
    }
}

/// Checks a seal of any kind against the signers of `trust`.
///
/// The first that applies is the status:
/// 1. not a seal: [`Status::WrongFormat`];
/// 2. a signer that `trust` doesn't know: [`Status::UnknownCertificate`];
/// 3. [`Status::InvalidSignature`]: so every status below means that the signature is good;
/// 4. a revoked signer: [`Status::RevokedCertificate`];
/// 5. a signer of permits whose seal is no permit: [`Status::InvalidDocumentType`]; or breaks the profile:
///    [`Status::WrongFormat`];
/// 6. a permit beyond its signer's limits: [`Status::UntrustedCertificate`];
/// 7. signed outside the signer's dates, or these are over by `today`: [`Status::ExpiredCertificate`].
///
/// Whether the permit itself holds today, is revoked or superseded is for the caller. The age of the trust
/// list too: [`crate::TrustList::is_stale`].
#[must_use]
pub fn verify<T: TrustSource + ?Sized>(bytes: &[u8], trust: &T, today: Date) -> Verification {
    let seal = match parse(bytes) {
        Ok(seal) => seal,
        Err(error) => return Verification::failed(Status::WrongFormat, error),
    };
    let header = &seal.header;
    let mut remarks: Vec<Remark> = seal.unknown_tags().map(|tag| Remark::UnknownFeature { tag }).collect();
    if header.signature_date > today {
        remarks.push(Remark::SignedAfterToday);
    }
    let (unrevoked, fault, revoked_at) = match trust.find(&header.signer, &header.certificate_reference) {
        None => (Status::UnknownCertificate, None, None),
        Some(signer) if !signer.public_key.verifies(seal.signed_bytes(), &seal.signature) => {
            (Status::InvalidSignature, None, None)
        }
        Some(signer) => {
            let (status, fault) = within_trust(&seal, &signer, today);
            (status, fault, signer.revoked_at)
        }
    };
    let status = if revoked_at.is_some() { Status::RevokedCertificate } else { unrevoked };
    Verification { status, seal: Some(seal), remarks, fault, revoked_at, unrevoked }
}

/// Checks what a scanner delivers (raw bytes or the text form); [`Status::ReadError`] for a text that is
/// not a seal's.
#[must_use]
pub fn verify_scan<T: TrustSource + ?Sized>(scanned: &[u8], trust: &T, today: Date) -> Verification {
    match read_scan(scanned) {
        Ok(bytes) => verify(&bytes, trust, today),
        Err(error) => Verification::failed(Status::ReadError, error),
    }
}

/// Whether a seal with a good signature is one that its signer may make.
fn within_trust(seal: &Seal, signer: &TrustedSigner, today: Date) -> (Status, Option<Fault>) {
    if signer.limits.is_some() {
        match PermitSeal::from_seal(seal) {
            Err(error) if !is_permit(&seal.header) => {
                return (Status::InvalidDocumentType, Some(Fault::Profile(error)));
            }
            Err(error) => return (Status::WrongFormat, Some(Fault::Profile(error))),
            Ok(permit) => {
                if let Err(overreach) = signer.check_grant(&permit) {
                    return (Status::UntrustedCertificate, Some(Fault::Overreach(overreach)));
                }
            }
        }
    }
    let over = signer.validity.is_some_and(|(_, to)| today > to);
    if over || !signer.holds_on(seal.header.signature_date) {
        return (Status::ExpiredCertificate, None);
    }
    (Status::Valid, None)
}
