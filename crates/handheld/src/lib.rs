//! The checkpoint client: scan a copy, judge it offline, keep the hand-in safe, send it when there is a signal.
//!
//! **In scope:** a device's enrolment and identity, its queue of hand-ins in its own store, the offline verdict, and
//! the exchange with the recorder. A hand-in stays in the queue until the recorder's signed receipt says that it is
//! on the recorder's disk; a broker's ack is never enough (DESIGN.md §5).
//!
//! **Out of scope:** how seals, passports and permits work (their crates), and what becomes of a hand-in once it is
//! recorded (`recorder`).
#![deny(missing_docs)]

pub mod cli;
pub mod config;
mod device;
mod enroll;
mod error;
mod holder;
pub mod judge;
mod knowledge;
mod present;
mod prompt;
mod queue;
mod reading;
mod scan;
mod status;
mod sync;

pub use error::HandheldError;
