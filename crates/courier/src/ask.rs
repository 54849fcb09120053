//! Messages that no stream keeps: plain sends, questions and answers, subscriptions.

use std::time::{Duration, Instant};

use async_nats::client::RequestErrorKind;
use async_nats::{Client, Subject, Subscriber};
use futures_util::StreamExt as _;

use crate::{Courier, CourierError, Message};

impl Courier {
    /// Sends without any ack, and returns when the bytes were handed to the connection.
    ///
    /// # Errors
    /// [`CourierError::NotConnected`], [`CourierError::Other`]. A send that the server denies is not noticed
    /// here, only as [`crate::CourierEvent::Denied`].
    pub async fn send(&self, subject: &str, payload: impl Into<Vec<u8>>) -> Result<(), CourierError> {
        self.check_connected()?;
        let failed = |why: String| CourierError::Other { doing: format!("send to {subject}"), why };
        let payload: Vec<u8> = payload.into();
        self.client
            .publish(subject.to_owned(), payload.into())
            .await
            .map_err(|error| failed(error.to_string()))?;
        self.client.flush().await.map_err(|error| failed(error.to_string()))
    }

    /// Sends several messages without any ack, in their order; each is as for [`Courier::send`].
    ///
    /// # Errors
    /// As [`Courier::send`]; then some of them may have been sent.
    pub async fn send_many(&self, messages: Vec<Message>) -> Result<(), CourierError> {
        self.check_connected()?;
        let failed = |why: String| CourierError::Other { doing: "send".to_owned(), why };
        for Message { subject, payload } in messages {
            self.client.publish(subject, payload.into()).await.map_err(|error| failed(error.to_string()))?;
        }
        self.client.flush().await.map_err(|error| failed(error.to_string()))
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
        Ok(Requests { messages: self.subscribe_raw(subject).await?, client: self.client.clone() })
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
        // Sends it off now; there is no answer to a subscription.
        if self.is_connected() {
            self.client.flush().await.map_err(|error| failed(error.to_string()))?;
        }
        Ok(subscriber)
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
    client: Client,
}

impl Requests {
    /// The next question; `None` when the courier is closed. Messages that want no answer are passed over.
    pub async fn next(&mut self) -> Option<Request> {
        loop {
            let message = self.messages.next().await?;
            if let Some(reply) = message.reply {
                let (subject, payload) = (message.subject.to_string(), message.payload.to_vec());
                return Some(Request { subject, payload, reply, client: self.client.clone() });
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
    client: Client,
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
    /// [`CourierError::Other`] when the answer is too large or the connection closed. One lost on the way is not
    /// noticed; the asker asks again.
    pub async fn respond(self, payload: impl Into<Vec<u8>>) -> Result<(), CourierError> {
        let payload: Vec<u8> = payload.into();
        let failed = |why: String| CourierError::Other { doing: format!("answer on {}", self.subject), why };
        self.client.publish(self.reply, payload.into()).await.map_err(|error| failed(error.to_string()))?;
        self.client.flush().await.map_err(|error| failed(error.to_string()))
    }
}
