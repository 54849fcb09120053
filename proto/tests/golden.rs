//! Byte-exact messages: every version that was ever sent is still read, and still written the same.
//!
//! `golden/<message>.v<version>.hex` holds one message of each kind, annotated field by field (`#` begins a comment).
//! Files are never edited, only added. A missing file is written, so that a new message only has to be named here.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

use std::fmt::Debug;
use std::fs;
use std::path::PathBuf;

use data_encoding::HEXLOWER;
use propusk_proto::sync::{SyncReplyV1, SyncRequestV1};
use propusk_proto::*;
use uuid::Uuid;

const ID: Uuid = Uuid::from_u128(0x0192_f0c1_2345_7abc_8def_0123_4567_89ab);

fn golden<M: Message + PartialEq + Debug>(name: &str, message: &M) {
    let path =
        PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("golden").join(format!("{name}.v{}.hex", M::VERSION));
    let bytes = encode(message).unwrap();
    if !path.exists() {
        fs::write(&path, format!("# {}\n{}\n", M::NAME, HEXLOWER.encode(&bytes))).unwrap();
        panic!("{} was not there and has been written; annotate it and commit it", path.display());
    }
    let text = fs::read_to_string(&path).unwrap();
    let hex: String =
        text.lines().map(|line| line.split('#').next().unwrap_or_default().replace(' ', "")).collect();
    let stored = HEXLOWER.decode(hex.as_bytes()).unwrap();
    assert_eq!(HEXLOWER.encode(&bytes), HEXLOWER.encode(&stored), "{name}: what is written has changed");
    assert_eq!(&decode::<M>(&stored).unwrap(), message, "{name}: what is read has changed");
}

fn head() -> Head {
    Head { shard: 7, index: 300, hash: [0xab; 32] }
}

fn device() -> DeviceId {
    DeviceId::parse("abcdefgh23456777").unwrap()
}

fn hand_in() -> HandIn {
    HandIn {
        id: ID,
        device: device(),
        epoch: 1_790_000_000_000,
        shard: 7,
        sequence: 17,
        kind: Kind::Entry,
        presented: Presented::Seal { sha256: [0x11; 32] },
        permit: Some(PresentedPermit { number: "7XK3M9QW2RTP5".to_owned(), version: Some(1), copy: Some(2) }),
        present: 0b101,
        post: "karasay".to_owned(),
        soldier: "41".to_owned(),
        scanned_at_ms: 1_790_000_000_123,
        monotonic_ms: 5_000,
        verdict: Verdict::Attention,
        reasons: vec![Reason::CopyAlreadyHandedIn, Reason::TrustListStale],
        witnessed: Some(head()),
    }
}

fn status() -> PermitStatus {
    PermitStatus {
        tag: NumberTag([1, 2, 3, 4, 5]),
        version: 1,
        valid_from: Day(20_260_601),
        valid_to: Day(20_260_630),
        zones: 0b110,
        posts: vec!["karasay".to_owned(), "torugart".to_owned()],
        copies: 4,
        travellers: 4,
    }
}

#[test]
fn hand_in_v1() {
    golden("hand-in", &hand_in());
}

#[test]
fn receipt_v1() {
    let receipt = Receipt {
        device: device(),
        issued_at_ms: 1_790_000_001_000,
        recorded: vec![Range { epoch: 1_790_000_000_000, shard: 7, first: 1, last: 17 }],
        refused: vec![Refusal {
            epoch: 1_790_000_000_000,
            shard: 9,
            sequence: 2,
            reason: RefusalReason::SequenceReused,
        }],
        heads: vec![head()],
    };
    golden("receipt", &receipt);
}

#[test]
fn alert_v1() {
    let alert = Alert {
        id: ID,
        kind: AlertKind::CopyHandedInTwice,
        post: "torugart".to_owned(),
        device: Some(device()),
        permit: Some("7XK3M9QW2RTP5".to_owned()),
        copy: Some(2),
        raised_at_ms: 1_790_000_002_000,
        evidence: vec![(7, 299), (7, 300)],
    };
    golden("alert", &alert);
}

#[test]
fn permit_event_v1() {
    let details =
        SealedDetails { lookup: [0x22; 32], wrapped_key: vec![0x33; 72], ciphertext: vec![0x44; 40] };
    let event = PermitEvent {
        permit_id: ID,
        sequence: 1,
        at_ms: 1_790_000_000_000,
        office: "BISHKEK".to_owned(),
        change: Change::Issued { status: status(), details },
    };
    golden("permit-event", &event);
}

