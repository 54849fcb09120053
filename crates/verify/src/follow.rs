//! Follows PERMITS: what the desks publish goes into the store, one synced batch per pull, and only then is acked.

use std::sync::Arc;
use std::time::Duration;

use propusk_courier::{Courier, DurableConsumer, Streams};
use propusk_proto::{PermitEvent, decode};
use tokio::task::block_in_place;
use tracing::{info, warn};

use crate::service::Verify;
use crate::shelf;

/// The pause after something failed.
const ROUND: Duration = Duration::from_secs(1);
/// Permit events taken at once.
const BATCH: usize = 256;
/// How long a fetch waits for something to come before it looks whether to stop.
const IDLE: Duration = Duration::from_secs(2);
/// The streams this room reads.
const STREAMS: [&str; 2] = ["PERMITS", "TRUST"];

/// Runs until the shutdown.
pub(crate) async fn follow(verify: Arc<Verify>, courier: Courier) -> anyhow::Result<()> {
    let Some(mut consumer) = open(&verify, &courier).await? else { return Ok(()) };
    loop {
        let batch = tokio::select! {
            batch = consumer.fetch(BATCH, IDLE) => batch,
            () = verify.service.shutdown.cancelled() => return Ok(()),
        };
        let batch = match batch {
            Ok(batch) if batch.is_empty() => continue,
            Ok(batch) => batch,
            Err(error) => {
                warn!(%error, "Permit events can't be fetched; trying again.");
                tokio::time::sleep(ROUND).await;
                continue;
            }
        };
        block_in_place(|| -> anyhow::Result<()> {
            let mut draft = verify.store.begin();
            for delivery in &batch {
                match decode::<PermitEvent>(&delivery.payload) {
                    Ok(event) => shelf::take(&mut draft, &event)?,
                    Err(error) => {
                        warn!(subject = delivery.subject, %error, "A permit event can't be read and was passed over.");
                    }
                }
            }
            if draft.is_empty() { Ok(()) } else { Ok(verify.store.commit(draft)?) }
        })?;
        if let Err(error) = consumer.ack_all().await {
            warn!(%error, "The broker did not take the ack; it delivers again what is known already.");
        }
    }
}

/// Opens the consumer as soon as the broker lets us; patient, because it may start after us.
async fn open(verify: &Verify, courier: &Courier) -> anyhow::Result<Option<DurableConsumer>> {
    let streams = Streams::shipped()?.only(&STREAMS);
    loop {
        // The desk makes the streams; this room may not everywhere, and then only waits for them.
        if let Err(error) = courier.ensure_streams(&streams).await {
            tracing::debug!(%error, "The streams could not be made by this room.");
        }
        match DurableConsumer::open(courier, "PERMITS", "verify", "").await {
            Ok(consumer) => {
                verify.service.health.well();
                info!(stream = "PERMITS", "Following the stream.");
                return Ok(Some(consumer));
            }
            Err(error) => verify.service.health.trouble(format!("the broker: {error}")),
        }
        tokio::select! {
            () = tokio::time::sleep(ROUND) => {}
            () = verify.service.shutdown.cancelled() => return Ok(None),
        }
    }
}
