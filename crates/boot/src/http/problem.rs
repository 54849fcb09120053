//! An error as a service tells it.

use axum::http::StatusCode;
use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse, Response};
use axum::{Extension, Json};
use serde::{Deserialize, Serialize};

/// The media type of [`ProblemBody`].
pub const PROBLEM_JSON: &str = "application/problem+json";

/// The JSON of every answer that is an error (RFC 9457, whose `type` is the default `about:blank`):
/// `{"title": "Not Found", "status": 404, "detail": "…", "code": "…"}`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProblemBody {
    /// The HTTP status in words.
    pub title: String,
    /// The HTTP status.
    pub status: u16,
    /// What is wrong, where, and how to mend it; for people. No personal data of others.
    pub detail: String,
    /// The reason for programs: lower-case words with hyphens, never changed once given.
    pub code: String,
}

/// An error on its way to the caller.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// The HTTP status.
    pub status: StatusCode,
    /// Its JSON.
    pub body: ProblemBody,
}

impl Problem {
    /// A problem with its status, its code for programs and its message for people.
    pub fn new(status: StatusCode, code: impl Into<String>, message: impl Into<String>) -> Self {
        let title = status.canonical_reason().unwrap_or("Error").to_owned();
        let (detail, code) = (message.into(), code.into());
        Self { status, body: ProblemBody { title, status: status.as_u16(), detail, code } }
    }

    /// 400: the request can't be understood.
    pub fn bad_request(code: &str, message: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, code, message)
    }

    /// 404: there is no such thing.
    pub fn not_found(code: &str, message: impl Into<String>) -> Self {
        Self::new(StatusCode::NOT_FOUND, code, message)
    }

    /// 409: somebody else was faster, or the thing's state does not allow it.
    pub fn conflict(code: &str, message: impl Into<String>) -> Self {
        Self::new(StatusCode::CONFLICT, code, message)
    }

    /// 422: the request is understood, and the answer is no.
    pub fn refused(code: &str, message: impl Into<String>) -> Self {
        Self::new(StatusCode::UNPROCESSABLE_ENTITY, code, message)
    }

    /// 429: too many attempts.
    pub fn too_many(code: &str, message: impl Into<String>) -> Self {
        Self::new(StatusCode::TOO_MANY_REQUESTS, code, message)
    }

    /// 503: something that the service needs is not there at the moment.
    pub fn unavailable(code: &str, message: impl Into<String>) -> Self {
        Self::new(StatusCode::SERVICE_UNAVAILABLE, code, message)
    }

    /// 500: a fault of the service. Its cause is logged here and not told to the caller.
    pub fn internal(cause: &dyn std::error::Error) -> Self {
        let cause = crate::exit::message(cause);
        tracing::error!(cause, "A request failed through a fault of this service.");
        let message = "the service failed; its log says why";
        Self::new(StatusCode::INTERNAL_SERVER_ERROR, "internal", message)
    }

    /// The same of an error of any kind.
    pub fn fault(cause: anyhow::Error) -> Self {
        Self::internal(&*Box::<dyn std::error::Error>::from(cause))
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        // Whoever shows it to a person in other words finds it among the extensions.
        let kind = [(CONTENT_TYPE, PROBLEM_JSON)];
        (self.status, Extension(self.body.clone()), kind, Json(self.body)).into_response()
    }
}
