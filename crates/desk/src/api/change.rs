//! What is done to an issued permit: extended, revoked, printed.

use axum::Json;
use axum::extract::{Path, State};
use propusk_boot::http::{JsonObject, Problem};
use serde::{Deserialize, Serialize};

use super::Shared;
use super::answer::{PermitReply, reply};
use super::gate::Caller;
use super::once::Named;
use super::trouble::{parse_number, run};
use crate::issue::{Amendment, Decision, Printing, amend, note_printed};
use crate::register::Entry;
use crate::service::Desk;

/// `POST …/extensions` and `POST …/revocations`.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct AmendRequest {
    /// Months in total, for an extension.
    #[serde(default)]
    pub months: u8,
    pub reason: String,
    /// The version on which it was decided.
    #[serde(default)]
    pub version: Option<u8>,
}

/// `POST …/prints`.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct PrintRequest {
    /// `0`, `3`, `3-5` or `1-` (to the last); empty for all.
    #[serde(default)]
    pub copies: String,
    /// Spares to add.
    #[serde(default)]
    pub more: u8,
}

/// What every change of a permit comes with.
type Asked<T> = (Shared, Caller, Named, Path<String>, JsonObject<T>);

pub(super) async fn extend(asked: Asked<AmendRequest>) -> Result<Json<PermitReply>, Problem> {
    amend_permit(asked, "extend", |request| Amendment::Extend { months: request.months })
}

pub(super) async fn revoke(asked: Asked<AmendRequest>) -> Result<Json<PermitReply>, Problem> {
    amend_permit(asked, "revoke", |_| Amendment::Revoke)
}

/// The answer holds the seals, and seals name people: so it is noted who was given them.
fn amend_permit(
    (State(desk), Caller(who), Named(named), Path(number), JsonObject(request)): Asked<AmendRequest>,
    what: &str,
    amendment: impl FnOnce(&AmendRequest) -> Amendment,
) -> Result<Json<PermitReply>, Problem> {
    let (number, amendment) = (&parse_number(&number)?, amendment(&request));
    let named = named.as_ref();
    let decision = Decision { number, seen: request.version, amendment, reason: &request.reason, named };
    run(|| {
        let entry = change(&desk, decision)?;
        desk.note(what, &who, [&entry])?;
        reply(&desk, &entry, vec![])
    })
    .map(Json)
}

/// Changes a permit.
pub(crate) fn change(desk: &Desk, decision: Decision<'_>) -> anyhow::Result<Entry> {
    amend(decision, &desk.office, &desk.register, desk.service.setting.clock)
}

pub(super) async fn print(
    (State(desk), Caller(who), Named(named), Path(number), JsonObject(request)): Asked<PrintRequest>,
) -> Result<Json<PermitReply>, Problem> {
    let number = &parse_number(&number)?;
    let printing = Printing { number, typed: &request.copies, more: request.more, named: named.as_ref() };
    run(|| {
        let clock = desk.service.setting.clock;
        let (entry, printed) = note_printed(&printing, &desk.office, &desk.register, clock)?;
        desk.note("print", &who, [&entry])?;
        let mut reply = reply(&desk, &entry, vec![])?;
        reply.copies.retain(|copy| printed.contains(&copy.copy));
        Ok(reply)
    })
    .map(Json)
}
