//! The exchange with the recorder as a state machine: what to do next, and what follows from what came back.
//!
//! It decides when to send, when to send again, what counts as settled, when a new epoch begins and what to do when
//! the recorder has lost some of its record. It never waits, asks no clock and touches no network: `sync.rs` carries
//! out what it says, and so does the simulation.

use jiff::Timestamp;
use propusk_proto::{Frame, HandIn, Head, SyncReply, SyncRequest, decode, encode, subject};
use tracing::{info, warn};

use crate::backoff::jittered;
use crate::config::HandheldConfig;
use crate::device::Device;
use crate::entry::{Entry, Slot};
use crate::knowledge;
use crate::receipt::{Receipted, open_answer};
use crate::sabotage::{Fault, flipped};

/// Questions in one exchange about heads alone; the others are asked next time.
const MAX_QUESTIONS: usize = 8;

/// What is to be done next.
#[derive(Debug)]
pub enum Action {
    /// Give these to the broker, then tell [`Exchange::published`] which it took.
    Publish(Vec<Outgoing>),
    /// Wait for a receipt, no longer than until this moment of the monotonic clock.
    Listen {
        /// Milliseconds on the monotonic clock.
        until_ms: u64,
    },
    /// Nothing waits for a receipt.
    Rest,
}

/// A hand-in on its way to the broker.
#[derive(Clone, Debug)]
pub struct Outgoing {
    /// Its number.
    pub slot: Slot,
    /// Where it goes.
    pub subject: String,
    /// The signed event.
    pub payload: Vec<u8>,
}

/// What an answer of the recorder brought.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Learnt {
    /// Permit changes.
    pub permits: usize,
    /// True when there is more: ask again.
    pub more: bool,
}

/// What a device asks: what is new since its cursor, and whether the recorder still has the head `witnessed`.
pub(crate) fn question(device: &Device, witnessed: Option<Head>) -> anyhow::Result<SyncRequest> {
    Ok(SyncRequest {
        device: device.profile.device.clone(),
        cursor: knowledge::cursor(&device.store)?,
        trust_list_issued_at: knowledge::trust_list(device).map_or(0, |list| list.issued_at),
        witnessed,
        zones: Some(knowledge::scope(&device.store)?.map_or(0, |scope| scope.zones)),
    })
}

/// Takes a verified answer, `framed` as it was received: trust list, permits, and what it says of the record. `asked` is the
/// head that the question named, `now` when the answer was given, unless it came by a long way.
pub(crate) fn learn(
    device: &Device,
    reply: &SyncReply,
    framed: &[u8],
    asked: Option<&Head>,
    now: Option<Timestamp>,
) -> anyhow::Result<()> {
    let Device { queue, store, .. } = device;
    if let Some(signed) = &reply.trust_list
        && knowledge::keep_trust_list(device, signed)?
    {
        info!("a newer trust list was taken");
    }
    let known = knowledge::cursor(store)?.generation;
    let new_life = reply.cursor.generation != known;
    if (reply.record_lost || new_life) && !flipped(Fault::IgnoreRecordLost) {
        // What a device remembers of a life that it never learnt the name of has still to be asked about.
        let heads_are_over = reply.record_lost || known != 0;
        let count = queue.send_all_again(heads_are_over)?;
        if count > 0 {
            warn!(count, "the recorder's record was restored; what this device keeps is sent again");
        }
    } else if let Some(head) = asked {
        queue.head_is_there(head)?;
    }
    // The new generation is noted last: a crash before only repeats the above.
    knowledge::keep_permits(store, reply, framed, now)
}

/// How patient a device is with a receipt that does not come.
#[derive(Clone, Copy, Debug)]
pub struct Pace {
    /// First pause before sending again, in milliseconds.
    pub first_ms: u64,
    /// Longest pause; each is twice the one before.
    pub max_ms: u64,
    /// How long receipted hand-ins are kept, in milliseconds of the recorder's time.
    pub keep_ms: i64,
}

/// One exchange, from a connection to its end. Everything that has to outlive it is in the device's store.
pub struct Exchange {
    device: Device,
    pace: Pace,
    pause_ms: u64,
    send_at_ms: u64,
    /// The chain head that the last question asked about.
    asked: Option<Head>,
    questions: usize,
}

impl Pace {
    /// The configured pace.
    #[must_use]
    pub fn new(config: &HandheldConfig) -> Self {
        Self {
            first_ms: config.resend_first_ms,
            max_ms: config.resend_max_ms,
            keep_ms: i64::from(config.keep_receipted_days) * 86_400_000,
        }
    }
}

impl Exchange {
    /// Begins an exchange: everything that waits is to be sent at once. `now` and `random` name a new epoch,
    /// should one have to begin.
    ///
    /// # Errors
    /// When the store can't be read or written.
    pub fn begin(device: Device, pace: Pace, now: Timestamp, random: u32) -> anyhow::Result<Self> {
        let exchange =
            Self { device, pace, pause_ms: pace.first_ms, send_at_ms: 0, asked: None, questions: 0 };
        renumber_reused(&exchange.device, now, random)?;
        Ok(exchange)
    }

