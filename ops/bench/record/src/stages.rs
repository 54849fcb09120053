//! End to end, beside the raw stages.

use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Barrier, Mutex};
use std::time::{Duration, Instant};

use anyhow::Context;
use propusk_courier::{Courier, DurableConsumer, Message};
use propusk_proto::{Frame, Receipt};
use propusk_recorder::intake::Incoming;
use propusk_recorder::keep::Pulls;
use propusk_recorder::ledger::Ledger;
use propusk_store::{Engine, Row, Store, StoreError, Writes};
use tokio::runtime::Runtime;
use tokio_util::sync::CancellationToken;

use crate::broker::Broker;
use crate::hand_ins::{DEVICES, Desk, Fleet, NOON_MS, ledger, options, permits_of, recorder};
use crate::{Target, Wanted, percentile};

const HAND_INS: usize = 50_000;
/// Of the ratios of so many rounds the one in the middle counts.
const ROUNDS: usize = 7;
const PULL: usize = 2048;
const WAIT: Duration = Duration::from_millis(50);
/// How long the bare consumer waits for the first message of a pull: it looks for nothing else meanwhile.
const PATIENCE: Duration = Duration::from_secs(10);

pub(crate) fn measure() -> anyhow::Result<Vec<Target>> {
    println!(
        "\nEnd to end: {HAND_INS} hand-ins of {DEVICES} handhelds, pulls of at most {PULL}, {ROUNDS} rounds"
    );
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    let mut fleet = Fleet::new()?;
    let messages = fleet.take(HAND_INS)?;
    let batches = rows_of(&fleet, &messages)?;
    let folder = tempfile::tempdir()?;
    let show = |what: &str, rate: f64| println!("  {what:<58} {rate:>8.0} hand-ins/s");

    let raw = Raw { runtime: &runtime, fleet: &fleet, messages: &messages };
    show("raw JetStream, publish and pull, alone", raw.jetstream(raw.ready()?, &Stage::alone())?);
    let alone = sled(&batches, &folder.path().join("alone"), &Stage::alone())?;
    show("raw sled, the same rows, flushed and synced, alone", alone);
    // In turn: what else the machine does, it does to both.
    let mut rounds = Vec::new();
    for round in 0..ROUNDS {
        let folder = folder.path().join(round.to_string());
        let record = ledger(Store::open(&folder.join("record"), options())?)?;
        fleet.enrol(&record)?;
        Desk::new()?.issue(&record, 0..permits_of(HAND_INS))?;
        let whole = end_to_end(&runtime, &fleet, &messages, record)?;
        let (jetstream, sled) = raw.beside_sled(&batches, &folder.join("beside"))?;
        println!("  whole {whole:.0}; raw JetStream {jetstream:.0} beside raw sled {sled:.0} hand-ins/s");
        rounds.push([whole / jetstream.min(sled), whole, jetstream, sled]);
    }
    let median = |at: usize| percentile(&sorted(rounds.iter().map(|round| round[at])), 0.5);
    show("device queues → JetStream → recorder → synced → receipts", median(1));
    show("raw JetStream beside raw sled", median(2));
    show("raw sled beside raw JetStream", median(3));
    let what = "end to end, of the slower raw stage";
    Ok(vec![Target { what, value: median(0), wanted: Wanted::AtLeast(0.7) }])
}

pub(crate) fn sorted(values: impl Iterator<Item = f64>) -> Vec<f64> {
    let mut values: Vec<f64> = values.collect();
    values.sort_by(f64::total_cmp);
    values
}

