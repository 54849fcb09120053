//! Whether a message is a hand-in that this recorder may take. No I/O: the registry is asked through a closure.

use propusk_courier::verify;
use propusk_proto::{DeviceId, Frame, HandIn, RefusalReason, frame, shard, subject};

use crate::values::DeviceRecord;

/// The longest permit number that is taken: a seal of any profile has a shorter one, and indexes have it in their keys.
const MAX_NUMBER: usize = 64;

/// A message after its checks.
pub(crate) enum Received {
    /// A hand-in whose signature is that of an enrolled device. With an objection it is not to be recorded, and the
    /// device is to be told, unless it is recorded already: what was recorded once stays so.
    Event { event: Box<HandIn>, digest: [u8; 32], objection: Option<RefusalReason> },
    /// Nothing that a device could be told of: only a signature proves whose event it is, so a refusal without one
    /// would let anybody's noise end a real hand-in. Its device sends it again, perhaps to a newer recorder.
    Poison { reason: String },
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
        Err(reason) => return Ok(Received::Poison { reason }),
    };
    let known = registry(&event.device)?;
    Ok(match check(place, &framed, &event, shards, known) {
        Ok(objection) => Received::Event { event: Box::new(event), digest: frame::digest(bytes), objection },
        Err(reason) => Received::Poison { reason },
    })
}

/// The parts of a hand-in subject: shard, post, device.
type Place<'a> = (u16, &'a str, DeviceId);

fn read<'a>(subject: &'a str, bytes: &'a [u8]) -> Result<(Place<'a>, Frame<'a>, HandIn), String> {
    let place =
        subject::parse_hand_in(subject).ok_or_else(|| format!("“{subject}” is no hand-in subject"))?;
    let framed = Frame::split(bytes).map_err(|error| error.to_string())?;
    let event: HandIn = framed.decode().map_err(|error| error.to_string())?;
    match event.permit.as_ref().map_or(0, |permit| permit.number.len()) {
        0..=MAX_NUMBER => Ok((place, framed, event)),
        bytes => Err(format!("its permit number has {bytes} bytes; at most {MAX_NUMBER} are taken")),
    }
}

fn check(
    (named_shard, named_post, named_device): Place<'_>,
    framed: &Frame<'_>,
    event: &HandIn,
    shards: u16,
    known: Option<DeviceRecord>,
) -> Result<Option<RefusalReason>, String> {
    let known = known.ok_or_else(|| format!("device {} is not enrolled", event.device))?;
    if !verify(&known.public_key, framed.message, framed.signature) {
        return Err(format!("the signature is not device {}'s", event.device));
    }
    // The broker lets a device speak only for itself: under another's name this is somebody's copy, and says nothing
    // about what the device itself has sent.
    if named_device != event.device {
        return Err(format!("device {named_device} sent an event of device {}", event.device));
    }
    let wrong_post = event.post != known.post || named_post != known.post;
    let wrong_shard = named_shard != event.shard || !shard::is_right(event, shards);
    Ok(if known.revoked_at_ms.is_some() {
        Some(RefusalReason::DeviceRevoked)
    } else if wrong_post {
        Some(RefusalReason::WrongPost)
    } else if wrong_shard {
        Some(RefusalReason::WrongShard)
    } else {
        None
    })
}
