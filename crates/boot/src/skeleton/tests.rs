use super::*;
use crate::client::ServerOptions;
use crate::exit::{ExitStatus, Failure};
use crate::http::{Token, require_token};
use axum::Router;
use axum::routing::get;
use clap::{CommandFactory, Parser};
use tokio_util::sync::CancellationToken;

#[derive(Parser)]
struct Arguments {
    #[command(flatten)]
    options: Options,
    #[command(flatten)]
    server: ServerOptions,
}

fn options(data: &std::path::Path) -> Options {
    Options { data: data.to_owned(), config: None, today: None, lang: Some(Language::En), json: false }
}

#[test]
fn the_options_are_well_formed() {
    Arguments::command().debug_assert();
    let arguments =
        Arguments::parse_from(["x", "--today", "2026-06-01", "--lang", "ky", "--data", "d", "--json"]);
    assert_eq!(arguments.options.today, Some(jiff::civil::date(2026, 6, 1)));
    assert_eq!(arguments.options.lang, Some(Language::Ky));
    assert!(arguments.options.json && arguments.server.server.is_none());
    assert!(Arguments::try_parse_from(["x", "--today", "31.02.2026"]).is_err());
}

#[test]
fn the_data_folders_own_file_is_found() {
    let dir = tempfile::tempdir().unwrap();
    std::fs::write(dir.path().join("propusk.toml"), "[instance]\nlanguage = \"ky\"\n").unwrap();
    let setting = Setting::prepare(&Options { lang: None, ..options(dir.path()) }).unwrap();
    assert_eq!(setting.language, Language::Ky);
    std::fs::write(dir.path().join("propusk.toml"), "[instance]\nlanguage = \"kg\"\n").unwrap();
    let message = Setting::prepare(&Options { lang: None, ..options(dir.path()) }).unwrap_err().to_string();
    assert!(message.contains("line 2") && message.contains("instance.language"), "{message}");
}

/// Runs blocking client calls against a room that is being served, then stops it.
async fn while_serving(service: Service, token: Token, calls: impl FnOnce(Instance) + Send + 'static) {
    let router = Router::new().route("/api/ping", get(|| async { "\"pong\"" }));
    let router = require_token(router, token.clone());
    let instance = service.instance.clone();
    let shutdown = service.shutdown.clone();
    let called = tokio::task::spawn_blocking(move || {
        while instance.find("desk").is_err() {
            std::thread::yield_now();
        }
        calls(instance);
        shutdown.cancel();
    });
    service.serve("127.0.0.1:0", router, Some(token)).await.unwrap();
    called.await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_room_is_found_asked_and_gone_after_the_stop() {
    let dir = tempfile::tempdir().unwrap();
    let setting = Setting::prepare(&options(dir.path())).unwrap();
    let service = Service::start("desk", setting.clone(), CancellationToken::new()).unwrap();
    let second = Service::start("desk", setting, CancellationToken::new()).unwrap_err();
    assert!(second.to_string().contains("already in use"), "{second}");
    service.health.well();
    ::metrics::counter!("boot_test_total").increment(3);
    while_serving(service, Token::draw().unwrap(), |instance| {
        let client = ServerOptions::default().connect(&instance, "desk").unwrap();
        assert_eq!(client.get::<String>("/api/ping").unwrap(), "pong");
        let metrics = String::from_utf8(client.get_bytes("/metrics").unwrap()).unwrap();
        assert!(metrics.contains("boot_test_total 3"), "{metrics}");
        let stranger = crate::client::Client::new(client.base_url(), Some("guess".into())).unwrap();
        let error = stranger.get::<String>("/api/ping").unwrap_err();
        assert!(error.to_string().contains("token-needed"), "{error}");
        assert!(stranger.get_bytes("/metrics").is_err());
        let health: serde_json::Value = stranger.get("/healthz").unwrap();
        assert_eq!(health["status"], "ok");
    })
    .await;
    let gone = ServerOptions::default().connect(&Instance::open(dir.path()).unwrap(), "desk").unwrap_err();
    assert_eq!(gone.exit_status(), ExitStatus::Unreachable);
}

#[test]
fn run_hands_the_rooms_error_on_and_frees_the_folder() {
    let dir = tempfile::tempdir().unwrap();
    let result = run("verify", &options(dir.path()), |service| async move {
        assert_eq!(service.room, "verify");
        Err(crate::Refused("the work failed".to_owned()).into())
    });
    assert_eq!(result.unwrap_err().exit_status(), ExitStatus::No);
    assert!(run("verify", &options(dir.path()), |_| async { Ok(()) }).is_ok());
}