/// Hand-ins a second, from the first one published to the receipt of the last, with a broker of its own. Their devices and
/// permits are known to the record.
pub(crate) fn end_to_end(
    runtime: &Runtime,
    fleet: &Fleet,
    messages: &[Incoming],
    ledger: Ledger,
) -> anyhow::Result<f64> {
    let broker = Broker::start(&recorder()?, &fleet.users())?;
    runtime.block_on(async {
        let operator = broker.make_streams().await?;
        let mut receipts = operator.subscribe("receipt.>").await?;
        let stop = CancellationToken::new();
        let pulls = Pulls { events: PULL, wait: WAIT };
        let recording = broker.keep(ledger, pulls, NOON_MS + 7_200_000, &stop).await?;
        let begun = Instant::now();
        let publishing = tokio::spawn(publish(operator.clone(), messages.to_vec()));
        let mut recorded = 0;
        while recorded < messages.len() as u64 {
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
        let rate = messages.len() as f64 / begun.elapsed().as_secs_f64();
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

/// A broker with empty streams, and who publishes and pulls.
struct Ready {
    _broker: Broker,
    operator: Courier,
    consumer: DurableConsumer,
}

struct Raw<'a> {
    runtime: &'a Runtime,
    fleet: &'a Fleet,
    messages: &'a [Incoming],
}

/// One of the raw stages, begun together with the other. Each goes on until the other has done all once, too, so that
/// neither is measured alone.
struct Stage {
    begin: Arc<Barrier>,
    is_done: Arc<AtomicBool>,
    other_is_done: Arc<AtomicBool>,
}

impl Stage {
    fn alone() -> Self {
        let (begin, is_done) = (Arc::new(Barrier::new(1)), Arc::default());
        Self { begin, is_done, other_is_done: Arc::new(AtomicBool::new(true)) }
    }

    fn both() -> [Self; 2] {
        let (begin, one, two) = (Arc::new(Barrier::new(2)), Arc::default(), Arc::default());
        let stage = |is_done: &Arc<AtomicBool>, other_is_done: &Arc<AtomicBool>| Self {
            begin: begin.clone(),
            is_done: is_done.clone(),
            other_is_done: other_is_done.clone(),
        };
        [stage(&one, &two), stage(&two, &one)]
    }

    /// Does `round` at least once, and gives the rate of the first time.
    fn rounds(&self, mut round: impl FnMut(usize) -> anyhow::Result<()>) -> anyhow::Result<f64> {
        self.begin.wait();
        let begun = Instant::now();
        let first = round(0);
        let rate = HAND_INS as f64 / begun.elapsed().as_secs_f64();
        self.is_done.store(true, Ordering::SeqCst);
        first?;
        for more in 1.. {
            if self.other_is_done.load(Ordering::SeqCst) {
                break;
            }
            round(more)?;
        }
        Ok(rate)
    }
}

impl Raw<'_> {
    fn ready(&self) -> anyhow::Result<Ready> {
        let broker = Broker::start(&recorder()?, &self.fleet.users())?;
        let (operator, consumer) = self.runtime.block_on(async {
            let operator = broker.make_streams().await?;
            let courier = broker.connect(&recorder()?, "recorder").await?;
            let consumer = DurableConsumer::open(&courier, "HANDINS", "recorder", "").await?;
            anyhow::Ok((operator, consumer))
        })?;
        Ok(Ready { _broker: broker, operator, consumer })
    }

    /// Publishes the same messages and pulls them, and does nothing with them.
    fn jetstream(&self, ready: Ready, stage: &Stage) -> anyhow::Result<f64> {
        let Ready { operator, mut consumer, _broker } = ready;
        stage.rounds(|_| {
            self.runtime.block_on(async {
                let publishing = tokio::spawn(publish(operator.clone(), self.messages.to_vec()));
                let mut pulled = 0;
                while pulled < self.messages.len() {
                    pulled += consumer.fetch(PULL, PATIENCE).await?.len();
                    consumer.ack_all().await?;
                }
                publishing.await?
            })
        })
    }

    fn beside_sled(&self, batches: &[Writes], folder: &Path) -> anyhow::Result<(f64, f64)> {
        let (ready, [here, beside]) = (self.ready()?, Stage::both());
        std::thread::scope(|scope| {
            let beside = scope.spawn(move || sled(batches, folder, &beside));
            let jetstream = self.jetstream(ready, &here);
            let sled = beside.join().map_err(|_| anyhow::anyhow!("the sled thread ended"))?;
            Ok((jetstream?, sled?))
        })
    }
}

/// Writes the same batches into a bare sled, each flushed and synced.
fn sled(batches: &[Writes], folder: &Path, stage: &Stage) -> anyhow::Result<f64> {
    stage.rounds(|round| {
        let folder = folder.join(round.to_string());
        let db = sled::Config::new().path(&folder).cache_capacity(128 << 20).flush_every_ms(None).open()?;
        let log = std::fs::File::open(folder.join("db"))?;
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
        Ok(())
    })
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
