//! What programs elsewhere are told of the record: hand-ins of copies, and alerts; nothing about people.
//!
//! Hand-ins are read out of the log behind whoever writes it, which so has nothing to do with this: how far they are told
//! stands in the store of the board, in the batch that notes them for sending. Row `W` there: for each shard the index of
//! the newest record that is told.

use propusk_proto::{HandIn, Head};
use propusk_store::Store;
use propusk_webhook::{Event, Webhooks};
use serde_json::json;
use uuid::Uuid;

use crate::ledger::DueAlert;
use crate::questions::{alert_row, printed, shards, time};
use crate::values::{StoredAlert, parse, read};
use crate::{keys, log};

/// How far hand-ins are told.
const TOLD: &[u8] = b"W";
/// Most records of one round.
const ROUND: usize = 512;

/// Begins to tell: of what is recorded from now on, where nothing was told before.
pub(crate) fn begin(record: &Store, work: &Store) -> anyhow::Result<()> {
    if work.get(TOLD)?.is_some() {
        return Ok(());
    }
    let mut draft = work.begin();
    draft.put(TOLD, postcard::to_allocvec(&ends(record)?)?);
    Ok(work.commit(draft)?)
}

/// The newest index of every shard.
fn ends(record: &Store) -> anyhow::Result<Vec<u64>> {
    let end = |shard| Ok(read::<Head>(record, &keys::head(shard))?.map_or(0, |head| head.index));
    (0..shards(record)?).map(end).collect()
}

/// Notes what is new in the log.
pub(crate) fn hand_ins(webhooks: &Webhooks, record: &Store, work: &Store) -> anyhow::Result<()> {
    let ends = ends(record)?;
    let mut told: Vec<u64> = work.get(TOLD)?.map(|bytes| parse(&bytes)).transpose()?.unwrap_or_default();
    told.resize(ends.len(), 0);
    let before = told.clone();
    let (mut draft, mut left) = (work.begin(), ROUND);
    for ((shard, end), told) in (0..).zip(&ends).zip(&mut told) {
        // A record that was restored is shorter: what comes again is told again, under the same ids.
        *told = (*told).min(*end);
        while *told < *end && left > 0 {
            (*told, left) = (*told + 1, left - 1);
            let entry = log::record_at(record, shard, *told)?;
            let Some(entry) = entry else { continue };
            if let Some(event) = entry.event()? {
                note(webhooks, &mut draft, &event, entry.received_at_ms)?;
            }
        }
    }
    if told != before {
        draft.put(TOLD, postcard::to_allocvec(&told)?);
        work.commit(draft)?;
    }
    Ok(())
}

fn note(
    webhooks: &Webhooks,
    draft: &mut propusk_store::Draft,
    event: &HandIn,
    recorded_ms: i64,
) -> anyhow::Result<()> {
    // Of a code that names no permit nobody elsewhere can make anything.
    let Some(permit) = &event.permit else { return Ok(()) };
    let data = json!({
        "permit_number": printed(&permit.number),
        "version": permit.version,
        "copy": permit.copy,
        "kind": event.kind.as_str(),
        "verdict": event.verdict.as_str(),
        "post": event.post,
        "scanned_at": time(event.scanned_at_ms),
    });
    let id = format!("hand-in_{}", event.id);
    webhooks.note(draft, &Event { id: &id, kind: "copy.handed-in", at_ms: recorded_ms, data })
}

/// Notes an alert that was published.
pub(crate) fn alert(webhooks: &Webhooks, record: &Store, work: &Store, due: &DueAlert) -> anyhow::Result<()> {
    let id: Uuid = keys::tail(&due.key).map(Uuid::from_bytes).unwrap_or_default();
    let Some(stored) = read::<StoredAlert>(record, &keys::alert(id))? else { return Ok(()) };
    let at_ms = stored.alert.raised_at_ms;
    let row = alert_row(stored);
    let data = json!({
        "alert_id": row.id,
        "kind": row.kind,
        "post": row.post,
        "permit_number": row.permit_number,
        "copy": row.copy,
    });
    let id = format!("alert_{id}");
    let mut draft = work.begin();
    webhooks.note(&mut draft, &Event { id: &id, kind: "alert.raised", at_ms, data })?;
    Ok(work.commit(draft)?)
}
