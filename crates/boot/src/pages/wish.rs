//! Which language the reader wishes: the cookie, else the browser's list, else the configuration's.

use axum::extract::{Request, State};
use axum::http::header::LOCATION;
use axum::http::header::{ACCEPT_LANGUAGE, COOKIE, HeaderMap, SET_COOKIE};
use axum::http::{HeaderValue, Method, StatusCode};
use axum::middleware::Next;
use axum::response::{AppendHeaders, IntoResponse, Response};

use super::Frame;
use crate::locales::Language;

/// The name of the cookie; rooms on one machine share it, since cookies know no ports.
const NAME: &str = "propusk_lang";
/// A year.
const MAX_AGE_S: u32 = 31_536_000;

/// Puts the [`Frame`] into the request; a GET with `lang=` in its query sets the cookie and leads to the same page
/// without it.
pub(super) async fn heard(State(fallback): State<Language>, mut request: Request, next: Next) -> Response {
    let query = request.uri().query().unwrap_or_default();
    let (wish, rest) = take_wish(query);
    let path = request.uri().path();
    let here = if rest.is_empty() { path.to_owned() } else { format!("{path}?{rest}") };
    if request.method() == Method::GET
        && let Some(language) = wish
        // `//host` would lead elsewhere.
        && !here.starts_with("//")
    {
        return remember(language, &here);
    }
    let language = of_cookie(request.headers()).or_else(|| of_browser(request.headers())).unwrap_or(fallback);
    request.extensions_mut().insert(Frame { language, here });
    next.run(request).await
}

fn remember(language: Language, here: &str) -> Response {
    let cookie = format!("{NAME}={language}; Path=/; Max-Age={MAX_AGE_S}; SameSite=Lax; HttpOnly");
    (StatusCode::SEE_OTHER, AppendHeaders([(LOCATION, here.to_owned()), (SET_COOKIE, cookie)]))
        .into_response()
}

/// The language of a query's `lang=`, and the query without it.
fn take_wish(query: &str) -> (Option<Language>, String) {
    let mut wish = None;
    let rest: Vec<&str> = query
        .split('&')
        .filter(|part| match part.strip_prefix("lang=") {
            Some(code) => {
                wish = code.parse().ok();
                false
            }
            None => !part.is_empty(),
        })
        .collect();
    (wish, rest.join("&"))
}

fn of_cookie(headers: &HeaderMap) -> Option<Language> {
    cookie(headers, NAME)?.parse().ok()
}

/// The value of a cookie.
pub fn cookie<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    let lines = headers.get_all(COOKIE).iter().filter_map(|line| line.to_str().ok());
    let mut pairs = lines.flat_map(|line| line.split(';')).filter_map(|pair| pair.trim().split_once('='));
    pairs.find(|(key, _)| *key == name).map(|(_, value)| value)
}

/// The language of `Accept-Language` with the highest weight (RFC 9110 §12.5.4) that is spoken here; of equal ones the
/// first.
fn of_browser(headers: &HeaderMap) -> Option<Language> {
    let list = headers.get(ACCEPT_LANGUAGE).map(HeaderValue::to_str)?.ok()?;
    let mut best: Option<(f32, Language)> = None;
    for item in list.split(',') {
        let (tag, parameters) = item.split_once(';').unwrap_or((item, ""));
        let weight =
            parameters.trim().strip_prefix("q=").and_then(|weight| weight.parse().ok()).unwrap_or(1.0);
        let Ok(language) = tag.parse() else { continue };
        if weight > 0.0 && best.is_none_or(|(heaviest, _)| weight > heaviest) {
            best = Some((weight, language));
        }
    }
    best.map(|(_, language)| language)
}
