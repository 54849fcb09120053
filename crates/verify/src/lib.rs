//! Read-only: the traveller's page and the checks behind it.
//!
//! **In scope:** everything that somebody may ask before or after a journey without writing anything: is this
//! passport's MRZ right, is this seal good, does my permit say the same as my passport, whom does the trust list
//! trust. The offline commands need no server. The service follows PERMITS, keeps the encrypted details of every
//! permit in a store of its own, and opens those of one permit only while somebody presents its number (DESIGN.md §5,
//! "Who may ask what").
//!
//! **Out of scope:** issuing and recording anything; judging at a checkpoint (`propusk-handheld`); the rules of
//! passport data and seals (`propusk-passport`, `propusk-seal`), which are only asked here.
#![deny(missing_docs)]

mod answer;
mod api;
pub mod cli;
pub mod config;
mod differences;
mod error;
pub mod findings;
mod follow;
mod input;
mod limits;
mod lookups;
mod on_record;
mod openapi;
mod pages;
pub mod paper;
pub mod passports;
pub mod permits;
mod pictures;
pub mod region_file;
mod rehearsal;
pub mod seals;
mod service;
mod shelf;
#[cfg(test)]
mod specimen;
pub mod trip;
pub mod trip_calendar;
pub mod trip_map;
mod trip_names;
pub mod trust;

pub use error::VerifyError;
