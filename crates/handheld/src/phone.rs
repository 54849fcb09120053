//! A phone as a handheld: the same rules and the same messages, asked by a page and kept in a browser.
//!
//! A page asks in JSON ([`Phone::ask`]) and gets JSON: `{"answer"}` with what to show, `{"sign"}` with bytes that its key
//! has to sign before it asks the same again, or `{"error"}`. Beside it stand `rows`, which have to be in the browser's
//! database, all or none, before anything of the answer is shown: so a hand-in is on disk before its verdict is seen.
//!
//! A phone has no monotonic clock that counts while it sleeps, and knows its zone from what the recorder has signed.

mod ask;
mod rows;
mod shown;

use std::collections::VecDeque;

use anyhow::Context;
use data_encoding::BASE64;
use propusk_proto::bundle::{HAND_INS_PER_PARCEL, MAX_RETURN_BYTES};
use propusk_proto::{Bundle, Head, Piece, Verdict, encode};
use propusk_store::Row;
use serde_json::{Value, json};

use crate::HandheldError;
use crate::carry::{self, Imported, Way};
use crate::config::HandheldConfig;
use crate::correction::{self, By, Refusal};
use crate::device::{Device, Profile};
use crate::exchange::renumber_reused;
use crate::knowledge;
use crate::lane::{Held, Lane, Scan, Step};
use crate::phone::ask::{Ask, Opening, What};
use crate::phone::rows::Rows;
use crate::phone::shown::{Shown, State, Table, people};
use crate::signer::{Elsewhere, Signer};
use crate::weigh::{Moment, Scales};

/// The settings of every phone.
const CONFIG: HandheldConfig = HandheldConfig::SHIPPED;

/// An enrolled phone.
pub struct Phone {
    device: Device,
    key: Elsewhere,
    rows: Rows,
    lane: Lane,
    /// Complete, and still without a verdict.
    complete: VecDeque<Scan>,
    /// The chain head that the last parcel asked about.
    asked: Option<Head>,
}

/// The text of the public key (`U…`) with these 32 bytes, as the recorder and a profile have it.
///
/// # Errors
/// In words, for another number of bytes.
pub fn public_key(raw: &[u8]) -> Result<String, String> {
    let key = raw.try_into().map_err(|_| format!("{} bytes; an Ed25519 key has 32", raw.len()))?;
    Ok(propusk_courier::user_key(key))
}

/// What the recorder's answer to an enrolment makes of the phone: `{"profile", "rows"}`. The rows come from a phone that
/// was opened once, with the trust list in it.
///
/// # Errors
/// In words, when it is not an answer for this key.
pub fn enrolled(reply: &str, opening: &str) -> Result<String, String> {
    let made = || -> anyhow::Result<String> {
        let mut opening: Value = serde_json::from_str(opening)?;
        let key = opening.get("public_key").and_then(Value::as_str).unwrap_or_default().to_owned();
        let (profile, trust_list) = Profile::of_reply(serde_json::from_str(reply)?, &key)?;
        let profile = serde_json::to_value(profile)?;
        opening.as_object_mut().context("no object")?.insert("profile".to_owned(), profile.clone());
        let phone = Phone::try_open(vec![], &opening.to_string())?;
        knowledge::keep_trust_list(&phone.device, &trust_list)?;
        Ok(json!({ "profile": profile, "rows": phone.changed() }).to_string())
    };
    made().map_err(|error| format!("{error:#}"))
}

impl Phone {
    /// Opens the phone over the rows that the browser has kept. `opening` is JSON: the profile, the public key, the clock
    /// and random bytes.
    ///
    /// # Errors
    /// In words, when something of it is damaged.
    pub fn open(rows: Vec<Row>, opening: &str) -> Result<Self, String> {
        Self::try_open(rows, opening).map_err(|error| format!("{error:#}"))
    }

    fn try_open(rows: Vec<Row>, opening: &str) -> anyhow::Result<Self> {
        let opening: Opening = serde_json::from_str(opening).context("the opening")?;
        let ((mark, random), rows) = (opening.random()?, Rows::of(rows));
        let key = Elsewhere::new(opening.public_key);
        let signer = Signer::Elsewhere(key.clone());
        let device = Device::open(rows.store(), opening.profile, signer, mark, opening.now_ms, random)?;
        Ok(Self { device, key, rows, lane: Lane::default(), complete: VecDeque::new(), asked: None })
    }

