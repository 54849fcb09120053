//! The queue in a real store: nothing is forgotten before a receipt, no number is given twice.

use propusk_proto::receipt::Refusal;
use propusk_proto::{DeviceId, Receipt};
use propusk_store::{Options, Store};

use super::*;

const MARK_A: [u8; 24] = [1; 24];
const MARK_B: [u8; 24] = [2; 24];

fn store() -> (tempfile::TempDir, Store) {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open(&folder.path().join("store"), Options::default()).unwrap();
    (folder, store)
}

fn append(queue: &Queue, shard: u16) -> Slot {
    queue.append(shard, Aside::default(), |slot| Ok(slot.sequence.to_be_bytes().to_vec())).unwrap()
}

fn receipt(recorded: Vec<Range>, refused: Vec<Refusal>) -> Receipted {
    let device = DeviceId::parse("device0").unwrap();
    Receipted::unchecked(Receipt { device, issued_at_ms: 1000, recorded, refused, heads: vec![] })
}

#[test]
fn numbers_have_no_gaps_and_survive_a_restart() {
    let (_folder, store) = store();
    let queue = Queue::open(store.clone(), MARK_A, 50, 0).unwrap();
    let slots: Vec<(u16, u64)> =
        [7, 7, 9, 7].map(|shard| append(&queue, shard)).map(|s| (s.shard, s.sequence)).into();
    assert_eq!(slots, [(7, 1), (7, 2), (9, 1), (7, 3)]);
    let again = Queue::open(store, MARK_A, 99, 0).unwrap();
    assert_eq!(append(&again, 7), Slot { epoch: 50 << 20, shard: 7, sequence: 4 });
    assert_eq!(again.waiting().unwrap().len(), 5);
}

#[test]
fn a_copied_folder_begins_a_later_epoch_even_when_the_clock_went_back() {
    let (_folder, store) = store();
    append(&Queue::open(store.clone(), MARK_A, 50, 0).unwrap(), 7);
    let restored = Queue::open(store, MARK_B, 10, 0).unwrap();
    assert_eq!(append(&restored, 7), Slot { epoch: 51 << 20, shard: 7, sequence: 1 });
}

#[test]
fn only_a_receipt_settles_and_applying_it_twice_changes_nothing() {
    let (_folder, store) = store();
    let queue = Queue::open(store, MARK_A, 50, 0).unwrap();
    let slots: Vec<Slot> = (0..4).map(|_| append(&queue, 7)).collect();
    queue.mark_sent(&slots).unwrap();
    assert_eq!(queue.counts().unwrap(), Counts { sent: 4, ..Counts::default() }, "sent is not recorded");
    let range = |first, last| Range { epoch: 50 << 20, shard: 7, first, last };
    let selective = receipt(vec![range(1, 1), range(3, 9)], vec![]);
    assert_eq!(queue.settle(&selective).unwrap(), 3);
    assert_eq!(queue.settle(&selective).unwrap(), 0);
    assert_eq!(queue.counts().unwrap(), Counts { sent: 1, recorded: 3, ..Counts::default() });
    let other =
        receipt(vec![Range { epoch: 49 << 20, ..range(1, 9) }, Range { shard: 8, ..range(1, 9) }], vec![]);
    assert_eq!(queue.settle(&other).unwrap(), 0, "another epoch or shard settles nothing here");
}

#[test]
fn a_reused_number_goes_out_again_under_a_new_epoch() {
    let (_folder, store) = store();
    let queue = Queue::open(store, MARK_A, 50, 0).unwrap();
    let slot = append(&queue, 7);
    let reason = RefusalReason::SequenceReused;
    queue
        .settle(&receipt(
            vec![],
            vec![Refusal { epoch: 50 << 20, shard: 7, sequence: slot.sequence, reason }],
        ))
        .unwrap();
    assert_eq!(queue.counts().unwrap().refused, 1);
    let reused = queue.reused_numbers().unwrap();
    queue.renumber(60, 0, &reused, |slot, _| Ok(slot.epoch.to_be_bytes().to_vec())).unwrap();
    let waiting = queue.waiting().unwrap();
    assert_eq!(waiting.len(), 1);
    assert_eq!((waiting[0].0.epoch, waiting[0].0.sequence), (60 << 20, 1));
    assert!(queue.reused_numbers().unwrap().is_empty());
    assert_eq!(append(&queue, 7), Slot { epoch: 60 << 20, shard: 7, sequence: 2 });
}

#[test]
fn recorded_hand_ins_are_kept_for_their_time() {
    let (_folder, store) = store();
    let queue = Queue::open(store, MARK_A, 50, 0).unwrap();
    append(&queue, 7);
    queue.settle(&receipt(vec![Range { epoch: 50 << 20, shard: 7, first: 1, last: 1 }], vec![])).unwrap();
    assert_eq!(queue.forget_recorded(0).unwrap(), 0);
    assert_eq!(queue.forget_recorded(-1).unwrap(), 1, "a receipt of a millisecond ago, so to speak");
}

