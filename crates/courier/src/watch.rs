//! Noticing that a stream is not the one it was.
//!
//! A broker that lost its disk or its last two minutes comes back with an older stream, an empty one, or none,
//! and uses sequence numbers again that were used before (NATS.md). Nothing tells the clients; so they look.

use async_nats::jetstream::stream::Info;
use serde::Serialize;

use crate::{Courier, CourierError, CourierEvent};

/// What was noticed about a stream.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StreamChange {
    /// It was not there, and was made anew from its definition.
    Missing,
    /// It is another one, made at another time.
    Recreated,
    /// It has fewer messages than it had, or others in their places.
    TailLost,
    /// The durable consumer was not there, or stood behind the stream's end.
    ConsumerLost,
}

/// Watches one stream. A publisher whose own store is the source of truth (the desk's for PERMITS) asks it every
/// second, and publishes everything anew when it says so; a [`crate::DurableConsumer`] has one inside.
pub struct StreamWatch {
    courier: Courier,
    stream: String,
    seen: Option<Seen>,
    known_identity: Option<String>,
}

#[derive(Clone)]
struct Seen {
    identity: String,
    last_sequence: u64,
    /// Looked at again after each new connection.
    mark: Option<Mark>,
    connections: u64,
}

/// A message's place, and when it was stored there (nanoseconds since 1970).
#[derive(Clone, Copy)]
pub(crate) struct Mark {
    pub(crate) sequence: u64,
    pub(crate) time: i128,
}

#[derive(Serialize)]
struct BySequence {
    seq: u64,
}

impl StreamWatch {
    /// Begins to watch. `known_identity` is what [`StreamWatch::identity`] said in an earlier run, if the caller
    /// kept it: then a stream that was made anew in between is noticed too.
    pub fn open(courier: &Courier, stream: &str, known_identity: Option<String>) -> Self {
        Self { courier: courier.clone(), stream: stream.to_owned(), seen: None, known_identity }
    }

    /// What tells this stream from a later one of the same name: when it was made. `None` before the first look.
    pub fn identity(&self) -> Option<&str> {
        self.seen.as_ref().map(|seen| seen.identity.as_str())
    }

    /// Looks at the stream, and makes it anew if it isn't there. `Some` once for each change.
    ///
    /// # Errors
    /// [`CourierError`]: nothing is known then, and the next look tells.
    pub async fn check(&mut self) -> Result<Option<StreamChange>, CourierError> {
        let connections = self.courier.connections();
        let found = self.courier.stream_info(&self.stream).await?;
        let (info, change) = match found {
            None => (self.courier.stream_info_or_create(&self.stream).await?, Some(StreamChange::Missing)),
            Some(info) => {
                let change = self.compare(&info, connections).await?;
                (info, change)
            }
        };
        let mark = self.mark(&info, change).await?;
        self.seen = Some(Seen {
            identity: identity(&info),
            last_sequence: info.state.last_sequence,
            mark,
            connections,
        });
        self.known_identity = None;
        if let Some(change) = change {
            let stream = self.stream.clone();
            self.courier.events.happened(&CourierEvent::StreamChanged { stream, change });
        }
        Ok(change)
    }

    async fn compare(&self, info: &Info, connections: u64) -> Result<Option<StreamChange>, CourierError> {
        let Some(seen) = &self.seen else {
            let other = self.known_identity.as_ref().is_some_and(|known| *known != identity(info));
            return Ok(other.then_some(StreamChange::Recreated));
        };
        if seen.identity != identity(info) {
            return Ok(Some(StreamChange::Recreated));
        }
        if info.state.last_sequence < seen.last_sequence {
            return Ok(Some(StreamChange::TailLost));
        }
        // New messages may have filled the places of lost ones before anybody looked; only a restart of the
        // broker does that, and a restart breaks the connection.
        match &seen.mark {
            Some(mark) if connections != seen.connections => {
                let now =
                    self.courier.stored_message(&self.stream, &BySequence { seq: mark.sequence }).await?;
                // A message that is gone has expired or was replaced; one with another time is another message.
                let other = now.is_some_and(|now| now.time != mark.time);
                Ok(other.then_some(StreamChange::TailLost))
            }
            _ => Ok(None),
        }
    }

    /// The newest message becomes the mark whenever there is a newer one.
    async fn mark(&self, info: &Info, change: Option<StreamChange>) -> Result<Option<Mark>, CourierError> {
        let sequence = info.state.last_sequence;
        let old = self.seen.as_ref().filter(|_| change.is_none()).and_then(|seen| seen.mark);
        if sequence == 0 || old.is_some_and(|mark| mark.sequence == sequence) {
            return Ok(old);
        }
        let message = self.courier.stored_message(&self.stream, &BySequence { seq: sequence }).await?;
        Ok(message.map(|message| Mark { sequence, time: message.time }).or(old))
    }

    /// A message that was just delivered is a mark that needs no asking.
    pub(crate) fn saw(&mut self, delivered: Mark) {
        if let Some(seen) = &mut self.seen
            && seen.mark.is_none_or(|mark| mark.sequence < delivered.sequence)
        {
            seen.mark = Some(delivered);
            seen.last_sequence = seen.last_sequence.max(delivered.sequence);
        }
    }
}

/// When the stream was made, to the nanosecond.
fn identity(info: &Info) -> String {
    info.created.unix_timestamp_nanos().to_string()
}
