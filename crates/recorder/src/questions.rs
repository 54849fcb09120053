//! Answers from the record: a permit's story, what came in lately, alerts, quarantine. Reads only.

use jiff::Timestamp;
use propusk_permit::PermitNumber;
use propusk_proto::{DeviceId, HandIn};
use propusk_store::Store;
use serde::{Deserialize, Serialize};

use crate::posts::{self, Place};
use crate::story::Story;
use crate::values::{Acknowledgement, DeviceRecord, Quarantined, StoredAlert, parse, read};
use crate::{alerts, keys, log};

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
    /// Who was on duty, as the device has it.
    pub soldier: String,
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
    pub acknowledged: Option<AcknowledgedRow>,
}

/// Who has seen to an alert.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct AcknowledgedRow {
    pub at: String,
    pub by: String,
    pub note: String,
}

/// Which alerts are asked for.
#[derive(Clone, Debug, Default, Deserialize)]
pub(crate) struct WhichAlerts {
    /// Only those to which nobody has seen.
    #[serde(default)]
    pub open: bool,
    /// Only of this kind, by its code.
    pub kind: Option<String>,
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
    let number = number.compact();
    let shard = propusk_proto::shard::of(number, shards(store)?);
    let story = Story::load(store, shard, number)?;
    let rows = story.facts().map(|fact| row_at(store, (shard, fact.index)));
    rows.filter_map(Result::transpose).collect()
}

/// The newest records of one post, newest first.
pub(crate) fn of_post(store: &Store, post: &str, limit: usize) -> anyhow::Result<Vec<Row>> {
    let rows = posts::newest_first(store, post).map(|place| row_at(store, place?));
    rows.filter_map(Result::transpose).take(limit).collect()
}

/// The newest records of all posts, newest first.
pub(crate) fn newest(store: &Store, limit: usize) -> anyhow::Result<Vec<Row>> {
    let mut rows = Vec::new();
    for post in posts::all(store)? {
        rows.extend(of_post(store, &post, limit)?);
    }
    rows.sort_by(|a, b| b.recorded_at.cmp(&a.recorded_at));
    rows.truncate(limit);
    Ok(rows)
}

/// Alerts, oldest first.
pub(crate) fn alerts(store: &Store, which: &WhichAlerts) -> anyhow::Result<Vec<AlertRow>> {
    let wanted = |row: &AlertRow| {
        !(which.open && row.acknowledged.is_some())
            && which.kind.as_ref().is_none_or(|kind| *kind == row.kind)
    };
    let rows = alerts::all(store).map(|stored| Ok(alert_row(stored?)));
    rows.filter(|row: &anyhow::Result<AlertRow>| row.as_ref().map_or(true, wanted)).collect()
}

/// The alerts about one permit, oldest first.
pub(crate) fn alerts_of(store: &Store, number: &PermitNumber) -> anyhow::Result<Vec<AlertRow>> {
    alerts::of_permit(store, number.compact()).map(|stored| Ok(alert_row(stored?))).collect()
}

/// An alert as people see it.
pub(crate) fn alert_row(StoredAlert { alert, acknowledged }: StoredAlert) -> AlertRow {
    let row = |it: Acknowledgement| AcknowledgedRow { at: time(it.at_ms), by: it.by, note: it.note };
    AlertRow {
        id: alert.id.to_string(),
        kind: alert.kind.as_str().to_owned(),
        post: alert.post,
        permit_number: alert.permit.as_deref().map(printed),
        copy: alert.copy,
        device: alert.device.map(|device| device.to_string()),
        raised_at: time(alert.raised_at_ms),
        evidence: alert.evidence,
        acknowledged: acknowledged.map(row),
    }
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

/// One record as people see it; `None` where there is none, or none any more.
pub(crate) fn row_at(store: &Store, (shard, index): Place) -> anyhow::Result<Option<Row>> {
    let Some(record) = log::record_at(store, shard, index)? else { return Ok(None) };
    Ok(record.event()?.map(|event| row(event, record.received_at_ms, index)))
}

fn row(event: HandIn, received_at_ms: i64, index: u64) -> Row {
    let permit = event.permit.as_ref();
    Row {
        id: event.id.to_string(),
        permit_number: permit.map(|permit| printed(&permit.number)),
        version: permit.and_then(|permit| permit.version),
        copy: permit.and_then(|permit| permit.copy),
        kind: event.kind.as_str().to_owned(),
        verdict: event.verdict.as_str().to_owned(),
        reasons: event.reasons.iter().map(|reason| reason.as_str().to_owned()).collect(),
        post: event.post,
        device: event.device.to_string(),
        soldier: event.soldier,
        sequence: event.sequence,
        scanned_at: time(event.scanned_at_ms),
        recorded_at: time(received_at_ms),
        shard: event.shard,
        index,
    }
}
