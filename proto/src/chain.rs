//! The hash chain of a shard: every record carries the hash of the one before it (DESIGN.md §3).

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

/// The newest record of a shard. Receipts carry it, devices echo it: so they witness the record.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Head {
    /// The shard.
    pub shard: u16,
    /// Index of the record in the shard, from 1.
    pub index: u64,
    /// Its chain hash.
    pub hash: [u8; 32],
}

/// What the first record of every shard names as its predecessor.
pub const GENESIS: [u8; 32] = [0; 32];

/// The chain hash of a record: SHA-256 over a fixed prefix, the previous hash, shard, index, the recorder's receive
/// time in milliseconds (all integers big-endian) and the SHA-256 of the event's frame.
#[must_use]
pub fn link(
    previous: &[u8; 32],
    shard: u16,
    index: u64,
    received_at_ms: i64,
    event_digest: &[u8; 32],
) -> [u8; 32] {
    Sha256::new()
        .chain_update(b"propusk chain 1")
        .chain_update(previous)
        .chain_update(shard.to_be_bytes())
        .chain_update(index.to_be_bytes())
        .chain_update(received_at_ms.to_be_bytes())
        .chain_update(event_digest)
        .finalize()
        .into()
}
