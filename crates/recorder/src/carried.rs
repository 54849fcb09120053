//! What a driver has brought: parcels of devices in, receipts and permit changes out.

use propusk_courier::verify;
use propusk_proto::bundle::MAX_RETURN_BYTES;
use propusk_proto::{
    Cursor, DeviceId, Frame, HandIn, Parcel, Return, Revocation, SyncReply, SyncRequest, decode, encode,
    frame, subject,
};

use crate::RecorderError;
use crate::intake::{Incoming, OnDisk};
use crate::keys;
use crate::ledger::{Ledger, Letter};
use crate::values::{DeviceRecord, read};

/// Room that the answers leave to the receipts and the signature in a return.
const RESERVE: usize = 1024 * 1024;

/// A parcel whose signature is that of the enrolled device that it names.
pub struct Brought {
    parcel: Parcel,
    device: DeviceRecord,
}

impl Ledger {
    /// Verifies a parcel.
    ///
    /// # Errors
    /// [`RecorderError::NotAParcel`] where it is none or not signed by an enrolled device; the store's.
    pub fn open_parcel(&self, framed: &[u8]) -> anyhow::Result<Brought> {
        let none = |why: String| RecorderError::NotAParcel { why };
        let parts = Frame::split(framed).map_err(|error| none(error.to_string()))?;
        let parcel: Parcel = parts.decode().map_err(|error| none(error.to_string()))?;
        let known: Option<DeviceRecord> = read(&self.store, &keys::device(&parcel.device))?;
        let device = known.ok_or_else(|| none(format!("device {} is not enrolled", parcel.device)))?;
        if !verify(&device.public_key, parts.message, parts.signature) {
            return Err(none(format!("its signature is not device {}'s", parcel.device)).into());
        }
        Ok(Brought { parcel, device })
    }

    /// What the device is told: the receipts of its parcel, and the answer to its question, as far as it fits.
    ///
    /// # Errors
    /// When the key can't sign; the store's.
    pub fn give_back(
        &self,
        brought: &Brought,
        recorded: OnDisk,
        now_ms: i64,
        mut random: impl FnMut() -> anyhow::Result<u64>,
    ) -> anyhow::Result<Vec<u8>> {
        let device = &brought.parcel.device;
        let own = subject::receipt(device);
        let (letters, _nobody_acks) = recorded.receipts()?;
        let receipts = letters.into_iter().filter(|letter| letter.subject == own);
        let receipts = receipts.map(|Letter { payload, .. }| payload.into()).collect();
        let question: Option<SyncRequest> =
            decode(&brought.parcel.question).ok().filter(|question: &SyncRequest| question.device == *device);
        let from = question.as_ref().map_or(Cursor::default(), |question| question.cursor);
        let answers = match (brought.device.revoked_at_ms, question) {
            (Some(at_ms), _) => vec![self.revocation(device, at_ms, now_ms)?.into()],
            (None, Some(question)) => self.pages(question, now_ms, &mut random)?,
            (None, None) => vec![],
        };
        let back = Return { device: device.clone(), from, receipts, answers };
        let message = encode(&back)?;
        Ok(frame::join(&message, &self.key.sign(&message)?))
    }

    /// The answer to a question of a device that was revoked; `None` for any other. The broker lets a device ask on its own
    /// subject only.
    pub(crate) fn shut_out(&self, asked_on: &str, now_ms: i64) -> anyhow::Result<Option<Vec<u8>>> {
        let Some(device) = asked_on.strip_prefix("sync.").and_then(|id| DeviceId::parse(id).ok()) else {
            return Ok(None);
        };
        let known: Option<DeviceRecord> = read(&self.store, &keys::device(&device))?;
        let revoked = known.and_then(|known| known.revoked_at_ms);
        revoked.map(|at_ms| self.revocation(&device, at_ms, now_ms)).transpose()
    }

    /// The signed word that a device is revoked.
    pub(crate) fn revocation(
        &self,
        device: &DeviceId,
        revoked_at_ms: i64,
        now_ms: i64,
    ) -> anyhow::Result<Vec<u8>> {
        let revocation = Revocation { device: device.clone(), revoked_at_ms, time_ms: now_ms };
        let message = encode(&revocation)?;
        Ok(frame::join(&message, &self.key.sign(&message)?))
    }

    /// The answer to a question, page after page, as if the device asked again for each.
    fn pages(
        &self,
        mut question: SyncRequest,
        now_ms: i64,
        random: &mut impl FnMut() -> anyhow::Result<u64>,
    ) -> anyhow::Result<Vec<serde_bytes::ByteBuf>> {
        let (mut pages, mut bytes) = (vec![], 0);
        loop {
            let asked_on = subject::sync(&question.device);
            let page = self.answer(&asked_on, &encode(&question)?, now_ms, random()?)?;
            bytes += page.len();
            if bytes + RESERVE > MAX_RETURN_BYTES {
                return Ok(pages);
            }
            let reply: SyncReply = Frame::split(&page)?.decode()?;
            pages.push(page.into());
            if !reply.more {
                return Ok(pages);
            }
            question.cursor = reply.cursor;
            question.zones = question.zones.map(|_| reply.scope.zones);
            question.trust_list_issued_at = now_ms / 1000;
            question.witnessed = None;
        }
    }
}

impl Brought {
    /// Its hand-ins as the broker would deliver them from this device. What can't be read goes to quarantine like any
    /// other.
    #[must_use]
    pub fn hand_ins(&self) -> Vec<(String, Vec<u8>)> {
        let device = &self.parcel.device;
        let subject = |framed: &[u8]| {
            let event = Frame::split(framed).ok().and_then(|parts| parts.decode::<HandIn>().ok());
            match event.filter(|event| propusk_proto::device::check_token(&event.post).is_ok()) {
                Some(event) => subject::hand_in(event.shard, &event.post, device),
                None => subject::hand_in(0, &self.device.post, device),
            }
        };
        self.parcel.hand_ins.iter().map(|framed| (subject(framed), framed.to_vec())).collect()
    }

    /// Who made it.
    #[must_use]
    pub fn device(&self) -> &DeviceId {
        &self.parcel.device
    }
}

/// Hand-ins of a parcel as a pull takes them.
pub(crate) fn incoming(hand_ins: Vec<(String, Vec<u8>)>) -> impl Iterator<Item = Incoming> {
    hand_ins.into_iter().map(|(subject, payload)| Incoming { subject, payload })
}
