//! Faults of the machine and of the broker against the real parts: nothing is lost, and damage is said at the start.

use std::fs;
use std::path::{Path, PathBuf};

use rustix::process::{Pid, Signal, kill_process};
use scenarios::Instance;
use scenarios::instance::{copy_folder, wait_for};

fn jetstream(instance: &Instance) -> PathBuf {
    instance.data().join("nats/jetstream")
}

#[test]
fn a_broker_that_hangs_is_killed_and_started_again() {
    let instance = Instance::new();
    let running = instance.up();
    instance.enroll("karasay");
    let hung = running.pid("nats");
    kill_process(Pid::from_raw(hung).unwrap(), Signal::STOP).unwrap();
    instance.scan_foreign_code();
    wait_for("another broker", || running.pid("nats") != hung);
    assert!(instance.log().contains("nats"), "the supervisor says what it did: {}", instance.log());
    instance.sync("karasay");
    assert_eq!(instance.records(), 1);
    running.stop();
}

#[test]
fn a_recorder_that_stands_still_loses_nothing() {
    let instance = Instance::new();
    let running = instance.up();
    instance.enroll("karasay");
    let recorder = Pid::from_raw(running.pid("recorder")).unwrap();
    kill_process(recorder, Signal::STOP).unwrap();
    instance.scan_foreign_code();
    let waiting = instance.run(&["handheld", "sync", "--post", "karasay", "--wait", "2", "--json"]);
    assert_eq!(waiting.status, 3, "{}{}", waiting.stdout, waiting.stderr);
    kill_process(recorder, Signal::CONT).unwrap();
    instance.sync("karasay");
    assert_eq!(instance.records(), 1);
    running.stop();
}

#[test]
fn a_broker_without_its_streams_gets_them_back() {
    let instance = Instance::new();
    let running = instance.up();
    instance.enroll("karasay");
    instance.scan_foreign_code();
    instance.sync("karasay");
    running.stop();

    fs::remove_dir_all(jetstream(&instance)).unwrap();
    let running = instance.up();
    instance.scan_foreign_code();
    instance.sync("karasay");
    assert_eq!(instance.records(), 2, "the new stream begins with sequences that were used before");
    running.stop();
}

/// The broker's disk is wiped under running rooms: the supervisor starts it again, the streams are made anew, consumers
/// read from the start, the desk and the handhelds send what is missing.
#[test]
fn a_broker_that_loses_everything_under_running_rooms_is_mended() {
    let instance = Instance::new();
    let running = instance.up();
    instance.enroll("karasay");
    let mut handed_in = 0;
    for _ in 0..3 {
        instance.scan_foreign_code();
        handed_in += 1;
        let _ = instance.run(&["handheld", "sync", "--post", "karasay", "--wait", "1", "--json"]);
        instance.scan_foreign_code();
        handed_in += 1;
        let before = running.pid("nats");
        running.kill("nats");
        // What the killed process no longer holds open; the next one may have begun to fill the folder already.
        let _ = fs::remove_dir_all(jetstream(&instance).join("jetstream"));
        wait_for("another broker", || running.pid("nats") != before);
        running.wait_until_ready();
    }
    instance.settled("karasay", handed_in);
    running.stop();
}

#[test]
fn a_broker_restored_from_an_older_copy_swallows_nothing() {
    let instance = Instance::new();
    let older = instance.path("older-streams");
    let running = instance.up();
    instance.enroll("karasay");
    instance.scan_foreign_code();
    instance.sync("karasay");
    running.stop();
    copy_folder(&jetstream(&instance), &older);

    let running = instance.up();
    instance.scan_foreign_code();
    instance.scan_foreign_code();
    instance.sync("karasay");
    running.stop();
    copy_folder(&older, &jetstream(&instance));

    let running = instance.up();
    instance.scan_foreign_code();
    instance.sync("karasay");
    assert_eq!(instance.records(), 4, "sequences that were used before carry another hand-in now");
    running.stop();
}

/// One byte is changed in the middle of every file of the store in turn. The recorder says so, by its start, its log or
/// its audit, or all records are there: damage is never served as if nothing were.
#[test]
fn a_changed_byte_in_the_record_is_found() {
    let instance = Instance::new();
    let (store, whole) = (instance.data().join("recorder"), instance.path("whole"));
    let running = instance.up();
    instance.enroll("karasay");
    for _ in 0..20 {
        instance.scan_foreign_code();
    }
    instance.sync("karasay");
    running.stop();
    copy_folder(&store, &whole);

    let mut said = false;
    for file in files(&whole) {
        let mut bytes = fs::read(&file).unwrap();
        let used: Vec<usize> = (0..bytes.len()).filter(|at| bytes[*at] != 0).collect();
        let Some(at) = used.get(used.len() / 2).copied() else { continue };
        bytes[at] ^= 0x10;
        copy_folder(&whole, &store);
        fs::write(store.join(file.strip_prefix(&whole).unwrap()), bytes).unwrap();
        let is_log = file.ends_with("db");
        if is_log {
            // The small batches would mend it.
            fs::remove_file(store.join("redo")).unwrap();
        }
        let log = instance.data().join("log/recorder.log");
        let _ = fs::remove_file(&log);
        let Ok(running) = instance.try_up() else {
            said |= is_log;
            continue;
        };
        let answer = instance.run(&["recorder", "audit", "--json"]);
        let log = fs::read_to_string(&log).unwrap_or_default();
        if answer.status != 0 || log.contains("damaged") {
            said |= is_log;
        } else {
            let name = file.file_name().unwrap().to_string_lossy().into_owned();
            assert_eq!(answer.json()["records"], 20, "byte {at} of {name}: {}", answer.stdout);
        }
        running.stop();
    }
    assert!(said, "the log's byte was one that matters");
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let mut all = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            all.extend(files(&path));
        } else {
            all.push(path);
        }
    }
    all
}
