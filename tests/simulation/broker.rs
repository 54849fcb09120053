//! A broker as bad as the worst that was observed (NATS.md): its ack promises nothing.

use std::collections::VecDeque;

use crate::random::Random;

#[derive(Clone, Debug)]
pub(crate) struct Stored {
    pub subject: String,
    pub payload: Vec<u8>,
}

/// One stream with one durable consumer, and what is on its way.
#[derive(Default)]
pub(crate) struct Broker {
    stream: Vec<Stored>,
    /// Messages up to here are acked.
    acked: usize,
    /// An older copy, to be rewound to.
    copy: Option<(Vec<Stored>, usize)>,
    /// Published, not yet in the stream.
    pub(crate) late: VecDeque<Stored>,
    /// Receipts on their way.
    pub(crate) mail: VecDeque<Stored>,
}

/// What became of one published message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Fate {
    Stored,
    StoredAckLost,
    StoredTwice,
    Lost,
    /// Acked and never stored: the duplicate window, or a tail that was not synced.
    Swallowed,
    Late,
    Corrupted,
}

impl Fate {
    pub(crate) fn draw(random: &mut Random, bad: bool) -> Self {
        if !bad {
            return Self::Stored;
        }
        match random.below(16) {
            0 | 1 => Self::StoredAckLost,
            2 => Self::StoredTwice,
            3 | 4 => Self::Lost,
            5 | 6 => Self::Swallowed,
            7 | 8 => Self::Late,
            9 => Self::Corrupted,
            _ => Self::Stored,
        }
    }
}

impl Broker {
    /// Takes a message; true when the publisher hears an ack.
    pub(crate) fn publish(&mut self, mut message: Stored, fate: Fate, random: &mut Random) -> bool {
        match fate {
            Fate::Stored | Fate::StoredAckLost => self.stream.push(message),
            Fate::StoredTwice => self.stream.extend([message.clone(), message]),
            Fate::Late => self.late.push_back(message),
            Fate::Corrupted => {
                let length = message.payload.len().max(1) as u64;
                if let Some(byte) = message.payload.get_mut(random.below(length) as usize) {
                    *byte ^= 1 << random.below(8);
                }
                self.stream.push(message);
            }
            Fate::Lost | Fate::Swallowed => {}
        }
        !matches!(fate, Fate::StoredAckLost | Fate::Lost | Fate::Late)
    }

    /// A late message arrives, in any order.
    pub(crate) fn arrive(&mut self, nth: u8) -> bool {
        let nth = usize::from(nth) % self.late.len().max(1);
        let late = self.late.remove(nth);
        let some = late.is_some();
        self.stream.extend(late);
        some
    }

    /// What the consumer gets next.
    pub(crate) fn fetch(&self, most: usize) -> Vec<Stored> {
        self.stream.iter().skip(self.acked).take(most).cloned().collect()
    }

    pub(crate) fn ack(&mut self, count: usize) {
        self.acked = (self.acked + count).min(self.stream.len());
    }

    /// A restart: acks and the end of the stream that were not synced are gone.
    pub(crate) fn restart(&mut self, acks: usize, messages: usize) {
        self.acked = self.acked.saturating_sub(acks);
        self.stream.truncate(self.stream.len().saturating_sub(messages));
        self.acked = self.acked.min(self.stream.len());
        self.late.clear();
        self.mail.clear();
    }

    /// The stream is made anew; its sequences begin again, and the consumer with them.
    pub(crate) fn wipe(&mut self) {
        self.stream.clear();
        self.acked = 0;
    }

    pub(crate) fn copy(&mut self) {
        self.copy = Some((self.stream.clone(), self.acked));
    }

    pub(crate) fn rewind(&mut self) -> bool {
        let Some((stream, acked)) = self.copy.clone() else { return false };
        (self.stream, self.acked) = (stream, acked);
        true
    }
}
