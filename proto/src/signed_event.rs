//! A permit event with its desk's signature.
//!
//! Whoever owns the broker could publish an event on any subject; only the holder of a seal key can sign one. The key is
//! the one under the desk's seals: the root-signed trust list says already whose it is, for which zones and how long.

use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::codec::{DecodeError, Message, decode};
use crate::permit_event::PermitEvent;
use crate::subject;

/// What the signature covers begins with this, so that it fits nothing else that a seal key signs.
const PREFIX: &[u8] = b"propusk permit event 1";

/// What stands on `permit.<permit-id>.<event>`. Version 1 was the bare event, which readers name and pass over: its desk
/// publishes it again, signed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SignedPermitEvent {
    /// The signer's name, `KGBP`.
    pub signer: String,
    /// Which of its certificates.
    pub certificate_reference: String,
    /// The encoded [`PermitEvent`], byte for byte as it was signed.
    pub event: Vec<u8>,
    /// ECDSA P-256 with SHA-256 over [`SignedPermitEvent::signed_bytes`]: r and s, 32 bytes each.
    pub signature: Vec<u8>,
}

impl Message for SignedPermitEvent {
    const NAME: &'static str = "a signed permit event";
    const VERSION: u8 = 2;
    const MAX_BYTES: usize = PermitEvent::MAX_BYTES + 256;
}

/// Why an event is not taken from the broker.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum NotTheDesk {
    /// Not the message it should be.
    #[error(transparent)]
    Unreadable(#[from] DecodeError),
    /// A version 1 event.
    #[error("no desk has signed it")]
    Unsigned,
    /// Its signature, or what it says, does not count.
    #[error("signer {signer} {certificate_reference}: {why}")]
    Refused {
        /// The signer's name.
        signer: String,
        /// The certificate.
        certificate_reference: String,
        /// Why.
        why: String,
    },
    /// It stands on another event's subject.
    #[error("it belongs on {0}")]
    OtherSubject(String),
}

impl SignedPermitEvent {
    /// What is to be signed for an encoded event.
    #[must_use]
    pub fn signed_bytes(event: &[u8]) -> Vec<u8> {
        [PREFIX, event].concat()
    }

    /// Takes an event from its subject. `check` says whether a trusted signer has signed these bytes, and may say what
    /// the event says.
    ///
    /// # Errors
    /// [`NotTheDesk`].
    pub fn open<E: std::fmt::Display>(
        subject: &str,
        payload: &[u8],
        check: impl FnOnce(&Self, &[u8], &PermitEvent) -> Result<(), E>,
    ) -> Result<PermitEvent, NotTheDesk> {
        if payload.first() == Some(&PermitEvent::VERSION) && decode::<PermitEvent>(payload).is_ok() {
            return Err(NotTheDesk::Unsigned);
        }
        let signed: Self = decode(payload)?;
        let event: PermitEvent = decode(&signed.event)?;
        let belongs_on = subject::permit(event.permit_id, event.change.as_str());
        if subject != belongs_on {
            return Err(NotTheDesk::OtherSubject(belongs_on));
        }
        match check(&signed, &Self::signed_bytes(&signed.event), &event) {
            Ok(()) => Ok(event),
            Err(why) => Err(NotTheDesk::Refused {
                why: why.to_string(),
                signer: signed.signer,
                certificate_reference: signed.certificate_reference,
            }),
        }
    }
}
