//! A pull that is decided in halves comes to what it comes to as a whole.

use std::collections::BTreeMap;

use proptest::prelude::*;
use propusk_courier::Credentials;
use propusk_permit::PermitNumber;
use propusk_proto::{Kind, Presented, PresentedPermit, Reason, Verdict, encode, frame, shard};
use propusk_seal::PublicKey;
use propusk_store::{Options, Row, Store};
use uuid::Uuid;

use super::*;
use crate::ledger::Letter;
use crate::test_desk::{Desk, NOW};
use crate::zones::Zones;

const SHARDS: u16 = 64;
const ROOT: &str = "046b17d1f2e12c4247f8bce6e563a440f277037d812deb33a0f4a13945d898c2964fe342e2fe1a7f9b8ee7eb4a7c0f9e162bce33576b315ececbb6406837bf51f5";

/// What is unusual about a hand-in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Turn {
    Nothing,
    /// The message before it comes again.
    Repeated,
    /// Another hand-in had its number.
    NumberTaken,
    /// The number before it is missing.
    Gap,
    DoubtfulClock,
    BadSignature,
    NoPermit,
}

fn turn() -> impl Strategy<Value = Turn> {
    use Turn::{BadSignature, DoubtfulClock, Gap, NoPermit, Nothing, NumberTaken, Repeated};
    prop_oneof![
        20 => Just(Nothing),
        2 => Just(Repeated),
        1 => Just(NumberTaken),
        2 => Just(Gap),
        1 => Just(DoubtfulClock),
        1 => Just(BadSignature),
        2 => Just(NoPermit),
    ]
}

/// Hand-ins of three devices, as the broker delivers them.
fn messages(hand_ins: &[(usize, u8, Turn)]) -> Vec<Incoming> {
    let keys: Vec<Credentials> = devices();
    let mut sequences = BTreeMap::<(usize, u16), u64>::new();
    let mut messages: Vec<Incoming> = Vec::new();
    for (at, (device, permit, turn)) in hand_ins.iter().enumerate() {
        if let (Turn::Repeated, Some(before)) = (turn, messages.last().cloned()) {
            messages.push(before);
            continue;
        }
        let key = &keys[*device];
        let id = DeviceId::of_public_key(&key.public_key());
        let number = Some(number(*permit).compact().to_owned()).filter(|_| *turn != Turn::NoPermit);
        let shard = shard::for_event(number.as_deref(), &id, SHARDS);
        let sequence = sequences.entry((*device, shard)).or_default();
        *sequence += match turn {
            Turn::NumberTaken => 0,
            Turn::Gap => 2,
            _ => 1,
        };
        let event = HandIn {
            id: Uuid::from_u128(at as u128),
            shard,
            device: id.clone(),
            epoch: 1,
            sequence: (*sequence).max(1),
            kind: if at % 3 == 0 { Kind::Exit } else { Kind::Entry },
            presented: Presented::Seal { sha256: [*permit; 32] },
            permit: number.map(|number| PresentedPermit { number, version: Some(1), copy: Some(1) }),
            present: 0,
            post: POSTS[*device].to_owned(),
            soldier: String::new(),
            scanned_at_ms: NOW - 3_600_000 + at as i64,
            monotonic_ms: 0,
            verdict: Verdict::Accept,
            reasons: if *turn == Turn::DoubtfulClock { vec![Reason::ClockSuspect] } else { vec![] },
            witnessed: None,
        };
        let message = encode(&event).unwrap();
        let mut payload = frame::join(&message, &key.sign(&message).unwrap());
        if *turn == Turn::BadSignature {
            *payload.last_mut().unwrap() ^= 1;
        }
        messages.push(Incoming { subject: subject::hand_in(shard, &event.post, &id), payload });
    }
    messages
}

fn number(permit: u8) -> PermitNumber {
    let mut draws = u64::from(permit);
    let draw = || {
        draws = draws.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (draws ^ (draws >> 31)).to_be_bytes()
    };
    PermitNumber::draw(draw)
}

const POSTS: [&str; 3] = ["karasay", "torugart", "karasay"];

