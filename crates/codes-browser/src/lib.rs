//! Reads QR codes in a browser that can't by itself: the soldier's phone, the traveller's page.
//!
//! **In scope:** the reader (in WebAssembly only), the scripts that give it pictures of a camera or a photograph, and all
//! of that as files for whoever serves a page ([`SCRIPTS`], [`MODULE`]).
//!
//! **Out of scope:** the camera and the page, and what a code says.
#![deny(missing_docs)]

#[cfg(target_family = "wasm")]
pub mod read;

/// A file for the page's server. All of them have to lie in one folder, in which they find each other.
#[derive(Clone, Copy, Debug)]
pub struct File {
    /// Such as `scan.js`; it ends with `.js` or `.wasm`.
    pub name: &'static str,
    /// What is in it.
    pub bytes: &'static [u8],
}

impl File {
    /// Its media type.
    #[must_use]
    pub fn kind(&self) -> &'static str {
        if self.name.ends_with(".wasm") { "application/wasm" } else { "text/javascript; charset=utf-8" }
    }
}

/// `scan.js`, which a page imports, and `reader.js`, the worker that it starts.
pub const SCRIPTS: &[File] = &[
    File { name: "scan.js", bytes: include_bytes!("../assets/scan.js") },
    File { name: "reader.js", bytes: include_bytes!("../assets/reader.js") },
];

/// The module as `ops/wasm` has built it. Empty where it was not run before this program was built: then only browsers
/// that read codes by themselves do.
pub const MODULE: &[File] = include!(concat!(env!("OUT_DIR"), "/built.rs"));