    /// Takes a signature that was asked for; false for one that is not this phone's.
    #[must_use]
    pub fn signed(&self, bytes: &str, signature: &[u8]) -> bool {
        ask::bytes(bytes, "what was signed").is_ok_and(|bytes| self.key.give(bytes, signature))
    }

    /// Answers a question.
    #[must_use]
    pub fn ask(&mut self, question: &str) -> String {
        let answered =
            serde_json::from_str(question).context("the question").and_then(|ask| self.answer(&ask));
        let mut said = match answered {
            Ok(answer) => {
                self.key.forget();
                json!({ "answer": answer })
            }
            Err(error) => self.failed(&error),
        };
        if let Some(said) = said.as_object_mut() {
            said.insert("rows".to_owned(), self.changed());
        }
        said.to_string()
    }

    fn failed(&self, error: &anyhow::Error) -> Value {
        match error.downcast_ref() {
            Some(HandheldError::NotSignedYet) => {
                let wanted: Vec<String> =
                    self.key.wanted().iter().map(|bytes| BASE64.encode(bytes)).collect();
                json!({ "sign": wanted })
            }
            Some(HandheldError::Revoked { .. }) => json!({ "answer": { "revoked": true } }),
            _ => match error.downcast_ref::<Refusal>() {
                Some(refusal) => json!({ "answer": { "say": [format!("correction-{}", refusal.as_str())] } }),
                None => json!({ "error": format!("{error:#}") }),
            },
        }
    }

    /// Key and value of each changed row in Base64; no value where it is deleted.
    fn changed(&self) -> Value {
        let text = |bytes: Vec<u8>| BASE64.encode(&bytes);
        self.rows.changes().into_iter().map(|(key, value)| json!([text(key), value.map(text)])).collect()
    }

    fn answer(&mut self, ask: &Ask) -> anyhow::Result<Value> {
        match &ask.what {
            What::Take { text } => self.take(text, ask),
            What::Close => {
                self.complete.extend(self.lane.close());
                self.on_the_table(&[], ask)
            }
            What::Judge => self.judge(ask),
            What::Undo => {
                correction::undo(&self.device, &by(ask)?)?;
                Ok(json!({ "say": ["undo-done"] }))
            }
            What::Overrule { reason } => {
                correction::overrule(&self.device, reason, &by(ask)?)?;
                Ok(json!({ "say": ["override-done"] }))
            }
            What::State => Ok(serde_json::to_value(self.state(ask)?)?),
            What::Send => self.send(ask),
            What::Returned { back } => self.returned(back, ask),
            What::Kept => self.kept(ask),
        }
    }

    fn take(&mut self, text: &str, ask: &Ask) -> anyhow::Result<Value> {
        let mut say = vec![];
        for step in self.lane.take(text) {
            match step {
                Step::Judge(scan) => self.complete.push_back(*scan),
                Step::Say(sentence) => say.push(sentence.to_owned()),
                Step::Layout(layout) => say.push(format!("layout-{}", layout.as_str())),
                Step::Opened | Step::Added => {
                    if self.needs_nothing_more(ask)? {
                        self.complete.extend(self.lane.close());
                    }
                }
                Step::Command(_) => {}
            }
        }
        self.on_the_table(&say, ask)
    }

    /// A single traveller's passport is looked at beside the verdict, a group's people are ticked off before it; and what is
    /// refused for its seal alone waits for nobody.
    fn needs_nothing_more(&self, ask: &Ask) -> anyhow::Result<bool> {
        let Some(permit) = self.lane.permit() else { return Ok(true) };
        if permit.group_size <= 1 {
            return Ok(true);
        }
        let weighed = self.lying(ask)?;
        Ok(weighed.is_none_or(|weighed| weighed.judgement.verdict == Verdict::Refuse))
    }

    /// What the permit on the table alone would lead to.
    fn lying(&self, ask: &Ask) -> anyhow::Result<Option<crate::weigh::Weighed>> {
        let Some(Held::Seal(text)) = self.lane.held() else { return Ok(None) };
        let scan = Scan {
            held: Held::Seal(text.clone()),
            sheets: vec![],
            mrz: vec![],
            rows: self.lane.rows(),
            kind: self.lane.kind().clone(),
        };
        self.scales()?.weigh(&scan, moment(ask)?).map(Some)
    }

