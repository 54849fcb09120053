//! The phone's ways to the recorder: a parcel at once where there is a signal, a driver's file where there is none.

use data_encoding::BASE64;
use propusk_proto::bundle::{HAND_INS_PER_PARCEL, MAX_RETURN_BYTES};
use propusk_proto::{Bundle, Message, decode, encode};
use serde_json::{Value, json};

use super::ask::{Ask, bytes};
use super::{CONFIG, Phone};
use crate::carry::{self, Imported, Way};
use crate::exchange::renumber_reused;

impl Phone {
    /// Makes the next parcel: `{"parcel", "hand_ins"}`.
    pub(super) fn send(&mut self, ask: &Ask) -> anyhow::Result<Value> {
        let random = ask.draw()?;
        renumber_reused(&self.device, ask.now()?, random)?;
        let mut waiting = self.device.queue.waiting()?;
        waiting.truncate(HAND_INS_PER_PARCEL);
        let asked = self.device.queue.head_to_ask(random)?;
        let parcel = carry::parcel(&self.device, &waiting, asked, ask.now_ms)?;
        self.asked = asked;
        Ok(json!({ "parcel": BASE64.encode(&parcel), "hand_ins": waiting.len() }))
    }

    /// Takes what came back at once: `{"settled", "permits", "waiting"}`.
    pub(super) fn returned(&mut self, back: &str, ask: &Ask) -> anyhow::Result<Value> {
        anyhow::ensure!(back.len() / 4 * 3 <= MAX_RETURN_BYTES, "the recorder's return is too long");
        let (mut done, now) = (Imported::default(), ask.now()?);
        let way = Way { asked: self.asked.take(), now: Some(now) };
        carry::take_return(&self.device, &bytes(back, "the return")?, way, &mut done)?;
        self.device.queue.forget_recorded(i64::from(CONFIG.keep_receipted_days) * 86_400_000)?;
        let waiting = self.device.queue.waiting_count()?;
        Ok(json!({ "settled": done.settled, "permits": done.permits_learnt, "waiting": waiting }))
    }

    /// All that waits, and what neighbours have given along: `{"bundle", "hand_ins"}`.
    pub(super) fn export(&self, ask: &Ask) -> anyhow::Result<Value> {
        let bundle = carry::export(&self.device, ask.now_ms, ask.draw()?)?;
        let hand_ins = self.device.queue.waiting_count()?;
        Ok(json!({ "bundle": BASE64.encode(&encode(&bundle)?), "hand_ins": hand_ins }))
    }

    /// Takes a file of the recorder or of a neighbouring post: an [`Imported`], or `{"say"}` for what is no such file.
    pub(super) fn import(&self, bundle: &str) -> anyhow::Result<Value> {
        let fits = bundle.len() / 4 * 3 <= Bundle::MAX_BYTES;
        let read = fits.then(|| decode::<Bundle>(&bytes(bundle, "the file").ok()?).ok()).flatten();
        let Some(bundle) = read else { return Ok(json!({ "say": ["phone-no-bundle"] })) };
        Ok(serde_json::to_value(carry::import(&self.device, &bundle)?)?)
    }
}
