//! What is known of the hand-ins that are settled and still kept, without reading them: a device keeps a month of them, and
//! each exchange with the recorder asks.

use crate::entry::EntryState;
use propusk_proto::receipt::RefusalReason;

/// What is old enough to be forgotten is looked for so rarely, in milliseconds of the recorder's time.
const LOOK_EVERY_MS: u64 = 3_600_000;

/// Settled hand-ins by what became of them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Tally {
    pub recorded: u64,
    pub refused: u64,
    /// Of the refused, those whose number was used before.
    pub reused: u64,
    /// When the oldest receipt of a recorded one was made.
    oldest_at_ms: Option<i64>,
    /// When the old ones were forgotten last.
    forgot_at_ms: Option<i64>,
}

impl Tally {
    /// One more.
    pub(crate) fn count(&mut self, state: EntryState) {
        match state {
            EntryState::Recorded { at_ms } => {
                self.recorded += 1;
                self.oldest_at_ms = Some(self.oldest_at_ms.map_or(at_ms, |oldest| oldest.min(at_ms)));
            }
            EntryState::Refused { reason, .. } => {
                self.refused += 1;
                self.reused += u64::from(reason == RefusalReason::SequenceReused);
            }
            EntryState::OnThisDevice | EntryState::Sent => {}
        }
    }

    /// Whether it is worth looking for receipts older than `before_ms`, at `now_ms` of the recorder's time, which may have been
    /// set back.
    pub(crate) fn has_older(&self, before_ms: i64, now_ms: i64) -> bool {
        self.oldest_at_ms.is_some_and(|oldest| oldest < before_ms)
            && self.forgot_at_ms.is_none_or(|last| now_ms.abs_diff(last) >= LOOK_EVERY_MS)
    }

    /// A new count, after the old ones were forgotten at `now_ms`.
    pub(crate) fn after_forgetting(now_ms: i64) -> Self {
        Self { forgot_at_ms: Some(now_ms), ..Self::default() }
    }
}
