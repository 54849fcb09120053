//! The lock of a phone: soldiers with a PIN each, as on a terminal (`duty`, `pin`).
//!
//! What an answer has changed reaches the disk after it was made. So a PIN takes two questions: the first counts the
//! attempt, and only when that is on disk does the second compare. A full disk and a killed tab win nobody a guess.

use anyhow::Context;
use data_encoding::HEXLOWER;
use serde_json::{Value, json};

use super::Phone;
use super::ask::Ask;
use crate::device::Device;
use crate::duty::{Duty, Refusal, Unlocked};
use crate::pin::PinError;

/// Who is at the phone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Watch {
    /// Nobody has a PIN here: whoever is named is believed.
    Open,
    /// Locked.
    Locked,
    /// Somebody who has said their PIN.
    OnDuty { soldier: String, senior: bool },
}

/// A PIN whose attempt was counted and that is not compared yet.
pub(super) struct Tried {
    soldier: String,
    pin: String,
}

impl Watch {
    /// Locked where somebody has a PIN.
    pub(super) fn begin(device: &Device) -> anyhow::Result<Self> {
        Ok(if Duty::of(device)?.is_guarded()? { Self::Locked } else { Self::Open })
    }

    pub(super) fn as_str(&self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Locked => "locked",
            Self::OnDuty { .. } => "on-duty",
        }
    }
}

impl Phone {
    /// Whose name stands in what is recorded.
    pub(super) fn soldier<'a>(&'a self, ask: &'a Ask) -> &'a str {
        match &self.watch {
            Watch::OnDuty { soldier, .. } => soldier,
            Watch::Open | Watch::Locked => &ask.soldier,
        }
    }

    /// Locks where somebody is on duty, and clears the table.
    pub(super) fn lock(&mut self) -> Value {
        if matches!(self.watch, Watch::OnDuty { .. }) {
            self.watch = Watch::Locked;
            self.lane.clear();
            self.complete.clear();
        }
        json!({ "locked": self.watch == Watch::Locked })
    }

    /// Counts an attempt: `{"tried": true}` or `{"paused": seconds}`.
    pub(super) fn attempt(&mut self, soldier: &str, pin: &str, ask: &Ask) -> anyhow::Result<Value> {
        let soldier = soldier.trim().to_owned();
        self.tried = None;
        if let Some(Unlocked::Paused { seconds }) =
            Duty::of(&self.device)?.attempt(&soldier, ask.uptime_ms)?
        {
            return Ok(json!({ "paused": seconds }));
        }
        self.tried = Some(Tried { soldier, pin: pin.to_owned() });
        Ok(json!({ "tried": true }))
    }

    /// Puts whoever has tried their PIN on duty: `{"on_duty": name}`, else a sentence.
    pub(super) fn unlock(&mut self) -> anyhow::Result<Value> {
        let (soldier, unlocked) = self.compare()?;
        let Unlocked::Yes { senior } = unlocked else { return Ok(json!({ "say": ["lock-wrong"] })) };
        let on_duty = json!({ "on_duty": soldier });
        self.watch = Watch::OnDuty { soldier, senior };
        Ok(on_duty)
    }

    /// Everybody with a PIN: `{"soldiers": [{"soldier", "senior"}]}`.
    pub(super) fn soldiers(&self) -> anyhow::Result<Value> {
        Ok(json!({ "soldiers": Duty::of(&self.device)?.list()? }))
    }

    /// Gives a soldier a PIN. The first one needs nobody, is senior and on duty at once. `salt` is 16 bytes in hexadecimal.
    pub(super) fn add_soldier(
        &mut self,
        name: &str,
        pin: &str,
        senior: bool,
        salt: &str,
    ) -> anyhow::Result<Value> {
        let (duty, name) = (Duty::of(&self.device)?, name.trim());
        if let Some(refused) = self.refuses_change(&duty)? {
            return Ok(refused);
        }
        let salt = HEXLOWER.decode(salt.as_bytes())?;
        let salt = salt.try_into().map_err(|_| anyhow::anyhow!("a salt has 16 bytes"))?;
        if let Err(error) = duty.add(name, pin, senior, salt) {
            return refused(error);
        }
        if self.watch == Watch::Open {
            self.watch = Watch::OnDuty { soldier: name.to_owned(), senior: true };
        }
        Ok(json!({ "changed": name }))
    }

    /// Takes a soldier off the list. Who takes themselves off is on duty no more.
    pub(super) fn remove_soldier(&mut self, name: &str) -> anyhow::Result<Value> {
        let duty = Duty::of(&self.device)?;
        if let Some(refused) = self.refuses_change(&duty)? {
            return Ok(refused);
        }
        if let Err(error) = duty.remove(name) {
            return refused(error);
        }
        if !duty.is_guarded()? || matches!(&self.watch, Watch::OnDuty { soldier, .. } if soldier == name) {
            self.watch = Watch::begin(&self.device)?;
        }
        Ok(json!({ "changed": name }))
    }

    /// Once somebody has a PIN, only a senior soldier who says it again changes the list.
    fn refuses_change(&mut self, duty: &Duty) -> anyhow::Result<Option<Value>> {
        if !duty.is_guarded()? {
            return Ok(None);
        }
        let sentence = match self.compare()?.1 {
            Unlocked::Yes { senior: true } => return Ok(None),
            Unlocked::Yes { senior: false } => "soldier-not-senior",
            Unlocked::No | Unlocked::Paused { .. } => "lock-wrong",
        };
        Ok(Some(json!({ "say": [sentence] })))
    }

    fn compare(&mut self) -> anyhow::Result<(String, Unlocked)> {
        let Tried { soldier, pin } = self.tried.take().context("no PIN was tried")?;
        let unlocked = Duty::of(&self.device)?.compare(&soldier, &pin)?;
        Ok((soldier, unlocked))
    }
}

/// The sentence of a refusal; other errors stay errors.
fn refused(error: anyhow::Error) -> anyhow::Result<Value> {
    let by_duty = error.downcast_ref::<Refusal>().map(|it| format!("duty-{}", it.as_str()));
    let by_pin = error.downcast_ref::<PinError>().map(|it| format!("pin-{}", it.as_str()));
    match by_duty.or(by_pin) {
        Some(sentence) => Ok(json!({ "say": [sentence] })),
        None => Err(error),
    }
}
