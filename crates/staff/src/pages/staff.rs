//! Who works here, for managers.

use std::sync::Arc;

use askama::Template;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use propusk_boot::http::Problem;
use propusk_boot::pages::{Fields, Frame, Page};
use tokio::task::block_in_place;

use super::{Member, Room, missing};
use crate::{Role, User, sentence};

#[derive(Template)]
#[template(path = "staff.html")]
struct Everybody {
    frame: Frame,
    member: Member,
    users: Vec<User>,
    roles: [Role; 3],
    error: Option<String>,
}

/// `GET /staff`.
pub async fn show<R: Room>(
    State(room): State<Arc<R>>,
    frame: Frame,
    member: Member,
) -> Result<Response, Problem> {
    Ok(everybody(&*room, frame, member, None)?.into_response())
}

/// `POST /staff`: adds somebody.
pub async fn add<R: Room>(
    State(room): State<Arc<R>>,
    frame: Frame,
    member: Member,
    fields: Fields,
) -> Result<Response, Problem> {
    let Ok(role) = fields.get("role").parse::<Role>() else { return Ok(missing()) };
    let (name, password) = (fields.get("name"), fields.raw("password"));
    let added = block_in_place(|| room.staff().users.add(name, role, password, room.now_ms()));
    answer(&*room, frame, member, added.map(drop))
}

/// `POST /staff/{name}`: gives somebody another role, or bars them; the last manager stays one.
pub async fn change<R: Room>(
    State(room): State<Arc<R>>,
    frame: Frame,
    member: Member,
    Path(name): Path<String>,
    fields: Fields,
) -> Result<Response, Problem> {
    let Ok(role) = fields.get("role").parse::<Role>() else { return Ok(missing()) };
    let barred = !fields.get("barred").is_empty();
    let changed = block_in_place(|| room.staff().users.set_role(&name, role, barred, room.now_ms()));
    answer(&*room, frame, member, changed)
}

fn answer<R: Room>(
    room: &R,
    frame: Frame,
    member: Member,
    done: anyhow::Result<()>,
) -> Result<Response, Problem> {
    let Err(error) = done else { return Ok(Redirect::to("/staff").into_response()) };
    let wrong = sentence(&error).ok_or_else(|| Problem::fault(error))?;
    let error = Some(frame.say(wrong));
    let page = everybody(room, frame.at("/staff"), member, error)?;
    Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response())
}

fn everybody<R: Room>(
    room: &R,
    frame: Frame,
    member: Member,
    error: Option<String>,
) -> Result<Page<Everybody>, Problem> {
    let users = block_in_place(|| room.staff().users.all()).map_err(Problem::fault)?;
    Ok(Page(Everybody { frame, member, users, roles: Role::ALL, error }))
}
