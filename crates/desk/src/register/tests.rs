//! A real register on a real disk: closed, opened, migrated, forgotten; every file is searched for the people.

use std::fs;
use std::path::PathBuf;

use propusk_permit::order::{Contents, Traveller};
use propusk_proto::{NumberKey, NumberTag, PermitStatus, SealedDetails, decode, encode, subject};

use super::plain::{PlainEntry, PlainEvent};
use super::*;

const NOW: i64 = 1_790_000_000_000;
const SECRETS: [&str; 6] =
    ["ERIKSSON", "ANNA MARIA", "L898902C3", "01KG777ABC", "Frau Eriksson", "expedition"];

struct Desk {
    folder: tempfile::TempDir,
}

impl Desk {
    fn new() -> Self {
        Self { folder: tempfile::tempdir().unwrap() }
    }

    fn open(&self) -> Register {
        Register::open(self.folder.path(), Options::default()).unwrap()
    }

    fn ring(&self) -> PathBuf {
        self.folder.path().join(KEY_RING)
    }

    /// The secrets that any file of the folder holds.
    fn leaks(&self) -> Vec<&'static str> {
        let mut bytes = Vec::new();
        read_all(self.folder.path(), &mut bytes);
        let holds = |secret: &&str| bytes.windows(secret.len()).any(|window| window == secret.as_bytes());
        SECRETS.into_iter().filter(holds).collect()
    }
}

fn read_all(folder: &Path, bytes: &mut Vec<u8>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() { read_all(&path, bytes) } else { bytes.extend(fs::read(&path).unwrap()) }
    }
}

fn number() -> PermitNumber {
    PermitNumber::draw(|| [1; 8])
}

fn permit() -> Permit {
    let person = propusk_passport::Person {
        surname: Some("ERIKSSON".to_owned()),
        given_names: Some("ANNA MARIA".to_owned()),
        document_number: Some("L898902C3".to_owned()),
        ..propusk_passport::Person::default()
    };
    let traveller = Traveller { person, mrz: vec![], mrz_generated: false, visual_name: None, role: None };
    let contents = Contents {
        zones: vec![propusk_region::ZoneId::new("naryn")],
        route: vec![],
        valid_from: jiff::civil::date(2026, 6, 1),
        valid_to: jiff::civil::date(2026, 6, 30),
        authority_reference: None,
        purpose: Some("expedition".to_owned()),
        vehicle: Some("01KG777ABC".to_owned()),
        travellers: vec![traveller],
    };
    Permit::issue(Uuid::from_u128(1), number(), contents, 3, jiff::civil::date(2026, 6, 1))
}

