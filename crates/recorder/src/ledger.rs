//! The recorder's decisions without its I/O: what a message means, what is kept of it, what is said about it.
//!
//! A [`Ledger`] takes messages, time and randomness as parameters and touches nothing but its store. `service.rs`
//! fetches, sends and acks for it; the simulation (`tests/simulation/`) does the same with a broker and a disk that
//! fail. The order that keeps hand-ins safe stands in the types:
//!
//! ```text
//! Ledger::pull → Pull ── commit ──→ OnDisk ── receipts ──→ letters and a MayAck
//!              in memory       flushed, synced       signed, may be sent; the broker may forget
//! ```

use std::sync::Arc;

use propusk_courier::Credentials;
use propusk_proto::sync::SyncReplyV1;
use propusk_proto::{Alert, DeviceId, Scope, SyncRequest, decode, encode, frame, subject};
use propusk_seal::{PublicKey, TrustList, open_trust_list};
use propusk_store::Store;

use crate::audit::{Audit, audit};
use crate::device_keys::DeviceKeys;
use crate::intake::{Examined, OnDisk};
use crate::log::Entry;
use crate::permit_cache::PermitCache;
pub use crate::permits::Gap;
use crate::rules::Limits;
use crate::seen::Devices;
use crate::turns::Turns;
use crate::values::{Content, DeviceRecord, Quarantined, Record, parse, read, write};
use crate::zones::Zones;
use crate::{alerts, generation, inside, keys, log, permits, sync, watch};

/// The record and everything that is decided from it. Clones share the store.
#[derive(Clone)]
pub struct Ledger {
    pub(crate) store: Store,
    /// Signs receipts and answers.
    pub(crate) key: Credentials,
    pub(crate) root: PublicKey,
    pub(crate) shards: u16,
    /// A device of a post that lies in none of them is told of all permits.
    pub(crate) zones: Zones,
    pub(crate) limits: Arc<Limits>,
    pub(crate) device_keys: DeviceKeys,
    pub(crate) permits: PermitCache,
    /// What devices have told of themselves.
    pub(crate) devices: Devices,
    turns: Turns,
}

/// A message on its way to somebody.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Letter {
    /// Where it goes.
    pub subject: String,
    /// Its bytes.
    pub payload: Vec<u8>,
}

/// An alert that is stored and not yet published.
#[derive(Clone, Debug)]
pub struct DueAlert {
    pub(crate) key: Vec<u8>,
    /// What to publish; `None` where the note is left over.
    pub letter: Option<Letter>,
}

/// One record of the log, for whoever checks it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LogRow {
    /// The shard.
    pub shard: u16,
    /// Index in the shard, from 1.
    pub index: u64,
    /// When it was received, Unix milliseconds.
    pub received_at_ms: i64,
    /// The chain hash.
    pub hash: [u8; 32],
    /// The signed event as it was received; empty once it was erased.
    pub frame: Vec<u8>,
}

/// One message in quarantine.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct QuarantineEntry {
    /// The subject it came on.
    pub subject: String,
    /// Why it is no record.
    pub reason: String,
    /// Its bytes.
    pub bytes: Vec<u8>,
}

impl Ledger {
    /// Opens the record in `store`, or begins it. `mark` changes when the record's folder is copied or restored; what
    /// is lost then comes back, because `random` names a new generation of the record (see `generation.rs`).
    ///
    /// # Errors
    /// [`crate::RecorderError::Shards`] when the record was begun with another number of shards,
    /// [`crate::RecorderError::Rebuilding`] when its indexes are half made, [`crate::RecorderError::Layout`] when
    /// another version of the program has made it; the store's errors.
    pub fn open(
        store: Store,
        key: Credentials,
        root: PublicKey,
        shards: u16,
        mark: [u8; 24],
        random: u64,
    ) -> anyhow::Result<Self> {
        generation::open(&store, shards, mark, random)?;
        let (zones, limits, device_keys) = (Zones::default(), Arc::default(), DeviceKeys::default());
        let devices = Devices::load(&store)?;
        let (permits, turns) = (PermitCache::default(), Turns::default());
        Ok(Self { store, key, root, shards, zones, limits, device_keys, permits, devices, turns })
    }

    /// The same with the zone of each post. The list of who is inside is made again where posts have come to lie in
    /// other zones.
    ///
    /// # Errors
    /// The store's.
    pub fn with_zones(self, zones: Zones) -> anyhow::Result<Self> {
        inside::open(&self.store, &zones)?;
        Ok(Self { zones, ..self })
    }

