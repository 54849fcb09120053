//! The outbox: what happened to a permit is published after it is on disk, and again when the broker has lost it.

use std::time::Duration;

use propusk_courier::{Courier, Message, StreamWatch, Streams};
use propusk_proto::{SignedPermitEvent, encode, subject};
use tokio::task::block_in_place;
use tokio_util::sync::CancellationToken;
use tracing::{info, warn};

use crate::office::Office;
use crate::register::{Register, StoredEvent};

/// Pause between two looks at the outbox and the stream.
const ROUND: Duration = Duration::from_millis(500);
/// Events published at once.
const BATCH: usize = 256;
const STREAM: &str = "PERMITS";

/// Publishes until the stop. `on_state` is told `None` when all is well, else why not.
pub(crate) async fn run(
    register: &Register,
    office: &Office,
    courier: &Courier,
    stop: &CancellationToken,
    on_state: impl Fn(Option<String>),
) -> anyhow::Result<()> {
    let streams = Streams::shipped()?.only(&[STREAM]);
    let mut watch = StreamWatch::open(courier, STREAM, register.stream_identity()?);
    let mut ensured = false;
    while !stop.is_cancelled() {
        let round = async {
            if !ensured {
                courier.ensure_streams(&streams).await?;
                ensured = true;
            }
            look(register, &mut watch).await?;
            publish(register, office, courier).await?;
            erase(register, courier).await
        };
        match round.await {
            Ok(()) => on_state(None),
            Err(error) => on_state(Some(format!("the broker: {error}"))),
        }
        tokio::select! { () = tokio::time::sleep(ROUND) => {}, () = stop.cancelled() => {} }
    }
    Ok(())
}

/// Hears readers that miss events of a permit, and publishes them again where this desk has issued it.
pub(crate) async fn hear(
    register: &Register,
    courier: &Courier,
    stop: &CancellationToken,
) -> anyhow::Result<()> {
    let mut asking = courier.subscribe(subject::AGAIN_ALL).await?;
    loop {
        let message = tokio::select! { message = asking.next() => message, () = stop.cancelled() => None };
        let Some(message) = message else { return Ok(()) };
        let Some(id) = subject::parse_again(&message.subject) else { continue };
        let count = block_in_place(|| register.publish_again(id))?;
        if count > 0 {
            warn!(permit = %id, events = count, "A reader misses events of a permit; they are published again.");
        }
    }
}

/// A stream that was lost or made anew gets everything again; readers recognise what they know.
async fn look(register: &Register, watch: &mut StreamWatch) -> anyhow::Result<()> {
    let change = watch.check().await?;
    let identity = watch.identity();
    if let Some(change) = change {
        let count = block_in_place(|| register.publish_all_again(identity))?;
        if count > 0 {
            warn!(?change, events = count, "The stream of permits was lost; every event is published again.");
        }
    } else if let Some(identity) = identity
        && register.stream_identity()?.as_deref() != Some(identity)
    {
        block_in_place(|| register.remember_stream(identity))?;
    }
    Ok(())
}

/// What was purged goes out of the stream too, once the event that tells of it stands there.
async fn erase(register: &Register, courier: &Courier) -> anyhow::Result<()> {
    for (note, subjects) in block_in_place(|| register.to_erase())? {
        let mut erased = 0;
        for subject in subjects {
            erased += courier.erase(STREAM, &subject).await?;
        }
        block_in_place(|| register.published(vec![note]))?;
        info!(events = erased, "Events with personal data were erased from the stream of permits.");
    }
    Ok(())
}

async fn publish(register: &Register, office: &Office, courier: &Courier) -> anyhow::Result<()> {
    loop {
        let waiting = block_in_place(|| register.unpublished(BATCH))?;
        if waiting.is_empty() {
            return Ok(());
        }
        let messages = block_in_place(|| {
            waiting.iter().map(|(_, event)| signed(event, office)).collect::<anyhow::Result<_>>()
        })?;
        let results = courier.publish_many(messages).await;
        let mut failed = None;
        let mut done = Vec::new();
        // Only up to the first failure: a revocation must never stand in the stream before its permit alone.
        for ((key, _), result) in waiting.into_iter().zip(results) {
            match result {
                Ok(()) => done.push(key),
                Err(error) => {
                    failed = Some(error);
                    break;
                }
            }
        }
        let count = done.len();
        block_in_place(|| register.published(done))?;
        if count > 0 {
            info!(events = count, "Permit events were published.");
        }
        if let Some(error) = failed {
            return Err(error.into());
        }
    }
}

/// An event as it travels: with this desk's signature, so that nobody else can tell of a permit in its name.
fn signed(event: &StoredEvent, office: &Office) -> anyhow::Result<Message> {
    let signature = office.key.sign(&SignedPermitEvent::signed_bytes(&event.payload));
    let signed = SignedPermitEvent {
        signer: office.config.signer.clone(),
        certificate_reference: office.config.certificate_reference.clone(),
        event: event.payload.clone(),
        signature: signature.to_vec(),
    };
    Ok(Message { subject: event.subject.clone(), payload: encode(&signed)? })
}
