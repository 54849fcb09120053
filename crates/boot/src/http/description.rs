//! The description of an API that a room serves of itself.

use axum::Router;
use axum::http::header::CONTENT_TYPE;
use axum::routing::get;

/// `GET /v1/openapi.json`, and the same at `/openapi.json`, for everybody: `description`, which is OpenAPI 3.1 as JSON.
pub fn description_route(description: &'static str) -> Router {
    let describe = move || async move { ([(CONTENT_TYPE, "application/json")], description) };
    Router::new().route("/v1/openapi.json", get(describe)).route("/openapi.json", get(describe))
}
