//! Many handhelds hand in while every process behind them is killed again and again: none lost, none doubled, all
//! receipted.
//!
//! `ops/endure DEVICES HAND_INS KILLS` runs as much as one likes; the tests run a little of it. The handhelds are the
//! shipped state machines (queue, exchange) on real stores in this process; broker, recorder, desk and verify are real
//! processes under the supervisor.

use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use propusk_boot::{Clock, random};
use propusk_courier::{ConnectOptions, Courier, Credentials, Message};
use propusk_handheld::device::Device;
use propusk_handheld::exchange::{Action, Exchange, Pace};
use propusk_handheld::hand_in::{Judged, hand_in};
use propusk_permit::PermitNumber;
use propusk_proto::{Kind, Presented, PresentedPermit, Verdict, subject};
use propusk_store::{Options, Store};
use scenarios::{Instance, Running};
use tokio_util::sync::CancellationToken;

/// In so many portions each handheld's hand-ins come, spread over the kills.
const PORTIONS: usize = 10;
const PACE: Pace = Pace { first_ms: 1000, max_ms: 8000, keep_ms: 30 * 86_400_000 };
/// Between two kills.
const CALM: Duration = Duration::from_millis(1200);
const KILLED: [&str; 6] = ["nats", "recorder", "nats", "desk", "recorder", "verify"];

#[test]
fn handhelds_lose_nothing_while_everything_is_killed() {
    endure(8, 100, 6);
}

#[test]
#[ignore = "as long as it is told to: ops/endure"]
fn as_much_as_asked_for() {
    let number = |name: &str| std::env::var(name).unwrap().parse().unwrap();
    endure(number("DEVICES"), number("HAND_INS"), number("KILLS"));
}

/// Hands in `hand_ins` on each of `devices`, and kills a process `kills` times meanwhile.
fn endure(devices: usize, hand_ins: usize, kills: usize) {
    let instance = Instance::new();
    let running = instance.up();
    let begun = Instant::now();
    let fleet: Vec<Device> = (0..devices).map(|at| enrolled(&instance, at)).collect();
    println!("{devices} handhelds enrolled in {:.0} s", begun.elapsed().as_secs_f64());

    let begun = Instant::now();
    let killed = Arc::new(AtomicUsize::new(0));
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
    let work: Vec<_> = fleet
        .iter()
        .map(|device| runtime.spawn(live(device.clone(), hand_ins, kills, Arc::clone(&killed))))
        .collect();
    kill_again_and_again(&running, kills, &killed);
    for handheld in work {
        runtime.block_on(handheld).unwrap().unwrap();
    }
    let seconds = begun.elapsed().as_secs_f64();
    running.wait_until_ready();

    let total = devices * hand_ins;
    for device in &fleet {
        let counts = device.queue.counts().unwrap();
        let all = (counts.recorded, counts.on_this_device, counts.sent, counts.refused);
        assert_eq!(all, (hand_ins as u64, 0, 0, 0), "{}", device.profile.device);
    }
    let audit = instance.json(&["recorder", "audit"]);
    assert_eq!(audit["records"], total, "each exactly once");
    assert_eq!(audit["broken"].as_array().unwrap().len(), 0, "{audit}");
    assert_eq!(audit["missing"].as_array().unwrap().len(), 0, "{audit}");
    println!(
        "{total} hand-ins of {devices} handhelds, {kills} processes killed meanwhile, in {seconds:.0} s: 0 lost, 0 doubled, all receipted"
    );
    running.stop();
}

fn kill_again_and_again(running: &Running, kills: usize, killed: &AtomicUsize) {
    for room in KILLED.iter().cycle().take(kills) {
        std::thread::sleep(CALM);
        running.kill(room);
        killed.fetch_add(1, Ordering::SeqCst);
        running.wait_until_ready();
    }
}

/// Enrols a handheld in a data folder of its own, as a machine of its own.
fn enrolled(instance: &Instance, at: usize) -> Device {
    let announced = std::fs::read(instance.data().join("run/recorder.json")).unwrap();
    let announced: serde_json::Value = serde_json::from_slice(&announced).unwrap();
    let code = instance.json(&["recorder", "enroll-code", "--post", "karasay"]);
    let file = instance.write("code", code["code"].as_str().unwrap());
    let data = instance.path(&format!("machine-{at}"));
    let arguments = ["handheld", "enroll", "--server", announced["url"].as_str().unwrap(), "--code-file"];
    let mut command = instance.command(&arguments);
    let status = command.arg(file).env("PROPUSK_DATA", &data).stdout(Stdio::null()).status().unwrap();
    assert!(status.success());
    open(&data.join("handheld/karasay"))
}

