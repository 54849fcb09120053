//! Ordering online, for travellers: a private link opens one order and nothing else. It stands in the address, where no
//! page of ours sends it on (`Referrer-Policy: no-referrer`) and no log has it.

use std::net::SocketAddr;

use askama::Template;
use axum::extract::{ConnectInfo, Path, Query, State};
use axum::http::StatusCode;
use axum::http::header::RETRY_AFTER;
use axum::response::{IntoResponse, Redirect, Response};
use propusk_boot::clock::day_and_time;
use propusk_boot::random;
use serde::Deserialize;
use tokio::task::block_in_place;
use uuid::Uuid;

use super::findings::{Findings, Stale};
use super::inbox::{Said, messages};
use super::order_fields::{COLUMNS, read};
use super::order_form::{MOST_BLANK, OrderForm, edit};
use super::{Shared, internal, missing};
use crate::draft::{Draft, Overtaken};
use crate::online::{OnlineError, OnlineOrder, STEPS, State as Progress, checked};
use crate::order::OrderFile;
use crate::service::Desk;
use propusk_boot::pages::{Fields, Frame, Page};

/// What a traveller fills in of a row: the role is the agency's business.
const TRAVELLERS_COLUMNS: &[&str] = COLUMNS.split_at(7).0;

#[derive(Template)]
#[template(path = "online_start.html")]
struct Start {
    frame: Frame,
    agency: String,
    error: Option<String>,
}

#[derive(Template)]
#[template(path = "online.html")]
struct OnlinePage {
    frame: Frame,
    link: String,
    agency: String,
    order: OnlineOrder,
    state: String,
    /// What the traveller does now.
    todo: String,
    steps: Vec<Step>,
    messages: Vec<Said>,
    /// What is ordered, until it is a permit.
    form: Option<OrderForm>,
    /// For whom: surname, given names, document number.
    ordered: Vec<[String; 3]>,
    said: Option<String>,
}

/// One step of the way.
pub(crate) struct Step {
    pub name: String,
    pub at: Option<String>,
    pub here: bool,
}

#[derive(Deserialize)]
pub(crate) struct OpenQuery {
    #[serde(default)]
    rows: usize,
    /// What the last form led to.
    #[serde(default)]
    said: String,
}

pub(crate) async fn show(State(desk): Shared, frame: Frame) -> Response {
    let agency = desk.office.config.agency.clone();
    Page(Start { frame, agency, error: None }).into_response()
}

/// Begins an order and leads to its private link.
pub(crate) async fn begin(
    State(desk): Shared,
    ConnectInfo(from): ConnectInfo<SocketAddr>,
    frame: Frame,
) -> Response {
    if let Err(wait) = desk.limits.order(from.ip()) {
        let (agency, error) = (desk.office.config.agency.clone(), Some(frame.say("online-too-often")));
        let page = Page(Start { frame: frame.at("/order"), agency, error });
        return (StatusCode::TOO_MANY_REQUESTS, [(RETRY_AFTER, wait.as_secs().to_string())], page)
            .into_response();
    }
    let begun = block_in_place(|| -> anyhow::Result<String> {
        let (id, changed_ms) =
            (random::uuid_v7(desk.service.setting.clock.now(), random::bytes()?), desk.now_ms());
        let draft = Draft {
            id,
            owner: String::new(),
            revision: 0,
            changed_ms,
            corrects: None,
            order: OrderFile::default(),
        };
        desk.drafts.begin(&draft)?;
        desk.online.begin(id, changed_ms)
    });
    match begun {
        Ok(link) => Redirect::to(&format!("/order/{link}")).into_response(),
        Err(error) => internal(error),
    }
}

pub(crate) async fn open(
    State(desk): Shared,
    frame: Frame,
    Path(link): Path<String>,
    Query(query): Query<OpenQuery>,
) -> Response {
    let found = block_in_place(|| -> anyhow::Result<_> {
        let Some(order) = desk.online.behind(&link)? else { return Ok(None) };
        let draft = desk.drafts.find(order.id)?;
        Ok(Some((order, draft)))
    });
    match found {
        Ok(Some((order, draft))) => {
            let rows = query.rows.min(MOST_BLANK);
            let today = desk.service.setting.clock.today();
            let travellers = draft.iter().flat_map(|draft| &draft.order.travellers);
            let ordered = travellers.map(|entry| entry.who(today)).collect();
            let form = draft.map(|draft| OrderForm::of(draft, TRAVELLERS_COLUMNS, rows, &desk, &frame));
            let said = SAID
                .contains(&query.said.as_str())
                .then(|| frame.say(&format!("online-said-{}", query.said)));
            let word = order.state.as_str();
            let state = frame.say(&format!("online-state-{word}"));
            let todo = frame.say(&format!("online-todo-{word}"));
            let (steps, messages) = (steps(&order, &frame), messages(&order, &frame));
            let agency = desk.office.config.agency.clone();
            Page(OnlinePage { frame, link, agency, order, state, todo, steps, messages, form, ordered, said })
                .into_response()
        }
        Ok(None) => missing(),
        Err(error) => internal(error),
    }
}

/// What a page can say after a form.
const SAID: [&str; 7] = ["sent", "withdrawn", "message", "conflict", "text", "incomplete", "moved"];

