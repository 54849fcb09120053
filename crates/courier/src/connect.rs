//! One connection that keeps itself up.

use std::sync::atomic::Ordering;
use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;

use async_nats::jetstream::Context;
use async_nats::jetstream::context::ContextBuilder;
use async_nats::jetstream::response::Response;
use async_nats::{Client, Event, ServerError};
use serde::Serialize;
use serde::de::DeserializeOwned;
use tokio_util::sync::CancellationToken;

use crate::events::Events;
use crate::publish::{PUBLISH_TIMEOUT, PUBLISH_WINDOW};
use crate::tls::{self, Tls, Way, Witness};
use crate::{CourierError, CourierEvent, Credentials, Listener, StreamSpec};

/// How long a question to JetStream's interface may take.
pub const REQUEST_TIMEOUT: Duration = Duration::from_secs(5);
/// Between two rooms, unless [`ConnectOptions::ping_interval`] says otherwise.
const PING_INTERVAL: Duration = Duration::from_secs(2);
const CONNECT_TIMEOUT: Duration = Duration::from_secs(3);
/// The same with a handshake over a slow link: four round trips and some kilobytes.
const TLS_TIMEOUT: Duration = Duration::from_secs(15);
/// The longest pause between two attempts to connect.
const MAX_RECONNECT_DELAY: Duration = Duration::from_secs(2);
/// How often whoever waits looks at the connection.
const LOOK: Duration = Duration::from_millis(20);

pub(crate) const CLOSED: &str = "it was closed, because this process ends";

/// A subject and the bytes for it.
#[derive(Clone, PartialEq, Eq)]
pub struct Message {
    /// The NATS subject, for example `handin.12.p7.dev42`.
    pub subject: String,
    /// The encoded bytes.
    pub payload: Vec<u8>,
}

impl std::fmt::Debug for Message {
    /// Payloads may be personal data: only their length is shown.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Message").field("subject", &self.subject).field("bytes", &self.payload.len()).finish()
    }
}

/// How and as whom to connect.
#[derive(Clone)]
pub struct ConnectOptions {
    /// `nats://127.0.0.1:4222` within this machine, `tls://nats.example.kg:4222` everywhere.
    pub url: String,
    /// Certificates for `tls://`.
    pub tls: Tls,
    /// The user's key.
    pub credentials: Credentials,
    /// The name that the server's lists show, and by which permissions are granted: see
    /// [`crate::server`]. A room's durable consumers bear it too.
    pub name: String,
    /// The first part of the subjects on which answers come back. Permissions are granted for
    /// [`crate::server::inbox_prefix`] of a room's name and [`crate::server::device_inbox_prefix`] of a device's; with
    /// another prefix no ack is ever heard.
    pub inbox_prefix: String,
    /// How long [`Courier::connect`] waits for the first connection before it returns without one.
    pub patience: Duration,
    /// How often the server is asked whether it is still there: a dead connection is noticed after about two of these. On a
    /// metered link each question costs money.
    pub ping_interval: Duration,
    /// Told of every [`CourierEvent`].
    pub listener: Option<Listener>,
}

impl ConnectOptions {
    /// A room's options: with the inbox prefix that belongs to `name`, a patience of 5 s and no listener.
    pub fn new(url: impl Into<String>, credentials: Credentials, name: impl Into<String>) -> Self {
        let name = name.into();
        let inbox_prefix = crate::server::inbox_prefix(&name);
        let patience = Duration::from_secs(5);
        let (url, tls) = (url.into(), Tls::default());
        let ping_interval = PING_INTERVAL;
        Self { url, tls, credentials, name, inbox_prefix, patience, ping_interval, listener: None }
    }

    /// A device's options; otherwise as [`ConnectOptions::new`].
    pub fn of_device(url: impl Into<String>, credentials: Credentials, device: impl Into<String>) -> Self {
        let device = device.into();
        let inbox_prefix = crate::server::device_inbox_prefix(&device);
        Self { inbox_prefix, ..Self::new(url, credentials, device) }
    }
}

/// What the connection is doing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum State {
    /// It stands.
    Connected,
    /// It is being tried for.
    Connecting {
        /// What the last attempt was answered, if anything.
        why: Option<String>,
    },
    /// The shutdown token was cancelled; nothing more is sent or received.
    Closed,
}

/// A connection to the bus; clones share it. It reconnects by itself until the shutdown token is cancelled.
#[derive(Clone)]
pub struct Courier {
    pub(crate) client: Client,
    pub(crate) jetstream: Context,
    pub(crate) events: Arc<Events>,
    pub(crate) specs: Arc<RwLock<Vec<StreamSpec>>>,
    shutdown: CancellationToken,
    name: Arc<str>,
}

