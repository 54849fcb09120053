//! What a thief of a handheld can and can't do: `ops/stolen-device.md` claims it, and here it is seen.

use std::path::Path;
use std::time::Duration;

use propusk_courier::{ConnectOptions, Courier, Credentials, PublishError};
use scenarios::Instance;
use scenarios::group::{csv, specimens};
use scenarios::instance::{copy_folder, wait_for};
use serde_json::Value;
use tokio_util::sync::CancellationToken;

/// An instance with the handheld of Karasay, which knows a permit, has one hand-in of it recorded and one waiting.
fn at_work() -> (Instance, scenarios::Running, String) {
    let instance = Instance::new();
    let running = instance.up();
    let today = propusk_boot::Clock::system().today();
    let group = specimens(today);
    let file = instance.write("group.csv", csv(&group));
    let (from, out) = (today.to_string(), instance.path("printed"));
    let order =
        ["--zones", "issyk-kul", "--route", "karasay", "--from", &from, "--out", out.to_str().unwrap()];
    let issued = instance.json(&[&["desk", "issue", file.to_str().unwrap()], order.as_slice()].concat());
    instance.enroll("karasay");
    let _ = instance.run_with_input(&["handheld", "soldier", "add", "41"], "270418\n").expect(0);
    wait_for("the handheld to know the permit", || {
        instance.sync("karasay");
        instance.json(&["handheld", "status", "--post", "karasay"])["permits_known"] == 1
    });
    for copy in 1..=2 {
        let seal = issued["copies"][copy]["seal"].as_str().unwrap();
        let mrz = group[0].mrz.join("\n");
        let typed = format!("41\n270418\n{seal}\n{mrz}\n\nq\n");
        let said = instance.run_with_input(&["handheld", "run", "--plain"], &typed).expect(0).stdout;
        assert!(said.contains("LET THROUGH"), "{said}");
        if copy == 1 {
            instance.sync("karasay");
        }
    }
    (instance, running, issued["permit_number"].as_str().unwrap().replace('-', ""))
}

fn device(instance: &Instance) -> String {
    let path = instance.data().join("handheld/karasay/device.json");
    let profile: Value = serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap();
    profile["device"].as_str().unwrap().to_owned()
}

/// Whether any file below `dir` holds these bytes.
fn holds(dir: &Path, bytes: &[u8]) -> bool {
    std::fs::read_dir(dir).unwrap().flatten().any(|entry| {
        let path = entry.path();
        if path.is_dir() {
            return holds(&path, bytes);
        }
        std::fs::read(&path).unwrap().windows(bytes.len()).any(|window| window == bytes)
    })
}

#[test]
fn the_disk_names_no_traveller() {
    let (instance, running, number) = at_work();
    let dir = instance.data().join("handheld");
    assert!(
        holds(&dir, number.as_bytes()),
        "what is looked for is found where it is: the permit's number is"
    );
    for personal in ["ERIKSSON", "ANNA", "L898902C3", "740812", "Асанов", "PE0000000", "MULLER"] {
        assert!(!holds(&dir, personal.as_bytes()), "{personal}");
    }
    assert!(!holds(&dir, b"270418"), "nor a PIN");
    running.stop();
}

#[test]
fn the_key_hands_in_for_its_own_post_only_and_reads_nothing_of_others() {
    let (instance, running, _) = at_work();
    let dir = instance.data().join("handheld/karasay");
    let profile: Value = serde_json::from_slice(&std::fs::read(dir.join("device.json")).unwrap()).unwrap();
    let (name, url) = (profile["device"].as_str().unwrap(), profile["nats_url"].as_str().unwrap());
    let seed = std::fs::read_to_string(dir.join("device.nk")).unwrap();
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
    let options = ConnectOptions::of_device(url, Credentials::from_seed(seed.trim()).unwrap(), name);
    let courier = runtime.block_on(Courier::connect(options, CancellationToken::new())).unwrap();
    for subject in [
        format!("handin.1.barskoon.{name}"),
        "handin.1.karasay.aaaaaaaaaaaaaaaa".to_owned(),
        "sync.aaaaaaaaaaaaaaaa".to_owned(),
        format!("receipt.{name}"),
        "permit.0192f0c1-2345-7abc-8def-0123456789ab.issued".to_owned(),
        "trust.signers".to_owned(),
    ] {
        let said = runtime.block_on(courier.publish(&subject, b"x".as_slice()));
        assert!(matches!(said, Err(PublishError::Denied { .. })), "{subject}: {said:?}");
    }
    running.stop();
}

