use askama::Template;
use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::{HeaderMap, Request, StatusCode};
use axum::response::IntoResponse;
use axum::routing::{get, post};
use tower::ServiceExt;

use super::*;
use crate::http::{DEFAULT_BODY_BYTES, Problem, guarded};

#[derive(Template)]
#[template(
    source = "{% extends \"page.html\" %}{% block title %}x{% endblock %}{% block main %}{{ words }}{% endblock %}",
    ext = "html"
)]
struct Words {
    frame: Frame,
    words: &'static str,
}

async fn words(frame: Frame) -> Page<Words> {
    Page(Words { frame, words: "<b>&" })
}

fn router() -> Router {
    let busy = || async { Problem::too_many("busy", "later").into_response() };
    let widened =
        |frame| async { (Policy::strict().allow("frame-src", "'self'").with_camera(), words(frame).await) };
    let routes = Router::new()
        .route("/words", get(words).post(words))
        .route("/wide", get(widened))
        .route("/busy", get(busy))
        .route("/form", post(|| async { "done" }));
    framed(guarded(routes, DEFAULT_BODY_BYTES), Language::En)
}

struct Answer {
    status: StatusCode,
    headers: HeaderMap,
    body: String,
}

async fn ask(method: &str, uri: &str, headers: &[(&str, &str)]) -> Answer {
    let mut request = Request::builder().method(method).uri(uri).header("host", "127.0.0.1:1");
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    let response = router().oneshot(request.body(Body::empty()).unwrap()).await.unwrap();
    let (parts, body) = response.into_parts();
    let body = String::from_utf8_lossy(&to_bytes(body, 1 << 20).await.unwrap()).into_owned();
    Answer { status: parts.status, headers: parts.headers, body }
}

async fn language_of(headers: &[(&str, &str)]) -> String {
    let body = ask("GET", "/words", headers).await.body;
    body.split("<html lang=\"").nth(1).unwrap().split('"').next().unwrap().to_owned()
}

#[tokio::test]
async fn the_language_is_the_cookies_then_the_browsers_then_the_configurations() {
    assert_eq!(language_of(&[]).await, "en");
    assert_eq!(language_of(&[("accept-language", "de, ru;q=0.7, ky;q=0.8")]).await, "ky");
    assert_eq!(
        language_of(&[("accept-language", "ru-RU,en;q=0.5"), ("cookie", "a=b; propusk_lang=ky")]).await,
        "ky"
    );
    assert_eq!(language_of(&[("accept-language", "fr"), ("cookie", "propusk_lang=xx")]).await, "en");
    assert_eq!(language_of(&[("accept-language", "ky;q=0, ru;q=x")]).await, "ru");
}

#[tokio::test]
async fn the_switch_keeps_the_page_and_leads_nowhere_else() {
    let page = ask("GET", "/words?day=1&q=%C3%A4", &[]).await;
    assert!(page.body.contains("href=\"/words?day=1&#38;q=%C3%A4&#38;lang=ru\""), "{}", page.body);
    let answer = ask("GET", "/words?day=1&lang=ru&q=2", &[]).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER);
    assert_eq!(answer.headers["location"], "/words?day=1&q=2");
    assert!(answer.headers["set-cookie"].to_str().unwrap().starts_with("propusk_lang=ru; Path=/; "));
    assert!(ask("GET", "//elsewhere.example/?lang=ru", &[]).await.headers.get("location").is_none());
    // A wish that nobody speaks is passed over, and a form is never turned into a GET.
    assert_eq!(ask("GET", "/words?lang=xx", &[]).await.status, StatusCode::OK);
    assert_eq!(ask("POST", "/words?lang=ru", &[]).await.status, StatusCode::OK);
}