fn open(dir: &Path) -> Device {
    let read = |name: &str| std::fs::read_to_string(PathBuf::from(dir).join(name)).unwrap();
    let profile = serde_json::from_str(&read("device.json")).unwrap();
    let credentials = Credentials::from_seed(read("device.nk").trim()).unwrap();
    let store =
        Store::open(&dir.join("store"), Options { cache_bytes: 4 << 20, ..Options::default() }).unwrap();
    let now_ms = Clock::system().now().as_millisecond();
    let random = u32::from_be_bytes(random::bytes().unwrap());
    Device::open(store, profile, credentials, [1; 24], now_ms, random).unwrap()
}

/// A handheld's day: some hand-ins, an exchange until all are receipted, and again.
async fn live(device: Device, hand_ins: usize, kills: usize, killed: Arc<AtomicUsize>) -> anyhow::Result<()> {
    let stop = CancellationToken::new();
    let profile = device.profile.clone();
    let options = ConnectOptions::of_device(
        &profile.nats_url,
        device.credentials.held().unwrap().clone(),
        profile.device.as_str(),
    );
    let courier = Courier::connect(options, stop.clone()).await?;
    for portion in 0..PORTIONS {
        while killed.load(Ordering::SeqCst) * PORTIONS < portion * kills {
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        let share = hand_ins * (portion + 1) / PORTIONS - hand_ins * portion / PORTIONS;
        tokio::task::block_in_place(|| (0..share).try_for_each(|_| hand_one_in(&device)))?;
        exchange(&device, &courier).await?;
    }
    stop.cancel();
    Ok(())
}

fn hand_one_in(device: &Device) -> anyhow::Result<()> {
    let mut draws = u64::from_be_bytes(random::bytes()?);
    // Some draws are no number.
    let draw = || {
        draws = draws.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
        draws.to_be_bytes()
    };
    let number = PermitNumber::draw(draw).compact().to_owned();
    let judged = Judged {
        kind: Kind::Entry,
        presented: Presented::Seal { sha256: [1; 32] },
        permit: Some(PresentedPermit { number, version: Some(1), copy: Some(1) }),
        present: 1,
        soldier: "41".to_owned(),
        verdict: Verdict::Accept,
        reasons: vec![],
    };
    hand_in(device, judged, Clock::system().now(), 0, random::bytes()?).map(drop)
}

/// As `handheld sync` does, with all the patience in the world.
async fn exchange(device: &Device, courier: &Courier) -> anyhow::Result<()> {
    let begun = Instant::now();
    let draw = || random::bytes().map(u32::from_be_bytes);
    let mut receipts = courier.subscribe(&subject::receipt(&device.profile.device)).await?;
    let mut exchange = Exchange::begin(device.clone(), PACE, Clock::system().now(), draw()?)?;
    loop {
        let elapsed_ms = begun.elapsed().as_millis() as u64;
        match exchange.next(elapsed_ms)? {
            Action::Rest => break,
            Action::Publish(outgoing) => {
                let slots: Vec<_> = outgoing.iter().map(|outgoing| outgoing.slot).collect();
                let message = |outgoing: propusk_handheld::exchange::Outgoing| Message {
                    subject: outgoing.subject,
                    payload: outgoing.payload,
                };
                let results = courier.publish_many(outgoing.into_iter().map(message).collect()).await;
                let taken: Vec<_> = slots
                    .into_iter()
                    .zip(results)
                    .filter_map(|(slot, result)| result.ok().map(|()| slot))
                    .collect();
                exchange.published(&taken, elapsed_ms, draw()?)?;
            }
            Action::Listen { until_ms } => {
                let wait = Duration::from_millis(until_ms.saturating_sub(elapsed_ms).max(1));
                if let Ok(Some(message)) = tokio::time::timeout(wait, receipts.next()).await {
                    exchange.receipt(&message.payload, Clock::system().now(), draw()?)?;
                }
            }
        }
    }
    exchange.end()?;
    Ok(())
}
