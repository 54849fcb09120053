//! What the recorder says, once its signature has been verified. Only that moves a hand-in out of the queue.

use propusk_courier::verify;
use propusk_proto::codec::Message;
use propusk_proto::{Frame, Receipt, Revocation, SyncReply};

use crate::HandheldError;
use crate::device::Profile;
use crate::sabotage::{Fault, flipped};

/// A receipt that this device's recorder has signed, for this device. There is no other way to make one than
/// [`Receipted::open`], and no other way to settle a hand-in than `Queue::settle`.
#[derive(Debug)]
pub struct Receipted(Receipt);

impl Receipted {
    /// Verifies the bytes of a receipt.
    ///
    /// # Errors
    /// [`HandheldError::NotTheRecorder`] for another signature, and for a receipt that names another device.
    pub fn open(bytes: &[u8], profile: &Profile) -> anyhow::Result<Self> {
        let receipt: Receipt = open(bytes, profile, "a receipt")?;
        if receipt.device != profile.device && !flipped(Fault::AcceptOthers) {
            return Err(HandheldError::NotTheRecorder { what: "a receipt for another device" }.into());
        }
        Ok(Self(receipt))
    }

    /// What it says.
    #[must_use]
    pub fn receipt(&self) -> &Receipt {
        &self.0
    }

    /// A receipt as it is, for the queue's own tests.
    #[cfg(test)]
    pub(crate) fn unchecked(receipt: Receipt) -> Self {
        Self(receipt)
    }
}

/// Verifies the recorder's answer to a question.
pub(crate) fn open_answer(bytes: &[u8], profile: &Profile) -> anyhow::Result<SyncReply> {
    let reply: SyncReply = open(bytes, profile, "the recorder's answer")?;
    if reply.device != profile.device {
        return Err(HandheldError::NotTheRecorder { what: "an answer for another device" }.into());
    }
    Ok(reply)
}

/// The recorder's word that this device is revoked, where an answer is that.
pub(crate) fn open_revocation(bytes: &[u8], profile: &Profile) -> anyhow::Result<Option<Revocation>> {
    let is_one = Frame::split(bytes)?.message.first() == Some(&Revocation::VERSION);
    if !is_one {
        return Ok(None);
    }
    let revocation: Revocation = open(bytes, profile, "a revocation")?;
    if revocation.device != profile.device {
        return Err(HandheldError::NotTheRecorder { what: "a revocation of another device" }.into());
    }
    Ok(Some(revocation))
}

/// Verifies what the recorder signed.
pub(crate) fn open<M: Message>(bytes: &[u8], profile: &Profile, what: &'static str) -> anyhow::Result<M> {
    let frame = Frame::split(bytes)?;
    if !verify(&profile.recorder_key, frame.message, frame.signature) && !flipped(Fault::AcceptUnsigned) {
        return Err(HandheldError::NotTheRecorder { what }.into());
    }
    Ok(frame.decode()?)
}