fn devices() -> Vec<Credentials> {
    (2..5).map(|seed| Credentials::generate([seed; 32]).unwrap()).collect()
}

struct Record {
    _folder: tempfile::TempDir,
    ledger: Ledger,
}

impl Record {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::open(&folder.path().join("store"), Options::default()).unwrap();
        let root = PublicKey::from_sec1_hex(ROOT).unwrap();
        let key = Credentials::generate([1; 32]).unwrap();
        let zone = |(post, id, mask): (&str, &str, u32)| (post.to_owned(), id.to_owned(), mask);
        let zones = Zones::new([("karasay", "one", 1), ("torugart", "two", 2)].map(zone));
        let ledger = Ledger::open(store, key, root, SHARDS, [1; 24], 5).unwrap().with_zones(zones).unwrap();
        for (device, post) in devices().iter().zip(POSTS) {
            ledger.enrol(&device.public_key(), post, NOW).unwrap();
        }
        Self { _folder: folder, ledger }
    }

    /// Some permits are known, and some of those are revoked later.
    fn tell(&self, revoked: bool) {
        for permit in (0..40).filter(|permit| permit % 4 == 1) {
            match revoked {
                false => Desk::new().issue(&self.ledger, permit.into(), &number(permit)),
                true if permit % 8 == 1 => Desk::new().revoke(&self.ledger, permit.into()),
                true => {}
            }
        }
    }

    fn examine(&self, messages: &[Incoming]) -> Examined {
        self.ledger.examine(messages.to_vec()).unwrap()
    }

    /// Receipts and every row.
    fn commit(&self, pull: Pull) -> (Vec<Letter>, Vec<Row>) {
        let (letters, _) = pull.commit().unwrap().receipts().unwrap();
        (letters, self.ledger.store.scan(b"").map(Result::unwrap).collect())
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn halves_come_to_the_same_as_the_whole(
        hand_ins in prop::collection::vec((0..3_usize, 0..40_u8, turn()), 1..80),
        first in 0..80_usize,
    ) {
        let (messages, halves, whole) = (messages(&hand_ins), Record::new(), Record::new());
        let (first, then) = messages.split_at(first.min(messages.len()));
        for (pull, revoked) in [(first, false), (then, true)] {
            halves.tell(revoked);
            whole.tell(revoked);
            let examined = whole.examine(pull);
            let expected = whole.commit(whole.ledger.decide_whole(&examined.0, NOW).unwrap());
            let examined = halves.examine(pull);
            let decided = halves.ledger.decide_in_halves(&examined.0, NOW).unwrap();
            let decided = match decided {
                Some(pull) => pull,
                None => halves.ledger.decide_whole(&examined.0, NOW).unwrap(),
            };
            prop_assert_eq!(halves.commit(decided), expected);
        }
        prop_assert_eq!(halves.ledger.audit().unwrap().broken, Vec::<String>::new());
    }
}

#[test]
fn an_ordinary_pull_is_decided_in_halves() {
    let record = Record::new();
    let hand_ins: Vec<_> = (0..120).map(|at| (at % 3, at as u8, Turn::Nothing)).collect();
    let examined = record.examine(&messages(&hand_ins));
    let groups = examined.0.iter().map(|(_, received)| is_of_the_first_half(received));
    assert!(groups.clone().any(|first| first) && groups.clone().any(|first| !first));
    assert!(record.ledger.decide_in_halves(&examined.0, NOW).unwrap().is_some());
}

/// One alert a day about the clock of a device, whichever shards its hand-ins are in.
#[test]
fn halves_that_both_raise_one_alert_are_decided_again_as_a_whole() {
    let record = Record::new();
    let hand_ins: Vec<_> = (0..120).map(|at| (0, at as u8, Turn::DoubtfulClock)).collect();
    let examined = record.examine(&messages(&hand_ins));
    assert!(record.ledger.decide_in_halves(&examined.0, NOW).unwrap().is_none());
    let pull = record.ledger.decide(&examined, NOW).unwrap();
    record.commit(pull);
    assert_eq!(record.ledger.alerts().unwrap().len(), 1);
}
