//! `cargo +nightly fuzz run passport -- -max_total_time=60`, from `crates/passport`. The seeds in
//! `corpus/passport` are replayed on the stable compiler by the crate's tests.

#![no_main]

#[path = "../exercise.rs"]
mod exercise;

libfuzzer_sys::fuzz_target!(|data: &[u8]| exercise::exercise(data));
