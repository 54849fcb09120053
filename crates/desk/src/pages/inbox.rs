//! The inbox: orders that came online, for clerks.

use askama::Template;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Redirect, Response};
use tokio::task::block_in_place;
use uuid::Uuid;

use super::findings::Findings;
use super::online::{Step, steps};
use super::trouble::refused;
use super::{Clerk, Shared, internal, missing};
use crate::draft::Draft;
use crate::online::{OnlineError, OnlineOrder, Payment, State as Progress};
use crate::order::OrderFile;
use crate::service::Desk;
use propusk_boot::clock::day_and_time;
use propusk_boot::pages::{Fields, Frame, Page};

#[derive(Template)]
#[template(path = "inbox.html")]
struct Inbox {
    frame: Frame,
    clerk: Clerk,
    lines: Vec<Line>,
}

/// An order of the list.
struct Line {
    order: OnlineOrder,
    state: String,
    lead: String,
    travellers: usize,
    /// Errors that stand against it.
    errors: usize,
    from: String,
    changed: String,
}

#[derive(Template)]
#[template(path = "inbox_order.html")]
struct InboxOrder {
    frame: Frame,
    clerk: Clerk,
    order: OnlineOrder,
    steps: Vec<Step>,
    state: String,
    draft: Option<Draft>,
    findings: Option<Findings>,
    messages: Vec<Said>,
}

impl InboxOrder {
    /// Whether the authority's paper may come next.
    fn takes_original(&self) -> bool {
        self.order.state.next().contains(&Progress::Original)
    }
}

/// A message as it is shown.
pub(crate) struct Said {
    pub who: String,
    pub at: String,
    pub text: String,
}

pub(crate) async fn list(State(desk): Shared, frame: Frame, clerk: Clerk) -> Response {
    let lines = block_in_place(|| -> anyhow::Result<Vec<Line>> {
        let orders = desk.online.inbox()?;
        desk.note_online("inbox", &clerk.user.name, &orders)?;
        let line = |order: OnlineOrder| Ok(line(&desk, &frame, desk.drafts.find(order.id)?, order));
        orders.into_iter().map(line).collect()
    });
    match lines {
        Ok(lines) => Page(Inbox { frame, clerk, lines }).into_response(),
        Err(error) => internal(error),
    }
}

fn line(desk: &Desk, frame: &Frame, draft: Option<Draft>, order: OnlineOrder) -> Line {
    let errors = draft.as_ref().map_or(0, |draft| checked(draft, desk, frame).errors);
    let ordered = draft.map(|draft| draft.order).unwrap_or_default();
    let today = desk.service.setting.clock.today();
    let lead = ordered.travellers.first().map(|lead| lead.who(today)[..2].join(" ")).unwrap_or_default();
    Line {
        state: frame.say(&format!("online-state-{}", order.state.as_str())),
        lead,
        travellers: ordered.travellers.len(),
        errors,
        from: ordered.valid_from.unwrap_or_default(),
        changed: day_and_time(order.changed_ms),
        order,
    }
}

fn checked(draft: &Draft, desk: &Desk, frame: &Frame) -> Findings {
    Findings::of(&draft.order, draft.revision, desk, frame.clone())
}

/// An order that a clerk has to do with.
fn find(desk: &Desk, id: Uuid) -> anyhow::Result<Option<OnlineOrder>> {
    Ok(desk.online.find(id)?.filter(|order| !order.state.is_travellers() || !order.gone.is_empty()))
}

pub(crate) async fn show(State(desk): Shared, frame: Frame, clerk: Clerk, Path(id): Path<Uuid>) -> Response {
    let found = block_in_place(|| -> anyhow::Result<_> {
        let Some(order) = find(&desk, id)? else { return Ok(None) };
        desk.note_online("online-order", &clerk.user.name, [&order])?;
        Ok(Some((order, desk.drafts.find(id)?)))
    });
    match found {
        Ok(Some((order, draft))) => {
            let findings = draft.as_ref().map(|draft| checked(draft, &desk, &frame));
            let state = frame.say(&format!("online-state-{}", order.state.as_str()));
            let steps = steps(&order, &frame);
            let messages = messages(&order, &frame);
            Page(InboxOrder { frame, clerk, order, steps, state, draft, findings, messages }).into_response()
        }
        Ok(None) => missing(),
        Err(error) => internal(error),
    }
}

