//! Durable consuming: every message at least once, in order, acked only after it was stored.

use std::sync::Arc;
use std::time::Duration;

use async_nats::jetstream::consumer::pull::{Batch, Config};
use async_nats::jetstream::consumer::{AckPolicy, Consumer, DeliverPolicy, Info};
use async_nats::jetstream::{self};
use futures_util::{FutureExt as _, StreamExt as _};
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
/// How long a fetch that has something waits for a delivery that the broker has announced: it may deliver no more before
/// an ack.
const LULL: Duration = Duration::from_millis(100);
/// How long one request waits at the broker for messages to come.
const REQUEST_EXPIRES: Duration = Duration::from_secs(30);
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
    /// Delivered, and not yet returned by a fetch: whoever drops a fetch half-way gets them with the next.
    gathered: Vec<Delivery>,
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
    request: Option<Request>,
}

/// What the broker was asked for and has not delivered yet.
struct Request {
    messages: Batch,
    /// The broker says when a request has expired, but 2.9 was seen to be silent where a message came at the same moment.
    is_over_at: Instant,
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
            gathered: Vec::new(),
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
    /// Dropping the future is safe: what was under way comes with the next fetch.
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
        self.gather(max, wait).await?;
        Ok(std::mem::take(&mut self.gathered))
    }

    /// Fetches until there are `max`, or the broker has no more of them; for the first it waits up to `wait`. One request
    /// to the broker goes on from fetch to fetch, so a message that comes alone comes at once.
    async fn gather(&mut self, max: usize, wait: Duration) -> Result<(), CourierError> {
        let failed = |why: String| CourierError::Other { doing: "fetch messages".to_owned(), why };
        let deadline = Instant::now() + wait;
        while self.gathered.len() < max {
            let Some(bound) = &mut self.bound else { return Ok(()) };
            let (is_first, has_more) = (self.gathered.is_empty(), self.behind > 0);
            let request = match &mut bound.request {
                Some(request) => request,
                None if is_first || has_more => {
                    let wanted = max - self.gathered.len();
                    let asked =
                        bound.consumer.batch().max_messages(wanted).expires(REQUEST_EXPIRES).messages();
                    let messages = asked.await.map_err(|error| failed(error.to_string()))?;
                    let is_over_at = Instant::now() + REQUEST_EXPIRES + LULL;
                    bound.request.insert(Request { messages, is_over_at })
                }
                None => return Ok(()),
            };
            let next = if is_first {
                let until = deadline.min(request.is_over_at);
                tokio::time::timeout_at(until, request.messages.next()).await.ok()
            } else if has_more {
                tokio::time::timeout(LULL, request.messages.next()).await.ok()
            } else {
                request.messages.next().now_or_never()
            };
            let is_over = is_first && request.is_over_at <= Instant::now();
            let next = if next.is_none() && is_over { Some(self.unread().await?) } else { next };
            match next {
                None => return Ok(()),
                Some(None) => self.end_request(),
                Some(Some(message)) => {
                    let taken =
                        message.map_err(|error| failed(error.to_string())).and_then(|it| self.take(it));
                    if let Err(error) = taken {
                        self.bound = None;
                        return if self.gathered.is_empty() { Err(error) } else { Ok(()) };
                    }
                }
            }
        }
        Ok(())
    }

    /// What the request that is under way was answered and nobody has read. This process may have been held up longer than
    /// the request lasts: whatever was delivered is there when the answer to a later question is.
    async fn unread(
        &mut self,
    ) -> Result<Option<Result<jetstream::Message, async_nats::Error>>, CourierError> {
        self.info().await?;
        let request = self.bound.as_mut().and_then(|bound| bound.request.as_mut());
        Ok(request.and_then(|request| request.messages.next().now_or_never()).flatten())
    }

    fn end_request(&mut self) {
        if let Some(bound) = &mut self.bound {
            bound.request = None;
        }
    }

    /// Has the request that is under way be over, as if it had been made long ago: only for tests of that moment.
    #[doc(hidden)]
    pub fn let_request_be_over(&mut self) {
        if let Some(request) = self.bound.as_mut().and_then(|bound| bound.request.as_mut()) {
            request.is_over_at -= REQUEST_EXPIRES + LULL;
        }
    }

    /// Keeps a delivery, if it is the next one.
    fn take(&mut self, message: jetstream::Message) -> Result<(), CourierError> {
        let Some(bound) = &mut self.bound else { return Ok(()) };
        let failed = |why: String| CourierError::Other {
            doing: "read what a delivery says of itself".to_owned(),
            why,
        };
        let (number, mark, behind) = {
            let info = message.info().map_err(|error| failed(error.to_string()))?;
            let time = info.published.unix_timestamp_nanos();
            (info.consumer_sequence, Mark { sequence: info.stream_sequence, time }, info.pending)
        };
        if number != bound.next_delivery {
            let (stream, durable) = (self.stream.clone(), self.durable.clone());
            self.courier.events.happened(&CourierEvent::DeliveriesRepeated { stream, durable });
            self.bound = None;
            return Ok(());
        }
        bound.next_delivery += 1;
        self.behind = behind;
        self.watch.saw(mark);
        let (subject, payload) = (message.subject.to_string(), message.payload.to_vec());
        self.gathered.push(Delivery { subject, payload });
        self.last_unacked = Some(message);
        Ok(())
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
        self.bound = Some(Bound { consumer, next_delivery, request: None });
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
        self.bound = Some(Bound { consumer, next_delivery: 1, request: None });
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