#[test]
fn signed_permit_event_v2() {
    let event = PermitEvent {
        permit_id: ID,
        sequence: 2,
        at_ms: 1_790_000_000_000,
        office: "SPECIMEN OFFICE".to_owned(),
        change: Change::Revoked,
    };
    let signed = SignedPermitEvent {
        signer: "KGBP".to_owned(),
        certificate_reference: "1".to_owned(),
        event: encode(&event).unwrap(),
        signature: vec![0x55; 64],
    };
    golden("signed-permit-event", &signed);
    let payload = encode(&signed).unwrap();
    let on = subject::permit(ID, "revoked");
    let check = |seen: &SignedPermitEvent, bytes: &[u8], _: &PermitEvent| {
        let right = *seen == signed && bytes == SignedPermitEvent::signed_bytes(&signed.event);
        if right { Ok(()) } else { Err("other bytes") }
    };
    assert_eq!(SignedPermitEvent::open(&on, &payload, check), Ok(event.clone()));
    let refused = SignedPermitEvent::open(&on, &payload, |_, _, _| Err("no")).unwrap_err();
    assert_eq!(refused.to_string(), "signer KGBP 1: no");
    let elsewhere = SignedPermitEvent::open(&subject::permit(ID, "issued"), &payload, check);
    assert_eq!(elsewhere, Err(NotTheDesk::OtherSubject(on.clone())));
    let bare = SignedPermitEvent::open(&on, &encode(&event).unwrap(), check);
    assert_eq!(bare, Err(NotTheDesk::Unsigned));
    assert!(matches!(SignedPermitEvent::open(&on, &[2, 0xff], check), Err(NotTheDesk::Unreadable(_))));
}

#[test]
fn permit_event_of_a_purge_v1() {
    let event = PermitEvent {
        permit_id: ID,
        sequence: 9,
        at_ms: 1_790_000_000_000,
        office: "BISHKEK".to_owned(),
        change: Change::Purged {
            lookup: [0x22; 32],
            status: status(),
            revoked_at_ms: Some(1_789_000_000_000),
        },
    };
    golden("permit-event-purged", &event);
}

#[test]
fn every_kind_of_alert_keeps_its_place() {
    for (place, kind) in AlertKind::ALL.into_iter().enumerate() {
        assert_eq!(
            postcard::to_allocvec(&kind).unwrap(),
            [u8::try_from(place).unwrap()],
            "{}",
            kind.as_str()
        );
    }
}

#[test]
fn sync_v1() {
    let cursor = Cursor { generation: 42, position: 3 };
    let request = SyncRequestV1 {
        device: device(),
        cursor,
        trust_list_issued_at: 1_790_000_000,
        witnessed: Some(head()),
    };
    golden("sync-request", &request);
    let now: SyncRequest = decode(&encode(&request).unwrap()).unwrap();
    assert_eq!((now.witnessed, now.zones), (Some(head()), None), "a device that knows no scopes");
    let known =
        KnownPermit { id: ID, status: status(), recorded_at_ms: 1_790_000_000_500, revoked_at_ms: Some(1) };
    let reply = SyncReplyV1 {
        device: device(),
        time_ms: 1_790_000_003_000,
        trust_list: Some(vec![1, 2, 3]),
        permits: vec![known],
        cursor,
        more: false,
        record_lost: false,
    };
    golden("sync-reply", &reply);
    let now: SyncReply = decode(&encode(&reply).unwrap()).unwrap();
    assert_eq!((now.permits.len(), now.scope), (1, Scope::ALL), "a recorder that knows no scopes");
}

#[test]
fn sync_v2() {
    let cursor = Cursor { generation: 42, position: 3 };
    let request = SyncRequest {
        device: device(),
        cursor,
        trust_list_issued_at: 1_790_000_000,
        witnessed: Some(head()),
        zones: Some(0b10),
    };
    golden("sync-request", &request);
    let known =
        KnownPermit { id: ID, status: status(), recorded_at_ms: 1_790_000_000_500, revoked_at_ms: None };
    let reply = SyncReply {
        device: device(),
        time_ms: 1_790_000_003_000,
        trust_list: None,
        permits: vec![known],
        cursor,
        more: true,
        record_lost: false,
        scope: Scope { zones: 0b10, from: Day(20_260_603), to: Day(20_260_725) },
    };
    golden("sync-reply", &reply);
}

