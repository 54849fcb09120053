//! What is kept of people: purged, and who looked it up.

use axum::Json;
use axum::extract::{Query, State};
use propusk_boot::http::{JsonObject, Problem};
use serde::Deserialize;

use super::trouble::{parse_number, run};
use super::{Shared, most};
use crate::lookups::{self, LookUps};
use crate::purge::{PurgeReply, PurgeRequest, purge_asked};

#[derive(Deserialize)]
pub(super) struct LookUpQuery {
    /// Only of this permit.
    permit: Option<String>,
    limit: Option<u32>,
}

pub(super) async fn purge_permits(
    State(desk): Shared,
    JsonObject(request): JsonObject<PurgeRequest>,
) -> Result<Json<PurgeReply>, Problem> {
    request.permits.iter().try_for_each(|number| parse_number(number).map(drop))?;
    run(|| purge_asked(&request, &desk)).map(Json)
}

pub(super) async fn list_look_ups(
    State(desk): Shared,
    Query(query): Query<LookUpQuery>,
) -> Result<Json<LookUps>, Problem> {
    let number = query.permit.as_deref().map(parse_number).transpose()?;
    let limit = most(query.limit);
    run(|| lookups::list(&desk.register, number.as_ref(), limit)).map(Json)
}
