//! The link between a post and the centre: cut for days, breaking again and again, standing still, spoiling bytes.

use std::fs;

use scenarios::instance::wait_for;
use scenarios::{Instance, Link};
use serde_json::Value;

/// Puts a link between the handheld of Karasay and its broker.
pub(crate) fn link(instance: &Instance) -> Link {
    let path = instance.data().join("handheld/karasay/device.json");
    let mut profile: Value = serde_json::from_slice(&fs::read(&path).unwrap()).unwrap();
    let port = profile["nats_url"].as_str().unwrap().rsplit(':').next().unwrap().parse().unwrap();
    let link = Link::to(port);
    profile["nats_url"] = format!("nats://127.0.0.1:{}", link.port()).into();
    fs::write(&path, profile.to_string()).unwrap();
    link
}

fn try_to_sync(instance: &Instance) -> bool {
    let sync = ["handheld", "sync", "--post", "karasay", "--wait", "4", "--json"];
    let answer = instance.run(&sync);
    answer.status == 0 && answer.json()["reached"] == true
}

#[test]
fn days_without_a_link_lose_nothing() {
    let instance = Instance::new();
    let running = instance.up();
    instance.enroll("karasay");
    let link = link(&instance);
    link.cut();
    let today = propusk_boot::Clock::system().today();
    for day in 0..4 {
        let date = today.saturating_add(jiff::Span::new().days(3 * day)).to_string();
        for _ in 0..10 {
            let scan = [
                "--today",
                &date,
                "handheld",
                "scan",
                "--post",
                "karasay",
                "--seal",
                "https://example.org/x",
            ];
            let verdict = instance.run(&[&scan[..], &["--json"]].concat()).expect(1).json();
            assert_eq!(verdict["state"], "on-this-device");
            let stale =
                verdict["reasons"].as_array().unwrap().iter().any(|why| why["code"] == "trust-list-stale");
            assert_eq!(stale, 3 * day > 7, "the list is {} days old", 3 * day);
            assert_eq!(verdict["trust_list_age_days"], 3 * day);
        }
        assert!(!try_to_sync(&instance));
    }
    // A weak signal: it breaks after some bytes, each time a little later.
    for round in 1..200 {
        link.mend();
        link.cut_after(round * 700);
        if try_to_sync(&instance) && !link.is_cut() {
            break;
        }
    }
    link.mend();
    instance.settled("karasay", 40);
    running.stop();
}

#[test]
fn a_link_that_stands_still_and_one_that_spoils_bytes_lose_nothing() {
    let instance = Instance::new();
    let running = instance.up();
    instance.enroll("karasay");
    let link = link(&instance);
    link.stall();
    for _ in 0..10 {
        instance.scan_foreign_code();
    }
    assert!(!try_to_sync(&instance));
    link.mend();
    instance.settled("karasay", 10);

    // A bit flips somewhere in what the broker and the recorder answer: in a receipt, in the trust list, in the
    // protocol itself. What was spoilt is refused, and asked for again.
    for at in (0..40).map(|step| 400 + step * 61) {
        instance.scan_foreign_code();
        link.spoil_after(at);
        let _ = try_to_sync(&instance);
    }
    link.mend();
    instance.settled("karasay", 50);
    running.stop();
}

/// Every process is killed at any moment of an exchange, again and again.
#[test]
fn whatever_is_killed_in_the_middle_loses_nothing() {
    let instance = Instance::new();
    let running = instance.up();
    instance.enroll("karasay");
    let mut handed_in = 0;
    for room in ["nats", "recorder", "desk", "nats", "verify", "recorder", "nats", "recorder"] {
        for _ in 0..5 {
            instance.scan_foreign_code();
            handed_in += 1;
        }
        let before = running.pid(room);
        let sync = ["handheld", "sync", "--post", "karasay", "--wait", "8", "--json"];
        let mut sending = instance.command(&sync).stdout(std::process::Stdio::null()).spawn().unwrap();
        running.kill(room);
        wait_for("the room to be another process", || running.pid(room) != before);
        if handed_in % 2 == 0 {
            sending.kill().unwrap();
        }
        sending.wait().unwrap();
    }
    running.wait_until_ready();
    instance.settled("karasay", handed_in);
    running.stop();
}
