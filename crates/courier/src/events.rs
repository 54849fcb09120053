//! What happens on the connection and to the streams, for logs, counters and screens.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Instant;

use tokio::sync::Notify;

use crate::StreamChange;

/// Something that happened by itself. Never carries a payload.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum CourierEvent {
    /// The connection stands (again).
    Connected,
    /// The connection is lost; the courier goes on trying.
    Disconnected,
    /// The server can't be reached or refuses the connection; the courier goes on trying.
    Refused {
        /// The client's or server's words.
        why: String,
    },
    /// The server did not permit a publish or a subscription.
    Denied {
        /// The server's words; they name the subject.
        what: String,
    },
    /// A subscription could not keep up, and messages of it were dropped.
    SlowSubscription,
    /// A stream was lost or made anew, and what depends on it was rebuilt.
    StreamChanged {
        /// The stream's name.
        stream: String,
        /// What was noticed.
        change: StreamChange,
    },
    /// Deliveries of a consumer went astray with a connection; they are asked for again.
    DeliveriesRepeated {
        /// The stream's name.
        stream: String,
        /// The consumer's name.
        durable: String,
    },
}

/// Called for each event, on the connection's task: it must be quick and must not block. Counters belong here.
pub type Listener = Arc<dyn Fn(&CourierEvent) + Send + Sync>;

/// How many denials are remembered to explain publishes that time out.
const DENIALS_KEPT: usize = 64;

#[derive(Default)]
pub(crate) struct Events {
    listener: Option<Listener>,
    denials: Mutex<VecDeque<(Instant, String)>>,
    refusal: Mutex<Option<String>>,
    pub(crate) denied: Notify,
}

impl Events {
    pub(crate) fn new(listener: Option<Listener>) -> Self {
        Self { listener, ..Self::default() }
    }

    pub(crate) fn happened(&self, event: &CourierEvent) {
        // First, so that whoever gets an error because of this event can rely on the listener's having been told.
        if let Some(listener) = &self.listener {
            listener(event);
        }
        match event {
            CourierEvent::Connected => {
                tracing::info!("connected to the bus");
                *self.refusal.lock().unwrap_or_else(PoisonError::into_inner) = None;
            }
            CourierEvent::Disconnected => tracing::warn!("the connection to the bus is lost; trying again"),
            CourierEvent::Refused { why } => {
                let mut refusal = self.refusal.lock().unwrap_or_else(PoisonError::into_inner);
                // The same answer comes with every attempt; it is logged once.
                if refusal.as_ref() != Some(why) {
                    tracing::warn!(why, "no connection to the bus; trying again");
                    *refusal = Some(why.clone());
                }
            }
            CourierEvent::Denied { what } => {
                tracing::error!(what, "the bus did not permit this");
                let mut denials = self.denials.lock().unwrap_or_else(PoisonError::into_inner);
                if denials.len() == DENIALS_KEPT {
                    denials.pop_front();
                }
                denials.push_back((Instant::now(), what.clone()));
                drop(denials);
                self.denied.notify_waiters();
            }
            CourierEvent::SlowSubscription => {
                tracing::warn!("a subscription could not keep up; messages of it were dropped");
            }
            CourierEvent::StreamChanged { stream, change } => {
                tracing::error!(stream, ?change, "a stream was lost or made anew; it is read from its start");
            }
            CourierEvent::DeliveriesRepeated { stream, durable } => {
                tracing::info!(stream, durable, "deliveries went astray and are asked for again");
            }
        }
    }

    /// The server's words about a publish to `subject` that it denied after `since`.
    pub(crate) fn denial(&self, subject: &str, since: Instant) -> Option<String> {
        let quoted = format!("\"{subject}\"");
        let denials = self.denials.lock().unwrap_or_else(PoisonError::into_inner);
        denials
            .iter()
            .rev()
            .find(|(at, what)| *at >= since && what.contains(&quoted))
            .map(|(_, what)| what.clone())
    }

    pub(crate) fn refusal(&self) -> Option<String> {
        self.refusal.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}
