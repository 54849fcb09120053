//! Alerts: the newest, each with the records that show it, and who has seen to it.

use askama::Template;
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use propusk_boot::pages::{Fields, Frame, Page};
use propusk_region::Region;
use serde::Deserialize;
use tokio::task::block_in_place;
use uuid::Uuid;

use super::story::{Scan, scan};
use super::words;
use super::{Officer, Shared, internal, missing};
use crate::api::AcknowledgeRequest;
use crate::questions::{printed, row_at};
use crate::service::Recorder;
use crate::values::{StoredAlert, read};
use crate::{alerts, keys};

/// Alerts of one page.
const A_PAGE: usize = 50;

/// An alert in a list.
pub(super) struct AlertLine {
    pub id: Uuid,
    pub at: String,
    pub post: String,
    pub sentence: String,
    pub permit: Option<String>,
    pub device: Option<String>,
    /// Who has seen to it, and what came of it.
    pub seen_to: Option<String>,
}

impl AlertLine {
    pub(super) fn of(region: &Region, stored: &StoredAlert, frame: &Frame) -> Self {
        let StoredAlert { alert, acknowledged } = stored;
        let said = acknowledged.as_ref().map(|seen| {
            let args =
                [("by", seen.by.clone()), ("at", words::moment(seen.at_ms)), ("note", seen.note.clone())];
            frame.tell("alert-acknowledged", &args)
        });
        Self {
            id: alert.id,
            at: words::moment(alert.raised_at_ms),
            post: words::post(region, &alert.post, frame),
            sentence: words::alert(region, alert, frame),
            permit: alert.permit.as_deref().map(printed),
            device: alert.device.as_ref().map(ToString::to_string),
            seen_to: said,
        }
    }
}

#[derive(Template)]
#[template(path = "alerts.html")]
struct List {
    frame: Frame,
    officer: Officer,
    alerts: Vec<AlertLine>,
    /// Only those to which nobody has seen.
    open: bool,
    /// Where older ones begin.
    older: Option<Uuid>,
}

#[derive(Template)]
#[template(path = "alert.html")]
struct One {
    frame: Frame,
    officer: Officer,
    alert: AlertLine,
    scans: Vec<Scan>,
    error: Option<String>,
}

#[derive(Deserialize)]
pub(super) struct ListQuery {
    before: Option<Uuid>,
    #[serde(default)]
    open: bool,
}

pub(super) async fn list(
    State(recorder): Shared,
    frame: Frame,
    officer: Officer,
    Query(query): Query<ListQuery>,
) -> Response {
    match block_in_place(|| a_page(&recorder, &query)) {
        Ok(found) => {
            let older = (found.len() == A_PAGE).then(|| found.last().map(|last| last.alert.id)).flatten();
            let line = |stored: &StoredAlert| AlertLine::of(&recorder.region, stored, &frame);
            let alerts = found.iter().map(line).collect();
            Page(List { frame, officer, alerts, open: query.open, older }).into_response()
        }
        Err(error) => internal(error),
    }
}

fn a_page(recorder: &Recorder, query: &ListQuery) -> anyhow::Result<Vec<StoredAlert>> {
    let wanted = |stored: &StoredAlert| {
        query.before.is_none_or(|before| stored.alert.id < before)
            && !(query.open && stored.acknowledged.is_some())
    };
    let all = alerts::all_back(&recorder.store);
    all.filter(|stored| stored.as_ref().map_or(true, wanted)).take(A_PAGE).collect()
}

pub(super) async fn show(
    State(recorder): Shared,
    frame: Frame,
    officer: Officer,
    Path(id): Path<Uuid>,
) -> Response {
    one(&recorder, frame, officer, id, None)
}

fn one(recorder: &Recorder, frame: Frame, officer: Officer, id: Uuid, error: Option<String>) -> Response {
    let found = block_in_place(|| -> anyhow::Result<_> {
        let Some(stored) = read::<StoredAlert>(&recorder.store, &keys::alert(id))? else { return Ok(None) };
        let scans = evidence(recorder, &stored, &frame)?;
        Ok(Some((AlertLine::of(&recorder.region, &stored, &frame), scans)))
    });
    match found {
        Ok(Some((alert, scans))) => {
            let status = if error.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
            let frame = frame.at(format!("/board/alerts/{id}"));
            (status, Page(One { frame, officer, alert, scans, error })).into_response()
        }
        Ok(None) => missing(),
        Err(error) => internal(error),
    }
}

fn evidence(recorder: &Recorder, stored: &StoredAlert, frame: &Frame) -> anyhow::Result<Vec<Scan>> {
    let rows = stored.alert.evidence.iter().map(|place| row_at(&recorder.store, *place));
    let rows = rows.filter_map(Result::transpose);
    rows.map(|row| Ok(scan(&recorder.region, row?, frame))).collect()
}

/// Notes that an officer has seen to it. What was noted first stays.
pub(super) async fn acknowledge(
    State(recorder): Shared,
    frame: Frame,
    officer: Officer,
    Path(id): Path<Uuid>,
    fields: Fields,
) -> Response {
    let request = AcknowledgeRequest { by: officer.user.name.clone(), note: fields.get("note").to_owned() };
    let Ok(by) = request.check(recorder.now_ms()) else {
        let error = frame.say("board-note-long");
        return one(&recorder, frame, officer, id, Some(error));
    };
    match block_in_place(|| alerts::acknowledge(&recorder.store, id, by)) {
        Ok(Some(_)) => Redirect::to(&format!("/board/alerts/{id}")).into_response(),
        Ok(None) => missing(),
        Err(error) => internal(error),
    }
}
