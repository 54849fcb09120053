//! The contract that every engine behind `propusk-store` has to keep.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::fs;
use std::io::{BufRead as _, BufReader, Write as _};
use std::os::unix::fs::{DirEntryExt as _, MetadataExt as _};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use propusk_store::{MAX_KEY_BYTES, MAX_VALUE_BYTES, Options, Row, SCAN_PORTION_ROWS, Store, StoreError};

const SMALL: Options =
    Options { cache_bytes: 8 * 1024 * 1024, tidy_every: std::time::Duration::from_millis(20) };

fn new_store() -> (tempfile::TempDir, Store) {
    let dir = tempfile::tempdir().unwrap();
    let store = Store::open(&dir.path().join("data"), SMALL).unwrap();
    (dir, store)
}

fn put(store: &Store, rows: &[(&[u8], &[u8])]) {
    let mut draft = store.begin();
    for (key, value) in rows {
        draft.put(*key, *value);
    }
    store.commit(draft).unwrap();
}

fn rows(scan: impl Iterator<Item = Result<Row, StoreError>>) -> Vec<Row> {
    scan.collect::<Result<_, _>>().unwrap()
}

fn keys(scan: impl Iterator<Item = Result<Row, StoreError>>) -> Vec<Vec<u8>> {
    rows(scan).into_iter().map(|(key, _)| key).collect()
}

#[test]
fn a_commit_puts_and_deletes_as_one() {
    let (_dir, store) = new_store();
    put(&store, &[(b"a", b"1"), (b"b", b"2")]);
    let mut draft = store.begin();
    draft.put("c", "3");
    draft.delete("a");
    assert_eq!(store.get("c").unwrap(), None, "a draft is in memory only");
    store.commit(draft).unwrap();
    assert_eq!(rows(store.scan("")), [(b"b".to_vec(), b"2".to_vec()), (b"c".to_vec(), b"3".to_vec())]);
    drop(store.begin());
    assert_eq!(store.get("b").unwrap().as_deref(), Some(&b"2"[..]));
}

#[test]
fn scans_are_in_the_order_of_the_bytes_over_several_portions() {
    let (_dir, store) = new_store();
    let count = SCAN_PORTION_ROWS * 3 + 7;
    let mut draft = store.begin();
    for number in (0..count).rev() {
        draft.put(format!("n/{number:05}"), number.to_be_bytes());
    }
    draft.put("m", "before");
    draft.put("o", "after");
    store.commit(draft).unwrap();
    let expected: Vec<Vec<u8>> = (0..count).map(|number| format!("n/{number:05}").into_bytes()).collect();
    assert_eq!(keys(store.scan("n/")), expected);
    assert_eq!(keys(store.scan_from("n/", "n/00300")), expected[300..]);
    assert_eq!(keys(store.scan_from("n/", "a")), expected, "a start before the prefix is the prefix");
    assert_eq!(keys(store.scan_from("n/", "z")), Vec::<Vec<u8>>::new());
    let mut backwards = keys(store.scan_back("n/"));
    backwards.reverse();
    assert_eq!(backwards, expected);
    assert_eq!(store.last("n/").unwrap().unwrap().0, expected[count - 1]);
    assert_eq!(store.last("nothing").unwrap(), None);
}

#[test]
fn prefixes_of_0xff_end_where_they_should() {
    let (_dir, store) = new_store();
    put(
        &store,
        &[
            (&[0x00], b""),
            (&[0x00, 0x00], b""),
            (&[0x01, 0xff], b""),
            (&[0x01, 0xff, 0xff], b""),
            (&[0x02], b""),
            (&[0xff], b""),
            (&[0xff, 0xff], b""),
            (&[0xff, 0xff, 0x01], b""),
        ],
    );
    assert_eq!(keys(store.scan([0x01])), [vec![0x01, 0xff], vec![0x01, 0xff, 0xff]]);
    assert_eq!(keys(store.scan([0x01, 0xff])), [vec![0x01, 0xff], vec![0x01, 0xff, 0xff]]);
    assert_eq!(keys(store.scan([0xff, 0xff])), [vec![0xff, 0xff], vec![0xff, 0xff, 0x01]]);
    assert_eq!(store.last([0xff]).unwrap().unwrap().0, [0xff, 0xff, 0x01]);
    assert_eq!(store.last([0x00]).unwrap().unwrap().0, [0x00, 0x00]);
    assert_eq!(keys(store.scan([])).len(), 8);
    assert_eq!(keys(store.begin().scan([0xff, 0xff])).len(), 2);
}

