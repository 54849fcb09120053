//! One hand-in while everything answers: from the scan to the recorder's receipt, beside what no hand-in can do without.

use std::fs::File;
use std::io::Write;
use std::path::Path;
use std::time::{Duration, Instant};

use anyhow::Context;
use jiff::Timestamp;
use propusk_courier::{Courier, Message, Streams, Subscription};
use propusk_handheld::device::{Device, Profile};
use propusk_handheld::exchange::{Action, Exchange, Outgoing, Pace};
use propusk_handheld::hand_in::{Judged, hand_in};
use propusk_handheld::receipt::Receipted;
use propusk_permit::PermitNumber;
use propusk_proto::{DeviceId, Kind, Presented, PresentedPermit, Verdict, subject};
use propusk_recorder::keep::Pulls;
use propusk_store::{Options, Store};
use tokio_util::sync::CancellationToken;

use crate::broker::Broker;
use crate::hand_ins::{Fleet, NOON_MS, SHARDS, ledger, number, options, recorder};
use crate::stages::sorted;
use crate::{Target, Wanted, percentile, show_latency};

const ROUNDS: usize = 3000;
/// Of the ratios of so many times that many rounds the one in the middle counts.
const TIMES: usize = 5;
const WARM_UP: usize = 100;
/// Bytes of the bare write: a hand-in with what the engine writes around it has about as many.
const RECORD: usize = 512;
const STREAM: &str = r#"
[BARE]
subjects = ["bare.>"]
retention_days = 1
max_bytes = 67_108_864
max_messages_per_subject = 0
duplicate_window_ms = 100
replicas = 1
"#;
/// The generator of P-256: a root key with which nothing is verified here.
const ROOT: &str = "046b17d1f2e12c4247f8bce6e563a440f277037d812deb33a0f4a13945d898c2964fe342e2fe1a7f9b8ee7eb4a7c0f9e162bce33576b315ececbb6406837bf51f5";
const PACE: Pace = Pace { first_ms: 10_000, max_ms: 60_000, keep_ms: 86_400_000 };

pub(crate) fn measure() -> anyhow::Result<Vec<Target>> {
    println!("\nOne hand-in online, {TIMES} times {ROUNDS}, in turn with its bare parts");
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    let mut ratios = Vec::new();
    for _ in 0..TIMES {
        let (mut whole, mut trip, mut sync) = runtime.block_on(rounds())?;
        let whole = show_latency("scan → on this device → JetStream → recorder → receipt", &mut whole);
        let trip = show_latency("one JetStream publish and its ack", &mut trip);
        let sync = show_latency("one write of 512 bytes and its fdatasync", &mut sync);
        let ratio = whole / (trip + sync);
        println!("  p99 of both: {ratio:.2}");
        ratios.push(ratio);
    }
    let what = "scan to receipt, p99, of round trip and fdatasync";
    let value = percentile(&sorted(ratios.into_iter()), 0.5);
    Ok(vec![Target { what, value, wanted: Wanted::AtMost(3.0) }])
}

type Seconds = Vec<f64>;

async fn rounds() -> anyhow::Result<(Seconds, Seconds, Seconds)> {
    let (folder, fleet) = (tempfile::tempdir()?, Fleet::new()?);
    let broker = Broker::start(&recorder()?, &fleet.users())?;
    let record = ledger(Store::open(&folder.path().join("record"), options())?)?;
    fleet.enrol(&record)?;
    let operator = broker.make_streams().await?;
    operator.ensure_streams(&Streams::parse(STREAM)?).await?;
    let stop = CancellationToken::new();
    let pulls = Pulls { events: 2048, wait: Duration::from_millis(50) };
    let recording = broker.keep(record, pulls, NOON_MS, &stop).await?;

    let device = device(&fleet, &folder.path().join("device"))?;
    let own = broker.connect_device(fleet.credentials(0), device.profile.device.as_str()).await?;
    let mut receipts = own.subscribe(&subject::receipt(&device.profile.device)).await?;
    let mut file = File::create(folder.path().join("bare"))?;
    let (mut whole, mut trip, mut sync) = (Vec::new(), Vec::new(), Vec::new());
    for round in 0..WARM_UP + ROUNDS {
        let times = [
            one_hand_in(round, &device, &own, &mut receipts).await?,
            timed(operator.publish("bare.trip", vec![7; 390])).await?,
            bare_write(&mut file)?,
        ];
        if round >= WARM_UP {
            whole.push(times[0]);
            trip.push(times[1]);
            sync.push(times[2]);
        }
    }
    stop.cancel();
    recording.await??;
    Ok((whole, trip, sync))
}

async fn timed<T, E>(work: impl Future<Output = Result<T, E>>) -> Result<f64, E> {
    let begun = Instant::now();
    work.await?;
    Ok(begun.elapsed().as_secs_f64())
}

fn bare_write(file: &mut File) -> anyhow::Result<f64> {
    let begun = Instant::now();
    file.write_all(&[7; RECORD])?;
    file.sync_data()?;
    Ok(begun.elapsed().as_secs_f64())
}

async fn one_hand_in(
    round: usize,
    device: &Device,
    courier: &Courier,
    receipts: &mut Subscription,
) -> anyhow::Result<f64> {
    let number = number(round)?.parse::<PermitNumber>()?.compact().to_owned();
    let judged = Judged {
        kind: Kind::Entry,
        presented: Presented::TypedNumber,
        permit: Some(PresentedPermit { number, version: Some(1), copy: Some(1) }),
        present: 1,
        soldier: "41".to_owned(),
        verdict: Verdict::Accept,
        reasons: vec![],
    };
    let random = [(round % 251) as u8, (round / 251) as u8, 1, 2, 3, 4, 5, 6, 7, 8];
    let now = Timestamp::from_millisecond(NOON_MS)?;
    let mut exchange = Exchange::begin(device.clone(), PACE, now, round as u32)?;
    let begun = Instant::now();
    let slot = hand_in(device, judged, now, round as u64 + 1, random)?;
    let Action::Publish(outgoing) = exchange.next(0)? else { anyhow::bail!("the hand-in does not wait") };
    let message = |it: Outgoing| Message { subject: it.subject, payload: it.payload };
    // Without acks, as a handheld sends where the recorder has just answered.
    courier.send_many(outgoing.into_iter().map(message).collect()).await?;
    let receipt =
        tokio::time::timeout(Duration::from_secs(30), receipts.next()).await?.context("a receipt")?;
    let receipted = Receipted::open(&receipt.payload, device)?;
    let seconds = begun.elapsed().as_secs_f64();
    anyhow::ensure!(!receipted.receipt().recorded.is_empty(), "{:?}", receipted.receipt().refused);
    exchange.published(&[slot], 0, round as u32)?;
    anyhow::ensure!(exchange.receipt(&receipt.payload, now, round as u32)? == 1, "the receipt settles it");
    exchange.end()?;
    Ok(seconds)
}

fn device(fleet: &Fleet, folder: &Path) -> anyhow::Result<Device> {
    let credentials = fleet.credentials(0).clone();
    let profile = Profile {
        device: DeviceId::of_public_key(&credentials.public_key()),
        post: "karasay".to_owned(),
        nats_url: String::new(),
        shards: SHARDS,
        recorder_key: recorder()?.public_key(),
        root_key: ROOT.to_owned(),
    };
    let store = Store::open(folder, Options { cache_bytes: 4 << 20, ..Options::default() })?;
    Device::open(store, profile, credentials, [1; 24], NOON_MS, 7)
}
