//! The exchange with the recorder while there is a signal: learn what is new, send what waits, take receipts.

use std::time::Duration;

use jiff::Timestamp;
use propusk_boot::Clock;
use propusk_courier::{ConnectOptions, Courier, Message, verify};
use propusk_proto::{Frame, HandIn, Receipt, SyncReply, SyncRequest, decode, encode, subject};
use serde::Serialize;
use tokio::time::{Instant, timeout_at};
use tokio_util::sync::CancellationToken;
use tracing::{info, warn};

use crate::HandheldError;
use crate::config::HandheldConfig;
use crate::device::Device;
use crate::knowledge;
use crate::queue::{Counts, Entry, Slot};

/// Hand-ins in flight to the broker at once.
const WINDOW: usize = 256;
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
    /// Hand-ins given to the broker in this sync.
    pub sent: usize,
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
    let deadline = Instant::now() + patience;
    let mut receipts = courier.subscribe(&subject::receipt(&device.profile.device)).await?;
    let (reached, permits_learnt) = match learn_patiently(device, courier, clock, deadline).await {
        Ok(count) => (true, count),
        // No reason to hold anything back: hand-ins go to the broker all the same.
        Err(error) => {
            warn!(%error, "the recorder did not answer; hand-ins are sent to the broker and wait for its receipt");
            (false, 0)
        }
    };
    renumber_reused(device, clock.now())?;
    let (mut sent, mut settled) = (0, 0);
    let mut pause = Duration::from_millis(config.resend_first_ms);
    loop {
        let waiting = device.queue.waiting()?;
        if waiting.is_empty() || Instant::now() >= deadline {
            break;
        }
        sent += send(device, courier, &waiting).await?;
        let until = deadline.min(Instant::now() + pause);
        while let Ok(Some(message)) = timeout_at(until, receipts.next()).await {
            settled += take_receipt(device, &message.payload)?;
            renumber_reused(device, clock.now())?;
            if device.queue.waiting()?.is_empty() {
                break;
            }
        }
        pause = (pause * 2).min(Duration::from_millis(config.resend_max_ms));
    }
    let keep_ms = i64::from(config.keep_receipted_days) * 86_400_000;
    device.queue.forget_recorded(clock.now().as_millisecond() - keep_ms)?;
    Ok(Outcome { reached, permits_learnt, sent, settled, counts: device.queue.counts()? })
}

/// Asks again for a while where nobody answers: the recorder may only just be starting.
async fn learn_patiently(
    device: &Device,
    courier: &Courier,
    clock: &Clock,
    deadline: Instant,
) -> anyhow::Result<usize> {
    let until = deadline.min(Instant::now() + ANSWER);
    loop {
        match learn(device, courier, clock).await {
            Err(error) if error.downcast_ref::<HandheldError>().is_some() || Instant::now() >= until => {
                return Err(error);
            }
            Err(_) => tokio::time::sleep(ASK_AGAIN).await,
            learnt => return learnt,
        }
    }
}

/// Asks for the trust list and the permit changes, page by page.
async fn learn(device: &Device, courier: &Courier, clock: &Clock) -> anyhow::Result<usize> {
    let profile = &device.profile;
    let mut count = 0;
    loop {
        let trust_list_issued_at =
            knowledge::trust_list(&device.store, &device.root).map_or(0, |list| list.issued_at);
        let cursor = knowledge::cursor(&device.store)?;
        let question = SyncRequest {
            device: profile.device.clone(),
            cursor,
            trust_list_issued_at,
            witnessed: device.queue.witnessed()?,
        };
        let answer = courier.request(&subject::sync(&profile.device), encode(&question)?, ANSWER).await?;
        let reply: SyncReply = open_frame(&answer, &profile.recorder_key, "the recorder's answer")?;
        if reply.device != profile.device {
            return Err(HandheldError::NotTheRecorder { what: "an answer for another device" }.into());
        }
        if let Some(signed) = &reply.trust_list
            && knowledge::keep_trust_list(&device.store, &device.root, signed)?
        {
            info!("a newer trust list was taken");
        }
        if reply.record_lost {
            let count = device.queue.send_all_again()?;
            warn!(count, "the recorder was restored from a backup; what it lost is sent again");
        }
        count += reply.permits.len();
        knowledge::keep_permits(&device.store, &reply, clock.now())?;
        if !reply.more {
            return Ok(count);
        }
    }
}

/// Gives everything that waits to the broker. An ack only marks it *sent*.
async fn send(device: &Device, courier: &Courier, waiting: &[(Slot, Entry)]) -> anyhow::Result<usize> {
    let profile = &device.profile;
    let mut sent = Vec::new();
    for window in waiting.chunks(WINDOW) {
        let messages = window
            .iter()
            .map(|(slot, entry)| Message {
                subject: subject::hand_in(slot.shard, &profile.post, &profile.device),
                payload: entry.frame.clone(),
            })
            .collect();
        let results = courier.publish_many(messages).await;
        let accepted = window.iter().zip(results).filter_map(|((slot, _), result)| match result {
            Ok(()) => Some(*slot),
            Err(error) => {
                warn!(%error, shard = slot.shard, sequence = slot.sequence, "a hand-in was not accepted by the broker; it stays queued");
                None
            }
        });
        sent.extend(accepted);
    }
    device.queue.mark_sent(&sent)?;
    Ok(sent.len())
}

/// Verifies a receipt and settles what it names. Anything unsigned or for another device changes nothing.
fn take_receipt(device: &Device, bytes: &[u8]) -> anyhow::Result<usize> {
    let receipt: Receipt = match open_frame(bytes, &device.profile.recorder_key, "a receipt") {
        Ok(receipt) => receipt,
        Err(error) => {
            warn!(%error, "a receipt was ignored");
            return Ok(0);
        }
    };
    if receipt.device != device.profile.device {
        warn!("a receipt for another device was ignored");
        return Ok(0);
    }
    device.queue.apply(&receipt)
}

fn open_frame<M: propusk_proto::codec::Message>(
    bytes: &[u8],
    key: &str,
    what: &'static str,
) -> anyhow::Result<M> {
    let frame = Frame::split(bytes)?;
    if !verify(key, frame.message, frame.signature) {
        return Err(HandheldError::NotTheRecorder { what }.into());
    }
    Ok(frame.decode()?)
}

/// Hand-ins refused because this device was restored and used their numbers twice go out again under a new epoch.
fn renumber_reused(device: &Device, now: Timestamp) -> anyhow::Result<()> {
    let reused = device.queue.reused_numbers()?;
    if reused.is_empty() {
        return Ok(());
    }
    warn!(count = reused.len(), "this device was restored from a backup; its newer hand-ins get new numbers");
    device.queue.renumber(now.as_millisecond(), &reused, |slot, entry| {
        let mut event: HandIn = decode(Frame::split(&entry.frame)?.message)?;
        (event.epoch, event.sequence) = (slot.epoch, slot.sequence);
        device.sign(&event)
    })
}
