//! A phone as a handheld: the same rules and the same messages, asked by a page and kept in a browser.
//!
//! A page asks in JSON ([`Phone::ask`]) and gets JSON: `{"answer"}` with what to show, `{"sign"}` with bytes that its key
//! has to sign before it asks the same again, or `{"error"}`. Beside it stand `rows`, which have to be in the browser's
//! database, all or none, before anything of the answer is shown: so a hand-in is on disk before its verdict is seen.
//!
//! A phone has no monotonic clock that counts while it sleeps, and knows its zone from what the recorder has signed.

mod ask;
mod driver;
mod lock;
mod practice;
mod rows;
mod shown;

use std::collections::VecDeque;

use anyhow::Context;
use data_encoding::BASE64;
use propusk_proto::{HandIn, Head, Verdict};
use propusk_store::Row;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::HandheldError;
use crate::clock::{local_at_the_post, when_the_wall_shows};
use crate::command::PaperLine;
use crate::config::HandheldConfig;
use crate::correction::{self, By, Refusal};
use crate::device::{Device, Profile};
use crate::knowledge;
use crate::lane::{Held, Lane, Scan, Step};
use crate::phone::ask::{Ask, Opening, What};
use crate::phone::lock::{Tried, Watch};
use crate::phone::rows::Rows;
use crate::phone::shown::{Shown, State, Table, people, printed};
use crate::signer::{Elsewhere, Signer};
use crate::training::Training;
use crate::weigh::{Moment, Scales, Weighed};

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
    watch: Watch,
    tried: Option<Tried>,
    training: Option<Training>,
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
        Self::over(device, key, rows)
    }

    fn over(device: Device, key: Elsewhere, rows: Rows) -> anyhow::Result<Self> {
        let watch = Watch::begin(&device)?;
        let (lane, complete) = (Lane::default(), VecDeque::new());
        Ok(Self { device, key, rows, lane, complete, asked: None, watch, tried: None, training: None })
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
        if self.watch == Watch::Locked && ask.what.is_work() {
            return Ok(json!({ "locked": true }));
        }
        anyhow::ensure!(self.training.is_none() || ask.what.is_for_training(), "a training can't do this");
        match &ask.what {
            What::Take { text } => self.take(text, ask),
            What::Close => {
                self.complete.extend(self.lane.close());
                self.on_the_table(&[], ask)
            }
            What::Judge => self.judge(ask),
            What::Last => self.last(ask),
            What::Undo { of } => self.undo(*of, ask),
            What::Overrule { reason } => {
                correction::overrule(&self.device, reason, &self.by(ask)?)?;
                Ok(json!({ "say": ["override-done"] }))
            }
            What::Late { line } => self.late(line, ask),
            What::State => Ok(serde_json::to_value(self.state(ask)?)?),
            What::Send => self.send(ask),
            What::Returned { back } => self.returned(back, ask),
            What::Export => self.export(ask),
            What::Import { bundle } => self.import(bundle),
            What::Lock => Ok(self.lock()),
            What::Try { name, pin } => self.attempt(name, pin, ask),
            What::Unlock => self.unlock(),
            What::Soldiers => self.soldiers(),
            What::AddSoldier { name, pin, senior, salt } => self.add_soldier(name, pin, *senior, salt),
            What::RemoveSoldier { name } => self.remove_soldier(name),
            What::Lessons => Ok(self.lessons()),
            What::Lesson { key } => self.lesson(key, ask),
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
    fn lying(&self, ask: &Ask) -> anyhow::Result<Option<Weighed>> {
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
        let shown = self.record(&self.scales()?.weigh(scan, moment(ask)?)?, ask)?;
        self.complete.pop_front();
        Ok(serde_json::to_value(shown)?)
    }

    /// A line of the paper list, judged with what is known now and recorded with the time that was written.
    fn late(&self, line: &str, ask: &Ask) -> anyhow::Result<Value> {
        let line = PaperLine::read(line, local_at_the_post(ask.now()?));
        let written = line.as_ref().and_then(|line| when_the_wall_shows(line.written));
        let (Some(line), Some(written)) = (line, written) else { return Ok(json!({ "say": ["paper-how"] })) };
        let weighed = self.scales()?.weigh_late(&line.number, line.copy, written, moment(ask)?)?;
        let shown = self.record(&weighed, ask)?;
        let time = line.written.strftime("%Y-%m-%d %H:%M").to_string();
        Ok(json!({ "verdict": shown, "written": time }))
    }

    fn record(&self, weighed: &Weighed, ask: &Ask) -> anyhow::Result<Shown> {
        let slot = self.scales()?.record(weighed, self.soldier(ask), ask.random()?)?;
        Ok(Shown::of(weighed, slot))
    }

    /// The hand-in that an undo would take back: `{"last": {"id", "kind", "permit_number"}}`.
    fn last(&self, ask: &Ask) -> anyhow::Result<Value> {
        let HandIn { id, kind, permit, .. } = correction::last(&self.device, &self.by(ask)?)?;
        let number = permit.map(|permit| printed(&permit.number));
        Ok(json!({ "last": { "id": id, "kind": kind.as_str(), "permit_number": number } }))
    }

    fn undo(&self, of: Uuid, ask: &Ask) -> anyhow::Result<Value> {
        let by = self.by(ask)?;
        if correction::last(&self.device, &by)?.id != of {
            return Err(Refusal::Nothing.into());
        }
        correction::undo(&self.device, &by)?;
        Ok(json!({ "say": ["undo-done"] }))
    }

    fn by<'a>(&'a self, ask: &'a Ask) -> anyhow::Result<By<'a>> {
        Ok(By { soldier: self.soldier(ask), now: ask.now()?, uptime_ms: 0, random: ask.random()? })
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
            watch: self.watch.as_str(),
            soldier: self.soldier(ask).to_owned(),
            senior: matches!(self.watch, Watch::OnDuty { senior: true, .. }),
            lock_after_s: CONFIG.lock_after_s,
            wall: local_at_the_post(now).strftime("%Y-%m-%dT%H:%M").to_string(),
        })
    }

    fn scales(&self) -> anyhow::Result<Scales<'_>> {
        let zone_bit = self.training.as_ref().map_or_else(|| self.told_zone(), |it| Ok(it.zone_bit))?;
        Ok(Scales { device: &self.device, config: &CONFIG, zone_bit })
    }

    /// The zone that the recorder has told.
    fn told_zone(&self) -> anyhow::Result<u8> {
        let scope = knowledge::scope(&self.device.store)?.filter(|scope| scope.zones.count_ones() == 1);
        let why =
            "the recorder has not told yet in which zone this phone's post lies; send once with a signal";
        Ok(u8::try_from(scope.context(why)?.zones.trailing_zeros())?)
    }
}

fn moment(ask: &Ask) -> anyhow::Result<Moment> {
    Ok(Moment { now: ask.now()?, uptime_ms: 0, fixed: false })
}

#[cfg(test)]
#[path = "phone_tests.rs"]
mod tests;
