//! The agency desk: order, check, issue, extend, correct, revoke, print.
//!
//! **In scope:** reading a group's order, checking it, issuing the permit with its seals, keeping every version in the
//! desk's own store (the source of truth for the permits it issued), drawing the paper, and telling the others through
//! an outbox: an event and its outbox entry are one synced batch, published afterwards, and published again when the
//! broker has lost them (DESIGN.md §5). What is about people is closed with a key of each permit's own, every look-up of
//! it is noted, and it is forgotten by destroying that key.
//!
//! **Out of scope:** the rules themselves (`permit`, `passport`, `region`, `seal`), and everything after the paper has
//! left the office.
#![deny(missing_docs)]

mod annotate;
mod api;
mod batch;
mod catalogue;
mod check;
pub mod cli;
pub mod config;
mod draft;
mod error;
mod issue;
mod limits;
mod lookups;
mod office;
mod online;
mod order;
mod outbox;
mod pages;
pub mod paper;
mod print;
mod purge;
mod quote;
mod register;
mod report;
mod seals;
mod service;
mod table;
mod template;
mod tokens;

pub use error::DeskError;
pub use order::{OrderFile, TravellerEntry, read_order_file};
pub use table::{Damage, Foreign, Place, TableError};
