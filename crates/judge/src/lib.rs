//! The verdict at a checkpoint: what a sheet's seal says, what is known of its permit, what the passport shows.
//!
//! **In scope:** the one way in which a scan becomes a verdict with its reasons (DESIGN.md §5, Verdicts). The handheld
//! shows it to the soldier and records it; the traveller's page shows the evening before what it will be. Both ask the
//! same functions, so that neither can be right while the other is wrong.
//!
//! **Out of scope:** how a device comes to know permits, clocks and signers, and what is recorded (`handheld`); the rules
//! of seals and passports (`seal`, `passport`), which are only asked here; sentences.
//!
//! **Pure:** no I/O, no clock; the same code runs on a handheld, in a browser and in a service.
#![deny(missing_docs)]

mod holder;
mod judge;
mod reading;

pub use holder::{Holders, identify, identify_on, rows};
pub use judge::{Judgement, Situation, judge, kind_of};
pub use reading::{Reading, read_seal, typed_number, unreadable};
