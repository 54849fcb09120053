//! What is remembered of a permit is what is stored.

use propusk_courier::Credentials;
use propusk_permit::PermitNumber;
use propusk_proto::{
    AlertKind, DeviceId, HandIn, Kind, Presented, PresentedPermit, Verdict, encode, frame, shard, subject,
};
use propusk_seal::SigningKey;
use propusk_store::{Options, Store};
use uuid::Uuid;

use crate::intake::Incoming;
use crate::ledger::Ledger;
use crate::test_desk::{Desk, NOW};

const POST: &str = "karasay";

struct World {
    _folder: tempfile::TempDir,
    ledger: Ledger,
    desk: Desk,
    device: Credentials,
    number: PermitNumber,
    handed_in: u64,
}

impl World {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::open(&folder.path().join("store"), Options::default()).unwrap();
        let root = SigningKey::from_bytes(&[8; 32]).unwrap().public_key();
        let ledger =
            Ledger::open(store, Credentials::generate([1; 32]).unwrap(), root, 4, [1; 24], 5).unwrap();
        let device = Credentials::generate([2; 32]).unwrap();
        ledger.enrol(&device.public_key(), POST, NOW).unwrap();
        let (desk, number) = (Desk::new(), PermitNumber::draw(|| [1; 8]));
        Self { _folder: folder, ledger, desk, device, number, handed_in: 0 }
    }

    fn issue(&self, id: u128) {
        self.desk.issue(&self.ledger, id, &self.number);
    }

    /// Hands the next copy in, and says which alerts there are then.
    fn hand_in(&mut self) -> Vec<AlertKind> {
        self.handed_in += 1;
        let (device, number) =
            (DeviceId::of_public_key(&self.device.public_key()), self.number.compact().to_owned());
        let copy = u8::try_from(self.handed_in).unwrap();
        let event = HandIn {
            id: Uuid::from_u128(self.handed_in.into()),
            shard: shard::for_event(Some(&number), &device, 4),
            device: device.clone(),
            epoch: 1,
            sequence: self.handed_in,
            kind: Kind::Entry,
            presented: Presented::Seal { sha256: [copy; 32] },
            permit: Some(PresentedPermit { number, version: Some(1), copy: Some(copy) }),
            present: 0,
            post: POST.to_owned(),
            soldier: String::new(),
            scanned_at_ms: NOW - 3_600_000,
            monotonic_ms: 0,
            verdict: Verdict::Accept,
            reasons: vec![],
            witnessed: None,
        };
        let message = encode(&event).unwrap();
        let payload = frame::join(&message, &self.device.sign(&message).unwrap());
        let subject = subject::hand_in(event.shard, POST, &device);
        let examined = self.ledger.examine([Incoming { subject, payload }]).unwrap();
        let _ = self.ledger.record(&examined, NOW, || {}).unwrap();
        self.ledger.alerts().unwrap().into_iter().map(|alert| alert.kind).collect()
    }
}

#[test]
fn a_permit_that_was_revoked_is_no_longer_remembered_as_good() {
    let mut world = World::new();
    world.issue(1);
    assert_eq!(world.hand_in(), []);
    assert!(world.ledger.permits.of(world.number.compact()).is_some());
    world.desk.revoke(&world.ledger, 1);
    assert_eq!(world.hand_in(), [AlertKind::PermitRevoked]);
}

/// Nobody can tell which of the two a copy is of, so it is judged by neither.
#[test]
fn a_second_permit_of_one_tag_makes_the_first_unknown() {
    let mut world = World::new();
    world.issue(1);
    assert_eq!(world.hand_in(), []);
    world.issue(2);
    world.desk.revoke(&world.ledger, 1);
    assert_eq!(world.hand_in(), []);
    assert!(world.ledger.permits.of(world.number.compact()).is_none());
}

/// Its place in the list of changes is another by then, and nothing that is remembered may put the old one back.
#[test]
fn only_a_round_that_announces_permits_makes_them_forgotten() {
    let mut world = World::new();
    let months = 200 * 86_400_000;
    world.ledger.announce_permits(NOW - months).unwrap();
    world.issue(1);
    world.hand_in();
    let is_known = |world: &World| world.ledger.permits.of(world.number.compact()).is_some();
    assert_eq!((world.ledger.announce_permits(NOW - months).unwrap(), is_known(&world)), (0, true));
    assert_eq!((world.ledger.announce_permits(NOW).unwrap(), is_known(&world)), (1, false));
}
