//! The gate before every page: who is asking, and may they.

use std::sync::Arc;

use axum::extract::{FromRequest, Request, State};
use axum::http::header::ACCEPT;
use axum::http::{Method, StatusCode};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::MethodRouter;
use propusk_boot::http::Problem;
use propusk_boot::pages::{Fields, cookie};
use tokio::task::block_in_place;

use super::member::signed_out;
use super::{Member, Room, internal};
use crate::{Found, Right};

/// Lets those through who have the right.
pub(super) fn keep<R: Room>(
    handler: MethodRouter<Arc<R>>,
    room: Arc<R>,
    right: Right,
) -> MethodRouter<Arc<R>> {
    handler.layer(from_fn_with_state((room, right), check::<R>))
}

async fn check<R: Room>(
    State((room, right)): State<(Arc<R>, Right)>,
    mut request: Request,
    next: Next,
) -> Response {
    let staff = room.staff();
    let token = cookie(request.headers(), staff.cookie()).unwrap_or_default().to_owned();
    match block_in_place(|| staff.sessions.find(&token, &staff.users, room.now_ms())) {
        Ok(Found::Alive(user)) if user.role.may(right) => {
            request.extensions_mut().insert(Member { user, token, room: R::ENTRANCE });
            next.run(request).await
        }
        Ok(Found::Alive(_)) => {
            Problem::new(StatusCode::FORBIDDEN, "role", "your role does not allow this").into_response()
        }
        Ok(Found::Over(name)) => after_the_end(&*room, name, request).await,
        Ok(Found::Nobody) => sign_in_first(&request),
        Err(error) => internal(error),
    }
}

/// What the scripts of an open page ask for can't be led to another page.
fn is_for_a_script(request: &Request) -> bool {
    let hears = request.headers().get(ACCEPT).is_some_and(|kind| kind.as_bytes() == b"text/event-stream");
    hears || request.headers().contains_key("x-fragment")
}

fn sign_in_first(request: &Request) -> Response {
    if is_for_a_script(request) {
        return signed_out().into_response();
    }
    Redirect::to("/sign-in").into_response()
}

/// Keeps what was sent, where the room does, and offers it after the next sign-in.
async fn after_the_end<R: Room>(room: &R, user: String, request: Request) -> Response {
    if !R::KEEPS_FORMS || request.method() != Method::POST || is_for_a_script(&request) {
        return sign_in_first(&request);
    }
    let path = request.uri().path().to_owned();
    let Ok(fields) = Fields::from_request(request, &()).await else {
        return Redirect::to("/sign-in").into_response();
    };
    match block_in_place(|| room.keep_form(user, path, fields)) {
        Ok(Some(id)) => Redirect::to(&format!("/sign-in?kept={id}")).into_response(),
        Ok(None) => Redirect::to("/sign-in").into_response(),
        Err(error) => internal(error),
    }
}