/// What was said, in order.
pub(crate) fn messages(order: &OnlineOrder, frame: &Frame) -> Vec<Said> {
    let said = order.messages.iter().map(|message| Said {
        who: message.from.clone().unwrap_or_else(|| frame.say("online-traveller")),
        at: day_and_time(message.at_ms),
        text: message.text.clone(),
    });
    said.collect()
}

/// Goes on to the next step, with a word to the traveller where there is one.
pub(crate) async fn go(
    State(desk): Shared,
    frame: Frame,
    clerk: Clerk,
    Path(id): Path<Uuid>,
    fields: Fields,
) -> Response {
    let done = block_in_place(|| -> anyhow::Result<()> {
        let now_ms = desk.now_ms();
        let order = find(&desk, id)?.ok_or(OnlineError::Moved)?;
        let wanted = order.state.next().iter().find(|next| next.as_str() == fields.get("do"));
        let next = *wanted.ok_or(OnlineError::Moved)?;
        let original = (fields.get("original_number").to_owned(), fields.get("original_date").to_owned());
        if next == Progress::Original && original.0.is_empty() {
            return Err(OnlineError::Text.into());
        }
        desk.online.change(id, now_ms, |order| {
            let text = fields.get("text");
            // Who gets an order back, or none at all, is told why.
            if !text.is_empty() || matches!(next, Progress::Returned | Progress::Declined) {
                order.say(Some(clerk.user.name.clone()), text, now_ms)?;
            }
            if next == Progress::Original {
                order.original = Some(original.clone());
            }
            order.go(next, now_ms)
        })?;
        match next {
            Progress::Original => refer(&desk, id, &original),
            Progress::Declined => desk.drafts.remove(id),
            _ => Ok(()),
        }
    });
    answer(frame, clerk, id, done)
}

/// The authority's number stands on our sheets too.
fn refer(desk: &Desk, id: Uuid, (number, date): &(String, String)) -> anyhow::Result<()> {
    let Some(draft) = desk.drafts.find(id)? else { return Ok(()) };
    let reference = if date.is_empty() { number.clone() } else { format!("{number} ({date})") };
    let order = OrderFile { authority_reference: Some(reference), ..draft.order };
    desk.drafts.change(id, draft.revision, desk.now_ms(), order).map(drop)
}

pub(crate) async fn say(
    State(desk): Shared,
    frame: Frame,
    clerk: Clerk,
    Path(id): Path<Uuid>,
    fields: Fields,
) -> Response {
    let (now_ms, from) = (desk.now_ms(), clerk.user.name.clone());
    let said = block_in_place(|| {
        desk.online.change(id, now_ms, |order| order.say(Some(from), fields.get("text"), now_ms))
    });
    answer(frame, clerk, id, said)
}

/// Notes what is known of the money.
pub(crate) async fn pay(
    State(desk): Shared,
    frame: Frame,
    clerk: Clerk,
    Path(id): Path<Uuid>,
    fields: Fields,
) -> Response {
    let note = |name: &str| fields.get(name).chars().take(100).collect::<String>();
    let payment = Payment { due: note("due"), paid: note("paid"), how: note("how") };
    let noted = block_in_place(|| {
        desk.online.change(id, desk.now_ms(), |order| {
            order.payment = payment;
            Ok(())
        })
    });
    answer(frame, clerk, id, noted)
}

fn answer(frame: Frame, clerk: Clerk, id: Uuid, done: anyhow::Result<()>) -> Response {
    let here = format!("/inbox/{id}");
    match done {
        Ok(()) => Redirect::to(&here).into_response(),
        Err(error) => refused(frame, clerk, error, &here),
    }
}
