//! Publishing into streams.

use std::time::{Duration, Instant};

use async_nats::jetstream;
use async_nats::jetstream::context::{PublishAckFuture, PublishErrorKind};
use futures_util::StreamExt as _;
use futures_util::stream::FuturesOrdered;

use crate::{Courier, CourierError, Message, PublishError};

/// How long a publish waits for its ack.
pub const PUBLISH_TIMEOUT: Duration = Duration::from_secs(5);
/// How many publishes [`Courier::publish_many`] has under way at most (measured: 98,000 messages/s).
pub const PUBLISH_WINDOW: usize = 256;

/// A publish that waits for its ack.
struct Sent {
    subject: String,
    since: Instant,
    ack: PublishAckFuture,
}

impl Courier {
    /// Publishes into the stream that takes `subject`, and waits for the broker's ack.
    ///
    /// An ack is a transport hint, not durability (see the crate's page). The message carries no
    /// `Nats-Msg-Id`: the broker's duplicate window was seen to swallow other devices' events (NATS.md).
    /// After [`PublishError::TimedOut`] the broker may have the message all the same.
    ///
    /// # Errors
    /// [`PublishError`]; without a connection at once.
    pub async fn publish(&self, subject: &str, payload: impl Into<Vec<u8>>) -> Result<(), PublishError> {
        self.publish_message(Message { subject: subject.to_owned(), payload: payload.into() }).await
    }

    /// Publishes several messages with up to [`PUBLISH_WINDOW`] under way at a time, in their order; the results
    /// stand in the same order. Each is as for [`Courier::publish`].
    pub async fn publish_many(&self, messages: Vec<Message>) -> Vec<Result<(), PublishError>> {
        let mut results = Vec::with_capacity(messages.len());
        let mut under_way = FuturesOrdered::new();
        for message in messages {
            if under_way.len() == PUBLISH_WINDOW {
                results.extend(under_way.next().await);
            }
            // Handed to the connection one after the other, so that they keep their order.
            let sent = self.start(message).await;
            under_way.push_back(async move {
                match sent {
                    Ok(sent) => self.finish(sent).await,
                    Err(error) => Err(error),
                }
            });
        }
        while let Some(result) = under_way.next().await {
            results.push(result);
        }
        results
    }

    async fn publish_message(&self, message: Message) -> Result<(), PublishError> {
        let sent = self.start(message).await?;
        self.finish(sent).await
    }

    async fn start(&self, message: Message) -> Result<Sent, PublishError> {
        let Message { subject, payload } = message;
        if let Err(CourierError::NotConnected { why }) = self.check_connected() {
            return Err(PublishError::NotConnected { subject, why });
        }
        let limit = self.client.max_payload();
        if payload.len() > limit {
            return Err(PublishError::TooLarge { bytes: payload.len(), subject, limit });
        }
        let since = Instant::now();
        match self.jetstream.publish(subject.clone(), payload.into()).await {
            Ok(ack) => Ok(Sent { subject, since, ack }),
            Err(error) => Err(self.explain(subject, since, &error)),
        }
    }

    async fn finish(&self, sent: Sent) -> Result<(), PublishError> {
        let Sent { subject, since, ack } = sent;
        match self.unless_denied(&subject, since, ack.into_future()).await {
            Ok(Ok(_ack)) => Ok(()),
            Ok(Err(error)) => Err(self.explain(subject, since, &error)),
            Err(CourierError::TimedOut { why: Some(why), .. }) => Err(PublishError::Denied { subject, why }),
            Err(error) => Err(PublishError::Other { subject, why: error.to_string() }),
        }
    }

    fn explain(
        &self,
        subject: String,
        since: Instant,
        error: &async_nats::jetstream::context::PublishError,
    ) -> PublishError {
        if let Some(why) = self.events.denial(&subject, since) {
            return PublishError::Denied { subject, why };
        }
        match error.kind() {
            PublishErrorKind::StreamNotFound => PublishError::NoStream { subject },
            PublishErrorKind::TimedOut | PublishErrorKind::BrokenPipe => {
                PublishError::TimedOut { subject, seconds: PUBLISH_TIMEOUT.as_secs() }
            }
            _ => {
                let why = error.to_string();
                let refused = std::error::Error::source(error)
                    .is_some_and(|source| source.downcast_ref::<jetstream::Error>().is_some());
                if refused {
                    PublishError::Refused { subject, why }
                } else {
                    PublishError::Other { subject, why }
                }
            }
        }
    }
}