#[test]
fn a_draft_reads_its_own_writes() {
    let (_dir, store) = new_store();
    put(&store, &[(b"k/1", b"old"), (b"k/3", b"old"), (b"k/5", b"old"), (b"l", b"other")]);
    let mut draft = store.begin();
    draft.put("k/0", "new");
    draft.put("k/3", "new");
    draft.put("k/4", "new");
    draft.delete("k/5");
    draft.delete("k/9");
    assert_eq!(draft.get("k/3").unwrap().as_deref(), Some(&b"new"[..]));
    assert_eq!(draft.get("k/5").unwrap(), None);
    assert!(draft.contains("k/1").unwrap());
    let expected: Vec<Row> = [("k/0", "new"), ("k/1", "old"), ("k/3", "new"), ("k/4", "new")]
        .map(|(k, v)| (k.into(), v.into()))
        .into();
    assert_eq!(rows(draft.scan("k/")), expected);
    assert_eq!(rows(draft.scan_from("k/", "k/2")), expected[2..]);
    assert_eq!(draft.last("k/").unwrap().unwrap().0, b"k/4");
    draft.delete("k/4");
    assert_eq!(draft.last("k/").unwrap().unwrap(), (b"k/3".to_vec(), b"new".to_vec()));
    draft.delete("k/3");
    assert_eq!(draft.last("k/").unwrap().unwrap(), (b"k/1".to_vec(), b"old".to_vec()));
    for key in ["k/0", "k/1"] {
        draft.delete(key);
    }
    assert_eq!(draft.last("k/").unwrap(), None);
    assert_eq!((draft.len(), draft.is_empty()), (6, false));
}

#[test]
fn a_draft_scan_agrees_with_the_store_after_the_commit() {
    let (_dir, store) = new_store();
    let mut state = 7_u64;
    let mut random = move || {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        state >> 33
    };
    for _ in 0..20 {
        let mut draft = store.begin();
        for _ in 0..100 {
            let key = format!("{:03}", random() % 700);
            if random() % 3 == 0 {
                draft.delete(key);
            } else {
                draft.put(key, random().to_be_bytes());
            }
        }
        let (seen, last) = (rows(draft.scan("")), draft.last("4").unwrap());
        store.commit(draft).unwrap();
        assert_eq!(rows(store.scan("")), seen);
        assert_eq!(store.last("4").unwrap(), last);
    }
}

#[test]
fn reopening_finds_everything() {
    let (dir, store) = new_store();
    let large = vec![7; MAX_VALUE_BYTES];
    put(&store, &[(b"a", b"1"), (b"large", &large)]);
    assert!(store.size_on_disk().unwrap() > 0);
    assert!(store.recovery().is_none());
    drop(store);
    let store = Store::open(&dir.path().join("data"), SMALL).unwrap();
    assert_eq!(store.get("a").unwrap().as_deref(), Some(&b"1"[..]));
    assert_eq!(store.get("large").unwrap(), Some(large));
}

#[test]
fn sizes_are_limited_before_anything_is_written() {
    let (_dir, store) = new_store();
    let refuse = |key: Vec<u8>, value: Vec<u8>| {
        let mut draft = store.begin();
        draft.put("innocent", "");
        draft.put(key, value);
        store.commit(draft).unwrap_err()
    };
    assert!(matches!(refuse(vec![], vec![]), StoreError::KeySize { bytes: 0, .. }));
    assert!(matches!(refuse(vec![1; MAX_KEY_BYTES + 1], vec![]), StoreError::KeySize { .. }));
    assert!(matches!(refuse(vec![1], vec![1; MAX_VALUE_BYTES + 1]), StoreError::ValueSize { .. }));
    assert_eq!(store.get("innocent").unwrap(), None);
    let (_other_dir, other) = new_store();
    assert!(matches!(store.commit(other.begin()), Err(StoreError::ForeignDraft)));
}

#[test]
fn a_folder_has_one_owner() {
    let (dir, store) = new_store();
    let error = Store::open(&dir.path().join("data"), SMALL).unwrap_err();
    assert!(matches!(&error, StoreError::InUse { .. }), "{error}");
    assert!(error.to_string().contains("in use"), "{error}");
    drop(store);
    Store::open(&dir.path().join("data"), SMALL).unwrap();
}

