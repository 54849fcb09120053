//! An order that is being typed: its page, what is looked at as it is typed, and what its buttons do.

use askama::Template;
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use propusk_boot::pages::{Fields, Frame, Page};
use propusk_boot::random;
use serde::Deserialize;
use tokio::task::block_in_place;
use uuid::Uuid;

use super::Shared;
use super::findings::{Findings, Stale};
use super::gate::Clerk;
use super::order_fields::{COLUMNS, pasted, read};
use super::trouble::{internal, missing, refused, said};
use crate::api::{IssueRequest, OrderAnswer, correct_order, issue_order};
use crate::draft::{Draft, Overtaken};
use crate::order::OrderFile;
use crate::service::Desk;

#[derive(Template)]
#[template(path = "order.html")]
struct OrderPage {
    frame: Frame,
    clerk: Clerk,
    heading: String,
    draft: Draft,
    findings: Findings,
    zones: Vec<ZoneChoice>,
    stops: Vec<String>,
    /// Empty rows to type in.
    blank: usize,
    columns: [&'static str; 8],
    max_months: u8,
}

struct ZoneChoice {
    id: String,
    name: String,
    chosen: bool,
    /// The route leads through it.
    needed: bool,
}

#[derive(Deserialize)]
pub(crate) struct OrderQuery {
    #[serde(default)]
    rows: usize,
}

/// A new, empty order.
pub(crate) async fn begin(State(desk): Shared, clerk: Clerk) -> Response {
    match begin_draft(&desk, &clerk, OrderFile::default(), None) {
        Ok(id) => Redirect::to(&format!("/orders/{id}")).into_response(),
        Err(error) => internal(error),
    }
}

/// Begins a draft, which may correct a permit.
pub(crate) fn begin_draft(
    desk: &Desk,
    clerk: &Clerk,
    order: OrderFile,
    corrects: Option<(String, u8)>,
) -> anyhow::Result<Uuid> {
    block_in_place(|| {
        let id = random::uuid_v7(desk.service.setting.clock.now(), random::bytes()?);
        let (owner, changed_ms) = (clerk.user.name.clone(), desk.now_ms());
        desk.drafts.begin(&Draft { id, owner, revision: 0, changed_ms, corrects, order })?;
        Ok(id)
    })
}

/// A draft that this clerk may work on: their own, or anybody's for a manager.
pub(crate) fn find(desk: &Desk, clerk: &Clerk, id: Uuid) -> anyhow::Result<Option<Draft>> {
    let draft = block_in_place(|| desk.drafts.find(id))?;
    Ok(draft.filter(|draft| draft.owner == clerk.user.name || clerk.manages()))
}

pub(crate) async fn show(
    State(desk): Shared,
    frame: Frame,
    clerk: Clerk,
    Path(id): Path<Uuid>,
    Query(query): Query<OrderQuery>,
) -> Response {
    match find(&desk, &clerk, id) {
        Ok(Some(draft)) => page(&desk, frame, clerk, draft, query.rows.min(20)).into_response(),
        Ok(None) => missing(),
        Err(error) => internal(error),
    }
}

fn page(desk: &Desk, frame: Frame, clerk: Clerk, draft: Draft, rows: usize) -> Page<OrderPage> {
    let findings = Findings::of(&draft.order, draft.revision, desk, frame.clone());
    let region = &desk.office.region;
    let lang = frame.language.code();
    let route = region.resolve_route(&draft.order.route).unwrap_or_default();
    let needed = region.zones_on(&route);
    let chosen: Vec<_> =
        draft.order.zones.iter().filter_map(|zone| region.zone(zone).ok()).map(|zone| &zone.id).collect();
    let zone = |zone: &propusk_region::Zone| ZoneChoice {
        id: zone.id.to_string(),
        name: zone.name.get(lang).to_owned(),
        chosen: chosen.contains(&&zone.id),
        needed: needed.contains(&zone.id),
    };
    let places = region.places().iter().map(|place| place.name.get(lang).to_owned());
    let posts = region.checkpoints().iter().map(|post| post.name.get(lang).to_owned());
    let mut stops: Vec<String> = posts.chain(places).collect();
    stops.sort();
    stops.dedup();
    let blank = rows.max(usize::from(draft.order.travellers.is_empty()));
    let zones = region.zones().iter().map(zone).collect();
    let max_months = desk.office.config.max_total_months;
    let heading = match &draft.corrects {
        None => frame.say("order-title"),
        Some((number, version)) => {
            let arguments = [("number", number.clone()), ("version", version.to_string())];
            frame.tell("order-corrects", &arguments)
        }
    };
    Page(OrderPage {
        frame,
        clerk,
        heading,
        draft,
        findings,
        zones,
        stops,
        blank,
        columns: COLUMNS,
        max_months,
    })
}

/// Keeps what has been typed and answers with its findings, as a piece of the page.
pub(crate) async fn look(
    State(desk): Shared,
    frame: Frame,
    clerk: Clerk,
    Path(id): Path<Uuid>,
    fields: Fields,
) -> Response {
    match keep(&desk, &clerk, id, &fields, read(&fields)) {
        Ok(draft) => Page(Findings::of(&draft.order, draft.revision, &desk, frame)).into_response(),
        Err(error) if error.is::<Overtaken>() => {
            let text = frame.say("trouble-conflict-todo");
            Page(Stale { text }).into_response()
        }
        Err(error) => internal(error),
    }
}

fn keep(desk: &Desk, clerk: &Clerk, id: Uuid, fields: &Fields, order: OrderFile) -> anyhow::Result<Draft> {
    let seen = fields.get("revision").parse().unwrap_or(u32::MAX);
    find(desk, clerk, id)?.ok_or(Overtaken)?;
    block_in_place(|| desk.drafts.change(id, seen, desk.now_ms(), order))
}

/// What a button of the form does; whatever it is, what was typed is kept first.
pub(crate) async fn act(
    State(desk): Shared,
    frame: Frame,
    clerk: Clerk,
    Path(id): Path<Uuid>,
    fields: Fields,
) -> Response {
    let here = format!("/orders/{id}");
    let action = fields.get("do").to_owned();
    let mut order = read(&fields);
    let mut to = here.clone();
    match action.as_str() {
        "add-row" => to = format!("{here}?rows=1#travellers"),
        "paste" => {
            order.travellers.extend(pasted(fields.get("paste")));
            to = format!("{here}#travellers");
        }
        "zones" => add_needed_zones(&desk, &mut order),
        other => {
            let removed = other.strip_prefix("remove-").and_then(|row| row.parse::<usize>().ok());
            if let Some(row) = removed.filter(|row| *row < order.travellers.len()) {
                order.travellers.remove(row);
                to = format!("{here}#travellers");
            }
        }
    }
    let draft = match keep(&desk, &clerk, id, &fields, order) {
        Ok(draft) => draft,
        Err(error) => return refused(frame, clerk, error, &here),
    };
    match action.as_str() {
        "issue" => issue(&desk, frame, clerk, &draft, &fields),
        "discard" => match block_in_place(|| desk.drafts.remove(id)) {
            Ok(()) => Redirect::to("/").into_response(),
            Err(error) => internal(error),
        },
        _ => Redirect::to(&to).into_response(),
    }
}

/// Ticks the zones that the route leads through.
fn add_needed_zones(desk: &Desk, order: &mut OrderFile) {
    let region = &desk.office.region;
    let needed = region.zones_on(&region.resolve_route(&order.route).unwrap_or_default());
    for zone in needed.iter().map(ToString::to_string) {
        if !order.zones.contains(&zone) {
            order.zones.push(zone);
        }
    }
}

/// Issues the order, or the correction that it is, by the same code as the API.
fn issue(desk: &Desk, frame: Frame, clerk: Clerk, draft: &Draft, fields: &Fields) -> Response {
    let here = format!("/orders/{}", draft.id);
    let request = IssueRequest {
        order: draft.order.clone(),
        overrides: fields.all("override"),
        reason: fields.get("reason").to_owned(),
        version: draft.corrects.as_ref().map(|(_, version)| *version),
        order_id: draft.corrects.is_none().then_some(draft.id),
    };
    let answer = block_in_place(|| match &draft.corrects {
        Some((number, _)) => correct_order(desk, &number.parse()?, &request),
        None => issue_order(desk, &request),
    });
    match answer {
        Ok(OrderAnswer::Done(reply)) => match block_in_place(|| desk.drafts.remove(draft.id)) {
            Ok(()) => Redirect::to(&format!("/permits/{}?done=issued", reply.permit_id)).into_response(),
            Err(error) => internal(error),
        },
        Ok(OrderAnswer::Refused(_)) => {
            let words = (frame.say("order-not-issued"), frame.say("order-not-issued-todo"));
            said(frame, clerk, (StatusCode::UNPROCESSABLE_ENTITY, words.0, words.1), &here)
        }
        Err(error) => refused(frame, clerk, error, &here),
    }
}
