//! Passport data: machine-readable zones, transliteration, and what differs between two sources.
//!
//! Sections of ICAO Doc 9303 are those of the eighth edition (2021); `9303-3 §4.9` is section 4.9 of its part 3.
//!
//! **In scope.** Reading the MRZ of TD1, TD2, TD3, MRV-A and MRV-B documents (ICAO Doc 9303 parts 3 to 7)
//! with every check digit; reading dates and names as people type them; transliterating names (9303-3 §6
//! and the Kyrgyz letters it lacks); comparing permit, visual zone and MRZ and naming the very character
//! that differs; proposing repairs of one edit; checking a group; generating a TD3 MRZ from a visual zone.
//!
//! **Out of scope.** Sentences for people (a [`Finding`] carries a code and arguments, the Fluent message
//! `finding-<code>` renders it), clocks (`today` is a parameter), files, serialisation, chips and signatures,
//! and any judgement of whether a document is genuine.
//!
//! Nothing here panics on input from outside, and nothing is ever repaired silently.
//!
//! ```
//! use propusk_passport::{Date, Person, Rules, compare, read_mrz};
//!
//! let today = Date::constant(2026, 6, 1);
//! let passport = read_mrz(
//!     &["P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<", "L898902C36UTO7408122F1204159ZE184226B<<<<<10"],
//!     today,
//! );
//! assert!(passport.valid());
//! let permit = Person { document_number: Some("L8989O2C3".into()), ..Person::default() };
//! let findings = compare(&permit, &passport, &Rules::default());
//! assert_eq!(findings[0].code.as_str(), "number-lookalike");
//! assert_eq!(findings[0].position, Some(5));
//! assert_eq!(findings[0].suggestion.as_deref(), Some("L898902C3"));
//! ```

#![no_std]
#![deny(missing_docs)]

extern crate alloc;

mod beside;
mod checks;
mod compare;
mod date;
mod document;
mod edit;
mod finding;
mod format;
mod group;

mod input;
mod issuer;
pub mod name;
mod person;
mod print;

mod repair;
mod shape;
mod slip;
mod stray;
pub mod translit;
mod typed;
mod unread;
mod written_date;
mod zone;

pub use beside::{
    Beside, FEW, Piece, SHARED_FIELDS, Standing, Unlike, aligned, beside, comparable, is_about, plain_number,
    says, standing, unlike,
};
pub use checks::{Check, Checks, check_digit};
pub use compare::{Rules, compare, compare_persons, merge};
pub use date::{DateError, PartialDate};
pub use document::{Document, read_mrz};
pub use finding::{Code, Field, Finding, Place, Severity};
pub use format::Format;

pub use group::{Row, check_group};
pub use input::split_documents;
pub use jiff::civil::Date;
pub use person::{Person, Sex};

pub use print::{PrintError, td3_lines};
pub use repair::{Change, Repair, repairs};

pub use typed::{Typed, read_typed};
pub use unread::explain_unread;
pub use zone::{Zone, ZoneError};
