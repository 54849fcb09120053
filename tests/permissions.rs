//! Who may do what: a device that is shut out, and codes that are tried too often.

use std::time::{Duration, Instant};

use propusk_courier::{ConnectOptions, Courier, Credentials, PublishError};
use scenarios::Instance;
use scenarios::instance::wait_for;
use serde_json::Value;
use tokio_util::sync::CancellationToken;

#[test]
fn a_device_that_is_shut_out_is_cut_off_at_once() {
    let instance = Instance::new();
    let running = instance.up();
    instance.enroll("karasay");
    instance.scan_foreign_code();
    instance.sync("karasay");
    instance.scan_foreign_code();

    let dir = instance.data().join("handheld/karasay");
    let profile: Value = serde_json::from_slice(&std::fs::read(dir.join("device.json")).unwrap()).unwrap();
    let (device, url) = (profile["device"].as_str().unwrap(), profile["nats_url"].as_str().unwrap());
    let credentials =
        Credentials::from_seed(std::fs::read_to_string(dir.join("device.nk")).unwrap().trim()).unwrap();
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
    let courier = runtime
        .block_on(Courier::connect(
            ConnectOptions::of_device(url, credentials, device),
            CancellationToken::new(),
        ))
        .unwrap();
    assert!(courier.is_connected());

    let revoked = instance.json(&["recorder", "revoke-device", device]);
    assert!(!revoked["revoked_at"].is_null(), "{revoked}");
    let since = Instant::now();
    let hand_in = format!("handin.1.karasay.{device}");
    wait_for("hand-ins to be denied", || {
        matches!(
            runtime.block_on(courier.publish(&hand_in, b"x".as_slice())),
            Err(PublishError::Denied { .. })
        )
    });
    // Not a limit on a busy machine; the figure for whoever runs this.
    println!(
        "a live connection could hand in no more {:.2} s after the revocation",
        since.elapsed().as_secs_f64()
    );
    let receipts = format!("receipt.{device}");
    let mut heard = runtime.block_on(courier.subscribe(&receipts)).unwrap();
    let anything =
        runtime.block_on(async { tokio::time::timeout(Duration::from_secs(2), heard.next()).await });
    assert!(anything.is_err(), "nor hear receipts");
    assert_eq!(instance.records(), 1, "what it handed in before stays; nothing comes after");
    running.stop();
}

#[test]
fn codes_can_t_be_tried_for_ever() {
    let instance = Instance::new();
    instance.configure("[recorder]\nenrolment_attempts_per_hour = 3\n");
    let running = instance.up();
    let code =
        instance.json(&["recorder", "enroll-code", "--post", "karasay"])["code"].as_str().unwrap().to_owned();
    for _ in 0..3 {
        let wrong = instance.run_with_input(&["handheld", "enroll"], "AAAA-BBBB-CCCC-DDDD\n").expect(2);
        assert!(wrong.stderr.contains("this code is not good"), "{}", wrong.stderr);
    }
    let right = instance.run_with_input(&["handheld", "enroll"], &code);
    assert_ne!(right.status, 0);
    assert!(right.stderr.contains("too many codes were tried"), "{}", right.stderr);
    running.stop();
}
