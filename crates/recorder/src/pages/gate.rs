//! The gate before every page: who is asking, and may they.

use std::sync::Arc;

use axum::extract::{FromRequestParts, Request, State};
use axum::http::header::ACCEPT;
use axum::http::request::Parts;
use axum::http::{HeaderMap, StatusCode};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::MethodRouter;
use propusk_boot::http::Problem;
use propusk_boot::pages::cookie;
use propusk_staff::{Found, Right, User};
use tokio::task::block_in_place;

use super::trouble::internal;
use crate::service::Recorder;

/// Who is signed in.
#[derive(Clone)]
pub(super) struct Officer {
    pub user: User,
    pub token: String,
}

impl Officer {
    /// Whether they see to alerts.
    pub(super) fn works(&self) -> bool {
        self.user.role.may(Right::Work)
    }

    /// Whether they decide who may open the board.
    pub(super) fn manages(&self) -> bool {
        self.user.role.may(Right::Manage)
    }
}

/// Lets those through who have the right.
pub(super) fn keep(
    handler: MethodRouter<Arc<Recorder>>,
    recorder: Arc<Recorder>,
    right: Right,
) -> MethodRouter<Arc<Recorder>> {
    handler.layer(from_fn_with_state((recorder, right), check))
}

/// Whose session a token is; the request counts as one of theirs.
pub(super) fn who(recorder: &Recorder, token: &str) -> anyhow::Result<Option<User>> {
    let staff = &recorder.staff;
    match staff.sessions.find(token, &staff.users, recorder.now_ms())? {
        Found::Alive(user) => Ok(Some(user)),
        Found::Over(_) | Found::Nobody => Ok(None),
    }
}

async fn check(
    State((recorder, right)): State<(Arc<Recorder>, Right)>,
    mut request: Request,
    next: Next,
) -> Response {
    let token = cookie(request.headers(), recorder.staff.cookie()).unwrap_or_default().to_owned();
    match block_in_place(|| who(&recorder, &token)) {
        Ok(Some(user)) if user.role.may(right) => {
            request.extensions_mut().insert(Officer { user, token });
            next.run(request).await
        }
        Ok(Some(_)) => {
            Problem::new(StatusCode::FORBIDDEN, "role", "your role does not allow this").into_response()
        }
        Ok(None) if hears(request.headers()) => signed_out().into_response(),
        Ok(None) => Redirect::to("/sign-in").into_response(),
        Err(error) => internal(error),
    }
}

/// An open board that hears of changes can't be led to another page.
fn hears(headers: &HeaderMap) -> bool {
    headers.get(ACCEPT).is_some_and(|kind| kind.as_bytes() == b"text/event-stream")
}

fn signed_out() -> Problem {
    Problem::new(StatusCode::UNAUTHORIZED, "signed-out", "sign in first")
}

impl<S: Sync> FromRequestParts<S> for Officer {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        parts.extensions.get::<Self>().cloned().ok_or_else(signed_out)
    }
}
