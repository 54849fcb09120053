//! What the recorder says, once its signature has been verified. Only that moves a hand-in out of the queue.

use propusk_proto::codec::Message;
use propusk_proto::{Frame, Receipt, Revocation, SyncReply};

use crate::HandheldError;
use crate::device::Device;
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
    pub fn open(bytes: &[u8], device: &Device) -> anyhow::Result<Self> {
        let receipt: Receipt = open(bytes, device, "a receipt")?;
        if receipt.device != device.profile.device && !flipped(Fault::AcceptOthers) {
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
pub(crate) fn open_answer(bytes: &[u8], device: &Device) -> anyhow::Result<SyncReply> {
    let reply: SyncReply = open(bytes, device, "the recorder's answer")?;
    if reply.device != device.profile.device {
        return Err(HandheldError::NotTheRecorder { what: "an answer for another device" }.into());
    }
    Ok(reply)
}

/// The recorder's word that this device is revoked, where an answer is that.
pub(crate) fn open_revocation(bytes: &[u8], device: &Device) -> anyhow::Result<Option<Revocation>> {
    let is_one = Frame::split(bytes)?.message.first() == Some(&Revocation::VERSION);
    if !is_one {
        return Ok(None);
    }
    let revocation: Revocation = open(bytes, device, "a revocation")?;
    if revocation.device != device.profile.device {
        return Err(HandheldError::NotTheRecorder { what: "a revocation of another device" }.into());
    }
    Ok(Some(revocation))
}

/// Verifies what the recorder signed.
pub(crate) fn open<M: Message>(bytes: &[u8], device: &Device, what: &'static str) -> anyhow::Result<M> {
    let frame = Frame::split(bytes)?;
    if !device.is_recorders(frame) && !flipped(Fault::AcceptUnsigned) {
        return Err(HandheldError::NotTheRecorder { what }.into());
    }
    Ok(frame.decode()?)
}

#[cfg(test)]
mod tests {
    use propusk_courier::Credentials;
    use propusk_proto::{encode, frame};

    use super::*;
    use crate::device::Profile;
    use crate::device::fixtures::{device, recorder};

    #[test]
    fn only_the_recorder_of_the_profile_is_believed_and_nobody_where_it_names_none() {
        let (_folder, own) = device();
        let receipt = Receipt {
            device: own.profile.device.clone(),
            issued_at_ms: 1000,
            recorded: vec![],
            refused: vec![],
            heads: vec![],
        };
        let message = encode(&receipt).unwrap();
        let signed_by = |key: &Credentials| frame::join(&message, &key.sign(&message).unwrap());
        let (genuine, stranger) = (signed_by(&recorder()), Credentials::generate([97; 32]).unwrap());
        assert_eq!(Receipted::open(&genuine, &own).unwrap().receipt(), &receipt);
        assert!(Receipted::open(&signed_by(&stranger), &own).is_err());
        // A key of small order fits signatures that nobody has made.
        let of_small_order = propusk_courier::user_key(&[0; 32]);
        for recorder_key in [String::new(), of_small_order] {
            let profile = Profile { recorder_key, ..own.profile.clone() };
            let credentials = Credentials::generate([1; 32]).unwrap();
            let lost = Device::open(own.store.clone(), profile, credentials, [1; 24], 50, 0).unwrap();
            assert!(Receipted::open(&genuine, &lost).is_err());
            assert!(Receipted::open(&frame::join(&message, &[0; 64]), &lost).is_err());
        }
    }
}
