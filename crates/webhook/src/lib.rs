//! Webhooks as <https://www.standardwebhooks.com> has them: what happened is POSTed to one address, signed.
//!
//! **In scope:** the section `[webhooks]`, the [signature](sign), an outbox in a room's own store (so that a note and
//! the fact that it tells of can be one batch), sending with retries, giving up.
//!
//! **Out of scope:** what happened, which each room words itself; it has to leave out everything about people.
//!
//! A message is delivered at least once: it is struck from the outbox after the receiver has answered 2xx, so whoever
//! receives it twice knows it again by its id.
#![deny(missing_docs)]

mod outbox;
mod section;
mod send;
mod signature;

pub use outbox::{Event, Webhooks};
pub use section::{EVENTS, WebhookError};
pub use signature::{Secret, sign};