    fn on_the_table(&self, say: &[String], ask: &Ask) -> anyhow::Result<Value> {
        let table = match (self.lane.permit(), self.lying(ask)?) {
            (Some(permit), Some(weighed)) => Some(Table {
                permit_number: permit.permit_number.clone(),
                people: permit.group_size,
                shown: self.lane.rows().count_ones(),
                party: people(&weighed.party),
                valid: (permit.valid_from.to_string(), permit.valid_to.to_string()),
            }),
            _ => None,
        };
        let kind = self.lane.kind().as_str();
        let passports = self.lane.passports();
        Ok(json!({
            "say": say, "complete": self.complete.len(), "table": table, "kind": kind, "passports": passports,
        }))
    }

    fn judge(&mut self, ask: &Ask) -> anyhow::Result<Value> {
        let Some(scan) = self.complete.front() else { return Ok(Value::Null) };
        let scales = self.scales()?;
        let weighed = scales.weigh(scan, moment(ask)?)?;
        let slot = scales.record(&weighed, &ask.soldier, ask.random()?)?;
        self.complete.pop_front();
        Ok(serde_json::to_value(Shown::of(&weighed, slot))?)
    }

    fn state(&self, ask: &Ask) -> anyhow::Result<State> {
        let now = ask.now()?;
        let Device { store, profile, queue, .. } = &self.device;
        let trust = knowledge::trust_list(&self.device).ok();
        Ok(State {
            post: profile.post.clone(),
            device: profile.device.to_string(),
            counts: queue.counts()?,
            permits_known: knowledge::permit_count(store),
            trust_list_minutes: trust.map(|list| (now.as_second() - list.issued_at).max(0) / 60),
            permits_minutes: knowledge::learnt_at_ms(store)?
                .map(|seen| (now.as_millisecond() - seen).max(0) / 60_000),
            kind: self.lane.kind().as_str(),
        })
    }

    fn send(&mut self, ask: &Ask) -> anyhow::Result<Value> {
        let random = ask.draw()?;
        renumber_reused(&self.device, ask.now()?, random)?;
        let mut waiting = self.device.queue.waiting()?;
        waiting.truncate(HAND_INS_PER_PARCEL);
        let asked = self.device.queue.head_to_ask(random)?;
        let parcel = carry::parcel(&self.device, &waiting, asked, ask.now_ms)?;
        self.asked = asked;
        Ok(json!({ "parcel": BASE64.encode(&parcel), "hand_ins": waiting.len() }))
    }

    fn returned(&mut self, back: &str, ask: &Ask) -> anyhow::Result<Value> {
        anyhow::ensure!(back.len() / 4 * 3 <= MAX_RETURN_BYTES, "the recorder's return is too long");
        let (mut done, now) = (Imported::default(), ask.now()?);
        let way = Way { asked: self.asked.take(), now: Some(now) };
        carry::take_return(&self.device, &ask::bytes(back, "the return")?, way, &mut done)?;
        self.device.queue.forget_recorded(i64::from(CONFIG.keep_receipted_days) * 86_400_000)?;
        let waiting = self.device.queue.waiting_count()?;
        Ok(json!({ "settled": done.settled, "permits": done.permits_learnt, "waiting": waiting }))
    }

    fn kept(&self, ask: &Ask) -> anyhow::Result<Value> {
        let parcels = carry::parcels(&self.device, ask.now_ms, ask.draw()?)?;
        let bundle = Bundle { pieces: parcels.into_iter().map(Piece::Parcel).collect() };
        let hand_ins = self.device.queue.waiting_count()?;
        Ok(json!({ "bundle": BASE64.encode(&encode(&bundle)?), "hand_ins": hand_ins }))
    }

    fn scales(&self) -> anyhow::Result<Scales<'_>> {
        let scope = knowledge::scope(&self.device.store)?.filter(|scope| scope.zones.count_ones() == 1);
        let why =
            "the recorder has not told yet in which zone this phone's post lies; send once with a signal";
        let zone_bit = u8::try_from(scope.context(why)?.zones.trailing_zeros())?;
        Ok(Scales { device: &self.device, config: &CONFIG, zone_bit })
    }
}

fn moment(ask: &Ask) -> anyhow::Result<Moment> {
    Ok(Moment { now: ask.now()?, uptime_ms: 0, fixed: false })
}

fn by(ask: &Ask) -> anyhow::Result<By<'_>> {
    Ok(By { soldier: &ask.soldier, now: ask.now()?, uptime_ms: 0, random: ask.random()? })
}

#[cfg(test)]
#[path = "phone_tests.rs"]
mod tests;
