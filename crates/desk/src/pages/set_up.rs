//! The first manager, by the one-time link.

use askama::Template;
use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use propusk_boot::http::Problem;
use propusk_boot::pages::{Fields, Frame, Page};
use propusk_staff::pages::sign_in::begin_session;
use propusk_staff::{Role, sentence};
use serde::Deserialize;
use tokio::task::block_in_place;

use super::{Shared, missing};

#[derive(Template)]
#[template(path = "set_up.html")]
struct SetUp {
    frame: Frame,
    code: String,
    name: String,
    error: Option<String>,
}

#[derive(Deserialize)]
pub(crate) struct SetUpQuery {
    #[serde(default)]
    code: String,
}

pub(crate) async fn show(State(desk): Shared, frame: Frame, Query(query): Query<SetUpQuery>) -> Response {
    if !desk.staff.set_up.matches(&query.code) {
        return missing();
    }
    Page(SetUp { frame, code: query.code, name: String::new(), error: None }).into_response()
}

/// Makes the first manager; the link is used up.
pub(crate) async fn begin(State(desk): Shared, frame: Frame, fields: Fields) -> Result<Response, Problem> {
    let (code, name) = (fields.get("code").to_owned(), fields.get("name").to_owned());
    if !desk.staff.set_up.matches(&code) {
        return Ok(missing());
    }
    let users = &desk.staff.users;
    match block_in_place(|| users.add(&name, Role::Manager, fields.raw("password"), desk.now_ms())) {
        Ok(user) => {
            desk.staff.set_up.use_up(&desk.service.instance);
            begin_session(&*desk, &user, "/")
        }
        Err(error) => {
            let wrong = sentence(&error).ok_or_else(|| Problem::fault(error))?;
            let error = Some(frame.say(wrong));
            let page = SetUp { frame: frame.at("/sign-in"), code, name, error };
            Ok((StatusCode::UNPROCESSABLE_ENTITY, Page(page)).into_response())
        }
    }
}
