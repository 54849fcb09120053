//! One permit: what it says, its paper, its history, and what changed since it was printed.

use askama::Template;
use axum::extract::{Path, Query, State};
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use propusk_boot::clock::{day_and_time, shown};
use propusk_boot::pages::{Frame, Page, Policy};
use propusk_permit::PermitNumber;
use propusk_proto::PermitDetails;
use serde::Deserialize;
use tokio::task::block_in_place;
use uuid::Uuid;

use super::list::{grouped, zone_names};
use super::trouble::refused;
use super::{Clerk, Shared, missing};
use crate::api::{PermitView, view};
use crate::print::{parse_copies, pdf};
use crate::quote::{Quote, quote};
use crate::register::{Entry, HistoryEntry, Purged};
use crate::service::Desk;

#[derive(Template)]
#[template(path = "permit.html")]
struct PermitPage {
    frame: Frame,
    clerk: Clerk,
    id: Uuid,
    number: String,
    permit: PermitView,
    zones: String,
    route: String,
    price: Option<Quote>,
    story: Vec<Step>,
    /// What the newest version changed that was not printed yet: the field's name, before, now.
    changed: Vec<(String, String, String)>,
    /// Since when, and why, nobody is named any more.
    erased: Option<String>,
    done: bool,
    max_months: u8,
}

struct Step {
    at: String,
    what: String,
    note: Option<String>,
}

#[derive(Deserialize)]
pub(crate) struct PermitQuery {
    done: Option<String>,
}

#[derive(Deserialize)]
pub(crate) struct SheetsQuery {
    #[serde(default)]
    copies: String,
}

/// The permit with this id.
pub(crate) fn find(desk: &Desk, id: Uuid) -> anyhow::Result<Option<(PermitNumber, Entry)>> {
    let Some(card) = desk.register.catalogue.get(id) else { return Ok(None) };
    let number: PermitNumber = card.number.parse()?;
    let entry = block_in_place(|| desk.register.find(&number))?;
    Ok(Some((number, entry)))
}

pub(crate) async fn show(
    State(desk): Shared,
    frame: Frame,
    clerk: Clerk,
    Path(id): Path<Uuid>,
    Query(query): Query<PermitQuery>,
) -> Response {
    let frame = frame.at(format!("/permits/{id}"));
    let noted = |entry: Entry| {
        block_in_place(|| desk.note("show", &clerk.user.name, [&entry]))?;
        Ok((changes(&desk, &entry, &frame)?, entry))
    };
    let found = find(&desk, id).and_then(|found| found.map(|(_, entry)| noted(entry)).transpose());
    let (changed, entry) = match found {
        Ok(Some(found)) => found,
        Ok(None) => return missing(),
        Err(error) => return refused(frame, clerk, error, "/"),
    };
    let permit = view(&entry);
    let region = &desk.office.region;
    let page = PermitPage {
        id,
        number: grouped(&entry.details.number),
        zones: zone_names(&permit.zones, region, &frame),
        route: route(&entry.details, &desk, &frame),
        price: quote(region, permit.zones.len()).ok(),
        story: entry.history.iter().rev().map(|step| told(step, &frame)).collect(),
        changed,
        erased: entry.purged.as_ref().map(|purged| erased(purged, &frame)),
        done: query.done.is_some(),
        max_months: desk.office.config.max_total_months,
        frame,
        clerk,
        permit,
    };
    (Policy::strict().allow("frame-src", "'self'"), Page(page)).into_response()
}

fn erased(purged: &Purged, frame: &Frame) -> String {
    let date = shown(purged.at_ms, "%Y-%m-%d");
    frame.tell("permit-purged", &[("date", date), ("by", purged.by.clone()), ("reason", purged.why.clone())])
}

fn told(step: &HistoryEntry, frame: &Frame) -> Step {
    Step {
        at: day_and_time(step.at_ms),
        what: frame.tell(&format!("story-{}", step.what), &[("version", step.version.to_string())]),
        note: step.note.clone(),
    }
}

fn route(details: &PermitDetails, desk: &Desk, frame: &Frame) -> String {
    let region = &desk.office.region;
    let name = |id: &str| {
        let stops = region.resolve_route(&[id]).unwrap_or_default();
        let names = stops.first().and_then(|stop| region.names_of(stop));
        names.map_or_else(|| id.to_owned(), |names| names.get(frame.language.code()).to_owned())
    };
    details.route.iter().map(|stop| name(stop.id())).collect::<Vec<_>>().join(" → ")
}

/// What differs between the newest version and the one that was printed last; nothing where none was.
fn changes(desk: &Desk, entry: &Entry, frame: &Frame) -> anyhow::Result<Vec<(String, String, String)>> {
    let printed = entry.history.iter().rev().find(|step| step.what == "printed").map(|step| step.version);
    let Some(printed) = printed.filter(|version| *version < entry.details.version) else {
        return Ok(Vec::new());
    };
    let old = block_in_place(|| desk.register.version(entry, printed))?;
    let Some(old) = old else { return Ok(Vec::new()) };
    let facts = |details: &PermitDetails| {
        let permit = details.permit();
        let date = |pick: fn(&propusk_permit::order::Contents) -> jiff::civil::Date| {
            permit.as_ref().map(|permit| pick(&permit.contents).to_string()).unwrap_or_default()
        };
        let travellers = details.travellers.iter().map(|one| {
            let parts = [&one.surname, &one.given_names, &one.document_number];
            parts.into_iter().flatten().cloned().collect::<Vec<_>>().join(" ")
        });
        [
            ("permit-from", date(|contents| contents.valid_from)),
            ("permit-to", date(|contents| contents.valid_to)),
            ("list-zones", zone_names(&details.zones, &desk.office.region, frame)),
            ("permit-route", route(details, desk, frame)),
            ("list-travellers", travellers.collect::<Vec<_>>().join("; ")),
            ("permit-copies", details.copies.to_string()),
        ]
    };
    let pairs = facts(&old).into_iter().zip(facts(&entry.details));
    let differing = pairs.filter(|((_, before), (_, now))| before != now);
    Ok(differing.map(|((id, before), (_, now))| (frame.say(id), before, now)).collect())
}

/// The paper, to be shown in the page or printed.
pub(crate) async fn sheets(
    State(desk): Shared,
    frame: Frame,
    clerk: Clerk,
    Path(id): Path<Uuid>,
    Query(query): Query<SheetsQuery>,
) -> Response {
    let back = format!("/permits/{id}");
    let drawn = find(&desk, id).and_then(|found| {
        let Some((_, entry)) = found else { return Ok(None) };
        let copies = parse_copies(&query.copies, entry.details.copies)?;
        entry.with_people()?;
        block_in_place(|| {
            desk.note("sheets", &clerk.user.name, [&entry])?;
            pdf(&entry, None, &copies, &desk.office)
        })
        .map(Some)
    });
    match drawn {
        Ok(Some(bytes)) => {
            let policy = Policy::strict().allow("frame-ancestors", "'self'").allow("object-src", "'self'");
            let policy = policy.allow("style-src", "'unsafe-inline'");
            let head = [(CONTENT_TYPE, "application/pdf"), (CONTENT_DISPOSITION, "inline")];
            (policy, head, bytes).into_response()
        }
        Ok(None) => missing(),
        Err(error) => refused(frame, clerk, error, &back),
    }
}