#[test]
fn folders_of_another_kind_are_refused_and_left_alone() {
    let dir = tempfile::tempdir().unwrap();
    fs::write(dir.path().join("letter.txt"), "dear").unwrap();
    assert!(matches!(Store::open(dir.path(), SMALL), Err(StoreError::WrongFormat { .. })));
    assert_eq!(fs::read_dir(dir.path()).unwrap().count(), 1);

    let foreign = dir.path().join("foreign");
    sled_folder(&foreign, b"key", b"value");
    let error = Store::open(&foreign, SMALL).unwrap_err();
    assert!(matches!(&error, StoreError::WrongFormat { found, .. } if found.contains("without")), "{error}");

    let later = dir.path().join("later");
    sled_folder(&later, b"propusk-store-format", b"3");
    let error = Store::open(&later, SMALL).unwrap_err();
    assert!(matches!(&error, StoreError::WrongFormat { found, .. } if found == "format 3"), "{error}");
}

#[test]
fn a_folder_of_the_earlier_format_is_taken_over() {
    let dir = tempfile::tempdir().unwrap();
    sled_folder(dir.path(), b"propusk-store-format", b"1");
    {
        let db = sled::open(dir.path()).unwrap();
        db.insert("propusk-store-commits", &7u64.to_be_bytes()).unwrap();
        db.open_tree("rows").unwrap().insert("a", "from then").unwrap();
        db.flush().unwrap();
    }
    let store = Store::open(dir.path(), SMALL).unwrap();
    assert_eq!((store.get("a").unwrap().as_deref(), store.recovery()), (Some(&b"from then"[..]), None));
    put(&store, &[(b"a", b"from now")]);
    drop(store);
    // Its programs don't know of small batches that a crash left beside the log, so this is not of that folder.
    let other = dir.path().join("other");
    let store = Store::open(&other, SMALL).unwrap();
    for number in 0..9 {
        put(&store, &[(b"a", &[number])]);
    }
    fs::copy(other.join("redo"), dir.path().join("redo")).unwrap();
    let db = sled::open(dir.path()).unwrap();
    db.insert("propusk-store-format", "1").unwrap();
    drop(db);
    let again = Store::open(dir.path(), SMALL).unwrap();
    assert_eq!((again.get("a").unwrap().as_deref(), again.recovery()), (Some(&b"from now"[..]), None));
    assert!(dir.path().join("redo.1").exists());
    drop(again);
    let mark = sled::open(dir.path()).unwrap().get("propusk-store-format").unwrap();
    assert_eq!(mark.as_deref(), Some(&b"2"[..]));
}

fn sled_folder(dir: &Path, key: &[u8], value: &[u8]) {
    let db = sled::open(dir).unwrap();
    db.insert(key, value).unwrap();
    db.flush().unwrap();
}

#[test]
fn a_torn_snapshot_is_set_aside_and_no_row_is_lost() {
    let dir = tempfile::tempdir().unwrap();
    let data = dir.path().join("data");
    // sled writes a snapshot whenever it opens a folder that has a log.
    for round in 0..3_u8 {
        let store = Store::open(&data, SMALL).unwrap();
        put(&store, &[(&[b'r', round], &[round])]);
    }
    let snapshots: Vec<PathBuf> = fs::read_dir(&data)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.file_name().unwrap().to_string_lossy().starts_with("snap."))
        .collect();
    assert!(!snapshots.is_empty());
    for snapshot in &snapshots {
        let bytes = fs::read(snapshot).unwrap();
        fs::write(snapshot, &bytes[..bytes.len() / 2]).unwrap();
    }
    let store = Store::open(&data, SMALL).unwrap();
    let recovery = store.recovery().expect("the recovery is reported").clone();
    assert_eq!(recovery.rolled_back, None, "no row is lost with a snapshot");
    let recovery = recovery.resnapshot.expect("the snapshots are spoken of");
    assert_eq!((recovery.rows, recovery.removed.len()), (3, snapshots.len()));
    assert!(recovery.copy.join("db").exists() && recovery.copy.join(&recovery.removed[0]).exists());
    assert_eq!(keys(store.scan("r")).len(), 3);
    drop(store);
    assert!(Store::open(&data, SMALL).unwrap().recovery().is_none(), "the second start is an ordinary one");
}

