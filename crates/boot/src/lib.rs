//! What every room of propusk needs to start, run and stop, and nothing about permits.
//!
//! In scope: the [configuration](config) as text and tables, the [clock] and the [random] source (the only
//! places that ask the system for them), the [data folder](instance) with its locks and announcements,
//! [private files](private), the [log](logging), [metrics](meters), [signals](shutdown), [HTTP](http) for the
//! rooms and a [client] for the commands, the [frame of all pages](pages), the [sentences](locales) of `config/locales`, [exit statuses](exit),
//! and [one startup path](skeleton) for all of it.
//!
//! Out of scope: what a setting means (each room types and checks its own section), what is stored (`store`),
//! what travels over the broker (`courier`), and every rule about permits, passports, seals and zones.
#![deny(missing_docs)]

pub mod client;
pub mod clock;
pub mod config;
pub mod exit;
pub mod http;
pub mod instance;
pub mod locales;
pub mod logging;
pub mod meters;
pub mod pages;
pub mod private;
pub mod random;
pub mod shutdown;
pub mod skeleton;

pub use client::Client;
pub use clock::Clock;
pub use exit::{ExitStatus, Failed, Refused};
pub use locales::{Language, Locales};
pub use skeleton::{BROKER_CA, Setting};
