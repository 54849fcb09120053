//! The contract of the crate, from outside: public vectors, our profile byte by byte, the trust list, and
//! that no bytes make a reader panic.

#![allow(clippy::expect_used, reason = "clippy's allowance for tests stops at the functions that tests call")]

mod fixtures;
mod malformed;
mod our_profile;
mod primitives;
mod round_trips;
mod trust_list;
mod vectors;
mod verdicts;