#[test]
fn after_a_failed_sync_the_store_refuses_writes_and_says_so() {
    let dir = tempfile::tempdir().unwrap();
    let data = dir.path().join("data");
    let broken = Arc::new(AtomicBool::new(false));
    let switch = Arc::clone(&broken);
    let sync = Box::new(move |file: &fs::File| match switch.load(Ordering::SeqCst) {
        true => Err(std::io::Error::other("the disk is on fire")),
        false => file.sync_data(),
    });
    let store = Store::open_with_sync(&data, SMALL, sync).unwrap();
    put(&store, &[(b"before", b"1")]);
    assert_eq!(store.poisoned(), None);
    broken.store(true, Ordering::SeqCst);
    let mut draft = store.begin();
    draft.put("lost?", "2");
    assert!(matches!(store.commit(draft), Err(StoreError::File { doing: "sync", .. })));
    // The disk is well again, but nobody knows what it kept.
    broken.store(false, Ordering::SeqCst);
    let mut draft = store.begin();
    draft.put("after", "3");
    let error = store.commit(draft).unwrap_err();
    assert!(matches!(&error, StoreError::Poisoned { why, .. } if why.contains("on fire")), "{error}");
    assert!(matches!(store.commit(store.begin()), Err(StoreError::Poisoned { .. })));
    assert!(store.poisoned().is_some());
    assert_eq!(store.get("before").unwrap().as_deref(), Some(&b"1"[..]));
    assert_eq!(store.get("after").unwrap(), None);
    drop(store);
    let store = Store::open(&data, SMALL).unwrap();
    put(&store, &[(b"after", b"3")]);
    assert_eq!(store.get("before").unwrap().as_deref(), Some(&b"1"[..]));
}

/// The count beside the log is not synced, so a power cut may take more of it than sled has lost.
#[test]
fn small_batches_tell_of_commits_that_were_lost_before_them() {
    let dir = tempfile::tempdir().unwrap();
    let (data, earlier) = (dir.path().join("data"), dir.path().join("earlier"));
    let store = Store::open(&data, SMALL).unwrap();
    put(&store, &[(b"one", b"1")]);
    drop(store);
    fs::create_dir(&earlier).unwrap();
    for name in ["conf", "db", "commits"] {
        fs::copy(data.join(name), earlier.join(name)).unwrap();
    }
    let store = Store::open(&data, SMALL).unwrap();
    put(&store, &[(b"two", b"2")]);
    drop(store);
    let store = Store::open(&data, SMALL).unwrap();
    put(&store, &[(b"three", b"3")]);
    fs::copy(data.join("redo"), earlier.join("redo")).unwrap();
    for _ in 0..2 {
        let store = Store::open(&earlier, SMALL).unwrap();
        let told = store.recovery().expect("it is told").rolled_back;
        assert_eq!(told, Some(propusk_store::RolledBack { had: 3, has: 1 }));
        assert_eq!(keys(store.scan("")), [b"one"]);
    }
    assert!(earlier.join("redo.1").exists());
}

#[test]
fn after_a_panic_the_store_refuses_writes() {
    let dir = tempfile::tempdir().unwrap();
    let breaks = Arc::new(AtomicBool::new(false));
    let switch = Arc::clone(&breaks);
    let sync = Box::new(move |file: &fs::File| {
        assert!(!switch.load(Ordering::SeqCst), "on purpose");
        file.sync_data()
    });
    let store = Store::open_with_sync(&dir.path().join("data"), SMALL, sync).unwrap();
    breaks.store(true, Ordering::SeqCst);
    let commit = || put(&store, &[(b"row", b"1")]);
    std::panic::catch_unwind(std::panic::AssertUnwindSafe(commit)).unwrap_err();
    breaks.store(false, Ordering::SeqCst);
    let mut draft = store.begin();
    draft.put("after", "2");
    assert!(matches!(store.commit(draft), Err(StoreError::Poisoned { .. })));
}

/// sled writes large leaves into files of their own and never syncs them.
#[test]
fn what_sled_writes_beside_its_log_is_synced_before_a_commit_returns() {
    let dir = tempfile::tempdir().unwrap();
    let data = dir.path().join("data");
    let synced = Arc::new(std::sync::Mutex::new(std::collections::HashSet::new()));
    let seen = Arc::clone(&synced);
    let sync = Box::new(move |file: &fs::File| {
        seen.lock().unwrap().insert(file.metadata()?.ino());
        file.sync_data()
    });
    // Nothing is written between commits.
    let rarely = Options { tidy_every: std::time::Duration::from_secs(3600), ..SMALL };
    let store = Store::open_with_sync(&data, rarely, sync).unwrap();
    let mut blobs = 0;
    for number in 0..60_u8 {
        put(&store, &[(&[number % 12], &[number; 20_000])]);
        for blob in fs::read_dir(data.join("blobs")).unwrap().map(|entry| entry.unwrap()) {
            assert!(synced.lock().unwrap().contains(&blob.ino()), "after {number}");
            blobs += 1;
        }
    }
    assert!(blobs > 0);
}

