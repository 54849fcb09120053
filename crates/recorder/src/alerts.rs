//! Alerts: stored with the batch that shows them, published afterwards, each raised once.

use propusk_boot::random;
use propusk_courier::Courier;
use propusk_proto::{Alert, AlertKind, DeviceId, HandIn, NumberTag, encode, subject};
use propusk_store::{Draft, Store};
use tracing::warn;
use uuid::Uuid;

use crate::keys;
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
        put(draft, &raised.about(event, alert_id(now_ms)?, now_ms))?;
    }
    Ok(())
}

/// Raises the alert about a message that went to quarantine.
pub(crate) fn put_quarantined(
    draft: &mut Draft,
    post: &str,
    device: Option<DeviceId>,
    now_ms: i64,
) -> anyhow::Result<()> {
    let alert = Alert {
        id: alert_id(now_ms)?,
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

fn alert_id(now_ms: i64) -> anyhow::Result<Uuid> {
    Ok(random::uuid_v7(jiff::Timestamp::from_millisecond(now_ms)?, random::bytes()?))
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
        id: alert_id(now_ms)?,
        kind: AlertKind::UnknownPermit,
        post: unknown.post.clone(),
        device: Some(unknown.device.clone()),
        permit: Some(number),
        copy: unknown.copy,
        raised_at_ms: now_ms,
        evidence: vec![(unknown.shard, unknown.index)],
    })
}

/// Publishes what is not yet published. What the broker does not take now is tried again later.
pub(crate) async fn publish(store: &Store, courier: &Courier) -> anyhow::Result<()> {
    let ids: Vec<Vec<u8>> = store.scan(b"o").map(|row| row.map(|(key, _)| key)).collect::<Result<_, _>>()?;
    for key in ids {
        let id = key.get(1..).and_then(|bytes| Uuid::from_slice(bytes).ok());
        let alert: Option<Alert> = id.map(|id| read(store, &keys::alert(id))).transpose()?.flatten();
        if let Some(alert) = &alert {
            let published = courier.publish(&subject::alert(alert.kind, &alert.post), encode(alert)?).await;
            if let Err(error) = published {
                warn!(%error, "an alert could not be published; it is stored and tried again");
                return Ok(());
            }
        }
        let mut draft = store.begin();
        draft.delete(key);
        store.commit(draft)?;
    }
    Ok(())
}
