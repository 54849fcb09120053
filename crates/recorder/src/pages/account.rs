//! One's own account: another password, signing out everywhere.

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use propusk_boot::pages::{Fields, Frame, Page};
use propusk_staff::sentence;
use tokio::task::block_in_place;

use super::Shared;
use super::gate::Officer;
use super::trouble::internal;

#[derive(Template)]
#[template(path = "account.html")]
struct Account {
    frame: Frame,
    officer: Officer,
    error: Option<String>,
}

pub(super) async fn show(frame: Frame, officer: Officer) -> Response {
    Page(Account { frame, officer, error: None }).into_response()
}

/// Changes the password of whoever knows the present one; every session is over then.
pub(super) async fn password(
    State(recorder): Shared,
    frame: Frame,
    officer: Officer,
    fields: Fields,
) -> Response {
    let (users, name) = (&recorder.staff.users, officer.user.name.clone());
    let again = |officer: Officer, id: &str| {
        let error = Some(frame.say(id));
        let page = Account { frame: frame.clone().at("/account"), officer, error };
        (StatusCode::UNPROCESSABLE_ENTITY, Page(page)).into_response()
    };
    let changed = block_in_place(|| -> anyhow::Result<bool> {
        if users.who(&name, fields.raw("old"))?.is_none() {
            return Ok(false);
        }
        users.set_password(&name, fields.raw("new"), recorder.now_ms())?;
        Ok(true)
    });
    match changed {
        Ok(true) => Redirect::to("/sign-in").into_response(),
        Ok(false) => again(officer, "account-wrong"),
        Err(error) => match sentence(&error) {
            Some(id) => again(officer, id),
            None => internal(error),
        },
    }
}

pub(super) async fn sign_out_everywhere(State(recorder): Shared, officer: Officer) -> Response {
    match block_in_place(|| recorder.staff.users.sign_out_everywhere(&officer.user.name, recorder.now_ms())) {
        Ok(()) => Redirect::to("/sign-in").into_response(),
        Err(error) => internal(error),
    }
}
