//! The courier: bytes from one room to another over NATS JetStream.
//!
//! **In scope:** connecting and reconnecting, TLS, credentials (nkeys), the streams' definitions, publishing and
//! durable consuming, request and reply, noticing a stream that was lost or made anew, and the configuration
//! of the private nats-server. This is the only crate that names `async-nats`.
//!
//! **Out of scope:** what the bytes mean (`propusk-proto`), when something counts as recorded (the recorder's
//! receipts, DESIGN.md §5), starting and watching the nats-server process (`propusk up`), and storage.
//!
//! # What an ack is worth
//!
//! A publish that returns `Ok` says that a broker took the message. It does **not** say that the message is on
//! a disk: nats-server syncs every two minutes by default and was seen to lose acked messages in a power cut.
//! An ack is a hint to stop resending *for now*; only a receipt of the recorder ends the sender's duty.
//! Deliveries are at least once, may repeat, and after the loss of a stream begin again from its start.
//! Nothing keyed on a stream's sequence numbers leaves this crate.
//!
//! Without the feature `broker`, which is on unless somebody turns it off, only [`verify`] and what it needs is there: all
//! that a browser can use.
#![deny(missing_docs)]

#[cfg(feature = "broker")]
mod ask;
#[cfg(feature = "broker")]
mod connect;
#[cfg(feature = "broker")]
mod consume;
#[cfg(feature = "broker")]
mod credentials;
#[cfg(feature = "broker")]
mod erase;
#[cfg(feature = "broker")]
mod error;
#[cfg(feature = "broker")]
mod events;
#[cfg(feature = "broker")]
mod publish;
#[cfg(feature = "broker")]
pub mod rooms;
#[cfg(feature = "broker")]
pub mod server;
#[cfg(feature = "broker")]
mod streams;
#[cfg(feature = "broker")]
mod tls;
mod user_key;
mod verify_each;
#[cfg(feature = "broker")]
mod watch;

#[cfg(feature = "broker")]
pub use ask::{Request, Requests, Subscription};
#[cfg(feature = "broker")]
pub use connect::{ConnectOptions, Courier, Message, REQUEST_TIMEOUT, State};
#[cfg(feature = "broker")]
pub use consume::{Ack, Delivery, DurableConsumer, MAX_UNACKED};
#[cfg(feature = "broker")]
pub use credentials::{CredentialError, Credentials};
#[cfg(feature = "broker")]
pub use error::{CourierError, PublishError};
#[cfg(feature = "broker")]
pub use events::{CourierEvent, Listener};
#[cfg(feature = "broker")]
pub use publish::{PUBLISH_TIMEOUT, PUBLISH_WINDOW};
#[cfg(feature = "broker")]
pub use streams::{Outcome, StreamReport, StreamSpec, Streams, StreamsError};
#[cfg(feature = "broker")]
pub use tls::{Tls, check_address};
pub use user_key::{UserKey, is_user_key, user_key, verify};
pub use verify_each::{Claim, verify_each};
#[cfg(feature = "broker")]
pub use watch::{StreamChange, StreamWatch};
