//! Who may work on this device: soldiers with a PIN each, in the device's own store.
//!
//! Keys: `s` + name → [`Soldier`]; `w` + name → [`Wrong`], the wrong PINs since the last right one; names that nobody has
//! share one, `w` alone. While nobody has a PIN, whoever is named is believed.

use propusk_store::Store;
use serde::{Deserialize, Serialize};

use crate::device::Device;
use crate::pin::{Hashed, Wrong};
use crate::queue::{parse, read, write};
use crate::weigh::MAX_SOLDIER;

/// Somebody with a PIN.
#[derive(Clone, Serialize, Deserialize)]
struct Soldier {
    senior: bool,
    pin: Hashed,
}

/// One line of `handheld soldier list`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(crate) struct Listed {
    pub soldier: String,
    /// May add and remove others.
    pub senior: bool,
}

/// What a PIN that was typed came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Unlocked {
    Yes {
        senior: bool,
    },
    /// Name or PIN is wrong; which of them is nobody's business.
    No,
    /// Nothing was looked at: so many seconds of a pause are left.
    Paused {
        seconds: u64,
    },
}

/// Why the list of soldiers stays as it is. The Fluent sentence is `duty-<code>`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum Refusal {
    #[error("a name has 1 to {MAX_SOLDIER} characters and no line end")]
    Name,
    #[error("there is a soldier of this name already; remove them first")]
    Known,
    #[error("there is no soldier of this name")]
    Unknown,
    #[error("the only senior soldier can't be removed while others have a PIN")]
    LastSenior,
}

impl Refusal {
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Name => "name",
            Self::Known => "known",
            Self::Unknown => "unknown",
            Self::LastSenior => "last-senior",
        }
    }
}

/// The soldiers of a device.
#[derive(Clone)]
pub(crate) struct Duty {
    store: Store,
    epoch: u64,
}

impl Duty {
    pub(crate) fn of(device: &Device) -> anyhow::Result<Self> {
        Ok(Self { store: device.store.clone(), epoch: device.queue.epoch()? })
    }

    /// Whether anybody has a PIN: then nobody works without one.
    pub(crate) fn is_guarded(&self) -> anyhow::Result<bool> {
        Ok(self.store.scan(b"s").next().transpose()?.is_some())
    }

    pub(crate) fn list(&self) -> anyhow::Result<Vec<Listed>> {
        let rows = self.store.scan(b"s").map(|row| {
            let (key, value) = row?;
            let soldier = String::from_utf8_lossy(key.get(1..).unwrap_or_default()).into_owned();
            Ok(Listed { soldier, senior: parse::<Soldier>(&value)?.senior })
        });
        rows.collect()
    }

    /// Looks at a name and a PIN. The attempt is on disk before the PIN is compared: pulling the battery wins nothing.
    #[cfg(feature = "device")]
    pub(crate) fn unlock(&self, name: &str, pin: &str, uptime_ms: u64) -> anyhow::Result<Unlocked> {
        match self.attempt(name, uptime_ms)? {
            Some(paused) => Ok(paused),
            None => self.compare(name, pin),
        }
    }

    /// Counts an attempt as a wrong one, before its PIN is compared; in a pause none is taken, and that is the answer.
    pub(crate) fn attempt(&self, name: &str, uptime_ms: u64) -> anyhow::Result<Option<Unlocked>> {
        let counted = self.counted(name)?;
        let wrong: Wrong = read(&self.store, &counted)?.unwrap_or_default();
        let wait_ms = wrong.wait_ms(self.epoch, uptime_ms);
        if wait_ms > 0 {
            return Ok(Some(Unlocked::Paused { seconds: wait_ms.div_ceil(1000) }));
        }
        let mut draft = self.store.begin();
        write(&mut draft, counted, &wrong.again(self.epoch, uptime_ms))?;
        self.store.commit(draft)?;
        Ok(None)
    }

    /// Compares the PIN of an attempt that is on disk. The right one is the end of counting.
    pub(crate) fn compare(&self, name: &str, pin: &str) -> anyhow::Result<Unlocked> {
        let soldier: Option<Soldier> = read(&self.store, &key(b's', name))?;
        let hashed = soldier.as_ref().map_or_else(Hashed::of_nobody, |soldier| soldier.pin.clone());
        // Compared for nobody too: how long it takes tells no name.
        let matches = hashed.matches(pin).unwrap_or(false);
        let Some(soldier) = soldier.filter(|_| matches) else {
            return Ok(Unlocked::No);
        };
        let mut draft = self.store.begin();
        draft.delete(self.counted(name)?);
        self.store.commit(draft)?;
        Ok(Unlocked::Yes { senior: soldier.senior })
    }

