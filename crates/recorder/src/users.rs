//! The API of who may open the board, for the operator: the first of them has to come from somewhere.

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::routing::{get, post};
use axum::{Json, Router};
use propusk_boot::http::{JsonObject, Problem};
use propusk_staff::{Role, UserError, UserRequest, UserView, problem};
use serde::{Deserialize, Serialize};
use tokio::task::block_in_place;

use crate::service::Recorder;

/// `POST /v1/users/{name}`.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct UserChange {
    pub role: String,
    pub barred: bool,
}

pub(crate) fn routes() -> Router<Arc<Recorder>> {
    Router::new().route("/v1/users", get(list).post(add)).route("/v1/users/{name}", post(change))
}

async fn list(State(recorder): State<Arc<Recorder>>) -> Result<Json<Vec<UserView>>, Problem> {
    let users = run(|| recorder.staff.users.all())?;
    Ok(Json(users.into_iter().map(UserView::from).collect()))
}

async fn add(
    State(recorder): State<Arc<Recorder>>,
    JsonObject(request): JsonObject<UserRequest>,
) -> Result<Json<UserView>, Problem> {
    let UserRequest { name, role, password } = request;
    let user = run(|| recorder.staff.users.add(&name, role.parse::<Role>()?, &password, recorder.now_ms()))?;
    Ok(Json(user.into()))
}

/// Gives somebody another role, or bars them; the last manager stays one.
async fn change(
    State(recorder): State<Arc<Recorder>>,
    Path(name): Path<String>,
    JsonObject(request): JsonObject<UserChange>,
) -> Result<Json<UserView>, Problem> {
    let UserChange { role, barred } = request;
    let user = run(|| {
        recorder.staff.users.set_role(&name, role.parse::<Role>()?, barred, recorder.now_ms())?;
        recorder.staff.users.find(&name)?.ok_or_else(|| UserError::Unknown.into())
    })?;
    Ok(Json(user.into()))
}

fn run<T>(act: impl FnOnce() -> anyhow::Result<T>) -> Result<T, Problem> {
    block_in_place(act).map_err(problem)
}
