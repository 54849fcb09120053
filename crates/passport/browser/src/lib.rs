//! The crate `passport` for a web page: what a traveller types stays in the browser, and the rules are the same.
//!
//! **In scope:** [`read`] and [`compare`], which take and give JSON; their exports to JavaScript (in WebAssembly only);
//! and, for whoever serves the page, the module that `ops/wasm` has built ([`FILES`]).
//!
//! **Out of scope:** the rules (`passport`), sentences (the page has them: `finding-<code>` with `args`), the page.
//!
//! ```
//! # use propusk_passport_browser::compare;
//! let answer = compare(r#"{"today":"2026-06-01","document":{"surname":"ERIKSON"},
//!     "mrz":["P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<","L898902C36UTO7408122F1204159ZE184226B<<<<<10"]}"#);
//! assert!(answer.contains(r#""code":"name-typo""#), "{answer}");
//! ```
#![deny(missing_docs)]

mod answer;
mod ask;
#[cfg(target_family = "wasm")]
pub mod exports;

pub use answer::{Answer, BesideRow, FindingRow};
pub use ask::{Ask, TypedDocument, compare, read};

/// A file of the module, for the page's server.
#[derive(Clone, Copy, Debug)]
pub struct File {
    /// `passport.js` or `passport_bg.wasm`.
    pub name: &'static str,
    /// What is in it.
    pub bytes: &'static [u8],
}

/// The module as `ops/wasm` has built it. Empty where it was not run before this program was built: then say so, and
/// name `ops/wasm`.
pub const FILES: &[File] = include!(concat!(env!("OUT_DIR"), "/built.rs"));

#[cfg(test)]
mod tests;
