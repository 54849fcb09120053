use super::*;
use crate::specimen::{LINES, Room, number, room, unknown};

use axum::body::Body;
use axum::http::header::CONTENT_TYPE;
use axum::http::{Request, Response, StatusCode};
use serde_json::{Value, json};
use tower::ServiceExt;

impl Room {
    async fn post(&self, path: &str, body: Value) -> (StatusCode, Value, Response<()>) {
        let (status, text, response) = self.send(path, "application/json", body.to_string()).await;
        (status, serde_json::from_str(&text).unwrap_or(Value::Null), response)
    }

    async fn ask(&self, number: PermitNumber, what: Value) -> (StatusCode, Value) {
        let mut body = what;
        body["permit_number"] = json!(number.to_string());
        let (status, answer, _) = self.post("/v1/permit-checks", body).await;
        (status, answer)
    }
}

fn result_of<'a>(answer: &'a Value, field: &str) -> &'a Value {
    answer["fields"].as_array().unwrap().iter().find(|one| one["field"] == field).unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn the_holder_is_answered_field_by_field() {
    let room = room("");
    let (status, answer) = room.ask(number(), json!({"mrz": LINES, "language": "en"})).await;
    assert_eq!(status, StatusCode::OK, "{answer}");
    assert_eq!((&answer["status"], &answer["zones"]), (&json!("valid"), &json!(["naryn"])));
    assert_eq!((&answer["valid_from"], &answer["valid_to"]), (&json!("2026-06-01"), &json!("2026-06-30")));
    assert_eq!(result_of(&answer, "document_number")["result"], "same");
    room.take(2, "L8989O2C3", None);
    let (_, answer) = room.ask(number(), json!({"mrz": LINES, "version": 1})).await;
    assert_eq!((&answer["status"], &answer["version"]), (&json!("superseded"), &json!(2)));
    let number_field = result_of(&answer, "document_number");
    assert_eq!(number_field["characters"], json!([{"position": 6, "yours": "0", "permit": "O"}]));
    room.take(3, "", Some(1_780_000_000_001));
    let (_, answer) = room.ask(number(), json!({"surname": "Eriksson"})).await;
    assert_eq!(answer["status"], "revoked");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stranger_and_an_unknown_number_hear_the_same() {
    let room = room("");
    let stranger = json!({"surname": "Smith", "birth_date": "1990-01-01"});
    let of_known = room.ask(number(), stranger.clone()).await;
    let of_unknown = room.ask(unknown(), stranger).await;
    assert_eq!(of_known.0, StatusCode::NOT_FOUND);
    assert_eq!(of_known, of_unknown);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_can_t_be_answered_is_refused_with_its_reason() {
    let room = room("");
    let compact = number().compact().to_owned();
    let mut swapped: Vec<char> = compact.chars().collect();
    let at = (0..11).find(|&at| swapped[at] != swapped[at + 1]).unwrap();
    swapped.swap(at, at + 1);
    let swapped: String = swapped.into_iter().collect();
    let (status, answer, _) =
        room.post("/v1/permit-checks", json!({"permit_number": swapped, "surname": "ERIKSSON"})).await;
    assert_eq!((status, &answer["code"]), (StatusCode::BAD_REQUEST, &json!("permit-number")), "{answer}");
    let (status, answer) = room.ask(number(), json!({"sex": "F"})).await;
    assert_eq!((status, &answer["code"]), (StatusCode::BAD_REQUEST, &json!("proof-needed")));
    let (status, answer) = room.ask(number(), json!({"birth_date": "31.02.1990"})).await;
    assert_eq!((status, &answer["code"]), (StatusCode::BAD_REQUEST, &json!("date-not-calendar")));
    let (status, answer) = room.ask(number(), json!({"mrz": ["P<UTO", LINES[1]]})).await;
    assert_eq!((status, &answer["code"]), (StatusCode::BAD_REQUEST, &json!("mrz-shape")));
    let (status, _) = room.ask(number(), json!({"surnme": "ERIKSSON"})).await;
    assert!(status.is_client_error());
}

#[tokio::test(flavor = "multi_thread")]
async fn guesses_run_out() {
    let room = room("[verify]\nattempts_per_number_per_hour = 2\n");
    for _ in 0..2 {
        assert_eq!(room.ask(unknown(), json!({"surname": "X"})).await.0, StatusCode::NOT_FOUND);
    }
    let body = json!({"permit_number": unknown().to_string(), "surname": "X"});
    let (status, answer, response) = room.post("/v1/permit-checks", body).await;
    assert_eq!((status, &answer["code"]), (StatusCode::TOO_MANY_REQUESTS, &json!("too-often")));
    let seconds: u64 = response.headers()[RETRY_AFTER].to_str().unwrap().parse().unwrap();
    assert!((1..=3600).contains(&seconds), "{seconds}");
    assert_eq!(room.ask(number(), json!({"surname": "ERIKSSON"})).await.0, StatusCode::OK);
}

#[tokio::test(flavor = "multi_thread")]
async fn every_described_route_exists() {
    let room = room("");
    let description: Value = serde_json::from_str(openapi::DESCRIPTION).unwrap();
    for (path, methods) in description["paths"].as_object().unwrap() {
        for method in methods.as_object().unwrap().keys() {
            let request = Request::builder().method(method.to_uppercase().as_str()).uri(path);
            let request = request.header(CONTENT_TYPE, "application/json").body(Body::from("{")).unwrap();
            let status = room.router.clone().oneshot(request).await.unwrap().status();
            let missing = [StatusCode::NOT_FOUND, StatusCode::METHOD_NOT_ALLOWED].contains(&status);
            assert!(!missing, "{method} {path}: {status}");
        }
    }
    let (status, seal, _) = room.post("/v1/seal-checks", json!({"seal": "KGBZAAAA"})).await;
    assert_eq!((status, &seal["status"]), (StatusCode::OK, &json!("WRONG_FORMAT")));
    let (status, passport, _) = room.post("/v1/passport-checks", json!({"mrz": LINES})).await;
    assert_eq!((status, &passport["valid"]), (StatusCode::OK, &json!(true)));
}
