//! Messages that no stream keeps: plain sends, questions and answers, subscriptions.

use std::time::{Duration, Instant};

use async_nats::client::RequestErrorKind;
use async_nats::{Subject, Subscriber};
use futures_util::StreamExt as _;

use crate::{Courier, CourierError, Message};

impl Courier {
    /// Sends without any ack, and returns when the bytes were handed to the connection.
    ///
    /// # Errors
    /// [`CourierError::NotConnected`], also when the connection breaks meanwhile; [`CourierError::Other`]. A send that
    /// the server denies is not noticed here, only as [`crate::CourierEvent::Denied`].
    pub async fn send(&self, subject: &str, payload: impl Into<Vec<u8>>) -> Result<(), CourierError> {
        self.send_to(subject.to_owned().into(), payload.into()).await
    }

    async fn send_to(&self, subject: Subject, payload: Vec<u8>) -> Result<(), CourierError> {
        let doing = format!("send to {subject}");
        let sending = async {
            self.client.publish(subject, payload.into()).await?;
            Ok::<(), async_nats::Error>(self.client.flush().await?)
        };
        self.while_connected(&doing, sending).await
    }

    /// Sends several messages without any ack, in their order; each is as for [`Courier::send`].
    ///
    /// # Errors
    /// As [`Courier::send`]; then some of them may have been sent.
    pub async fn send_many(&self, messages: Vec<Message>) -> Result<(), CourierError> {
        let sending = async {
            for Message { subject, payload } in messages {
                self.client.publish(subject, payload.into()).await?;
            }
            Ok::<(), async_nats::Error>(self.client.flush().await?)
        };
        self.while_connected("send", sending).await
    }

    /// Asks whoever serves `subject`, and waits up to `timeout` for one answer.
    ///
    /// # Errors
    /// [`CourierError::NotConnected`] and [`CourierError::NobodyAnswers`] at once,
    /// [`CourierError::TimedOut`] after `timeout`, or at once when the server denies the question.
    pub async fn request(
        &self,
        subject: &str,
        payload: impl Into<Vec<u8>>,
        timeout: Duration,
    ) -> Result<Vec<u8>, CourierError> {
        self.check_connected()?;
        let since = Instant::now();
        let payload: Vec<u8> = payload.into();
        let request = async_nats::Request::new().payload(payload.into()).timeout(Some(timeout));
        let answer = self.client.send_request(subject.to_owned(), request);
        match self.unless_denied(subject, since, answer).await? {
            Ok(message) => Ok(message.payload.to_vec()),
            Err(error) => Err(match error.kind() {
                RequestErrorKind::NoResponders => CourierError::NobodyAnswers { subject: subject.to_owned() },
                RequestErrorKind::TimedOut => CourierError::TimedOut {
                    why: self.events.denial(subject, since),
                    subject: subject.to_owned(),
                },
                _ => CourierError::Other { doing: format!("ask on {subject}"), why: error.to_string() },
            }),
        }
    }

    /// Answers questions on `subject` (wildcards allowed). Every server of a subject gets every question. Counts
    /// from a moment later on, as [`Courier::subscribe`] does.
    ///
    /// # Errors
    /// [`CourierError::Other`] for a malformed subject or a closed connection.
    pub async fn serve(&self, subject: &str) -> Result<Requests, CourierError> {
        Ok(Requests { messages: self.subscribe_raw(subject).await?, courier: self.clone() })
    }

    /// Listens on `subject` (wildcards allowed) for what is sent or published from now on. The subscription
    /// outlives reconnections; what is sent in between is missed, and so is what other clients send before the
    /// server has read the subscription, which is a moment after this returns.
    ///
    /// # Errors
    /// [`CourierError::Other`] for a malformed subject or a closed connection.
    pub async fn subscribe(&self, subject: &str) -> Result<Subscription, CourierError> {
        Ok(Subscription { messages: self.subscribe_raw(subject).await? })
    }

    async fn subscribe_raw(&self, subject: &str) -> Result<Subscriber, CourierError> {
        let failed = |why: String| CourierError::Other { doing: format!("listen on {subject}"), why };
        let subscriber =
            self.client.subscribe(subject.to_owned()).await.map_err(|error| failed(error.to_string()))?;
        // Sends it off now; there is no answer to a subscription. Without a connection it goes with the next.
        match self.while_connected(&format!("listen on {subject}"), self.client.flush()).await {
            Ok(()) | Err(CourierError::NotConnected { .. }) => Ok(subscriber),
            Err(error) => Err(error),
        }
    }
}

/// Messages on a subject, as they come.
pub struct Subscription {
    messages: Subscriber,
}

impl Subscription {
    /// The next message; `None` when the courier is closed. Dropping the future loses nothing.
    pub async fn next(&mut self) -> Option<Message> {
        let message = self.messages.next().await?;
        Some(Message { subject: message.subject.to_string(), payload: message.payload.to_vec() })
    }
}

/// Questions on a subject, as they come.
pub struct Requests {
    messages: Subscriber,
    courier: Courier,
}

impl Requests {
    /// The next question; `None` when the courier is closed. Messages that want no answer are passed over.
    pub async fn next(&mut self) -> Option<Request> {
        loop {
            let message = self.messages.next().await?;
            if let Some(reply) = message.reply {
                let (subject, payload) = (message.subject.to_string(), message.payload.to_vec());
                return Some(Request { subject, payload, reply, courier: self.courier.clone() });
            }
        }
    }
}

/// A question. Unanswered, the asker waits until its timeout.
pub struct Request {
    /// The subject it was asked on; its last parts say who asks, which the server's permissions vouch for.
    pub subject: String,
    /// The encoded question.
    pub payload: Vec<u8>,
    reply: Subject,
    courier: Courier,
}

impl Request {
    /// Whether the answer goes to this device's own inbox. Whoever asks names the subject on which it waits, and could name
    /// another's.
    pub fn waits_as(&self, device: &str) -> bool {
        let inbox = crate::server::device_inbox_prefix(device);
        self.reply.strip_prefix(inbox.as_str()).is_some_and(|rest| rest.starts_with('.'))
    }

    /// Answers, once.
    ///
    /// # Errors
    /// As [`Courier::send`]; [`CourierError::Other`] when the answer is too large. One lost on the way is not noticed;
    /// the asker asks again.
    pub async fn respond(self, payload: impl Into<Vec<u8>>) -> Result<(), CourierError> {
        self.courier.send_to(self.reply, payload.into()).await
    }
}
