//! The queue of hand-ins: numbered without gaps, on disk before anything is shown, kept until a receipt.
//!
//! Keys: `q` (to be sent) and `d` (done) + epoch + shard + sequence → [`Entry`]; `n` + epoch + shard → the newest
//! sequence; `c` + permit number + version + copy → seen here; `m…` → single values; those of `witness.rs`.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use propusk_proto::receipt::{Range, RefusalReason};
use propusk_proto::{PresentedPermit, Receipt};
use propusk_store::{Draft, Store};
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::HandheldError;
use crate::clock;
use crate::entry::{Counts, Entry, EntryState, Slot};
use crate::receipt::Receipted;
use crate::sabotage::{Fault, flipped};
use crate::tally::Tally;

const EPOCH: &[u8] = b"mepoch";
/// Random bits in the name of an epoch.
const EPOCH_RANDOM_BITS: u32 = 20;
const MARK: &[u8] = b"mmark";
const LAST: &[u8] = b"mlast";

/// What a new event means beside itself; written in the same batch.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Aside<'a> {
    /// This copy was handed in here.
    pub handed_in: Option<&'a PresentedPermit>,
    /// This copy was not handed in after all.
    pub taken_back: Option<&'a PresentedPermit>,
    /// Both clocks, in milliseconds: the device's and the monotonic one; 0 where there is none.
    pub clocks: Option<(i64, u64)>,
}

/// The device's hand-ins on its own disk. Clones share it: one may scan while another syncs.
#[derive(Clone)]
pub struct Queue {
    pub(crate) store: Store,
    /// Held while a number is given out, so that none is given twice.
    numbering: Arc<Mutex<()>>,
    /// What is settled, once somebody has read it all. Held while that changes.
    tally: Arc<Mutex<Option<Tally>>>,
}

impl Queue {
    /// Opens the queue. A `mark` other than last time's means that the folder was copied or restored from a backup:
    /// a new boot epoch begins, so that a reused number is never taken for a repeat.
    pub(crate) fn open(store: Store, mark: [u8; 24], now_ms: i64, random: u32) -> anyhow::Result<Self> {
        let known: Option<u64> = read(&store, EPOCH)?;
        let same_mark = store.get(MARK)?.is_some_and(|stored| stored == mark);
        let queue = Self { store, numbering: Arc::default(), tally: Arc::default() };
        if known.is_some() && (same_mark || flipped(Fault::KeepEpoch)) {
            return Ok(queue);
        }
        let epoch = next_epoch(known.unwrap_or(0), now_ms, random);
        let mut draft = queue.store.begin();
        write(&mut draft, EPOCH, &epoch)?;
        draft.put(MARK, mark);
        queue.store.commit(draft)?;
        Ok(queue)
    }

    /// Gives out the next number of `shard` and appends the event that `sign` makes for it. When this returns, the
    /// event is on disk.
    pub(crate) fn append(
        &self,
        shard: u16,
        aside: Aside<'_>,
        sign: impl FnOnce(Slot) -> anyhow::Result<Vec<u8>>,
    ) -> anyhow::Result<Slot> {
        let _numbering = self.lock();
        let epoch = self.epoch()?;
        let newest: u64 = read(&self.store, &number_key(epoch, shard))?.unwrap_or(0);
        let slot = Slot { epoch, shard, sequence: newest + 1 };
        let frame = sign(slot)?;
        let mut draft = self.store.begin();
        write(&mut draft, number_key(slot.epoch, slot.shard), &slot.sequence)?;
        write(&mut draft, slot.key(b'q'), &Entry { state: EntryState::OnThisDevice, frame })?;
        write(&mut draft, LAST, &(slot.epoch, slot.shard, slot.sequence))?;
        if let Some(key) = aside.handed_in.and_then(|permit| copy_key(b'c', permit)) {
            draft.put(key, b"".as_slice());
        }
        if let Some(key) = aside.taken_back.and_then(|permit| copy_key(b'c', permit)) {
            draft.delete(key);
        }
        if let Some((wall_ms, uptime_ms)) = aside.clocks.filter(|(_, uptime_ms)| *uptime_ms > 0) {
            clock::observe(&self.store, &mut draft, epoch, uptime_ms, wall_ms)?;
        }
        if !flipped(Fault::ShowBeforeWrite) {
            self.store.commit(draft)?;
        }
        Ok(slot)
    }

    /// True when this very copy was handed in here before.
    pub(crate) fn handed_in(&self, permit: &PresentedPermit) -> anyhow::Result<bool> {
        Ok(match copy_key(b'c', permit) {
            Some(key) => self.store.get(&key)?.is_some(),
            None => false,
        })
    }

