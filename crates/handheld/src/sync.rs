//! Carries out what [`crate::exchange`] decides: asks, publishes, listens, waits.

use std::collections::BTreeSet;
use std::time::Duration;

use anyhow::Context;
use propusk_boot::{Clock, random};
use propusk_courier::{ConnectOptions, Courier, Message, Tls};
use propusk_proto::subject;
use serde::Serialize;
use tokio::time::{Instant, timeout_at};
use tokio_util::sync::CancellationToken;
use tracing::warn;

use crate::HandheldError;
use crate::device::Device;
use crate::entry::{Counts, Slot};
use crate::exchange::{Action, Exchange, Outgoing, Pace};
use crate::receipt::open_revocation;

/// How long the recorder may take to answer a question.
const ANSWER: Duration = Duration::from_secs(5);

/// So many times the recorder's last answer took, it is waited for a receipt at least.
const PATIENT: u64 = 4;

/// How often the broker is asked whether it is there, over a link that may be metered.
const PING: Duration = Duration::from_secs(30);

/// Pause before a question is asked again.
const ASK_AGAIN: Duration = Duration::from_millis(300);

/// What a sync achieved.
#[derive(Clone, Copy, Debug, Serialize)]
pub(crate) struct Outcome {
    /// True when the recorder could be asked.
    pub reached: bool,
    /// Permit changes learnt.
    pub permits_learnt: usize,
    /// Hand-ins sent in this sync. `sent` is taken: it tells how many wait for their receipt.
    pub published: usize,
    /// Hand-ins settled by receipts in this sync.
    pub settled: usize,
    /// Where everything stands now.
    #[serde(flatten)]
    pub counts: Counts,
}

/// How an exchange deals with those who don't answer.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Patience {
    /// How long the whole may take.
    pub longest: Duration,
    /// Receipts did not come last time: the broker is to say what it takes.
    pub wants_acks: bool,
}

/// Connects with the device's own key.
pub(crate) async fn connect(device: &Device, stop: CancellationToken) -> anyhow::Result<Courier> {
    let profile = &device.profile;
    let credentials = device.credentials.held().context("this device's key is held by somebody else")?;
    let options =
        ConnectOptions::of_device(&profile.nats_url, credentials.clone(), profile.device.to_string());
    let tls = Tls { ca_file: device.broker_ca.clone(), certificate: None };
    let options = ConnectOptions { tls, ping_interval: PING, ..options };
    Ok(Courier::connect(options, stop).await?)
}

/// One whole exchange, no longer than `patience`. Whatever it does not settle stays queued.
pub(crate) async fn sync(
    device: &Device,
    courier: &Courier,
    pace: Pace,
    clock: &Clock,
    patience: Patience,
) -> anyhow::Result<Outcome> {
    let begun = Instant::now();
    let deadline = begun + patience.longest;
    let mut receipts = courier.subscribe(&subject::receipt(&device.profile.device)).await?;
    let mut exchange = Exchange::begin(device.clone(), pace, clock.now(), draw()?)?;
    let (reached, permits_learnt, answer_ms) = match learn_patiently(&mut exchange, courier, clock, deadline)
        .await
    {
        Ok((count, answer)) => (true, count, u64::try_from(answer.as_millis()).unwrap_or(u64::MAX)),
        Err(error) if is_revocation(&error) => return Err(error),
        // No reason to hold anything back: hand-ins go to the broker all the same.
        Err(error) => {
            warn!(%error, "the recorder did not answer; hand-ins are sent to the broker and wait for its receipt");
            (false, 0, 0)
        }
    };
    // On a slow link a receipt is not late before several ways there and back are over.
    exchange.be_patient(PATIENT.saturating_mul(answer_ms));
    let (mut sent, mut settled) = (BTreeSet::new(), 0);
    while Instant::now() < deadline {
        let elapsed_ms = u64::try_from(begun.elapsed().as_millis()).unwrap_or(u64::MAX);
        match exchange.next(elapsed_ms)? {
            Action::Rest => break,
            Action::Publish(outgoing) => {
                // The recorder answered a moment ago, so its receipts will come: the broker's acks would only cost bytes.
                // Where they don't, it goes out again with acks, which tell why.
                let first = sent.is_empty();
                sent.extend(outgoing.iter().map(|outgoing| outgoing.slot));
                let taken = if reached && first && !patience.wants_acks {
                    // A link that carries nothing any more takes nothing, for as long as it is not known to be dead.
                    let _ = timeout_at(deadline, send(courier, outgoing)).await;
                    vec![]
                } else {
                    timeout_at(deadline, publish(courier, outgoing)).await.unwrap_or_default()
                };
                exchange.published(&taken, elapsed_ms, draw()?)?;
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
    Ok(Outcome { reached, permits_learnt, published: sent.len(), settled, counts: device.queue.counts()? })
}

/// Asks again for a while where nobody answers: the recorder may only just be starting. Returns how many permit changes
/// were learnt, and how long the last answer took.
async fn learn_patiently(
    exchange: &mut Exchange,
    courier: &Courier,
    clock: &Clock,
    deadline: Instant,
) -> anyhow::Result<(usize, Duration)> {
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
async fn learn(
    exchange: &mut Exchange,
    courier: &Courier,
    clock: &Clock,
) -> anyhow::Result<(usize, Duration)> {
    let mut count = 0;
    loop {
        let asked = Instant::now();
        let (subject, question) = exchange.question(draw()?)?;
        let answer = courier.request(&subject, question, ANSWER).await?;
        if let Some(revocation) = open_revocation(&answer, exchange.device())? {
            return Err(HandheldError::Revoked { at_ms: revocation.revoked_at_ms }.into());
        }
        let learnt = exchange.answered(&answer, clock.now())?;
        count += learnt.permits;
        if !learnt.more {
            return Ok((count, asked.elapsed()));
        }
    }
}

/// Whether an exchange ended because the recorder said that this device is revoked.
pub(crate) fn is_revocation(error: &anyhow::Error) -> bool {
    matches!(error.downcast_ref(), Some(HandheldError::Revoked { .. }))
}

fn draw() -> anyhow::Result<u32> {
    Ok(u32::from_be_bytes(random::bytes()?))
}

/// Sends hand-ins without acks.
async fn send(courier: &Courier, outgoing: Vec<Outgoing>) {
    let message = |outgoing: Outgoing| Message { subject: outgoing.subject, payload: outgoing.payload };
    if let Err(error) = courier.send_many(outgoing.into_iter().map(message).collect()).await {
        warn!(%error, "hand-ins were not sent; they stay queued");
    }
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
