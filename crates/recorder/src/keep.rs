//! HANDINS into the record. Three things go on at once: the next pull is fetched, the one before it is examined (on
//! another thread; signatures cost most), and the one before that is recorded: one atomic batch, flushed and synced,
//! then its receipts, then its ack.
//!
//! A pull is what has come in meanwhile, so the batches grow with the backlog and a single hand-in waits for nobody.

use std::time::{Duration, Instant};

use metrics::{gauge, histogram};
use propusk_courier::{Ack, Courier, Delivery, DurableConsumer};
use tokio::sync::mpsc;
use tokio::task::{JoinHandle, spawn_blocking};
use tokio_util::sync::CancellationToken;
use tracing::warn;

use crate::intake::{Examined, Incoming, MayAck};
use crate::ledger::{Ledger, Letter};

/// Most hand-ins of one pull. A receipt may have 64 KiB, and its device may have sent all of the pull, each under numbers
/// that make no range.
const MAX_PULL: usize = 1024;
/// Pulls that may wait, examined or not, behind the one that is recorded. Each is a batch of messages in memory.
const WAITING: usize = 2;
/// The pause after the broker refused.
const PAUSE: Duration = Duration::from_secs(1);

/// How much is fetched at once.
#[derive(Clone, Copy, Debug)]
pub struct Pulls {
    /// Most hand-ins of one pull, which are one atomic batch; at most 1024.
    pub events: usize,
    /// How long a fetch waits for the first of them.
    pub wait: Duration,
}

/// A pull on its way to the disk.
struct Pulled {
    fetched: Instant,
    examined: JoinHandle<anyhow::Result<Examined>>,
    ack: Option<Ack>,
}

/// Records what `consumer` delivers until `stop`. Pulls that are under way then are recorded first.
///
/// # Errors
/// When the store fails: nothing of the pull may be on disk, and the broker delivers it again to whoever opens the
/// record next.
pub async fn keep(
    ledger: Ledger,
    consumer: DurableConsumer,
    courier: Courier,
    pulls: Pulls,
    now_ms: impl Fn() -> i64 + Send + 'static,
    stop: CancellationToken,
) -> anyhow::Result<()> {
    let (sender, receiver) = mpsc::channel(WAITING);
    let fetching = fetch(ledger.clone(), consumer, pulls, sender, stop);
    let recording = record(ledger, courier, receiver, now_ms);
    // When recording fails, fetching has nobody to hand pulls to, and ends.
    tokio::try_join!(fetching, recording).map(|((), ())| ())
}

async fn fetch(
    ledger: Ledger,
    mut consumer: DurableConsumer,
    pulls: Pulls,
    sender: mpsc::Sender<Pulled>,
    stop: CancellationToken,
) -> anyhow::Result<()> {
    loop {
        let Ok(place) = sender.reserve().await else { return Ok(()) };
        let batch = tokio::select! {
            batch = consumer.fetch(pulls.events.min(MAX_PULL), pulls.wait) => batch,
            () = stop.cancelled() => return Ok(()),
        };
        let batch = match batch {
            Ok(batch) => batch,
            Err(error) => {
                warn!(%error, "Hand-ins can't be fetched; trying again.");
                tokio::time::sleep(PAUSE).await;
                continue;
            }
        };
        gauge!("propusk_recorder_backlog_events").set(if batch.is_empty() {
            0.0
        } else {
            consumer.behind() as f64
        });
        if batch.is_empty() {
            continue;
        }
        let (fetched, ack, ledger) = (Instant::now(), consumer.take_ack().await, ledger.clone());
        let examined = spawn_blocking(move || ledger.examine(batch.into_iter().map(incoming)));
        place.send(Pulled { fetched, examined, ack });
    }
}

fn incoming(delivery: Delivery) -> Incoming {
    Incoming { subject: delivery.subject, payload: delivery.payload }
}

async fn record(
    ledger: Ledger,
    courier: Courier,
    mut pulls: mpsc::Receiver<Pulled>,
    now_ms: impl Fn() -> i64,
) -> anyhow::Result<()> {
    while let Some(Pulled { fetched, examined, ack }) = pulls.recv().await {
        let (ledger, examined, now_ms) = (ledger.clone(), examined.await??, now_ms());
        // When this returns, the pull is on disk; only then are there receipts, and leave to ack.
        let on_disk = spawn_blocking(move || {
            ledger.one_at_a_time(|| ledger.decide(examined, now_ms)?.commit())?.receipts()
        });
        let (letters, may_ack) = on_disk.await??;
        for Letter { subject, payload } in letters {
            if let Err(error) = courier.send(&subject, payload).await {
                warn!(%error, subject, "A receipt could not be sent; the device sends again and gets it then.");
            }
        }
        histogram!("propusk_recorder_receipt_seconds").record(fetched.elapsed().as_secs_f64());
        send_ack(ack, may_ack).await;
    }
    Ok(())
}

async fn send_ack(ack: Option<Ack>, _may: MayAck) {
    if let Some(ack) = ack
        && let Err(error) = ack.send().await
    {
        warn!(%error, "The broker did not take the ack; it delivers again what is recorded already.");
    }
}
