//! Where there is never a signal: what waits goes out in a driver's pocket, and what came back is taken.
//!
//! A post that reads a neighbour's bundle keeps its parcels, to pass them on with its own, and learns which copies were
//! handed in there: a copy that comes twice is seen at the second post, signal or not.
//!
//! Keys: `k` + device + time + digest → a neighbour's parcel as it was received; `y` + permit number, version and copy →
//! handed in at a neighbouring post.

use jiff::Timestamp;
use propusk_courier::verify;
use propusk_proto::bundle::{HAND_INS_PER_PARCEL, MAX_STANDING_BYTES};
use propusk_proto::receipt::{Range, Receipt};
use propusk_proto::{
    Bundle, DeviceId, Frame, HandIn, Head, Parcel, Piece, PresentedPermit, Return, SyncReply,
};
use propusk_proto::{decode, encode, frame};
use propusk_store::{Draft, Store};
use serde::Serialize;

use crate::HandheldError;
use crate::device::Device;
use crate::entry::{Entry, Slot};
use crate::exchange::{learn, question};
use crate::hand_in::Effect;
use crate::knowledge;
use crate::queue::copy_key;
use crate::receipt::{Receipted, open, open_answer, open_revocation};

/// How a return came: nothing is known of a driver's way. One that comes at once answers the question of the parcel before.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Way {
    /// The chain head that was asked about.
    pub asked: Option<Head>,
    /// The device's clock when the answer was given.
    pub now: Option<Timestamp>,
}

/// What came of a bundle.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Imported {
    /// Hand-ins of this device that are settled by it.
    pub settled: usize,
    /// Permit changes learnt.
    pub permits_learnt: usize,
    /// Parcels of neighbours, kept to be passed on.
    pub parcels: usize,
    /// Copies that were handed in at neighbouring posts.
    pub copies_elsewhere: usize,
    /// Parcels of neighbours that the recorder has, and that are passed on no more.
    pub delivered: usize,
    /// Pieces that were not taken, each with the reason.
    pub refused: Vec<String>,
}

/// Everything that this device would have a driver carry: its own parcels and its neighbours'. `random` chooses the chain
/// head that the recorder is asked about.
///
/// # Errors
/// When the store can't be read or the key can't sign.
pub fn export(device: &Device, now_ms: i64, random: u32) -> anyhow::Result<Bundle> {
    let mut pieces: Vec<Piece> = parcels(device, now_ms, random)?.into_iter().map(Piece::Parcel).collect();
    for row in device.store.scan(b"k") {
        pieces.push(Piece::Parcel(row?.1));
    }
    Ok(Bundle { pieces })
}

/// What waits for a receipt, in parcels signed by this device; one with the question alone where nothing does.
pub(crate) fn parcels(device: &Device, now_ms: i64, random: u32) -> anyhow::Result<Vec<Vec<u8>>> {
    let waiting = device.queue.waiting()?;
    let asked = device.queue.head_to_ask(random)?;
    let portions: Vec<&[_]> = match waiting.len() {
        0 => vec![&[]],
        _ => waiting.chunks(HAND_INS_PER_PARCEL).collect(),
    };
    portions.into_iter().map(|portion| parcel(device, portion, asked, now_ms)).collect()
}

/// One parcel of so many hand-ins, [`HAND_INS_PER_PARCEL`] at most, that asks about the head `asked`.
pub(crate) fn parcel(
    device: &Device,
    portion: &[(Slot, Entry)],
    asked: Option<Head>,
    now_ms: i64,
) -> anyhow::Result<Vec<u8>> {
    let parcel = Parcel {
        device: device.profile.device.clone(),
        public_key: device.credentials.public_key(),
        standing: knowledge::standing(&device.store)?,
        made_at_ms: now_ms,
        question: encode(&question(device, asked)?)?,
        hand_ins: portion.iter().map(|(_, entry)| entry.frame.clone().into()).collect(),
    };
    let message = encode(&parcel)?;
    Ok(frame::join(&message, &device.credentials.sign(&message)?))
}

