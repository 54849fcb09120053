//! The only writer of the hand-in record: receive, deduplicate, store, receipt, alert, answer questions.
//!
//! **In scope:** what becomes of a hand-in once it arrives: signature and shard are checked, a repeat is recognised, the
//! event joins its shard's hash chain and the indexes in one atomic batch that is flushed and synced, and only then the
//! device gets its signed receipt and the broker its ack. Poison goes to quarantine with its bytes and the reason.
//! Devices are enrolled here, and told which permits exist.
//!
//! **Pure:** [`ledger`], [`intake`] and `decide` decide everything and take time, randomness and what arrived as parameters;
//! `service` does the I/O. The simulation (`tests/simulation/`) runs the same code.
//!
//! The duty officer's board (`pages`) shows all of it in a browser, and changes nothing of the record.
//!
//! **Out of scope:** judging a traveller (that happened at the checkpoint), names and passports (they never get here).
#![deny(missing_docs)]

mod alerts;
mod api;
mod attempts;
pub mod audit;
mod batch;
mod block;
pub mod carried;
pub mod cli;
pub mod config;
mod decide;
mod device_keys;
mod devices;
mod error;
mod follow;
mod generation;
mod hours;
mod inside;
pub mod intake;
pub mod keep;
mod keys;
pub mod ledger;
mod log;
mod lookups;
mod numbers;
mod pages;
mod permit_cache;
mod permits;
mod phone;
mod picture;
mod posts;
mod purge;
mod questions;
mod rebuild;
mod receipts;
mod receive;
mod record;
pub mod rules;
#[doc(hidden)]
pub mod sabotage;
mod seen;
mod service;
mod snapshot;
mod story;
mod sync;
#[cfg(test)]
mod test_desk;
mod told;
mod turns;
mod upkeep;
mod users;
mod values;
mod watch;
pub mod zones;

pub use error::RecorderError;
