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
    registry: impl FnOnce(&DeviceId) -> anyhow::Result<Option<DeviceRecord>>,
) -> anyhow::Result<Received> {
    let (place, framed, event) = match read(subject, bytes) {
        Ok(parts) => parts,
        Err(reason) => return Ok(Received::Poison { reason, refusal: None }),
    };
    let known = registry(&event.device)?;
    Ok(match check(place, &framed, &event, shards, known) {
        Ok(()) => Received::Event { event: Box::new(event), digest: frame::digest(bytes) },
        Err(poison) => poison,
    })
}

/// The parts of a hand-in subject: shard, post, device.
type Place<'a> = (u16, &'a str, DeviceId);

fn read<'a>(subject: &'a str, bytes: &'a [u8]) -> Result<(Place<'a>, Frame<'a>, HandIn), String> {
    let place =
        subject::parse_hand_in(subject).ok_or_else(|| format!("“{subject}” is no hand-in subject"))?;
    let framed = Frame::split(bytes).map_err(|error| error.to_string())?;
    let event = framed.decode().map_err(|error| error.to_string())?;
    Ok((place, framed, event))
}

fn check(
    (named_shard, named_post, named_device): Place<'_>,
    framed: &Frame<'_>,
    event: &HandIn,
    shards: u16,
    known: Option<DeviceRecord>,
) -> Result<(), Received> {
    let poison = |reason: String| Received::Poison { reason, refusal: None };
    let known = known.ok_or_else(|| poison(format!("device {} is not enrolled", event.device)))?;
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
    if named_shard != event.shard || !shard::is_right(event, shards) {
        return Err(refuse(RefusalReason::WrongShard));
    }
    Ok(())
}
