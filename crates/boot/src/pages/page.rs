//! A template on its way to the browser.

use askama::Template;
use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse, Response};

use crate::http::Problem;

/// A page: 200 and HTML. For another status or a wider [`Policy`](super::Policy) return a tuple, `(status, Page(…))` or
/// `(policy, Page(…))`.
#[derive(Debug, Clone)]
pub struct Page<T>(pub T);

impl<T: Template> IntoResponse for Page<T> {
    fn into_response(self) -> Response {
        match self.0.render() {
            Ok(html) => ([(CONTENT_TYPE, "text/html; charset=utf-8")], html).into_response(),
            Err(error) => Problem::internal(&error).into_response(),
        }
    }
}
