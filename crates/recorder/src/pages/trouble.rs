//! What is answered where a page can't be shown.

use axum::response::{IntoResponse, Response};
use propusk_boot::http::Problem;

/// 404: no such alert, permit or user.
pub(super) fn missing() -> Response {
    Problem::not_found("not-found", "there is nothing here of this name").into_response()
}

/// 500.
pub(super) fn internal(error: anyhow::Error) -> Response {
    Problem::internal(&*Box::<dyn std::error::Error>::from(error)).into_response()
}
