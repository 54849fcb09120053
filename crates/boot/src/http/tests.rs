use super::*;
use axum::body::{Body, to_bytes};
use axum::http::{Request, StatusCode};
use axum::routing::{get, post};
use tower::ServiceExt;

async fn ask(router: Router, request: Request<Body>) -> (StatusCode, serde_json::Value) {
    let response = router.oneshot(request).await.unwrap();
    let status = response.status();
    let bytes = to_bytes(response.into_body(), 4096).await.unwrap();
    (status, serde_json::from_slice(&bytes).unwrap())
}

fn request(path: &str) -> Request<Body> {
    Request::builder().uri(path).body(Body::empty()).unwrap()
}

fn with_token(value: &str) -> Request<Body> {
    Request::builder().uri("/api").header("authorization", value).body(Body::empty()).unwrap()
}

#[tokio::test]
async fn only_the_token_opens() {
    let token = Token::new("geheim").unwrap();
    assert_eq!(format!("{token:?}"), "Token(…)");
    let router = require_token(Router::new().route("/api", get(|| async { "1" })), token);
    for (value, expected) in [
        ("Bearer geheim", StatusCode::OK),
        ("bearer geheim", StatusCode::OK),
        ("Bearer geheiM", StatusCode::UNAUTHORIZED),
        ("Bearer geheim1", StatusCode::UNAUTHORIZED),
        ("Bearer ", StatusCode::UNAUTHORIZED),
        ("geheim", StatusCode::UNAUTHORIZED),
    ] {
        assert_eq!(ask(router.clone(), with_token(value)).await.0, expected, "{value}");
    }
    let (status, body) = ask(router, request("/api")).await;
    assert_eq!((status, body["code"].as_str()), (StatusCode::UNAUTHORIZED, Some("token-needed")));
    assert!(Token::new("").is_none());
}

#[tokio::test]
async fn every_refusal_is_json() {
    async fn number(_: axum::Json<u8>) -> &'static str {
        "1"
    }
    async fn broken() -> &'static str {
        std::panic::resume_unwind(Box::new("broken"))
    }
    let routes = Router::new().route("/n", post(number)).route("/broken", get(broken));
    let router = guarded(routes, 16);
    let (status, body) = ask(router.clone(), request("/nowhere")).await;
    assert_eq!((status, body["code"].as_str()), (StatusCode::NOT_FOUND, Some("not-found")));
    let (status, body) = ask(router.clone(), request("/n")).await;
    assert_eq!((status, body["code"].as_str()), (StatusCode::METHOD_NOT_ALLOWED, Some("method-not-allowed")));
    let (status, body) = ask(router.clone(), request("/broken")).await;
    assert_eq!(
        (status, body["code"].as_str()),
        (StatusCode::INTERNAL_SERVER_ERROR, Some("internal-server-error"))
    );
    let json = |text: &'static str| {
        let builder = Request::builder().method("POST").uri("/n").header("content-type", "application/json");
        builder.header("content-length", text.len()).body(Body::from(text)).unwrap()
    };
    let (status, body) = ask(router.clone(), json("7 7")).await;
    assert_eq!(status, StatusCode::BAD_REQUEST);
    assert!(body["detail"].as_str().unwrap().contains("JSON"), "{body}");
    let (status, body) = ask(router.clone(), Request::post("/n").body(Body::from("7")).unwrap()).await;
    assert_eq!(
        (status, body["code"].as_str()),
        (StatusCode::UNSUPPORTED_MEDIA_TYPE, Some("unsupported-media-type"))
    );
    // JSON of another shape is no answer "no" (422), but a request that can't be understood.
    let (status, body) = ask(router.clone(), json("\"x\"")).await;
    assert_eq!((status, body["code"].as_str()), (StatusCode::BAD_REQUEST, Some("bad-request")));
    let (status, body) = ask(router.clone(), json("11111111111111111")).await;
    assert_eq!((status, body["code"].as_str()), (StatusCode::PAYLOAD_TOO_LARGE, Some("payload-too-large")));
    assert_eq!(ask(router, json("7")).await, (StatusCode::OK, 1.into()));
}

#[tokio::test]
async fn a_list_is_no_object() {
    #[derive(serde::Deserialize)]
    struct Wish {
        #[serde(default)]
        n: u8,
    }
    let router = Router::new()
        .route("/n", post(|JsonObject(wish): JsonObject<Wish>| async move { axum::Json(wish.n) }));
    let router = guarded(router, 16);
    for (body, expected) in
        [("{}", 200), (" {\"n\": 7}", 200), ("[]", 400), (" [7]", 400), ("7", 400), ("", 400)]
    {
        let request =
            Request::post("/n").header("content-type", "application/json").body(Body::from(body)).unwrap();
        assert_eq!(ask(router.clone(), request).await.0, expected, "{body}");
    }
}

#[tokio::test]
async fn health_says_why_not() {
    let health = Health::starting();
    let router = health_route(health.clone());
    let (status, body) = ask(router.clone(), request("/healthz")).await;
    assert_eq!((status, body["code"].as_str()), (StatusCode::SERVICE_UNAVAILABLE, Some("unhealthy")));
    health.well();
    assert_eq!(ask(router.clone(), request("/healthz")).await.0, StatusCode::OK);
    health.trouble("the broker is unreachable");
    assert_eq!(ask(router, request("/healthz")).await.1["detail"], "the broker is unreachable");
}

#[tokio::test]
async fn a_port_in_use_says_so() {
    let taken = bind("127.0.0.1:0").await.unwrap();
    let address = taken.local_addr().unwrap().to_string();
    let message = bind(&address).await.unwrap_err().to_string();
    assert!(message.contains(&address) && message.contains("the port is in use"), "{message}");
    assert!(bind("nonsense").await.is_err());
}

#[tokio::test]
async fn an_open_request_is_finished_before_the_stop() {
    let shutdown = CancellationToken::new();
    let stop = shutdown.clone();
    let slow = get(move || async move {
        // The stop comes in the middle of this request, and the answer has to arrive all the same.
        stop.cancel();
        tokio::task::yield_now().await;
        "\"done\""
    });
    let listener = bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let asked = tokio::task::spawn_blocking(move || {
        crate::client::Client::new(&url, None).unwrap().get::<String>("/slow").unwrap()
    });
    serve(listener, Router::new().route("/slow", slow), shutdown).await.unwrap();
    assert_eq!(asked.await.unwrap(), "done");
}
