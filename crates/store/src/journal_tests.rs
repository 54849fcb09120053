//! A journal in a real store: added to, read, tampered with.

use super::*;
use crate::Options;

const JOURNAL: Journal = Journal::new(b"k");

fn with(entries: &[&[u8]]) -> (tempfile::TempDir, Store) {
    let dir = tempfile::tempdir().unwrap();
    let store = Store::open(&dir.path().join("store"), Options::default()).unwrap();
    for entry in entries {
        store.write(|draft| JOURNAL.append(draft, entry)).unwrap();
    }
    (dir, store)
}

fn tamper(store: &Store, key: &[u8], value: Option<&[u8]>) {
    let mut draft = store.begin();
    match value {
        Some(value) => draft.put(key, value),
        None => draft.delete(key),
    }
    store.commit(draft).unwrap();
}

#[test]
fn entries_come_in_order_and_the_chain_holds() {
    let (_dir, store) = with(&[b"one", b"two", b""]);
    let entries: Vec<_> = JOURNAL.entries(&store, 2).map(Result::unwrap).collect();
    assert_eq!(entries.iter().map(|it| it.index).collect::<Vec<_>>(), [2, 3]);
    assert_eq!(entries[0].entry, b"two");
    let check = JOURNAL.check(&store).unwrap();
    assert_eq!((check.entries, check.broken_at, check.head), (3, None, entries[1].hash));
    let (_dir, empty) = with(&[]);
    assert_eq!(JOURNAL.check(&empty).unwrap(), JournalCheck { entries: 0, head: [0; 32], broken_at: None });
}

#[test]
fn whatever_is_altered_is_found() {
    let key = |index: u64| JOURNAL.key(index);
    let check = |change: &dyn Fn(&Store)| {
        let (_dir, store) = with(&[b"one", b"two", b"three"]);
        change(&store);
        JOURNAL.check(&store).unwrap().broken_at
    };
    assert_eq!(check(&|_| ()), None);
    let altered = |store: &Store| {
        let mut value = store.get(key(2)).unwrap().unwrap();
        value[33] ^= 1;
        tamper(store, &key(2), Some(&value));
    };
    assert_eq!(check(&altered), Some(2));
    assert_eq!(check(&|store| tamper(store, &key(2), None)), Some(2), "one in the middle is missing");
    assert_eq!(check(&|store| tamper(store, &key(3), None)), Some(3), "the last one is missing");
    assert_eq!(check(&|store| tamper(store, b"k", None)), Some(4), "the head is missing");
}
