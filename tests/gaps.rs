//! A reader of permit events that misses one asks for it, and its desk publishes it again.

use propusk_courier::Message;
use propusk_proto::{Change, PermitEvent, encode, subject};
use scenarios::Instance;
use scenarios::group::{csv, specimens};
use scenarios::instance::wait_for;
use uuid::Uuid;

use crate::snapshots::{publish, signed};

#[test]
fn a_reader_that_sees_a_gap_asks_again() {
    let instance = Instance::new();
    let running = instance.up();
    instance.enroll("karasay");
    let today = propusk_boot::Clock::system().today();
    let file = instance.write("group.csv", csv(&specimens(today)));
    let (from, out) = (today.to_string(), instance.path("out"));
    let issue = [
        "desk",
        "issue",
        file.to_str().unwrap(),
        "--zones",
        "naryn,issyk-kul",
        "--route",
        "karasay,torugart",
    ];
    let issued = instance.json(&[&issue[..], &["--from", &from, "--out", out.to_str().unwrap()]].concat());
    let id: Uuid = issued["permit_id"].as_str().unwrap().parse().unwrap();
    wait_for("the handheld to know the permit", || {
        instance.sync("karasay");
        instance.json(&["handheld", "status", "--post", "karasay"])["permits_known"] == 1
    });
    let desk = || std::fs::read_to_string(instance.data().join("log/desk.log")).unwrap_or_default();
    assert!(!desk().contains("A reader misses events"));

    // An event from far ahead: those before it never came.
    let change = Change::Printed { copies: vec![9], of: 9, by: "SPECIMEN".to_owned() };
    let event = PermitEvent { permit_id: id, sequence: 40, at_ms: 0, office: "SPECIMEN".to_owned(), change };
    let message = Message { subject: subject::permit(id, "printed"), payload: encode(&event).unwrap() };
    publish(&instance, vec![signed(&instance, message)]);
    wait_for("the desk to publish again", || desk().contains("A reader misses events"));
    let recorder = std::fs::read_to_string(instance.data().join("log/recorder.log")).unwrap();
    assert_eq!(recorder.matches("Events before this one are missing").count(), 1, "asked once");
    running.stop();
}
