//! Answers from the record: a permit's story, what came in lately, alerts, quarantine. Reads only.

use jiff::Timestamp;
use propusk_permit::PermitNumber;
use propusk_proto::{Alert, DeviceId, HandIn};
use propusk_store::Store;
use serde::{Deserialize, Serialize};

use crate::keys;
use crate::record::{event_of, parse_record};
use crate::values::{DeviceRecord, Quarantined, Record, parse, read};

/// One hand-in, as `show` and `list` print it.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Row {
    pub id: String,
    pub permit_number: Option<String>,
    pub version: Option<u8>,
    pub copy: Option<u8>,
    pub kind: String,
    pub verdict: String,
    pub reasons: Vec<String>,
    pub post: String,
    pub device: String,
    pub sequence: u64,
    pub scanned_at: String,
    pub recorded_at: String,
    pub shard: u16,
    pub index: u64,
}

/// One alert, as `alerts` prints it.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct AlertRow {
    pub id: String,
    pub kind: String,
    pub post: String,
    pub permit_number: Option<String>,
    pub copy: Option<u8>,
    pub device: Option<String>,
    pub raised_at: String,
    pub evidence: Vec<(u16, u64)>,
}

/// One message in quarantine; its bytes are shown in hex to whoever looks into it.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct QuarantineRow {
    pub at: String,
    pub subject: String,
    pub reason: String,
    pub hex: String,
}

/// One enrolled device.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct DeviceRow {
    pub device: String,
    pub post: String,
    pub enrolled_at: String,
    pub revoked_at: Option<String>,
}

/// A device as people see it.
pub(crate) fn device_row(device: &DeviceId, record: &DeviceRecord) -> DeviceRow {
    DeviceRow {
        device: device.to_string(),
        post: record.post.clone(),
        enrolled_at: time(record.enrolled_at_ms),
        revoked_at: record.revoked_at_ms.map(time),
    }
}

/// Every record of one permit, oldest first.
pub(crate) fn of_permit(store: &Store, number: &PermitNumber) -> anyhow::Result<Vec<Row>> {
    let mut rows = Vec::new();
    let shards = shards(store)?;
    let shard = propusk_proto::shard::of(number.compact(), shards);
    for entry in store.scan(keys::of_permit(number.compact())) {
        let Some(index) = keys::tail(&entry?.0).map(u64::from_be_bytes) else { continue };
        if let Some(record) = read::<Record>(store, &keys::record(shard, index))? {
            rows.push(row(&record, index)?);
        }
    }
    Ok(rows)
}

/// The newest records of one post, newest first.
pub(crate) fn of_post(store: &Store, post: &str, limit: usize) -> anyhow::Result<Vec<Row>> {
    let mut rows = Vec::new();
    for entry in store.scan_back(keys::of_post(post)).take(limit) {
        let (key, _) = entry?;
        let (Some(tail), Some(index)) = (keys::tail::<10>(&key), keys::tail(&key)) else { continue };
        let shard = u16::from_be_bytes([tail[0], tail[1]]);
        let index = u64::from_be_bytes(index);
        if let Some(record) = read::<Record>(store, &keys::record(shard, index))? {
            rows.push(row(&record, index)?);
        }
    }
    Ok(rows)
}

/// The newest records of all posts, newest first.
pub(crate) fn newest(store: &Store, limit: usize) -> anyhow::Result<Vec<Row>> {
    let mut posts = Vec::new();
    let mut next = b"t".to_vec();
    while let Some(entry) = store.scan_from(b"t", &next).next() {
        let (key, _) = entry?;
        let end = key.iter().position(|byte| *byte == 0).unwrap_or(key.len());
        posts.push(String::from_utf8_lossy(key.get(1..end).unwrap_or_default()).into_owned());
        next = [key.get(..end).unwrap_or_default(), &[1]].concat();
    }
    let mut rows = Vec::new();
    for post in posts {
        rows.extend(of_post(store, &post, limit)?);
    }
    rows.sort_by(|a, b| b.recorded_at.cmp(&a.recorded_at));
    rows.truncate(limit);
    Ok(rows)
}

/// Every alert, oldest first.
pub(crate) fn alerts(store: &Store) -> anyhow::Result<Vec<AlertRow>> {
    let rows = store.scan(b"a").map(|entry| {
        let alert: Alert = parse(&entry?.1)?;
        Ok(AlertRow {
            id: alert.id.to_string(),
            kind: alert.kind.as_str().to_owned(),
            post: alert.post,
            permit_number: alert.permit.as_deref().map(printed),
            copy: alert.copy,
            device: alert.device.map(|device| device.to_string()),
            raised_at: time(alert.raised_at_ms),
            evidence: alert.evidence,
        })
    });
    rows.collect()
}

/// Everything in quarantine, oldest first.
pub(crate) fn quarantine(store: &Store) -> anyhow::Result<Vec<QuarantineRow>> {
    let mut rows = read_quarantine(store)?;
    rows.sort_by(|a, b| a.at.cmp(&b.at));
    Ok(rows)
}

fn read_quarantine(store: &Store) -> anyhow::Result<Vec<QuarantineRow>> {
    let rows = store.scan(b"q").map(|entry| {
        let kept: Quarantined = parse(&entry?.1)?;
        let hex = data_encoding::HEXLOWER.encode(&kept.bytes);
        Ok(QuarantineRow { at: time(kept.at_ms), subject: kept.subject, reason: kept.reason, hex })
    });
    rows.collect()
}

/// Every record of the log with its place, in the order of shards and indexes.
pub(crate) fn log(store: &Store) -> impl Iterator<Item = anyhow::Result<(u16, u64, Record, HandIn)>> {
    store.scan(b"e").map(|entry| {
        let (key, value) = entry?;
        let place = keys::tail::<10>(&key).unwrap_or_default();
        let (shard, index) = place.split_at(2);
        let shard = u16::from_be_bytes(shard.try_into().unwrap_or_default());
        let index = u64::from_be_bytes(index.try_into().unwrap_or_default());
        let record = parse_record(&value)?;
        let event = event_of(&record)?;
        Ok((shard, index, record, event))
    })
}

/// The number of shards that this record was begun with.
pub(crate) fn shards(store: &Store) -> anyhow::Result<u16> {
    Ok(read(store, keys::SHARDS)?.unwrap_or(propusk_proto::shard::DEFAULT_SHARDS))
}

/// A permit number as people read it.
pub(crate) fn printed(number: &str) -> String {
    number.parse::<PermitNumber>().map_or_else(|_| number.to_owned(), |number| number.to_string())
}

/// A time as ISO 8601 text in UTC.
pub(crate) fn time(ms: i64) -> String {
    Timestamp::from_millisecond(ms).map_or_else(|_| format!("{ms} ms"), |time| time.to_string())
}

fn row(record: &Record, index: u64) -> anyhow::Result<Row> {
    let event = event_of(record)?;
    let permit = event.permit.as_ref();
    Ok(Row {
        id: event.id.to_string(),
        permit_number: permit.map(|permit| printed(&permit.number)),
        version: permit.and_then(|permit| permit.version),
        copy: permit.and_then(|permit| permit.copy),
        kind: event.kind.as_str().to_owned(),
        verdict: event.verdict.as_str().to_owned(),
        reasons: event.reasons.iter().map(|reason| reason.as_str().to_owned()).collect(),
        post: event.post,
        device: event.device.to_string(),
        sequence: event.sequence,
        scanned_at: time(event.scanned_at_ms),
        recorded_at: time(record.received_at_ms),
        shard: event.shard,
        index,
    })
}
