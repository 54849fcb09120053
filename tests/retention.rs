//! Forgetting people: what is purged can't be read by anybody any more, from no file, not after a restore either; the
//! record of what was handed in stays whole.

use std::fs;
use std::path::Path;

use propusk_permit::PermitNumber;
use propusk_proto::NumberKey;
use scenarios::Instance;
use scenarios::group::{csv, specimens};
use scenarios::instance::{copy_folder, wait_for};

/// Bytes of an encrypted permit's wrapped key: nonce, key, tag.
const WRAPPED_BYTES: usize = 24 + 32 + 16;
/// Where a key ring's first key begins, and how long it is.
const FIRST_KEY: std::ops::Range<usize> = 128 + 18..128 + 18 + 32;

/// The group's people, as any file would show them.
const PEOPLE: [&str; 6] = ["ERIKSSON", "ANNA MARIA", "L898902C3", "ASANOV", "MÜLLER", "Йылмаз"];

fn bytes_of(folder: &Path, all: &mut Vec<(std::path::PathBuf, Vec<u8>)>) {
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        if path.is_dir() {
            bytes_of(&path, all);
        } else if let Ok(bytes) = fs::read(&path) {
            all.push((path, bytes));
        }
    }
}

fn find(bytes: &[u8], needle: &[u8]) -> Option<usize> {
    bytes.windows(needle.len()).position(|window| window == needle)
}

/// The files of a folder that hold these bytes.
fn holding(folder: &Path, needle: &[u8]) -> Vec<String> {
    let mut all = Vec::new();
    bytes_of(folder, &mut all);
    let holding = all.into_iter().filter(|(_, bytes)| find(bytes, needle).is_some());
    holding.map(|(path, _)| path.display().to_string()).collect()
}

fn people_in(folder: &Path) -> Vec<String> {
    PEOPLE.iter().flat_map(|name| holding(folder, name.as_bytes())).collect()
}

/// The wrapped key with which whoever has the permit number opens the details, out of the broker's files.
fn wrapped_key(broker: &Path, number: &str) -> Vec<u8> {
    let number: PermitNumber = number.parse().unwrap();
    let lookup = NumberKey::derive(&number).unwrap().lookup;
    let before = [lookup.as_slice(), &[u8::try_from(WRAPPED_BYTES).unwrap()]].concat();
    let mut all = Vec::new();
    bytes_of(broker, &mut all);
    let found = all.iter().find_map(|(_, bytes)| {
        let at = find(bytes, &before)? + before.len();
        bytes.get(at..at + WRAPPED_BYTES).map(<[u8]>::to_vec)
    });
    found.expect("the permit's event is in the broker's files")
}

struct Permit {
    number: String,
    seal: String,
    mrz: String,
}

fn issue(instance: &Instance) -> Permit {
    let today = propusk_boot::Clock::system().today();
    let group = specimens(today);
    let file = instance.write("group.csv", csv(&group));
    let (from, out) = (today.to_string(), instance.path("printed"));
    let issued = instance.json(&[
        "desk",
        "issue",
        file.to_str().unwrap(),
        "--zones",
        "naryn,issyk-kul",
        "--route",
        "karasay,torugart",
        "--from",
        &from,
        "--out",
        out.to_str().unwrap(),
    ]);
    Permit {
        number: issued["permit_number"].as_str().unwrap().to_owned(),
        seal: issued["copies"][1]["seal"].as_str().unwrap().to_owned(),
        mrz: group[0].mrz.join(","),
    }
}

fn wait_for_verify(instance: &Instance, permit: &Permit, known: bool) {
    wait_for("verify to hear of it", || {
        let answer = instance.run(&["verify", "permit", &permit.number, "--mrz", &permit.mrz]);
        answer.status == i32::from(!known)
    });
}

fn print(instance: &Instance, permit: &Permit) -> scenarios::Answer {
    instance.run(&["desk", "print", &permit.number, "--out", instance.path("again").to_str().unwrap()])
}

fn assert_forgotten(instance: &Instance, permit: &Permit, wrapped: &[u8]) {
    let refused = print(instance, permit);
    assert_eq!(refused.status, 1, "{}", refused.stderr);
    assert!(refused.stderr.contains("were erased on"), "{}", refused.stderr);
    let shown = instance.json(&["desk", "show", &permit.number]);
    assert_eq!((shown["travellers"].as_array().unwrap().len(), &shown["group"]), (0, &4.into()));
    assert_eq!((&shown["copies"], &shown["zones"][0]), (&4.into(), &"naryn".into()));
    wait_for_verify(instance, permit, false);
    wait_for("the broker to write over the events", || holding(&instance.data(), wrapped).is_empty());
    assert_eq!(people_in(&instance.data()), Vec::<String>::new());
}

/// The journal of look-ups, oldest first, and that nobody altered it.
fn look_ups(instance: &Instance, permit: &Permit) -> Vec<(String, Option<String>)> {
    let rows = instance.run(&["desk", "look-ups", "--permit", &permit.number, "--json"]).expect(0);
    let text = |value: &serde_json::Value| value.as_str().map(str::to_owned);
    let rows = rows.json_lines().into_iter().rev();
    rows.map(|row| (text(&row["what"]).unwrap(), text(&row["why"]))).collect()
}

