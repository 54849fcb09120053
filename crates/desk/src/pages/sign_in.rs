//! Signing in and out, the first manager, and forms that outlived their session.

use std::net::SocketAddr;

use askama::Template;
use axum::extract::{ConnectInfo, Path, Query, State};
use axum::http::header::SET_COOKIE;
use axum::http::{HeaderName, StatusCode};
use axum::response::{AppendHeaders, IntoResponse, Redirect, Response};
use propusk_boot::pages::{Fields, Frame, Page};
use propusk_staff::{Entry, Role, User, sentence};
use serde::Deserialize;
use tokio::task::block_in_place;
use uuid::Uuid;

use super::Shared;
use super::gate::Clerk;
use super::trouble::{internal, missing};
use crate::draft::KeptForm;
use crate::service::Desk;

#[derive(Template)]
#[template(path = "sign_in.html")]
struct SignIn {
    frame: Frame,
    /// The form that waits for the sign-in.
    kept: Option<Uuid>,
    name: String,
    error: Option<String>,
}

#[derive(Template)]
#[template(path = "set_up.html")]
struct SetUp {
    frame: Frame,
    code: String,
    name: String,
    error: Option<String>,
}

#[derive(Template)]
#[template(path = "kept.html")]
struct Kept {
    frame: Frame,
    clerk: Clerk,
    id: Uuid,
    form: KeptForm,
}

#[derive(Deserialize)]
pub(crate) struct SignInQuery {
    kept: Option<Uuid>,
}

#[derive(Deserialize)]
pub(crate) struct SetUpQuery {
    #[serde(default)]
    code: String,
}

pub(crate) async fn show(frame: Frame, Query(query): Query<SignInQuery>) -> Response {
    Page(SignIn { frame, kept: query.kept, name: String::new(), error: None }).into_response()
}

pub(crate) async fn enter(
    State(desk): Shared,
    ConnectInfo(from): ConnectInfo<SocketAddr>,
    frame: Frame,
    fields: Fields,
) -> Response {
    let (name, kept) = (fields.get("name").to_owned(), fields.get("kept").parse().ok());
    let again = |status, error| {
        let page =
            SignIn { frame: frame.clone().at("/sign-in"), kept, name: name.clone(), error: Some(error) };
        (status, Page(page)).into_response()
    };
    match desk.staff.enter(&name, fields.raw("password"), from.ip(), desk.now_ms()).await {
        Ok(Entry::Entered(user)) => {
            let to = kept.map_or_else(|| "/".to_owned(), |id: Uuid| format!("/kept/{id}"));
            begin_session(&desk, &user, &to)
        }
        Ok(Entry::Wrong) => again(StatusCode::UNPROCESSABLE_ENTITY, frame.say("sign-in-wrong")),
        Ok(Entry::Locked(minutes)) => {
            let minutes = usize::try_from(minutes).unwrap_or(1);
            again(StatusCode::TOO_MANY_REQUESTS, frame.count("sign-in-locked", minutes))
        }
        Err(error) => internal(error),
    }
}

/// Begins a session with a token of its own, whatever cookie came.
fn begin_session(desk: &Desk, user: &User, to: &str) -> Response {
    match block_in_place(|| desk.staff.sessions.begin(user, desk.now_ms())) {
        Ok(token) => (cookie(desk.staff.set_cookie(&token)), Redirect::to(to)).into_response(),
        Err(error) => internal(error),
    }
}

fn cookie(value: String) -> AppendHeaders<[(HeaderName, String); 1]> {
    AppendHeaders([(SET_COOKIE, value)])
}

pub(crate) async fn leave(State(desk): Shared, clerk: Clerk) -> Response {
    match block_in_place(|| desk.staff.sessions.end(&clerk.token)) {
        Ok(()) => (cookie(desk.staff.clear_cookie()), Redirect::to("/sign-in")).into_response(),
        Err(error) => internal(error),
    }
}

pub(crate) async fn set_up(State(desk): Shared, frame: Frame, Query(query): Query<SetUpQuery>) -> Response {
    if !desk.staff.set_up.matches(&query.code) {
        return missing();
    }
    Page(SetUp { frame, code: query.code, name: String::new(), error: None }).into_response()
}

/// Makes the first manager; the link is used up.
pub(crate) async fn begin(State(desk): Shared, frame: Frame, fields: Fields) -> Response {
    let (code, name) = (fields.get("code").to_owned(), fields.get("name").to_owned());
    if !desk.staff.set_up.matches(&code) {
        return missing();
    }
    let added =
        block_in_place(|| desk.staff.users.add(&name, Role::Manager, fields.raw("password"), desk.now_ms()));
    match added {
        Ok(user) => {
            desk.staff.set_up.use_up(&desk.service.instance);
            begin_session(&desk, &user, "/")
        }
        Err(error) => match sentence(&error) {
            Some(id) => {
                let error = Some(frame.say(id));
                let page = SetUp { frame: frame.at("/sign-in"), code, name, error };
                (StatusCode::UNPROCESSABLE_ENTITY, Page(page)).into_response()
            }
            None => internal(error),
        },
    }
}

/// Offers a form that was sent after its session had ended, to the same person only.
pub(crate) async fn kept(State(desk): Shared, frame: Frame, clerk: Clerk, Path(id): Path<Uuid>) -> Response {
    match block_in_place(|| desk.drafts.kept(id)) {
        Ok(Some(form)) if form.user == clerk.user.name => {
            Page(Kept { frame, clerk, id, form }).into_response()
        }
        Ok(_) => Redirect::to("/").into_response(),
        Err(error) => internal(error),
    }
}

pub(crate) async fn discard(State(desk): Shared, clerk: Clerk, Path(id): Path<Uuid>) -> Response {
    let dropped = block_in_place(|| -> anyhow::Result<()> {
        if desk.drafts.kept(id)?.is_some_and(|form| form.user == clerk.user.name) {
            desk.drafts.drop_kept(id)?;
        }
        Ok(())
    });
    match dropped {
        Ok(()) => Redirect::to("/").into_response(),
        Err(error) => internal(error),
    }
}
