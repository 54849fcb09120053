//! The gate before every route: whose token is it, and does it reach so far.

use std::sync::Arc;

use axum::extract::{FromRequestParts, Request, State};
use axum::http::StatusCode;
use axum::http::header::{HeaderValue, WWW_AUTHENTICATE};
use axum::http::request::Parts;
use axum::middleware::{Next, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use axum::routing::MethodRouter;
use propusk_boot::http::{Problem, Token, bearer, token_needed};
use tokio::task::block_in_place;

use super::trouble::problem;
use crate::lookups::OPERATOR;
use crate::service::Desk;
use crate::tokens::Scope;

/// Who asks, as the journal of look-ups names them: `operator`, or `token:` and the token's name.
#[derive(Clone)]
pub(crate) struct Caller(pub String);

/// What the gate of a route knows.
#[derive(Clone)]
struct Gate {
    desk: Arc<Desk>,
    operator: Token,
    scope: Scope,
}

/// Lets callers through whose token has the scope.
pub(super) fn keep(
    handler: MethodRouter<Arc<Desk>>,
    desk: &Arc<Desk>,
    operator: &Token,
    scope: Scope,
) -> MethodRouter<Arc<Desk>> {
    let gate = Gate { desk: desk.clone(), operator: operator.clone(), scope };
    handler.route_layer(from_fn_with_state(gate, check))
}

async fn check(State(gate): State<Gate>, mut request: Request, next: Next) -> Response {
    match whose(&gate, &request) {
        Ok(Bearer::Caller(caller)) => {
            request.extensions_mut().insert(caller);
            next.run(request).await
        }
        Ok(Bearer::Nobody) => token_needed(),
        Ok(Bearer::Beyond) => beyond(gate.scope),
        Err(error) => problem(error).into_response(),
    }
}

/// What a request's token is good for.
enum Bearer {
    Caller(Caller),
    /// It has none, or one that opens nothing.
    Nobody,
    /// Its scopes do not reach this route.
    Beyond,
}

fn whose(gate: &Gate, request: &Request) -> anyhow::Result<Bearer> {
    let Some(secret) = bearer(request.headers()) else { return Ok(Bearer::Nobody) };
    if gate.operator.matches(secret) {
        return Ok(Bearer::Caller(Caller(OPERATOR.to_owned())));
    }
    let found = block_in_place(|| gate.desk.tokens.find(secret, gate.desk.now_ms()))?;
    Ok(match found {
        Some(token) if token.scopes.contains(&gate.scope) => {
            Bearer::Caller(Caller(format!("token:{}", token.name)))
        }
        Some(_) => Bearer::Beyond,
        None => Bearer::Nobody,
    })
}

/// 403, as RFC 6750 §3.1 has it.
fn beyond(scope: Scope) -> Response {
    let (message, challenge) = match scope {
        Scope::Admin => (
            "only the operator's own token may do this; it stands in run/desk.json of the data folder"
                .to_owned(),
            "Bearer error=\"insufficient_scope\"".to_owned(),
        ),
        scope => (
            format!(
                "this token lacks the scope `{scope}`; ask the operator for one that has it: propusk desk token add"
            ),
            format!("Bearer error=\"insufficient_scope\", scope=\"{scope}\""),
        ),
    };
    let mut response = Problem::new(StatusCode::FORBIDDEN, "scope", message).into_response();
    if let Ok(challenge) = HeaderValue::try_from(challenge) {
        response.headers_mut().insert(WWW_AUTHENTICATE, challenge);
    }
    response
}

impl<S: Sync> FromRequestParts<S> for Caller {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Response> {
        parts.extensions.get::<Self>().cloned().ok_or_else(token_needed)
    }
}
