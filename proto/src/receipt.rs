//! The recorder's receipt: the only thing on whose word a device may forget a hand-in.

use serde::{Deserialize, Serialize};

use crate::chain::Head;
use crate::codec::Message;
use crate::device::DeviceId;

/// Says what is on the recorder's disk. Signed by the recorder; safe to lose, repeat and reorder.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Receipt {
    /// The device it is for.
    pub device: DeviceId,
    /// The recorder's time, Unix milliseconds.
    pub issued_at_ms: i64,
    /// Events that are recorded.
    pub recorded: Vec<Range>,
    /// Events that never will be, each with its reason.
    pub refused: Vec<Refusal>,
    /// The newest head of every shard that this receipt touches.
    pub heads: Vec<Head>,
}

impl Message for Receipt {
    const NAME: &'static str = "a receipt";
    const MAX_BYTES: usize = 64 * 1024;
}

/// An inclusive range of sequence numbers of one (epoch, shard).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Range {
    /// The device's boot epoch.
    pub epoch: u64,
    /// The shard.
    pub shard: u16,
    /// First sequence number.
    pub first: u64,
    /// Last sequence number.
    pub last: u64,
}

/// One event that was put into quarantine.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Refusal {
    /// The device's boot epoch.
    pub epoch: u64,
    /// The shard the event named.
    pub shard: u16,
    /// Its sequence number.
    pub sequence: u64,
    /// Why.
    pub reason: RefusalReason,
}

/// Why an event went to quarantine although its signature is the device's. Append-only.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum RefusalReason {
    /// Another event of this device has the same (epoch, shard, sequence): send it again under a new epoch.
    SequenceReused,
    /// The event names a shard it does not belong to.
    WrongShard,
    /// The event names another post than the device is enrolled for, or than its subject.
    WrongPost,
    /// The device was revoked.
    DeviceRevoked,
}

impl RefusalReason {
    /// The stable code; the Fluent message is `refused-<code>`.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::SequenceReused => "sequence-reused",
            Self::WrongShard => "wrong-shard",
            Self::WrongPost => "wrong-post",
            Self::DeviceRevoked => "device-revoked",
        }
    }
}

/// Folds (epoch, shard, sequence) triples into ranges. Order of the input does not matter; duplicates fold.
#[must_use]
pub fn ranges(mut recorded: Vec<(u64, u16, u64)>) -> Vec<Range> {
    recorded.sort_unstable();
    let mut ranges: Vec<Range> = Vec::new();
    for (epoch, shard, sequence) in recorded {
        match ranges.last_mut() {
            Some(range)
                if (range.epoch, range.shard) == (epoch, shard)
                    && sequence <= range.last.saturating_add(1) =>
            {
                range.last = range.last.max(sequence);
            }
            _ => ranges.push(Range { epoch, shard, first: sequence, last: sequence }),
        }
    }
    ranges
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn neighbours_fold_and_gaps_stay() {
        let folded =
            ranges(vec![(1, 7, 3), (1, 7, 1), (1, 7, 2), (1, 7, 2), (1, 7, 5), (2, 7, 6), (1, 8, 4)]);
        let range = |epoch, shard, first, last| Range { epoch, shard, first, last };
        assert_eq!(folded, [range(1, 7, 1, 3), range(1, 7, 5, 5), range(1, 8, 4, 4), range(2, 7, 6, 6)]);
    }
}
