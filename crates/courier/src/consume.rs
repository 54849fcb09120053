//! Durable consuming: every message at least once, in order, acked only after it was stored.

use std::sync::Arc;
use std::time::Duration;

use async_nats::jetstream::consumer::pull::Config;
use async_nats::jetstream::consumer::{AckPolicy, Consumer, DeliverPolicy, Info};
use async_nats::jetstream::{self};
use futures_util::StreamExt as _;
use tokio::sync::Mutex;
use tokio::time::Instant;

use crate::connect::check_token;
use crate::watch::Mark;
use crate::{Courier, CourierError, CourierEvent, StreamChange, StreamWatch};

/// How many deliveries may be waiting for their ack; further fetches are empty until then.
pub const MAX_UNACKED: usize = 20_000;
/// After this long without an ack the broker delivers again by itself.
const ACK_WAIT: Duration = Duration::from_secs(60);
/// How often the stream is looked at.
const CHECK_INTERVAL: Duration = Duration::from_secs(1);
/// How long a delivery that the broker has announced may take.
const DELIVERY_TIMEOUT: Duration = Duration::from_secs(2);
/// The pause after something failed.
const RETRY_PAUSE: Duration = Duration::from_millis(200);
const CONSUMER_NOT_FOUND: u64 = 10014;

/// One delivered message.
#[derive(Clone, PartialEq, Eq)]
pub struct Delivery {
    /// The subject; its parts are vouched for by the server's permissions.
    pub subject: String,
    /// The encoded bytes, as they were published.
    pub payload: Vec<u8>,
}

impl std::fmt::Debug for Delivery {
    /// Payloads may be personal data: only their length is shown.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Delivery")
            .field("subject", &self.subject)
            .field("bytes", &self.payload.len())
            .finish()
    }
}

/// A place in a stream that the broker remembers under a name.
///
/// The room fetches a batch, stores it, and then calls [`DurableConsumer::ack_all`]. What was not acked comes
/// again: after a restart, a broken connection, or a minute. After the loss of a stream everything that it (then)
/// holds comes again. So whoever stores must recognise what it has.
pub struct DurableConsumer {
    courier: Courier,
    stream: String,
    durable: String,
    filter: String,
    watch: StreamWatch,
    bound: Option<Bound>,
    last_unacked: Option<jetstream::Message>,
    behind: u64,
    life: Arc<Mutex<Life>>,
    /// Whether the broker had the consumer in this run.
    opened: bool,
    next_check: Instant,
    /// The number of the connection on which the stream was last looked at.
    checked_on: u64,
}

/// Locked while an ack is under way and while the consumer is made anew: the new one would take an ack of the one
/// before for an ack of another message.
#[derive(Default)]
struct Life {
    /// Grows when the consumer is made anew.
    number: u64,
    /// The place in the stream up to which this run has acked. The broker writes its own note of it down a moment
    /// later, and a kill in between makes it forget.
    acked: u64,
}

/// The ack of what was fetched up to some delivery, and of everything before it.
#[must_use = "without the ack the broker delivers everything again"]
pub struct Ack {
    courier: Courier,
    doing: String,
    message: jetstream::Message,
    life: Arc<Mutex<Life>>,
    number: u64,
}

impl Ack {
    /// Acks, and waits for the broker to confirm. To be called when the messages are on disk, not before. Where the
    /// consumer was made anew meanwhile it does nothing: the messages come again.
    ///
    /// # Errors
    /// [`CourierError`] when no confirmation came: the messages may come again, or a later ack covers them too.
    pub async fn send(&self) -> Result<(), CourierError> {
        let mut life = self.life.lock().await;
        if life.number != self.number {
            return Ok(());
        }
        self.courier.check_connected()?;
        let failed = |why: String| CourierError::Other { doing: self.doing.clone(), why };
        self.message.double_ack().await.map_err(|error| failed(error.to_string()))?;
        if let Ok(info) = self.message.info() {
            life.acked = life.acked.max(info.stream_sequence);
        }
        Ok(())
    }
}