/// Takes whatever of a bundle is for this device or from its neighbours.
///
/// # Errors
/// [`HandheldError::Revoked`] where the recorder says so in it; when the store can't be read or written. A piece that is
/// not to be trusted is no error: it is named in what is returned.
pub fn import(device: &Device, bundle: &Bundle) -> anyhow::Result<Imported> {
    let mut done = Imported::default();
    for piece in &bundle.pieces {
        let taken = match piece {
            Piece::Parcel(framed) => take_parcel(device, framed, &mut done),
            Piece::Return(framed) => take_return(device, framed, Way::default(), &mut done),
        };
        match taken {
            Err(error) if is_fault_of_the_piece(&error) => done.refused.push(error.to_string()),
            taken => taken?,
        }
    }
    Ok(done)
}

/// Whether this copy was handed in at a neighbouring post.
pub(crate) fn handed_in_elsewhere(store: &Store, permit: &PresentedPermit) -> anyhow::Result<bool> {
    Ok(match copy_key(b'y', permit) {
        Some(key) => store.get(key)?.is_some(),
        None => false,
    })
}

fn is_fault_of_the_piece(error: &anyhow::Error) -> bool {
    let own = matches!(
        error.downcast_ref(),
        Some(HandheldError::NotANeighbour { .. } | HandheldError::NotTheRecorder { .. })
    );
    own || error.is::<propusk_proto::DecodeError>() || error.is::<propusk_proto::FrameError>()
}

/// Keeps a neighbour's parcel, and learns what was handed in there.
fn take_parcel(device: &Device, framed: &[u8], done: &mut Imported) -> anyhow::Result<()> {
    let parcel = verified(framed, device)?;
    if parcel.device == device.profile.device {
        return Ok(());
    }
    let mut draft = device.store.begin();
    // A newer parcel has everything of an older one that is still without a receipt.
    for row in device.store.scan(carried_by(&parcel.device)) {
        let (key, older) = row?;
        if decode_parcel(&older)?.made_at_ms < parcel.made_at_ms {
            draft.delete(key);
        }
    }
    let digest = frame::digest(framed);
    let at = parcel.made_at_ms.to_be_bytes();
    let key = [carried_by(&parcel.device).as_slice(), &at, digest.get(..8).unwrap_or_default()].concat();
    draft.put(key, framed);
    for hand_in in &parcel.hand_ins {
        if let Ok(event) = event_of(hand_in, &parcel) {
            done.copies_elsewhere += usize::from(note_elsewhere(&mut draft, &event));
        }
    }
    done.parcels += 1;
    Ok(device.store.commit(draft)?)
}

/// A parcel whose device has signed it, and is known to the recorder with this key.
fn verified(framed: &[u8], device: &Device) -> anyhow::Result<Parcel> {
    let bad = |what| Err(HandheldError::NotANeighbour { what }.into());
    let parts = Frame::split(framed)?;
    let parcel: Parcel = parts.decode()?;
    if DeviceId::of_public_key(&parcel.public_key) != parcel.device
        || !verify(&parcel.public_key, parts.message, parts.signature)
    {
        return bad("a parcel is not signed by the handheld that it names");
    }
    // The recorder answers nobody but devices that it knows.
    let standing = Frame::split(&parcel.standing)
        .ok()
        .filter(|_| parcel.standing.len() <= MAX_STANDING_BYTES)
        .filter(|standing| device.is_recorders(*standing))
        .and_then(|standing| standing.decode::<SyncReply>().ok());
    match standing {
        Some(standing) if standing.device == parcel.device => Ok(parcel),
        _ => bad("a parcel is from a handheld that this one's recorder is not known to know"),
    }
}

fn decode_parcel(framed: &[u8]) -> anyhow::Result<Parcel> {
    Ok(Frame::split(framed)?.decode()?)
}

/// A hand-in of a parcel, signed by its device.
fn event_of(framed: &[u8], parcel: &Parcel) -> anyhow::Result<HandIn> {
    let parts = Frame::split(framed)?;
    let event: HandIn = parts.decode()?;
    let own = event.device == parcel.device && verify(&parcel.public_key, parts.message, parts.signature);
    anyhow::ensure!(own, "a hand-in of another device");
    Ok(event)
}

