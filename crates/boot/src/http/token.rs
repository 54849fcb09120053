//! The bearer token (RFC 6750) in front of a room's API.

use std::fmt;
use std::sync::Arc;

use axum::Router;
use axum::extract::{Request, State};
use axum::http::StatusCode;
use axum::http::header::{AUTHORIZATION, HeaderMap, HeaderValue, WWW_AUTHENTICATE};
use axum::middleware::{self, Next};
use axum::response::{IntoResponse, Response};

use super::Problem;
use crate::random::{self, RandomError};

/// A secret that opens a room's API. Its `Debug` shows nothing of it.
#[derive(Clone, PartialEq, Eq)]
pub struct Token(Arc<str>);

impl Token {
    /// The token with this text, as read from a private file; `None` for an empty one, which anybody could guess.
    pub fn new(text: &str) -> Option<Self> {
        (!text.is_empty()).then(|| Self(text.into()))
    }

    /// A fresh token of 256 random bits.
    ///
    /// # Errors
    /// The system gave no random bytes.
    pub fn draw() -> Result<Self, RandomError> {
        Ok(Self(random::token()?.into()))
    }

    /// The secret itself.
    pub fn reveal(&self) -> &str {
        &self.0
    }

    /// Compares in a time that depends on the lengths only, so that a guess can't be made letter by letter.
    pub fn matches(&self, given: &[u8]) -> bool {
        let own = self.0.as_bytes();
        if own.len() != given.len() {
            return false;
        }
        let difference = own.iter().zip(given).fold(0, |sum, (a, b)| std::hint::black_box(sum | (a ^ b)));
        difference == 0
    }
}

impl fmt::Debug for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Token(…)")
    }
}

/// Lets requests through to the routes of `router` (not to its fallback) only with
/// `Authorization: Bearer <token>`; others get 401 and a JSON problem.
pub fn require_token(router: Router, token: Token) -> Router {
    router.route_layer(middleware::from_fn_with_state(token, check))
}

async fn check(State(token): State<Token>, request: Request, next: Next) -> Response {
    if bearer(request.headers()).is_some_and(|given| token.matches(given)) {
        return next.run(request).await;
    }
    token_needed()
}

/// 401 with code `token-needed`, and the way in: for requests without a token, or with one that is nobody's.
pub fn token_needed() -> Response {
    let message =
        "this needs the service's token; on its machine, --data DIR finds it, elsewhere --token-file FILE";
    let mut response = Problem::new(StatusCode::UNAUTHORIZED, "token-needed", message).into_response();
    response.headers_mut().insert(WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
    response
}

/// The secret in a request's header `Authorization: Bearer <secret>`; the scheme's letters may be of any case
/// (RFC 9110 §11.1).
pub fn bearer(headers: &HeaderMap) -> Option<&[u8]> {
    let header = headers.get(AUTHORIZATION)?;
    let (scheme, secret) = header.as_bytes().split_at_checked("Bearer ".len())?;
    scheme.eq_ignore_ascii_case(b"Bearer ").then_some(secret)
}