    /// Who exchanges.
    #[cfg(feature = "device")]
    pub(crate) fn device(&self) -> &Device {
        &self.device
    }

    /// Waits at least so long before anything is sent again.
    pub fn be_patient(&mut self, at_least_ms: u64) {
        self.pause_ms = self.pause_ms.max(at_least_ms.min(self.pace.max_ms));
    }

    /// What to do now.
    ///
    /// # Errors
    /// When the store can't be read.
    pub fn next(&self, monotonic_ms: u64) -> anyhow::Result<Action> {
        let queue = &self.device.queue;
        if queue.is_settled()? {
            return Ok(Action::Rest);
        }
        if monotonic_ms < self.send_at_ms {
            return Ok(Action::Listen { until_ms: self.send_at_ms });
        }
        let profile = &self.device.profile;
        let outgoing = |(slot, entry): (Slot, Entry)| Outgoing {
            slot,
            subject: subject::hand_in(slot.shard, &profile.post, &profile.device),
            payload: entry.frame,
        };
        Ok(Action::Publish(queue.waiting()?.into_iter().map(outgoing).collect()))
    }

    /// Takes note of what the broker took. It only means *sent*; all of it goes out again after a pause that doubles
    /// each time. `random` shortens the pause by up to a half, lest all devices of a valley speak at once.
    ///
    /// # Errors
    /// When the store can't be written.
    pub fn published(&mut self, taken: &[Slot], monotonic_ms: u64, random: u32) -> anyhow::Result<()> {
        self.device.queue.mark_sent(taken)?;
        self.send_at_ms = monotonic_ms.saturating_add(jittered(self.pause_ms, random));
        self.pause_ms = self.pause_ms.saturating_mul(2).min(self.pace.max_ms);
        Ok(())
    }

    /// Takes a receipt and returns how many hand-ins it settled. One that is not the recorder's, or not for this
    /// device, changes nothing. `now` and `random` name a new epoch, should one have to begin.
    ///
    /// # Errors
    /// When the store can't be read or written.
    pub fn receipt(&self, bytes: &[u8], now: Timestamp, random: u32) -> anyhow::Result<usize> {
        let receipt = match Receipted::open(bytes, &self.device) {
            Ok(receipt) => receipt,
            Err(error) => {
                warn!(%error, "a receipt was ignored");
                return Ok(0);
            }
        };
        let settled = self.device.queue.settle(&receipt)?;
        if !receipt.receipt().refused.is_empty() {
            renumber_reused(&self.device, now, random)?;
        }
        Ok(settled)
    }

    /// The question what is new: permits, the trust list, and whether the recorder still has a chain head that it
    /// once receipted; `random` chooses which.
    ///
    /// # Errors
    /// When the store can't be read.
    pub fn question(&mut self, random: u32) -> anyhow::Result<(String, Vec<u8>)> {
        self.asked = self.device.queue.head_to_ask(random)?;
        self.questions += 1;
        let question = question(&self.device, self.asked)?;
        Ok((subject::sync(&self.device.profile.device), encode(&question)?))
    }

    /// Takes the recorder's answer.
    ///
    /// # Errors
    /// [`crate::HandheldError::NotTheRecorder`] for one that the recorder did not sign for this device; nothing is
    /// taken from it. Others when the store can't be read or written.
    pub fn answered(&self, bytes: &[u8], now: Timestamp) -> anyhow::Result<Learnt> {
        let reply = open_answer(bytes, &self.device)?;
        learn(&self.device, &reply, bytes, self.asked.as_ref(), Some(now))?;
        let heads = self.questions < MAX_QUESTIONS && self.device.queue.has_doubtful_heads()?;
        Ok(Learnt { permits: reply.permits.len(), more: reply.more || heads })
    }

    /// Ends the exchange: hand-ins whose receipt is old enough are forgotten, by the recorder's time: this device's own
    /// clock may be days off.
    ///
    /// # Errors
    /// When the store can't be read or written.
    pub fn end(&self) -> anyhow::Result<usize> {
        self.device.queue.forget_recorded(self.pace.keep_ms)
    }
}

/// Hand-ins refused because this device was restored and used their numbers twice go out again under a new epoch.
pub(crate) fn renumber_reused(device: &Device, now: Timestamp, random: u32) -> anyhow::Result<()> {
    let queue = &device.queue;
    let reused = queue.reused_numbers()?;
    if reused.is_empty() {
        return Ok(());
    }
    warn!(count = reused.len(), "this device was restored from a backup; its newer hand-ins get new numbers");
    queue.renumber(now.as_millisecond(), random, &reused, |slot, entry| {
        let mut event: HandIn = decode(Frame::split(&entry.frame)?.message)?;
        (event.epoch, event.sequence) = (slot.epoch, slot.sequence);
        device.sign(&event)
    })
}
