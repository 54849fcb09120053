//! `propusk up`: what dies is started again, and everything stops in order.

use std::time::Duration;

use scenarios::Instance;
use scenarios::instance::wait_for;

#[test]
fn a_room_that_dies_is_started_again_and_all_stops_in_time() {
    let instance = Instance::new();
    let running = instance.up();
    for room in ["desk", "recorder", "verify", "nats"] {
        let before = running.pid(room);
        running.kill(room);
        wait_for("the room to be another process", || running.pid(room) != before);
        running.wait_until_ready();
    }
    let log = instance.log();
    for room in ["desk", "recorder", "verify"] {
        assert!(log.contains(room), "{room} is not spoken of in: {log}");
    }
    let took = running.stop();
    assert!(!instance.data().join("run/ready").exists(), "ready stands only while every room answers");
    // Not a limit on a busy machine: the figure of the contract, printed for whoever runs this.
    println!("stopped in {:.1} s (the contract says 5 s)", took.as_secs_f64());
    assert!(took < Duration::from_secs(60), "it hung");
}

#[test]
fn secrets_are_for_their_owner_only() {
    use std::os::unix::fs::PermissionsExt;
    let instance = Instance::new();
    instance.up().stop();
    for file in ["keys/signer.pem", "keys/desk.nk", "keys/recorder.nk", "keys/verify.nk", "root/root.pem"] {
        let mode = std::fs::metadata(instance.data().join(file)).unwrap().permissions().mode() & 0o777;
        assert_eq!(mode, 0o600, "{file}");
    }
    let seen = instance.run(&["verify", "trust", "--json"]).expect(0);
    assert!(seen.stdout.contains("KGBP") && seen.stdout.contains("BEGIN PUBLIC KEY"), "{}", seen.stdout);
}
