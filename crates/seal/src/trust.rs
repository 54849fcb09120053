//! The list of signers that readers trust, offline.

use jiff::civil::Date;
use thiserror::Error;

use crate::key::PublicKey;
use crate::profile::PermitSeal;
use crate::profile_error::ProfileError;
use crate::signer::{Overreach, SignerId, TrustSource, TrustedSigner};
use crate::trust_wire::{MAX_TRUST_LIST_BYTES, TRUST_LIST_VERSION};
use crate::zones::ZoneMask;

/// The most signers on a list: some hundred agencies with a new key every year, and room.
pub const MAX_SIGNERS: usize = 4096;

/// A desk's key and what it may grant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Signer {
    /// `KGBP` and the certificate reference.
    pub id: SignerId,
    /// The first day on which it may sign.
    pub valid_from: Date,
    /// The last day of its certificate: nothing it signed is accepted after it. A key signs for a year and
    /// its certificate lives on for the longest permit.
    pub valid_to: Date,
    /// The key; on P-256 for our own signers.
    pub public_key: PublicKey,
    /// The zones it may grant.
    pub zones: ZoneMask,
    /// The most days a permit of its may hold, first and last included.
    pub max_days: u16,
    /// When it was revoked, Unix seconds. Permits recorded before stay good; see
    /// [`crate::Verification::status_if_recorded_at`].
    pub revoked_at: Option<i64>,
}

impl Signer {
    /// What a desk asks before it signs, so that no reader refuses what it hands out: everything
    /// [`crate::verify`] checks on the day of the signature and will check on the permit's last day.
    ///
    /// # Errors
    /// The [`Overreach`]. Revocation is not looked at.
    pub fn check(&self, permit: &PermitSeal, signature_date: Date) -> Result<(), Overreach> {
        let trusted = self.trusted();
        if !trusted.holds_on(signature_date) {
            return Err(Overreach::SignatureDate {
                signature_date,
                from: self.valid_from,
                to: self.valid_to,
            });
        }
        if permit.valid_to > self.valid_to {
            return Err(Overreach::Outlives { valid_to: permit.valid_to, certificate_to: self.valid_to });
        }
        trusted.check_grant(permit)
    }

    fn trusted(&self) -> TrustedSigner {
        TrustedSigner {
            public_key: self.public_key,
            validity: Some((self.valid_from, self.valid_to)),
            revoked_at: self.revoked_at,
            limits: Some((self.zones, self.max_days)),
        }
    }
}

/// The signers, and how old this knowledge is. Being on the newest list is what makes a signer valid.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TrustList {
    /// When the operator signed the list, Unix seconds.
    pub issued_at: i64,
    /// When the next list is due at the latest, Unix seconds.
    pub next_update: i64,
    /// The signers; no two have the same name.
    pub signers: Vec<Signer>,
}

impl TrustList {
    /// The list's age in seconds; negative when the reader's clock is behind the operator's.
    #[must_use]
    pub const fn age(&self, now: i64) -> i64 {
        now.saturating_sub(self.issued_at)
    }

    /// Whether the list is older than `limit` seconds or its successor is overdue: a warning to show beside
    /// every verdict, never a silent pass.
    #[must_use]
    pub const fn is_stale(&self, now: i64, limit: i64) -> bool {
        self.age(now) > limit || now > self.next_update
    }

    /// Whether this list is newer than `other`; a reader never goes back to an older one, which could
    /// bring a revoked signer back.
    #[must_use]
    pub const fn supersedes(&self, other: &Self) -> bool {
        self.issued_at > other.issued_at
    }

    /// The rules that hold for what is written and for what is read.
    pub(crate) fn check(&self) -> Result<(), TrustError> {
        if self.signers.len() > MAX_SIGNERS {
            return Err(TrustError::TooManySigners { count: self.signers.len() });
        }
        if self.next_update < self.issued_at {
            return Err(TrustError::NextUpdate { issued_at: self.issued_at, next_update: self.next_update });
        }
        let mut names = std::collections::BTreeSet::new();
        for signer in &self.signers {
            signer.id.check_ours().map_err(TrustError::Signer)?;
            if signer.valid_from > signer.valid_to {
                let reference = signer.id.certificate_reference.clone();
                return Err(TrustError::Dates { reference });
            }
            if !names.insert((&signer.id.signer, &signer.id.certificate_reference)) {
                return Err(TrustError::Twice { reference: signer.id.certificate_reference.clone() });
            }
        }
        Ok(())
    }
}

impl TrustSource for TrustList {
    fn find(&self, signer: &str, certificate_reference: &str) -> Option<TrustedSigner> {
        self.signers.iter().find(|known| known.id.names(signer, certificate_reference)).map(Signer::trusted)
    }
}

/// Why bytes are not a trust list to trust, or a list can't be written.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum TrustError {
    /// Beyond the limit.
    #[error("the trust list has {len} bytes, at most {MAX_TRUST_LIST_BYTES} are read")]
    TooLong {
        /// The number of bytes.
        len: usize,
    },
    /// Too short for a version and a signature.
    #[error("the trust list has {len} bytes, too few for a version and a signature")]
    Cut {
        /// The number of bytes.
        len: usize,
    },
    /// The signature is not the root's over the received bytes. Nothing of the list was read.
    #[error("the trust list is not signed by the root key this reader was given")]
    Signature,
    /// A version that this reader does not know.
    #[error("trust list version {found}, this reader knows {TRUST_LIST_VERSION}; update it")]
    Version {
        /// The version byte.
        found: u8,
    },
    /// The signed bytes are not what the version says.
    #[error("the body of the trust list is not a list of signers")]
    Body,
    /// Bytes after the list.
    #[error("{count} bytes follow the body of the trust list")]
    Leftover {
        /// Their number.
        count: usize,
    },
    /// Too many signers.
    #[error("{count} signers, at most {MAX_SIGNERS} fit on a list")]
    TooManySigners {
        /// Their number.
        count: usize,
    },
    /// A next update before the issue.
    #[error("the next update ({next_update}) is due before the list was issued ({issued_at})")]
    NextUpdate {
        /// Unix seconds.
        issued_at: i64,
        /// Unix seconds.
        next_update: i64,
    },
    /// A signer whose name is not one of ours.
    #[error(transparent)]
    Signer(ProfileError),
    /// A signer whose last day is before its first, or with a date that does not exist.
    #[error("the dates of the signer with reference {reference} are not a period")]
    Dates {
        /// Its certificate reference.
        reference: String,
    },
    /// A signer whose key is none.
    #[error("the key of the signer with reference {reference} lies on neither curve")]
    Key {
        /// Its certificate reference.
        reference: String,
    },
    /// A signer that stands twice.
    #[error("the signer with reference {reference} stands twice")]
    Twice {
        /// Its certificate reference.
        reference: String,
    },
}
