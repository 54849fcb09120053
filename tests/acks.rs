//! What is recorded the broker need not hold for the recorder any longer, whether or not anything comes after it.

use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use rustix::process::{Pid, Signal, kill_process};
use scenarios::Instance;
use scenarios::instance::wait_for;
use serde_json::Value;

use crate::snapshots::connect;

#[test]
fn a_hand_in_that_comes_alone_is_acked_without_another() {
    let instance = Instance::new();
    let running = instance.up();
    instance.enroll("karasay");
    for hand_ins in 1..=2 {
        instance.scan_foreign_code();
        instance.sync("karasay");
        let mut last = Value::Null;
        // A slow machine makes the handheld send again, so there may be more messages than hand-ins.
        wait_for("the ack of the last hand-in", || {
            last = consumer(&instance);
            last["ack_floor"]["stream_seq"].as_u64() >= Some(hand_ins) && last["num_ack_pending"] == 0
        });
        assert_eq!(last["delivered"]["consumer_seq"], last["delivered"]["stream_seq"], "each once: {last}");
    }
    running.stop();
}

#[test]
fn what_is_receipted_shortly_before_a_stop_is_acked_before_it() {
    let instance = Instance::new();
    // A slow machine would have it send again, and that might be on its way at the stop.
    instance.configure("[handheld]\nresend_first_ms = 60000\n");
    let running = instance.up();
    instance.enroll("karasay");
    let before = consumer(&instance);
    instance.scan_foreign_code();
    instance.sync("karasay");
    running.stop();
    let running = instance.up();
    let after = consumer(&instance);
    // The broker names another microsecond after its own restart.
    let apart = made_at(&after).duration_since(made_at(&before)).abs();
    assert!(apart < SignedDuration::from_millis(50), "made anew, because of loose ends: {before} {after}");
    assert_eq!(after["ack_floor"]["stream_seq"], after["delivered"]["stream_seq"], "{after}");
    assert_eq!(after["delivered"]["consumer_seq"], after["delivered"]["stream_seq"], "{after}");
    running.stop();
}

/// A recorder that is stopped while the broker stands still ends by itself: it waits for no answer.
#[test]
fn a_broker_that_stands_still_does_not_keep_the_recorder_from_stopping() {
    // A machine that is busy may be slower than the supervisor is patient, though hardly every time.
    let ended = (0..4).any(|_| {
        let instance = Instance::new();
        let running = instance.up();
        instance.enroll("karasay");
        instance.scan_foreign_code();
        instance.sync("karasay");
        let broker = Pid::from_raw(running.pid("nats")).unwrap();
        kill_process(broker, Signal::STOP).unwrap();
        running.stop();
        let log = instance.log();
        let killed = |room| log.lines().any(|line| line.contains("not stop in time") && line.contains(room));
        assert!(killed("nats"), "{log}");
        !killed("recorder")
    });
    assert!(ended, "the recorder had to be killed");
}

fn made_at(consumer: &Value) -> Timestamp {
    consumer["created"].as_str().unwrap().parse().unwrap()
}

/// The recorder's place in the stream of hand-ins, as the broker has it.
fn consumer(instance: &Instance) -> Value {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
    let answer = runtime.block_on(async {
        let courier = connect(instance, "operator").await;
        courier.request("$JS.API.CONSUMER.INFO.HANDINS.recorder", "", Duration::from_secs(30)).await.unwrap()
    });
    serde_json::from_slice(&answer).unwrap()
}
