//! What a key ring promises, on real files.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;

use super::*;

const ONE: KeyId = [1; 16];
const TWO: KeyId = [2; 16];

fn ring() -> (tempfile::TempDir, PathBuf, KeyRing) {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("keys/desk.ring");
    let ring = KeyRing::open(&path).unwrap();
    (dir, path, ring)
}

fn kept(ring: &KeyRing, id: &KeyId) -> Vec<u8> {
    match ring.get(id).unwrap() {
        Secret::Kept(secret) => secret,
        _ => Vec::new(),
    }
}

fn holds(path: &Path, needle: &[u8]) -> bool {
    fs::read(path).unwrap().windows(needle.len()).any(|window| window == needle)
}

#[test]
fn what_is_kept_is_there_after_opening_again_and_only_for_the_owner() {
    let (_dir, path, ring) = ring();
    ring.keep([(ONE, b"first".as_slice()), (TWO, b"second")]).unwrap();
    ring.keep([(ONE, b"first, anew".as_slice())]).unwrap();
    drop(ring);
    let ring = KeyRing::open(&path).unwrap();
    assert_eq!((kept(&ring, &ONE), kept(&ring, &TWO)), (b"first, anew".to_vec(), b"second".to_vec()));
    assert!(matches!(ring.get(&[3; 16]).unwrap(), Secret::Unknown));
    assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
    assert_eq!(
        fs::metadata(&path).unwrap().len(),
        3 * SLOT_BYTES as u64,
        "a second secret takes the first one's place"
    );
}

#[test]
fn a_destroyed_secret_is_gone_from_the_file_and_never_comes_back() {
    let (_dir, path, ring) = ring();
    let secret = [0xA7; 72];
    ring.keep([(ONE, secret.as_slice()), (TWO, b"second")]).unwrap();
    assert!(holds(&path, &secret));
    ring.destroy(&[ONE]).unwrap();
    assert!(!holds(&path, &secret[..8]), "no part of it is left");
    ring.keep([(ONE, secret.as_slice())]).unwrap();
    ring.destroy(&[[9; 16]]).unwrap();
    drop(ring);
    let ring = KeyRing::open(&path).unwrap();
    assert!(matches!(ring.get(&ONE).unwrap(), Secret::Destroyed));
    assert!(matches!(ring.get(&[9; 16]).unwrap(), Secret::Destroyed), "one that never came never will");
    assert_eq!(kept(&ring, &TWO), b"second");
    assert!(!holds(&path, &secret[..8]));
}

#[test]
fn a_torn_last_slot_is_written_over_and_a_broken_one_before_it_is_reported() {
    let (_dir, path, ring) = ring();
    ring.keep([(ONE, b"first".as_slice()), (TWO, b"second")]).unwrap();
    drop(ring);
    let whole = fs::read(&path).unwrap();
    for length in [SLOT_BYTES * 2 + 1, SLOT_BYTES * 2 + 60, SLOT_BYTES * 3 - 1] {
        fs::write(&path, &whole[..length]).unwrap();
        let ring = KeyRing::open(&path).unwrap();
        assert_eq!(kept(&ring, &ONE), b"first");
        assert!(matches!(ring.get(&TWO).unwrap(), Secret::Unknown));
        ring.keep([(TWO, b"again".as_slice())]).unwrap();
        drop(ring);
        assert_eq!(kept(&KeyRing::open(&path).unwrap(), &TWO), b"again");
    }
    let mut broken = whole.clone();
    broken[SLOT_BYTES + SECRET_AT] ^= 1;
    fs::write(&path, &broken).unwrap();
    assert!(matches!(KeyRing::open(&path), Err(StoreError::DamagedKeys { place: 128, .. })));
    fs::write(&path, [b'x'; SLOT_BYTES]).unwrap();
    assert!(matches!(KeyRing::open(&path), Err(StoreError::DamagedKeys { place: 0, .. })));
}

#[test]
fn a_secret_that_has_no_room_is_refused_before_anything_is_written() {
    let (_dir, _path, ring) = ring();
    let long = [0; MAX_SECRET_BYTES + 1];
    let refused = ring.keep([(ONE, b"first".as_slice()), (TWO, long.as_slice())]);
    assert!(matches!(refused, Err(StoreError::ValueSize { .. })));
    assert!(matches!(ring.get(&ONE).unwrap(), Secret::Unknown));
    ring.keep([(ONE, &long[1..])]).unwrap();
    assert_eq!(kept(&ring, &ONE).len(), MAX_SECRET_BYTES);
}
