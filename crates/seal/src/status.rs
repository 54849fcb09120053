//! The status words of Doc 9303-13 appendix D and Doc 9303-7 §9.4.

use std::fmt;

/// What came of checking a seal. One word; [`Remark`]s stand beside it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Status {
    /// Well-formed, signed by a trusted signer within its limits and dates.
    Valid,
    /// The code could not be read: a character that can't be in the text form, or characters missing.
    ReadError,
    /// The bytes are not a Doc 9303-13 seal, or its features break its own definition.
    WrongFormat,
    /// No signer of that name and reference is known.
    UnknownCertificate,
    /// The signer is known but may not grant what the seal grants (zones, length of validity).
    UntrustedCertificate,
    /// The seal was signed outside the signer's dates, or they are over.
    ExpiredCertificate,
    /// The signer has been revoked; the signature itself is good. See
    /// [`crate::Verification::status_if_recorded_at`].
    RevokedCertificate,
    /// The signer may not sign documents of this type.
    InvalidDocumentType,
    /// The signature is not the signer's over these bytes.
    InvalidSignature,
    /// The passport's own MRZ is wrong. For callers that compare with a passport; not given by
    /// [`crate::verify`].
    InvalidPassportMrz,
    /// The seal and the passport differ. For callers that compare with a passport; not given by
    /// [`crate::verify`].
    SealPassportMismatch,
}

impl Status {
    /// The word as the ICAO documents write it, and `VALID`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Valid => "VALID",
            Self::ReadError => "READ_ERROR",
            Self::WrongFormat => "WRONG_FORMAT",
            Self::UnknownCertificate => "UNKNOWN_CERTIFICATE",
            Self::UntrustedCertificate => "UNTRUSTED_CERTIFICATE",
            Self::ExpiredCertificate => "EXPIRED_CERTIFICATE",
            Self::RevokedCertificate => "REVOKED_CERTIFICATE",
            Self::InvalidDocumentType => "INVALID_DOCUMENTTYPE",
            Self::InvalidSignature => "INVALID_SIGNATURE",
            Self::InvalidPassportMrz => "INVALID_PASSPORT_MRZ",
            Self::SealPassportMismatch => "SEAL_PASSPORT_MISMATCH",
        }
    }
}

impl fmt::Display for Status {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// Something worth knowing that does not change the status.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Remark {
    /// A feature with a tag that this reader has no definition for (Doc 9303-13: it does not invalidate).
    UnknownFeature {
        /// The tag.
        tag: u8,
    },
    /// The seal says it was signed after today: with a good signature, the reader's clock is suspect.
    SignedAfterToday,
}

impl Remark {
    /// The word: `UNKNOWN_FEATURE` is ICAO's, `SIGNED_AFTER_TODAY` ours.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::UnknownFeature { .. } => "UNKNOWN_FEATURE",
            Self::SignedAfterToday => "SIGNED_AFTER_TODAY",
        }
    }
}