    /// Everything that still waits for a receipt, oldest first within its shard.
    ///
    /// # Errors
    /// When the store can't be read.
    pub fn waiting(&self) -> anyhow::Result<Vec<(Slot, Entry)>> {
        self.entries(b'q')
    }

    /// Remembers that these were handed to the broker. That is all it means; they stay queued.
    pub(crate) fn mark_sent(&self, slots: &[Slot]) -> anyhow::Result<()> {
        let mut draft = self.store.begin();
        if flipped(Fault::ForgetOnBrokerAck) {
            *self.lock_tally() = None;
        }
        for slot in slots {
            let key = slot.key(b'q');
            let Some(entry) = read::<Entry>(&self.store, &key)? else { continue };
            if flipped(Fault::ForgetOnBrokerAck) {
                done(&mut draft, *slot, &Entry { state: EntryState::Recorded { at_ms: 0 }, ..entry })?;
            } else {
                write(&mut draft, key, &Entry { state: EntryState::Sent, ..entry })?;
            }
        }
        Ok(self.store.commit(draft)?)
    }

    /// Every hand-in that a receipt has settled and that is still kept.
    ///
    /// # Errors
    /// When the store can't be read.
    pub fn settled(&self) -> anyhow::Result<Vec<(Slot, Entry)>> {
        self.entries(b'd')
    }

    /// True when nothing waits for a receipt.
    pub(crate) fn is_settled(&self) -> anyhow::Result<bool> {
        Ok(self.store.scan(b"q").next().transpose()?.is_none())
    }

    /// Takes a receipt. Returns how many waiting hand-ins it settled.
    pub(crate) fn settle(&self, receipt: &Receipted) -> anyhow::Result<usize> {
        let receipt = receipt.receipt();
        let mut tally = self.lock_tally();
        let settled = self.settled_by(receipt)?;
        let mut draft = self.store.begin();
        // Nobody knows it should the commit fail.
        let mut known = tally.take();
        for (slot, entry) in &settled {
            done(&mut draft, *slot, entry)?;
            if let Some(known) = &mut known {
                known.count(entry.state);
            }
        }
        self.witness(&mut draft, &receipt.heads)?;
        clock::heard(&self.store, &mut draft, receipt.issued_at_ms)?;
        self.store.commit(draft)?;
        *tally = known;
        Ok(settled.len())
    }

    /// What becomes of the waiting hand-ins that a receipt names. It may name one several times, when it came to the recorder
    /// several times, and as recorded and refused when another one of this number came, too: then this one may be the other.
    fn settled_by(&self, receipt: &Receipt) -> anyhow::Result<BTreeMap<Slot, Entry>> {
        // Where the recorder's clock was set back, a receipt is no older than what it said before.
        let heard = clock::recorder_time(&self.store)?.unwrap_or(i64::MIN);
        let at_ms = receipt.issued_at_ms.max(heard);
        let mut settled = BTreeMap::new();
        for range in &receipt.recorded {
            for (slot, entry) in self.waiting_in(range)? {
                settled.insert(slot, Entry { state: EntryState::Recorded { at_ms }, ..entry });
            }
        }
        for refusal in &receipt.refused {
            let slot = Slot { epoch: refusal.epoch, shard: refusal.shard, sequence: refusal.sequence };
            if let Some(entry) = read::<Entry>(&self.store, &slot.key(b'q'))? {
                let state = EntryState::Refused { at_ms, reason: refusal.reason };
                settled.insert(slot, Entry { state, ..entry });
            }
        }
        Ok(settled)
    }

    /// Puts every settled hand-in that is still kept back into the queue: the recorder has lost some of its record and
    /// takes what it does not know. It may have lost why it refused one, too, and take it from the broker meanwhile.
    /// With `heads_are_over`, the heads of its earlier life are forgotten.
    pub(crate) fn send_all_again(&self, heads_are_over: bool) -> anyhow::Result<usize> {
        let mut tally = self.lock_tally();
        *tally = None;
        let mut draft = self.store.begin();
        let mut count = 0;
        for (slot, entry) in self.entries(b'd')? {
            draft.delete(slot.key(b'd'));
            write(&mut draft, slot.key(b'q'), &Entry { state: EntryState::OnThisDevice, ..entry })?;
            count += 1;
        }
        if heads_are_over {
            self.forget_heads(&mut draft)?;
        }
        self.store.commit(draft)?;
        Ok(count)
    }

