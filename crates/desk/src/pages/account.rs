//! One's own account: another password, signing out everywhere.

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use propusk_boot::pages::{Fields, Frame, Page};
use propusk_staff::sentence;
use tokio::task::block_in_place;

use super::Shared;
use super::gate::Clerk;
use super::trouble::internal;

#[derive(Template)]
#[template(path = "account.html")]
struct Account {
    frame: Frame,
    clerk: Clerk,
    error: Option<String>,
}

pub(crate) async fn show(frame: Frame, clerk: Clerk) -> Response {
    Page(Account { frame, clerk, error: None }).into_response()
}

/// Changes the password of whoever knows the present one; every session is over then.
pub(crate) async fn password(State(desk): Shared, frame: Frame, clerk: Clerk, fields: Fields) -> Response {
    let (users, name) = (&desk.staff.users, clerk.user.name.clone());
    let again = |clerk: Clerk, id: &str| {
        let error = Some(frame.say(id));
        let page = Account { frame: frame.clone().at("/account"), clerk, error };
        (StatusCode::UNPROCESSABLE_ENTITY, Page(page)).into_response()
    };
    let changed = block_in_place(|| -> anyhow::Result<bool> {
        if users.who(&name, fields.raw("old"))?.is_none() {
            return Ok(false);
        }
        users.set_password(&name, fields.raw("new"), desk.now_ms())?;
        Ok(true)
    });
    match changed {
        Ok(true) => Redirect::to("/sign-in").into_response(),
        Ok(false) => again(clerk, "account-wrong"),
        Err(error) => match sentence(&error) {
            Some(id) => again(clerk, id),
            None => internal(error),
        },
    }
}

pub(crate) async fn sign_out_everywhere(State(desk): Shared, clerk: Clerk) -> Response {
    match block_in_place(|| desk.staff.users.sign_out_everywhere(&clerk.user.name, desk.now_ms())) {
        Ok(()) => Redirect::to("/sign-in").into_response(),
        Err(error) => internal(error),
    }
}