    /// Where wrong PINs of this name are counted.
    fn counted(&self, name: &str) -> anyhow::Result<Vec<u8>> {
        let known = self.store.get(key(b's', name))?.is_some();
        Ok(key(b'w', if known { name } else { "" }))
    }

    /// Gives a soldier a PIN. The first one is senior.
    pub(crate) fn add(&self, name: &str, pin: &str, senior: bool, salt: [u8; 16]) -> anyhow::Result<()> {
        let name = name.trim();
        if name.is_empty() || name.chars().count() > MAX_SOLDIER || name.chars().any(char::is_control) {
            return Err(Refusal::Name.into());
        }
        if self.store.get(key(b's', name))?.is_some() {
            return Err(Refusal::Known.into());
        }
        let senior = senior || !self.is_guarded()?;
        let mut draft = self.store.begin();
        write(&mut draft, key(b's', name), &Soldier { senior, pin: Hashed::of(pin, salt)? })?;
        draft.delete(key(b'w', name));
        Ok(self.store.commit(draft)?)
    }

    /// Takes a soldier off the list.
    pub(crate) fn remove(&self, name: &str) -> anyhow::Result<()> {
        let all = self.list()?;
        let Some(soldier) = all.iter().find(|listed| listed.soldier == name) else {
            return Err(Refusal::Unknown.into());
        };
        let seniors = all.iter().filter(|listed| listed.senior).count();
        if soldier.senior && seniors == 1 && all.len() > 1 {
            return Err(Refusal::LastSenior.into());
        }
        let mut draft = self.store.begin();
        draft.delete(key(b's', name));
        draft.delete(key(b'w', name));
        Ok(self.store.commit(draft)?)
    }
}

fn key(prefix: u8, name: &str) -> Vec<u8> {
    [&[prefix], name.as_bytes()].concat()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::device::fixtures::device;
    use crate::pin::FREE;

    #[test]
    fn the_first_soldier_is_senior_and_the_last_senior_stays() {
        let (_folder, device) = device();
        let duty = Duty::of(&device).unwrap();
        assert!(!duty.is_guarded().unwrap());
        duty.add("41", "270418", false, [1; 16]).unwrap();
        duty.add("Асанов", "918273", false, [2; 16]).unwrap();
        let listed = |soldier: &str, senior| Listed { soldier: soldier.to_owned(), senior };
        assert_eq!(duty.list().unwrap(), [listed("41", true), listed("Асанов", false)]);
        assert_eq!(duty.unlock("41", "270418", 1).unwrap(), Unlocked::Yes { senior: true });
        assert_eq!(duty.unlock("Асанов", "918273", 1).unwrap(), Unlocked::Yes { senior: false });
        let refusal = |result: anyhow::Result<()>| *result.unwrap_err().downcast_ref::<Refusal>().unwrap();
        assert_eq!(refusal(duty.add("41", "918273", false, [3; 16])), Refusal::Known);
        assert_eq!(refusal(duty.add(" ", "918273", false, [3; 16])), Refusal::Name);
        assert_eq!(refusal(duty.remove("42")), Refusal::Unknown);
        assert_eq!(refusal(duty.remove("41")), Refusal::LastSenior);
        duty.remove("Асанов").unwrap();
        assert_eq!(duty.unlock("Асанов", "918273", 1).unwrap(), Unlocked::No);
        duty.remove("41").unwrap();
        assert!(!duty.is_guarded().unwrap());
    }

    #[test]
    fn wrong_pins_lock_one_soldier_out_and_no_other() {
        let (_folder, device) = device();
        let duty = Duty::of(&device).unwrap();
        duty.add("41", "270418", false, [1; 16]).unwrap();
        duty.add("42", "918273", false, [2; 16]).unwrap();
        for at in 0..u64::from(FREE) {
            assert_eq!(duty.unlock("41", "270419", at).unwrap(), Unlocked::No);
        }
        assert_eq!(duty.unlock("41", "270418", 10).unwrap(), Unlocked::Paused { seconds: 30 });
        assert_eq!(duty.unlock("42", "918273", 10).unwrap(), Unlocked::Yes { senior: false });
        assert_eq!(duty.unlock("41", "270418", 40_000).unwrap(), Unlocked::Yes { senior: true });
        assert_eq!(duty.unlock("41", "270419", 40_001).unwrap(), Unlocked::No, "counted from none again");
        for at in 0..u64::from(FREE) {
            assert_eq!(duty.unlock(&format!("guess {at}"), "270418", at).unwrap(), Unlocked::No);
        }
        assert_eq!(duty.unlock("another guess", "1", 10).unwrap(), Unlocked::Paused { seconds: 30 });
    }
}
