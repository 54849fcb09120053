//! The wire contract of propusk: what travels between the rooms, byte for byte.
//!
//! **In scope:** subjects, message types with their versions and limits, the frame that carries a signature, the
//! shard and chain arithmetic that device and recorder must agree on, and the encryption of a permit's personal data.
//! `PROTOCOL.md` beside this crate says the same in words; `golden/` holds one byte-exact file per message version.
//!
//! **Out of scope:** sending and storing anything, and deciding anything: rooms do that.
#![deny(missing_docs)]

pub mod alert;
pub mod bundle;
pub mod chain;
pub mod codec;
#[cfg(feature = "personal")]
pub mod details;
pub mod device;
pub mod enrolment;
pub mod frame;
pub mod hand_in;
pub mod permit_event;
#[cfg(feature = "personal")]
pub mod personal;
pub mod receipt;
pub mod revocation;
pub mod scope;
pub mod shard;
pub mod signed_event;
pub mod subject;
pub mod sync;

pub use alert::{Alert, AlertKind};
pub use bundle::{Bundle, Parcel, Piece, Return};
pub use chain::Head;
pub use codec::{DecodeError, EncodeError, Message, decode, encode};
#[cfg(feature = "personal")]
pub use details::PermitDetails;
pub use device::{DeviceId, TokenError};
pub use frame::{Frame, FrameError};
pub use hand_in::{HandIn, Kind, Presented, PresentedPermit, Reason, Verdict};
pub use permit_event::{Change, Day, NumberTag, PermitEvent, PermitStatus, SealedDetails};
#[cfg(feature = "personal")]
pub use personal::{NumberKey, PermitKey, PersonalError};
pub use receipt::{Range, Receipt, Refusal, RefusalReason};
pub use revocation::Revocation;
pub use scope::Scope;
pub use signed_event::{NotTheDesk, SignedPermitEvent};
pub use sync::{Cursor, KnownPermit, SyncReply, SyncRequest};
