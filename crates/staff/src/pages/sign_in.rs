//! Signing in and out.

use std::net::SocketAddr;
use std::sync::Arc;

use askama::Template;
use axum::extract::{ConnectInfo, Query, State};
use axum::http::header::SET_COOKIE;
use axum::http::{HeaderName, StatusCode};
use axum::response::{AppendHeaders, IntoResponse, Redirect, Response};
use propusk_boot::http::Problem;
use propusk_boot::pages::{Fields, Frame, Page};
use serde::Deserialize;
use tokio::task::block_in_place;
use uuid::Uuid;

use super::{Entrance, Member, Room};
use crate::{Entry, User};

#[derive(Template)]
#[template(path = "sign_in.html")]
struct SignIn {
    frame: Frame,
    room: &'static Entrance,
    /// What is said while nobody works here.
    nobody: Option<(&'static str, &'static str)>,
    /// The form that waits for the sign-in.
    kept: Option<Uuid>,
    name: String,
    error: Option<String>,
}

/// The query of `GET /sign-in`.
#[derive(Deserialize)]
pub struct SignInQuery {
    kept: Option<Uuid>,
}

/// `GET /sign-in`.
pub async fn show<R: Room>(
    State(room): State<Arc<R>>,
    frame: Frame,
    Query(query): Query<SignInQuery>,
) -> Result<Response, Problem> {
    let empty = block_in_place(|| room.staff().users.is_empty()).map_err(Problem::fault)?;
    let nobody = R::ENTRANCE.nobody.filter(|_| empty);
    let kept = query.kept.filter(|_| R::KEEPS_FORMS);
    let page = SignIn { frame, room: R::ENTRANCE, nobody, kept, name: String::new(), error: None };
    Ok(Page(page).into_response())
}

/// `POST /sign-in`.
pub async fn enter<R: Room>(
    State(room): State<Arc<R>>,
    ConnectInfo(from): ConnectInfo<SocketAddr>,
    frame: Frame,
    fields: Fields,
) -> Result<Response, Problem> {
    let name = fields.get("name").to_owned();
    let kept: Option<Uuid> = fields.get("kept").parse().ok().filter(|_| R::KEEPS_FORMS);
    let entry = room.staff().enter(&name, fields.raw("password"), from.ip(), room.now_ms()).await;
    let (status, error) = match entry.map_err(Problem::fault)? {
        Entry::Entered(user) => {
            let to = kept.map_or_else(|| R::ENTRANCE.home.to_owned(), |id| format!("/kept/{id}"));
            return begin_session(&*room, &user, &to);
        }
        Entry::Wrong => (StatusCode::UNPROCESSABLE_ENTITY, frame.say("sign-in-wrong")),
        Entry::Locked(minutes) => {
            let minutes = usize::try_from(minutes).unwrap_or(1);
            (StatusCode::TOO_MANY_REQUESTS, frame.count("sign-in-locked", minutes))
        }
    };
    let frame = frame.at("/sign-in");
    let page = SignIn { frame, room: R::ENTRANCE, nobody: None, kept, name, error: Some(error) };
    Ok((status, Page(page)).into_response())
}

/// Begins a session with a token of its own, whatever cookie came, and leads to a page.
///
/// # Errors
/// The store fails.
pub fn begin_session<R: Room>(room: &R, user: &User, to: &str) -> Result<Response, Problem> {
    let staff = room.staff();
    let token = block_in_place(|| staff.sessions.begin(user, room.now_ms())).map_err(Problem::fault)?;
    Ok((cookie(staff.set_cookie(&token)), Redirect::to(to)).into_response())
}

/// `POST /sign-out`.
pub async fn leave<R: Room>(State(room): State<Arc<R>>, member: Member) -> Result<Response, Problem> {
    let staff = room.staff();
    block_in_place(|| staff.sessions.end(&member.token)).map_err(Problem::fault)?;
    Ok((cookie(staff.clear_cookie()), Redirect::to("/sign-in")).into_response())
}

fn cookie(value: String) -> AppendHeaders<[(HeaderName, String); 1]> {
    AppendHeaders([(SET_COOKIE, value)])
}
