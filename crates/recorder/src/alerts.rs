//! Alerts: stored with the batch that shows them, published afterwards, each raised once.

use propusk_boot::random;
use propusk_proto::{Alert, AlertKind, DeviceId, HandIn, NumberTag, encode, subject};
use propusk_store::{Draft, Store};
use sha2::{Digest, Sha256};
use uuid::Uuid;

use crate::keys;
use crate::ledger::{DueAlert, Letter};
use crate::record::Raised;
use crate::values::{Unknown, parse, read, write};

/// Puts an alert into the batch, with a note that it is still to be published.
pub(crate) fn put(draft: &mut Draft, alert: &Alert) -> anyhow::Result<()> {
    draft.put(keys::unpublished(alert.id), b"".as_slice());
    write(draft, keys::alert(alert.id), alert)
}

/// Puts what recording `event` raised into the batch.
pub(crate) fn put_raised(
    draft: &mut Draft,
    raised: Vec<Raised>,
    event: &HandIn,
    now_ms: i64,
) -> anyhow::Result<()> {
    for raised in raised {
        let id = alert_id(raised.kind, &postcard::to_allocvec(&raised.evidence)?, now_ms)?;
        put(draft, &raised.about(event, id, now_ms))?;
    }
    Ok(())
}

/// Raises the alert about a message that went to quarantine.
pub(crate) fn put_quarantined(
    draft: &mut Draft,
    post: &str,
    device: Option<DeviceId>,
    quarantine_key: &[u8],
    now_ms: i64,
) -> anyhow::Result<()> {
    let alert = Alert {
        id: alert_id(AlertKind::Quarantined, quarantine_key, now_ms)?,
        kind: AlertKind::Quarantined,
        post: post.to_owned(),
        device,
        permit: None,
        copy: None,
        raised_at_ms: now_ms,
        evidence: vec![],
    };
    put(draft, &alert)
}

/// The id follows from the time and from what the alert is about, so raising one needs no randomness.
pub(crate) fn alert_id(kind: AlertKind, about: &[u8], now_ms: i64) -> anyhow::Result<Uuid> {
    let digest = Sha256::new().chain_update(kind.as_str()).chain_update([0]).chain_update(about).finalize();
    let bytes = digest.first_chunk().copied().unwrap_or_default();
    Ok(random::uuid_v7(jiff::Timestamp::from_millisecond(now_ms)?, bytes))
}

/// Settles the permits that were unknown when their copy was handed in: forgets those that are known by now, and
/// raises the alert for those whose grace is over.
pub(crate) fn settle_unknown(store: &Store, grace_s: u32, now_ms: i64) -> anyhow::Result<usize> {
    let mut draft = store.begin();
    let mut raised = 0;
    for row in store.scan(b"u") {
        let (key, value) = row?;
        let number = String::from_utf8_lossy(key.get(1..).unwrap_or_default()).into_owned();
        let unknown: Unknown = parse(&value)?;
        let tag = number.parse().map(|number| NumberTag::of(&number));
        if tag.is_ok_and(|tag| store.scan(keys::permits_of(tag)).next().is_some()) {
            draft.delete(key);
        } else if !unknown.reported && now_ms - unknown.since_ms >= i64::from(grace_s) * 1000 {
            raised += 1;
            put(&mut draft, &about_unknown(&unknown, number, now_ms)?)?;
            write(&mut draft, key, &Unknown { reported: true, ..unknown })?;
        }
    }
    if !draft.is_empty() {
        store.commit(draft)?;
    }
    Ok(raised)
}

fn about_unknown(unknown: &Unknown, number: String, now_ms: i64) -> anyhow::Result<Alert> {
    Ok(Alert {
        id: alert_id(AlertKind::UnknownPermit, number.as_bytes(), now_ms)?,
        kind: AlertKind::UnknownPermit,
        post: unknown.post.clone(),
        device: Some(unknown.device.clone()),
        permit: Some(number),
        copy: unknown.copy,
        raised_at_ms: now_ms,
        evidence: vec![(unknown.shard, unknown.index)],
    })
}

/// What is stored and not yet published.
pub(crate) fn due(store: &Store) -> anyhow::Result<Vec<DueAlert>> {
    let due = store.scan(b"o").map(|row| {
        let (key, _) = row?;
        let id = key.get(1..).and_then(|bytes| Uuid::from_slice(bytes).ok());
        let alert: Option<Alert> = id.map(|id| read(store, &keys::alert(id))).transpose()?.flatten();
        let letter = |alert: Alert| {
            let subject = subject::alert(alert.kind, &alert.post);
            anyhow::Ok(Letter { subject, payload: encode(&alert)? })
        };
        Ok(DueAlert { key, letter: alert.map(letter).transpose()? })
    });
    due.collect()
}
