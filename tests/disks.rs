//! Full disks: whoever can't write says so, nothing that was promised is lost, and with room all goes on.

use scenarios::instance::wait_for;
use scenarios::{Instance, Tmpfs};

#[test]
fn a_full_disk_of_the_broker_is_said_and_waited_for() {
    let instance = Instance::new();
    let Some(volume) = Tmpfs::mount(&instance.data().join("nats/jetstream"), 48) else { return };
    let running = instance.up();
    instance.enroll("karasay");
    instance.scan_foreign_code();
    instance.sync("karasay");

    volume.fill();
    for _ in 0..5 {
        instance.scan_foreign_code();
    }
    let _ = instance.run(&["handheld", "sync", "--post", "karasay", "--wait", "3", "--json"]);
    wait_for("the supervisor to say that the disk is full", || {
        instance.log().contains("is full, so nats was stopped")
    });
    instance.scan_foreign_code();
    let waits = instance.run(&["handheld", "sync", "--post", "karasay", "--wait", "2", "--json"]);
    assert_eq!(waits.status, 3, "{}", waits.stdout);
    volume.empty();
    running.wait_until_ready();
    instance.settled("karasay", 7);
    assert!(instance.log().contains("There is room"), "{}", instance.log());
    running.stop();
}

#[test]
fn a_full_disk_of_the_record_loses_nothing() {
    let instance = Instance::new();
    let Some(volume) = Tmpfs::mount(&instance.data().join("recorder"), 48) else { return };
    let running = instance.up();
    instance.enroll("karasay");
    instance.scan_foreign_code();
    instance.sync("karasay");

    volume.fill();
    // sled writes into what it has, for a while: hand-ins are sent until the record takes no more.
    let mut handed_in = 1;
    wait_for("the record to refuse, and the supervisor to tell of it", || {
        for _ in 0..20 {
            instance.scan_foreign_code();
        }
        handed_in += 20;
        let _ = instance.run(&["handheld", "sync", "--post", "karasay", "--wait", "2", "--json"]);
        instance.log().contains("recorder died")
    });
    volume.empty();
    running.wait_until_ready();
    instance.settled("karasay", handed_in);
    running.stop();
}

#[test]
fn a_full_disk_of_a_handheld_lets_nobody_pass_unrecorded() {
    let instance = Instance::new();
    let running = instance.up();
    let Some(volume) = Tmpfs::mount(&instance.data().join("handheld"), 24) else { return };
    instance.enroll("karasay");
    instance.scan_foreign_code();
    instance.sync("karasay");

    volume.fill();
    let scan = ["handheld", "scan", "--post", "karasay", "--seal", "https://example.org/ticket", "--json"];
    let mut handed_in = 1;
    wait_for("the handheld to refuse", || {
        let answer = instance.run(&scan);
        if answer.status == 1 {
            handed_in += 1;
            return false;
        }
        let words = &answer.stderr;
        assert!(answer.stdout.is_empty(), "no verdict without a record: {}", answer.stdout);
        assert!(
            words.contains("can't be opened") || words.contains("do not let the traveller go on"),
            "{words}"
        );
        true
    });
    volume.empty();
    instance.scan_foreign_code();
    instance.settled("karasay", handed_in + 1);
    running.stop();
}
