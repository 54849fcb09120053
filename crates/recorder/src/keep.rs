//! HANDINS into the record. Four things go on at once: the next pull is fetched; the one before it is examined, on
//! another thread, for its signatures; the one before that is decided, while the one before that is being synced (unless
//! it is small: then it is on disk before its rows can be read), and then receipted and acked. Each is one atomic batch,
//! and is committed after the one before it.
//!
//! A pull is what has come in meanwhile, so the batches grow with the backlog. A hand-in that comes alone, with nobody left to
//! tell of those before it, is examined and recorded where it was fetched. Its receipt is what somebody waits for, so its ack
//! comes later, together with those of the hand-ins after it. All of this runs on [a thread of its own](alone), with a connection
//! of its own, so nobody else is held up where it blocks. Where nobody else records at that moment, a hand-in that comes alone
//! mostly waits for no other thread to wake up.

use std::future::ready;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context;
use metrics::{gauge, histogram};
use propusk_courier::{Ack, Courier, Delivery, DurableConsumer};
use tokio::sync::{mpsc, oneshot};
use tokio::task::spawn_blocking;
use tokio::time::{Instant, timeout_at};
use tokio_util::sync::CancellationToken;
use tracing::warn;

use crate::intake::{Examined, Incoming, MayAck};
use crate::ledger::{Ledger, Letter};

/// Most hand-ins of one pull. Readers wait while one is written.
const MAX_PULL: usize = 2048;
/// Pulls that may wait, examined or not, behind the one that is recorded. Each is a batch of messages in memory.
const WAITING: usize = 2;
/// So many hand-ins are examined and recorded in less time than other threads take to wake up and answer.
const FEW: usize = 2;
/// So long the ack of few hand-ins may wait: the ack of the next pull covers them, too.
const ACK_LATER: Duration = Duration::from_millis(250);
/// The pause after the broker refused.
const PAUSE: Duration = Duration::from_secs(1);

/// How much is fetched at once.
#[derive(Clone, Copy, Debug)]
pub struct Pulls {
    /// Most hand-ins of one pull, which are one atomic batch; at most 2048.
    pub events: usize,
    /// How long a fetch waits for the first of them.
    pub wait: Duration,
}

/// What is worked out on another thread, or is there already.
type Coming<T> = Pin<Box<dyn Future<Output = anyhow::Result<T>> + Send>>;

/// A pull on its way to the disk.
struct Pulled {
    fetched: Instant,
    is_few: bool,
    examined: Coming<Examined>,
    ack: Option<Ack>,
}

/// A pull whose rows are written and may not be on disk yet.
struct Written {
    fetched: Instant,
    is_few: bool,
    /// When it returns, the pull is on disk; only then are there receipts, and leave to ack.
    receipted: Coming<(Vec<Letter>, MayAck)>,
    /// Held until everybody was told.
    untold: Arc<()>,
    ack: Option<Ack>,
}

/// Runs `work` on a thread and a runtime of its own, where it may block. It goes on where this future is dropped.
///
/// # Errors
/// Those of `work`; when the thread can't be begun, or panics.
pub async fn alone<T, W>(name: &str, work: impl FnOnce() -> W + Send + 'static) -> anyhow::Result<T>
where
    T: Send + 'static,
    W: Future<Output = anyhow::Result<T>>,
{
    let (done, is_done) = oneshot::channel();
    let run = move || {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
        let _ = done.send(runtime.map_err(anyhow::Error::from).and_then(|it| it.block_on(work())));
    };
    std::thread::Builder::new().name(name.to_owned()).spawn(run)?;
    is_done.await.with_context(|| format!("the thread “{name}” panicked"))?
}

/// Records what `consumer` delivers until `stop`. Pulls that are under way then are recorded first. It blocks its thread while
/// few hand-ins are examined and recorded, so it is to be run [`alone`], and `consumer` and `courier` made there. Where the disk
/// takes seconds, the broker's answers wait unread as well; it may then cut the connection, and what was not acked comes again.
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
    let ((pulled, to_record), (written, to_tell)) = (mpsc::channel(WAITING), mpsc::channel(1));
    let fetching = fetch(ledger.clone(), consumer, pulls, pulled, stop);
    let recording = record(ledger, to_record, now_ms, written);
    let telling = tell(courier, to_tell);
    // When one of them fails, the others have nobody to hand pulls to, and end.
    tokio::try_join!(fetching, recording, telling).map(|((), (), ())| ())
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
        let (fetched, is_few, ack) = (Instant::now(), batch.len() <= FEW, consumer.take_ack().await);
        let ledger = ledger.clone();
        let examine = move || ledger.examine(batch.into_iter().map(incoming));
        // A few signatures take less time than to let another thread take over here.
        let examined = if is_few { Box::pin(ready(examine())) } else { beside(false, examine) };
        place.send(Pulled { fetched, is_few, examined, ack });
    }
}

