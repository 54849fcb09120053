//! Orders: issued as permits, or as corrected versions of them.

use axum::extract::{Path, State};
use propusk_boot::http::{JsonObject, Problem};
use propusk_permit::PermitNumber;
use propusk_permit::order::Order;
use serde::{Deserialize, Serialize};

use super::Shared;
use super::answer::{OrderAnswer, RefusedOrder, reply};
use super::change::change;
use super::gate::Caller;
use super::once::Named;
use super::trouble::{parse_number, run};
use crate::check::{check, refuses};
use crate::issue::{Amendment, Decision, issue};
use crate::register::{Entry, NamedRequest};
use crate::service::Desk;
use crate::{DeskError, OrderFile};

/// `POST /v1/permits` and `POST /v1/permits/{number}/corrections`.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct IssueRequest {
    pub order: OrderFile,
    /// Codes of error findings that the clerk overrides.
    #[serde(default)]
    pub overrides: Vec<String>,
    /// Why.
    #[serde(default)]
    pub reason: String,
    /// The version on which a correction was decided.
    #[serde(default)]
    pub version: Option<u8>,
}

pub(super) async fn issue_permit(
    State(desk): Shared,
    Caller(who): Caller,
    Named(named): Named,
    JsonObject(request): JsonObject<IssueRequest>,
) -> Result<OrderAnswer, Problem> {
    run(|| issue_order(&desk, &request, &who, named.as_ref()))
}

/// Issues an order that stands the check; one that was issued under its name already is answered with that permit.
pub(crate) fn issue_order(
    desk: &Desk,
    request: &IssueRequest,
    who: &str,
    named: Option<&NamedRequest>,
) -> anyhow::Result<OrderAnswer> {
    if let Some(answer) = answered_before(desk, who, named)? {
        return Ok(answer);
    }
    take_order(desk, request, |order| {
        let reason = (!request.overrides.is_empty()).then(|| override_note(request));
        issue(order, named, reason.as_deref(), &desk.office, &desk.register, desk.service.setting.clock)
    })
}

pub(super) async fn correct(
    State(desk): Shared,
    Caller(who): Caller,
    Named(named): Named,
    Path(number): Path<String>,
    JsonObject(request): JsonObject<IssueRequest>,
) -> Result<OrderAnswer, Problem> {
    let number = parse_number(&number)?;
    run(|| match answered_before(&desk, &who, named.as_ref())? {
        Some(answer) => Ok(answer),
        None => correct_order(&desk, &number, &request, &who, named.as_ref()),
    })
}

/// Issues the next version of a permit with an order's contents.
pub(crate) fn correct_order(
    desk: &Desk,
    number: &PermitNumber,
    request: &IssueRequest,
    who: &str,
    named: Option<&NamedRequest>,
) -> anyhow::Result<OrderAnswer> {
    take_order(desk, request, |order| {
        let (amendment, reason) =
            (Amendment::Correct { order: Box::new(order.clone()) }, override_note(request));
        let decision = Decision { number, seen: request.version, amendment, reason: &reason, named };
        let entry = change(desk, decision)?;
        desk.note("correct", who, [&entry])?;
        Ok(entry)
    })
}

/// The answer to an order that came before. It is not checked again: the days may have passed on which it was good.
fn answered_before(
    desk: &Desk,
    who: &str,
    named: Option<&NamedRequest>,
) -> anyhow::Result<Option<OrderAnswer>> {
    let Some(done) = named.map(|named| desk.register.done(named)).transpose()?.flatten() else {
        return Ok(None);
    };
    desk.note("issued-before", who, [&done.entry])?;
    Ok(Some(OrderAnswer::Done(Box::new(reply(desk, &done.entry, vec![])?))))
}

/// Checks an order, and does `act` with it unless an error finding stands against it.
fn take_order(
    desk: &Desk,
    request: &IssueRequest,
    act: impl FnOnce(&Order) -> anyhow::Result<Entry>,
) -> anyhow::Result<OrderAnswer> {
    if !request.overrides.is_empty() && request.reason.trim().is_empty() {
        return Err(DeskError::Missing { what: "why a finding is overridden", option: "--reason" }.into());
    }
    let setting = &desk.service.setting;
    let months = desk.office.config.max_total_months;
    let order = request.order.resolve(&desk.office.region, months, setting.clock.today())?;
    let findings = check(&order, &desk.office.region, setting);
    if findings.iter().any(|finding| refuses(finding, &request.overrides)) {
        let error = setting.say("order-refused", &NONE);
        let problem = Problem::refused("order-refused", error).body;
        return Ok(OrderAnswer::Refused(RefusedOrder { problem, findings }));
    }
    Ok(OrderAnswer::Done(Box::new(reply(desk, &act(&order)?, findings)?)))
}

/// A sentence without arguments.
const NONE: [(&str, String); 0] = [];

fn override_note(request: &IssueRequest) -> String {
    if request.overrides.is_empty() {
        return request.reason.clone();
    }
    format!("{}: {}", request.overrides.join(", "), request.reason)
}
