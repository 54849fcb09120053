//! Whether a message is a hand-in that this recorder may take. No I/O: the registry is asked through a closure.

use propusk_courier::verify;
use propusk_proto::{DeviceId, Frame, HandIn, Refusal, RefusalReason, frame, shard, subject};

use crate::values::DeviceRecord;

/// A message after its checks.
pub(crate) enum Received {
    /// A hand-in of an enrolled device, its signature verified.
    Event { event: Box<HandIn>, digest: [u8; 32] },
    /// Not to be recorded. Where the signature proved the device, it is told with a refusal.
    Poison { reason: String, refusal: Option<(DeviceId, Refusal)> },
}

/// Checks subject, frame, signature, shard and post of one message.
pub(crate) fn receive(
    subject: &str,
    bytes: &[u8],
    shards: u16,
    registry: impl FnOnce(&DeviceId) -> Option<DeviceRecord>,
) -> Received {
    match check(subject, bytes, shards, registry) {
        Ok(event) => Received::Event { event: Box::new(event), digest: frame::digest(bytes) },
        Err(poison) => poison,
    }
}

fn check(
    subject: &str,
    bytes: &[u8],
    shards: u16,
    registry: impl FnOnce(&DeviceId) -> Option<DeviceRecord>,
) -> Result<HandIn, Received> {
    let poison = |reason: String| Received::Poison { reason, refusal: None };
    let (named_shard, named_post, named_device) = subject::parse_hand_in(subject)
        .ok_or_else(|| poison(format!("“{subject}” is no hand-in subject")))?;
    let framed = Frame::split(bytes).map_err(|error| poison(error.to_string()))?;
    let event: HandIn = framed.decode().map_err(|error| poison(error.to_string()))?;
    let known =
        registry(&event.device).ok_or_else(|| poison(format!("device {} is not enrolled", event.device)))?;
    if !verify(&known.public_key, framed.message, framed.signature) {
        return Err(poison(format!("the signature is not device {}'s", event.device)));
    }
    let refuse = |reason: RefusalReason| Received::Poison {
        reason: format!("device {}: {}", event.device, reason.as_str()),
        refusal: Some((
            event.device.clone(),
            Refusal { epoch: event.epoch, shard: event.shard, sequence: event.sequence, reason },
        )),
    };
    if known.revoked_at_ms.is_some() {
        return Err(refuse(RefusalReason::DeviceRevoked));
    }
    if named_device != event.device || event.post != known.post || named_post != known.post {
        return Err(refuse(RefusalReason::WrongPost));
    }
    if named_shard != event.shard || !shard::is_right(&event, shards) {
        return Err(refuse(RefusalReason::WrongShard));
    }
    Ok(event)
}