#[test]
fn readers_never_see_what_is_not_on_disk_yet() {
    let dir = tempfile::tempdir().unwrap();
    let (entered, in_sync) = std::sync::mpsc::channel();
    let (go_on, wait) = std::sync::mpsc::channel::<()>();
    let (wait, armed) = (std::sync::Mutex::new(wait), Arc::new(AtomicBool::new(false)));
    let hold = Arc::clone(&armed);
    let sync = Box::new(move |file: &fs::File| {
        if hold.swap(false, Ordering::SeqCst) {
            entered.send(()).unwrap();
            wait.lock().unwrap().recv().unwrap();
        }
        file.sync_data()
    });
    let store = Store::open_with_sync(&dir.path().join("data"), SMALL, sync).unwrap();
    armed.store(true, Ordering::SeqCst);
    let writer = store.clone();
    let commit = std::thread::spawn(move || put(&writer, &[(b"row", b"1")]));
    in_sync.recv().unwrap();
    let (answer, answered) = std::sync::mpsc::channel();
    let reader = store.clone();
    let read = std::thread::spawn(move || answer.send(reader.get("row").unwrap()).unwrap());
    let early = answered.recv_timeout(std::time::Duration::from_millis(100));
    assert!(early.is_err(), "the read came before the sync: {early:?}");
    go_on.send(()).unwrap();
    assert!(answered.recv().unwrap().is_some());
    commit.join().unwrap();
    read.join().unwrap();
}

#[test]
fn writes_that_depend_on_reads_do_not_get_lost() {
    let (_dir, store) = new_store();
    let threads: Vec<_> = (0..4)
        .map(|_| {
            let store = store.clone();
            std::thread::spawn(move || {
                for _ in 0..25 {
                    let count = |draft: &mut propusk_store::Draft| {
                        let now = draft.get("count")?.map_or(0, |bytes| bytes[0]);
                        draft.put("count", [now + 1]);
                        Ok::<_, StoreError>(())
                    };
                    store.write(count).unwrap();
                }
            })
        })
        .collect();
    for thread in threads {
        thread.join().unwrap();
    }
    assert_eq!(store.get("count").unwrap(), Some(vec![100]));
    let refused: Result<(), StoreError> = store.write(|draft| {
        draft.put("count", [0]);
        Err(StoreError::ForeignDraft)
    });
    assert!(refused.is_err());
    assert_eq!(store.get("count").unwrap(), Some(vec![100]), "a refusal writes nothing");
}

#[test]
fn a_backup_is_restored_row_for_row() {
    let (dir, store) = new_store();
    let mut draft = store.begin();
    for number in 0..2500_u32 {
        draft.put(number.to_be_bytes(), vec![3; (number % 50) as usize]);
    }
    store.commit(draft).unwrap();
    let file = dir.path().join("backup");
    let backup = store.backup(&file).unwrap();
    assert_eq!(backup.rows, 2500);
    assert!(matches!(store.backup(&file), Err(StoreError::AlreadyThere { .. })));
    let restored = Store::restore(&file, &dir.path().join("restored"), SMALL).unwrap();
    assert_eq!(rows(restored.scan("")), rows(store.scan("")));
    assert!(matches!(
        Store::restore(&file, &dir.path().join("restored"), SMALL),
        Err(StoreError::AlreadyThere { .. })
    ));
    put(&restored, &[(b"later", b"")]);
    let names: Vec<_> = fs::read_dir(dir.path()).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    assert!(!names.iter().any(|name| name.to_string_lossy().ends_with(".part")), "{names:?}");
}

#[test]
fn every_damaged_byte_of_a_backup_is_found() {
    let (dir, store) = new_store();
    put(&store, &[(b"a", b"1"), (b"bc", b"23")]);
    let file = dir.path().join("backup");
    store.backup(&file).unwrap();
    let good = fs::read(&file).unwrap();
    for place in 0..good.len() {
        let mut bytes = good.clone();
        bytes[place] ^= 0x10;
        fs::write(&file, &bytes).unwrap();
        assert!(matches!(Store::check_backup(&file), Err(StoreError::BadBackup { .. })), "byte {place}");
        fs::write(&file, &good[..place]).unwrap();
        assert!(matches!(Store::check_backup(&file), Err(StoreError::BadBackup { .. })), "cut at {place}");
    }
    fs::write(&file, [good.as_slice(), b"x"].concat()).unwrap();
    let target = dir.path().join("restored");
    assert!(matches!(Store::restore(&file, &target, SMALL), Err(StoreError::BadBackup { .. })));
    assert!(!target.exists());
}

