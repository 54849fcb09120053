//! Alerts: stored with the batch that shows them, published afterwards, each raised once, acknowledged by somebody.

use metrics::counter;
use propusk_boot::random;
use propusk_proto::{Alert, AlertKind, DeviceId, encode, subject};
use propusk_store::{Draft, Store};
use sha2::{Digest, Sha256};
use uuid::Uuid;

use crate::keys;
use crate::ledger::{DueAlert, Letter};
use crate::values::{Acknowledgement, StoredAlert, parse, read, read_draft, write};

/// An alert to be raised, its id and time still to be given.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Raised {
    pub kind: AlertKind,
    pub post: String,
    pub device: Option<DeviceId>,
    pub permit: Option<String>,
    pub copy: Option<u8>,
    pub evidence: Vec<(u16, u64)>,
    /// What it is about: of each kind there is one alert about the same. `None` where its evidence is seen only once.
    pub about: Option<Vec<u8>>,
}

impl Raised {
    /// An alert about no permit.
    pub(crate) fn by(kind: AlertKind, post: &str, device: Option<&DeviceId>) -> Self {
        let (post, device) = (post.to_owned(), device.cloned());
        Self { kind, post, device, permit: None, copy: None, evidence: vec![], about: None }
    }

    fn into_alert(self, id: Uuid, now_ms: i64) -> Alert {
        let Self { kind, post, device, permit, copy, evidence, .. } = self;
        Alert { id, kind, post, device, permit, copy, raised_at_ms: now_ms, evidence }
    }
}

/// Puts an alert into the batch, with a note that it is still to be published; false where it was raised before.
pub(crate) fn put(draft: &mut Draft, raised: Raised, now_ms: i64) -> anyhow::Result<bool> {
    let about = match &raised.about {
        Some(about) => about.clone(),
        None => postcard::to_allocvec(&raised.evidence)?,
    };
    let once = keys::raised(raised.kind, &about);
    if raised.about.is_some() && draft.contains(&once)? {
        return Ok(false);
    }
    counter!("propusk_recorder_alerts_total", "kind" => raised.kind.as_str()).increment(1);
    let id = alert_id(raised.kind, &about, now_ms)?;
    if raised.about.is_some() {
        draft.put(once, id.as_bytes().as_slice());
    }
    if let Some(number) = &raised.permit {
        draft.put(keys::alert_of(number, id), b"".as_slice());
    }
    draft.put(keys::unpublished(id), b"".as_slice());
    let alert = raised.into_alert(id, now_ms);
    write(draft, keys::alert(id), &StoredAlert { alert, acknowledged: None })?;
    Ok(true)
}

/// The id follows from the time and from what the alert is about, so raising one needs no randomness.
fn alert_id(kind: AlertKind, about: &[u8], now_ms: i64) -> anyhow::Result<Uuid> {
    let digest = Sha256::new().chain_update(kind.as_str()).chain_update([0]).chain_update(about).finalize();
    let bytes = digest.first_chunk().copied().unwrap_or_default();
    Ok(random::uuid_v7(jiff::Timestamp::from_millisecond(now_ms)?, bytes))
}

/// What is stored and not yet published.
pub(crate) fn due(store: &Store) -> anyhow::Result<Vec<DueAlert>> {
    let due = store.scan(b"o").map(|row| {
        let (key, _) = row?;
        let id = key.get(1..).and_then(|bytes| Uuid::from_slice(bytes).ok());
        let stored: Option<StoredAlert> = id.map(|id| read(store, &keys::alert(id))).transpose()?.flatten();
        let letter = |StoredAlert { alert, .. }: StoredAlert| {
            let subject = subject::alert(alert.kind, &alert.post);
            anyhow::Ok(Letter { subject, payload: encode(&alert)? })
        };
        Ok(DueAlert { key, letter: stored.map(letter).transpose()? })
    });
    due.collect()
}

/// Every alert, oldest first.
pub(crate) fn all(store: &Store) -> impl Iterator<Item = anyhow::Result<StoredAlert>> {
    store.scan(b"a").map(|row| parse(&row?.1))
}

/// Every alert, newest first: their ids are in the order of time.
pub(crate) fn all_back(store: &Store) -> impl Iterator<Item = anyhow::Result<StoredAlert>> {
    store.scan_back(b"a").map(|row| parse(&row?.1))
}

/// The alerts about one permit, oldest first.
pub(crate) fn of_permit(store: &Store, number: &str) -> impl Iterator<Item = anyhow::Result<StoredAlert>> {
    store.scan(keys::alerts_of(number)).filter_map(|row| {
        let stored = row.map_err(anyhow::Error::from).and_then(|(key, _)| {
            let id = keys::tail(&key).map(Uuid::from_bytes).unwrap_or_default();
            read::<StoredAlert>(store, &keys::alert(id))
        });
        stored.transpose()
    })
}

/// Notes who has seen to an alert. What was noted first stays; `None` where there is no such alert.
pub(crate) fn acknowledge(
    store: &Store,
    id: Uuid,
    by: Acknowledgement,
) -> anyhow::Result<Option<StoredAlert>> {
    store.write(|draft| {
        let Some(mut stored) = read_draft::<StoredAlert>(draft, &keys::alert(id))? else { return Ok(None) };
        stored.acknowledged.get_or_insert(by);
        write(draft, keys::alert(id), &stored)?;
        Ok(Some(stored))
    })
}