fn history() -> Vec<HistoryEntry> {
    let note = Some("Frau Eriksson asked for it".to_owned());
    vec![HistoryEntry { at_ms: NOW, version: 1, what: "issued".to_owned(), note }]
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

fn issued(key: &PermitKey) -> Change {
    let details = PermitDetails::of(&permit(), "agency");
    let number = NumberKey::derive(&number()).unwrap();
    let details = SealedDetails::seal(&details, &number, key, &[5; 48]).unwrap();
    Change::Issued { status: status(), details }
}

fn order() -> NamedRequest {
    NamedRequest { id: Uuid::from_u128(9), digest: [9; 32] }
}

fn save(register: &Register) -> Entry {
    let key = PermitKey([0xD7; 32]);
    let entry = Entry {
        details: PermitDetails::of(&permit(), "agency"),
        counts: vec![3],
        events: 0,
        history: history(),
        group: 1,
        key: Some(key),
        purged: None,
    };
    register.save(entry, &number(), Some(&order()), "OFFICE", issued(&key), NOW).unwrap()
}

fn forget(register: &Register) -> anyhow::Result<()> {
    let purged = Purged { at_ms: NOW, by: "Officer 7".to_owned(), why: "asked for".to_owned() };
    let tombstone = Change::Purged { lookup: [0; 32], status: status(), revoked_at_ms: None };
    register.forget(register.find(&number())?, purged, tombstone, "OFFICE", |_| Ok(()))
}

#[test]
fn a_permit_comes_back_as_it_was_and_no_file_names_its_people() {
    let desk = Desk::new();
    let register = desk.open();
    save(&register);
    drop(register);
    assert_eq!(desk.leaks(), Vec::<&str>::new());
    let register = desk.open();
    let entry = register.find(&number()).unwrap();
    assert!(entry.details == PermitDetails::of(&permit(), "agency"));
    assert_eq!(entry.history[0].note.as_deref(), Some("Frau Eriksson asked for it"));
    assert!(register.version(&entry, 1).unwrap().unwrap() == entry.details);
    assert!(register.done(&order()).unwrap().is_some());
    assert!(register.done(&NamedRequest { digest: [8; 32], ..order() }).is_err());
    let (_, event) = register.unpublished(9).unwrap().remove(0);
    let event: PermitEvent = decode(&event.payload).unwrap();
    let Change::Issued { details, .. } = event.change else { unreachable!("not the event that was saved") };
    let opened = details.open(event.permit_id, &NumberKey::derive(&number()).unwrap()).unwrap();
    assert!(opened == entry.details, "what is published can be read by whoever has the number");
}

#[test]
fn what_is_forgotten_can_not_be_read_even_from_the_old_bytes_of_the_store() {
    let desk = Desk::new();
    let register = desk.open();
    save(&register);
    drop(register);
    let before = tempfile::tempdir().unwrap();
    assert!(
        std::process::Command::new("cp")
            .arg("-a")
            .arg(desk.folder.path().join(FOLDER))
            .arg(before.path())
            .status()
            .unwrap()
            .success()
    );
    let register = desk.open();
    forget(&register).unwrap();
    let entry = register.find(&number()).unwrap();
    assert!(entry.details.travellers.is_empty() && entry.details.vehicle.is_none() && entry.key.is_none());
    assert_eq!(
        (entry.group, entry.details.copies, entry.details.zones.as_slice()),
        (1, 3, ["naryn".to_owned()].as_slice())
    );
    let steps: Vec<_> = entry.history.iter().map(|step| (step.what.as_str(), step.note.as_deref())).collect();
    assert_eq!(steps, [("issued", None), ("purged", Some("asked for"))]);
    assert!(matches!(entry.with_people(), Err(DeskError::Purged { .. })));
    assert!(register.version(&entry, 1).unwrap().unwrap().travellers.is_empty(), "the version's facts stay");
    let error = register.done(&order()).err().unwrap();
    assert!(matches!(error.downcast_ref(), Some(DeskError::Purged { .. })), "{error}");
    let events = register.unpublished(9).unwrap();
    assert_eq!(events.len(), 1, "one event stands for all");
    assert_eq!(events[0].1.subject, subject::permit(entry.details.id, "purged"));
    drop(register);
    // The key is what opens it, and the key's bytes are gone; the store as it was before is of no use to anybody.
    let ring = fs::read(desk.ring()).unwrap();
    assert!(!ring.windows(8).any(|window| window == [0xD7; 8]));
    fs::remove_dir_all(desk.folder.path().join(FOLDER)).unwrap();
    fs::rename(before.path().join(FOLDER), desk.folder.path().join(FOLDER)).unwrap();
    let register = desk.open();
    let entry = register.find(&number()).unwrap();
    assert!(entry.details.travellers.is_empty() && entry.key.is_none());
    assert!(register.unpublished(9).unwrap().is_empty(), "nor can its events be published");
    assert_eq!(desk.leaks(), Vec::<&str>::new());
}

#[test]
fn a_purge_that_was_interrupted_is_finished_at_the_next_opening() {
    let desk = Desk::new();
    let register = desk.open();
    let entry = save(&register);
    let mut draft = register.store.begin();
    draft.put([b"z".as_slice(), entry.details.id.as_bytes()].concat(), b"".as_slice());
    register.store.commit(draft).unwrap();
    drop(register);
    let register = desk.open();
    assert!(register.key(entry.details.id).unwrap().is_none());
    assert!(register.store.scan(b"z").next().is_none());
}

/// Writes a register as the first form was, all in clear.
fn write_plain(desk: &Desk) {
    let store = Store::open(&desk.folder.path().join(FOLDER), Options::default()).unwrap();
    let details = PermitDetails::of(&permit(), "agency");
    let id = details.id;
    let event = PermitEvent {
        permit_id: id,
        sequence: 1,
        at_ms: NOW,
        office: "OFFICE".to_owned(),
        change: issued(&PermitKey([3; 32])),
    };
    let entry = PlainEntry { details: details.clone(), counts: vec![3], events: 1, history: history() };
    let message = PlainEvent { subject: subject::permit(id, "issued"), payload: encode(&event).unwrap() };
    let mut draft = store.begin();
    put(&mut draft, entry_key(id), &entry).unwrap();
    put(&mut draft, version_key(id, 1), &details).unwrap();
    draft.put(number_key(&number()), id.as_bytes().as_slice());
    put(&mut draft, event_key(b'e', id, 1), &message).unwrap();
    draft.put(event_key(b'o', id, 1), b"".as_slice());
    let issued = Issued { number: number().to_string(), digest: order().digest };
    put(&mut draft, request_key(order().id), &issued).unwrap();
    draft.put(b"msigned-stream".as_slice(), b"17".as_slice());
    store.commit(draft).unwrap();
}

fn assert_closed(desk: &Desk, register: Register) {
    let entry = register.find(&number()).unwrap();
    assert!(entry.details == PermitDetails::of(&permit(), "agency"));
    assert_eq!(entry.history[0].note.as_deref(), Some("Frau Eriksson asked for it"));
    assert!(register.version(&entry, 1).unwrap().unwrap() == entry.details);
    assert!(register.done(&order()).unwrap().is_some());
    assert_eq!(register.stream_identity().unwrap().as_deref(), Some("17"));
    let (_, event) = register.unpublished(9).unwrap().remove(0);
    assert!(decode::<PermitEvent>(&event.payload).is_ok());
    drop(register);
    assert_eq!(desk.leaks(), Vec::<&str>::new());
    let names: Vec<_> =
        fs::read_dir(desk.folder.path()).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    assert_eq!(names.len(), 2, "nothing is left beside the register and the keys: {names:?}");
}

#[test]
fn a_register_in_clear_is_closed_when_it_is_opened() {
    let desk = Desk::new();
    write_plain(&desk);
    assert_eq!(desk.leaks(), SECRETS, "the test's own net holds");
    let register = desk.open();
    assert_closed(&desk, register);
    let register = desk.open();
    assert_closed(&desk, register);
}