struct Bound {
    consumer: Consumer<Config>,
    /// The number that the next delivery of this consumer bears. With `AckPolicy::All` an ack covers every
    /// earlier delivery, also one that was lost with a connection: so none may be passed over.
    next_delivery: u64,
}

impl DurableConsumer {
    /// Opens or creates the consumer `durable` of `stream` for the subjects in `filter` (empty for all).
    /// Permissions are granted for a durable that bears the name of its user (see [`crate::server`]).
    ///
    /// What an earlier run fetched and did not ack is delivered first. Waits for nothing but the broker's
    /// answers: where it isn't reachable now, the first fetch does the work.
    ///
    /// # Errors
    /// [`CourierError::BadName`]; [`CourierError::JetStream`] and others when the broker refuses.
    pub async fn open(
        courier: &Courier,
        stream: &str,
        durable: &str,
        filter: &str,
    ) -> Result<Self, CourierError> {
        check_token("a stream's name", stream)?;
        check_token("a consumer's name", durable)?;
        let mut consumer = Self {
            courier: courier.clone(),
            stream: stream.to_owned(),
            durable: durable.to_owned(),
            filter: filter.to_owned(),
            watch: StreamWatch::open(courier, stream, None),
            bound: None,
            last_unacked: None,
            behind: 0,
            life: Arc::default(),
            opened: false,
            next_check: Instant::now(),
            checked_on: 0,
        };
        if courier.is_connected() {
            consumer.check_and_bind().await?;
        }
        Ok(consumer)
    }

    /// Up to `max` messages, in the stream's order. Returns as soon as there are any, and empty after `wait`.
    /// Without a connection it waits, too; [`Courier::state`] tells why nothing comes. While waiting it looks
    /// at the stream every second.
    ///
    /// Dropping the future is safe: what was under way is delivered again.
    ///
    /// # Errors
    /// After `wait`, what kept the broker from delivering although it is connected.
    pub async fn fetch(&mut self, max: usize, wait: Duration) -> Result<Vec<Delivery>, CourierError> {
        let deadline = Instant::now() + wait;
        let mut failure = None;
        loop {
            let left = deadline.saturating_duration_since(Instant::now());
            if self.courier.wait_until_connected(left).await {
                match self.fetch_once(max.clamp(1, MAX_UNACKED), left.min(CHECK_INTERVAL)).await {
                    Ok(messages) if !messages.is_empty() => return Ok(messages),
                    Ok(_) => failure = None,
                    Err(error) => {
                        self.bound = None;
                        failure = Some(error);
                        tokio::time::sleep(RETRY_PAUSE).await;
                    }
                }
            }
            if Instant::now() >= deadline {
                return match failure {
                    Some(error) if self.courier.is_connected() => Err(error),
                    _ => Ok(Vec::new()),
                };
            }
        }
    }

    /// Acks everything that was fetched since the last ack, and waits for the broker to confirm. Call it when the
    /// messages are on disk, not before. Without anything to ack it does nothing.
    ///
    /// # Errors
    /// [`CourierError`] when no confirmation came: the messages may come again, or a later call acks them too.
    pub async fn ack_all(&mut self) -> Result<(), CourierError> {
        let Some(ack) = self.take_ack().await else { return Ok(()) };
        let sent = ack.send().await;
        if sent.is_err() {
            self.last_unacked = Some(ack.message);
        }
        sent
    }

    /// The ack of everything that was fetched since this was last asked, to be sent while fetching goes on. `None`
    /// without anything to ack.
    pub async fn take_ack(&mut self) -> Option<Ack> {
        let message = self.last_unacked.take()?;
        let number = self.life.lock().await.number;
        let doing = format!("ack on {} as {}", self.stream, self.durable);
        Some(Ack { courier: self.courier.clone(), doing, message, life: self.life.clone(), number })
    }