#[test]
fn a_backup_shows_one_moment_while_writing_goes_on() {
    const ROWS: u32 = 3000;
    let (dir, store) = new_store();
    // Every commit gives all rows of a pair the same new number; a torn backup would show two numbers.
    let write_round = |store: &Store, round: u32| {
        let mut draft = store.begin();
        for pair in (0..ROWS / 2).filter(|pair| pair % 5 == round % 5) {
            draft.put(pair.to_be_bytes(), round.to_be_bytes());
            draft.put((ROWS - 1 - pair).to_be_bytes(), round.to_be_bytes());
        }
        draft.put("round", round.to_be_bytes());
        draft.put(format!("new/{round}"), "");
        draft.delete(format!("new/{}", round.wrapping_sub(3)));
        store.commit(draft).unwrap();
    };
    for round in 0..5 {
        write_round(&store, round);
    }
    let stop = Arc::new(AtomicBool::new(false));
    let (writer, stopped) = (store.clone(), Arc::clone(&stop));
    let writing = std::thread::spawn(move || {
        let mut round = 5;
        while !stopped.load(Ordering::SeqCst) {
            write_round(&writer, round);
            round += 1;
        }
        round
    });
    for attempt in 0..8 {
        let file = dir.path().join(format!("backup-{attempt}"));
        store.backup(&file).unwrap();
        let copy = Store::restore(&file, &dir.path().join(format!("copy-{attempt}")), SMALL).unwrap();
        let round = u32::from_be_bytes(copy.get("round").unwrap().unwrap().try_into().unwrap());
        for pair in 0..ROWS / 2 {
            let (low, high) = (copy.get(pair.to_be_bytes()), copy.get((ROWS - 1 - pair).to_be_bytes()));
            let low = u32::from_be_bytes(low.unwrap().unwrap().try_into().unwrap());
            assert_eq!(high.unwrap().unwrap(), low.to_be_bytes());
            assert!(low <= round && round - low < 5 && low % 5 == pair % 5, "row {pair}: {low} at {round}");
        }
        let new = (round.saturating_sub(2)..=round).map(|round| format!("new/{round}").into_bytes());
        let mut new: Vec<_> = new.collect();
        new.sort();
        assert_eq!(keys(copy.scan("new/")), new);
    }
    stop.store(true, Ordering::SeqCst);
    assert!(writing.join().unwrap() > 5, "writing went on meanwhile");
}

const CHILD_DIR: &str = "PROPUSK_STORE_CHILD_DIR";

/// Some are too large to be written in one write, and soon the log needs another segment.
fn filling(number: u32) -> Vec<u8> {
    vec![(number % 251) as u8; (number as usize * 7919) % 40_000]
}

/// The child of the test below: commits and reports until it is killed. Alone it does nothing.
#[test]
fn child_that_commits_until_it_is_killed() {
    let Some(dir) = std::env::var_os(CHILD_DIR) else { return };
    let store = Store::open(Path::new(&dir), SMALL).unwrap();
    let first =
        store.last("a/").unwrap().map_or(0, |(_, value)| u32::from_be_bytes(value.try_into().unwrap()) + 1);
    for number in first.. {
        let mut draft = store.begin();
        for tree in ["a", "b", "c"] {
            draft.put(format!("{tree}/{number:08}"), number.to_be_bytes());
        }
        draft.put("filling", filling(number));
        draft.put("count", (number + 1).to_be_bytes());
        store.commit(draft).unwrap();
        let mut err = std::io::stderr();
        writeln!(err, "committed {number}").unwrap();
    }
}

