//! What is known of each device from what it sent: questions and hand-ins. In memory, and on disk once a minute, so that
//! a restart does not forget whom nobody has heard of for days.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, PoisonError};

use propusk_proto::{DeviceId, SyncRequest};
use propusk_store::Store;
use serde::{Deserialize, Serialize};

use crate::keys;
use crate::values::{parse, write};

/// What one device has told. Times are the recorder's where nothing else is said, Unix milliseconds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Seen {
    /// When it last asked what is new, …
    pub asked_at_ms: Option<i64>,
    /// … and the issue time of the trust list that it then had, Unix seconds; 0 without one.
    pub trust_list_issued_at: i64,
    /// When its newest hand-in came, …
    pub handed_in_at_ms: Option<i64>,
    /// … and when that was scanned, by the device's clock.
    pub scanned_at_ms: i64,
}

impl Seen {
    /// When anything came from it.
    pub(crate) fn last_ms(&self) -> Option<i64> {
        self.asked_at_ms.max(self.handed_in_at_ms)
    }

    /// How far the device's clock is ahead, as its newest hand-in shows: it was scanned after it came. A clock that is
    /// behind looks like a hand-in that waited.
    pub(crate) fn ahead_ms(&self) -> Option<i64> {
        let came = self.handed_in_at_ms?;
        Some(self.scanned_at_ms - came).filter(|ahead| *ahead > 0)
    }
}

/// All devices. Clones share them.
#[derive(Clone, Default)]
pub(crate) struct Devices(Arc<Mutex<Known>>);

#[derive(Default)]
struct Known {
    seen: BTreeMap<DeviceId, Seen>,
    /// Not on disk as they are.
    changed: BTreeSet<DeviceId>,
    kept_at_ms: i64,
}

/// Written at most so often: each is a commit.
const KEEP_EVERY_MS: i64 = 60_000;

impl Devices {
    /// What is on disk.
    pub(crate) fn load(store: &Store) -> anyhow::Result<Self> {
        let mut known = Known::default();
        for row in store.scan(keys::SEEN) {
            let (key, value) = row?;
            let id = DeviceId::parse(&String::from_utf8_lossy(key.get(1..).unwrap_or_default()))?;
            known.seen.insert(id, parse(&value)?);
        }
        Ok(Self(Arc::new(Mutex::new(known))))
    }

    /// A device asks what is new.
    pub(crate) fn asked(&self, question: &SyncRequest, now_ms: i64) {
        self.change(&question.device, |seen| {
            seen.asked_at_ms = Some(now_ms);
            seen.trust_list_issued_at = question.trust_list_issued_at;
        });
    }

    /// A device's hand-ins came, the newest of which was scanned at `scanned_at_ms` by its own clock: of what comes at once
    /// it tells most about that.
    pub(crate) fn handed_in(&self, device: &DeviceId, scanned_at_ms: i64, now_ms: i64) {
        self.change(device, |seen| {
            (seen.handed_in_at_ms, seen.scanned_at_ms) = (Some(now_ms), scanned_at_ms);
        });
    }

    /// What is known of a device.
    pub(crate) fn of(&self, device: &DeviceId) -> Seen {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).seen.get(device).copied().unwrap_or_default()
    }

    /// Writes what changed, where the last time is a minute ago.
    pub(crate) fn keep(&self, store: &Store, now_ms: i64) -> anyhow::Result<()> {
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if known.changed.is_empty() || (now_ms - known.kept_at_ms).abs() < KEEP_EVERY_MS {
            return Ok(());
        }
        let mut draft = store.begin();
        for device in &known.changed {
            let seen = known.seen.get(device).copied().unwrap_or_default();
            write(&mut draft, keys::seen(device), &seen)?;
        }
        known.changed.clear();
        known.kept_at_ms = now_ms;
        drop(known);
        Ok(store.commit(draft)?)
    }

    fn change(&self, device: &DeviceId, change: impl FnOnce(&mut Seen)) {
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        change(known.seen.entry(device.clone()).or_default());
        known.changed.insert(device.clone());
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use propusk_proto::Cursor;
    use propusk_store::Options;

    #[test]
    fn who_was_heard_of_is_known_after_a_restart_and_written_once_a_minute() {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::open(&folder.path().join("store"), Options::default()).unwrap();
        let device = DeviceId::parse("device0").unwrap();
        let question = SyncRequest {
            device: device.clone(),
            cursor: Cursor::default(),
            trust_list_issued_at: 7,
            witnessed: None,
            zones: None,
        };
        let devices = Devices::load(&store).unwrap();
        devices.asked(&question, 100_000);
        devices.keep(&store, 100_000).unwrap();
        devices.asked(&question, 110_000);
        devices.keep(&store, 110_000).unwrap();
        assert_eq!(Devices::load(&store).unwrap().of(&device).last_ms(), Some(100_000), "not yet a minute");
        devices.keep(&store, 160_000).unwrap();
        let seen = Devices::load(&store).unwrap().of(&device);
        assert_eq!((seen.last_ms(), seen.trust_list_issued_at), (Some(110_000), 7));
    }

    #[test]
    fn only_a_scan_that_came_before_it_was_made_shows_a_wrong_clock() {
        let seen =
            |came, scanned_at_ms| Seen { handed_in_at_ms: Some(came), scanned_at_ms, ..Seen::default() };
        assert_eq!(seen(100, 40).ahead_ms(), None, "it waited, or the clock is behind");
        assert_eq!(seen(100, 700).ahead_ms(), Some(600));
        assert_eq!(Seen::default().ahead_ms(), None);
    }
}
