//! What a signer signs besides seals: that a permit was issued, changed or revoked.

use jiff::civil::Date;
use thiserror::Error;

use crate::signer::{Overreach, TrustSource};
use crate::zones::ZoneMask;

/// A signed statement.
#[derive(Debug, Clone, Copy)]
pub struct Statement<'a> {
    /// The signer's name, such as `KGBP`.
    pub signer: &'a str,
    /// Which of its certificates.
    pub certificate_reference: &'a str,
    /// What was signed.
    pub bytes: &'a [u8],
    /// The signature.
    pub signature: &'a [u8],
    /// When it says that it was made, Unix seconds.
    pub at: i64,
    /// What it grants, if anything: zones, first and last day.
    pub grant: Option<(ZoneMask, Date, Date)>,
}

/// Why a statement does not count.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum StatementError {
    /// Nobody of that name is trusted.
    #[error("the trust list does not name its signer")]
    UnknownSigner,
    /// The signature is not the signer's.
    #[error("the signature is not its signer's")]
    Forged,
    /// It was made after the signer was revoked. What was said before stays true; a thief who lies about the time is found
    /// by the seals, whose permits count from when they came on record.
    #[error("its signer was revoked before")]
    Revoked,
    /// It grants more than the signer may.
    #[error(transparent)]
    Overreach(#[from] Overreach),
}

impl Statement<'_> {
    /// Whether a signer that `trust` knows has made this statement, and may.
    ///
    /// # Errors
    /// [`StatementError`].
    pub fn check<T: TrustSource + ?Sized>(&self, trust: &T) -> Result<(), StatementError> {
        let found = trust.find(self.signer, self.certificate_reference);
        let signer = found.ok_or(StatementError::UnknownSigner)?;
        if !signer.public_key.verifies(self.bytes, self.signature) {
            return Err(StatementError::Forged);
        }
        if signer.revoked_at.is_some_and(|revoked| self.at >= revoked) {
            return Err(StatementError::Revoked);
        }
        match self.grant {
            Some((zones, from, to)) => Ok(signer.check_limits(zones, from, to)?),
            None => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Signer, SignerId, SigningKey, TrustList};
    use jiff::civil::date;

    #[test]
    fn only_a_trusted_signer_within_its_limits_counts() {
        let (key, other) =
            (SigningKey::from_bytes(&[7; 32]).unwrap(), SigningKey::from_bytes(&[8; 32]).unwrap());
        let signer = Signer {
            id: SignerId::new("KGBP", "1").unwrap(),
            valid_from: date(2026, 1, 1),
            valid_to: date(2028, 1, 1),
            public_key: key.public_key(),
            zones: ZoneMask(0b11),
            max_days: 62,
            revoked_at: Some(2_000),
        };
        let trust = TrustList { issued_at: 0, next_update: 0, signers: vec![signer] };
        let (good, bad) = (key.sign(b"issued"), other.sign(b"issued"));
        let grant = Some((ZoneMask(0b10), date(2026, 6, 1), date(2026, 6, 30)));
        let said = Statement {
            signer: "KGBP",
            certificate_reference: "1",
            bytes: b"issued",
            signature: &good,
            at: 1_000,
            grant,
        };
        assert_eq!(said.check(&trust), Ok(()));
        assert_eq!(Statement { signature: &bad, ..said }.check(&trust), Err(StatementError::Forged));
        assert_eq!(Statement { bytes: b"revoked", ..said }.check(&trust), Err(StatementError::Forged));
        assert_eq!(Statement { at: 2_000, ..said }.check(&trust), Err(StatementError::Revoked));
        let unknown = Statement { certificate_reference: "2", ..said }.check(&trust);
        assert_eq!(unknown, Err(StatementError::UnknownSigner));
        for (zones, to) in [(0b100, date(2026, 6, 30)), (0b10, date(2026, 12, 1))] {
            let grant = Some((ZoneMask(zones), date(2026, 6, 1), to));
            let beyond = Statement { grant, ..said }.check(&trust);
            assert!(matches!(beyond, Err(StatementError::Overreach(_))), "{beyond:?}");
        }
    }
}