#[test]
fn kill_9_loses_no_reported_commit_and_tears_none() {
    let dir = tempfile::tempdir().unwrap();
    let data = dir.path().join("data");
    let mut reported = 0_u32;
    for round in 0..6_u32 {
        let mut child = Command::new(std::env::current_exe().unwrap())
            .args(["--exact", "child_that_commits_until_it_is_killed", "--nocapture", "--test-threads=1"])
            .env(CHILD_DIR, &data)
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(child.stderr.take().unwrap()).lines();
        let number =
            |line: &str| line.strip_prefix("committed ").and_then(|number| number.parse::<u32>().ok());
        for _ in 0..20 + round * 17 {
            let line = lines.next().expect("the child goes on").unwrap();
            reported = number(&line).expect("a number") + 1;
        }
        child.kill().unwrap();
        child.wait().unwrap();
        // What was still in the pipe was reported too, but for a line that the kill cut short.
        for line in lines.map_while(Result::ok) {
            reported = number(&line).map_or(reported, |number| reported.max(number + 1));
        }
        let store = Store::open(&data, SMALL).unwrap();
        let count = u32::from_be_bytes(store.get("count").unwrap().unwrap().try_into().unwrap());
        assert!(count >= reported, "round {round}: {reported} reported, {count} kept");
        assert_eq!(store.get("filling").unwrap(), Some(filling(count - 1)), "round {round}: half a commit");
        for tree in ["a", "b", "c"] {
            assert_eq!(
                keys(store.scan(format!("{tree}/"))).len(),
                count as usize,
                "round {round}: half a commit"
            );
        }
    }
    assert!(reported > 0);
}

/// What a folder with these files holds, as a power cut left them.
fn rows_after_a_cut(folder: &Path, log: &[u8], redo: &[u8]) -> Vec<Row> {
    let cut = tempfile::tempdir().unwrap();
    for name in ["conf", "commits"] {
        fs::copy(folder.join(name), cut.path().join(name)).unwrap();
    }
    fs::write(cut.path().join("db"), log).unwrap();
    fs::write(cut.path().join("redo"), redo).unwrap();
    let found = rows(Store::open(cut.path(), SMALL).unwrap().scan(""));
    let again = rows(Store::open(cut.path(), SMALL).unwrap().scan(""));
    assert_eq!(found, again, "the second start finds the same");
    found
}

/// A file as it is when the write that changed it was cut, in dozens of places.
fn cuts<'a>(before: &'a [u8], after: &'a [u8]) -> impl Iterator<Item = Vec<u8>> + 'a {
    let at = |index: usize| before.get(index).copied().unwrap_or(0);
    let first = (0..after.len()).find(|index| after[*index] != at(*index)).unwrap();
    let end = (0..after.len()).rfind(|index| after[*index] != at(*index)).unwrap() + 1;
    // The first and the last bytes hold the ends of most entries.
    let places = (first..=end).filter(move |place| {
        let within = (place - first).min(end - place);
        place % (1 + within / 10) == 0 || *place == end
    });
    places.map(move |place| {
        let mut torn = before.to_vec();
        torn.resize(after.len(), 0);
        torn[first..place].copy_from_slice(&after[first..place]);
        torn
    })
}

/// Wherever a write is cut, all of its commit is there or nothing, whatever the one before was like.
#[test]
fn a_commit_cut_anywhere_is_there_whole_or_not_at_all() {
    let small: &[(&str, usize)] = &[("a", 40), ("b", 0), ("c", 90)];
    let large: &[(&str, usize)] = &[("a", 25_000), ("b", 14_000), ("d", 10)];
    for (earlier, later) in [(small, small), (small, large), (large, small), (large, large)] {
        let (dir, store) = new_store();
        let data = dir.path().join("data");
        let file = |name: &str| fs::read(data.join(name)).unwrap();
        let commit = |rows: &[(&str, usize)], byte: u8| {
            let mut draft = store.begin();
            rows.iter().for_each(|(key, bytes)| draft.put(*key, vec![byte; *bytes]));
            draft.delete(if byte == 1 { "e" } else { "gone" });
            store.commit(draft).unwrap();
            self::rows(store.scan(""))
        };
        // The engine writes the rows of small batches when it likes.
        let written = |earlier: &[u8]| {
            while file("db") == earlier {
                std::thread::sleep(SMALL.tidy_every);
            }
            std::thread::sleep(SMALL.tidy_every * 3);
            file("db")
        };
        put(&store, &[(b"gone", b"one day"), (b"stays", b"all the time")]);
        let empty = file("db");
        let before = commit(earlier, 1);
        let (log, redo) = (written(&empty), file("redo"));
        let after = commit(later, 2);
        let (whole, kept) = (written(&log), file("redo"));
        assert_ne!(before, after);

        let is_small = std::ptr::eq(later, small);
        let mut seen = [0, 0];
        // The file of small batches is written first, whether a batch comes into it or it is emptied.
        if redo != kept {
            for torn in cuts(&redo, &kept) {
                let found = rows_after_a_cut(&data, &log, &torn);
                assert!(found == before || is_small && found == after, "{found:?}");
                seen[usize::from(found == after)] += 1;
            }
        }
        for torn in cuts(&log, &whole) {
            let found = rows_after_a_cut(&data, &torn, &kept);
            assert!(found == after || !is_small && found == before, "{found:?}");
            seen[usize::from(found == after)] += 1;
        }
        assert!(seen[0] > 0 && seen[1] > 0, "{seen:?}");
    }
}