    /// Forgets recorded hand-ins whose receipt is older than `keep_ms`, by the recorder's time, or within an hour after.
    pub(crate) fn forget_recorded(&self, keep_ms: i64) -> anyhow::Result<usize> {
        let Some(seen) = clock::recorder_time(&self.store)? else { return Ok(0) };
        let before_ms = seen.saturating_sub(keep_ms);
        let mut tally = self.lock_tally();
        if !self.counted(&mut tally)?.has_older(before_ms, seen) && !flipped(Fault::ForgetAtOnce) {
            return Ok(0);
        }
        *tally = None;
        let mut draft = self.store.begin();
        let (mut forgotten, mut left) = (0, Tally::after_forgetting(seen));
        for (slot, entry) in self.entries(b'd')? {
            if matches!(entry.state, EntryState::Recorded { at_ms } if at_ms < before_ms || flipped(Fault::ForgetAtOnce))
            {
                draft.delete(slot.key(b'd'));
                forgotten += 1;
            } else {
                left.count(entry.state);
            }
        }
        self.store.commit(draft)?;
        *tally = Some(left);
        Ok(forgotten)
    }

    /// Refused because their number was used before: to be signed again under a new epoch.
    pub(crate) fn reused_numbers(&self) -> anyhow::Result<Vec<(Slot, Entry)>> {
        if self.counted(&mut self.lock_tally())?.reused == 0 {
            return Ok(vec![]);
        }
        let reused =
            |state| matches!(state, EntryState::Refused { reason: RefusalReason::SequenceReused, .. });
        Ok(self.entries(b'd')?.into_iter().filter(|(_, entry)| reused(entry.state)).collect())
    }

    /// Begins a new epoch and puts `again` — signed by the caller — in place of the refused entries.
    pub(crate) fn renumber(
        &self,
        now_ms: i64,
        random: u32,
        refused: &[(Slot, Entry)],
        mut again: impl FnMut(Slot, &Entry) -> anyhow::Result<Vec<u8>>,
    ) -> anyhow::Result<()> {
        let _numbering = self.lock();
        let epoch = next_epoch(self.epoch()?, now_ms, random);
        let mut draft = self.store.begin();
        write(&mut draft, EPOCH, &epoch)?;
        for (old, entry) in refused {
            let key = number_key(epoch, old.shard);
            let newest: u64 = draft.get(&key)?.map(|bytes| parse(&bytes)).transpose()?.unwrap_or(0);
            let slot = Slot { epoch, shard: old.shard, sequence: newest + 1 };
            let frame = again(slot, entry)?;
            write(&mut draft, key, &slot.sequence)?;
            write(&mut draft, slot.key(b'q'), &Entry { state: EntryState::OnThisDevice, frame })?;
            draft.delete(old.key(b'd'));
        }
        let mut tally = self.lock_tally();
        *tally = None;
        Ok(self.store.commit(draft)?)
    }

    /// How many hand-ins are in which state.
    ///
    /// # Errors
    /// When the store can't be read.
    pub fn counts(&self) -> anyhow::Result<Counts> {
        // Nothing gets from the ones to the others meanwhile.
        let mut tally = self.lock_tally();
        let Tally { recorded, refused, .. } = self.counted(&mut tally)?;
        let mut counts = Counts { recorded, refused, ..Counts::default() };
        for (_, entry) in self.entries(b'q')? {
            match entry.state {
                EntryState::Sent => counts.sent += 1,
                _ => counts.on_this_device += 1,
            }
        }
        Ok(counts)
    }

    /// How many hand-ins wait for a receipt.
    pub(crate) fn waiting_count(&self) -> anyhow::Result<usize> {
        self.store.scan(b"q").try_fold(0, |count, row| row.map(|_| count + 1).map_err(Into::into))
    }

    /// The newest hand-in, where it is still kept.
    pub(crate) fn last(&self) -> anyhow::Result<Option<(Slot, Entry)>> {
        let Some((epoch, shard, sequence)) = read(&self.store, LAST)? else { return Ok(None) };
        let slot = Slot { epoch, shard, sequence };
        let waiting: Option<Entry> = read(&self.store, &slot.key(b'q'))?;
        let entry = match waiting {
            Some(entry) => Some(entry),
            None => read(&self.store, &slot.key(b'd'))?,
        };
        Ok(entry.map(|entry| (slot, entry)))
    }

    /// The boot epoch that numbers are given out in.
    pub(crate) fn epoch(&self) -> anyhow::Result<u64> {
        let missing =
            || HandheldError::Damaged { what: "the queue", why: "its boot epoch is missing".to_owned() };
        Ok(read(&self.store, EPOCH)?.ok_or_else(missing)?)
    }

