//! A phone as a handheld: the crate `handheld` for a web page.
//!
//! **In scope:** the exports to JavaScript (in WebAssembly only) and, for whoever serves the page, the module that
//! `ops/wasm` has built ([`FILES`]).
//!
//! **Out of scope:** everything that is decided (`handheld`, whose `phone` the exports hand on), the page, its database and
//! its key, and reading codes (`codes-browser`).
#![deny(missing_docs)]

#[cfg(target_family = "wasm")]
pub mod exports;

/// A file of the module, for the page's server.
#[derive(Clone, Copy, Debug)]
pub struct File {
    /// `handheld.js` or `handheld_bg.wasm`.
    pub name: &'static str,
    /// What is in it.
    pub bytes: &'static [u8],
}

/// The module as `ops/wasm` has built it. Empty where it was not run before this program was built: then say so, and
/// name `ops/wasm`.
pub const FILES: &[File] = include!(concat!(env!("OUT_DIR"), "/built.rs"));
