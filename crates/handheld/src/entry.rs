//! A hand-in on this device: its place in the numbering, its state, its bytes.

use propusk_proto::receipt::RefusalReason;
use serde::{Deserialize, Serialize};

/// A hand-in as the queue keeps it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    /// Where it stands.
    pub state: EntryState,
    /// The signed event, byte for byte as it travels.
    #[serde(with = "serde_bytes")]
    pub frame: Vec<u8>,
}

/// The four states a device shows (DESIGN.md §5). Times are the recorder's, Unix milliseconds: when the receipt was made, or a
/// later time that was heard before, where the recorder's clock was set back since.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum EntryState {
    /// On this device's disk and nowhere else, as far as it knows.
    OnThisDevice,
    /// A broker took it. That promises nothing.
    Sent,
    /// A receipt says that it is on the recorder's disk.
    Recorded {
        /// When the receipt was made.
        at_ms: i64,
    },
    /// A receipt says that it never will be recorded.
    Refused {
        /// When the receipt was made.
        at_ms: i64,
        /// Why.
        reason: RefusalReason,
    },
}

/// Where an event stands in the numbering.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Slot {
    /// The boot epoch.
    pub epoch: u64,
    /// The shard.
    pub shard: u16,
    /// Number within these, from 1, without gaps.
    pub sequence: u64,
}

/// How many hand-ins are in which state.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Counts {
    /// Not yet taken by a broker.
    pub on_this_device: u64,
    /// Taken by a broker, without a receipt.
    pub sent: u64,
    /// Receipted.
    pub recorded: u64,
    /// Refused.
    pub refused: u64,
}

impl Slot {
    /// The key below `prefix`: epoch, shard, sequence in big-endian, so that scans are in the numbers' order.
    pub(crate) fn key(self, prefix: u8) -> Vec<u8> {
        let (epoch, shard, sequence) =
            (self.epoch.to_be_bytes(), self.shard.to_be_bytes(), self.sequence.to_be_bytes());
        [[prefix].as_slice(), &epoch, &shard, &sequence].concat()
    }

    pub(crate) fn of_key(key: &[u8]) -> Option<Self> {
        let (epoch, rest) = key.get(1..)?.split_first_chunk()?;
        let (shard, rest) = rest.split_first_chunk()?;
        Some(Self {
            epoch: u64::from_be_bytes(*epoch),
            shard: u16::from_be_bytes(*shard),
            sequence: u64::from_be_bytes(rest.try_into().ok()?),
        })
    }
}
