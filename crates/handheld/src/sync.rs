//! Carries out what [`crate::exchange`] decides: asks, publishes, listens, waits.

use std::time::Duration;

use propusk_boot::{Clock, random};
use propusk_courier::{ConnectOptions, Courier, Message, Tls};
use propusk_proto::subject;
use serde::Serialize;
use tokio::time::{Instant, timeout_at};
use tokio_util::sync::CancellationToken;
use tracing::warn;

use crate::HandheldError;
use crate::config::HandheldConfig;
use crate::device::Device;
use crate::entry::{Counts, Slot};
use crate::exchange::{Action, Exchange, Outgoing, Pace};

/// How long the recorder may take to answer a question.
const ANSWER: Duration = Duration::from_secs(5);

/// Pause before a question is asked again.
const ASK_AGAIN: Duration = Duration::from_millis(300);

/// What a sync achieved.
#[derive(Clone, Copy, Debug, Serialize)]
pub(crate) struct Outcome {
    /// True when the recorder could be asked.
    pub reached: bool,
    /// Permit changes learnt.
    pub permits_learnt: usize,
    /// Hand-ins given to the broker in this sync. `sent` is taken: it tells how many wait for their receipt.
    pub published: usize,
    /// Hand-ins settled by receipts in this sync.
    pub settled: usize,
    /// Where everything stands now.
    #[serde(flatten)]
    pub counts: Counts,
}

/// Connects with the device's own key.
pub(crate) async fn connect(device: &Device, stop: CancellationToken) -> anyhow::Result<Courier> {
    let profile = &device.profile;
    let options =
        ConnectOptions::new(&profile.nats_url, device.credentials.clone(), profile.device.to_string());
    let tls = Tls { ca_file: device.broker_ca.clone(), certificate: None };
    let options = ConnectOptions { tls, ..options };
    Ok(Courier::connect(options, stop).await?)
}

/// One whole exchange, at most `patience` long. Whatever it does not settle stays queued.
pub(crate) async fn sync(
    device: &Device,
    courier: &Courier,
    config: &HandheldConfig,
    clock: &Clock,
    patience: Duration,
) -> anyhow::Result<Outcome> {
    let begun = Instant::now();
    let deadline = begun + patience;
    let mut receipts = courier.subscribe(&subject::receipt(&device.profile.device)).await?;
    let mut exchange = Exchange::begin(device.clone(), Pace::new(config), clock.now(), draw()?)?;
    let (reached, permits_learnt) = match learn_patiently(&mut exchange, courier, clock, deadline).await {
        Ok(count) => (true, count),
        // No reason to hold anything back: hand-ins go to the broker all the same.
        Err(error) => {
            warn!(%error, "the recorder did not answer; hand-ins are sent to the broker and wait for its receipt");
            (false, 0)
        }
    };
    let (mut published, mut settled) = (0, 0);
    while Instant::now() < deadline {
        let elapsed_ms = u64::try_from(begun.elapsed().as_millis()).unwrap_or(u64::MAX);
        match exchange.next(elapsed_ms)? {
            Action::Rest => break,
            Action::Publish(outgoing) => {
                let taken = publish(courier, outgoing).await;
                exchange.published(&taken, elapsed_ms, draw()?)?;
                published += taken.len();
            }
            Action::Listen { until_ms } => {
                let until = deadline.min(begun + Duration::from_millis(until_ms));
                match timeout_at(until, receipts.next()).await {
                    Ok(Some(message)) => {
                        settled += exchange.receipt(&message.payload, clock.now(), draw()?)?;
                    }
                    // The connection is closed for good.
                    Ok(None) => break,
                    Err(_elapsed) => {}
                }
            }
        }
    }
    exchange.end()?;
    Ok(Outcome { reached, permits_learnt, published, settled, counts: device.queue.counts()? })
}

/// Asks again for a while where nobody answers: the recorder may only just be starting.
async fn learn_patiently(
    exchange: &mut Exchange,
    courier: &Courier,
    clock: &Clock,
    deadline: Instant,
) -> anyhow::Result<usize> {
    let until = deadline.min(Instant::now() + ANSWER);
    loop {
        match learn(exchange, courier, clock).await {
            Err(error) if error.downcast_ref::<HandheldError>().is_some() || Instant::now() >= until => {
                return Err(error);
            }
            Err(_) => tokio::time::sleep(ASK_AGAIN).await,
            learnt => return learnt,
        }
    }
}

/// Asks for the trust list and the permit changes, page by page.
async fn learn(exchange: &mut Exchange, courier: &Courier, clock: &Clock) -> anyhow::Result<usize> {
    let mut count = 0;
    loop {
        let (subject, question) = exchange.question(draw()?)?;
        let answer = courier.request(&subject, question, ANSWER).await?;
        let learnt = exchange.answered(&answer, clock.now())?;
        count += learnt.permits;
        if !learnt.more {
            return Ok(count);
        }
    }
}

fn draw() -> anyhow::Result<u32> {
    Ok(u32::from_be_bytes(random::bytes()?))
}

/// Gives hand-ins to the broker and returns the numbers of those that it took.
async fn publish(courier: &Courier, outgoing: Vec<Outgoing>) -> Vec<Slot> {
    let slots: Vec<Slot> = outgoing.iter().map(|outgoing| outgoing.slot).collect();
    let message = |outgoing: Outgoing| Message { subject: outgoing.subject, payload: outgoing.payload };
    let results = courier.publish_many(outgoing.into_iter().map(message).collect()).await;
    let taken = slots.into_iter().zip(results).filter_map(|(slot, result)| match result {
        Ok(()) => Some(slot),
        Err(error) => {
            warn!(%error, shard = slot.shard, sequence = slot.sequence, "a hand-in was not accepted by the broker; it stays queued");
            None
        }
    });
    taken.collect()
}
