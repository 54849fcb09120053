//! Which shard an event belongs to (DESIGN.md §3, §5): chosen by the publisher, checked by the recorder.

use sha2::{Digest, Sha256};

use crate::device::DeviceId;
use crate::hand_in::HandIn;

/// Logical shards of a deployment, fixed for its life; many of them are given to one recorder.
pub const DEFAULT_SHARDS: u16 = 64;

/// The first 8 bytes, big-endian, of SHA-256(key), modulo `shards` (at least 1).
#[must_use]
pub fn of(key: &str, shards: u16) -> u16 {
    let digest: [u8; 32] = Sha256::digest(key.as_bytes()).into();
    let first = digest.first_chunk::<8>().map_or(0, |bytes| u64::from_be_bytes(*bytes));
    u16::try_from(first % u64::from(shards.max(1))).unwrap_or(0)
}

/// The shard of an event about `permit_number` (13 characters, no hyphens), or, without one, of its device.
#[must_use]
pub fn for_event(permit_number: Option<&str>, device: &DeviceId, shards: u16) -> u16 {
    of(permit_number.unwrap_or(device.as_str()), shards)
}

/// True when a received event names the shard it belongs to.
#[must_use]
pub fn is_right(event: &HandIn, shards: u16) -> bool {
    event.shard
        == for_event(event.permit.as_ref().map(|permit| permit.number.as_str()), &event.device, shards)
}