#[tokio::test]
async fn every_answer_carries_the_headers_and_a_page_can_widen_its_policy() {
    for uri in ["/words", "/busy", "/nowhere", STYLE.path(), "/words?lang=ru"] {
        let headers = ask("GET", uri, &[]).await.headers;
        let policy = headers["content-security-policy"].to_str().unwrap();
        assert!(
            policy.contains("default-src 'none'") && policy.contains("frame-ancestors 'none'"),
            "{policy}"
        );
        assert!(!policy.contains("unsafe-inline") && !policy.contains("frame-src"), "{policy}");
        assert!(headers["permissions-policy"].to_str().unwrap().starts_with("camera=(), "));
        for (name, value) in [
            ("x-content-type-options", "nosniff"),
            ("referrer-policy", "no-referrer"),
            ("cross-origin-opener-policy", "same-origin"),
            ("cross-origin-resource-policy", "same-origin"),
        ] {
            assert_eq!(headers[name], value, "{uri}");
        }
        let kept =
            if uri.starts_with("/assets") { "public, max-age=31536000, immutable" } else { "no-store" };
        assert_eq!(headers["cache-control"], kept, "{uri}");
    }
    let headers = ask("GET", "/wide", &[]).await.headers;
    assert!(headers["content-security-policy"].to_str().unwrap().contains("frame-src 'self'"));
    assert!(headers["permissions-policy"].to_str().unwrap().starts_with("camera=(self), "));
}

#[tokio::test]
async fn browsers_get_refusals_as_pages_and_programs_as_problems() {
    let html = ("accept", "text/html,*/*;q=0.8");
    for (language, word) in
        [("en", "There is no such page"), ("ru", "Такой страницы нет"), ("ky", "Мындай барак жок")]
    {
        let page = ask("GET", "/nowhere", &[html, ("accept-language", language)]).await;
        assert_eq!(page.status, StatusCode::NOT_FOUND);
        assert!(page.body.contains(word), "{}", page.body);
    }
    let page = ask("GET", "/form", &[html]).await;
    assert_eq!(
        (page.status, &page.headers["allow"]),
        (StatusCode::METHOD_NOT_ALLOWED, &"POST".parse().unwrap())
    );
    assert!(ask("GET", "/busy", &[html]).await.body.contains("Too many attempts"));
    let problem = ask("GET", "/busy", &[("accept", "*/*")]).await;
    assert_eq!(problem.headers["content-type"], "application/problem+json");
    assert!(problem.body.contains("\"status\":429") && problem.body.contains("\"code\":\"busy\""));
}

#[tokio::test]
async fn forms_of_other_sites_are_refused() {
    let sent = |headers: &'static [(&str, &str)]| async { ask("POST", "/form", headers).await.status };
    assert_eq!(sent(&[("sec-fetch-site", "same-origin")]).await, StatusCode::OK);
    assert_eq!(sent(&[("sec-fetch-site", "cross-site")]).await, StatusCode::FORBIDDEN);
    assert_eq!(sent(&[("sec-fetch-site", "same-site")]).await, StatusCode::FORBIDDEN);
    assert_eq!(sent(&[("origin", "http://elsewhere.example")]).await, StatusCode::FORBIDDEN);
    assert_eq!(sent(&[("origin", "http://127.0.0.1:1")]).await, StatusCode::OK);
    assert_eq!(sent(&[]).await, StatusCode::OK, "programs name neither; cookies are SameSite");
}

#[tokio::test]
async fn texts_are_escaped_and_the_first_page_is_small() {
    let page = ask("GET", "/words", &[("accept-encoding", "gzip")]).await;
    assert_eq!(page.headers["content-encoding"], "gzip");
    let plain = ask("GET", "/words", &[]).await.body;
    assert!(plain.contains("&#60;b&#62;&#38;") && !plain.contains("<b>&"), "{plain}");
    let mut bytes = 0;
    for uri in ["/words", STYLE.path(), SCRIPT.path(), ICON.path()] {
        bytes += ask_bytes(uri).await;
    }
    assert!(bytes < 20_000, "the frame alone takes {bytes} bytes");
}

async fn ask_bytes(uri: &str) -> usize {
    let request = Request::builder().uri(uri).header("accept-encoding", "gzip").body(Body::empty()).unwrap();
    let response = router().oneshot(request).await.unwrap();
    to_bytes(response.into_body(), 1 << 20).await.unwrap().len()
}

#[test]
fn every_refusal_has_its_words() {
    for status in [400, 401, 403, 404, 405, 408, 409, 413, 429, 500, 503] {
        for language in Language::ALL {
            for id in [format!("refusal-{status}"), format!("refusal-{status}-todo")] {
                assert!(crate::Locales::embedded().has(language, &id), "{language}: {id}");
            }
        }
    }
}
