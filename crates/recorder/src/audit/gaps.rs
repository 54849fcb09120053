//! Sequence numbers that a device has used and that never arrived.

use std::collections::BTreeSet;

use propusk_courier::verify;
use propusk_proto::{Frame, HandIn};
use propusk_store::Store;

use super::Missing;
use crate::keys;
use crate::numbers::Number;
use crate::values::{DeviceRecord, Quarantined, parse, read};

/// The gaps between the numbers of one device, epoch and some shards, in ascending order of shard and sequence. What was
/// refused has arrived: it is in quarantine.
pub(super) fn between(numbers: &[Number], refused: &BTreeSet<Number>) -> Vec<Missing> {
    let mut missing = Vec::new();
    for of_shard in numbers.chunk_by(|a, b| a.shard == b.shard) {
        let mut expected = 1;
        for number in of_shard {
            let gap = Number { sequence: expected.min(number.sequence), ..number.clone() }..number.clone();
            for arrived in refused.range(gap).chain([number]) {
                if arrived.sequence > expected {
                    missing.push(Missing {
                        device: number.device.to_string(),
                        epoch: number.epoch,
                        shard: number.shard,
                        first: expected,
                        last: arrived.sequence - 1,
                    });
                }
                expected = arrived.sequence.saturating_add(1);
            }
        }
    }
    missing
}

/// The numbers of events in quarantine that are their devices' own.
pub(crate) fn refused(store: &Store) -> anyhow::Result<BTreeSet<Number>> {
    let mut refused = BTreeSet::new();
    for row in store.scan(b"q") {
        let kept: Quarantined = parse(&row?.1)?;
        let Ok(framed) = Frame::split(&kept.bytes) else { continue };
        let Ok(event) = framed.decode::<HandIn>() else { continue };
        let known: Option<DeviceRecord> = read(store, &keys::device(&event.device))?;
        if known.is_some_and(|known| verify(&known.public_key, framed.message, framed.signature)) {
            refused.insert(Number::of(&event));
        }
    }
    Ok(refused)
}
