//! A permit's whole story on one line of time. Whoever looks leaves an entry (`lookups.rs`).

use askama::Template;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use propusk_boot::clock::BISHKEK;
use propusk_boot::pages::{Fields, Frame, Page};
use propusk_permit::{Date, PermitNumber};
use propusk_proto::KnownPermit;
use propusk_region::Region;
use tokio::task::block_in_place;

use super::alerts::AlertLine;
use super::timeline::{Line, WIDTH};
use super::words;
use super::{Officer, Shared, internal};
use crate::questions::{self, Row};
use crate::service::Recorder;
use crate::values::StoredAlert;
use crate::{alerts, lookups, permits};

#[derive(Template)]
#[template(path = "story.html")]
struct Story {
    frame: Frame,
    officer: Officer,
    number: String,
    permit: Option<Permit>,
    line: Option<Drawn>,
    scans: Vec<Scan>,
    alerts: Vec<AlertLine>,
}

#[derive(Template)]
#[template(path = "no_permit.html")]
struct NoPermit {
    frame: Frame,
    officer: Officer,
    typed: String,
}

/// What devices are told of the permit.
struct Permit {
    version: u8,
    travellers: u8,
    copies: u8,
    zones: String,
    first_day: String,
    last_day: String,
    revoked: Option<String>,
}

/// The line of time.
struct Drawn {
    begins: String,
    ends: String,
    /// From where to where the permit is valid.
    valid: Option<(i64, i64)>,
    marks: Vec<Mark>,
}

struct Mark {
    x: i64,
    /// `in`, `out`, `alert` or `other`.
    sign: &'static str,
    title: String,
}

/// One record, in words.
pub(super) struct Scan {
    pub kind: String,
    pub verdict: String,
    /// The verdict's colour.
    pub look: &'static str,
    pub reasons: Vec<String>,
    pub post: String,
    pub version: Option<u8>,
    pub copy: Option<u8>,
    pub device: String,
    pub soldier: String,
    pub scanned: String,
    pub recorded: String,
    pub place: String,
    scanned_ms: i64,
    sign: &'static str,
}

pub(super) fn scan(region: &Region, row: Row, frame: &Frame) -> Scan {
    let ms = |text: &str| text.parse().map(|at: jiff::Timestamp| at.as_millisecond()).unwrap_or_default();
    let look = match row.verdict.as_str() {
        "refuse" => "error",
        "attention" => "warning",
        _ => "good",
    };
    let sign = match row.kind.as_str() {
        "entry" | "late-entry" if row.verdict != "refuse" => "in",
        "exit" => "out",
        _ => "other",
    };
    Scan {
        kind: frame.say(&format!("board-kind-{}", row.kind)),
        verdict: frame.say(&format!("board-verdict-{}", row.verdict)),
        look,
        reasons: row.reasons.iter().map(|reason| frame.say(&format!("board-reason-{reason}"))).collect(),
        post: words::post(region, &row.post, frame),
        version: row.version,
        copy: row.copy,
        device: row.device,
        soldier: row.soldier,
        scanned: words::moment(ms(&row.scanned_at)),
        recorded: words::moment(ms(&row.recorded_at)),
        place: format!("{}/{}", row.shard, row.index),
        scanned_ms: ms(&row.scanned_at),
        sign,
    }
}

/// A number that was typed leads to its story.
pub(super) async fn find(frame: Frame, officer: Officer, fields: Fields) -> Response {
    let typed = fields.get("number").to_owned();
    match typed.parse::<PermitNumber>() {
        Ok(number) => Redirect::to(&format!("/board/permits/{}", number.compact())).into_response(),
        Err(_) => no_permit(frame, officer, typed),
    }
}

fn no_permit(frame: Frame, officer: Officer, typed: String) -> Response {
    let page = NoPermit { frame: frame.at("/board"), officer, typed };
    (StatusCode::UNPROCESSABLE_ENTITY, Page(page)).into_response()
}