    /// The same with a deployment's own limits of what is an alert.
    #[must_use]
    pub fn with_limits(self, limits: Limits) -> Self {
        Self { limits: Arc::new(limits), ..self }
    }

    /// Decides and commits with nobody else recording meanwhile: the broker's hand-ins and a driver's must not grow one
    /// chain at the same time, and what is known of a permit must not change while its copies are judged by it.
    pub fn one_at_a_time<T>(&self, record: impl FnOnce() -> T) -> T {
        self.turns.take(|_| record())
    }

    /// Decides what becomes of a pull and commits it. When this returns `Ok`, all of it is on disk.
    ///
    /// It calls `written` when the rows are written; those of a small pull are on disk by then. From then on the next pull may
    /// be recorded on another thread: it is decided while the disk is busy, and committed after this one.
    ///
    /// # Errors
    /// When the store can't be read, or the batch may not be on disk; the store then refuses writes, and the broker
    /// delivers again after a restart.
    pub fn record(&self, examined: &Examined, now_ms: i64, written: impl FnOnce()) -> anyhow::Result<OnDisk> {
        // Somebody may be changing what it reads, so neither its answer nor its error counts unless nobody did.
        let ahead = self.turns.settled().and_then(|settled| {
            let pull = self.ahead().decide(examined, now_ms).ok()?;
            Some((settled, pull))
        });
        self.turns.take(|turn| {
            let pull = match ahead {
                Some((settled, pull)) if turn.follows(settled) => pull,
                _ => self.decide(examined, now_ms)?,
            };
            pull.commit_with(|| {
                turn.written();
                written();
            })
        })
    }

    /// The same record, read ahead of a commit that is under way.
    fn ahead(&self) -> Self {
        Self { store: self.store.ahead(), ..self.clone() }
    }

    /// Of which permits a device is told.
    fn scope(&self, question: &SyncRequest, now_ms: i64) -> anyhow::Result<Scope> {
        let device: Option<DeviceRecord> = read(&self.store, &keys::device(&question.device))?;
        let zones = device.and_then(|device| self.zones.mask_of_post(&device.post));
        match (question.zones, zones) {
            // A device of version 1 would call everything unknown that it is not told of.
            (None, _) => Ok(Scope::ALL),
            (Some(_), zones) => Ok(Scope::around(today(now_ms)?, zones.unwrap_or(u32::MAX))),
        }
    }

