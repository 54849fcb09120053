//! The border-zone permit: its number, its states and transitions, its copies, validity, price and coverage.
//!
//! **In scope:** the rules of DESIGN.md §3 that hold wherever a permit is met: how a permit number is drawn and
//! read, how long a permit is valid, how many copies its route needs and which sheet lists whom, what an order must
//! satisfy before it may be issued, and which transition is allowed from which state.
//!
//! **Out of scope:** reading files, drawing paper, signing seals, storing or sending anything. Time and randomness
//! are parameters; sentences for people are rendered elsewhere from the codes and arguments given here.
#![deny(missing_docs)]

pub mod copies;
pub mod number;
pub mod order;
pub mod permit;
pub mod validity;

pub use copies::{CopyPlan, Sheet, TRAVELLERS_PER_SHEET, sheets};
pub use number::{NumberError, PermitNumber};
pub use order::{Contents, MAX_TRAVELLERS, OrderCode, OrderFinding, Role, Traveller, check_order};
pub use permit::{Permit, State, TransitionError};
pub use propusk_passport::Date;
pub use validity::{ValidityError, valid_to};
