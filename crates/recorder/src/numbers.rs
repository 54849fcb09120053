//! The index by device: under which number which record came. It tells a repeat from a conflict.
//!
//! A row holds a stretch: eight sequences in 32 neighbouring shards of one (device, epoch), since a device's
//! hand-ins scatter over all shards.

use propusk_proto::{DeviceId, HandIn};

use crate::keys;

/// Shards that share a row.
pub(crate) const SHARDS: u16 = 32;
/// Sequences that share a row.
const SEQUENCES: u64 = 8;

/// A device's number of an event.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Number {
    pub device: DeviceId,
    pub epoch: u64,
    pub shard: u16,
    pub sequence: u64,
}

/// Slots of one row that are taken, in ascending order, and the indexes of their records.
pub(crate) type Stretch = Vec<(u8, u64)>;

impl Number {
    pub(crate) fn of(event: &HandIn) -> Self {
        let HandIn { device, epoch, shard, sequence, .. } = event;
        Self { device: device.clone(), epoch: *epoch, shard: *shard, sequence: *sequence }
    }

    /// The key of the row.
    pub(crate) fn row(&self) -> Vec<u8> {
        keys::stretch(&self.device, self.epoch, self.shard / SHARDS, self.sequence / SEQUENCES)
    }

    /// Whether all numbers between the two are in the same run of rows.
    pub(crate) fn shares_rows_with(&self, other: &Self) -> bool {
        let run = |number: &Self| (number.epoch, number.shard / SHARDS);
        self.device == other.device && run(self) == run(other)
    }

    /// The slot within the row.
    pub(crate) fn slot(&self) -> u8 {
        let slot = u64::from(self.shard % SHARDS) * SEQUENCES + self.sequence % SEQUENCES;
        // 32 shards of 8 sequences fit.
        u8::try_from(slot).unwrap_or(u8::MAX)
    }
}

/// The index under a slot.
pub(crate) fn find(stretch: &Stretch, slot: u8) -> Option<u64> {
    let at = stretch.binary_search_by_key(&slot, |(slot, _)| *slot).ok()?;
    stretch.get(at).map(|(_, index)| *index)
}

/// Puts an index under a slot.
pub(crate) fn put(stretch: &mut Stretch, slot: u8, index: u64) {
    match stretch.binary_search_by_key(&slot, |(slot, _)| *slot) {
        Ok(at) => stretch[at].1 = index,
        Err(at) => stretch.insert(at, (slot, index)),
    }
}

/// The numbers in a row, in ascending order of shard and sequence.
pub(crate) fn in_row(key: &[u8], stretch: &Stretch) -> Vec<(Number, u64)> {
    let Some((device, epoch, shards, sequences)) = keys::parse_stretch(key) else { return vec![] };
    let number = |(slot, index): &(u8, u64)| {
        let slot = u64::from(*slot);
        let shard = shards.saturating_mul(SHARDS).saturating_add((slot / SEQUENCES) as u16);
        let sequence = sequences.saturating_mul(SEQUENCES).saturating_add(slot % SEQUENCES);
        (Number { device: device.clone(), epoch, shard, sequence }, *index)
    };
    stretch.iter().map(number).collect()
}
