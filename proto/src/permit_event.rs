//! What happened to a permit, as the desk tells it: status in clear, personal data encrypted.

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use thiserror::Error;
use uuid::Uuid;

use propusk_permit::{Date, PermitNumber};

use crate::codec::Message;

/// Encrypted details of one permit version; `personal` closes and opens them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SealedDetails {
    /// `NumberKey::lookup` of the permit number.
    pub lookup: [u8; 32],
    /// Nonce and XChaCha20-Poly1305 ciphertext of the permit's key under the number's key.
    pub wrapped_key: Vec<u8>,
    /// Nonce and XChaCha20-Poly1305 ciphertext of the encoded `PermitDetails` under the permit's key.
    pub ciphertext: Vec<u8>,
}

/// One event on `permit.<permit-id>.<event>`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PermitEvent {
    /// The permit.
    pub permit_id: Uuid,
    /// Number of this event within the permit, from 1, without gaps: a reader sees what it missed.
    pub sequence: u32,
    /// The desk's time, Unix milliseconds.
    pub at_ms: i64,
    /// The issuing office.
    pub office: String,
    /// What happened.
    pub change: Change,
}

impl Message for PermitEvent {
    const NAME: &'static str = "a permit event";
    const MAX_BYTES: usize = 64 * 1024;
}

/// What happened. Append-only.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Change {
    /// Version 1.
    Issued {
        /// For everybody.
        status: PermitStatus,
        /// For whoever holds the permit number.
        details: SealedDetails,
    },
    /// A corrected version.
    Corrected {
        /// For everybody.
        status: PermitStatus,
        /// For whoever holds the permit number.
        details: SealedDetails,
    },
    /// A version that is valid longer.
    Extended {
        /// For everybody.
        status: PermitStatus,
        /// For whoever holds the permit number.
        details: SealedDetails,
    },
    /// Withdrawn.
    Revoked,
    /// Sheets were printed.
    Printed {
        /// The copy numbers printed, 0 for the original.
        copies: Vec<u8>,
        /// The number n of copies from now on.
        of: u8,
        /// Which desk printed them.
        by: String,
    },
    /// The personal data were erased at the desk: whoever keeps [`SealedDetails`] of this permit destroys them. It
    /// stands for every event before it, which are not published any more.
    Purged {
        /// Under what the details were filed, as [`SealedDetails::lookup`] was.
        lookup: [u8; 32],
        /// The newest version's facts, which stay.
        status: PermitStatus,
        /// When it was withdrawn, Unix milliseconds, where it was.
        revoked_at_ms: Option<i64>,
    },
}

impl Change {
    /// The version's facts, where this tells of one.
    #[must_use]
    pub fn status(&self) -> Option<&PermitStatus> {
        match self {
            Self::Issued { status, .. }
            | Self::Corrected { status, .. }
            | Self::Extended { status, .. }
            | Self::Purged { status, .. } => Some(status),
            Self::Revoked | Self::Printed { .. } => None,
        }
    }

    /// The event's token in the subject.
    #[must_use]
    pub fn as_str(&self) -> &'static str {
        match self {
            Self::Issued { .. } => "issued",
            Self::Corrected { .. } => "corrected",
            Self::Extended { .. } => "extended",
            Self::Revoked => "revoked",
            Self::Printed { .. } => "printed",
            Self::Purged { .. } => "purged",
        }
    }
}

/// The facts of a permit version that a checkpoint needs; no personal data, not even the permit number.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PermitStatus {
    /// Where to find it by number.
    pub tag: NumberTag,
    /// The version.
    pub version: u8,
    /// First valid day.
    pub valid_from: Day,
    /// Last valid day.
    pub valid_to: Day,
    /// Zones, as the bitmask of SEAL.md, feature 05.
    pub zones: u32,
    /// Posts of the route.
    pub posts: Vec<String>,
    /// Number n of copies.
    pub copies: u8,
    /// Size of the group.
    pub travellers: u8,
}

/// The first 5 bytes of SHA-256 over a prefix and the permit number: finds a permit, does not give its number away.
///
/// 40 bits of 60: among 100,000 permits a number nobody issued meets a tag by chance once in ten million look-ups,
/// and whoever copies a device learns too little to try all numbers against the encrypted details.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct NumberTag(pub [u8; Self::BYTES]);

impl NumberTag {
    /// Bytes of a tag.
    pub const BYTES: usize = 5;

    /// The tag of a permit number.
    #[must_use]
    pub fn of(number: &PermitNumber) -> Self {
        Self::of_compact(number.compact())
    }

    /// The tag of a permit number as hand-ins have it, whether or not it is one.
    #[must_use]
    pub fn of_compact(number: &str) -> Self {
        let digest: [u8; 32] =
            Sha256::new().chain_update(b"propusk tag 1").chain_update(number).finalize().into();
        Self(digest.first_chunk().copied().unwrap_or_default())
    }
}

/// A calendar day as the decimal number YYYYMMDD.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Day(pub u32);

/// A number that is no calendar day.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[error("{0} is not a calendar day YYYYMMDD")]
pub struct NotADay(pub u32);

impl From<Date> for Day {
    fn from(date: Date) -> Self {
        let part = |value: i16| u32::from(value.unsigned_abs());
        Self(part(date.year()) * 10_000 + part(date.month().into()) * 100 + part(date.day().into()))
    }
}

impl TryFrom<Day> for Date {
    type Error = NotADay;

    fn try_from(Day(day): Day) -> Result<Self, NotADay> {
        let part = |value: u32| i16::try_from(value).map_err(|_| NotADay(day));
        let small = |value: u32| i8::try_from(value % 100).map_err(|_| NotADay(day));
        Date::new(part(day / 10_000)?, small(day / 100)?, small(day)?).map_err(|_| NotADay(day))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_read_back_and_nonsense_is_refused() {
        let date = Date::new(2026, 6, 30).unwrap();
        assert_eq!(Day::from(date), Day(20_260_630));
        assert_eq!(Date::try_from(Day(20_260_630)), Ok(date));
        for nonsense in [0, 20_260_231, u32::MAX] {
            assert_eq!(Date::try_from(Day(nonsense)), Err(NotADay(nonsense)));
        }
    }
}
