//! What renewing a store promises, on real files.

use std::fs;

use super::*;

const FORM: Form = Form { row: b"mform", mark: b"2" };

fn write_old(folder: &Path) {
    let store = Store::open(folder, Options::default()).unwrap();
    let mut draft = store.begin();
    draft.put(b"name".as_slice(), b"ERIKSSON".as_slice());
    store.commit(draft).unwrap();
}

fn open(folder: &Path) -> Result<(Store, bool), StoreError> {
    FORM.open(folder, Options::default(), |old, new| {
        let mut draft = new.begin();
        assert_eq!(old.get(b"name").unwrap().as_deref(), Some(b"ERIKSSON".as_slice()));
        draft.put(b"name".as_slice(), b"closed".as_slice());
        new.commit(draft)
    })
}

fn holds(folder: &Path, needle: &[u8]) -> bool {
    fs::read_dir(folder).unwrap().any(|entry| {
        let path = entry.unwrap().path();
        if path.is_dir() {
            return holds(&path, needle);
        }
        fs::read(path).unwrap().windows(needle.len()).any(|window| window == needle)
    })
}

fn assert_renewed(home: &Path, store: &Store) {
    assert_eq!(store.get(b"name").unwrap().as_deref(), Some(b"closed".as_slice()));
    assert!(!holds(home, b"ERIKSSON"));
    assert_eq!(fs::read_dir(home).unwrap().count(), 1, "nothing is left beside the store");
}

#[test]
fn an_old_store_is_rewritten_once_and_none_of_its_bytes_stay() {
    let home = tempfile::tempdir().unwrap();
    let folder = home.path().join("desk");
    write_old(&folder);
    assert!(holds(home.path(), b"ERIKSSON"), "the test's own net holds");
    let (store, renewed) = open(&folder).unwrap();
    assert!(renewed);
    assert_renewed(home.path(), &store);
    drop(store);
    let (store, renewed) = open(&folder).unwrap();
    assert!(!renewed);
    assert_renewed(home.path(), &store);
}

#[test]
fn an_empty_folder_gets_the_mark_and_another_mark_is_refused() {
    let home = tempfile::tempdir().unwrap();
    let folder = home.path().join("desk");
    let (store, renewed) = open(&folder).unwrap();
    assert!(!renewed && store.get(FORM.row).unwrap().as_deref() == Some(FORM.mark));
    drop(store);
    let newer = Form { mark: b"1", ..FORM };
    let refused = newer.open(&folder, Options::default(), |_, _| Ok::<(), StoreError>(()));
    assert!(matches!(refused, Err(StoreError::UnknownForm { found, .. }) if found == "2"));
}

#[test]
fn an_interrupted_renewal_is_begun_again_or_finished() {
    // While the new store was being written: the old one stands.
    let home = tempfile::tempdir().unwrap();
    let folder = home.path().join("desk");
    write_old(&folder);
    fs::create_dir(home.path().join("desk.renewing")).unwrap();
    fs::write(home.path().join("desk.renewing/db"), "half a store").unwrap();
    let (store, _) = open(&folder).unwrap();
    assert_renewed(home.path(), &store);
    drop(store);
    // While the old one was being removed: the new one is whole.
    fs::rename(&folder, home.path().join("desk.renewed")).unwrap();
    fs::create_dir(&folder).unwrap();
    fs::write(folder.join("db"), "ERIKSSON, half written over").unwrap();
    let (store, renewed) = open(&folder).unwrap();
    assert!(!renewed);
    assert_renewed(home.path(), &store);
}