#[test]
fn revocation_v3() {
    let revocation =
        Revocation { device: device(), revoked_at_ms: 1_790_000_000_000, time_ms: 1_790_000_003_000 };
    golden("revocation", &revocation);
    assert!(decode::<SyncReply>(&encode(&revocation).unwrap()).is_err(), "no answer to take permits from");
}

#[test]
fn bundle_v1() {
    let parcel = Parcel {
        device: device(),
        public_key: "UA".to_owned(),
        standing: vec![7, 8],
        made_at_ms: 1_790_000_000_000,
        question: vec![2, 1],
        hand_ins: vec![vec![1, 2, 3].into(), vec![].into()],
    };
    golden("parcel", &parcel);
    let back = Return {
        device: device(),
        from: Cursor { generation: 42, position: 3 },
        receipts: vec![vec![1].into()],
        answers: vec![vec![2, 3].into()],
    };
    golden("return", &back);
    golden("bundle", &Bundle { pieces: vec![Piece::Parcel(vec![1, 2]), Piece::Return(vec![3])] });
}

#[test]
fn a_whole_parcel_of_the_longest_hand_ins_fits() {
    let hand_ins = vec![vec![0; 1024 + frame::SIGNATURE_BYTES].into(); bundle::HAND_INS_PER_PARCEL];
    let parcel = Parcel {
        device: device(),
        public_key: "U".repeat(56),
        standing: vec![0; 4096],
        made_at_ms: i64::MAX,
        question: vec![0; 256],
        hand_ins,
    };
    let framed = encode(&parcel).unwrap().len() + frame::SIGNATURE_BYTES;
    assert!(framed <= bundle::MAX_PARCEL_BYTES, "{framed}");
}

#[test]
fn leftovers_other_versions_and_long_messages_are_refused() {
    let mut bytes = encode(&hand_in()).unwrap();
    bytes.push(0);
    assert!(matches!(decode::<HandIn>(&bytes), Err(DecodeError::LeftOver { count: 1, .. })));
    bytes[0] = 2;
    assert!(matches!(decode::<HandIn>(&bytes), Err(DecodeError::Version { found: 2, known: 1, .. })));
    assert!(matches!(
        decode::<HandIn>(&[1; 2000]),
        Err(DecodeError::TooLong { found: 2000, limit: 1024, .. })
    ));
    assert!(matches!(decode::<HandIn>(&[]), Err(DecodeError::Empty { .. })));
    for cut in 1..bytes.len() - 2 {
        assert!(decode::<HandIn>(&bytes[..cut]).is_err());
    }
    let long = HandIn { soldier: "x".repeat(1024), ..hand_in() };
    assert!(matches!(encode(&long), Err(EncodeError::TooLong { .. })));
}

#[test]
fn a_hand_in_fits_a_metered_link() {
    // Issue 6 asks for under 400 bytes on the wire.
    let frame = frame::join(&encode(&hand_in()).unwrap(), &[0; frame::SIGNATURE_BYTES]);
    assert!(frame.len() < 300, "{} bytes", frame.len());
}

#[test]
fn details_open_with_their_number_only() {
    let number = propusk_permit::PermitNumber::draw(|| [1; 8]);
    let other = propusk_permit::PermitNumber::draw(|| [3; 8]);
    let details = PermitDetails {
        id: ID,
        number: number.compact().to_owned(),
        version: 1,
        issued_on: Day(20_260_520),
        agency: "A".to_owned(),
        zones: vec!["naryn".to_owned()],
        route: vec![details::StopDetails::Checkpoint("torugart".to_owned())],
        valid_from: Day(20_260_601),
        valid_to: Day(20_260_630),
        copies: 3,
        authority_reference: None,
        purpose: None,
        vehicle: None,
        travellers: vec![],
        revoked: None,
    };
    let key = NumberKey::derive(&number).unwrap();
    let sealed = SealedDetails::seal(&details, &key, &PermitKey([1; 32]), &[2; 48]).unwrap();
    assert!(sealed.open(ID, &key).is_ok_and(|opened| opened == details));
    assert_eq!(sealed.open(ID, &NumberKey::derive(&other).unwrap()).err(), Some(PersonalError::Closed));
    assert_eq!(sealed.open(Uuid::nil(), &key).err(), Some(PersonalError::Closed));
    let mut altered = sealed;
    altered.ciphertext[30] ^= 1;
    assert_eq!(altered.open(ID, &key).err(), Some(PersonalError::Closed));
}
