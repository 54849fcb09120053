//! Where the recorder begins to queue, and what happens then: hand-ins are offered at steady rates, each higher than the
//! one before, and the time from publishing one to its receipt is taken.

use std::collections::HashMap;
use std::time::{Duration, Instant};

use anyhow::Context;
use propusk_courier::{Courier, Message, Subscription};
use propusk_proto::{DeviceId, Frame, HandIn, Receipt};
use propusk_recorder::intake::Incoming;
use propusk_recorder::keep::Pulls;
use propusk_store::Store;
use tokio_util::sync::CancellationToken;

use crate::broker::Broker;
use crate::hand_ins::{Desk, Fleet, NOON_MS, ledger, options, permits_of, recorder};
use crate::percentile;

/// Hand-ins a second.
const OFFERED: [usize; 8] = [500, 1_000, 2_000, 4_000, 8_000, 16_000, 32_000, 48_000];
/// How long each rate is kept up.
const SECONDS: usize = 5;
/// So many are published at once, every so often.
const TICK: Duration = Duration::from_millis(10);

/// A number that a device gave: device, epoch, shard, sequence.
type Number = (DeviceId, u64, u16, u64);

pub(crate) fn measure() -> anyhow::Result<()> {
    println!("\nOffered load: {SECONDS} s at each rate, from publishing a hand-in to its receipt");
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    let (folder, mut fleet) = (tempfile::tempdir()?, Fleet::new()?);
    let broker = Broker::start(&recorder()?, &fleet.users())?;
    let record = ledger(Store::open(&folder.path().join("record"), options())?)?;
    fleet.enrol(&record)?;
    let all = OFFERED.iter().sum::<usize>() * SECONDS;
    Desk::new()?.issue(&record, 0..permits_of(all))?;
    let offered = OFFERED.map(|rate| (rate, fleet.take(rate * SECONDS)));
    runtime.block_on(async {
        let operator = broker.make_streams().await?;
        let mut receipts = operator.subscribe("receipt.>").await?;
        let stop = CancellationToken::new();
        let pulls = Pulls { events: 2048, wait: Duration::from_millis(50) };
        let recording = broker.keep(record, pulls, NOON_MS + 7_200_000, &stop).await?;
        for (rate, messages) in offered {
            at(rate, messages?, &operator, &mut receipts).await?;
        }
        stop.cancel();
        recording.await?
    })
}

/// Offers at one rate until all are receipted.
async fn at(
    rate: usize,
    messages: Vec<Incoming>,
    operator: &Courier,
    receipts: &mut Subscription,
) -> anyhow::Result<()> {
    let count = messages.len();
    let numbers = messages.iter().map(number).collect::<anyhow::Result<Vec<_>>>()?;
    let begun = Instant::now();
    // When each was due: a hand-in that had to wait for the publisher has waited, too.
    let due = |at: usize| Duration::from_secs_f64(at as f64 / rate as f64);
    let mut waiting: HashMap<Number, Duration> =
        numbers.into_iter().enumerate().map(|(at, number)| (number, due(at))).collect();
    let publishing = tokio::spawn(offer(operator.clone(), messages, rate, begun));
    let mut seconds = Vec::with_capacity(count);
    let mut longest = 0;
    while !waiting.is_empty() {
        let message = tokio::time::timeout(Duration::from_secs(60), receipts.next()).await?;
        let message = message.context("the receipts ended")?;
        let receipt: Receipt = Frame::split(&message.payload)?.decode()?;
        let now = begun.elapsed();
        for range in &receipt.recorded {
            for sequence in range.first..=range.last {
                let number = (receipt.device.clone(), range.epoch, range.shard, sequence);
                if let Some(due) = waiting.remove(&number) {
                    seconds.push(now.saturating_sub(due).as_secs_f64());
                }
            }
        }
        let offered = ((now.as_secs_f64() * rate as f64) as usize).min(count);
        longest = longest.max(offered.saturating_sub(seconds.len()));
    }
    let took = begun.elapsed().as_secs_f64();
    publishing.await??;
    seconds.sort_by(f64::total_cmp);
    println!(
        "  {rate:>6}/s offered, {:>6.0}/s receipted: p50 {:>8.1} ms, p99 {:>8.1} ms, longest queue {longest:>6}, all receipted",
        count as f64 / took,
        percentile(&seconds, 0.5) * 1e3,
        percentile(&seconds, 0.99) * 1e3,
    );
    Ok(())
}

fn number(message: &Incoming) -> anyhow::Result<Number> {
    let HandIn { device, epoch, shard, sequence, .. } = Frame::split(&message.payload)?.decode()?;
    Ok((device, epoch, shard, sequence))
}

/// Publishes what is due, every [`TICK`], whatever has become of the earlier ones.
async fn offer(courier: Courier, messages: Vec<Incoming>, rate: usize, begun: Instant) -> anyhow::Result<()> {
    let mut messages = messages.into_iter().map(|it| Message { subject: it.subject, payload: it.payload });
    let (mut ticks, mut published) = (tokio::time::interval(TICK), 0);
    loop {
        ticks.tick().await;
        let due = (begun.elapsed().as_secs_f64() * rate as f64) as usize;
        let portion: Vec<Message> = messages.by_ref().take(due.saturating_sub(published)).collect();
        if portion.is_empty() && messages.len() == 0 {
            return Ok(());
        }
        published += portion.len();
        for result in courier.publish_many(portion).await {
            result?;
        }
    }
}
