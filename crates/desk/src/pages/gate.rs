//! The gate before every page: who is asking, and may they. A form that comes after its session's end is kept.

use std::sync::Arc;

use axum::extract::{FromRequest, FromRequestParts, Request, State};
use axum::http::request::Parts;
use axum::http::{Method, StatusCode};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::MethodRouter;
use propusk_boot::http::Problem;
use propusk_boot::pages::{Fields, cookie};
use propusk_boot::random;
use propusk_staff::{Found, Right, User};
use tokio::task::block_in_place;

use super::trouble::internal;
use crate::draft::KeptForm;
use crate::service::Desk;

/// Who is signed in.
#[derive(Clone)]
pub(crate) struct Clerk {
    pub user: User,
    pub token: String,
}

impl Clerk {
    /// Whether they may work on permits.
    pub(crate) fn works(&self) -> bool {
        self.user.role.may(Right::Work)
    }

    /// Whether they decide who works here.
    pub(crate) fn manages(&self) -> bool {
        self.user.role.may(Right::Manage)
    }
}

/// Lets those through who have the right.
pub(crate) fn keep(
    handler: MethodRouter<Arc<Desk>>,
    desk: Arc<Desk>,
    right: Right,
) -> MethodRouter<Arc<Desk>> {
    handler.layer(from_fn_with_state((desk, right), check))
}

async fn check(
    State((desk, right)): State<(Arc<Desk>, Right)>,
    mut request: Request,
    next: Next,
) -> Response {
    let token = cookie(request.headers(), desk.staff.cookie()).unwrap_or_default().to_owned();
    let staff = &desk.staff;
    let found = block_in_place(|| staff.sessions.find(&token, &staff.users, desk.now_ms()));
    match found {
        Ok(Found::Alive(user)) if user.role.may(right) => {
            request.extensions_mut().insert(Clerk { user, token });
            next.run(request).await
        }
        Ok(Found::Alive(_)) => {
            Problem::new(StatusCode::FORBIDDEN, "role", "your role does not allow this").into_response()
        }
        Ok(Found::Over(name)) => after_the_end(&desk, name, request).await,
        Ok(Found::Nobody) => sign_in_first(&request),
        Err(error) => internal(error),
    }
}

fn sign_in_first(request: &Request) -> Response {
    if is_fragment(request) {
        return Problem::new(StatusCode::UNAUTHORIZED, "signed-out", "sign in first").into_response();
    }
    Redirect::to("/sign-in").into_response()
}

fn is_fragment(request: &Request) -> bool {
    request.headers().contains_key("x-fragment")
}

/// Keeps what was sent, and offers it after the next sign-in.
async fn after_the_end(desk: &Desk, user: String, request: Request) -> Response {
    if request.method() != Method::POST || is_fragment(&request) {
        return sign_in_first(&request);
    }
    let path = request.uri().path().to_owned();
    let Ok(fields) = Fields::from_request(request, &()).await else {
        return Redirect::to("/sign-in").into_response();
    };
    let at_ms = desk.now_ms();
    let kept = block_in_place(|| -> anyhow::Result<_> {
        let id = random::uuid_v7(desk.service.setting.clock.now(), random::bytes()?);
        desk.drafts.keep(id, &KeptForm { user, path, fields: fields.0, at_ms })?;
        Ok(id)
    });
    match kept {
        Ok(id) => Redirect::to(&format!("/sign-in?kept={id}")).into_response(),
        Err(error) => internal(error),
    }
}

impl<S: Sync> FromRequestParts<S> for Clerk {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        let nobody = || Problem::new(StatusCode::UNAUTHORIZED, "signed-out", "sign in first");
        parts.extensions.get::<Self>().cloned().ok_or_else(nobody)
    }
}
