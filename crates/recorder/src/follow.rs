//! Follows PERMITS: what desks say of permits becomes what devices are told.

use std::collections::HashSet;
use std::sync::Arc;
use std::time::Duration;

use propusk_courier::Courier;
use propusk_proto::subject;
use propusk_seal::TrustList;
use tokio::task::block_in_place;
use tracing::warn;

use crate::ledger::Gap;
use crate::permits;
use crate::service::{ROUND, Recorder, open_consumer};
use crate::sync;

/// Permit events taken at once.
const PERMITS_BATCH: usize = 256;
/// How long a consumer waits for something to come before it looks whether to stop.
const IDLE: Duration = Duration::from_secs(2);

/// One atomic, synced batch per pull, then the ack. Returns at the shutdown.
pub(crate) async fn follow(recorder: Arc<Recorder>, courier: Courier) -> anyhow::Result<()> {
    let mut consumer = open_consumer(&recorder, &courier, "PERMITS", "recorder").await?;
    let Some(mut trust) = wait_for_trust(&recorder, &courier).await? else { return Ok(()) };
    let mut asked = HashSet::new();
    loop {
        let batch = tokio::select! {
            batch = consumer.fetch(PERMITS_BATCH, IDLE) => batch,
            () = recorder.service.shutdown.cancelled() => return Ok(()),
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
        if batch.iter().any(|delivery| permits::names_stranger(&delivery.subject, &delivery.payload, &trust))
            && let Some(newer) = sync::newest_trust(&recorder.store, &courier, &recorder.root).await?
        {
            trust = newer;
        }
        let gaps = block_in_place(|| {
            let messages =
                batch.iter().map(|delivery| (delivery.subject.as_str(), delivery.payload.as_slice()));
            recorder.ledger.take_permits(messages, &trust, recorder.now_ms())
        })?;
        ask_again(&courier, gaps, &mut asked).await;
        if let Err(error) = consumer.ack_all().await {
            warn!(%error, "The broker did not take the ack; it delivers again what is known already.");
        }
    }
}

/// Asks the desks for what is missing: whoever issued the permit publishes all its events again. Once for each gap, for a
/// desk that was restored may not have them either.
async fn ask_again(courier: &Courier, gaps: Vec<Gap>, asked: &mut HashSet<Gap>) {
    for gap in gaps {
        if !asked.insert(gap) {
            continue;
        }
        warn!(permit = %gap.permit, sequence = gap.sequence, "Events before this one are missing; its desk is asked for them.");
        if let Err(error) = courier.send(&subject::again(gap.permit), Vec::new()).await {
            warn!(%error, "The desk could not be asked.");
            asked.remove(&gap);
        }
    }
}

/// The trust list, without which no permit event can be judged; `None` when the recorder has to stop.
async fn wait_for_trust(recorder: &Recorder, courier: &Courier) -> anyhow::Result<Option<TrustList>> {
    loop {
        if let Some(list) = sync::newest_trust(&recorder.store, courier, &recorder.root).await? {
            return Ok(Some(list));
        }
        tokio::select! {
            () = tokio::time::sleep(ROUND) => {}
            () = recorder.service.shutdown.cancelled() => return Ok(None),
        }
    }
}
