//! One's own account: another password, signing out everywhere.

use std::sync::Arc;

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use propusk_boot::http::Problem;
use propusk_boot::pages::{Fields, Frame, Page};
use tokio::task::block_in_place;

use super::{Member, Room};
use crate::sentence;

#[derive(Template)]
#[template(path = "account.html")]
struct Account {
    frame: Frame,
    member: Member,
    error: Option<String>,
}

/// `GET /account`.
pub async fn show(frame: Frame, member: Member) -> Response {
    Page(Account { frame, member, error: None }).into_response()
}

/// `POST /account/password`: another password for whoever knows the present one; every session is over then.
pub async fn password<R: Room>(
    State(room): State<Arc<R>>,
    frame: Frame,
    member: Member,
    fields: Fields,
) -> Result<Response, Problem> {
    let (users, name) = (&room.staff().users, &member.user.name);
    let changed = block_in_place(|| -> anyhow::Result<bool> {
        if users.who(name, fields.raw("old"))?.is_none() {
            return Ok(false);
        }
        users.set_password(name, fields.raw("new"), room.now_ms())?;
        Ok(true)
    });
    let wrong = match changed {
        Ok(true) => return Ok(Redirect::to("/sign-in").into_response()),
        Ok(false) => "account-wrong",
        Err(error) => sentence(&error).ok_or_else(|| Problem::fault(error))?,
    };
    let error = Some(frame.say(wrong));
    let page = Account { frame: frame.at("/account"), member, error };
    Ok((StatusCode::UNPROCESSABLE_ENTITY, Page(page)).into_response())
}

/// `POST /account/sign-out-everywhere`.
pub async fn sign_out_everywhere<R: Room>(
    State(room): State<Arc<R>>,
    member: Member,
) -> Result<Response, Problem> {
    let users = &room.staff().users;
    block_in_place(|| users.sign_out_everywhere(&member.user.name, room.now_ms())).map_err(Problem::fault)?;
    Ok(Redirect::to("/sign-in").into_response())
}