#[test]
fn a_revoked_device_wipes_itself_at_the_next_contact_and_what_was_not_recorded_survives() {
    let (instance, running, number) = at_work();
    let dir = instance.data().join("handheld/karasay");
    let before = instance.path("copied-by-the-thief");
    copy_folder(&dir, &before);
    let seed = std::fs::read(dir.join("device.nk")).unwrap();
    let _ = instance.json(&["recorder", "revoke-device", &device(&instance)]);
    let sync = ["handheld", "sync", "--post", "karasay", "--wait", "10", "--json"];
    let mut said = Value::Null;
    wait_for("the device to hear of it", || {
        let answer = instance.run(&sync);
        said = serde_json::from_str(answer.stdout.trim()).unwrap_or_default();
        said["revoked"] == true
    });
    assert_eq!(said["hand_ins"], 1, "{said}");
    assert!(!holds(&dir, &seed), "its key is gone");
    let left: Vec<String> = std::fs::read_dir(&dir)
        .unwrap()
        .flatten()
        .map(|entry| entry.file_name().into_string().unwrap())
        .collect();
    let mut left: Vec<&str> = left.iter().map(String::as_str).collect();
    left.sort_unstable();
    assert_eq!(left, ["device.json", "kept.bundle", "revoked"]);
    let dead = instance.run(&["handheld", "scan", "--post", "karasay", "--seal", "x"]).expect(2);
    assert!(dead.stderr.contains("was revoked"), "{}", dead.stderr);

    // What it had not sent: kept, carried to the recorder, seen there, and no record of a device that is shut out.
    let (file, out) = (instance.path("kept.bundle"), instance.path("back.bundle"));
    let (file, out) = (file.to_str().unwrap(), out.to_str().unwrap());
    let _ = instance.run(&["handheld", "export", "--post", "karasay", file]).expect(0);
    let taken = instance.json(&["recorder", "import", file, "--out", out]);
    assert_eq!(taken["hand_ins"], 1);
    assert_eq!(instance.records(), 1);
    let quarantine = instance.run(&["recorder", "quarantine", "--json"]).expect(0).json_lines();
    assert!(quarantine[0]["reason"].as_str().unwrap().contains("device-revoked"), "{quarantine:?}");

    // A copy of the whole folder is told the same, and can hand nothing in.
    copy_folder(&before, &dir);
    let said = instance.run(&sync).expect(1).json();
    assert_eq!(said["revoked"], true, "{said}");
    assert_eq!(instance.json(&["recorder", "show", &number])["hand_ins"].as_array().unwrap().len(), 1);
    running.stop();
}

#[test]
fn wiping_that_breaks_off_goes_on_at_the_next_start() {
    let (instance, running, _) = at_work();
    running.stop();
    let dir = instance.data().join("handheld/karasay");
    std::fs::write(dir.join("revoked"), "1").unwrap();
    let status = ["handheld", "status", "--post", "karasay"];
    for _ in 0..2 {
        let said = instance.run(&status).expect(2).stderr;
        assert!(said.contains("was revoked") && said.contains("1 hand-ins"), "{said}");
        assert!(!dir.join("device.nk").exists() && !dir.join("store").exists());
    }
}

#[test]
fn nobody_but_the_recorder_can_make_a_device_wipe_itself() {
    let (instance, running, _) = at_work();
    let dir = instance.data().join("handheld/karasay");
    // Whoever owns the broker can shut the device out, and answer its question.
    let seed = std::fs::read_to_string(instance.data().join("keys/operator.nk")).unwrap();
    let announced = std::fs::read(instance.data().join("run/nats.json")).unwrap();
    let announced: Value = serde_json::from_slice(&announced).unwrap();
    let name = device(&instance);
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
    running.kill("recorder");
    runtime.spawn(async move {
        let credentials = Credentials::from_seed(seed.trim()).unwrap();
        let forged = propusk_proto::Revocation {
            device: propusk_proto::DeviceId::parse(&name).unwrap(),
            revoked_at_ms: 1,
            time_ms: 1,
        };
        let message = propusk_proto::encode(&forged).unwrap();
        let framed = propusk_proto::frame::join(&message, &credentials.sign(&message).unwrap());
        let options = ConnectOptions::new(announced["url"].as_str().unwrap(), credentials, "operator");
        let courier = Courier::connect(options, CancellationToken::new()).await.unwrap();
        let mut questions = courier.serve("sync.*").await.unwrap();
        while let Some(question) = questions.next().await {
            let _ = question.respond(framed.clone()).await;
        }
    });
    std::thread::sleep(Duration::from_millis(300));
    let _ = instance.run(&["handheld", "sync", "--post", "karasay", "--wait", "3", "--json"]);
    assert!(dir.join("device.nk").exists() && dir.join("store").exists());
    // Nobody else answers from here on.
    runtime.shutdown_background();
    running.wait_until_ready();
    instance.settled("karasay", 2);
    running.stop();
}
