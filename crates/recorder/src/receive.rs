//! Whether a message is a hand-in that this recorder may take. No I/O: keys are asked for through a closure.

use propusk_courier::{Claim, UserKey, verify_each};
use propusk_proto::{DeviceId, Frame, HandIn, RefusalReason, frame, shard, subject};

use crate::intake::Incoming;
use crate::values::DeviceRecord;

/// The longest permit number that is taken: a seal of any profile has a shorter one, and indexes have it in their keys.
const MAX_NUMBER: usize = 64;

/// A message after the checks for which nobody needs the record.
pub(crate) enum Received {
    /// A hand-in whose signature is that of an enrolled device.
    Event(Box<Signed>),
    /// Nothing that a device could be told of: only a signature proves whose event it is, so a refusal without one
    /// would let anybody's noise end a real hand-in. Its device sends it again, perhaps to a newer recorder.
    Poison { reason: String },
}

/// A hand-in that its device has signed.
pub(crate) struct Signed {
    pub event: HandIn,
    /// The hash of the bytes.
    pub digest: [u8; 32],
    /// Its subject names another post.
    elsewhere: bool,
    wrong_shard: bool,
}

impl Signed {
    /// Why it is not to be recorded, unless it is recorded already: what was recorded once stays so.
    pub(crate) fn objection(&self, device: &DeviceRecord) -> Option<RefusalReason> {
        if device.revoked_at_ms.is_some() {
            Some(RefusalReason::DeviceRevoked)
        } else if self.elsewhere || self.event.post != device.post {
            Some(RefusalReason::WrongPost)
        } else if self.wrong_shard {
            Some(RefusalReason::WrongShard)
        } else {
            None
        }
    }
}

/// Checks frames and signatures of messages, the signatures all at once, and their subjects' shards and devices. `key_of`
/// gives the key of a device that was enrolled at any time.
pub(crate) fn receive(
    messages: &[Incoming],
    shards: u16,
    mut key_of: impl FnMut(&DeviceId) -> anyhow::Result<Option<UserKey>>,
) -> anyhow::Result<Vec<Received>> {
    // They are large, and a collection of results would not know how many there are.
    let mut claimed = Vec::with_capacity(messages.len());
    for message in messages {
        claimed.push(claim(message, &mut key_of)?);
    }
    let claims: Vec<Claim<'_>> = claimed.iter().flatten().map(Claimed::claim).collect();
    let mut right = verify_each(&claims).into_iter();
    let received = |claimed: Result<Claimed<'_>, String>| {
        let received = claimed.and_then(|it| it.received(right.next() == Some(true), shards));
        received.unwrap_or_else(|reason| Received::Poison { reason })
    };
    Ok(claimed.into_iter().map(received).collect())
}

/// An event that claims to be of an enrolled device.
struct Claimed<'a> {
    bytes: &'a [u8],
    framed: Frame<'a>,
    place: Place<'a>,
    key: UserKey,
    event: HandIn,
}

fn claim<'a>(
    message: &'a Incoming,
    key_of: impl FnOnce(&DeviceId) -> anyhow::Result<Option<UserKey>>,
) -> anyhow::Result<Result<Claimed<'a>, String>> {
    let bytes = message.payload.as_slice();
    let (place, framed, event) = match read(&message.subject, bytes) {
        Ok(parts) => parts,
        Err(reason) => return Ok(Err(reason)),
    };
    let key = key_of(&event.device)?.ok_or_else(|| not_enrolled(&event.device));
    Ok(key.map(|key| Claimed { bytes, framed, place, key, event }))
}

impl Claimed<'_> {
    fn claim(&self) -> Claim<'_> {
        let Frame { message, signature } = self.framed;
        Claim { key: &self.key, message, signature }
    }

    fn received(self, is_signed: bool, shards: u16) -> Result<Received, String> {
        let Self { bytes, place: (named_shard, named_post, named_device), event, .. } = self;
        if !is_signed {
            return Err(format!("the signature is not device {}'s", event.device));
        }
        // The broker lets a device speak only for itself: under another's name this is somebody's copy, and says
        // nothing about what the device itself has sent.
        if named_device != event.device {
            return Err(format!("device {named_device} sent an event of device {}", event.device));
        }
        let (elsewhere, digest) = (named_post != event.post, frame::digest(bytes));
        let wrong_shard = named_shard != event.shard || !shard::is_right(&event, shards);
        Ok(Received::Event(Box::new(Signed { event, digest, elsewhere, wrong_shard })))
    }
}

/// Why nothing of a device that nobody has enrolled is recorded.
pub(crate) fn not_enrolled(device: &DeviceId) -> String {
    format!("device {device} is not enrolled")
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
