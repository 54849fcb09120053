//! Who works here, for managers.

use askama::Template;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use propusk_boot::pages::{Fields, Frame, Page};
use propusk_staff::{Role, User, sentence};
use tokio::task::block_in_place;

use super::Shared;
use super::gate::Clerk;
use super::trouble::{internal, missing};
use crate::service::Desk;

#[derive(Template)]
#[template(path = "staff.html")]
struct Staff {
    frame: Frame,
    clerk: Clerk,
    users: Vec<User>,
    roles: [Role; 3],
    error: Option<String>,
}

pub(crate) async fn show(State(desk): Shared, frame: Frame, clerk: Clerk) -> Response {
    match block_in_place(|| desk.staff.users.all()) {
        Ok(users) => Page(Staff { frame, clerk, users, roles: Role::ALL, error: None }).into_response(),
        Err(error) => internal(error),
    }
}

pub(crate) async fn add(State(desk): Shared, frame: Frame, clerk: Clerk, fields: Fields) -> Response {
    let Ok(role) = fields.get("role").parse::<Role>() else { return missing() };
    let users = &desk.staff.users;
    let added = block_in_place(|| users.add(fields.get("name"), role, fields.raw("password"), desk.now_ms()));
    answer(&desk, frame, clerk, added.map(drop))
}

/// Gives somebody another role, or bars them; the last manager stays one.
pub(crate) async fn change(
    State(desk): Shared,
    frame: Frame,
    clerk: Clerk,
    Path(name): Path<String>,
    fields: Fields,
) -> Response {
    let Ok(role) = fields.get("role").parse::<Role>() else { return missing() };
    let barred = !fields.get("barred").is_empty();
    let changed = block_in_place(|| desk.staff.users.set_role(&name, role, barred, desk.now_ms()));
    answer(&desk, frame, clerk, changed)
}

fn answer(desk: &Desk, frame: Frame, clerk: Clerk, done: anyhow::Result<()>) -> Response {
    let error = match done {
        Ok(()) => return Redirect::to("/staff").into_response(),
        Err(error) => error,
    };
    match (sentence(&error), block_in_place(|| desk.staff.users.all())) {
        (Some(id), Ok(users)) => {
            let error = Some(frame.say(id));
            let page = Staff { frame: frame.at("/staff"), clerk, users, roles: Role::ALL, error };
            (StatusCode::UNPROCESSABLE_ENTITY, Page(page)).into_response()
        }
        (None, _) => internal(error),
        (_, Err(error)) => internal(error),
    }
}