    fn lock(&self) -> MutexGuard<'_, ()> {
        self.numbering.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn lock_tally(&self) -> MutexGuard<'_, Option<Tally>> {
        self.tally.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// What is settled; all of it is read where nobody knows.
    fn counted(&self, tally: &mut Option<Tally>) -> anyhow::Result<Tally> {
        if let Some(known) = tally {
            return Ok(*known);
        }
        let mut counted = Tally::default();
        for row in self.store.scan(b"d") {
            counted.count(slot_and_entry(&row?)?.1.state);
        }
        Ok(*tally.insert(counted))
    }

    fn entries(&self, prefix: u8) -> anyhow::Result<Vec<(Slot, Entry)>> {
        self.store.scan([prefix]).map(|pair| slot_and_entry(&pair?)).collect()
    }

    fn waiting_in(&self, range: &Range) -> anyhow::Result<Vec<(Slot, Entry)>> {
        if flipped(Fault::IgnoreEpoch) {
            let named = |slot: &Slot| {
                slot.shard == range.shard && (range.first..=range.last).contains(&slot.sequence)
            };
            return Ok(self.waiting()?.into_iter().filter(|(slot, _)| named(slot)).collect());
        }
        let prefix = [b"q".as_slice(), &range.epoch.to_be_bytes(), &range.shard.to_be_bytes()].concat();
        let start = [prefix.as_slice(), &range.first.to_be_bytes()].concat();
        let pairs = self.store.scan_from(&prefix, &start).map(|pair| slot_and_entry(&pair?));
        let inside = |pair: &anyhow::Result<(Slot, Entry)>| match pair {
            Ok((slot, _)) => slot.sequence <= range.last,
            Err(_) => true,
        };
        pairs.take_while(inside).collect()
    }
}

fn slot_and_entry((key, value): &(Vec<u8>, Vec<u8>)) -> anyhow::Result<(Slot, Entry)> {
    let damaged =
        || HandheldError::Damaged { what: "a queued hand-in", why: "its key has another length".to_owned() };
    Ok((Slot::of_key(key).ok_or_else(damaged)?, parse(value)?))
}

fn done(draft: &mut Draft, slot: Slot, entry: &Entry) -> anyhow::Result<()> {
    draft.delete(slot.key(b'q'));
    write(draft, slot.key(b'd'), entry)
}

/// The name of a new epoch: the time in milliseconds and 20 random bits behind it; always above the one before. The time
/// alone is not enough: two copies of one device whose clocks are dead would go on from the same epoch to the same next.
fn next_epoch(known: u64, now_ms: i64, random: u32) -> u64 {
    let random = u64::from(random) & ((1 << EPOCH_RANDOM_BITS) - 1);
    let after = (known >> EPOCH_RANDOM_BITS).saturating_add(1);
    let ms = u64::try_from(now_ms).unwrap_or(0).max(after).min(u64::MAX >> EPOCH_RANDOM_BITS);
    ms << EPOCH_RANDOM_BITS | random
}

fn number_key(epoch: u64, shard: u16) -> Vec<u8> {
    [b"n".as_slice(), &epoch.to_be_bytes(), &shard.to_be_bytes()].concat()
}

/// Identity of a copy: permit number, version, k. The original (k = 0) is never handed in.
pub(crate) fn copy_key(prefix: u8, permit: &PresentedPermit) -> Option<Vec<u8>> {
    let (version, copy) = (permit.version?, permit.copy.filter(|copy| *copy > 0)?);
    Some([&[prefix], permit.number.as_bytes(), &[version, copy]].concat())
}

/// Reads one stored value.
pub(crate) fn read<T: DeserializeOwned>(store: &Store, key: &[u8]) -> anyhow::Result<Option<T>> {
    store.get(key)?.map(|bytes| parse(&bytes)).transpose()
}

/// Puts one value into a draft.
pub(crate) fn write<T: Serialize>(
    draft: &mut Draft,
    key: impl Into<Vec<u8>>,
    value: &T,
) -> anyhow::Result<()> {
    draft.put(key, postcard::to_allocvec(value)?);
    Ok(())
}

pub(crate) fn parse<T: DeserializeOwned>(bytes: &[u8]) -> anyhow::Result<T> {
    Ok(postcard::from_bytes(bytes)
        .map_err(|error| HandheldError::Damaged { what: "a stored value", why: error.to_string() })?)
}

#[cfg(test)]
#[path = "queue_tests.rs"]
mod tests;
