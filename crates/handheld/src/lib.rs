//! The checkpoint client: scan a copy, judge it offline, keep the hand-in safe, send it when there is a signal.
//!
//! **In scope:** a device's enrolment and identity, its queue of hand-ins in its own store, the offline verdict, and
//! the exchange with the recorder. A hand-in stays in the queue until the recorder's signed receipt says that it is
//! on the recorder's disk; a broker's ack is never enough (DESIGN.md §5).
//!
//! **Out of scope:** how seals, passports and permits work (their crates), and what becomes of a hand-in once it is
//! recorded (`recorder`).
//!
//! **Pure:** [`hand_in`], [`queue`] and [`exchange`] decide everything and take time, randomness and what arrived as
//! parameters; `sync` and `folder` do the I/O. The simulation (`tests/simulation/`) runs the same code.
#![deny(missing_docs)]

pub mod backoff;
mod barrier;
pub mod carry;
pub mod cli;
pub mod clock;
pub mod command;
pub mod config;
pub mod correction;
pub mod device;
mod duty;
mod enroll;
pub mod entry;
mod error;
pub mod exchange;
mod folder;
mod guard;
pub mod hand_in;
mod holder;
pub mod judge;
mod keyboard;
mod knowledge;
pub mod lane;
pub mod layout;
pub mod party;
pub mod pin;
mod present;
mod prompt;
pub mod queue;
mod reading;
pub mod receipt;
#[doc(hidden)]
pub mod sabotage;
pub mod scan;
pub mod scanned;
mod sending;
pub mod specimen;
mod status;
mod sync;
pub mod training;
mod trusted;
pub mod wedge;
mod witness;

pub use error::HandheldError;
