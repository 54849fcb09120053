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

/// Begins to tell: of what is recorded from now on, where nothing was told before. A record that was restored is shorter:
/// what comes again is told again, under the same ids.
pub(crate) fn begin(record: &Store, work: &Store) -> anyhow::Result<()> {
    let ends = ends(record)?;
    let mut told = read_told(work)?.unwrap_or_else(|| ends.clone());
    told.resize(ends.len(), 0);
    for (told, end) in told.iter_mut().zip(&ends) {
        *told = (*told).min(*end);
    }
    let mut draft = work.begin();
    draft.put(TOLD, postcard::to_allocvec(&told)?);
    Ok(work.commit(draft)?)
}

/// Nobody is to be told: whoever is, later, is told what is new then.
pub(crate) fn end(work: &Store) -> anyhow::Result<()> {
    let mut draft = work.begin();
    draft.delete(TOLD);
    Ok(work.commit(draft)?)
}

fn read_told(work: &Store) -> anyhow::Result<Option<Vec<u64>>> {
    work.get(TOLD)?.map(|bytes| parse(&bytes)).transpose()
}

/// The newest index of every shard.
fn ends(record: &Store) -> anyhow::Result<Vec<u64>> {
    let end = |shard| Ok(read::<Head>(record, &keys::head(shard))?.map_or(0, |head| head.index));
    (0..shards(record)?).map(end).collect()
}

/// Notes what is new in the log.
pub(crate) fn hand_ins(webhooks: &Webhooks, record: &Store, work: &Store, now_ms: i64) -> anyhow::Result<()> {
    let ends = ends(record)?;
    let mut told = read_told(work)?.unwrap_or_default();
    told.resize(ends.len(), 0);
    let before = told.clone();
    let (mut draft, mut left) = (work.begin(), ROUND);
    // Each round begins at another shard: a busy one does not keep the others waiting.
    let first = before.iter().sum::<u64>() as usize % ends.len().max(1);
    let mut behind: Vec<_> = (0..).zip(&ends).zip(&mut told).collect();
    behind.rotate_left(first);
    for ((shard, end), told) in behind {
        while *told < *end && left > 0 {
            (*told, left) = (*told + 1, left - 1);
            let entry = log::record_at(record, shard, *told)?;
            let Some(entry) = entry else { continue };
            if let Some(event) = entry.event()? {
                note(webhooks, &mut draft, &event, entry.received_at_ms, now_ms)?;
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
    now_ms: i64,
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
    webhooks.note(draft, &Event { id: &id, kind: "copy.handed-in", at_ms: recorded_ms, data }, now_ms)
}

/// Notes an alert that was published.
pub(crate) fn alert(
    webhooks: &Webhooks,
    record: &Store,
    work: &Store,
    due: &DueAlert,
    now_ms: i64,
) -> anyhow::Result<()> {
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
    webhooks.note(&mut draft, &Event { id: &id, kind: "alert.raised", at_ms, data }, now_ms)?;
    Ok(work.commit(draft)?)
}
