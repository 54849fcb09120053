//! Starts a real `propusk` in a folder of its own and asks it what people ask it.
//!
//! **In scope:** running the binary, waiting until it is ready, ending it as a person or a power cut would; photocopying
//! what the desk prints.
//! **Out of scope:** any knowledge of how the rooms work inside.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test fails by panicking")]

pub mod group;
pub mod instance;
pub mod link;
pub mod photocopy;
pub mod tmpfs;
pub mod tools;

pub use instance::{Answer, Instance, Running};
pub use link::Link;
pub use tmpfs::Tmpfs;
