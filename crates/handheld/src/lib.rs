//! The checkpoint client: scan a copy, judge it offline, keep the hand-in safe, send it when there is a signal.
//!
//! **In scope:** a device's enrolment and identity, its queue of hand-ins in its own store, the offline verdict, and
//! the exchange with the recorder. A hand-in stays in the queue until the recorder's signed receipt says that it is
//! on the recorder's disk; a broker's ack is never enough (DESIGN.md §5).
//!
//! **Out of scope:** how seals, passports and permits work and what they come to (their crates, [`judge`]), and what becomes of a hand-in once it is
//! recorded (`recorder`).
//!
//! **Pure:** [`hand_in`], [`queue`] and [`exchange`] decide everything and take time, randomness and what arrived as
//! parameters; `sync` and `folder` do the I/O. The simulation (`tests/simulation/`) runs the same code, and so does a
//! browser: [`phone`] is what its page asks. Without the feature `device`, which is on unless somebody turns it off, only
//! that is there.
#![deny(missing_docs)]

pub mod backoff;
#[cfg(feature = "device")]
mod barrier;
pub mod carry;
#[cfg(feature = "device")]
pub mod cli;
pub mod clock;
pub mod command;
pub mod config;
pub mod correction;
pub mod device;
mod duty;
#[cfg(feature = "device")]
mod enroll;
pub mod entry;
mod error;
pub mod exchange;
#[cfg(feature = "device")]
mod folder;
#[cfg(feature = "device")]
mod guard;
pub mod hand_in;
#[cfg(feature = "device")]
mod keyboard;
mod knowledge;
pub mod lane;
pub mod layout;
pub mod party;
pub mod phone;
pub mod pin;
#[cfg(feature = "device")]
mod present;
#[cfg(feature = "device")]
mod prompt;
pub mod queue;
pub mod receipt;
#[doc(hidden)]
pub mod sabotage;
#[cfg(feature = "device")]
pub mod scan;
pub mod scanned;
#[cfg(feature = "device")]
mod sending;
pub mod signer;
pub mod specimen;
#[cfg(feature = "device")]
mod status;
#[cfg(feature = "device")]
mod sync;
mod tally;
pub mod training;
mod trusted;
#[cfg(feature = "device")]
pub mod wedge;
pub mod weigh;
mod witness;

pub use error::HandheldError;
pub use propusk_judge as judge;
