//! What the API answers: permits as they are issued, and as they are shown.

use axum::Json;
use axum::http::StatusCode;
use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse, Response};
use propusk_boot::http::{PROBLEM_JSON, ProblemBody};
use propusk_permit::PermitNumber;
use serde::{Deserialize, Serialize};

use crate::check::FindingRow;
use crate::print::seals;
use crate::quote::{Quote, quote};
use crate::register::Entry;
use crate::service::Desk;

/// What issuing, changing and printing answer (DESIGN.md §7, `issue --json`).
#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct PermitReply {
    pub permit_number: String,
    pub permit_id: String,
    pub version: u8,
    pub valid_from: String,
    pub valid_to: String,
    pub zones: Vec<String>,
    pub copies: Vec<CopyReply>,
    pub pdf: Option<String>,
    pub price: Option<Quote>,
    pub findings: Vec<FindingRow>,
}

/// One copy and its seals.
#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct CopyReply {
    pub copy: u8,
    /// The seal of the first sheet.
    pub seal: String,
    /// The seals of all sheets.
    pub seals: Vec<String>,
}

/// A permit as `show` and `list` print it.
#[derive(Serialize, Deserialize)]
pub(crate) struct PermitView {
    pub permit_number: String,
    pub permit_id: String,
    pub version: u8,
    /// `issued` or `revoked`.
    pub state: String,
    pub issued_on: String,
    pub valid_from: String,
    pub valid_to: String,
    pub zones: Vec<String>,
    pub route: Vec<String>,
    pub copies: u8,
    pub travellers: Vec<TravellerView>,
    /// The size of the group, also where its people are forgotten.
    pub group: u8,
    /// Since when its people are forgotten.
    pub purged: Option<PurgeView>,
    pub history: Vec<HistoryView>,
}

/// That a permit's personal data were erased.
#[derive(Serialize, Deserialize)]
pub(crate) struct PurgeView {
    pub at: String,
    pub by: String,
    pub reason: String,
}

/// A traveller as the clerk sees them.
#[derive(Serialize, Deserialize)]
pub(crate) struct TravellerView {
    pub surname: String,
    pub given_names: String,
    pub document_number: String,
    pub nationality: String,
}

/// One thing that happened to a permit.
#[derive(Serialize, Deserialize)]
pub(crate) struct HistoryView {
    pub at: String,
    pub version: u8,
    pub what: String,
    pub note: Option<String>,
}

/// Why an order was not taken, with its findings.
#[derive(Serialize, Deserialize)]
pub(crate) struct RefusedOrder {
    #[serde(flatten)]
    pub problem: ProblemBody,
    pub findings: Vec<FindingRow>,
}

/// What an order's handler answers: done, refused with findings, or not understood.
pub(crate) enum OrderAnswer {
    Done(Box<PermitReply>),
    Refused(RefusedOrder),
}

impl IntoResponse for OrderAnswer {
    fn into_response(self) -> Response {
        match self {
            Self::Done(reply) => Json(*reply).into_response(),
            Self::Refused(refused) => {
                let kind = [(CONTENT_TYPE, PROBLEM_JSON)];
                (StatusCode::UNPROCESSABLE_ENTITY, kind, Json(refused)).into_response()
            }
        }
    }
}

/// A permit as it was issued, changed or printed.
pub(super) fn reply(desk: &Desk, entry: &Entry, findings: Vec<FindingRow>) -> anyhow::Result<PermitReply> {
    let all: Vec<u8> = (0..=entry.details.copies).collect();
    // A seal names people: there is none of a permit whose people are forgotten.
    let sealed = if entry.key.is_some() { seals(entry, &all, &desk.office)? } else { Vec::new() };
    let copies = sealed.into_iter().map(|(copy, sheets)| {
        let seals: Vec<String> = sheets.into_iter().map(|sheet| sheet.text).collect();
        CopyReply { copy, seal: seals.first().cloned().unwrap_or_default(), seals }
    });
    let permit = entry.permit()?;
    Ok(PermitReply {
        permit_number: permit.number.to_string(),
        permit_id: permit.id.to_string(),
        version: permit.version,
        valid_from: permit.contents.valid_from.to_string(),
        valid_to: permit.contents.valid_to.to_string(),
        zones: entry.details.zones.clone(),
        copies: copies.collect(),
        pdf: None,
        price: quote(&desk.office.region, permit.contents.zones.len()).ok(),
        findings,
    })
}

/// The permit as the clerk sees it.
pub(crate) fn view(entry: &Entry) -> PermitView {
    let details = &entry.details;
    let day = |day: propusk_proto::Day| {
        jiff::civil::Date::try_from(day).map_or_else(|_| day.0.to_string(), |date| date.to_string())
    };
    let number = details.number.parse::<PermitNumber>();
    PermitView {
        permit_number: number.map_or_else(|_| details.number.clone(), |number| number.to_string()),
        permit_id: details.id.to_string(),
        version: details.version,
        state: if details.revoked.is_some() { "revoked" } else { "issued" }.to_owned(),
        issued_on: day(details.issued_on),
        valid_from: day(details.valid_from),
        valid_to: day(details.valid_to),
        zones: details.zones.clone(),
        route: details.route.iter().map(|stop| stop.id().to_owned()).collect(),
        copies: details.copies,
        travellers: details.travellers.iter().map(traveller_view).collect(),
        group: entry.group,
        purged: entry.purged.as_ref().map(|purged| PurgeView {
            at: time(purged.at_ms),
            by: purged.by.clone(),
            reason: purged.why.clone(),
        }),
        history: entry.history.iter().map(history_view).collect(),
    }
}

fn traveller_view(traveller: &propusk_proto::details::TravellerDetails) -> TravellerView {
    let text = |value: &Option<String>| value.clone().unwrap_or_default();
    TravellerView {
        surname: text(&traveller.surname),
        given_names: text(&traveller.given_names),
        document_number: text(&traveller.document_number),
        nationality: text(&traveller.nationality),
    }
}

fn history_view(entry: &crate::register::HistoryEntry) -> HistoryView {
    let at = time(entry.at_ms);
    HistoryView { at, version: entry.version, what: entry.what.clone(), note: entry.note.clone() }
}

fn time(ms: i64) -> String {
    jiff::Timestamp::from_millisecond(ms).map(|at| at.to_string()).unwrap_or_default()
}