#[test]
fn what_was_purged_is_gone_from_every_file_and_no_backup_brings_it_back() {
    let instance = Instance::new();
    let running = instance.up();
    instance.enroll("karasay");
    let permit = issue(&instance);
    wait_for_verify(&instance, &permit, true);
    wait_for("the handheld to know the permit", || {
        instance.sync("karasay");
        instance.json(&["handheld", "status", "--post", "karasay"])["permits_known"] == 1
    });
    let scan = ["handheld", "scan", "--post", "karasay", "--seal", &permit.seal, "--mrz", &permit.mrz];
    let _ = instance.run(&scan).expect(0);
    instance.settled("karasay", 1);
    let _ = print(&instance, &permit).expect(0);
    assert!(!holding(instance.path("group.csv").parent().unwrap(), b"ERIKSSON").is_empty(), "the net holds");
    assert_eq!(people_in(&instance.data()), Vec::<String>::new(), "nothing lies in clear, before any purge");
    running.stop();

    let backup = instance.path("backup");
    copy_folder(&instance.data(), &backup);
    let wrapped = wrapped_key(&backup.join("nats"), &permit.number);
    let key = fs::read(backup.join("personal-keys/desk.ring")).unwrap()[FIRST_KEY].to_vec();
    assert!(!holding(&instance.data(), &key).is_empty());

    let running = instance.up();
    let would = instance.json(&["desk", "purge", &permit.number, "--dry-run"]);
    assert_eq!((&would["dry_run"], &would["purged"][0]), (&true.into(), &permit.number.as_str().into()));
    assert_eq!(instance.json(&["desk", "purge", "--expired", "--dry-run"])["purged"], serde_json::json!([]));
    let _ = print(&instance, &permit).expect(0);
    assert_eq!(instance.run(&["desk", "purge", &permit.number]).status, 2, "it needs a reason");
    let purge = ["desk", "purge", &permit.number, "--reason", "the traveller asked", "--by", "Aida"];
    let purged = instance.json(&purge);
    assert_eq!(purged["purged"][0].as_str(), Some(permit.number.as_str()));
    assert_eq!(instance.json(&purge)["already"][0].as_str(), Some(permit.number.as_str()));
    assert_forgotten(&instance, &permit, &wrapped);
    assert_eq!(holding(&instance.data(), &key), Vec::<String>::new(), "the key's bytes are written over");
    let acts = look_ups(&instance, &permit);
    // The sheets of the issue, then twice a printing and its sheets.
    let printed = [("sheets", None), ("print", None), ("sheets", None), ("print", None), ("sheets", None)];
    let expected = [printed.as_slice(), &[("purge", Some("the traveller asked"))]]
        .concat()
        .into_iter()
        .map(|(what, why): (&str, Option<&str>)| (what.to_owned(), why.map(str::to_owned)));
    assert_eq!(acts, expected.collect::<Vec<_>>());
    let answered = instance.run(&["verify", "look-ups", "--permit", &permit.number, "--json"]).expect(0);
    assert!(!answered.json_lines().is_empty(), "verify had told the traveller about the permit");
    // The record is evidence, names nobody, and stays.
    let story = instance.json(&["recorder", "show", &permit.number]);
    assert_eq!(story["hand_ins"].as_array().unwrap().len(), 1, "{story}");
    instance.settled("karasay", 1);
    running.stop();

    // The stores and streams come back as they were before; keys are not in such a backup.
    for folder in ["desk", "verify", "nats/jetstream"] {
        copy_folder(&backup.join(folder), &instance.data().join(folder));
    }
    assert!(!holding(&instance.data(), &wrapped).is_empty(), "the stream's old events are back");
    let running = instance.up();
    wait_for("the desk to purge once more", || {
        let log = fs::read_to_string(instance.data().join("log/desk.log")).unwrap_or_default();
        log.contains("they are made once more")
    });
    assert_forgotten(&instance, &permit, &wrapped);
    instance.settled("karasay", 1);
    running.stop();
}

#[test]
fn people_are_forgotten_by_themselves_when_they_were_kept_long_enough() {
    let instance = Instance::new();
    instance.configure("[desk]\nkeep_personal_days = 30\n");
    let running = instance.up();
    let permit = issue(&instance);
    wait_for_verify(&instance, &permit, true);
    running.stop();
    let wrapped = wrapped_key(&instance.data().join("nats"), &permit.number);

    let today = propusk_boot::Clock::system().today();
    let later = |days: i64| today.saturating_add(jiff::Span::new().days(days)).to_string();
    let running = instance.up_with(&["--today", &later(45)]);
    let would = instance.json(&["desk", "purge", "--older-than", "5", "--dry-run"]);
    assert_eq!(would["purged"].as_array().unwrap().len(), 1, "its last valid day is more than 5 days ago");
    let would = instance.json(&["desk", "purge", "--expired", "--dry-run"]);
    assert_eq!(would["purged"], serde_json::json!([]), "and less than 30");
    let _ = print(&instance, &permit).expect(0);
    running.stop();

    let running = instance.up_with(&["--today", &later(70)]);
    wait_for("the people to be forgotten", || {
        !instance.json(&["desk", "show", &permit.number])["purged"].is_null()
    });
    assert_forgotten(&instance, &permit, &wrapped);
    let shown = instance.json(&["desk", "show", &permit.number]);
    assert_eq!(shown["purged"]["by"], "retention");
    running.stop();
}
