//! The ledger as its service sees it: lives of the record, refusals, receipts.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, mpsc};

use propusk_proto::{
    Cursor, Frame, HandIn, Head, Kind, Presented, PresentedPermit, Receipt, RefusalReason, SyncReply,
    Verdict, encode, shard,
};
use propusk_store::Options;
use uuid::Uuid;

use super::*;
use crate::intake::Incoming;

const NOW: i64 = 1_790_000_000_000;
const ROOT: &str = "046b17d1f2e12c4247f8bce6e563a440f277037d812deb33a0f4a13945d898c2964fe342e2fe1a7f9b8ee7eb4a7c0f9e162bce33576b315ececbb6406837bf51f5";

fn key(number: u8) -> Credentials {
    Credentials::generate([number; 32]).unwrap()
}

fn open(store: &Store, mark: u8, random: u64) -> Ledger {
    let root = PublicKey::from_sec1_hex(ROOT).unwrap();
    Ledger::open(store.clone(), key(1), root, 4, [mark; 24], random).unwrap()
}

fn store() -> (tempfile::TempDir, Store) {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open(&folder.path().join("store"), Options::default()).unwrap();
    (folder, store)
}

fn ask(ledger: &Ledger, device: &DeviceId, generation: u64, witnessed: Option<Head>) -> SyncReply {
    let cursor = Cursor { generation, position: 0 };
    let question =
        SyncRequest { device: device.clone(), cursor, trust_list_issued_at: 0, witnessed, zones: Some(0) };
    let answer = ledger.answer(&subject::sync(device), &encode(&question).unwrap(), NOW, 77).unwrap();
    Frame::split(&answer).unwrap().decode().unwrap()
}

fn send(ledger: &Ledger, key: &Credentials, sequence: u64) -> Option<Receipt> {
    send_of(ledger, key, sequence, None)
}

fn send_of(ledger: &Ledger, key: &Credentials, sequence: u64, number: Option<&str>) -> Option<Receipt> {
    let incoming = incoming(key, sequence, number, sequence);
    let (letters, _) = ledger.pull([incoming], NOW).unwrap().commit().unwrap().receipts().unwrap();
    letters.first().map(|letter| Frame::split(&letter.payload).unwrap().decode().unwrap())
}

fn incoming(key: &Credentials, sequence: u64, number: Option<&str>, id: u64) -> Incoming {
    let device = DeviceId::of_public_key(&key.public_key());
    let event = HandIn {
        id: Uuid::from_u128(u128::from(id)),
        shard: shard::for_event(number, &device, 4),
        device: device.clone(),
        epoch: 1,
        sequence,
        kind: Kind::Shown,
        presented: Presented::Unreadable,
        permit: number.map(|number| PresentedPermit { number: number.to_owned(), version: None, copy: None }),
        present: 0,
        post: "karasay".to_owned(),
        soldier: String::new(),
        scanned_at_ms: NOW,
        monotonic_ms: 0,
        verdict: Verdict::Refuse,
        reasons: vec![],
        witnessed: None,
    };
    let message = encode(&event).unwrap();
    let payload = frame::join(&message, &key.sign(&message).unwrap());
    Incoming { subject: subject::hand_in(event.shard, &event.post, &device), payload }
}

#[test]
fn another_mark_and_another_head_begin_another_life() {
    let (_folder, store) = store();
    let device = DeviceId::parse("device0").unwrap();
    assert_eq!(ask(&open(&store, 1, 5), &device, 0, None).cursor.generation, 5);
    assert_eq!(ask(&open(&store, 1, 6), &device, 5, None).cursor.generation, 5, "a restart is no new life");
    assert_eq!(ask(&open(&store, 2, 7), &device, 5, None).cursor.generation, 7, "a copied folder is one");

    let ledger = open(&store, 2, 8);
    let lost = Some(Head { shard: 1, index: 9, hash: [3; 32] });
    let of_the_life_before = ask(&ledger, &device, 5, lost);
    assert_eq!((of_the_life_before.cursor.generation, of_the_life_before.record_lost), (7, true));
    let of_this_life = ask(&ledger, &device, 7, lost);
    assert_eq!((of_this_life.cursor.generation, of_this_life.record_lost), (77, true));
    assert_eq!(ledger.alerts().unwrap().len(), 1, "one alert for the shard");
}

#[test]
fn what_was_recorded_before_a_revocation_stays_recorded() {
    let (_folder, store) = store();
    let (ledger, device) = (open(&store, 1, 5), key(2));
    assert!(send(&ledger, &device, 1).is_none(), "a device that is not enrolled is told nothing");
    let id = ledger.enrol(&device.public_key(), "karasay", NOW).unwrap();
    let recorded = send(&ledger, &device, 1).unwrap();
    assert_eq!((recorded.recorded.len(), recorded.refused.len()), (1, 0));
    assert!(ledger.revoke(&id, NOW).unwrap());
    let again = send(&ledger, &device, 1).unwrap();
    assert_eq!(again.recorded, recorded.recorded);
    assert_eq!(send(&ledger, &device, 2).unwrap().refused[0].reason, RefusalReason::DeviceRevoked);
}

