//! Signing in and out.

use std::net::SocketAddr;

use askama::Template;
use axum::extract::{ConnectInfo, State};
use axum::http::StatusCode;
use axum::http::header::SET_COOKIE;
use axum::response::{AppendHeaders, IntoResponse, Redirect, Response};
use propusk_boot::pages::{Fields, Frame, Page};
use propusk_staff::{Entry, User};
use tokio::task::block_in_place;

use super::Shared;
use super::gate::Officer;
use super::trouble::internal;
use crate::service::Recorder;

#[derive(Template)]
#[template(path = "sign_in.html")]
struct SignIn {
    frame: Frame,
    name: String,
    error: Option<String>,
    /// Nobody may open the board yet: the page says how the first one is made.
    nobody: bool,
}

pub(super) async fn show(State(recorder): Shared, frame: Frame) -> Response {
    match block_in_place(|| recorder.staff.users.is_empty()) {
        Ok(nobody) => Page(SignIn { frame, name: String::new(), error: None, nobody }).into_response(),
        Err(error) => internal(error),
    }
}

pub(super) async fn enter(
    State(recorder): Shared,
    ConnectInfo(from): ConnectInfo<SocketAddr>,
    frame: Frame,
    fields: Fields,
) -> Response {
    let name = fields.get("name").to_owned();
    let again = |status, error| {
        let frame = frame.clone().at("/sign-in");
        (status, Page(SignIn { frame, name: name.clone(), error: Some(error), nobody: false }))
            .into_response()
    };
    match recorder.staff.enter(&name, fields.raw("password"), from.ip(), recorder.now_ms()).await {
        Ok(Entry::Entered(user)) => begin_session(&recorder, &user),
        Ok(Entry::Wrong) => again(StatusCode::UNPROCESSABLE_ENTITY, frame.say("sign-in-wrong")),
        Ok(Entry::Locked(minutes)) => {
            let minutes = usize::try_from(minutes).unwrap_or(1);
            again(StatusCode::TOO_MANY_REQUESTS, frame.count("sign-in-locked", minutes))
        }
        Err(error) => internal(error),
    }
}

/// Begins a session with a token of its own, whatever cookie came.
fn begin_session(recorder: &Recorder, user: &User) -> Response {
    match block_in_place(|| recorder.staff.sessions.begin(user, recorder.now_ms())) {
        Ok(token) => {
            let cookie = AppendHeaders([(SET_COOKIE, recorder.staff.set_cookie(&token))]);
            (cookie, Redirect::to("/board")).into_response()
        }
        Err(error) => internal(error),
    }
}

pub(super) async fn leave(State(recorder): Shared, officer: Officer) -> Response {
    match block_in_place(|| recorder.staff.sessions.end(&officer.token)) {
        Ok(()) => {
            let cookie = AppendHeaders([(SET_COOKIE, recorder.staff.clear_cookie())]);
            (cookie, Redirect::to("/sign-in")).into_response()
        }
        Err(error) => internal(error),
    }
}