impl Courier {
    /// Begins to connect, and returns when connected or after the given patience, whichever comes first; the
    /// courier keeps trying in the background either way. Must be called within a tokio runtime.
    ///
    /// When `shutdown` is cancelled, what was sent is flushed and the connection closed.
    ///
    /// # Errors
    /// [`CourierError::PlainTcp`], [`CourierError::BadUrl`], [`CourierError::Certificate`],
    /// [`CourierError::BadName`]: never for a server that is not there.
    pub async fn connect(
        options: ConnectOptions,
        shutdown: CancellationToken,
    ) -> Result<Courier, CourierError> {
        let way = tls::way(&options.url)?;
        let timeout = if way == Way::Encrypted { TLS_TIMEOUT } else { CONNECT_TIMEOUT };
        let witness = Arc::new(Witness::default());
        let mut connecting = async_nats::ConnectOptions::new();
        if way == Way::Encrypted || options.tls.ca_file.is_some() {
            connecting = connecting.tls_client_config(options.tls.config(&witness)?);
        }
        for token in options.inbox_prefix.split('.') {
            check_token("an inbox prefix", token)?;
        }
        check_token("a name", &options.name)?;
        let events = Arc::new(Events::new(options.listener));
        let (told, tls) = (Arc::clone(&events), options.tls.clone());
        let client = connecting
            .nkey(options.credentials.seed().to_owned())
            .name(&options.name)
            .custom_inbox_prefix(&options.inbox_prefix)
            .ping_interval(options.ping_interval)
            .connection_timeout(timeout)
            .request_timeout(Some(REQUEST_TIMEOUT))
            .reconnect_delay_callback(reconnect_delay)
            .ignore_discovered_servers()
            .retry_on_initial_connect()
            .event_callback(move |event| {
                on_event(&told, &event, |why| tls.explain(why, witness.take()));
                std::future::ready(())
            })
            .connect(&options.url)
            .await
            .map_err(|error| CourierError::Other {
                doing: "begin to connect".to_owned(),
                why: error.to_string(),
            })?;
        let jetstream = ContextBuilder::new()
            .timeout(REQUEST_TIMEOUT)
            .ack_timeout(PUBLISH_TIMEOUT)
            .max_ack_inflight(PUBLISH_WINDOW * 16)
            .build(client.clone());
        let name = options.name.into();
        let courier = Courier { client, jetstream, events, specs: Arc::default(), shutdown, name };
        courier.close_at_shutdown();
        courier.wait_until_connected(options.patience).await;
        Ok(courier)
    }

    fn close_at_shutdown(&self) {
        let (client, shutdown) = (self.client.clone(), self.shutdown.clone());
        tokio::spawn(async move {
            shutdown.cancelled().await;
            if let Err(error) = client.drain().await {
                tracing::debug!(%error, "the connection was gone before it could be closed");
            }
        });
    }

    /// The name given in [`ConnectOptions::name`].
    pub fn name(&self) -> &str {
        &self.name
    }

    /// What the connection is doing.
    pub fn state(&self) -> State {
        // The client goes on calling itself connected after it was closed.
        if self.shutdown.is_cancelled() {
            return State::Closed;
        }
        match self.client.connection_state() {
            async_nats::connection::State::Connected => State::Connected,
            _ => State::Connecting { why: self.events.refusal() },
        }
    }

    /// Whether the connection stands, as far as known: a dead one is noticed after some seconds.
    pub fn is_connected(&self) -> bool {
        self.state() == State::Connected
    }

    /// Waits until the connection stands, but no longer than `patience`; says whether it does.
    pub async fn wait_until_connected(&self, patience: Duration) -> bool {
        let deadline = tokio::time::Instant::now() + patience;
        while !self.is_connected() {
            if tokio::time::Instant::now() >= deadline {
                return false;
            }
            tokio::time::sleep(LOOK).await;
        }
        true
    }

    /// The server's version, for example `2.9.10`; `None` before the first connection.
    pub fn server_version(&self) -> Option<String> {
        self.client.try_server_info().map(|info| info.version)
    }

    /// How often the connection was made. The client counts before it calls itself connected, so a look at
    /// [`Courier::state`] first and at this afterwards misses no new connection; events come later.
    pub(crate) fn connections(&self) -> u64 {
        self.client.statistics().connects.load(Ordering::Acquire)
    }

    pub(crate) fn check_connected(&self) -> Result<(), CourierError> {
        match self.state() {
            State::Connected => Ok(()),
            State::Connecting { why } => Err(CourierError::NotConnected { why }),
            State::Closed => Err(CourierError::NotConnected { why: Some(CLOSED.to_owned()) }),
        }
    }

