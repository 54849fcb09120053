//! The shelf on a real disk: what it keeps, what it forgets, and that its files can't tell it afterwards.

use std::fs;

use propusk_permit::order::{Contents, Traveller};
use propusk_permit::{Permit, PermitNumber};
use propusk_proto::{NumberTag, PermitStatus};

use super::*;

fn number() -> PermitNumber {
    PermitNumber::draw(|| [1; 8])
}

fn permit() -> Permit {
    let person = propusk_passport::Person { surname: Some("ERIKSSON".to_owned()), ..Default::default() };
    let traveller = Traveller { person, mrz: vec![], mrz_generated: false, visual_name: None, role: None };
    let contents = Contents {
        zones: vec![propusk_region::ZoneId::new("naryn")],
        route: vec![],
        valid_from: jiff::civil::date(2026, 6, 1),
        valid_to: jiff::civil::date(2026, 6, 30),
        authority_reference: None,
        purpose: None,
        vehicle: None,
        travellers: vec![traveller],
    };
    Permit::issue(Uuid::from_u128(1), number(), contents, 3, jiff::civil::date(2026, 6, 1))
}

fn sealed() -> SealedDetails {
    let details = PermitDetails::of(&permit(), "agency");
    let key = NumberKey::derive(&number()).unwrap();
    SealedDetails::seal(&details, &key, &PermitKey([3; 32]), &[5; 48]).unwrap()
}

fn status() -> PermitStatus {
    PermitStatus {
        tag: NumberTag::of(&number()),
        version: 1,
        valid_from: propusk_proto::Day(20_260_601),
        valid_to: propusk_proto::Day(20_260_630),
        zones: 2,
        posts: vec![],
        copies: 3,
        travellers: 1,
    }
}

fn take(shelf: &Shelf, changes: Vec<Change>) {
    let mut taking = shelf.taking();
    for (sequence, change) in (1..).zip(changes) {
        let office = "OFFICE".to_owned();
        let event = PermitEvent { permit_id: Uuid::from_u128(1), sequence, at_ms: 9, office, change };
        taking.take(&event).unwrap();
    }
    taking.commit().unwrap();
}

fn issued() -> Change {
    Change::Issued { status: status(), details: sealed() }
}

fn purged() -> Change {
    Change::Purged { lookup: sealed().lookup, status: status(), revoked_at_ms: None }
}

fn surname(shelf: &Shelf) -> Option<String> {
    let found = shelf.find(&NumberKey::derive(&number()).unwrap()).unwrap()?;
    found.details.travellers[0].surname.clone()
}

/// What the holder of the number could open of all files' bytes.
fn holds(folder: &Path, needle: &[u8]) -> bool {
    fs::read_dir(folder).unwrap().any(|entry| {
        let path = entry.unwrap().path();
        if path.is_dir() {
            return holds(&path, needle);
        }
        fs::read(path).unwrap().windows(needle.len()).any(|window| window == needle)
    })
}

#[test]
fn what_was_purged_is_not_found_not_even_after_an_older_copy_or_an_older_event_comes_back() {
    let data = tempfile::tempdir().unwrap();
    let shelf = Shelf::open(data.path()).unwrap();
    take(&shelf, vec![issued()]);
    assert_eq!(surname(&shelf).as_deref(), Some("ERIKSSON"));
    drop(shelf);
    let before = tempfile::tempdir().unwrap();
    let mut copy = std::process::Command::new("cp");
    assert!(copy.arg("-a").arg(data.path().join(FOLDER)).arg(before.path()).status().unwrap().success());
    assert!(!holds(data.path(), &sealed().wrapped_key), "a number alone opens nothing in any file");

    let shelf = Shelf::open(data.path()).unwrap();
    take(&shelf, vec![purged()]);
    assert_eq!(surname(&shelf), None);
    take(&shelf, vec![issued()]);
    assert_eq!(surname(&shelf), None, "an old event that comes again");
    drop(shelf);
    fs::remove_dir_all(data.path().join(FOLDER)).unwrap();
    fs::rename(before.path().join(FOLDER), data.path().join(FOLDER)).unwrap();
    let shelf = Shelf::open(data.path()).unwrap();
    assert_eq!(surname(&shelf), None, "an old store that comes back");
}

#[test]
fn issued_and_purged_in_one_batch_leaves_nothing() {
    let data = tempfile::tempdir().unwrap();
    let shelf = Shelf::open(data.path()).unwrap();
    take(&shelf, vec![issued(), purged(), issued()]);
    assert_eq!(surname(&shelf), None);
    assert!(shelf.store().scan(b"l").next().is_none());
}

#[test]
fn a_shelf_of_the_first_form_is_closed_when_it_is_opened() {
    let data = tempfile::tempdir().unwrap();
    let store = Store::open(&data.path().join(FOLDER), Options::default()).unwrap();
    let (permit_id, office) = (Uuid::from_u128(1), "OFFICE".to_owned());
    let held = OpenlyHeld { permit_id, version: 1, office, at_ms: 9, details: sealed() };
    let mut rows = store.begin();
    rows.put(by_number(&sealed().lookup), postcard::to_allocvec(&vec![held]).unwrap());
    store.commit(rows).unwrap();
    drop(store);
    assert!(holds(data.path(), &sealed().wrapped_key), "the test's own net holds");
    let shelf = Shelf::open(data.path()).unwrap();
    assert_eq!(surname(&shelf).as_deref(), Some("ERIKSSON"));
    assert!(!holds(data.path(), &sealed().wrapped_key));
}
