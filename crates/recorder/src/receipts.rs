//! Receipts: made only of what is on disk, one for each device of a batch, signed by the recorder.

use std::collections::BTreeMap;

use propusk_courier::Credentials;
use propusk_proto::{DeviceId, Head, Receipt, Refusal, encode, frame, receipt::ranges};

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
        let sign = |(device, settled): (DeviceId, Settled)| {
            let receipt = Receipt {
                device: device.clone(),
                issued_at_ms: now_ms,
                recorded: ranges(settled.recorded),
                refused: settled.refused,
                heads: settled.heads.into_values().collect(),
            };
            let message = encode(&receipt)?;
            let signature = key.sign(&message)?;
            Ok((device, frame::join(&message, &signature)))
        };
        self.0.into_iter().map(sign).collect()
    }
}