/// The steps that the order goes, with when it did.
pub(crate) fn steps(order: &OnlineOrder, frame: &Frame) -> Vec<Step> {
    let step = |state: Progress| Step {
        name: frame.say(&format!("online-state-{}", state.as_str())),
        at: order.since(state).map(day_and_time),
        here: order.state == state,
    };
    STEPS.into_iter().map(step).collect()
}

/// The order behind a link while the traveller may change it.
fn travellers(desk: &Desk, link: &str) -> anyhow::Result<Option<Uuid>> {
    let order = desk.online.behind(link)?;
    Ok(order.filter(|order| order.state.is_travellers()).map(|order| order.id))
}

/// Keeps what was typed. What only the agency fills in stays as it is.
fn keep(desk: &Desk, id: Uuid, fields: &Fields, mut typed: OrderFile) -> anyhow::Result<Draft> {
    let seen = fields.get("revision").parse().unwrap_or(u32::MAX);
    let before = desk.drafts.find(id)?.ok_or(Overtaken)?.order;
    typed.travellers.truncate(propusk_permit::MAX_TRAVELLERS);
    typed.travellers.iter_mut().for_each(|entry| entry.role.clear());
    let order = OrderFile { copies: before.copies, authority_reference: before.authority_reference, ..typed };
    desk.drafts.change(id, seen, desk.now_ms(), order)
}

pub(crate) async fn look(
    State(desk): Shared,
    frame: Frame,
    Path(link): Path<String>,
    fields: Fields,
) -> Response {
    let kept = block_in_place(|| match travellers(&desk, &link)? {
        Some(id) => keep(&desk, id, &fields, read(&fields)),
        None => Err(Overtaken.into()),
    });
    match kept {
        Ok(draft) => Page(Findings::of(&draft.order, draft.revision, &desk, frame)).into_response(),
        Err(error) if error.is::<Overtaken>() => {
            let text = frame.say("trouble-conflict-todo");
            Page(Stale { text }).into_response()
        }
        Err(error) => internal(error),
    }
}

/// What a button of the traveller's form does; what was typed is kept first.
pub(crate) async fn act(State(desk): Shared, Path(link): Path<String>, fields: Fields) -> Response {
    let done = block_in_place(|| match fields.get("do") {
        "withdraw" => withdraw(&desk, &link),
        action => change(&desk, &link, action, &fields),
    });
    answer(&link, done)
}

fn change(desk: &Desk, link: &str, action: &str, fields: &Fields) -> anyhow::Result<String> {
    let id = travellers(desk, link)?.ok_or(OnlineError::Moved)?;
    let mut order = read(fields);
    let part = edit(&mut order, action, fields, &desk.office.region);
    let draft = keep(desk, id, fields, order)?;
    let (contact, now_ms) = (fields.get("contact").to_owned(), desk.now_ms());
    if action != "send" {
        desk.online.change(id, now_ms, |order| {
            order.contact = contact.chars().take(200).collect();
            Ok(())
        })?;
        return Ok(part.to_owned());
    }
    let ordered = &draft.order;
    let whole = !ordered.travellers.is_empty() && ordered.valid_from.is_some();
    if !whole || ordered.zones.is_empty() && ordered.route.is_empty() || checked(&contact).is_err() {
        return Ok("?said=incomplete".to_owned());
    }
    desk.online.change(id, now_ms, |order| {
        order.contact = checked(&contact)?;
        order.go(Progress::Received, now_ms)
    })?;
    Ok("?said=sent".to_owned())
}

fn withdraw(desk: &Desk, link: &str) -> anyhow::Result<String> {
    let order = desk.online.behind(link)?.ok_or(OnlineError::Moved)?;
    desk.online.change(order.id, desk.now_ms(), |order| order.go(Progress::Withdrawn, desk.now_ms()))?;
    desk.drafts.remove(order.id)?;
    Ok("?said=withdrawn".to_owned())
}

pub(crate) async fn say(
    State(desk): Shared,
    ConnectInfo(from): ConnectInfo<SocketAddr>,
    Path(link): Path<String>,
    fields: Fields,
) -> Response {
    if let Err(wait) = desk.limits.message(from.ip()) {
        let wait = [(RETRY_AFTER, wait.as_secs().to_string())];
        return (StatusCode::TOO_MANY_REQUESTS, wait).into_response();
    }
    let said = block_in_place(|| -> anyhow::Result<String> {
        let id = desk.online.behind(&link)?.ok_or(OnlineError::Moved)?.id;
        let now_ms = desk.now_ms();
        desk.online.change(id, now_ms, |order| order.say(None, fields.get("text"), now_ms))?;
        Ok("?said=message#messages".to_owned())
    });
    answer(&link, said)
}

/// Leads back to the order, which says what came of it.
fn answer(link: &str, done: anyhow::Result<String>) -> Response {
    let to = match done {
        Ok(to) => to,
        Err(error) if error.is::<Overtaken>() => "?said=conflict".to_owned(),
        Err(error) => match error.downcast_ref::<OnlineError>() {
            Some(OnlineError::Moved) => "?said=moved".to_owned(),
            Some(_) => "?said=text".to_owned(),
            None => return internal(error),
        },
    };
    Redirect::to(&format!("/order/{link}{to}")).into_response()
}
