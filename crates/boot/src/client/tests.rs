use super::*;
use crate::exit::{ExitStatus, Failure};
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpListener;
use std::thread::JoinHandle;

/// Answers one request with `response` and hands back the request's lines and body.
fn server(response: &'static str) -> (String, JoinHandle<(Vec<String>, String)>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let answered = std::thread::spawn(move || {
        let (mut stream, _) = listener.accept().unwrap();
        let mut reader = BufReader::new(stream.try_clone().unwrap());
        let mut lines = Vec::new();
        loop {
            let mut line = String::new();
            reader.read_line(&mut line).unwrap();
            let line = line.trim_end().to_owned();
            if line.is_empty() {
                break;
            }
            lines.push(line);
        }
        let length = lines.iter().find_map(|line| line.strip_prefix("content-length: ")?.parse().ok());
        let mut body = vec![0; length.unwrap_or(0)];
        reader.read_exact(&mut body).unwrap();
        stream.write_all(response.as_bytes()).unwrap();
        (lines, String::from_utf8(body).unwrap())
    });
    (url, answered)
}

#[test]
fn a_token_travels_and_json_comes_back() {
    let (url, answered) =
        server("HTTP/1.1 200 OK\r\ncontent-length: 9\r\nconnection: close\r\n\r\n{\"n\": 17}");
    let client = Client::new(&format!("{url}/"), Some("geheim".into())).unwrap();
    let answer: serde_json::Value = client.get("/api/permits?zone=naryn").unwrap();
    assert_eq!(answer["n"], 17);
    let (lines, _) = answered.join().unwrap();
    assert_eq!(lines[0], "GET /api/permits?zone=naryn HTTP/1.1");
    assert!(lines.contains(&"authorization: Bearer geheim".to_owned()), "{lines:?}");
    assert!(!format!("{client:?}").contains("geheim"));
}

#[test]
fn a_problem_is_told_with_its_code() {
    let (url, answered) = server(
        "HTTP/1.1 422 Unprocessable Content\r\ncontent-length: 96\r\nconnection: close\r\n\r\n\
         {\"title\": \"Unprocessable Content\", \"status\": 422, \"detail\": \"no such zone\", \"code\": \"no-zone\"}  ",
    );
    let client = Client::new(&url, None).unwrap();
    let error = client.post::<_, ()>("/api/orders", &serde_json::json!({"zone": "x"})).unwrap_err();
    assert!(
        matches!(&error, ClientError::Refused { status: 422, code, message } if code == "no-zone" && message == "no such zone"),
        "{error:?}"
    );
    assert_eq!(error.exit_status(), ExitStatus::No);
    let (_, body) = answered.join().unwrap();
    let body: serde_json::Value = serde_json::from_str(&body).unwrap();
    assert_eq!(body, serde_json::json!({"zone": "x"}));
}

#[test]
fn an_answer_of_another_shape_is_not_quoted() {
    let (url, _answered) =
        server("HTTP/1.1 200 OK\r\ncontent-length: 13\r\nconnection: close\r\n\r\n\"ERIKSSON AM\"");
    let error = Client::new(&url, None).unwrap().get::<u8>("/").unwrap_err();
    assert!(matches!(error, ClientError::Broken { .. }));
    assert!(!error.to_string().contains("ERIKSSON"), "{error}");
}

#[test]
fn a_closed_port_is_unreachable() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    drop(listener);
    let error = Client::new(&url, None).unwrap().get::<()>("/").unwrap_err();
    assert!(matches!(error, ClientError::Unreachable { .. }), "{error:?}");
    assert_eq!(error.exit_status(), ExitStatus::Unreachable);
}

#[test]
fn a_token_never_travels_in_the_clear_to_another_machine() {
    for url in ["http://desk.example.kg:80", "http://10.0.0.7", "http://localhost.example.kg"] {
        let error = Client::new(url, Some("geheim".into())).unwrap_err();
        assert!(matches!(error, ClientError::ClearText { .. }), "{url}: {error:?}");
        assert!(error.to_string().contains("ssh -L"), "{error}");
    }
    for url in
        ["http://localhost:1", "http://127.8.0.1:1", "http://[::1]:1", "http://127.0.0.1", "https://10.0.0.7"]
    {
        assert!(Client::new(url, None).is_ok(), "{url}");
    }
}

#[test]
fn what_is_no_address_is_refused() {
    for url in ["", "desk", "ftp://127.0.0.1", "http://a@127.0.0.1", "http://127.0.0.1/api", "127.0.0.1:80"] {
        assert!(matches!(Client::new(url, None), Err(ClientError::Address { .. })), "{url}");
    }
}
