//! Photocopies of printed permits: are their seals still read, and do they still verify?
//!
//! Varied permits are drawn with real seals, rasterised by poppler, photocopied by a seeded pipeline of pictures, again
//! and again, and every page is given whole to two independent decoders, zbar and zxing-cpp. A code counts as read when
//! one of them delivers a text whose signature holds and whose every field is what was printed.
//!
//! **In scope:** making permits, copying, decoding, counting.
//! **Out of scope:** judging the counts, which the test and `ops/photocopy` do.

mod copier;
mod decoder;
mod people;
mod permit;
mod picture;
mod random;
mod study;
mod table;

pub use copier::{Copier, crooked};
pub use decoder::Decoder;
pub use picture::Picture;
pub use random::Random;
pub use study::{Plan, study};
pub use table::{Stage, Table, Tally};
