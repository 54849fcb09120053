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
#![deny(missing_docs)]

mod ask;
mod connect;
mod consume;
mod credentials;
mod erase;
mod error;
mod events;
mod publish;
pub mod rooms;
pub mod server;
mod streams;
mod tls;
mod watch;

pub use ask::{Request, Requests, Subscription};
pub use connect::{ConnectOptions, Courier, Message, REQUEST_TIMEOUT, State};
pub use consume::{Ack, Delivery, DurableConsumer, MAX_UNACKED};
pub use credentials::{CredentialError, Credentials, UserKey, is_user_key, verify};
pub use error::{CourierError, PublishError};
pub use events::{CourierEvent, Listener};
pub use publish::{PUBLISH_TIMEOUT, PUBLISH_WINDOW};
pub use streams::{Outcome, StreamReport, StreamSpec, Streams, StreamsError};
pub use tls::{Tls, check_address};
pub use watch::{StreamChange, StreamWatch};