#[test]
fn a_copy_handed_in_is_remembered_and_the_original_never_is() {
    let (_folder, store) = store();
    let queue = Queue::open(store, MARK_A, 50, 0).unwrap();
    let permit = |copy| PresentedPermit { number: "A".repeat(13), version: Some(1), copy: Some(copy) };
    for copy in [0, 2] {
        assert!(!queue.handed_in(&permit(copy)).unwrap());
        queue
            .append(7, Aside { handed_in: Some(&permit(copy)), ..Aside::default() }, |_| Ok(vec![]))
            .unwrap();
    }
    assert!(!queue.handed_in(&permit(0)).unwrap());
    assert!(queue.handed_in(&permit(2)).unwrap());
    assert!(!queue.handed_in(&PresentedPermit { version: Some(2), ..permit(2) }).unwrap());
    queue.append(7, Aside { taken_back: Some(&permit(2)), ..Aside::default() }, |_| Ok(vec![])).unwrap();
    assert!(!queue.handed_in(&permit(2)).unwrap(), "an undo takes it back");
}

/// What is known of settled hand-ins is what somebody finds who opens the queue anew, after whatever happened to it.
#[test]
fn what_is_known_of_settled_hand_ins_is_what_is_stored() {
    let (_folder, store) = store();
    let queue = Queue::open(store.clone(), MARK_A, 50, 0).unwrap();
    let epoch = 50 << 20;
    let refused = |sequence, reason| receipt(vec![], vec![Refusal { epoch, shard: 7, sequence, reason }]);
    let recorded = |first, last| receipt(vec![Range { epoch, shard: 7, first, last }], vec![]);
    let check = |what: &str, wanted: Counts, reused: usize| {
        let anew = Queue::open(store.clone(), MARK_A, 50, 0).unwrap();
        for queue in [&queue, &anew] {
            assert_eq!(queue.counts().unwrap(), wanted, "{what}");
            assert_eq!(queue.reused_numbers().unwrap().len(), reused, "{what}");
        }
    };
    check("nothing", Counts::default(), 0);
    for _ in 0..6 {
        append(&queue, 7);
    }
    queue.settle(&recorded(1, 2)).unwrap();
    queue.settle(&recorded(1, 3)).unwrap();
    let three = Counts { on_this_device: 3, recorded: 3, ..Counts::default() };
    check("some recorded, two of them twice", three, 0);
    queue.settle(&refused(4, RefusalReason::WrongShard)).unwrap();
    let refusal = Refusal { epoch, shard: 7, sequence: 5, reason: RefusalReason::SequenceReused };
    let thrice = receipt(vec![Range { epoch, shard: 7, first: 5, last: 5 }], vec![refusal; 2]);
    assert_eq!(queue.settle(&thrice).unwrap(), 1);
    let five = Counts { on_this_device: 1, recorded: 3, refused: 2, ..Counts::default() };
    check("some refused, one of them twice, and a twin of it recorded", five, 1);
    let reused = queue.reused_numbers().unwrap();
    queue.renumber(60, 0, &reused, |_, entry| Ok(entry.frame.clone())).unwrap();
    let again = Counts { on_this_device: 2, recorded: 3, refused: 1, ..Counts::default() };
    check("one numbered anew", again, 0);
    assert_eq!(queue.forget_recorded(0).unwrap(), 0);
    assert_eq!(queue.forget_recorded(-1).unwrap(), 3);
    check("recorded ones forgotten", Counts { recorded: 0, ..again }, 0);
    assert_eq!(queue.send_all_again(true).unwrap(), 1);
    check("the refused one goes out again", Counts { on_this_device: 3, ..Counts::default() }, 0);
}

#[test]
fn what_is_old_enough_is_forgotten_within_the_hour() {
    const HOUR_MS: i64 = 3_600_000;
    let (_folder, store) = store();
    let queue = Queue::open(store, MARK_A, 50, 0).unwrap();
    let settle = |sequence, issued_at_ms| {
        append(&queue, 7);
        let recorded = vec![Range { epoch: 50 << 20, shard: 7, first: sequence, last: sequence }];
        let device = DeviceId::parse("device0").unwrap();
        let receipt = Receipt { device, issued_at_ms, recorded, refused: vec![], heads: vec![] };
        queue.settle(&Receipted::unchecked(receipt)).unwrap();
        queue.forget_recorded(0).unwrap()
    };
    // With nothing older to forget at the first, each receipt makes the one before it old.
    assert_eq!(settle(1, 1000), 0);
    assert_eq!(settle(2, 500), 0, "from a clock that was set back, and new all the same");
    assert_eq!(settle(3, 2000), 2);
    assert_eq!([settle(4, 3000), settle(5, 2000 + HOUR_MS - 1)], [0, 0], "looked a moment ago");
    assert_eq!(settle(6, 2000 + HOUR_MS), 3);
    assert_eq!(queue.counts().unwrap().recorded, 1);
    // The recorder's clock was an hour ahead and is set right.
    let mut draft = queue.store.begin();
    clock::compared(&mut draft, 1400, jiff::Timestamp::UNIX_EPOCH).unwrap();
    queue.store.commit(draft).unwrap();
    assert_eq!([settle(7, 1500), settle(8, 1600)], [0, 1]);
}
