//! What a browser may do with an answer: the Content-Security-Policy and the other headers.

use std::collections::BTreeMap;
use std::convert::Infallible;
use std::fmt::Write as _;

use axum::http::HeaderValue;
use axum::http::header::{
    CACHE_CONTROL, CONTENT_SECURITY_POLICY, HeaderName, REFERRER_POLICY, X_CONTENT_TYPE_OPTIONS,
};
use axum::response::{IntoResponseParts, Response, ResponseParts};

/// Content-Security-Policy of every answer: nothing from elsewhere, nothing inline, in nobody's frame.
const STRICT: [(&str, &str); 9] = [
    ("default-src", "'none'"),
    ("script-src", "'self' 'wasm-unsafe-eval'"),
    ("style-src", "'self'"),
    ("img-src", "'self' data: blob:"),
    ("connect-src", "'self'"),
    ("form-action", "'self'"),
    ("frame-ancestors", "'none'"),
    ("base-uri", "'none'"),
    ("object-src", "'none'"),
];
/// What no page of ours asks a browser for; the camera is added where a page does not scan.
const NEVER: &str = "microphone=(), geolocation=(), payment=(), usb=(), serial=(), bluetooth=(), midi=()";

/// The policy of one answer, as a part of it: `(Policy::strict().allow("frame-src", "'self'"), Page(…))`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Policy {
    directives: BTreeMap<&'static str, String>,
    camera: bool,
}

impl Policy {
    /// The policy of an answer that says nothing else.
    pub fn strict() -> Self {
        let directives = STRICT.map(|(name, sources)| (name, sources.to_owned()));
        Self { directives: directives.into(), camera: false }
    }

    /// Adds a source to a directive, such as `'self'` to `worker-src`, `media-src`, `manifest-src` or `frame-src`.
    #[must_use]
    pub fn allow(mut self, directive: &'static str, source: &str) -> Self {
        let sources = self.directives.entry(directive).or_default();
        if sources == "'none'" || sources.is_empty() {
            source.clone_into(sources);
        } else {
            // Writing to a String does not fail.
            let _ = write!(sources, " {source}");
        }
        self
    }

    /// Lets the page ask for the camera.
    #[must_use]
    pub fn with_camera(self) -> Self {
        Self { camera: true, ..self }
    }

    fn content_security(&self) -> String {
        let directives = self.directives.iter().map(|(name, sources)| format!("{name} {sources}"));
        directives.collect::<Vec<_>>().join("; ")
    }

    fn permissions(&self) -> String {
        format!("camera=({}), {NEVER}", if self.camera { "self" } else { "" })
    }
}

impl IntoResponseParts for Policy {
    type Error = Infallible;

    fn into_response_parts(self, mut parts: ResponseParts) -> Result<ResponseParts, Infallible> {
        parts.extensions_mut().insert(self);
        Ok(parts)
    }
}

/// Puts the headers onto an answer. Nothing is kept by a browser or a proxy unless the answer says so.
pub(super) async fn with_headers(mut response: Response) -> Response {
    let policy = response.extensions_mut().remove::<Policy>().unwrap_or_else(Policy::strict);
    let headers = response.headers_mut();
    let fixed = [
        (X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (REFERRER_POLICY, "no-referrer"),
        (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
        (HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
    ];
    for (name, value) in fixed {
        headers.insert(name, HeaderValue::from_static(value));
    }
    let texts = [
        (CONTENT_SECURITY_POLICY, policy.content_security()),
        (HeaderName::from_static("permissions-policy"), policy.permissions()),
    ];
    for (name, text) in texts {
        if let Ok(value) = HeaderValue::from_str(&text) {
            headers.insert(name, value);
        }
    }
    headers.entry(CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
    response
}
