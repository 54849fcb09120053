//! The lock of the prompt: whose turn it is, and who has to say who they are. It asks no clock and shows nothing.

use crate::duty::{Duty, Unlocked};
use crate::pin::LONGEST;
use crate::scanned::{ForeignCode, What, recognise};
use crate::weigh::MAX_SOLDIER;

/// Who works at the prompt.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Guard {
    /// Nobody has a PIN here: whoever was named is believed.
    Open(String),
    /// Somebody who has said their PIN.
    OnDuty(String),
    /// Locked: a name is waited for.
    Name,
    /// Locked: the PIN of this name is waited for.
    Pin(String),
}

/// What to tell after a text that was typed while locked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Told {
    /// Type a name.
    AskName,
    /// Type the PIN.
    AskPin,
    /// Not the right name and PIN.
    Wrong,
    /// Too many wrong ones: wait so many seconds.
    Paused(u64),
    /// Unlocked.
    Welcome,
}

impl Guard {
    /// Locked where somebody has a PIN.
    pub(crate) fn begin(duty: &Duty, named: &str) -> anyhow::Result<Self> {
        Ok(if duty.is_guarded()? { Self::Name } else { Self::Open(named.to_owned()) })
    }

    /// Whose name stands in what is recorded; empty while nobody's does.
    pub(crate) fn soldier(&self) -> &str {
        match self {
            Self::Open(name) | Self::OnDuty(name) => name,
            Self::Name | Self::Pin(_) => "",
        }
    }

    pub(crate) fn is_locked(&self) -> bool {
        matches!(self, Self::Name | Self::Pin(_))
    }

    /// True while what is typed must not be shown.
    pub(crate) fn hides(&self) -> bool {
        matches!(self, Self::Pin(_))
    }

    /// Locks, where somebody was on duty; says whether it did.
    pub(crate) fn lock(&mut self) -> bool {
        let locks = matches!(self, Self::OnDuty(_));
        if locks {
            *self = Self::Name;
        }
        locks
    }

    /// Takes a text that was typed while locked. A scan is neither a name nor a PIN.
    pub(crate) fn take(&mut self, text: &str, duty: &Duty, uptime_ms: u64) -> anyhow::Result<Told> {
        let text = text.trim();
        let name = match std::mem::replace(self, Self::Name) {
            Self::Pin(name) if !text.is_empty() && text.len() <= LONGEST => name,
            Self::Name if may_be_a_name(text) => {
                *self = Self::Pin(text.to_owned());
                return Ok(Told::AskPin);
            }
            _ => return Ok(Told::AskName),
        };
        Ok(match duty.unlock(&name, text, uptime_ms)? {
            Unlocked::Yes { .. } => {
                *self = Self::OnDuty(name);
                Told::Welcome
            }
            Unlocked::No => Told::Wrong,
            Unlocked::Paused { seconds } => Told::Paused(seconds),
        })
    }
}

/// What a scanner types is none.
fn may_be_a_name(text: &str) -> bool {
    let typed = matches!(recognise(text, None).what, What::Unknown | What::Foreign(ForeignCode::Other));
    typed && !text.is_empty() && text.chars().count() <= MAX_SOLDIER
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::device::fixtures::device;

    #[test]
    fn nothing_but_the_right_name_and_pin_unlocks() {
        let (_folder, device) = device();
        let duty = Duty::of(&device).unwrap();
        assert_eq!(Guard::begin(&duty, "41").unwrap(), Guard::Open("41".to_owned()));
        duty.add("41", "270418", false, [1; 16]).unwrap();
        let mut guard = Guard::begin(&duty, "41").unwrap();
        assert!(guard.is_locked() && guard.soldier().is_empty());
        let seal = format!("KGBZ{}", "A".repeat(200));
        let mut say = |text: &str| guard.take(text, &duty, 1).unwrap();
        assert_eq!([say(&seal), say("https://example.org/a"), say("")], [Told::AskName; 3]);
        assert_eq!(say("41"), Told::AskPin);
        assert_eq!([say("270419"), say("270418"), say(&seal)], [Told::Wrong, Told::AskPin, Told::AskName]);
        assert_eq!([say(" 41 "), say("270418")], [Told::AskPin, Told::Welcome]);
        assert_eq!(guard.soldier(), "41");
        assert!(guard.lock() && guard.is_locked() && !guard.lock());
    }
}
