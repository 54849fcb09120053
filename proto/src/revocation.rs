//! What a device that was revoked is told when it asks what is new.

use serde::{Deserialize, Serialize};

use crate::codec::Message;
use crate::device::DeviceId;

/// The recorder's answer on `sync.<device>` to a device that was revoked, in a frame signed by it. The device wipes what it
/// knows and its key, and keeps the hand-ins that have no receipt.
///
/// On that subject the version byte tells what an answer is: 1 and 2 are a [`crate::SyncReply`], 3 is this.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Revocation {
    /// The device it is for.
    pub device: DeviceId,
    /// Since when it is revoked, the recorder's time, Unix milliseconds.
    pub revoked_at_ms: i64,
    /// When this was said, the recorder's time, Unix milliseconds.
    pub time_ms: i64,
}

impl Message for Revocation {
    const NAME: &'static str = "a revocation";
    const VERSION: u8 = 3;
    const MAX_BYTES: usize = 128;
}
