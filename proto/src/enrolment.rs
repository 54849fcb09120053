//! How a device joins: one JSON request to the recorder with a one-time code, one JSON reply.

use serde::{Deserialize, Serialize};

/// `POST /v1/enrolments`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EnrolmentRequest {
    /// The one-time code the operator read out.
    pub code: String,
    /// The device's public nkey (`U…`); the private half never leaves the device.
    pub public_key: String,
}

/// What a device needs to work for days on its own.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EnrolmentReply {
    /// The device's id.
    pub device: String,
    /// The post the code was made for.
    pub post: String,
    /// Where the broker listens.
    pub nats_url: String,
    /// Shards of this deployment.
    pub shards: u16,
    /// The recorder's public nkey: receipts and sync replies are verified with it.
    pub recorder_key: String,
    /// The root key of the trust list: an uncompressed SEC1 point on P-256, hex.
    pub root_key: String,
    /// The signed trust list, standard Base64.
    pub trust_list: String,
    /// The recorder's time, Unix milliseconds.
    pub time_ms: i64,
    /// The certificates, PEM, of those who may vouch for a broker that encrypts; left out where the device's own system
    /// knows them, and for a broker on the same machine. New after version 0.1: older devices refuse a reply that has
    /// it, and could not speak to such a broker anyway.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub broker_ca: Option<String>,
}
