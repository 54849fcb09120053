//! The border-zone permit: its number, its states and transitions, its copies, validity, price and coverage.
//!
//! **In scope:** the rules of DESIGN.md §3 that hold wherever a permit is met: how a permit number is drawn and
//! read, how long a permit is valid, how many copies its route needs and which sheet lists whom, what an order must
//! satisfy before it may be issued, and which transition is allowed from which state.
//!
//! **Out of scope:** reading files, drawing paper, signing seals, storing or sending anything. Time and randomness
//! are parameters; sentences for people are rendered elsewhere from the codes and arguments given here.
#![deny(missing_docs)]

#[cfg(feature = "orders")]
pub mod copies;
pub mod number;
#[cfg(feature = "orders")]
pub mod order;
#[cfg(feature = "orders")]
pub mod permit;
pub mod validity;

#[cfg(feature = "orders")]
pub use copies::{CopyPlan, Sheet, sheets};
pub use number::{NumberError, PermitNumber};
#[cfg(feature = "orders")]
pub use order::{Contents, MAX_TRAVELLERS, OrderCode, OrderFinding, Role, Traveller, check_order};
#[cfg(feature = "orders")]
pub use permit::{Permit, State, TransitionError};
pub use propusk_passport::Date;
pub use validity::{ValidityError, valid_to};

/// Travellers listed on one sheet; a larger group's copy has several sheets (DESIGN.md §3).
pub const TRAVELLERS_PER_SHEET: usize = 12;
