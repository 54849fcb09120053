//! The crate's integration tests: one binary.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test fails by panicking")]

mod cases;
mod compare;
mod corpus;
mod group;
mod input;
mod measured;
mod properties;
mod specimen;
mod translit;
mod travellers;
