//! What the board shows, gathered at one moment: who is inside, what was handed in, devices, alerts, the audit.
//!
//! Nobody is named in it. It is made beside the requests (`picture.rs`), since the list of who is inside may be long; from
//! the log itself nothing is read.

use std::collections::BTreeMap;

use propusk_proto::DeviceId;

use crate::audit::last::{self, LastAudit};
use crate::hours::{self, Hour, hour_of};
use crate::inside::{self, Inside};
use crate::seen::Seen;
use crate::service::Recorder;
use crate::values::{DeviceRecord, StoredAlert};
use crate::{alerts, devices, keys, posts};

/// Hours of a post's chart.
pub(crate) const CHART_HOURS: u32 = 24;
/// Rows of the list of who should have come out.
const MOST_OVERDUE: usize = 50;
/// Newest alerts on the board.
const NEWEST_ALERTS: usize = 8;

/// People of whom the record knows that they went in and not that they came out.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct People {
    pub permits: usize,
    pub people: usize,
    /// How many of the people should have come out.
    pub overdue: usize,
}

/// A post.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct PostNow {
    pub id: String,
    /// Who went in here and is inside.
    pub inside: People,
    /// Hand-ins of each hour, oldest first.
    pub hours: Vec<u32>,
}

/// A device.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct DeviceNow {
    pub id: DeviceId,
    pub post: String,
    pub revoked: bool,
    pub seen: Seen,
    /// At least so many of its hand-ins are missing, while later ones have come.
    pub missing: usize,
}

/// All of it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Snapshot {
    /// By zone, in the order of the region.
    pub zones: Vec<(String, People)>,
    /// Every post of which there is a record, or where a device stands.
    pub posts: Vec<PostNow>,
    /// Who should have come out, the longest overdue first.
    pub overdue: Vec<Inside>,
    /// The last hour of the charts.
    pub hour: Hour,
    /// The newest, newest first.
    pub alerts: Vec<StoredAlert>,
    /// How many nobody has seen to.
    pub open_alerts: usize,
    pub devices: Vec<DeviceNow>,
    pub audit: Option<LastAudit>,
    /// Shard, newest index, newest hash in hex.
    pub heads: Vec<(u16, u64, String)>,
}

impl Snapshot {
    /// Gathers it.
    pub(crate) fn take(recorder: &Recorder) -> anyhow::Result<Self> {
        let (store, clock) = (&recorder.store, recorder.service.setting.clock);
        let mut counted = Counted::default();
        inside::for_each(store, &recorder.ledger.zones, None, clock.today(), |row| counted.add(row))?;
        let devices = devices_now(recorder)?;
        let hour = hour_of(recorder.now_ms());
        Ok(Self {
            zones: by_zone(recorder, &mut counted.zones),
            posts: by_post(recorder, &counted.posts, &devices, hour)?,
            overdue: counted.longest_overdue(),
            hour,
            alerts: newest_alerts(recorder)?,
            open_alerts: open_alerts(recorder)?,
            devices,
            audit: last::load(store)?,
            heads: last::heads(store)?,
        })
    }
}

/// The list of who is inside, counted row by row: it may be long.
#[derive(Default)]
struct Counted {
    zones: BTreeMap<String, People>,
    posts: BTreeMap<String, People>,
    overdue: Vec<Inside>,
}

impl Counted {
    fn add(&mut self, row: Inside) {
        let people = row.people();
        for (counts, id) in [(&mut self.zones, &row.zone), (&mut self.posts, &row.post)] {
            let sum = counts.entry(id.clone()).or_default();
            sum.permits += 1;
            sum.people += people;
            sum.overdue += if row.overdue { people } else { 0 };
        }
        if row.overdue {
            self.overdue.push(row);
            if self.overdue.len() >= 2 * MOST_OVERDUE {
                self.keep_longest();
            }
        }
    }

