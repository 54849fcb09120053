//! What a machine's operator asks every room: is it well, and what does it count.

use std::sync::{Arc, PoisonError, RwLock};

use axum::extract::State;
use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use axum::{Json, Router};

use super::Problem;
use crate::meters::Meters;

/// Whether a room can do its work at this moment; a copy watches the same room.
#[derive(Debug, Clone)]
pub struct Health {
    /// Why it can't; `None` when it can.
    trouble: Arc<RwLock<Option<String>>>,
}

impl Health {
    /// A room that is still starting.
    pub fn starting() -> Self {
        Self { trouble: Arc::new(RwLock::new(Some("it is still starting".to_owned()))) }
    }

    /// The room can do its work.
    pub fn well(&self) {
        self.set(None);
    }

    /// The room can't do its work, and why (no personal data: anybody may read it).
    pub fn trouble(&self, why: impl Into<String>) {
        self.set(Some(why.into()));
    }

    /// Why the room can't do its work; `None` when it can.
    pub fn why_not(&self) -> Option<String> {
        self.trouble.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn set(&self, trouble: Option<String>) {
        *self.trouble.write().unwrap_or_else(PoisonError::into_inner) = trouble;
    }
}

/// `GET /healthz`: 200 `{"status":"ok"}`, or 503 and a [`Problem`] with code `unhealthy` that says why.
pub fn health_route(health: Health) -> Router {
    Router::new().route("/healthz", get(healthz)).with_state(health)
}

async fn healthz(State(health): State<Health>) -> Response {
    match health.why_not() {
        None => Json(serde_json::json!({ "status": "ok" })).into_response(),
        Some(why) => Problem::unavailable("unhealthy", why).into_response(),
    }
}

/// `GET /metrics` in the Prometheus text format. Put it behind the token where strangers can reach the room.
pub fn metrics_route(meters: Meters) -> Router {
    Router::new().route("/metrics", get(metrics)).with_state(meters)
}

async fn metrics(State(meters): State<Meters>) -> impl IntoResponse {
    ([(CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8")], meters.render())
}
