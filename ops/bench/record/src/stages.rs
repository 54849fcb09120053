//! End to end, beside the raw stages.

use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use anyhow::Context;
use propusk_courier::{Courier, DurableConsumer, Message};
use propusk_proto::{Frame, Receipt};
use propusk_recorder::intake::Incoming;
use propusk_recorder::keep::{Pulls, keep};
use propusk_store::{Engine, Options, Row, Store, StoreError, Writes};
use tokio::runtime::Runtime;
use tokio_util::sync::CancellationToken;

use crate::broker::Broker;
use crate::hand_ins::{DEVICES, Desk, Fleet, NOON_MS, ledger, permits_of, recorder};
use crate::{Target, Wanted};

const HAND_INS: usize = 50_000;
const PULL: usize = 1024;
const WAIT: Duration = Duration::from_millis(50);
/// How long the bare consumer waits for the first message of a pull: it looks for nothing else meanwhile.
const PATIENCE: Duration = Duration::from_secs(10);

pub(crate) fn measure() -> anyhow::Result<Vec<Target>> {
    println!("\nEnd to end: {HAND_INS} hand-ins of {DEVICES} handhelds, pulls of at most {PULL}");
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    let mut fleet = Fleet::new()?;
    let messages = fleet.take(HAND_INS)?;
    let batches = rows_of(&fleet, &messages)?;
    let folder = tempfile::tempdir()?;

    let whole = end_to_end(&runtime, &fleet, &messages, &folder.path().join("record"))?;
    let show = |what: &str, rate: f64| println!("  {what:<58} {rate:>8.0} hand-ins/s");
    show("device queues → JetStream → recorder → synced → receipts", whole);
    let raw = Raw { runtime: &runtime, fleet: &fleet, messages: &messages };
    let alone = (
        raw.jetstream(&AtomicBool::new(true))?,
        sled(&batches, &folder.path().join("alone"), &AtomicBool::new(true))?,
    );
    let together = raw.beside_sled(&batches, &folder.path().join("beside"))?;
    show("raw JetStream, publish and pull, alone", alone.0);
    show("raw sled, the same rows, flushed and synced, alone", alone.1);
    show("raw JetStream beside raw sled", together.0);
    show("raw sled beside raw JetStream", together.1);
    let value = whole / together.0.min(together.1);
    Ok(vec![Target { what: "end to end, of the slower raw stage", value, wanted: Wanted::AtLeast(0.7) }])
}

/// From the first hand-in published to the receipt of the last.
fn end_to_end(runtime: &Runtime, fleet: &Fleet, messages: &[Incoming], folder: &Path) -> anyhow::Result<f64> {
    let broker = Broker::start(&recorder()?, &fleet.users())?;
    let ledger = ledger(Store::open(folder, Options::busy(64 << 20))?)?;
    fleet.enrol(&ledger)?;
    Desk::new()?.issue(&ledger, 0..permits_of(HAND_INS))?;
    runtime.block_on(async {
        let operator = broker.make_streams().await?;
        let courier = broker.connect(&recorder()?, "recorder").await?;
        let consumer = DurableConsumer::open(&courier, "HANDINS", "recorder", "").await?;
        let mut receipts = operator.subscribe("receipt.>").await?;
        let stop = CancellationToken::new();
        let pulls = Pulls { events: PULL, wait: WAIT };
        let recording =
            tokio::spawn(keep(ledger, consumer, courier, pulls, || NOON_MS + 7_200_000, stop.clone()));
        let begun = Instant::now();
        let publishing = tokio::spawn(publish(operator.clone(), messages.to_vec()));
        let mut recorded = 0;
        while recorded < HAND_INS as u64 {
            let message = tokio::time::timeout(Duration::from_secs(60), receipts.next()).await?;
            let message = message.context("the receipts ended")?;
            let receipt: Receipt = Frame::split(&message.payload)?.decode()?;
            anyhow::ensure!(
                receipt.refused.is_empty(),
                "a hand-in was refused: {:?}",
                receipt.refused.first()
            );
            recorded += receipt.recorded.iter().map(|range| range.last - range.first + 1).sum::<u64>();
        }
        let rate = HAND_INS as f64 / begun.elapsed().as_secs_f64();
        publishing.await??;
        stop.cancel();
        recording.await??;
        Ok(rate)
    })
}

async fn publish(courier: Courier, messages: Vec<Incoming>) -> anyhow::Result<()> {
    let message = |Incoming { subject, payload }| Message { subject, payload };
    let results = courier.publish_many(messages.into_iter().map(message).collect()).await;
    Ok(results.into_iter().collect::<Result<(), _>>()?)
}

struct Raw<'a> {
    runtime: &'a Runtime,
    fleet: &'a Fleet,
    messages: &'a [Incoming],
}

