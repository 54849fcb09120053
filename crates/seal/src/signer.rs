//! Signers: how a seal names one, and who vouches for it.

use jiff::civil::Date;
use thiserror::Error;

use crate::key::{KeyError, PublicKey};
use crate::profile::PermitSeal;
use crate::profile_error::ProfileError;
use crate::zones::ZoneMask;

/// How a seal names its signer: four characters and the certificate's serial number in hexadecimal.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct SignerId {
    /// Country (two characters) and two alphanumerics: `KGBP`.
    pub signer: String,
    /// Hexadecimal. At most nine digits are written: deployed signers disagree beyond (`SEAL.md`).
    pub certificate_reference: String,
}

impl SignerId {
    /// The most digits of a reference that we write.
    pub const MAX_REFERENCE_DIGITS: usize = 9;

    /// Puts an identifier together and checks that our profile writes it.
    ///
    /// # Errors
    /// [`ProfileError::Signer`].
    pub fn new(signer: &str, certificate_reference: &str) -> Result<Self, ProfileError> {
        let id = Self { signer: signer.to_owned(), certificate_reference: certificate_reference.to_owned() };
        id.check_ours()?;
        Ok(id)
    }

    pub(crate) fn check_ours(&self) -> Result<(), ProfileError> {
        let (signer, reference) = (&self.signer, &self.certificate_reference);
        let alphanumeric = |byte: u8| byte.is_ascii_uppercase() || byte.is_ascii_digit();
        let digit = |byte: u8| byte.is_ascii_digit() || (b'A'..=b'F').contains(&byte);
        let signer_fits = signer.len() == 4 && signer.starts_with("KG") && signer.bytes().all(alphanumeric);
        let reference_fits = (1..=Self::MAX_REFERENCE_DIGITS).contains(&reference.len())
            && !reference.starts_with('0')
            && reference.bytes().all(digit);
        if signer_fits && reference_fits {
            return Ok(());
        }
        Err(ProfileError::Signer { signer: signer.clone(), reference: reference.clone() })
    }

    /// Whether a seal with this signer and reference means this signer. The reference is a number: case and
    /// leading zeros, which header version `02` pads with, do not count.
    #[must_use]
    pub fn names(&self, signer: &str, certificate_reference: &str) -> bool {
        let known = self.certificate_reference.trim_start_matches('0');
        self.signer.eq_ignore_ascii_case(signer)
            && known.eq_ignore_ascii_case(certificate_reference.trim_start_matches('0'))
    }
}

/// What is known of a signer whose key is trusted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TrustedSigner {
    /// The key that verifies its seals.
    pub public_key: PublicKey,
    /// The first and the last day of its certificate; `None` for a key trusted by hand.
    pub validity: Option<(Date, Date)>,
    /// When it was revoked, in Unix seconds.
    pub revoked_at: Option<i64>,
    /// For a signer of permits: the zones it may grant and the most days a permit may hold. Such a signer
    /// may sign nothing but permits.
    pub limits: Option<(ZoneMask, u16)>,
}

/// How a permit goes beyond what its signer may grant.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum Overreach {
    /// Zones that the signer may not grant.
    #[error("the permit is for zones (bits {:x}) that its signer may not grant", zones.0)]
    Zones {
        /// The zones beyond.
        zones: ZoneMask,
    },
    /// A permit that holds for longer than the signer may grant.
    #[error("the permit holds for {days} days, its signer may grant {max}")]
    Days {
        /// The days of the permit, first and last included.
        days: u32,
        /// The most days.
        max: u16,
    },
    /// A permit that outlives the certificate, whose seal would be refused on its last days.
    #[error("the permit is valid to {valid_to}, its signer only to {certificate_to}")]
    Outlives {
        /// The last day of the permit.
        valid_to: Date,
        /// The last day of the certificate.
        certificate_to: Date,
    },
    /// A seal signed outside the dates of the certificate.
    #[error("signed on {signature_date}, the signer is valid from {from} to {to}")]
    SignatureDate {
        /// The day of the signature.
        signature_date: Date,
        /// The first day of the certificate.
        from: Date,
        /// The last day.
        to: Date,
    },
}

impl TrustedSigner {
    /// The limits on what a permit grants, which every reader checks.
    pub(crate) fn check_grant(&self, permit: &PermitSeal) -> Result<(), Overreach> {
        self.check_limits(permit.zones, permit.valid_from, permit.valid_to)
    }

    /// Whether it may grant these zones from the first to the last of these days.
    ///
    /// # Errors
    /// The [`Overreach`].
    pub(crate) fn check_limits(
        &self,
        zones: ZoneMask,
        valid_from: Date,
        valid_to: Date,
    ) -> Result<(), Overreach> {
        let Some((granted, max)) = self.limits else { return Ok(()) };
        if !zones.is_within(granted) {
            return Err(Overreach::Zones { zones: ZoneMask(zones.0 & !granted.0) });
        }
        let span = valid_to.duration_since(valid_from).as_hours() / 24;
        let days = u32::try_from(span + 1).unwrap_or(u32::MAX);
        if days > u32::from(max) {
            return Err(Overreach::Days { days, max });
        }
        Ok(())
    }

    /// Whether `day` is within the certificate's dates.
    pub(crate) fn holds_on(&self, day: Date) -> bool {
        self.validity.is_none_or(|(from, to)| (from..=to).contains(&day))
    }
}

/// Something that knows signers: the trust list, a few keys named by hand, or several of these.
pub trait TrustSource {
    /// The signer of that name, by the rule of [`SignerId::names`].
    fn find(&self, signer: &str, certificate_reference: &str) -> Option<TrustedSigner>;
}

/// Nobody is trusted by an empty slice; of several sources the first that knows the signer answers.
impl TrustSource for [&dyn TrustSource] {
    fn find(&self, signer: &str, certificate_reference: &str) -> Option<TrustedSigner> {
        self.iter().find_map(|source| source.find(signer, certificate_reference))
    }
}

/// A key trusted by hand, without dates and limits (`verify seal --signer NAME=POINT_HEX`).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PinnedSigner {
    /// The name; any country's.
    pub id: SignerId,
    /// The key.
    pub public_key: PublicKey,
}

/// Why a text is not `NAME=POINT_HEX`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum PinnedSignerError {
    /// No name of five or more letters and digits before a `=`.
    #[error(
        "expected NAME=POINT_HEX with four characters of the signer and its certificate reference as NAME"
    )]
    Name,
    /// The point is none.
    #[error(transparent)]
    Key(#[from] KeyError),
}

impl PinnedSigner {
    /// Reads `UTTS5B=04…`: signer (four characters) and reference, and an uncompressed point on either curve.
    ///
    /// # Errors
    /// [`PinnedSignerError`].
    pub fn parse(text: &str) -> Result<Self, PinnedSignerError> {
        let (name, point) = text.split_once('=').ok_or(PinnedSignerError::Name)?;
        let name = name.trim();
        if name.len() < 5 || !name.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
            return Err(PinnedSignerError::Name);
        }
        let (signer, reference) = name.split_at(4);
        let id = SignerId { signer: signer.to_owned(), certificate_reference: reference.to_owned() };
        Ok(Self { id, public_key: PublicKey::from_sec1_hex(point.trim())? })
    }
}

impl TrustSource for Vec<PinnedSigner> {
    fn find(&self, signer: &str, certificate_reference: &str) -> Option<TrustedSigner> {
        let pinned = self.iter().find(|pinned| pinned.id.names(signer, certificate_reference))?;
        Some(TrustedSigner { public_key: pinned.public_key, validity: None, revoked_at: None, limits: None })
    }
}
