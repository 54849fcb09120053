//! Backups: a recorder or a handheld that was restored loses nothing and doubles nothing.

use scenarios::Instance;
use scenarios::instance::copy_folder;

#[test]
fn a_restored_recorder_gets_back_what_it_lost() {
    let instance = Instance::new();
    let (store, backup) = (instance.data().join("recorder"), instance.path("recorder-backup"));
    let running = instance.up();
    instance.enroll("karasay");
    instance.scan_foreign_code();
    instance.sync("karasay");
    running.stop();
    copy_folder(&store, &backup);

    let running = instance.up();
    instance.scan_foreign_code();
    instance.scan_foreign_code();
    instance.sync("karasay");
    assert_eq!(instance.records(), 3);
    running.stop();

    std::fs::remove_dir_all(&store).unwrap();
    copy_folder(&backup, &store);
    let running = instance.up();
    assert_eq!(instance.records(), 1, "two receipted hand-ins are gone from the record");
    let after = instance.sync("karasay");
    assert_eq!((after["recorded"].as_u64(), after["on_this_device"].as_u64()), (Some(3), Some(0)));
    assert_eq!(instance.records(), 3);
    instance.sync("karasay");
    assert_eq!(instance.records(), 3, "nothing is written twice");
    running.stop();
}

/// A backup is taken while hand-ins are recorded; the record is made from it anew, and devices send what it lacks.
#[test]
fn a_backup_taken_under_load_is_restored() {
    let instance = Instance::new();
    let running = instance.up();
    instance.enroll("karasay");
    for _ in 0..5 {
        instance.scan_foreign_code();
    }
    let backup = std::thread::scope(|scope| {
        let load = scope.spawn(|| {
            for _ in 0..10 {
                instance.scan_foreign_code();
                instance.sync("karasay");
            }
        });
        let backup = instance.json(&["recorder", "backup"]);
        load.join().unwrap();
        backup
    });
    let file = backup["file"].as_str().unwrap();
    assert_eq!(instance.records(), 15);
    let restore = ["recorder", "restore", file];
    assert_eq!(instance.run(&restore).status, 2, "a record that is there is not overwritten");
    running.stop();

    std::fs::remove_dir_all(instance.data().join("recorder")).unwrap();
    let restored = instance.json(&restore);
    assert_eq!(restored["rows"], backup["rows"]);
    let running = instance.up();
    instance.sync("karasay");
    assert_eq!(instance.records(), 15);
    running.stop();
}

#[test]
fn indexes_are_made_again_from_the_log() {
    let instance = Instance::new();
    let running = instance.up();
    instance.enroll("karasay");
    for _ in 0..5 {
        instance.scan_foreign_code();
    }
    instance.sync("karasay");
    let rebuild = ["recorder", "rebuild"];
    assert_eq!(instance.run(&rebuild).status, 2, "not while the recorder runs");
    let before = instance.run(&["recorder", "list", "--post", "karasay", "--json"]).expect(0).stdout;
    running.stop();
    let rebuilt = instance.json(&rebuild);
    assert_eq!(
        (rebuilt["records"].as_u64(), rebuilt["made"].as_u64()),
        (Some(5), rebuilt["removed"].as_u64().map(|rows| rows + 1))
    );
    let running = instance.up();
    let after = instance.run(&["recorder", "list", "--post", "karasay", "--json"]).expect(0).stdout;
    assert_eq!(after, before);
    instance.scan_foreign_code();
    instance.sync("karasay");
    assert_eq!(instance.records(), 6);
    running.stop();
}

#[test]
fn a_restored_handheld_reuses_no_number() {
    let instance = Instance::new();
    let (device, backup) = (instance.data().join("handheld/karasay"), instance.path("device-backup"));
    let running = instance.up();
    instance.enroll("karasay");
    instance.scan_foreign_code();
    copy_folder(&device, &backup);
    instance.scan_foreign_code();
    instance.sync("karasay");
    std::fs::remove_dir_all(&device).unwrap();
    copy_folder(&backup, &device);
    instance.scan_foreign_code();
    instance.sync("karasay");
    assert_eq!(instance.records(), 3, "two from before, of which one came twice, and the new one");
    running.stop();
}