    fn keep_longest(&mut self) {
        // Days are written so that they sort.
        self.overdue.sort_by(|a, b| (&a.valid_to, &a.since).cmp(&(&b.valid_to, &b.since)));
        self.overdue.truncate(MOST_OVERDUE);
    }

    fn longest_overdue(mut self) -> Vec<Inside> {
        self.keep_longest();
        self.overdue
    }
}

fn by_zone(recorder: &Recorder, counts: &mut BTreeMap<String, People>) -> Vec<(String, People)> {
    let zones = recorder.region.zones().iter().map(|zone| zone.id.to_string());
    zones
        .map(|zone| {
            let people = counts.remove(&zone).unwrap_or_default();
            (zone, people)
        })
        .collect()
}

fn by_post(
    recorder: &Recorder,
    counts: &BTreeMap<String, People>,
    devices: &[DeviceNow],
    hour: Hour,
) -> anyhow::Result<Vec<PostNow>> {
    let mut ids = posts::all(&recorder.store)?;
    ids.extend(devices.iter().map(|device| device.post.clone()));
    ids.sort_unstable();
    ids.dedup();
    let now = |id: String| {
        let hours = hours::of_post(&recorder.store, &id, hour, CHART_HOURS)?;
        Ok(PostNow { inside: counts.get(&id).copied().unwrap_or_default(), hours, id })
    };
    ids.into_iter().map(now).collect()
}

fn devices_now(recorder: &Recorder) -> anyhow::Result<Vec<DeviceNow>> {
    let mut missing: BTreeMap<DeviceId, usize> = BTreeMap::new();
    for row in recorder.store.scan(keys::GAPS) {
        if let Some(number) = keys::parse_gap(&row?.0) {
            *missing.entry(number.device).or_default() += 1;
        }
    }
    let now = |(id, record): (DeviceId, DeviceRecord)| {
        let (seen, missing) = (recorder.ledger.devices.of(&id), missing.remove(&id).unwrap_or_default());
        DeviceNow { post: record.post, revoked: record.revoked_at_ms.is_some(), seen, missing, id }
    };
    Ok(devices::all(&recorder.store)?.into_iter().map(now).collect())
}

/// The newest alerts, newest first: their ids are in the order of time.
fn newest_alerts(recorder: &Recorder) -> anyhow::Result<Vec<StoredAlert>> {
    alerts::all_back(&recorder.store).take(NEWEST_ALERTS).collect()
}

fn open_alerts(recorder: &Recorder) -> anyhow::Result<usize> {
    let mut open = 0;
    for stored in alerts::all(&recorder.store) {
        open += usize::from(stored?.acknowledged.is_none());
    }
    Ok(open)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(number: usize, last_day: &str, overdue: bool) -> Inside {
        Inside {
            zone: "naryn".to_owned(),
            permit_number: number.to_string(),
            rows: if number == 0 { vec![2, 3] } else { vec![] },
            travellers: Some(4),
            post: "torugart".to_owned(),
            since: String::new(),
            valid_to: Some(last_day.to_owned()),
            overdue,
        }
    }

    #[test]
    fn people_are_counted_and_the_longest_overdue_stay_however_many_there_are() {
        let mut counted = Counted::default();
        counted.add(row(0, "2026-06-30", false));
        for number in 1..=400 {
            counted.add(row(number, &format!("2026-05-{:02}", 31 - number % 31), true));
        }
        let zone = counted.zones["naryn"];
        assert_eq!((zone.permits, zone.people, zone.overdue), (401, 1602, 1600));
        assert_eq!(counted.posts["torugart"], zone);
        let longest = counted.longest_overdue();
        assert_eq!(longest.len(), MOST_OVERDUE);
        assert_eq!(longest[0].valid_to.as_deref(), Some("2026-05-01"));
        assert!(longest.iter().all(|row| row.valid_to.as_deref() < Some("2026-05-06")));
    }
}
