//! A request's body that is one JSON object.

use axum::Json;
use axum::body::{Body, Bytes};
use axum::extract::{FromRequest, Request};
use axum::response::{IntoResponse, Response};
use serde::de::DeserializeOwned;

use super::Problem;

/// As axum's `Json`, but for objects alone: serde takes a list for a structure's fields in their order, and so `[]` for one
/// whose fields all have defaults, which is then done.
#[derive(Debug, Clone, Copy)]
pub struct JsonObject<T>(pub T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequest<S> for JsonObject<T> {
    type Rejection = Response;

    async fn from_request(request: Request, state: &S) -> Result<Self, Response> {
        let (parts, body) = request.into_parts();
        let head = Request::from_parts(parts.clone(), body);
        let bytes = Bytes::from_request(head, state).await.map_err(IntoResponse::into_response)?;
        if bytes.trim_ascii_start().first() == Some(&b'[') {
            let why = "the body has to be one JSON object, in braces, not a list";
            return Err(Problem::bad_request("bad-request", why).into_response());
        }
        let request = Request::from_parts(parts, Body::from(bytes));
        let Json(value) = Json::from_request(request, state).await.map_err(IntoResponse::into_response)?;
        Ok(Self(value))
    }
}