    /// Takes what the desks of `trust` say of permits, by subject and payload: one batch, on disk when this returns.
    /// Says before which events others are missing.
    ///
    /// # Errors
    /// The store's.
    pub fn take_permits<'a>(
        &self,
        messages: impl IntoIterator<Item = (&'a str, &'a [u8])>,
        trust: &TrustList,
        now_ms: i64,
    ) -> anyhow::Result<Vec<Gap>> {
        self.one_at_a_time(|| {
            self.permits.forget();
            self.store.write(|draft| {
                let take = |(subject, bytes)| permits::take(draft, subject, bytes, trust, now_ms).transpose();
                messages.into_iter().filter_map(take).collect()
            })
        })
    }

    /// Makes news of the permits that devices are to be told of from today on; returns how many.
    ///
    /// # Errors
    /// The store's.
    pub fn announce_permits(&self, now_ms: i64) -> anyhow::Result<usize> {
        let until = Scope::around(today(now_ms)?, 0).to;
        self.one_at_a_time(|| {
            let announced = permits::announce(&self.store, until, now_ms);
            // Where it failed nobody knows what was written.
            if !matches!(announced, Ok(0)) {
                self.permits.forget();
            }
            announced
        })
    }

    /// Enrols a device whose code was good, or puts a known one back.
    ///
    /// # Errors
    /// The store's.
    pub fn enrol(&self, public_key: &str, post: &str, now_ms: i64) -> anyhow::Result<DeviceId> {
        let device = DeviceId::of_public_key(public_key);
        let record = DeviceRecord {
            public_key: public_key.to_owned(),
            post: post.to_owned(),
            enrolled_at_ms: now_ms,
            revoked_at_ms: None,
        };
        let mut draft = self.store.begin();
        write(&mut draft, keys::device(&device), &record)?;
        self.store.commit(draft)?;
        Ok(device)
    }

    /// Shuts a device out; false for one that was never enrolled.
    ///
    /// # Errors
    /// The store's.
    pub fn revoke(&self, device: &DeviceId, now_ms: i64) -> anyhow::Result<bool> {
        Ok(crate::devices::revoke(&self.store, device, now_ms)?.is_some())
    }

    /// Answers a device that asks what is new. The broker lets a device ask only on its own subject: the subject says
    /// who it is, not the question. `random` names a new generation, should the answer have to begin one.
    ///
    /// # Errors
    /// For a question that can't be read or that names another device, and the store's.
    pub fn answer(
        &self,
        asked_on: &str,
        payload: &[u8],
        now_ms: i64,
        random: u64,
    ) -> anyhow::Result<Vec<u8>> {
        let question: SyncRequest = decode(payload)?;
        anyhow::ensure!(
            asked_on == subject::sync(&question.device),
            "the question names another device than its subject"
        );
        self.devices.asked(&question, now_ms);
        let newer = |signed: &Vec<u8>| {
            let list = open_trust_list(signed, &self.root);
            list.is_ok_and(|list| list.issued_at > question.trust_list_issued_at)
        };
        let trust_list = sync::trust_list(&self.store)?.filter(newer);
        let record_lost = generation::look_for_loss(&self.store, &question, random, now_ms)?;
        let scope = self.scope(&question, now_ms)?;
        let reply = permits::answer(&self.store, &question, scope, trust_list, record_lost, now_ms)?;
        let message = match question.zones {
            Some(_) => encode(&reply)?,
            None => encode(&SyncReplyV1::from(reply))?,
        };
        Ok(frame::join(&message, &self.key.sign(&message)?))
    }

    /// Looks again at the permits that were unknown when their copies were handed in, or have changed since, and at the
    /// numbers of devices that are missing; returns how many alerts that raised.
    ///
    /// # Errors
    /// The store's.
    pub fn settle(&self, grace_s: u32, now_ms: i64) -> anyhow::Result<usize> {
        self.one_at_a_time(|| {
            let raised = watch::settle(&self.store, &self.zones, i64::from(grace_s) * 1000, now_ms)?;
            Ok(raised + watch::look_for_gaps(&self.store, &self.limits, now_ms)?)
        })
    }

    /// Looks who is inside a zone after the last valid day; returns how many alerts that raised.
    ///
    /// # Errors
    /// The store's.
    pub fn look_for_overdue(&self, now_ms: i64) -> anyhow::Result<usize> {
        self.one_at_a_time(|| watch::look_for_overdue(&self.store, &self.zones, today(now_ms)?, now_ms))
    }

    /// The alerts that are still to be published. Each is to be marked with [`Ledger::alert_published`] once the
    /// broker has it; a crash in between publishes it again, with the same id.
    ///
    /// # Errors
    /// The store's.
    pub fn due_alerts(&self) -> anyhow::Result<Vec<DueAlert>> {
        alerts::due(&self.store)
    }

    /// Takes note that the broker has an alert.
    ///
    /// # Errors
    /// The store's.
    pub fn alert_published(&self, due: &DueAlert) -> anyhow::Result<()> {
        let mut draft = self.store.begin();
        draft.delete(due.key.clone());
        Ok(self.store.commit(draft)?)
    }

    /// Reads the whole log once and says whether it is whole.
    ///
    /// # Errors
    /// The store's.
    pub fn audit(&self) -> anyhow::Result<Audit> {
        audit(&self.store, &self.zones)
    }

    /// Every record, in the order of shards and indexes.
    pub fn log(&self) -> impl Iterator<Item = anyhow::Result<LogRow>> {
        log::all(&self.store).map(|entry| {
            let Entry { shard, index, record: Record { received_at_ms, hash, content }, .. } = entry?;
            let frame = if let Content::Frame(frame) = content { frame } else { vec![] };
            Ok(LogRow { shard, index, received_at_ms, hash, frame })
        })
    }

    /// Every alert that was ever raised.
    ///
    /// # Errors
    /// The store's.
    pub fn alerts(&self) -> anyhow::Result<Vec<Alert>> {
        alerts::all(&self.store).map(|stored| Ok(stored?.alert)).collect()
    }

    /// Everything in quarantine.
    ///
    /// # Errors
    /// The store's.
    pub fn quarantine(&self) -> anyhow::Result<Vec<QuarantineEntry>> {
        let rows = self.store.scan(b"q").map(|entry| {
            let kept: Quarantined = parse(&entry?.1)?;
            Ok(QuarantineEntry { subject: kept.subject, reason: kept.reason, bytes: kept.bytes })
        });
        rows.collect()
    }
}

/// The day at the posts.
fn today(now_ms: i64) -> anyhow::Result<jiff::civil::Date> {
    Ok(propusk_boot::clock::date_in_bishkek(jiff::Timestamp::from_millisecond(now_ms)?))
}

#[cfg(test)]
#[path = "ledger_tests.rs"]
mod tests;