#[test]
fn a_refused_number_is_not_missing() {
    let (_folder, store) = store();
    let (ledger, device) = (open(&store, 1, 5), key(2));
    let id = ledger.enrol(&device.public_key(), "karasay", NOW).unwrap();
    send(&ledger, &device, 1);
    ledger.revoke(&id, NOW).unwrap();
    send(&ledger, &device, 2);
    ledger.enrol(&device.public_key(), "karasay", NOW).unwrap();
    send(&ledger, &device, 4);
    let missing = ledger.audit().unwrap().missing;
    assert_eq!(missing.iter().map(|gap| (gap.first, gap.last)).collect::<Vec<_>>(), [(3, 3)]);
}

/// A key of the store has a limit: a commit that can't ever succeed would stop the record for everybody.
#[test]
fn a_number_too_long_for_the_indexes_is_poison_and_the_next_one_is_recorded() {
    let (_folder, store) = store();
    let (ledger, device) = (open(&store, 1, 5), key(2));
    ledger.enrol(&device.public_key(), "karasay", NOW).unwrap();
    assert!(send_of(&ledger, &device, 1, Some(&"A".repeat(600))).is_none());
    assert_eq!(ledger.quarantine().unwrap().len(), 1);
    assert_eq!(send(&ledger, &device, 2).unwrap().recorded.len(), 1);
}

#[test]
fn a_record_of_the_first_layout_is_refused_in_words() {
    let (_folder, store) = store();
    drop(open(&store, 1, 5));
    let mut draft = store.begin();
    draft.delete(keys::LAYOUT);
    store.commit(draft).unwrap();
    let root = PublicKey::from_sec1_hex(ROOT).unwrap();
    let error = Ledger::open(store.clone(), key(1), root, 4, [1; 24], 5).err().unwrap();
    assert!(error.to_string().contains("layout 1"), "{error}");
    assert!(crate::rebuild::rebuild(&store).is_err());
}

/// The disk is busy with the first pull; the second knows all of it already, and is told of only after it.
#[test]
fn a_pull_is_decided_by_what_the_one_before_it_has_written_and_not_yet_synced() {
    let folder = tempfile::tempdir().unwrap();
    let ((busy, is_busy), (go, may_go)) = (mpsc::channel(), mpsc::channel::<()>());
    let (armed, waiting) = (Arc::new(AtomicBool::new(false)), Mutex::new((busy, may_go)));
    let sync = {
        let armed = armed.clone();
        move |file: &std::fs::File| {
            if armed.swap(false, Ordering::SeqCst) {
                let waiting = waiting.lock().unwrap();
                waiting.0.send(()).unwrap();
                waiting.1.recv().unwrap();
            }
            file.sync_data()
        }
    };
    let store =
        Store::open_with_sync(&folder.path().join("store"), Options::default(), Box::new(sync)).unwrap();
    let (ledger, device) = (open(&store, 1, 5), key(2));
    ledger.enrol(&device.public_key(), "karasay", NOW).unwrap();
    // A pull of a few is on disk before its rows are written, and the first large one after it waits for that, too.
    let many = |numbers: std::ops::RangeInclusive<u64>| {
        ledger.examine(numbers.map(|number| incoming(&device, number, None, number))).unwrap()
    };
    ledger.record(&many(501..=1000), NOW, || {}).unwrap();
    let first = many(1..=500);
    let other_under_its_number = ledger.examine([incoming(&device, 1, None, 1000)]).unwrap();
    std::thread::scope(|scope| {
        armed.store(true, Ordering::SeqCst);
        let recording = scope.spawn(|| ledger.record(&first, NOW, || {}).unwrap().receipts().unwrap());
        is_busy.recv().unwrap();
        let settled = ledger.turns.settled();
        assert!(settled.is_some(), "the next may begin");
        let decided = ledger.ahead().decide(&other_under_its_number, NOW).unwrap();
        assert!(!recording.is_finished());
        go.send(()).unwrap();
        let (_letters, _may_ack) = recording.join().unwrap();
        let (letters, _) = decided.commit().unwrap().receipts().unwrap();
        let receipt: Receipt = Frame::split(&letters[0].payload).unwrap().decode().unwrap();
        assert_eq!(receipt.refused[0].reason, RefusalReason::SequenceReused);
    });
}

/// Decisions that were made ahead and overtaken are made again: one chain, every number once.
#[test]
fn many_who_record_at_once_grow_one_chain() {
    let (_folder, store) = store();
    let ledger = open(&store, 1, 5);
    let devices: Vec<Credentials> = (2..6).map(key).collect();
    for device in &devices {
        ledger.enrol(&device.public_key(), "karasay", NOW).unwrap();
    }
    std::thread::scope(|scope| {
        for device in &devices {
            let ledger = &ledger;
            scope.spawn(move || {
                for sequence in 1..=20 {
                    let pull = [incoming(device, sequence, Some("KG-ONE"), sequence)];
                    let examined = ledger.examine(pull).unwrap();
                    let (letters, _) = ledger.record(&examined, NOW, || {}).unwrap().receipts().unwrap();
                    assert_eq!(letters.len(), 1);
                }
            });
        }
    });
    let audit = ledger.audit().unwrap();
    assert!(audit.is_whole(), "{audit:?}");
    assert_eq!(audit.records, 80);
}