    /// Does something for which the client needs the connection, and gives up when that is gone: the client itself would
    /// wait until it is back, for days if need be.
    pub(crate) async fn while_connected<T, E: std::fmt::Display>(
        &self,
        doing: &str,
        work: impl Future<Output = Result<T, E>>,
    ) -> Result<T, CourierError> {
        let mut work = std::pin::pin!(work);
        loop {
            self.check_connected()?;
            if let Ok(done) = tokio::time::timeout(LOOK, &mut work).await {
                let failed = |why: E| CourierError::Other { doing: doing.to_owned(), why: why.to_string() };
                return done.map_err(failed);
            }
        }
    }

    pub(crate) fn spec(&self, stream: &str) -> Option<StreamSpec> {
        let specs = self.specs.read().unwrap_or_else(PoisonError::into_inner);
        specs.iter().find(|spec| spec.name == stream).cloned()
    }

    /// Asks JetStream's interface. `Ok(None)` when what was asked for isn't there (an error code of `absent`).
    pub(crate) async fn ask<T: DeserializeOwned>(
        &self,
        doing: &str,
        subject: String,
        request: &(impl Serialize + Sync),
        absent: &[u64],
    ) -> Result<Option<T>, CourierError> {
        self.check_connected()?;
        let since = std::time::Instant::now();
        let failed = |why: String| CourierError::Other { doing: doing.to_owned(), why };
        let subject = format!("$JS.API.{subject}");
        let mut body = serde_json::to_vec(request).map_err(|error| failed(error.to_string()))?;
        if body == b"null" {
            // Questions without a body need an empty one: 2.9 refuses `null` with error 10038.
            body.clear();
        }
        let asked =
            self.client.send_request(subject.clone(), async_nats::Request::new().payload(body.into()));
        let answer = self.unless_denied(&subject, since, asked).await?;
        let answer = answer.map_err(|error| failed(error.to_string()))?;
        match serde_json::from_slice(&answer.payload).map_err(|error| failed(error.to_string()))? {
            Response::Ok(answer) => Ok(Some(answer)),
            Response::Err { error } if absent.contains(&error.error_code().0) => Ok(None),
            Response::Err { error } => Err(CourierError::JetStream {
                doing: doing.to_owned(),
                code: error.error_code().0,
                why: error.to_string(),
            }),
        }
    }

    /// Waits for an answer, but not for one that can't come because the server denied the question.
    pub(crate) async fn unless_denied<T>(
        &self,
        subject: &str,
        since: std::time::Instant,
        answer: impl Future<Output = T>,
    ) -> Result<T, CourierError> {
        let mut answer = std::pin::pin!(answer);
        loop {
            let denied = self.events.denied.notified();
            if let Some(why) = self.events.denial(subject, since) {
                return Err(CourierError::TimedOut { subject: subject.to_owned(), why: Some(why) });
            }
            tokio::select! {
                answered = &mut answer => return Ok(answered),
                () = denied => {}
            }
        }
    }
}

impl std::fmt::Debug for Courier {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Courier")
            .field("name", &self.name)
            .field("state", &self.state())
            .finish_non_exhaustive()
    }
}

fn on_event(events: &Events, event: &Event, explain: impl Fn(String) -> String) {
    let event = match event {
        Event::Connected => CourierEvent::Connected,
        Event::Disconnected => CourierEvent::Disconnected,
        Event::SlowConsumer(_) => CourierEvent::SlowSubscription,
        Event::ServerError(ServerError::Other(what))
            if what.to_lowercase().contains("permissions violation") =>
        {
            CourierEvent::Denied { what: what.clone() }
        }
        Event::ServerError(error) => CourierEvent::Refused { why: error.to_string() },
        Event::ClientError(error) => CourierEvent::Refused { why: explain(error.to_string()) },
        Event::LameDuckMode | Event::Draining | Event::Closed => return,
    };
    events.happened(&event);
}

/// Quick at first, because a restarted broker is back in half a second; then every two seconds.
fn reconnect_delay(attempts: usize) -> Duration {
    match attempts {
        0 | 1 => Duration::ZERO,
        _ => Duration::from_millis(100 << attempts.min(6)).min(MAX_RECONNECT_DELAY),
    }
}

/// A text that can be one part of a subject.
pub(crate) fn check_token(what: &'static str, text: &str) -> Result<(), CourierError> {
    let sound =
        !text.is_empty() && text.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_'));
    if sound { Ok(()) } else { Err(CourierError::BadName { what, text: text.to_owned() }) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_pause_between_attempts_is_bounded() {
        assert_eq!(reconnect_delay(1), Duration::ZERO);
        assert!((2..10_000).all(|attempt| reconnect_delay(attempt) <= MAX_RECONNECT_DELAY));
    }
}
