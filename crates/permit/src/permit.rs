//! A permit through its life: issued, corrected, extended, revoked; copies added.

use jiff::Timestamp;
use propusk_passport::Date;
use thiserror::Error;
use uuid::Uuid;

use crate::number::PermitNumber;
use crate::order::Contents;
use crate::validity::{ValidityError, valid_to};

/// Where a permit stands. Each state carries its own facts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum State {
    /// In force (its dates permitting).
    Issued,
    /// Withdrawn for good.
    Revoked {
        /// Since when; hand-ins recorded before stay good (DESIGN.md §5).
        at: Timestamp,
        /// Why, in the clerk's words.
        reason: String,
    },
}

/// One permit at its newest version.
#[derive(Clone, Debug, PartialEq)]
pub struct Permit {
    /// Its id, a UUIDv7.
    pub id: Uuid,
    /// Its number, for people.
    pub number: PermitNumber,
    /// The version, from 1. Copies printed from an older one are superseded.
    pub version: u8,
    /// The day this version was issued; it is the seal's date too, so that a version always prints the same sheets.
    pub issued_on: Date,
    /// What this version says.
    pub contents: Contents,
    /// The number n of copies, the original not counted. Spares printed later raise it without a new version.
    pub copies: u8,
    /// Where it stands.
    pub state: State,
}

/// Why a transition is not allowed.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum TransitionError {
    /// The permit was revoked.
    #[error("permit {number} was revoked at {at}; a revoked permit can't be changed, issue a new one")]
    Revoked {
        /// Which permit.
        number: PermitNumber,
        /// Since when.
        at: Timestamp,
    },
    /// The seal counts versions in one byte.
    #[error("permit {number} has had 255 versions; issue a new one")]
    TooManyVersions {
        /// Which permit.
        number: PermitNumber,
    },
    /// The seal counts copies in one byte.
    #[error("permit {number} has {copies} copies and {more} more were asked for; 255 is the most")]
    TooManyCopies {
        /// Which permit.
        number: PermitNumber,
        /// Copies so far.
        copies: u8,
        /// Copies asked for in addition.
        more: u8,
    },
    /// The period asked for is not allowed.
    #[error(transparent)]
    Validity(#[from] ValidityError),
}

impl Permit {
    /// A new permit, version 1. The order must have been checked (`check_order`) without an error finding.
    #[must_use]
    pub fn issue(id: Uuid, number: PermitNumber, contents: Contents, copies: u8, issued_on: Date) -> Self {
        Self { id, number, version: 1, issued_on, contents, copies, state: State::Issued }
    }

    /// The next version with other contents.
    ///
    /// # Errors
    /// [`TransitionError`] if the permit was revoked or has no version left.
    pub fn correct(self, contents: Contents, copies: u8, issued_on: Date) -> Result<Self, TransitionError> {
        let version = self.next_version()?;
        Ok(Self { version, contents, copies, issued_on, ..self })
    }

    /// The next version, valid for `months` in total from its first day.
    ///
    /// # Errors
    /// [`TransitionError`] if the permit was revoked, or the period exceeds `max_total_months` (DOMAIN.md).
    pub fn extend(self, months: u8, max_total_months: u8, issued_on: Date) -> Result<Self, TransitionError> {
        let version = self.next_version()?;
        let valid_to = valid_to(self.contents.valid_from, months, max_total_months)?;
        Ok(Self { version, issued_on, contents: Contents { valid_to, ..self.contents }, ..self })
    }

    /// Withdraws the permit.
    ///
    /// # Errors
    /// [`TransitionError::Revoked`] if it was revoked already.
    pub fn revoke(self, at: Timestamp, reason: String) -> Result<Self, TransitionError> {
        self.in_force()?;
        Ok(Self { state: State::Revoked { at, reason }, ..self })
    }

    /// Raises the number of copies by `more` spares, without a new version (DESIGN.md §3).
    ///
    /// # Errors
    /// [`TransitionError`] if the permit was revoked or a copy number would not fit the seal.
    pub fn add_copies(self, more: u8) -> Result<Self, TransitionError> {
        self.in_force()?;
        let error = TransitionError::TooManyCopies { number: self.number, copies: self.copies, more };
        let copies = self.copies.checked_add(more).ok_or(error)?;
        Ok(Self { copies, ..self })
    }

    fn in_force(&self) -> Result<(), TransitionError> {
        match &self.state {
            State::Issued => Ok(()),
            State::Revoked { at, .. } => Err(TransitionError::Revoked { number: self.number, at: *at }),
        }
    }

    fn next_version(&self) -> Result<u8, TransitionError> {
        self.in_force()?;
        self.version.checked_add(1).ok_or(TransitionError::TooManyVersions { number: self.number })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    fn permit() -> Permit {
        let contents = Contents {
            zones: vec![propusk_region::ZoneId::new("naryn")],
            route: vec![],
            valid_from: date(2026, 6, 1),
            valid_to: date(2026, 6, 30),
            authority_reference: None,
            purpose: None,
            vehicle: None,
            travellers: vec![],
        };
        let number = PermitNumber::draw(|| [1; 8]);
        Permit::issue(Uuid::from_u128(1), number, contents, 3, date(2026, 5, 20))
    }

    #[test]
    fn an_extension_is_a_new_version_from_the_same_first_day() {
        let extended = permit().extend(2, 2, date(2026, 6, 20)).unwrap();
        assert_eq!((extended.version, extended.contents.valid_to), (2, date(2026, 7, 31)));
        assert!(matches!(extended.extend(3, 2, date(2026, 6, 21)), Err(TransitionError::Validity(_))));
    }

    #[test]
    fn a_revoked_permit_stays_as_it_is() {
        let revoked = permit().revoke(Timestamp::UNIX_EPOCH, "lost".to_owned()).unwrap();
        assert!(matches!(
            revoked.clone().extend(2, 2, date(2026, 6, 1)),
            Err(TransitionError::Revoked { .. })
        ));
        assert!(matches!(revoked.clone().add_copies(1), Err(TransitionError::Revoked { .. })));
        assert!(matches!(
            revoked.revoke(Timestamp::UNIX_EPOCH, String::new()),
            Err(TransitionError::Revoked { .. })
        ));
    }

    #[test]
    fn spares_raise_the_copies_without_a_new_version() {
        let more = permit().add_copies(2).unwrap();
        assert_eq!((more.version, more.copies), (1, 5));
        assert!(matches!(more.add_copies(251), Err(TransitionError::TooManyCopies { .. })));
    }
}