/// Works on another thread, or here where it is but little.
fn beside<T: Send + 'static>(
    is_little: bool,
    work: impl FnOnce() -> anyhow::Result<T> + Send + 'static,
) -> Coming<T> {
    if is_little {
        return Box::pin(ready(work()));
    }
    let working = spawn_blocking(work);
    Box::pin(async { working.await? })
}

fn incoming(delivery: Delivery) -> Incoming {
    Incoming { subject: delivery.subject, payload: delivery.payload }
}

async fn record(
    ledger: Ledger,
    mut pulls: mpsc::Receiver<Pulled>,
    now_ms: impl Fn() -> i64,
    sender: mpsc::Sender<Written>,
) -> anyhow::Result<()> {
    let untold = Arc::new(());
    while let Some(Pulled { fetched, is_few, examined, ack }) = pulls.recv().await {
        let (ledger, examined, now_ms) = (ledger.clone(), examined.await?, now_ms());
        let (written, is_written) = oneshot::channel();
        let is_alone = is_few && Arc::strong_count(&untold) == 1;
        let receipted = beside(is_alone, move || {
            let written = || {
                let _ = written.send(());
            };
            ledger.record(&examined, now_ms, written)?.receipts()
        });
        // An error says that it failed: so will `receipted`.
        let _ = is_written.await;
        let untold = untold.clone();
        if sender.send(Written { fetched, is_few, receipted, untold, ack }).await.is_err() {
            return Ok(());
        }
    }
    Ok(())
}

async fn tell(courier: Courier, mut pulls: mpsc::Receiver<Written>) -> anyhow::Result<()> {
    let mut late = None::<Late>;
    loop {
        let next = match &late {
            Some(Late { until, .. }) => timeout_at(*until, pulls.recv()).await,
            None => Ok(pulls.recv().await),
        };
        let Ok(next) = next else {
            send_ack(late.take()).await;
            continue;
        };
        let Some(Written { fetched, is_few, receipted, untold, ack }) = next else { break };
        let (letters, may) = receipted.await?;
        for Letter { subject, payload } in letters {
            if let Err(error) = courier.send(&subject, payload).await {
                warn!(%error, subject, "A receipt could not be sent; the device sends again and gets it then.");
            }
        }
        histogram!("propusk_recorder_receipt_seconds").record(fetched.elapsed().as_secs_f64());
        if let Some(ack) = ack {
            let until = late.map_or_else(|| Instant::now() + ACK_LATER, |earlier| earlier.until);
            late = Some(Late { ack, may, until });
        }
        if !is_few || late.as_ref().is_some_and(|late| late.until <= Instant::now()) {
            send_ack(late.take()).await;
        }
        drop(untold);
    }
    send_ack(late).await;
    Ok(())
}

/// An ack that may wait until then. It covers every earlier one.
struct Late {
    ack: Ack,
    may: MayAck,
    until: Instant,
}

async fn send_ack(late: Option<Late>) {
    if let Some(Late { ack, may, .. }) = late {
        send(ack, may).await;
    }
}

async fn send(ack: Ack, _may: MayAck) {
    if let Err(error) = ack.send().await {
        warn!(%error, "The broker did not take the ack; it delivers again what is recorded already.");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_thread_of_its_own_gives_what_its_work_gives_and_says_that_it_panicked() {
        let here = std::thread::current().id();
        let there = alone("work", || async { Ok(std::thread::current().id()) }).await.unwrap();
        assert_ne!(here, there);
        let failed = alone::<(), _>("work", || async { anyhow::bail!("the store fails") }).await;
        assert_eq!(failed.unwrap_err().to_string(), "the store fails");
        let panicked = alone::<(), _>("work", || async { panic!("on purpose") }).await;
        assert_eq!(panicked.unwrap_err().to_string(), "the thread “work” panicked");
    }
}
