use super::*;
use crate::exit::{ExitStatus, Failure};
use std::os::unix::fs::PermissionsExt;

fn opened() -> (tempfile::TempDir, Instance) {
    let dir = tempfile::tempdir().unwrap();
    let instance = Instance::open(&dir.path().join("data")).unwrap();
    (dir, instance)
}

/// A process number that no process has: a child's that has ended and was waited for.
fn ended_process() -> u32 {
    let mut child = std::process::Command::new("true").spawn().unwrap();
    child.wait().unwrap();
    child.id()
}

#[test]
fn an_announcement_is_found_until_it_is_dropped() {
    let (_dir, instance) = opened();
    let announcement = Announcement::of_this_process("http://127.0.0.1:4000", Some("geheim".into()));
    let announced = instance.announce("desk", &announcement).unwrap();
    assert_eq!(instance.find("desk").unwrap(), announcement);
    let mode = fs::metadata(instance.run().join("desk.json")).unwrap().permissions().mode() & 0o777;
    assert_eq!(mode, 0o600);
    assert!(!format!("{announced:?}").contains("geheim"));
    drop(announced);
    let error = instance.find("desk").unwrap_err();
    assert_eq!(error.exit_status(), ExitStatus::Unreachable);
    assert!(error.to_string().contains("propusk desk run"), "{error}");
    let broker = instance.find("nats").unwrap_err().to_string();
    assert!(broker.contains("`propusk up`") && !broker.contains("nats run"), "{broker}");
}

#[test]
fn an_announcement_of_a_dead_process_is_not_believed() {
    let (_dir, instance) = opened();
    let dead = Announcement { url: "http://127.0.0.1:4000".into(), token: None, pid: ended_process() };
    let _announced = instance.announce("verify", &dead).unwrap();
    assert!(matches!(instance.find("verify"), Err(InstanceError::NotRunning { .. })));
}

#[test]
fn dropping_an_old_announcement_leaves_the_successors() {
    let (_dir, instance) = opened();
    let old = instance.announce("desk", &Announcement::of_this_process("http://127.0.0.1:1", None)).unwrap();
    let new = Announcement::of_this_process("http://127.0.0.1:2", None);
    let _new = instance.announce("desk", &new).unwrap();
    drop(old);
    assert_eq!(instance.find("desk").unwrap(), new);
}

#[test]
fn a_damaged_announcement_says_what_to_do() {
    let (_dir, instance) = opened();
    private::write(&instance.run().join("desk.json"), b"{").unwrap();
    let error = instance.find("desk").unwrap_err();
    assert!(error.to_string().contains("restart desk"), "{error}");
}

#[test]
fn a_second_holder_is_told_who_the_first_is() {
    let (_dir, instance) = opened();
    let lock = instance.lock("recorder").unwrap();
    let error = instance.lock("recorder").unwrap_err();
    let message = error.to_string();
    assert!(message.contains(&format!("process {}", std::process::id())), "{message}");
    assert!(
        message.contains(&instance.data().display().to_string()) && message.contains("--data"),
        "{message}"
    );
    assert_eq!(error.exit_status(), ExitStatus::Usage);
    let _other = instance.lock("desk").unwrap();
    drop(lock);
    let _again = instance.lock("recorder").unwrap();
}

#[test]
fn ready_comes_and_goes() {
    let (_dir, instance) = opened();
    instance.set_ready(false).unwrap();
    assert!(!instance.is_ready());
    instance.set_ready(true).unwrap();
    assert!(instance.is_ready());
    instance.set_ready(false).unwrap();
    assert!(!instance.is_ready());
}

#[test]
fn a_data_folder_that_is_a_file_is_refused() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("file");
    fs::write(&path, "").unwrap();
    let message = Instance::open(&path).unwrap_err().to_string();
    assert!(message.contains("file") && message.contains("make this folder"), "{message}");
}
