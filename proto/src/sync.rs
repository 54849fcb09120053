//! What a device asks when it has a signal: the newest trust list and every permit change since last time.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::chain::Head;
use crate::codec::Message;
use crate::device::DeviceId;
use crate::permit_event::PermitStatus;
use crate::scope::Scope;

/// A place in the recorder's list of permit changes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cursor {
    /// Changes when the recorder's list was made anew; a device with another one starts from 0.
    pub generation: u64,
    /// Changes up to and including this one are known.
    pub position: u64,
}

/// A device's question on `sync.<device>`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SyncRequest {
    /// Who asks.
    pub device: DeviceId,
    /// How far it has come.
    pub cursor: Cursor,
    /// Issue time of its trust list, Unix seconds; 0 without one.
    pub trust_list_issued_at: i64,
    /// The newest chain head that a receipt has brought it.
    pub witnessed: Option<Head>,
    /// The zones that it was last told of, 0 for none yet; `None` from a device that knows no scopes and is answered as
    /// before (version 1).
    pub zones: Option<u32>,
}

impl Message for SyncRequest {
    const NAME: &'static str = "a sync request";
    const VERSION: u8 = 2;
    const MAX_BYTES: usize = 256;

    fn read_old(version: u8, body: &[u8]) -> Option<postcard::Result<(Self, &[u8])>> {
        (version == SyncRequestV1::VERSION)
            .then(|| postcard::take_from_bytes::<SyncRequestV1>(body).map(|(old, rest)| (old.into(), rest)))
    }
}

/// One permit as a device knows it: enough to judge, no personal data.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct KnownPermit {
    /// The permit's id.
    pub id: Uuid,
    /// Its newest version.
    pub status: PermitStatus,
    /// When the recorder learnt of the permit, Unix milliseconds: permits recorded before their signer's revocation
    /// stay good.
    pub recorded_at_ms: i64,
    /// Since when it is revoked, Unix milliseconds.
    pub revoked_at_ms: Option<i64>,
}

/// The recorder's answer, in a frame signed by it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SyncReply {
    /// The device it is for.
    pub device: DeviceId,
    /// The recorder's time, Unix milliseconds.
    pub time_ms: i64,
    /// The signed trust list, where it is newer than the device's.
    pub trust_list: Option<Vec<u8>>,
    /// Permits that changed, oldest change first.
    pub permits: Vec<KnownPermit>,
    /// The cursor after these.
    pub cursor: Cursor,
    /// True when there are more: ask again.
    pub more: bool,
    /// True when the recorder's record does not contain the witnessed head: it was restored from a backup, and the
    /// device sends again everything it still keeps.
    pub record_lost: bool,
    /// Of which permits the device is told.
    pub scope: Scope,
}

/// Permits in one reply: they stay far below the broker's largest payload.
pub const PERMITS_PER_REPLY: usize = 500;
const MAX_REPLY_BYTES: usize = 512 * 1024;

impl Message for SyncReply {
    const NAME: &'static str = "a sync reply";
    const VERSION: u8 = 2;
    const MAX_BYTES: usize = MAX_REPLY_BYTES;

    fn read_old(version: u8, body: &[u8]) -> Option<postcard::Result<(Self, &[u8])>> {
        (version == SyncReplyV1::VERSION)
            .then(|| postcard::take_from_bytes::<SyncReplyV1>(body).map(|(old, rest)| (old.into(), rest)))
    }
}

/// The question as it was before there were scopes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[allow(missing_docs, reason = "as in SyncRequest")]
pub struct SyncRequestV1 {
    pub device: DeviceId,
    pub cursor: Cursor,
    pub trust_list_issued_at: i64,
    pub witnessed: Option<Head>,
}

impl Message for SyncRequestV1 {
    const NAME: &'static str = "a sync request";
    const MAX_BYTES: usize = 256;
}

impl From<SyncRequestV1> for SyncRequest {
    fn from(old: SyncRequestV1) -> Self {
        let SyncRequestV1 { device, cursor, trust_list_issued_at, witnessed } = old;
        Self { device, cursor, trust_list_issued_at, witnessed, zones: None }
    }
}

/// The answer as it was before there were scopes, and still is for devices that ask so.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[allow(missing_docs, reason = "as in SyncReply")]
pub struct SyncReplyV1 {
    pub device: DeviceId,
    pub time_ms: i64,
    pub trust_list: Option<Vec<u8>>,
    pub permits: Vec<KnownPermit>,
    pub cursor: Cursor,
    pub more: bool,
    pub record_lost: bool,
}

impl Message for SyncReplyV1 {
    const NAME: &'static str = "a sync reply";
    const MAX_BYTES: usize = MAX_REPLY_BYTES;
}

impl From<SyncReplyV1> for SyncReply {
    fn from(old: SyncReplyV1) -> Self {
        let SyncReplyV1 { device, time_ms, trust_list, permits, cursor, more, record_lost } = old;
        Self { device, time_ms, trust_list, permits, cursor, more, record_lost, scope: Scope::ALL }
    }
}

impl From<SyncReply> for SyncReplyV1 {
    fn from(reply: SyncReply) -> Self {
        let SyncReply { device, time_ms, trust_list, permits, cursor, more, record_lost, scope: _ } = reply;
        Self { device, time_ms, trust_list, permits, cursor, more, record_lost }
    }
}
