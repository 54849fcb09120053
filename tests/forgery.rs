//! What a thief of a signing key, and what garbage on the wire, can't do unnoticed.

use std::time::Duration;

use propusk_courier::{ConnectOptions, Courier, Credentials, Message};
use propusk_permit::PermitNumber;
use propusk_proto::{DeviceId, SignedPermitEvent, decode, encode, subject};
use propusk_seal::{LeadMrz, PermitSeal, SignerId, SigningKey, ZoneMask, to_text};
use scenarios::Instance;
use scenarios::group::specimens;
use scenarios::instance::wait_for;
use serde_json::Value;
use tokio_util::sync::CancellationToken;

use crate::snapshots::{issued, mask, publish, signed, zone_of};

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
        let options = ConnectOptions::of_device(url, credentials, device.as_str());
        let courier = Courier::connect(options, CancellationToken::new()).await.unwrap();
        assert!(courier.wait_until_connected(Duration::from_secs(30)).await);
        courier.publish(&subject::hand_in(0, "karasay", &device), [0x00, 0xff]).await.unwrap();
        let other = subject::hand_in(0, "torugart", &device);
        assert!(courier.publish(&other, [0x00]).await.is_err(), "a device can't speak for another post");
    });
}

/// Whoever owns the broker can publish as a desk, but can't sign as one.
#[test]
fn a_permit_that_no_desk_signed_exists_for_nobody() {
    let instance = Instance::new();
    let running = instance.up();
    instance.enroll("karasay");
    let today = propusk_boot::Clock::system().today();
    let zone = mask(&zone_of("karasay"));
    let bare = issued(1, zone, today);
    let stranger = SigningKey::from_bytes(&[9; 32]).unwrap();
    let forged = SignedPermitEvent {
        signer: "KGBP".to_owned(),
        certificate_reference: "1".to_owned(),
        signature: stranger.sign(&SignedPermitEvent::signed_bytes(&bare.payload)).to_vec(),
        event: bare.payload.clone(),
    };
    let forged = Message { subject: bare.subject.clone(), payload: encode(&forged).unwrap() };
    let nobody = SignedPermitEvent { signer: "KGXX".to_owned(), ..decode(&forged.payload).unwrap() };
    let nobody = Message { subject: bare.subject.clone(), payload: encode(&nobody).unwrap() };
    let moved = signed(&instance, issued(2, zone, today));
    let moved = Message { subject: bare.subject.clone(), ..moved };
    let beyond = signed(&instance, issued(3, 1 << 31, today));
    let good = signed(&instance, issued(4, zone, today));
    publish(&instance, vec![bare, forged, nobody, moved, beyond, good]);

    wait_for("the one permit that a desk signed", || {
        instance.sync("karasay");
        instance.json(&["handheld", "status", "--post", "karasay"])["permits_known"] == 1
    });
    let kept = instance.run(&["recorder", "quarantine", "--json"]).expect(0).json_lines();
    let reasons: Vec<&str> = kept.iter().map(|row| row["reason"].as_str().unwrap()).collect();
    for why in ["not its signer's", "does not name its signer", "it belongs on", "may not grant"] {
        assert!(reasons.iter().any(|reason| reason.contains(why)), "{why}: {reasons:?}");
    }
    assert_eq!(reasons.len(), 4, "{reasons:?}");
    assert_eq!(alert_of(&instance, "quarantined")["post"], "unknown");
    running.stop();
}