/// Notes that a copy was handed in elsewhere, or was not after all; says whether it was.
fn note_elsewhere(draft: &mut Draft, event: &HandIn) -> bool {
    let Some(key) = event.permit.as_ref().and_then(|permit| copy_key(b'y', permit)) else { return false };
    match Effect::of(event) {
        Effect::HandsIn => draft.put(key, b"".as_slice()),
        Effect::TakesBack => draft.delete(key),
        Effect::None => {}
    }
    Effect::of(event) == Effect::HandsIn
}

/// Takes the recorder's receipts and answers; a neighbour's tell that its parcels have arrived.
pub(crate) fn take_return(
    device: &Device,
    framed: &[u8],
    way: Way,
    done: &mut Imported,
) -> anyhow::Result<()> {
    let back: Return = open(framed, device, "a return")?;
    if back.device != device.profile.device {
        return forget_delivered(device, &back, done);
    }
    for receipt in &back.receipts {
        done.settled += device.queue.settle(&Receipted::open(receipt, device)?)?;
    }
    let known = knowledge::cursor(&device.store)?;
    let joins = back.from.generation == known.generation && back.from.position <= known.position;
    for answer in &back.answers {
        if let Some(revocation) = open_revocation(answer, device)? {
            return Err(HandheldError::Revoked { at_ms: revocation.revoked_at_ms }.into());
        }
        let reply = open_answer(answer, device)?;
        if !joins {
            let what = "a return's permits do not join what this handheld knows: export once more";
            return Err(HandheldError::NotANeighbour { what }.into());
        }
        let known = knowledge::cursor(&device.store)?;
        // By a driver the same news may come twice; at once, none are news too: nothing has changed since.
        let position = reply.cursor.position;
        let behind = position < known.position || position == known.position && way.now.is_none();
        let is_old = reply.cursor.generation == known.generation && behind;
        if !is_old || reply.record_lost {
            learn(device, &reply, answer, way.asked.as_ref(), way.now)?;
            done.permits_learnt += reply.permits.len();
        } else if let Some(signed) = &reply.trust_list {
            // It is as good as it is new, whichever way it came.
            knowledge::keep_trust_list(device, signed)?;
        }
    }
    Ok(())
}

/// Forgets parcels of a neighbour that the recorder has: every hand-in in them is named by a receipt.
fn forget_delivered(device: &Device, back: &Return, done: &mut Imported) -> anyhow::Result<()> {
    let mut settled: Vec<Range> = vec![];
    for framed in &back.receipts {
        let receipt: Receipt = open(framed, device, "a receipt")?;
        if receipt.device == back.device {
            settled.extend(&receipt.recorded);
            let one = |it: &propusk_proto::Refusal| Range {
                epoch: it.epoch,
                shard: it.shard,
                first: it.sequence,
                last: it.sequence,
            };
            settled.extend(receipt.refused.iter().map(one));
        }
    }
    let named = |event: &HandIn| {
        settled.iter().any(|range| {
            (range.epoch, range.shard) == (event.epoch, event.shard)
                && (range.first..=range.last).contains(&event.sequence)
        })
    };
    let mut draft = device.store.begin();
    for row in device.store.scan(carried_by(&back.device)) {
        let (key, framed) = row?;
        let parcel = decode_parcel(&framed)?;
        let event = |framed: &serde_bytes::ByteBuf| decode::<HandIn>(Frame::split(framed).ok()?.message).ok();
        if parcel.hand_ins.iter().all(|framed| event(framed).as_ref().is_none_or(named)) {
            draft.delete(key);
            done.delivered += 1;
        }
    }
    Ok(device.store.commit(draft)?)
}

fn carried_by(device: &DeviceId) -> Vec<u8> {
    [b"k".as_slice(), device.as_str().as_bytes(), b"\0"].concat()
}

#[cfg(test)]
#[path = "carry_tests.rs"]
mod tests;