    /// How many messages the broker held behind the last delivery when it sent that: the backlog, at no cost.
    pub fn behind(&self) -> u64 {
        self.behind
    }

    /// How many messages the consumer is behind: not delivered yet, or delivered and not acked.
    ///
    /// # Errors
    /// [`CourierError`] when the broker can't be asked.
    pub async fn pending(&self) -> Result<u64, CourierError> {
        let info = self.info().await?;
        Ok(info.map_or(0, |info| info.num_pending.saturating_add(info.num_ack_pending as u64)))
    }

    async fn fetch_once(&mut self, max: usize, wait: Duration) -> Result<Vec<Delivery>, CourierError> {
        // A new connection may be one to a broker that has lost something.
        if self.checked_on != self.courier.connections() {
            self.bound = None;
        }
        if self.bound.is_none() || Instant::now() >= self.next_check {
            self.check_and_bind().await?;
        }
        let mut messages = self.pull(max, None).await?;
        if messages.is_empty() && self.bound.is_some() {
            messages = self.pull(1, Some(wait.max(Duration::from_millis(1)))).await?;
            if !messages.is_empty() && max > 1 && self.bound.is_some() {
                match self.pull(max - 1, None).await {
                    Ok(more) => messages.extend(more),
                    Err(_) => self.bound = None,
                }
            }
        }
        Ok(messages)
    }

    /// Without `wait`: what is there. With `wait`: as soon as there is something.
    async fn pull(&mut self, max: usize, wait: Option<Duration>) -> Result<Vec<Delivery>, CourierError> {
        let failed = |why: String| CourierError::Other { doing: "fetch messages".to_owned(), why };
        let Some(bound) = &mut self.bound else { return Ok(Vec::new()) };
        let batch = match wait {
            None => bound.consumer.fetch().max_messages(max).messages().await,
            Some(wait) => bound.consumer.batch().max_messages(max).expires(wait).messages().await,
        };
        let mut batch = batch.map_err(|error| failed(error.to_string()))?;
        let patience = DELIVERY_TIMEOUT + wait.unwrap_or_default();
        let mut deliveries = Vec::new();
        let problem = loop {
            let message = match tokio::time::timeout(patience, batch.next()).await {
                Ok(None) => break None,
                Ok(Some(Ok(message))) => message,
                Ok(Some(Err(error))) => break Some(failed(error.to_string())),
                Err(_) => break Some(failed("a delivery did not come".to_owned())),
            };
            let (number, mark, behind) = match message.info() {
                Ok(info) => {
                    let time = info.published.unix_timestamp_nanos();
                    let mark = Mark { sequence: info.stream_sequence, time };
                    (info.consumer_sequence, mark, info.pending)
                }
                Err(error) => break Some(failed(error.to_string())),
            };
            if number != bound.next_delivery {
                let (stream, durable) = (self.stream.clone(), self.durable.clone());
                self.courier.events.happened(&CourierEvent::DeliveriesRepeated { stream, durable });
                self.bound = None;
                return Ok(deliveries);
            }
            bound.next_delivery += 1;
            self.behind = behind;
            self.watch.saw(mark);
            deliveries
                .push(Delivery { subject: message.subject.to_string(), payload: message.payload.to_vec() });
            self.last_unacked = Some(message);
        };
        match problem {
            Some(problem) if deliveries.is_empty() => Err(problem),
            Some(_) => {
                self.bound = None;
                Ok(deliveries)
            }
            None => Ok(deliveries),
        }
    }

