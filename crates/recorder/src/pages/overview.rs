//! The board: who is inside, what should be looked at, who is heard of.

use std::sync::Arc;

use askama::Template;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use propusk_boot::pages::{Frame, Page};
use propusk_region::{Count, WatchWords};

use super::alerts::AlertLine;
use super::chart::{Chart, HEIGHT, WIDTH};
use super::words::{clock_time, moment, post, span, zone};
use super::{Officer, Shared};
use crate::audit::last::LastAudit;
use crate::picture::Picture;
use crate::service::Recorder;
use crate::snapshot::{CHART_HOURS, DeviceNow, People, PostNow, Snapshot};

/// A device that was not heard of for so long is marked.
const SILENT_MS: i64 = 24 * 3_600_000;
/// A clock that is ahead by less is right.
const AHEAD_MS: i64 = 60_000;

#[derive(Template)]
#[template(path = "overview.html")]
struct Overview {
    frame: Frame,
    officer: Officer,
    now: Option<Now>,
}

/// The board's parts, in words.
struct Now {
    taken: String,
    map: String,
    zones: Vec<(String, People)>,
    all: People,
    overdue: Vec<OverdueLine>,
    alerts: Vec<AlertLine>,
    open: String,
    charts: Vec<PostChart>,
    devices: Vec<DeviceLine>,
    audit: Option<AuditFacts>,
    heads: Vec<(u16, u64, String)>,
}

struct OverdueLine {
    permit: String,
    zone: String,
    post: String,
    people: usize,
    since: String,
    last_day: String,
}

struct PostChart {
    name: String,
    chart: Chart,
    hand_ins: String,
    most: String,
    inside: String,
}

struct DeviceLine {
    id: String,
    post: String,
    revoked: bool,
    seen: Option<String>,
    silent: bool,
    list: Option<String>,
    /// How long the newest hand-in was under way.
    delay: Option<String>,
    ahead: Option<String>,
    /// At least so many of its hand-ins.
    missing: usize,
}

struct AuditFacts {
    at: String,
    whole: bool,
    records: String,
    broken: u64,
    missing: u64,
}

pub(super) async fn show(State(recorder): Shared, frame: Frame, officer: Officer) -> Response {
    let now = recorder.pictures.now().map(|picture| now(&recorder, &picture, &frame));
    Page(Overview { frame, officer, now }).into_response()
}

fn now(recorder: &Arc<Recorder>, picture: &Picture, frame: &Frame) -> Now {
    let (region, snapshot) = (&recorder.region, &picture.snapshot);
    let zones: Vec<_> =
        snapshot.zones.iter().map(|(id, people)| (zone(region, id, frame), *people)).collect();
    let mut all = People::default();
    for (_, people) in &zones {
        all.permits += people.permits;
        all.people += people.people;
        all.overdue += people.overdue;
    }
    let overdue = snapshot.overdue.iter().map(|row| OverdueLine {
        permit: row.permit_number.clone(),
        zone: zone(region, &row.zone, frame),
        post: post(region, &row.post, frame),
        people: row.people(),
        since: row.since.parse().map(|at: jiff::Timestamp| moment(at.as_millisecond())).unwrap_or_default(),
        last_day: row.valid_to.clone().unwrap_or_default(),
    });
    let device = |device| device_line(recorder, device, picture.taken_ms, frame);
    Now {
        taken: clock_time(picture.taken_ms),
        map: map(recorder, snapshot, frame),
        all,
        overdue: overdue.collect(),
        alerts: snapshot.alerts.iter().map(|alert| AlertLine::of(region, alert, frame)).collect(),
        open: frame.count("board-open", snapshot.open_alerts),
        charts: charts(recorder, snapshot, frame),
        devices: snapshot.devices.iter().map(device).collect(),
        audit: snapshot.audit.as_ref().map(audit),
        heads: snapshot.heads.clone(),
        zones,
    }
}

fn map(recorder: &Recorder, snapshot: &Snapshot, frame: &Frame) -> String {
    let count = |id: &str, people: &People| Count {
        id: id.to_owned(),
        people: people.people,
        overdue: people.overdue,
    };
    let zones: Vec<Count> = snapshot.zones.iter().map(|(id, people)| count(id, people)).collect();
    let posts: Vec<Count> = snapshot.posts.iter().map(|post| count(&post.id, &post.inside)).collect();
    let words = WatchWords {
        lang: frame.language.code().to_owned(),
        title: frame.say("board-map"),
        zone: frame.say("board-map-zone"),
        post: frame.say("board-map-post"),
        overdue: frame.say("board-map-overdue"),
    };
    recorder.region.watch_map(&zones, &posts, &words)
}

/// All charts have one scale, so that a busy post looks busy.
fn charts(recorder: &Recorder, snapshot: &Snapshot, frame: &Frame) -> Vec<PostChart> {
    let top = snapshot.posts.iter().flat_map(|post| post.hours.iter().copied()).max().unwrap_or_default();
    let draw = |now: &PostNow| {
        let chart = Chart::of(&now.hours, top);
        PostChart {
            name: post(&recorder.region, &now.id, frame),
            hand_ins: frame.count("board-hand-ins", chart.sum),
            most: frame.tell("board-hour-most", &[("n", chart.most.to_string())]),
            inside: frame.count("board-people-inside", now.inside.people),
            chart,
        }
    };
    snapshot.posts.iter().map(draw).collect()
}

fn device_line(recorder: &Recorder, device: &DeviceNow, now_ms: i64, frame: &Frame) -> DeviceLine {
    let seen = &device.seen;
    let last = seen.last_ms();
    let delay = seen.handed_in_at_ms.map(|came| came - seen.scanned_at_ms).filter(|delay| *delay >= 0);
    DeviceLine {
        id: device.id.to_string(),
        post: post(&recorder.region, &device.post, frame),
        revoked: device.revoked,
        seen: last.map(moment),
        silent: last.is_none_or(|last| now_ms - last > SILENT_MS),
        list: (seen.trust_list_issued_at > 0)
            .then(|| span(frame, now_ms - seen.trust_list_issued_at.saturating_mul(1000))),
        delay: delay.map(|delay| span(frame, delay)),
        ahead: seen.ahead_ms().filter(|ahead| *ahead > AHEAD_MS).map(|ahead| span(frame, ahead)),
        missing: device.missing,
    }
}

fn audit(last: &LastAudit) -> AuditFacts {
    AuditFacts {
        at: moment(last.at_ms),
        whole: last.is_whole(),
        records: last.records.to_string(),
        broken: last.broken,
        missing: last.missing,
    }
}
