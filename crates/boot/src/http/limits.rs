//! What every request has to keep to, and the JSON of every refusal.

use std::time::Duration;

use axum::Router;
use axum::body::to_bytes;
use axum::extract::DefaultBodyLimit;
use axum::http::StatusCode;
use axum::http::header::CONTENT_TYPE;
use axum::middleware::map_response;
use axum::response::{IntoResponse, Response};
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::csrf::CsrfLayer;
use tower_http::limit::RequestBodyLimitLayer;
use tower_http::timeout::TimeoutLayer;

use super::Problem;

/// The longest request body where a room has no reason for another limit: a group's order has a few kilobytes.
pub const DEFAULT_BODY_BYTES: usize = 1024 * 1024;
/// How long a handler may take until its answer begins.
const HANDLER: Duration = Duration::from_secs(30);
/// The longest refusal in plain words that is turned into JSON.
const MAX_WORDS: usize = 4096;

/// Puts limits around a router: bodies of at most `body_bytes` (else 413), answers that begin within 30 s (else
/// 408), no form of another site's page (403), a panic becomes 500, and every refusal in plain words, axum's own among them, becomes a JSON
/// [`Problem`].
pub fn guarded(router: Router, body_bytes: usize) -> Router {
    router
        .layer(CsrfLayer::new())
        .layer(DefaultBodyLimit::disable())
        .layer(RequestBodyLimitLayer::new(body_bytes))
        .layer(TimeoutLayer::with_status_code(StatusCode::REQUEST_TIMEOUT, HANDLER))
        .layer(CatchPanicLayer::new())
        .layer(map_response(in_json))
}

/// What is said where a refusal has no words of its own.
fn without_words(status: StatusCode, reason: &str) -> &str {
    match status {
        StatusCode::NOT_FOUND => "there is nothing at this address",
        StatusCode::METHOD_NOT_ALLOWED => "this address answers other methods; the header Allow names them",
        _ => reason,
    }
}

/// Leaves answers and refusals with a body of their own kind (JSON, HTML) as they are.
async fn in_json(response: Response) -> Response {
    let status = response.status();
    let plain =
        response.headers().get(CONTENT_TYPE).is_none_or(|kind| kind.as_bytes().starts_with(b"text/plain"));
    if !(status.is_client_error() || status.is_server_error()) || !plain {
        return response;
    }
    let (mut parts, body) = response.into_parts();
    // axum says 422 to JSON of another shape; here 422 is kept for "understood, and the answer is no".
    let status = if status == StatusCode::UNPROCESSABLE_ENTITY { StatusCode::BAD_REQUEST } else { status };
    let words = to_bytes(body, MAX_WORDS).await.unwrap_or_default();
    let words = String::from_utf8_lossy(&words);
    let reason = status.canonical_reason().unwrap_or("refused");
    let message = if words.trim().is_empty() { without_words(status, reason) } else { words.trim() };
    let problem = Problem::new(status, reason.to_lowercase().replace(' ', "-"), message).into_response();
    let (told, body) = problem.into_parts();
    parts.status = status;
    // What the refusal said besides its words stays, such as `Allow` of a 405.
    parts.headers.remove(axum::http::header::CONTENT_LENGTH);
    parts.headers.extend(told.headers);
    parts.extensions.extend(told.extensions);
    Response::from_parts(parts, body)
}
