//! Events into a real store: chained, recognised, refused, alerted.

use propusk_proto::chain::{GENESIS, link};
use propusk_proto::{
    AlertKind, DeviceId, HandIn, Head, Kind, Presented, PresentedPermit, Verdict, encode, frame,
};
use propusk_store::{Options, Store};
use uuid::Uuid;

use super::*;
use crate::audit::audit;
use crate::questions;

const NOW: i64 = 1_790_000_000_000;

struct Log {
    _folder: tempfile::TempDir,
    store: Store,
}

impl Log {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::open(&folder.path().join("store"), Options::default()).unwrap();
        Self { _folder: folder, store }
    }

    /// Records these in one batch, as the service does.
    fn take(&self, events: &[HandIn]) -> Vec<(Outcome, Vec<Raised>)> {
        let mut draft = self.store.begin();
        let taken = events
            .iter()
            .map(|event| {
                let bytes = frame::join(&encode(event).unwrap(), &[7; frame::SIGNATURE_BYTES]);
                record(&mut draft, event, &bytes, frame::digest(&bytes), NOW).unwrap()
            })
            .collect();
        self.store.commit(draft).unwrap();
        taken
    }
}

fn hand_in(sequence: u64, copy: u8) -> HandIn {
    let number = propusk_permit::PermitNumber::draw(|| [1; 8]);
    let device = DeviceId::parse("device0").unwrap();
    HandIn {
        id: Uuid::from_u128(u128::from(sequence)),
        shard: propusk_proto::shard::for_event(Some(number.compact()), &device, 64),
        device,
        epoch: 1,
        sequence,
        kind: Kind::Entry,
        presented: Presented::Seal { sha256: [copy; 32] },
        permit: Some(PresentedPermit {
            number: number.compact().to_owned(),
            version: Some(1),
            copy: Some(copy),
        }),
        present: 0,
        post: "karasay".to_owned(),
        soldier: String::new(),
        scanned_at_ms: NOW,
        monotonic_ms: 0,
        verdict: Verdict::Accept,
        reasons: vec![],
        witnessed: None,
    }
}

fn head_of(taken: &(Outcome, Vec<Raised>)) -> (Head, bool) {
    match taken.0 {
        Outcome::Recorded { head, new } => (head, new),
        Outcome::Refused(_) => panic!("refused"),
    }
}

#[test]
fn a_repeat_is_receipted_again_and_written_once_even_within_one_batch() {
    let log = Log::new();
    let event = hand_in(1, 1);
    let taken = log.take(&[event.clone(), event.clone()]);
    assert_eq!((head_of(&taken[0]).1, head_of(&taken[1]).1), (true, false));
    assert!(!head_of(&log.take(&[event])[0]).1);
    let number = propusk_permit::PermitNumber::draw(|| [1; 8]);
    assert_eq!(questions::of_permit(&log.store, &number).unwrap().len(), 1);
}

#[test]
fn the_same_number_with_other_bytes_is_refused() {
    let log = Log::new();
    log.take(&[hand_in(1, 1)]);
    let taken = log.take(&[hand_in(1, 2)]);
    assert!(matches!(taken[0].0, Outcome::Refused(RefusalReason::SequenceReused)));
    assert_eq!(audit(&log.store).unwrap().records, 1);
}

#[test]
fn records_are_chained_and_the_audit_sees_a_changed_one() {
    let log = Log::new();
    let taken = log.take(&[hand_in(1, 1), hand_in(2, 2)]);
    let (first, second) = (head_of(&taken[0]).0, head_of(&taken[1]).0);
    assert_eq!((first.index, second.index), (1, 2));
    let bytes = frame::join(&encode(&hand_in(1, 1)).unwrap(), &[7; frame::SIGNATURE_BYTES]);
    assert_eq!(first.hash, link(&GENESIS, first.shard, 1, NOW, &frame::digest(&bytes)));
    assert!(audit(&log.store).unwrap().is_whole());

    let key = keys::record(first.shard, 1);
    let mut record = parse_record(&log.store.get(&key).unwrap().unwrap()).unwrap();
    record.received_at_ms += 1;
    let mut draft = log.store.begin();
    write(&mut draft, key, &record).unwrap();
    log.store.commit(draft).unwrap();
    let found = audit(&log.store).unwrap();
    assert!(found.broken.iter().any(|what| what.contains("record 1")), "{:?}", found.broken);
}

#[test]
fn a_gap_in_a_devices_numbers_is_named() {
    let log = Log::new();
    log.take(&[hand_in(2, 1), hand_in(5, 2)]);
    let missing = audit(&log.store).unwrap().missing;
    let ranges: Vec<(u64, u64)> = missing.iter().map(|gap| (gap.first, gap.last)).collect();
    assert_eq!(ranges, [(1, 1), (3, 4)]);
}