impl Raw<'_> {
    /// Publishes the same messages and pulls them, and does nothing with them; again while `once` is not set.
    fn jetstream(&self, enough: &AtomicBool) -> anyhow::Result<f64> {
        let broker = Broker::start(&recorder()?, &self.fleet.users())?;
        self.runtime.block_on(async {
            let operator = broker.make_streams().await?;
            let courier = broker.connect(&recorder()?, "recorder").await?;
            let mut consumer = DurableConsumer::open(&courier, "HANDINS", "recorder", "").await?;
            let (begun, mut count) = (Instant::now(), 0);
            loop {
                let publishing = tokio::spawn(publish(operator.clone(), self.messages.to_vec()));
                let mut pulled = 0;
                while pulled < self.messages.len() {
                    pulled += consumer.fetch(PULL, PATIENCE).await?.len();
                    consumer.ack_all().await?;
                }
                publishing.await??;
                count += pulled;
                if enough.load(Ordering::SeqCst) {
                    return Ok(count as f64 / begun.elapsed().as_secs_f64());
                }
            }
        })
    }

    /// Both at once: whichever is through first goes on until the other is.
    fn beside_sled(&self, batches: &[Writes], folder: &Path) -> anyhow::Result<(f64, f64)> {
        let (jetstream_done, sled_done) = (AtomicBool::new(false), AtomicBool::new(false));
        std::thread::scope(|scope| {
            let beside = scope.spawn(|| {
                let rate = sled(batches, folder, &jetstream_done);
                sled_done.store(true, Ordering::SeqCst);
                rate
            });
            // The first round of either counts as done; both go on while the other is in its first.
            let jetstream = self.first_round_then(&jetstream_done, &sled_done);
            let sled = beside.join().map_err(|_| anyhow::anyhow!("the sled thread ended"))?;
            Ok((jetstream?, sled?))
        })
    }

    fn first_round_then(&self, done: &AtomicBool, other: &AtomicBool) -> anyhow::Result<f64> {
        let rate = self.jetstream(&AtomicBool::new(true))?;
        done.store(true, Ordering::SeqCst);
        if !other.load(Ordering::SeqCst) {
            self.jetstream(other)?;
        }
        Ok(rate)
    }
}

/// Writes the same batches into a bare sled, each flushed and synced; again while the other stage is under way.
fn sled(batches: &[Writes], folder: &Path, enough: &AtomicBool) -> anyhow::Result<f64> {
    let mut rounds = 0;
    let mut rate = 0.0;
    loop {
        let folder = folder.join(rounds.to_string());
        let db = sled::Config::new().path(&folder).cache_capacity(128 << 20).flush_every_ms(None).open()?;
        let log = std::fs::File::open(folder.join("db"))?;
        let begun = Instant::now();
        for writes in batches {
            let mut batch = sled::Batch::default();
            for (key, value) in writes {
                match value {
                    Some(value) => batch.insert(key.as_slice(), value.as_slice()),
                    None => batch.remove(key.as_slice()),
                }
            }
            db.apply_batch(batch)?;
            db.flush()?;
            log.sync_data()?;
        }
        if rounds == 0 {
            rate = HAND_INS as f64 / begun.elapsed().as_secs_f64();
        }
        rounds += 1;
        if enough.load(Ordering::SeqCst) {
            return Ok(rate);
        }
    }
}

/// The rows that the record writes for these messages, one batch a full pull.
fn rows_of(fleet: &Fleet, messages: &[Incoming]) -> anyhow::Result<Vec<Writes>> {
    let memory = Memory::default();
    let ledger = ledger(Store::over(Path::new("memory"), Box::new(memory.clone())))?;
    fleet.enrol(&ledger)?;
    Desk::new()?.issue(&ledger, 0..permits_of(HAND_INS))?;
    memory.lock().1.clear();
    for pull in messages.chunks(PULL) {
        let _ = ledger.pull(pull.to_vec(), NOON_MS + 7_200_000)?.commit()?;
    }
    Ok(std::mem::take(&mut memory.lock().1))
}

/// Rows in memory, and every batch that was applied to them.
#[derive(Clone, Default)]
struct Memory(Arc<Mutex<Held>>);

type Held = (std::collections::BTreeMap<Vec<u8>, Vec<u8>>, Vec<Writes>);

impl Memory {
    fn lock(&self) -> std::sync::MutexGuard<'_, Held> {
        self.0.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
    }
}

impl Engine for Memory {
    fn get(&self, key: &[u8]) -> Result<Option<Vec<u8>>, StoreError> {
        Ok(self.lock().0.get(key).cloned())
    }

    fn rows(
        &self,
        lower: &std::ops::Bound<Vec<u8>>,
        upper: &std::ops::Bound<Vec<u8>>,
        from_the_end: bool,
        limit: usize,
    ) -> Result<Vec<Row>, StoreError> {
        let held = self.lock();
        let range =
            held.0.range((lower.clone(), upper.clone())).map(|(key, value)| (key.clone(), value.clone()));
        Ok(if from_the_end { range.rev().take(limit).collect() } else { range.take(limit).collect() })
    }

    fn apply(&self, writes: Writes) -> Result<(), StoreError> {
        let mut held = self.lock();
        for (key, value) in &writes {
            match value {
                Some(value) => held.0.insert(key.clone(), value.clone()),
                None => held.0.remove(key),
            };
        }
        held.1.push(writes);
        Ok(())
    }

    fn sync(&self) -> Result<(), StoreError> {
        Ok(())
    }

    fn size_on_disk(&self) -> Result<u64, StoreError> {
        Ok(0)
    }
}
