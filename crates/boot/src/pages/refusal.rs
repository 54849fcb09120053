//! Refusals for people: what a program gets as JSON a browser gets as a page that says what to do.

use askama::Template;
use axum::extract::Request;
use axum::http::StatusCode;
use axum::http::header::{ACCEPT, ALLOW, HeaderMap, RETRY_AFTER, WWW_AUTHENTICATE};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use super::{Frame, Page};
use crate::http::ProblemBody;
use crate::locales::Locales;

#[derive(Template)]
#[template(path = "refusal.html")]
struct Refusal {
    frame: Frame,
    status: u16,
    title: String,
    text: String,
}

impl Refusal {
    /// Its sentences are `refusal-404`, `refusal-404-todo` and the like; `refusal-other` where a status has none.
    fn new(frame: Frame, status: StatusCode) -> Self {
        let own = format!("refusal-{}", status.as_u16());
        let id = if Locales::embedded().has(frame.language, &own) { own } else { "refusal-other".to_owned() };
        Self { status: status.as_u16(), title: frame.say(&id), text: frame.say(&format!("{id}-todo")), frame }
    }
}

/// Turns a [`Problem`](crate::http::Problem) into a page where the asker prefers HTML.
pub(super) async fn as_page(frame: Frame, request: Request, next: Next) -> Response {
    let wanted = prefers_html(request.headers());
    let response = next.run(request).await;
    if !wanted || response.extensions().get::<ProblemBody>().is_none() {
        return response;
    }
    let status = response.status();
    let mut page = (status, Page(Refusal::new(frame, status))).into_response();
    for name in [ALLOW, RETRY_AFTER, WWW_AUTHENTICATE] {
        if let Some(value) = response.headers().get(&name) {
            page.headers_mut().insert(name, value.clone());
        }
    }
    page
}

/// True for browsers' navigations; scripts and programs name no HTML.
fn prefers_html(headers: &HeaderMap) -> bool {
    let accepted = headers.get(ACCEPT).and_then(|value| value.to_str().ok()).unwrap_or_default();
    accepted.contains("text/html")
}