    async fn check_and_bind(&mut self) -> Result<(), CourierError> {
        let connections = self.courier.connections();
        let change = self.watch.check().await?;
        self.checked_on = connections;
        self.next_check = Instant::now() + CHECK_INTERVAL;
        if change.is_some() {
            return self.rebuild(DeliverPolicy::All).await;
        }
        let Some(info) = self.info().await? else {
            // At the very first opening this is no news.
            if self.opened {
                self.report_consumer_lost();
            }
            return self.rebuild(DeliverPolicy::All).await;
        };
        let stream = self.courier.stream_info_or_create(&self.stream).await?;
        let last_sequence = stream.state.last_sequence;
        if info.delivered.stream_sequence > last_sequence {
            self.report_consumer_lost();
            return self.rebuild(DeliverPolicy::All).await;
        }
        if self.bound.is_none() {
            self.bind(info).await?;
        }
        Ok(())
    }

    /// Takes an existing consumer over; what was delivered and never acked is delivered again at once.
    async fn bind(&mut self, info: Info) -> Result<(), CourierError> {
        let config = self.config(DeliverPolicy::All);
        let fits = info.config.filter_subject == config.filter_subject
            && info.config.ack_policy == config.ack_policy
            && info.config.max_ack_pending == config.max_ack_pending
            && info.config.ack_wait == config.ack_wait;
        if !fits {
            return self.rebuild(DeliverPolicy::All).await;
        }
        let (floor, acked) = (info.ack_floor.stream_sequence, self.life.lock().await.acked);
        let loose_ends = info.num_ack_pending > 0
            || info.delivered.consumer_sequence != info.ack_floor.consumer_sequence
            || floor < acked;
        if loose_ends {
            let start_sequence = floor.max(acked) + 1;
            return self.rebuild(DeliverPolicy::ByStartSequence { start_sequence }).await;
        }
        self.last_unacked = None;
        self.opened = true;
        let next_delivery = info.delivered.consumer_sequence + 1;
        let consumer = Consumer::new(config, info, self.courier.jetstream.clone());
        self.bound = Some(Bound { consumer, next_delivery });
        Ok(())
    }

    /// Deletes the consumer and makes it again. An ack of an earlier delivery would count for another message of
    /// the new one, so those acks are forgotten.
    async fn rebuild(&mut self, from: DeliverPolicy) -> Result<(), CourierError> {
        self.bound = None;
        self.last_unacked = None;
        let life = self.life.clone();
        let mut life = life.lock().await;
        life.number += 1;
        if from == DeliverPolicy::All {
            life.acked = 0;
        }
        let doing = format!("make the consumer {} of {} anew", self.durable, self.stream);
        let subject = format!("CONSUMER.DELETE.{}.{}", self.stream, self.durable);
        let _gone: Option<Deleted> = self.courier.ask(&doing, subject, &(), &[CONSUMER_NOT_FOUND]).await?;
        let consumer = self
            .courier
            .jetstream
            .create_consumer_on_stream(self.config(from), self.stream.as_str())
            .await
            .map_err(|error| CourierError::Other { doing, why: error.to_string() })?;
        self.opened = true;
        self.bound = Some(Bound { consumer, next_delivery: 1 });
        Ok(())
    }

    async fn info(&self) -> Result<Option<Info>, CourierError> {
        let doing = format!("look at the consumer {} of {}", self.durable, self.stream);
        let subject = format!("CONSUMER.INFO.{}.{}", self.stream, self.durable);
        self.courier.ask(&doing, subject, &(), &[CONSUMER_NOT_FOUND]).await
    }

    fn report_consumer_lost(&self) {
        let (stream, change) = (self.stream.clone(), StreamChange::ConsumerLost);
        self.courier.events.happened(&CourierEvent::StreamChanged { stream, change });
    }

    fn config(&self, deliver_policy: DeliverPolicy) -> Config {
        Config {
            durable_name: Some(self.durable.clone()),
            deliver_policy,
            ack_policy: AckPolicy::All,
            ack_wait: ACK_WAIT,
            max_deliver: -1,
            max_ack_pending: i64::try_from(MAX_UNACKED).unwrap_or(i64::MAX),
            filter_subject: self.filter.clone(),
            ..Config::default()
        }
    }
}

#[derive(serde::Deserialize)]
struct Deleted {
    #[serde(rename = "success")]
    _success: bool,
}
