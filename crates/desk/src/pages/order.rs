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

use super::findings::{Findings, Stale};
use super::order_fields::{COLUMNS, read};
use super::order_form::{MOST_BLANK, OrderForm, edit};
use super::trouble::{refused, said};
use super::{Clerk, Shared, internal, missing};
use crate::api::{IssueRequest, OrderAnswer, PermitReply, correct_order, issue_order};
use crate::draft::{Draft, Overtaken};
use crate::online::State as Progress;
use crate::order::OrderFile;
use crate::register::NamedRequest;
use crate::service::Desk;

#[derive(Template)]
#[template(path = "order.html")]
struct OrderPage {
    frame: Frame,
    clerk: Clerk,
    heading: String,
    /// The number of the online order that it is.
    online: Option<String>,
    form: OrderForm,
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

/// A draft that this clerk may work on: their own, anybody's for a manager, and an online order once it was sent.
pub(crate) fn find(desk: &Desk, clerk: &Clerk, id: Uuid) -> anyhow::Result<Option<Draft>> {
    block_in_place(|| {
        let Some(draft) = desk.drafts.find(id)? else { return Ok(None) };
        let may = if draft.is_online() {
            desk.online.find(id)?.is_some_and(|order| order.state.is_clerks())
        } else {
            draft.owner == clerk.user.name || clerk.manages()
        };
        Ok(may.then_some(draft))
    })
}

pub(crate) async fn show(
    State(desk): Shared,
    frame: Frame,
    clerk: Clerk,
    Path(id): Path<Uuid>,
    Query(query): Query<OrderQuery>,
) -> Response {
    match find(&desk, &clerk, id) {
        Ok(Some(draft)) => match page(&desk, frame, clerk, draft, query.rows.min(MOST_BLANK)) {
            Ok(page) => page.into_response(),
            Err(error) => internal(error),
        },
        Ok(None) => missing(),
        Err(error) => internal(error),
    }
}

fn page(
    desk: &Desk,
    frame: Frame,
    clerk: Clerk,
    draft: Draft,
    rows: usize,
) -> anyhow::Result<Page<OrderPage>> {
    let online = if draft.is_online() { block_in_place(|| desk.online.find(draft.id))? } else { None };
    let heading = match &draft.corrects {
        None => frame.say("order-title"),
        Some((number, version)) => {
            let arguments = [("number", number.clone()), ("version", version.to_string())];
            frame.tell("order-corrects", &arguments)
        }
    };
    let online = online.map(|order| order.number);
    let form = OrderForm::of(draft, &COLUMNS, rows, desk, &frame);
    Ok(Page(OrderPage { frame, clerk, heading, online, form }))
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
    let part = edit(&mut order, &action, &fields, &desk.office.region);
    let draft = match keep(&desk, &clerk, id, &fields, order) {
        Ok(draft) => draft,
        Err(error) => return refused(frame, clerk, error, &here),
    };
    match action.as_str() {
        "issue" => issue(&desk, frame, clerk, &draft, &fields),
        // What a traveller ordered is declined with a word to them, not thrown away.
        "discard" if draft.is_online() => Redirect::to(&format!("/inbox/{id}")).into_response(),
        "discard" => match block_in_place(|| desk.drafts.remove(id)) {
            Ok(()) => Redirect::to("/").into_response(),
            Err(error) => internal(error),
        },
        _ => Redirect::to(&format!("{here}{part}")).into_response(),
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
    };
    let answer = block_in_place(|| match &draft.corrects {
        Some((number, _)) => correct_order(desk, &number.parse()?, &request, &clerk.user.name, None),
        None => {
            let named = NamedRequest { id: draft.id, digest: request.order.digest()? };
            issue_order(desk, &request, &clerk.user.name, Some(&named))
        }
    });
    match answer {
        Ok(OrderAnswer::Done(reply)) => match block_in_place(|| done_with(desk, draft, &reply)) {
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

/// What was typed is a permit now; whoever ordered it online learns of it.
fn done_with(desk: &Desk, draft: &Draft, reply: &PermitReply) -> anyhow::Result<()> {
    if draft.is_online() {
        let (permit, now_ms) = (reply.permit_id.parse()?, desk.now_ms());
        desk.online.change(draft.id, now_ms, |order| {
            order.permit = Some(permit);
            order.go(Progress::Issued, now_ms)
        })?;
    }
    desk.drafts.remove(draft.id)
}
