//! Journeys across rooms against a real nats-server, and the house's own order.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test fails by panicking")]

mod acks;
mod alerts;
mod api;
mod bad_input;
mod barrier;
mod batch;
mod carry;
mod copies;
mod disks;
mod encryption;
mod endurance;
mod faults;
mod forgery;
mod gaps;
mod journey;
mod links;
mod passport_cases;
mod passport_tables;
mod permissions;
mod photocopy;
mod replay;
mod restore;
mod retention;
mod snapshots;
mod soldiers;
mod stolen;
mod supervision;
mod tidy;
mod training;
mod trips;
mod webhooks;
