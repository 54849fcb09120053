//! Who may open the board, for managers.

use askama::Template;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use propusk_boot::pages::{Fields, Frame, Page};
use propusk_staff::{Role, User, sentence};
use tokio::task::block_in_place;

use super::Shared;
use super::gate::Officer;
use super::trouble::{internal, missing};
use crate::service::Recorder;

#[derive(Template)]
#[template(path = "staff.html")]
struct Staff {
    frame: Frame,
    officer: Officer,
    users: Vec<User>,
    roles: [Role; 3],
    error: Option<String>,
}

pub(super) async fn show(State(recorder): Shared, frame: Frame, officer: Officer) -> Response {
    match block_in_place(|| recorder.staff.users.all()) {
        Ok(users) => Page(Staff { frame, officer, users, roles: Role::ALL, error: None }).into_response(),
        Err(error) => internal(error),
    }
}

pub(super) async fn add(State(recorder): Shared, frame: Frame, officer: Officer, fields: Fields) -> Response {
    let Ok(role) = fields.get("role").parse::<Role>() else { return missing() };
    let users = &recorder.staff.users;
    let added =
        block_in_place(|| users.add(fields.get("name"), role, fields.raw("password"), recorder.now_ms()));
    answer(&recorder, frame, officer, added.map(drop))
}

/// Gives somebody another role, or bars them; the last manager stays one.
pub(super) async fn change(
    State(recorder): Shared,
    frame: Frame,
    officer: Officer,
    Path(name): Path<String>,
    fields: Fields,
) -> Response {
    let Ok(role) = fields.get("role").parse::<Role>() else { return missing() };
    let barred = !fields.get("barred").is_empty();
    let changed = block_in_place(|| recorder.staff.users.set_role(&name, role, barred, recorder.now_ms()));
    answer(&recorder, frame, officer, changed)
}

fn answer(recorder: &Recorder, frame: Frame, officer: Officer, done: anyhow::Result<()>) -> Response {
    let error = match done {
        Ok(()) => return Redirect::to("/staff").into_response(),
        Err(error) => error,
    };
    match (sentence(&error), block_in_place(|| recorder.staff.users.all())) {
        (Some(id), Ok(users)) => {
            let error = Some(frame.say(id));
            let page = Staff { frame: frame.at("/staff"), officer, users, roles: Role::ALL, error };
            (StatusCode::UNPROCESSABLE_ENTITY, Page(page)).into_response()
        }
        (None, _) => internal(error),
        (_, Err(error)) => internal(error),
    }
}
