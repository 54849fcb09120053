use jiff::Timestamp;
use propusk_courier::Credentials;
use propusk_proto::{
    Cursor, Day, Head, Kind, KnownPermit, NumberTag, PermitStatus, Presented, Reason, Refusal, RefusalReason,
    Revocation, Scope, Verdict,
};
use propusk_seal::{SigningKey, TrustList, sign_trust_list};
use uuid::Uuid;

use super::*;
use crate::correction::{By, undo};
use crate::device::fixtures::{named, recorder};
use crate::hand_in::{Judged, hand_in};
use crate::trusted::Trusted;

const NOW: i64 = 1_790_000_000_000;

fn now() -> Timestamp {
    Timestamp::from_millisecond(NOW).unwrap()
}

fn copy(copy: u8) -> PresentedPermit {
    PresentedPermit { number: "7XK3M9QW2RTP5".to_owned(), version: Some(1), copy: Some(copy) }
}

fn hand_copy_in(device: &Device, k: u8) {
    let judged = Judged {
        kind: Kind::Entry,
        presented: Presented::TypedNumber,
        permit: Some(copy(k)),
        present: 1,
        soldier: "41".to_owned(),
        verdict: Verdict::Accept,
        reasons: vec![],
    };
    hand_in(device, judged, now(), 5000, [k; 10]).unwrap();
}

fn signed<M: propusk_proto::Message>(message: &M, key: &Credentials) -> Vec<u8> {
    let message = encode(message).unwrap();
    frame::join(&message, &key.sign(&message).unwrap())
}

fn known(id: u128) -> KnownPermit {
    let status = PermitStatus {
        tag: NumberTag([0, 0, 0, 0, id as u8]),
        version: 1,
        valid_from: Day(20_260_601),
        valid_to: Day(20_260_630),
        zones: 1,
        posts: vec![],
        copies: 3,
        travellers: 1,
    };
    KnownPermit { id: Uuid::from_u128(id), status, recorded_at_ms: 1, revoked_at_ms: None }
}

/// The recorder's answer to a device: so many permits, and then it stands at `position`.
fn reply(device: &Device, permits: &[u128], position: u64) -> SyncReply {
    SyncReply {
        device: device.profile.device.clone(),
        time_ms: NOW,
        trust_list: None,
        permits: permits.iter().copied().map(known).collect(),
        cursor: Cursor { generation: 7, position },
        more: false,
        record_lost: false,
        scope: Scope::ALL,
    }
}

/// A device that the recorder has answered once.
fn answered(seed: u8, post: &str) -> (tempfile::TempDir, Device) {
    let (folder, device) = named(seed, post);
    let reply = reply(&device, &[], 10);
    let framed = signed(&reply, &recorder());
    learn(&device, &reply, &framed, None, Some(now())).unwrap();
    (folder, device)
}

fn bundle(device: &Device, at_ms: i64) -> Bundle {
    // Through the bytes of a file.
    decode(&encode(&export(device, at_ms, 1).unwrap()).unwrap()).unwrap()
}

fn carried(device: &Device) -> usize {
    device.store.scan(b"k").count()
}

#[test]
fn a_copy_that_a_neighbour_has_is_known_here_until_it_is_taken_back() {
    let ((_a, here), (_b, there)) = (answered(1, "karasay"), answered(2, "barskoon"));
    hand_copy_in(&there, 2);
    let done = import(&here, &bundle(&there, NOW)).unwrap();
    assert_eq!((done.parcels, done.copies_elsewhere, done.refused), (1, 1, vec![]));
    let elsewhere = |k| handed_in_elsewhere(&here.store, &copy(k)).unwrap();
    assert!(elsewhere(2) && !elsewhere(1) && !here.queue.handed_in(&copy(2)).unwrap());

    let by = By { soldier: "41", now: now(), uptime_ms: 5001, random: [9; 10] };
    undo(&there, &by).unwrap();
    hand_copy_in(&there, 3);
    import(&here, &bundle(&there, NOW + 1)).unwrap();
    assert!(!elsewhere(2) && elsewhere(3));
    assert_eq!(carried(&here), 1, "the newer parcel has everything of the older one");

    // What goes on from here has both devices' hand-ins, each signed by its own.
    hand_copy_in(&here, 1);
    let on = bundle(&here, NOW + 2);
    assert_eq!(on.pieces.len(), 2);
    let (_c, third) = answered(3, "naryn");
    let done = import(&third, &on).unwrap();
    assert_eq!((done.parcels, done.copies_elsewhere), (2, 3));
    assert_eq!(import(&there, &on).unwrap().parcels, 1, "its own comes back to it and says nothing");
}

