//! What travels in a driver's pocket where there is never a signal: hand-ins one way, receipts and permit changes back.
//!
//! A bundle is a list of pieces, each signed by whoever made it: a device's [`Parcel`], the recorder's [`Return`]. The
//! bundle itself needs no signature: who carries it can lose pieces, and nothing else.

use serde::{Deserialize, Serialize};

use crate::codec::Message;
use crate::device::DeviceId;
use crate::sync::Cursor;

/// The longest parcel with its signature: it is a row of a store, and in Base64 a request of the recorder's HTTP.
pub const MAX_PARCEL_BYTES: usize = 512 * 1024;
/// Hand-ins in one parcel: so many of the longest (1 KiB) stay below [`MAX_PARCEL_BYTES`].
pub const HAND_INS_PER_PARCEL: usize = 450;
/// The longest answer of the recorder that a parcel shows as its device's standing, in bytes.
pub const MAX_STANDING_BYTES: usize = 4096;
/// The longest return with its signature.
pub const MAX_RETURN_BYTES: usize = 16 * 1024 * 1024;

/// A file for a driver.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Bundle {
    /// In the order in which they were put in.
    pub pieces: Vec<Piece>,
}

impl Message for Bundle {
    const NAME: &'static str = "a bundle";
    const MAX_BYTES: usize = 64 * 1024 * 1024;
}

/// One piece of a bundle. Append-only.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Piece {
    /// The frame of a [`Parcel`], signed by its device.
    Parcel(#[serde(with = "serde_bytes")] Vec<u8>),
    /// The frame of a [`Return`], signed by the recorder.
    Return(#[serde(with = "serde_bytes")] Vec<u8>),
}

/// What a device gives to whoever goes to the recorder, or to a neighbouring post.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Parcel {
    /// Who made it.
    pub device: DeviceId,
    /// Its public nkey: the id is made of it.
    pub public_key: String,
    /// The last answer of the recorder to this device of at most [`MAX_STANDING_BYTES`], framed as it was received: so a
    /// neighbour sees that the recorder knows it. Empty before the first.
    #[serde(with = "serde_bytes")]
    pub standing: Vec<u8>,
    /// The device's time, Unix milliseconds.
    pub made_at_ms: i64,
    /// What it asks: an encoded sync-request.
    #[serde(with = "serde_bytes")]
    pub question: Vec<u8>,
    /// Hand-ins without a receipt: framed hand-ins, as they travel.
    pub hand_ins: Vec<serde_bytes::ByteBuf>,
}

impl Message for Parcel {
    const NAME: &'static str = "a parcel";
    const MAX_BYTES: usize = MAX_PARCEL_BYTES;
}

/// What the recorder gives back for one parcel.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Return {
    /// For whom.
    pub device: DeviceId,
    /// From where on the answers tell of permits: the cursor that the device had when it asked. One that knows less than
    /// that by now would miss changes, and takes none.
    pub from: Cursor,
    /// Framed receipts.
    pub receipts: Vec<serde_bytes::ByteBuf>,
    /// Framed answers to the question, page after page: sync-replies, or a revocation.
    pub answers: Vec<serde_bytes::ByteBuf>,
}

impl Message for Return {
    const NAME: &'static str = "a return";
    const MAX_BYTES: usize = MAX_RETURN_BYTES;
}
