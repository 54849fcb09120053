//! What a thief of a signing key, and what garbage on the wire, can't do unnoticed.

use std::time::Duration;

use propusk_courier::{ConnectOptions, Courier, Credentials};
use propusk_permit::PermitNumber;
use propusk_proto::{DeviceId, subject};
use propusk_seal::{LeadMrz, PermitSeal, SignerId, SigningKey, ZoneMask, to_text};
use scenarios::Instance;
use scenarios::group::specimens;
use scenarios::instance::wait_for;
use serde_json::Value;
use tokio_util::sync::CancellationToken;

fn alert_of(instance: &Instance, kind: &str) -> Value {
    let mut found = Value::Null;
    wait_for("the alert", || {
        let alerts = instance.run(&["recorder", "alerts", "--json"]).expect(0).json_lines();
        found = alerts.into_iter().find(|alert| alert["kind"] == kind).unwrap_or_default();
        !found.is_null()
    });
    found
}

/// A permit that nobody issued, sealed with the desk's stolen key.
fn forged_seal(instance: &Instance, number: &PermitNumber) -> String {
    let today = propusk_boot::Clock::system().today();
    let pem = std::fs::read_to_string(instance.data().join("keys/signer.pem")).unwrap();
    let seal = PermitSeal {
        permit_number: number.compact().to_owned(),
        version: 1,
        copy: 1,
        copies: 3,
        sheet: 1,
        sheets: 1,
        valid_from: today,
        valid_to: today,
        zones: ZoneMask(0b10),
        group_size: 1,
        lead_mrz: LeadMrz::new(&specimens(today)[0].mrz).unwrap(),
        issuing_office: "BISHKEK".to_owned(),
        others: vec![],
    };
    let signer = SignerId::new("KGBP", "1").unwrap();
    to_text(&seal.sign(&signer, today, today, &SigningKey::from_pem(&pem).unwrap()).unwrap())
}

#[test]
fn a_stolen_key_shows_and_garbage_is_kept_apart() {
    let instance = Instance::new();
    instance.configure("[recorder]\nunknown_permit_grace_s = 1\n");
    let running = instance.up();
    instance.enroll("karasay");
    instance.sync("karasay");

    let number = PermitNumber::draw(|| [5; 8]);
    let seal = forged_seal(&instance, &number);
    let answer = instance.json(&["handheld", "scan", "--post", "karasay", "--seal", &seal]);
    assert_eq!(
        (&answer["verdict"], &answer["reasons"][0]["code"]),
        (&"attention".into(), &"unknown-permit".into())
    );
    let mut cut = seal.clone();
    cut.truncate(seal.len() - 9);
    let refused =
        instance.run(&["handheld", "scan", "--post", "karasay", "--seal", &cut, "--json"]).expect(1);
    assert_eq!(refused.json()["reasons"][0]["code"], "seal-unreadable");
    let foreign = ["handheld", "scan", "--post", "karasay", "--seal", "https://example.org/ticket", "--json"];
    assert_eq!(instance.run(&foreign).expect(1).json()["reasons"][0]["code"], "not-a-permit");
    instance.sync("karasay");
    let alert = alert_of(&instance, "unknown-permit");
    assert_eq!(alert["permit_number"], number.to_string());

    publish_garbage(&instance);
    assert_eq!(alert_of(&instance, "quarantined")["post"], "karasay");
    let kept = instance.run(&["recorder", "quarantine", "--json"]).expect(0).json_lines();
    assert!(kept.iter().any(|row| row["hex"] == "00ff"), "{kept:?}");
    assert_eq!(
        instance.json(&["recorder", "audit"])["records"],
        3,
        "the stream moved on, the record is whole"
    );
    running.stop();
}

/// Publishes bytes that are no hand-in, with a real device's credentials.
fn publish_garbage(instance: &Instance) {
    let dir = instance.data().join("handheld/karasay");
    let seed = std::fs::read_to_string(dir.join("device.nk")).unwrap();
    let profile: Value = serde_json::from_slice(&std::fs::read(dir.join("device.json")).unwrap()).unwrap();
    let device = DeviceId::parse(profile["device"].as_str().unwrap()).unwrap();
    let url = profile["nats_url"].as_str().unwrap().to_owned();
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let credentials = Credentials::from_seed(seed.trim()).unwrap();
        let options = ConnectOptions::new(url, credentials, device.as_str());
        let courier = Courier::connect(options, CancellationToken::new()).await.unwrap();
        assert!(courier.wait_until_connected(Duration::from_secs(30)).await);
        courier.publish(&subject::hand_in(0, "karasay", &device), [0x00, 0xff]).await.unwrap();
        let other = subject::hand_in(0, "torugart", &device);
        assert!(courier.publish(&other, [0x00]).await.is_err(), "a device can't speak for another post");
    });
}