#[test]
fn a_copy_that_comes_twice_is_alerted_unless_undone_refused_or_only_shown() {
    let kinds = |taken: &(Outcome, Vec<Raised>)| taken.1.iter().map(|raised| raised.kind).collect::<Vec<_>>();
    let log = Log::new();
    let first = hand_in(1, 1);
    assert!(kinds(&log.take(std::slice::from_ref(&first))[0]).is_empty());
    let shown = HandIn { kind: Kind::Shown, ..hand_in(2, 1) };
    let refused = HandIn { verdict: Verdict::Refuse, ..hand_in(3, 1) };
    let original = hand_in(4, 0);
    let undo = HandIn { kind: Kind::Undo { of: first.id }, ..hand_in(5, 1) };
    let again = hand_in(6, 1);
    for taken in log.take(&[shown, refused, original.clone(), HandIn { sequence: 7, ..original }]) {
        assert!(kinds(&taken).is_empty());
    }
    assert_eq!(kinds(&log.take(&[hand_in(8, 1)])[0]), [AlertKind::CopyHandedInTwice]);
    let log = Log::new();
    assert!(log.take(&[first, undo, again]).iter().all(|taken| kinds(taken).is_empty()));
}

#[test]
fn a_device_that_remembers_another_head_raises_one_alert() {
    let log = Log::new();
    let (head, _) = head_of(&log.take(&[hand_in(1, 1)])[0]);
    let honest = HandIn { witnessed: Some(head), ..hand_in(2, 2) };
    assert!(log.take(&[honest])[0].1.is_empty());
    let other = Some(Head { hash: [9; 32], ..head });
    let taken = log
        .take(&[HandIn { witnessed: other, ..hand_in(3, 3) }, HandIn { witnessed: other, ..hand_in(4, 4) }]);
    let kinds: Vec<AlertKind> = taken.iter().flat_map(|taken| &taken.1).map(|raised| raised.kind).collect();
    assert_eq!(kinds, [AlertKind::RecordRewritten]);
}

#[test]
fn a_rebuild_gives_the_same_rows_however_the_indexes_were() {
    let log = Log::new();
    let events: Vec<HandIn> = (1..=50).map(|sequence| hand_in(sequence, 1 + sequence as u8)).collect();
    log.take(&events);
    let rows = || log.store.scan(b"").map(Result::unwrap).collect::<Vec<_>>();
    let whole = rows();
    let mut draft = log.store.begin();
    for prefix in keys::PROJECTIONS {
        draft.delete(log.store.scan(prefix).next().unwrap().unwrap().0);
    }
    draft.put(keys::of_post_at("karasay", 7, 0, 999), b"".as_slice());
    log.store.commit(draft).unwrap();
    assert_eq!(audit(&log.store).unwrap().broken.len(), 3, "the audit names every row that is missing");
    assert_eq!(crate::rebuild::rebuild(&log.store).unwrap().records, 50);
    assert_eq!(rows(), whole);
}

#[test]
fn a_hand_in_under_another_number_is_the_same_hand_in() {
    let log = Log::new();
    let (first, twin) = (hand_in(1, 1), HandIn { id: Uuid::from_u128(99), ..hand_in(1, 1) });
    log.take(std::slice::from_ref(&first));
    assert!(matches!(log.take(std::slice::from_ref(&twin))[0].0, Outcome::Refused(_)));
    // The device can't tell whose refusal it was, and signs both again.
    let again = |event: &HandIn, sequence| HandIn { epoch: 2, sequence, ..event.clone() };
    let taken = log.take(&[again(&first, 1), again(&twin, 2), again(&twin, 3), again(&first, 4)]);
    let new: Vec<bool> = taken.iter().map(|taken| head_of(taken).1).collect();
    assert_eq!(new, [false, true, false, false], "each is in the record once");
    assert_eq!(audit(&log.store).unwrap().records, 2);
    assert!(audit(&log.store).unwrap().is_whole(), "and no number is missing");
    let other = HandIn { post: "torugart".to_owned(), ..again(&first, 5) };
    assert!(head_of(&log.take(&[other])[0]).1, "a used id does not make another event a repeat");
}

#[test]
fn an_undo_counts_even_when_it_overtakes_its_hand_in() {
    let log = Log::new();
    let (first, second) = (hand_in(1, 1), hand_in(2, 1));
    let undo = HandIn { kind: Kind::Undo { of: first.id }, ..hand_in(3, 1) };
    assert!(log.take(&[undo, second, first]).iter().all(|taken| taken.1.is_empty()));
}
