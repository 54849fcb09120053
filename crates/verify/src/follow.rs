//! Follows PERMITS: what the desks publish goes into the store, one synced batch per pull, and only then is acked.

use std::sync::Arc;
use std::time::Duration;

use propusk_courier::{Courier, DurableConsumer, Streams};
use propusk_permit::Date;
use propusk_proto::subject::TRUST_SIGNERS;
use propusk_proto::{NotTheDesk, PermitEvent, SignedPermitEvent};
use propusk_seal::{Statement, TrustList, ZoneMask, open_trust_list};
use tokio::task::block_in_place;
use tracing::{info, warn};

use crate::service::Verify;
use crate::trust;

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
        let Some(trust) = newest_trust(&verify, &courier).await? else {
            warn!("There is no trust list yet, so no permit event can be judged; trying again.");
            tokio::time::sleep(ROUND).await;
            consumer = match open(&verify, &courier).await? {
                Some(consumer) => consumer,
                None => return Ok(()),
            };
            continue;
        };
        block_in_place(|| -> anyhow::Result<()> {
            let mut taking = verify.shelf.taking();
            for delivery in &batch {
                match open_event(&delivery.subject, &delivery.payload, &trust) {
                    Ok(event) => taking.take(&event)?,
                    Err(error) => {
                        warn!(subject = delivery.subject, %error, "A permit event was passed over.");
                    }
                }
            }
            taking.commit()
        })?;
        if let Err(error) = consumer.ack_all().await {
            warn!(%error, "The broker did not take the ack; it delivers again what is known already.");
        }
    }
}

/// The newer one of the data folder's trust list and the broker's, if that answers.
async fn newest_trust(verify: &Verify, courier: &Courier) -> anyhow::Result<Option<TrustList>> {
    let data = verify.service.instance.data();
    let own = trust::load(data)?;
    let Ok(Some(offered)) = courier.last("TRUST", TRUST_SIGNERS).await else { return Ok(own) };
    let Some(root) = trust::root(data)? else { return Ok(own) };
    Ok(match (own, open_trust_list(&offered, &root).ok()) {
        (Some(own), Some(offered)) if !offered.supersedes(&own) => Some(own),
        (own, offered) => offered.or(own),
    })
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

/// Takes an event from the broker if a desk of the trust list has signed it, and may.
fn open_event(subject: &str, payload: &[u8], trust: &TrustList) -> Result<PermitEvent, NotTheDesk> {
    SignedPermitEvent::open(subject, payload, |signed, bytes, event| {
        let day = |day| Date::try_from(day).unwrap_or(Date::MIN);
        let grant = event
            .change
            .status()
            .map(|status| (ZoneMask(status.zones), day(status.valid_from), day(status.valid_to)));
        let statement = Statement {
            signer: &signed.signer,
            certificate_reference: &signed.certificate_reference,
            bytes,
            signature: &signed.signature,
            at: event.at_ms / 1000,
            grant,
        };
        statement.check(trust)
    })
}
