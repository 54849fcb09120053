//! Receipts: made only of what is on disk, one for each device of a batch, or several, signed by the recorder.

use std::collections::{BTreeMap, BTreeSet};

use propusk_courier::Credentials;
use propusk_proto::receipt::{Range, ranges};
use propusk_proto::{DeviceId, Head, Receipt, Refusal, encode, frame};

/// Most ranges, and most refusals, of one receipt. A range has at most 33 bytes and the head of its shard 45, a refusal 24: they
/// fit into the 64 KiB that a receipt may have.
const MOST: usize = 512;

/// Gathers what a batch settled for each device.
#[derive(Clone, Default)]
pub(crate) struct Receipts(BTreeMap<DeviceId, Settled>);

#[derive(Clone, Default)]
struct Settled {
    recorded: Vec<(u64, u16, u64)>,
    refused: Vec<Refusal>,
    heads: BTreeMap<u16, Head>,
}

impl Receipts {
    /// Notes an event that the batch records, or that was recorded before.
    pub(crate) fn recorded(&mut self, device: &DeviceId, slot: (u64, u16, u64), head: Head) {
        let settled = self.0.entry(device.clone()).or_default();
        settled.recorded.push(slot);
        settled.heads.insert(head.shard, head);
    }

    /// Notes an event that never will be recorded.
    pub(crate) fn refused(&mut self, device: &DeviceId, refusal: Refusal) {
        self.0.entry(device.clone()).or_default().refused.push(refusal);
    }

    /// The signed receipts. To be called after the batch is on disk, never before.
    pub(crate) fn sign(self, key: &Credentials, now_ms: i64) -> anyhow::Result<Vec<(DeviceId, Vec<u8>)>> {
        let mut signed = Vec::new();
        for (device, settled) in self.0 {
            for (recorded, refused) in in_parts(&ranges(settled.recorded), &settled.refused) {
                let touched: BTreeSet<u16> = recorded.iter().map(|range| range.shard).collect();
                let heads = touched.iter().filter_map(|shard| settled.heads.get(shard).copied()).collect();
                let (device, issued_at_ms) = (device.clone(), now_ms);
                let receipt = Receipt { device: device.clone(), issued_at_ms, recorded, refused, heads };
                let message = encode(&receipt)?;
                let signature = key.sign(&message)?;
                signed.push((device, frame::join(&message, &signature)));
            }
        }
        Ok(signed)
    }
}

/// What one receipt can't hold goes into several.
fn in_parts(recorded: &[Range], refused: &[Refusal]) -> Vec<(Vec<Range>, Vec<Refusal>)> {
    let (mut recorded, mut refused) = (recorded.chunks(MOST), refused.chunks(MOST));
    let next = || match (recorded.next(), refused.next()) {
        (None, None) => None,
        (recorded, refused) => {
            Some((recorded.unwrap_or_default().to_vec(), refused.unwrap_or_default().to_vec()))
        }
    };
    std::iter::from_fn(next).collect()
}

#[cfg(test)]
mod tests {
    use propusk_proto::{Frame, Message as _, RefusalReason};

    use super::*;

    #[test]
    fn what_a_device_sent_without_any_order_fits_into_receipts() {
        let (key, device) = (Credentials::generate([7; 32]).unwrap(), DeviceId::parse("device0").unwrap());
        let mut receipts = Receipts::default();
        let at = |at: u16| (u64::MAX - u64::from(at), at, u64::MAX - 2 * u64::from(at));
        for (epoch, shard, sequence) in (0..1300).map(at) {
            receipts.recorded(
                &device,
                (epoch, shard, sequence),
                Head { shard, index: u64::MAX, hash: [9; 32] },
            );
        }
        for (epoch, shard, sequence) in (1300..2048).map(at) {
            let reason = RefusalReason::SequenceReused;
            receipts.refused(&device, Refusal { epoch, shard, sequence, reason });
        }
        let signed = receipts.sign(&key, i64::MAX).unwrap();
        let mut told = Vec::new();
        for (_, bytes) in &signed {
            assert!(bytes.len() <= Receipt::MAX_BYTES, "{} bytes", bytes.len());
            let receipt: Receipt = Frame::split(bytes).unwrap().decode().unwrap();
            told.extend(receipt.recorded.iter().map(|range| (range.epoch, range.shard, range.first)));
            told.extend(
                receipt.refused.iter().map(|refusal| (refusal.epoch, refusal.shard, refusal.sequence)),
            );
        }
        told.sort_unstable_by_key(|(_, shard, _)| *shard);
        assert_eq!(told, (0..2048).map(at).collect::<Vec<_>>());
        assert_eq!(signed.len(), 3);
    }
}
