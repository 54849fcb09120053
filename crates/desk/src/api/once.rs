//! `Idempotency-Key`: a request that its sender names is done once, however often it comes
//! (draft-ietf-httpapi-idempotency-key-header).
//!
//! What a named request has done is noted in the register, in the batch that does it
//! ([`NamedRequest`]), so a crash at any moment neither loses nor doubles it; its answer is made again from the register. A
//! refused request has done nothing and is judged anew. Here the name is read, and a request that is still under way is
//! told from one that is over.

use std::collections::HashSet;
use std::convert::Infallible;
use std::sync::{Arc, Mutex, PoisonError};

use axum::body::{Body, Bytes};
use axum::extract::{FromRequest, FromRequestParts, Request, State};
use axum::http::request::Parts;
use axum::middleware::{Next, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use axum::routing::MethodRouter;
use propusk_boot::http::{IDEMPOTENCY_KEY, Problem};
use sha2::{Digest, Sha256};
use uuid::Uuid;

use super::gate::Caller;
use crate::register::NamedRequest;
use crate::service::Desk;

/// The longest name, in characters.
const LONGEST_NAME: usize = 255;

/// The named requests that are under way.
#[derive(Default)]
pub(crate) struct InFlight(Mutex<HashSet<Uuid>>);

/// One of them; over when it is dropped, however the handler ends.
struct UnderWay<'a>(&'a InFlight, Uuid);

impl InFlight {
    /// `None` where a request of this name is under way.
    fn begin(&self, id: Uuid) -> Option<UnderWay<'_>> {
        let is_new = self.0.lock().unwrap_or_else(PoisonError::into_inner).insert(id);
        is_new.then_some(UnderWay(self, id))
    }
}

impl Drop for UnderWay<'_> {
    fn drop(&mut self) {
        self.0.0.lock().unwrap_or_else(PoisonError::into_inner).remove(&self.1);
    }
}

/// The request's name, where its sender gave it one.
pub(super) struct Named(pub Option<NamedRequest>);

/// Reads names before a handler.
pub(super) fn keep(handler: MethodRouter<Arc<Desk>>, desk: &Arc<Desk>) -> MethodRouter<Arc<Desk>> {
    handler.route_layer(from_fn_with_state(desk.clone(), check))
}

async fn check(State(desk): State<Arc<Desk>>, caller: Caller, request: Request, next: Next) -> Response {
    let name = match name_of(&request) {
        Ok(Some(name)) => name,
        Ok(None) => return next.run(request).await,
        Err(problem) => return problem.into_response(),
    };
    let (parts, body) = request.into_parts();
    let body = match Bytes::from_request(Request::from_parts(parts.clone(), body), &()).await {
        Ok(body) => body,
        Err(refused) => return refused.into_response(),
    };
    let named = NamedRequest::of(&caller.0, &name, digest(&name, &parts, &body));
    let Some(_under_way) = desk.in_flight.begin(named.id) else {
        let why = "a request of this name (Idempotency-Key) is still under way; ask again in a moment";
        return Problem::conflict("in-flight", why).into_response();
    };
    let mut request = Request::from_parts(parts, Body::from(body));
    request.extensions_mut().insert(named);
    next.run(request).await
}

/// The header's text: bare, or as the string in quotes that the draft asks for.
fn name_of(request: &Request) -> Result<Option<String>, Problem> {
    let mut given = request.headers().get_all(IDEMPOTENCY_KEY).iter();
    let Some(value) = given.next() else { return Ok(None) };
    let wrong = || {
        let why = format!(
            "Idempotency-Key has 1 to {LONGEST_NAME} visible ASCII characters, such as a UUID, and stands there once"
        );
        Problem::bad_request("idempotency-key", why)
    };
    let text = value.to_str().map_err(|_| wrong())?.trim();
    let bare = text.strip_prefix('"').and_then(|text| text.strip_suffix('"')).unwrap_or(text);
    let is_name = (1..=LONGEST_NAME).contains(&bare.len())
        && bare.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'"');
    if is_name && given.next().is_none() { Ok(Some(bare.to_owned())) } else { Err(wrong()) }
}

/// What makes a request the same one. The name, which is stored nowhere, is in it: who guesses at a body learns nothing.
fn digest(name: &str, parts: &Parts, body: &[u8]) -> [u8; 32] {
    let head =
        [name, parts.method.as_str(), parts.uri.path(), parts.uri.query().unwrap_or_default()].join("\n");
    Sha256::new().chain_update(head).chain_update(b"\n").chain_update(body).finalize().into()
}

impl<S: Sync> FromRequestParts<S> for Named {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        Ok(Self(parts.extensions.get::<NamedRequest>().cloned()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn named(value: &str) -> Result<Option<String>, Problem> {
        name_of(&Request::builder().header(IDEMPOTENCY_KEY, value).body(Body::empty()).unwrap())
    }

    #[test]
    fn names_are_read_bare_and_in_quotes() {
        assert_eq!(named("8e03978e-40d5-43dd-bc93-6894a57f9324").unwrap().unwrap().len(), 36);
        assert_eq!(named("\"a\"").unwrap(), named("a").unwrap());
        for wrong in ["", "\"\"", "a b", "a\"b", &"x".repeat(256)] {
            assert!(named(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn a_name_is_free_again_when_its_request_is_over() {
        let (in_flight, id) = (InFlight::default(), Uuid::from_u128(7));
        let first = in_flight.begin(id).unwrap();
        assert!(in_flight.begin(id).is_none() && in_flight.begin(Uuid::from_u128(8)).is_some());
        drop(first);
        assert!(in_flight.begin(id).is_some());
    }
}