#[test]
fn nothing_is_taken_from_a_device_that_the_recorder_is_not_known_to_know() {
    let (_a, here) = answered(1, "karasay");
    // Anybody can make a key and sign with it.
    let (_s, stranger) = named(66, "barskoon");
    hand_copy_in(&stranger, 2);
    // A stranger may have seen somebody else's standing.
    let (_b, there) = answered(2, "barskoon");
    let borrowed = {
        let mut parcel: Parcel = decode_parcel(&parcels(&stranger, NOW, 1).unwrap()[0]).unwrap();
        parcel.standing = knowledge::standing(&there.store).unwrap();
        signed(&parcel, stranger.credentials.held().unwrap())
    };
    // Or claim to be that device.
    let claimed = {
        let mut parcel: Parcel = decode_parcel(&parcels(&there, NOW, 1).unwrap()[0]).unwrap();
        parcel.made_at_ms += 1;
        signed(&parcel, stranger.credentials.held().unwrap())
    };
    hand_copy_in(&there, 3);
    let mut altered = parcels(&there, NOW, 1).unwrap()[0].clone();
    *altered.last_mut().unwrap() ^= 1;
    let mut pieces: Vec<Piece> = [borrowed, claimed, altered, vec![1; 10], vec![]].map(Piece::Parcel).into();
    pieces.extend(bundle(&stranger, NOW).pieces);
    pieces
        .push(Piece::Return(signed(&back(&there, 0, vec![], vec![]), stranger.credentials.held().unwrap())));
    let done = import(&here, &Bundle { pieces }).unwrap();
    assert_eq!((done.refused.len(), done.parcels, carried(&here)), (7, 0, 0), "{done:?}");
    assert!(!handed_in_elsewhere(&here.store, &copy(2)).unwrap());
}

/// A return to `device` for a question at `from`.
fn back(device: &Device, from: u64, receipts: Vec<Vec<u8>>, answers: Vec<Vec<u8>>) -> Return {
    Return {
        device: device.profile.device.clone(),
        from: Cursor { generation: 7, position: from },
        receipts: receipts.into_iter().map(Into::into).collect(),
        answers: answers.into_iter().map(Into::into).collect(),
    }
}

/// The receipt for everything that waits on a device.
fn receipt(device: &Device) -> Vec<u8> {
    let slots = device.queue.waiting().unwrap();
    let range = |slot: crate::entry::Slot| Range {
        epoch: slot.epoch,
        shard: slot.shard,
        first: slot.sequence,
        last: slot.sequence,
    };
    let (last, rest) = slots.split_last().unwrap();
    let refusal = Refusal {
        epoch: last.0.epoch,
        shard: last.0.shard,
        sequence: last.0.sequence,
        reason: RefusalReason::WrongPost,
    };
    let receipt = Receipt {
        device: device.profile.device.clone(),
        issued_at_ms: NOW,
        recorded: rest.iter().map(|(slot, _)| range(*slot)).collect(),
        refused: vec![refusal],
        heads: vec![Head { shard: 1, index: 1, hash: [1; 32] }],
    };
    signed(&receipt, &recorder())
}

#[test]
fn a_return_settles_brings_permits_and_ends_the_carrying() {
    let ((_a, here), (_b, there)) = (answered(1, "karasay"), answered(2, "barskoon"));
    hand_copy_in(&there, 2);
    hand_copy_in(&there, 3);
    import(&here, &bundle(&there, NOW)).unwrap();
    assert_eq!(carried(&here), 1);
    let pages = [reply(&there, &[1, 2], 12), reply(&there, &[3], 13)].map(|page| signed(&page, &recorder()));
    let back = back(&there, 10, vec![receipt(&there)], pages.to_vec());
    let file = Bundle { pieces: vec![Piece::Return(signed(&back, &recorder()))] };

    let done = import(&here, &file).unwrap();
    assert_eq!((done.delivered, done.settled, done.permits_learnt, carried(&here)), (1, 0, 0, 0));
    let done = import(&there, &file).unwrap();
    assert_eq!((done.settled, done.permits_learnt, done.refused), (2, 3, vec![]));
    let counts = there.queue.counts().unwrap();
    assert_eq!((counts.recorded, counts.refused, counts.on_this_device), (1, 1, 0));
    let again = import(&there, &file).unwrap();
    assert_eq!((again.settled, again.permits_learnt, again.refused), (0, 0, vec![]), "harmless twice");
    assert_eq!(knowledge::cursor(&there.store).unwrap().position, 13);
}