#[test]
fn the_file_of_small_batches_begins_anew_when_it_is_full_and_after_a_large_one() {
    let (dir, store) = new_store();
    let data = dir.path().join("data");
    let file = |name: &str| fs::read(data.join(name)).unwrap();
    let mut begun = Vec::new();
    for number in 0..40_u8 {
        let filling = vec![number; if number == 34 { 40_000 } else { 30_000 }];
        put(&store, &[(b"number", &[number]), (b"filling", &filling)]);
        let redo = file("redo");
        assert_eq!(rows_after_a_cut(&data, &file("db"), &redo), rows(store.scan("")), "after {number}");
        begun.push(redo[..16].to_vec());
    }
    begun.dedup();
    assert_eq!(begun.len(), 7, "it has room for eight, and is empty after the large one");
}

#[test]
fn small_batches_are_let_go_only_when_the_log_has_them() {
    let dir = tempfile::tempdir().unwrap();
    let data = dir.path().join("data");
    let (folder, emptied) = (data.clone(), Arc::new(std::sync::Mutex::new(Vec::new())));
    let files = Arc::clone(&emptied);
    let sync = Box::new(move |file: &fs::File| {
        let redo = folder.join("redo");
        if file.metadata()?.ino() == fs::metadata(&redo)?.ino() && fs::read(&redo)?.starts_with(&[0; 16]) {
            files.lock().unwrap().push((fs::read(folder.join("db"))?, fs::read(redo)?));
        }
        file.sync_data()
    });
    // Nothing is written between commits.
    let rarely = Options { tidy_every: std::time::Duration::from_secs(3600), ..SMALL };
    let store = Store::open_with_sync(&data, rarely, sync).unwrap();
    emptied.lock().unwrap().clear();
    for number in 0..3_u8 {
        put(&store, &[(&[number], b"small")]);
    }
    let before = rows(store.scan(""));
    put(&store, &[(b"large", &[1; 40_000])]);
    let emptied = emptied.lock().unwrap();
    let [(log, redo)] = emptied.as_slice() else { panic!("emptied {} times", emptied.len()) };
    assert_eq!(rows_after_a_cut(&data, log, redo), before);
}

/// sled takes the first entry with a wrong checksum for a torn end and forgets what follows: that must not go unnoticed.
#[test]
fn commits_lost_in_the_middle_of_the_log_are_noticed() {
    let dir = tempfile::tempdir().unwrap();
    let data = dir.path().join("data");
    let store = Store::open(&data, SMALL).unwrap();
    for number in 0..20u8 {
        let mut draft = store.begin();
        draft.put([number].as_slice(), [number; 200].as_slice());
        store.commit(draft).unwrap();
    }
    drop(store);
    let damage = |name: &str| {
        let mut bytes = fs::read(data.join(name)).unwrap();
        let middle = bytes.windows(200).position(|window| window == [10; 200]).unwrap() + 100;
        bytes[middle] ^= 1;
        fs::write(data.join(name), bytes).unwrap();
        for path in fs::read_dir(&data).unwrap().map(|entry| entry.unwrap().path()) {
            if path.file_name().unwrap().to_string_lossy().starts_with("snap") {
                fs::remove_file(path).unwrap();
            }
        }
    };
    damage("db");
    let store = Store::open(&data, SMALL).unwrap();
    assert_eq!((store.scan(b"").count(), store.recovery()), (20, None), "small batches are there twice");
    drop(store);
    damage("db");
    damage("redo");
    let store = Store::open(&data, SMALL).unwrap();
    let left = store.scan(b"").count() as u64;
    let recovery = store.recovery().expect("the loss is reported").clone();
    assert!(left < 20, "{left} rows were left");
    assert_eq!(recovery.rolled_back, Some(propusk_store::RolledBack { had: 20, has: left }));
    drop(store);
    let store = Store::open(&data, SMALL).unwrap();
    assert_eq!(store.recovery(), Some(&recovery), "until somebody commits, the loss is still to be told");
    let mut draft = store.begin();
    draft.put(b"note".as_slice(), b"told".as_slice());
    store.commit(draft).unwrap();
    drop(store);
    assert!(Store::open(&data, SMALL).unwrap().recovery().is_none());
}
