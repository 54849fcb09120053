//! Webhooks: signed, kept over failures and a restart, and told of a permit, of a hand-in and of an alert.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::thread;

use propusk_webhook::{Secret, sign};
use scenarios::Instance;
use scenarios::group::{csv, specimens};
use scenarios::instance::wait_for;
use serde_json::Value;

const SECRET: &str = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
/// What no message may hold.
const PEOPLE: [&str; 3] = ["ERIKSSON", "ANNA", "L898902C3"];

/// A message as it came, its signature verified.
#[derive(Clone, Debug)]
struct Message {
    id: String,
    body: Value,
    /// What it was answered.
    status: u16,
}

/// A program that is told: it refuses what comes first, and then takes everything.
struct Listener {
    url: String,
    heard: Arc<Mutex<Vec<Message>>>,
}

impl Listener {
    fn refusing_first(count: usize) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}/hooks", listener.local_addr().unwrap());
        let heard: Arc<Mutex<Vec<Message>>> = Arc::default();
        let all = heard.clone();
        thread::spawn(move || {
            for stream in listener.incoming() {
                answer(&stream.unwrap(), &all, count);
            }
        });
        Self { url, heard }
    }

    fn heard(&self) -> Vec<Message> {
        self.heard.lock().unwrap().clone()
    }

    /// Those that were taken, by type.
    fn taken(&self, kind: &str) -> Vec<Message> {
        let heard = self.heard().into_iter();
        heard.filter(|message| message.status == 200 && message.body["type"] == kind).collect()
    }
}

/// Reads one request, answers it and closes the connection.
fn answer(stream: &TcpStream, heard: &Mutex<Vec<Message>>, refused: usize) {
    let mut reader = BufReader::new(stream);
    let mut lines = Vec::new();
    loop {
        let mut line = String::new();
        if reader.read_line(&mut line).unwrap_or(0) == 0 {
            return;
        }
        if line == "\r\n" {
            break;
        }
        lines.push(line.trim_end().to_owned());
    }
    let header = |name: &str| {
        let mut found = lines.iter().filter_map(|line| line.split_once(": "));
        found.find(|(given, _)| given.eq_ignore_ascii_case(name)).unwrap_or_default().1.to_owned()
    };
    let mut body = vec![0; header("content-length").parse().unwrap()];
    reader.read_exact(&mut body).unwrap();
    let body = String::from_utf8(body).unwrap();
    let (id, at) = (header("webhook-id"), header("webhook-timestamp").parse().unwrap());
    let signature = sign(&Secret::parse(SECRET).unwrap(), &id, at, &body).unwrap();
    assert_eq!(header("webhook-signature"), signature);
    let mut heard = heard.lock().unwrap();
    let status = if heard.len() < refused { 500 } else { 200 };
    heard.push(Message { id, body: serde_json::from_str(&body).unwrap(), status });
    let mut stream = stream;
    // A redirect would not be followed; a refusal is one as well as the other.
    write!(stream, "HTTP/1.1 {status} x\r\ncontent-length: 0\r\nconnection: close\r\n\r\n").unwrap();
}

fn issue(instance: &Instance) -> Value {
    let today = propusk_boot::Clock::system().today();
    let table = instance.write("group.csv", csv(&specimens(today)[..1]));
    let (out, from) = (instance.path("out"), today.to_string());
    let order = [
        "--zones",
        "naryn,issyk-kul",
        "--route",
        "karasay,torugart",
        "--from",
        &from,
        "--out",
        out.to_str().unwrap(),
    ];
    instance.json(&[&["desk", "issue", table.to_str().unwrap()], &order[..]].concat())
}

#[test]
fn what_happens_is_told_until_it_is_heard() {
    let listener = Listener::refusing_first(2);
    let instance = Instance::new();
    instance.configure(&format!("[webhooks]\nurl = \"{}\"\n", listener.url));
    let keys = instance.data().join("keys");
    propusk_boot::private::folder(&keys).unwrap();
    propusk_boot::private::write(&keys.join("webhooks.secret"), SECRET.as_bytes()).unwrap();
    let running = instance.up();
    let issued = issue(&instance);
    wait_for("the first attempt", || !listener.heard().is_empty());
    running.stop();

    let running = instance.up();
    wait_for("the permit to be told", || !listener.taken("permit.issued").is_empty());
    let heard = listener.heard();
    assert!(heard.iter().all(|message| message.id == heard[0].id), "one message, again and again: {heard:?}");
    assert_eq!(heard.iter().filter(|message| message.status == 500).count(), 2);
    let told = &heard.last().unwrap().body["data"];
    assert_eq!((&told["permit_number"], &told["version"]), (&issued["permit_number"], &issued["version"]));

    instance.enroll("karasay");
    let seal = issued["copies"][1]["seal"].as_str().unwrap();
    // The second time the copy is one that was handed in before: the record says so too.
    for status in [0, 0] {
        let scan = ["handheld", "scan", "--post", "karasay", "--seal", seal, "--json"];
        let _ = instance.run(&scan).expect(status);
    }
    instance.sync("karasay");
    wait_for("hand-ins and alert to be told", || {
        listener.taken("copy.handed-in").len() >= 2 && !listener.taken("alert.raised").is_empty()
    });
    let handed_in = &listener.taken("copy.handed-in")[0].body["data"];
    assert_eq!(
        (&handed_in["permit_number"], &handed_in["copy"]),
        (&issued["permit_number"], &Value::from(1))
    );
    assert_eq!((&handed_in["post"], &handed_in["kind"]), (&Value::from("karasay"), &Value::from("entry")));
    let alert = &listener.taken("alert.raised")[0].body["data"];
    assert_eq!(alert["kind"], "copy-handed-in-twice");
    let all = format!("{:?}", listener.heard());
    assert!(!PEOPLE.iter().any(|name| all.contains(name)), "{all}");
    running.stop();
    assert!(!instance.log().contains("/hooks"), "an address may be a secret");
}