#[test]
fn permits_that_do_not_join_are_not_taken() {
    let (_b, there) = answered(2, "barskoon");
    hand_copy_in(&there, 2);
    hand_copy_in(&there, 3);
    let page = signed(&reply(&there, &[3], 13), &recorder());
    let gap = back(&there, 11, vec![receipt(&there)], vec![page]);
    let file = Bundle { pieces: vec![Piece::Return(signed(&gap, &recorder()))] };
    let done = import(&there, &file).unwrap();
    assert_eq!((done.settled, done.permits_learnt, done.refused.len()), (2, 0, 1), "receipts need no order");
    assert_eq!(knowledge::cursor(&there.store).unwrap().position, 10);
}

#[test]
fn an_answer_that_was_long_on_its_way_says_nothing_of_the_clock() {
    let (_b, there) = answered(2, "barskoon");
    let late = SyncReply { time_ms: NOW + 86_400_000, ..reply(&there, &[3], 13) };
    let back = back(&there, 10, vec![], vec![signed(&late, &recorder())]);
    import(&there, &Bundle { pieces: vec![Piece::Return(signed(&back, &recorder()))] }).unwrap();
    let facts = crate::clock::Facts::read(&there.store).unwrap();
    assert_eq!((facts.offset_ms, facts.floor_ms), (0, Some(NOW + 86_400_000)), "only: it is later than that");
}

#[test]
fn signers_that_come_alone_are_taken() {
    let (_b, mut there) = answered(2, "barskoon");
    let root = SigningKey::from_bytes(&[9; 32]).unwrap();
    (there.root, there.trusted) = (root.public_key(), Trusted::by(root.public_key()));
    let list = TrustList { issued_at: NOW / 1000, next_update: NOW / 1000 + 86_400, signers: vec![] };
    let trust_list = Some(sign_trust_list(&list, &root).unwrap());
    let nothing_else_is_new = SyncReply { trust_list, ..reply(&there, &[], 10) };
    let back = back(&there, 10, vec![], vec![signed(&nothing_else_is_new, &recorder())]);
    import(&there, &Bundle { pieces: vec![Piece::Return(signed(&back, &recorder()))] }).unwrap();
    assert_eq!(knowledge::trust_list(&there).unwrap().issued_at, NOW / 1000);
}

#[test]
fn a_revocation_in_a_return_is_one() {
    let (_b, there) = answered(2, "barskoon");
    let revocation = Revocation { device: there.profile.device.clone(), revoked_at_ms: NOW, time_ms: NOW };
    let back = |key: &Credentials| {
        let back = back(&there, 10, vec![], vec![signed(&revocation, key)]);
        Bundle { pieces: vec![Piece::Return(signed(&back, key))] }
    };
    let done = import(&there, &back(there.credentials.held().unwrap())).unwrap();
    assert_eq!(done.refused.len(), 1, "nobody but the recorder can say so");
    let error = import(&there, &back(&recorder())).unwrap_err();
    assert!(matches!(error.downcast_ref(), Some(HandheldError::Revoked { at_ms: NOW })), "{error}");
}

#[test]
fn a_second_copy_at_the_neighbour_is_judged_as_one() {
    let (_a, here) = answered(1, "karasay");
    let (_b, there) = answered(2, "barskoon");
    hand_copy_in(&there, 2);
    import(&here, &bundle(&there, NOW)).unwrap();
    let judged = |reasons: Vec<Reason>| Judged {
        kind: Kind::Entry,
        presented: Presented::TypedNumber,
        permit: Some(copy(2)),
        present: 1,
        soldier: "41".to_owned(),
        verdict: Verdict::Attention,
        reasons,
    };
    hand_in(&here, judged(vec![Reason::CopyAlreadyHandedIn]), now(), 5000, [4; 10]).unwrap();
    let by = By { soldier: "41", now: now(), uptime_ms: 5001, random: [5; 10] };
    undo(&here, &by).unwrap();
    import(&there, &bundle(&here, NOW)).unwrap();
    assert!(handed_in_elsewhere(&here.store, &copy(2)).unwrap(), "it is still at the other post");
}