pub(super) async fn show(
    State(recorder): Shared,
    frame: Frame,
    officer: Officer,
    Path(typed): Path<String>,
) -> Response {
    let Ok(number) = typed.parse::<PermitNumber>() else { return no_permit(frame, officer, typed) };
    match block_in_place(|| story(&recorder, &number, frame, officer)) {
        Ok(story) => Page(story).into_response(),
        Err(error) => internal(error),
    }
}

fn story(
    recorder: &Recorder,
    number: &PermitNumber,
    frame: Frame,
    officer: Officer,
) -> anyhow::Result<Story> {
    lookups::note(&recorder.work, &officer.user.name, number, recorder.now_ms())?;
    let (store, region) = (&recorder.store, &recorder.region);
    let rows = questions::of_permit(store, number)?;
    let mut scans: Vec<Scan> = rows.into_iter().map(|row| scan(region, row, &frame)).collect();
    scans.sort_by_key(|scan| scan.scanned_ms);
    let alerts: Vec<StoredAlert> =
        alerts::of_permit(store, number.compact()).collect::<anyhow::Result<_>>()?;
    let known = permits::by_number(store, number)?.map(|stored| stored.known);
    let line = draw(&scans, &alerts, known.as_ref());
    let permit = known.map(|known| described(region, &known, &frame));
    let alerts = alerts.iter().map(|stored| AlertLine::of(region, stored, &frame)).collect();
    Ok(Story { number: number.to_string(), permit, line, scans, alerts, frame, officer })
}

fn described(region: &Region, known: &KnownPermit, frame: &Frame) -> Permit {
    let status = &known.status;
    let within = region.zones().iter().filter(|zone| status.zones & (1 << zone.bit) != 0);
    let names: Vec<&str> = within.map(|zone| zone.name.get(frame.language.code())).collect();
    let day = |day| Date::try_from(day).map(|day| day.to_string()).unwrap_or_default();
    Permit {
        version: status.version,
        travellers: status.travellers,
        copies: status.copies,
        zones: names.join(", "),
        first_day: day(status.valid_from),
        last_day: day(status.valid_to),
        revoked: known.revoked_at_ms.map(words::moment),
    }
}

fn draw(scans: &[Scan], alerts: &[StoredAlert], known: Option<&KnownPermit>) -> Option<Drawn> {
    let valid = known.and_then(validity);
    let raised = || alerts.iter().map(|stored| stored.alert.raised_at_ms);
    let ends = valid.into_iter().flat_map(|(first, last)| [first, last]);
    let line = Line::over(scans.iter().map(|scan| scan.scanned_ms).chain(raised()).chain(ends))?;
    let scanned = scans.iter().map(|scan| Mark {
        x: line.x(scan.scanned_ms),
        sign: scan.sign,
        title: format!("{} {} {}", scan.scanned, scan.post, scan.kind),
    });
    let alerted = raised().map(|at| Mark { x: line.x(at), sign: "alert", title: words::moment(at) });
    Some(Drawn {
        begins: words::moment(line.first_ms()),
        ends: words::moment(line.last_ms()),
        valid: valid.map(|(first, last)| (line.x(first), line.x(last) - line.x(first))),
        // What was done stands before what was made of it.
        marks: alerted.chain(scanned).collect(),
    })
}

/// From the beginning of the first to the end of the last valid day.
fn validity(known: &KnownPermit) -> Option<(i64, i64)> {
    let midnight = |day: Date| {
        let at = day.at(0, 0, 0, 0).to_zoned(BISHKEK.to_time_zone()).ok()?;
        Some(at.timestamp().as_millisecond())
    };
    let first = Date::try_from(known.status.valid_from).ok()?;
    let last = Date::try_from(known.status.valid_to).ok()?;
    Some((midnight(first)?, midnight(last.tomorrow().ok()?)?))
}
