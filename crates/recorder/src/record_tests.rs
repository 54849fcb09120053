//! Events into a real store: chained, recognised, refused, alerted.

use propusk_proto::{DeviceId, Kind, NumberTag, PresentedPermit, Verdict, encode, frame};
use propusk_store::{Options, Store};
use uuid::Uuid;

use super::*;
use crate::alerts;
use crate::audit::{Audit, audit};
use crate::values::parse;
use crate::zones::Zones;
use crate::{generation, hours, inside, log, posts, questions};

const NOW: i64 = 1_790_000_000_000;

const SHARDS: u16 = 64;

struct Log {
    _folder: tempfile::TempDir,
    store: Store,
}

impl Log {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::open(&folder.path().join("store"), Options::default()).unwrap();
        generation::open(&store, SHARDS, [1; 24], 5).unwrap();
        inside::open(&store, &zones()).unwrap();
        Self { _folder: folder, store }
    }

    /// Records these in one batch, as the service does.
    fn take(&self, events: &[HandIn]) -> Vec<(Outcome, Vec<Raised>)> {
        let mut batch = Batch::begin(&self.store, &zones(), &Arc::default());
        let mut take = |event: &HandIn| {
            let bytes = bytes_of(event);
            let (outcome, raised) = record(&mut batch, event, &bytes, frame::digest(&bytes), NOW).unwrap();
            let put = |raised: &Raised| alerts::put(&mut batch.draft, raised.clone(), NOW).unwrap();
            (outcome, raised.into_iter().filter(put).collect())
        };
        let taken = events.iter().map(&mut take).collect();
        let (draft, _) = batch.finish().unwrap();
        self.store.commit(draft).unwrap();
        taken
    }

    fn audit(&self) -> Audit {
        audit(&self.store, &zones()).unwrap()
    }

    /// Changes one record behind the recorder's back.
    fn change(&self, shard: u16, index: u64, change: impl FnOnce(&mut Record)) {
        let (block, at) = log::place(index);
        let key = keys::block(shard, block);
        let mut records: Vec<Record> = parse(&self.store.get(&key).unwrap().unwrap()).unwrap();
        change(&mut records[at]);
        let mut draft = self.store.begin();
        write(&mut draft, key, &records).unwrap();
        self.store.commit(draft).unwrap();
    }
}

fn zones() -> Zones {
    Zones::new([("karasay".to_owned(), "issyk-kul".to_owned(), 1)])
}

fn bytes_of(event: &HandIn) -> Vec<u8> {
    frame::join(&encode(event).unwrap(), &[7; frame::SIGNATURE_BYTES])
}

fn hand_in(sequence: u64, copy: u8) -> HandIn {
    let number = propusk_permit::PermitNumber::draw(|| [1; 8]);
    let device = DeviceId::parse("device0").unwrap();
    HandIn {
        id: Uuid::from_u128(u128::from(sequence)),
        shard: propusk_proto::shard::for_event(Some(number.compact()), &device, SHARDS),
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
    assert_eq!(log.audit().records, 1);
}

#[test]
fn records_are_chained_and_the_audit_sees_a_changed_one() {
    let log = Log::new();
    let taken = log.take(&[hand_in(1, 1), hand_in(2, 2)]);
    let (first, second) = (head_of(&taken[0]).0, head_of(&taken[1]).0);
    assert_eq!((first.index, second.index), (1, 2));
    let digest = frame::digest(&bytes_of(&hand_in(1, 1)));
    assert_eq!(first.hash, link(&chain::GENESIS, first.shard, 1, NOW, &digest));
    assert!(log.audit().is_whole());

    log.change(first.shard, 1, |record| record.received_at_ms += 1);
    let found = log.audit();
    assert!(found.broken.iter().any(|what| what.contains("record 1")), "{:?}", found.broken);
}

#[test]
fn a_gap_in_a_devices_numbers_is_named() {
    let log = Log::new();
    log.take(&[hand_in(2, 1), hand_in(5, 2)]);
    let missing = log.audit().missing;
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
fn a_number_that_is_missing_for_long_is_alerted_once_and_forgotten_when_it_comes() {
    let log = Log::new();
    log.take(&[hand_in(1, 1), hand_in(4, 2)]);
    let limits = crate::rules::Limits::default();
    let look = |now_ms| crate::watch::look_for_gaps(&log.store, &limits, now_ms).unwrap();
    assert_eq!(look(NOW), 0, "it may be under way");
    assert_eq!(look(NOW + limits.gap_ms), 1);
    assert_eq!(look(NOW + 2 * limits.gap_ms), 0);
    log.take(&[hand_in(2, 3), hand_in(3, 4)]);
    look(NOW);
    assert_eq!(log.store.scan(keys::GAPS).count(), 0);
    let kinds: Vec<_> = alerts::all(&log.store).map(|stored| stored.unwrap().alert.kind).collect();
    assert_eq!(kinds, [AlertKind::SequenceGap]);
}

#[test]
fn a_device_that_doubts_its_clock_or_is_ahead_is_alerted_once_a_day() {
    let log = Log::new();
    let kinds = |taken: Vec<(Outcome, Vec<Raised>)>| {
        taken.into_iter().flat_map(|taken| taken.1).map(|raised| raised.kind).collect::<Vec<_>>()
    };
    let a_little = HandIn { scanned_at_ms: NOW + 600_000, ..hand_in(1, 1) };
    assert_eq!(kinds(log.take(&[a_little])), []);
    let ahead = HandIn { scanned_at_ms: NOW + 600_001, ..hand_in(2, 2) };
    let doubtful = HandIn { reasons: vec![Reason::ClockSuspect], ..hand_in(3, 3) };
    assert_eq!(kinds(log.take(&[ahead, doubtful])), [AlertKind::ClockOff]);
}

#[test]
fn who_overrides_a_refusal_lets_people_in() {
    let log = Log::new();
    let refused = HandIn { verdict: Verdict::Refuse, ..hand_in(1, 1) };
    let kind = Kind::Override { of: refused.id, reason: "officer".to_owned() };
    let overridden = HandIn { kind, verdict: Verdict::Refuse, ..hand_in(2, 1) };
    log.take(&[refused, overridden]);
    let today = propusk_permit::Date::constant(2026, 12, 1);
    assert_eq!(inside::inside(&log.store, &zones(), None, today).unwrap().len(), 1);
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

/// Hand-ins of many permits, posts and devices, some of which make no row of their own.
fn a_busy_day() -> Vec<HandIn> {
    let event = |n: u64| {
        let copy = 1 + (n % 200) as u8;
        let (device, post) = (format!("device{}", n % 3), ["karasay", "torugart"][(n % 2) as usize]);
        let device = DeviceId::parse(&device).unwrap();
        let number = format!("NUMBER{}", n % 7);
        let shard = propusk_proto::shard::of(&number, SHARDS);
        let kind = if n.is_multiple_of(5) { Kind::Exit } else { Kind::Entry };
        let permit = Some(PresentedPermit { number, version: Some(1), copy: Some(copy) });
        HandIn { device, post: post.to_owned(), shard, kind, permit, ..hand_in(n, copy) }
    };
    (1..=600).map(event).collect()
}

#[test]
fn a_rebuild_gives_the_same_rows_however_the_indexes_were() {
    let log = Log::new();
    let events = a_busy_day();
    events.chunks(100).for_each(|pull| drop(log.take(pull)));
    let (first, twin) = (hand_in(1000, 1), HandIn { id: Uuid::from_u128(99), ..hand_in(1000, 1) });
    log.take(&[first.clone(), twin, HandIn { epoch: 2, sequence: 1, ..first }]);
    let rows = || log.store.scan(b"").map(Result::unwrap).collect::<Vec<_>>();
    let whole = rows();
    assert_eq!(log.audit().broken, [] as [&str; 0]);
    let mut draft = log.store.begin();
    for prefix in [keys::NUMBERS, keys::STORIES, keys::POSTS, keys::HOURS, keys::INSIDE] {
        draft.delete(log.store.scan(prefix).next().unwrap().unwrap().0);
    }
    let places: &[posts::Place] = &[(0, 999)];
    write(&mut draft, keys::of_post_row("nowhere", 0), &places).unwrap();
    log.store.commit(draft).unwrap();
    let broken = log.audit().broken;
    let indexes = ["index by device does not", "index by permit does not", "index by post does not"];
    for named in indexes.into_iter().chain(["fewer hand-ins of the hour", "inside"]) {
        assert!(broken.iter().any(|what| what.contains(named)), "{named}: {broken:?}");
    }
    assert_eq!(crate::rebuild::rebuild(&log.store).unwrap().records, 601);
    inside::open(&log.store, &zones()).unwrap();
    hours::open(&log.store).unwrap();
    let rebuilt = rows();
    // A pull is in the order of shards, and all pulls of this test are of one moment.
    let of_posts = |row: &&(Vec<u8>, Vec<u8>)| !row.0.starts_with(keys::POSTS);
    assert!(rebuilt.iter().filter(of_posts).eq(whole.iter().filter(of_posts)));
    assert_eq!(rebuilt.len(), whole.len());
    assert_eq!(log.audit().broken, [] as [&str; 0]);
}

#[test]
fn indexes_of_an_earlier_version_are_made_again() {
    let log = Log::new();
    log.take(&(1..40).map(|at| hand_in(at, at as u8)).collect::<Vec<_>>());
    let rows = || log.store.scan(b"").map(Result::unwrap).collect::<Vec<_>>();
    let whole = rows();
    let mut draft = log.store.begin();
    write(&mut draft, keys::LAYOUT.to_vec(), &2_u16).unwrap();
    // Making them was begun before, and interrupted.
    draft.put(keys::REBUILDING, b"".as_slice());
    // Shards and sequences were gathered in other rows, and stories stood elsewhere.
    let other = keys::stretch(&hand_in(1, 1).device, 7, 3, 1);
    for row in log.store.scan(keys::NUMBERS) {
        draft.delete(row.unwrap().0);
    }
    write(&mut draft, other, &vec![(5_u8, 1_u64)]).unwrap();
    for row in log.store.scan(keys::STORIES) {
        let (key, facts) = row.unwrap();
        let [prefix, tag] = [&key[..3], &key[3 + NumberTag::BYTES..]];
        draft.put([prefix, tag].concat(), facts);
        draft.delete(key);
    }
    log.store.commit(draft).unwrap();
    generation::open(&log.store, SHARDS, [1; 24], 5).unwrap();
    inside::open(&log.store, &zones()).unwrap();
    hours::open(&log.store).unwrap();
    let of_posts = |row: &&(Vec<u8>, Vec<u8>)| !row.0.starts_with(keys::POSTS);
    assert!(rows().iter().filter(of_posts).eq(whole.iter().filter(of_posts)));
    assert_eq!(log.audit().broken, [] as [&str; 0]);
    assert!(matches!(log.take(&[hand_in(1, 1)]).pop(), Some((Outcome::Recorded { new: false, .. }, _))));
}

#[test]
fn an_index_that_names_too_much_is_found() {
    let log = Log::new();
    log.take(&[hand_in(1, 1)]);
    let event = hand_in(9, 9);
    let mut batch = Batch::begin(&log.store, &zones(), &Arc::default());
    batch.number(&Number { epoch: 3, ..Number::of(&event) }, 1).unwrap();
    batch.tell(event.shard, "NUMBER", Fact::of(&event, 1).unwrap()).unwrap();
    batch.post(&HandIn { post: "torugart".to_owned(), ..event.clone() }, (event.shard, 1));
    let (draft, _) = batch.finish().unwrap();
    log.store.commit(draft).unwrap();
    let broken = log.audit().broken;
    for index in ["device", "permit", "post"] {
        let named = format!("the index by {index} names 2 records, and the log has 1");
        assert!(broken.iter().any(|what| what.ends_with(&named)), "{named}: {broken:?}");
    }
}

#[test]
fn an_erased_record_keeps_its_place_in_the_chain_and_its_number() {
    let log = Log::new();
    let (first, second) = (hand_in(1, 1), hand_in(2, 2));
    log.take(&[first.clone(), second]);
    let number = Number::of(&first);
    log.change(first.shard, 1, |record| {
        let (digest, Number { device, epoch, sequence, .. }) = (record.digest(), number);
        record.content = Content::Erased { digest, device, epoch, sequence };
    });
    assert!(log.audit().is_whole());
    assert!(!head_of(&log.take(std::slice::from_ref(&first))[0]).1, "it is still recognised");
    crate::rebuild::rebuild(&log.store).unwrap();
    inside::open(&log.store, &zones()).unwrap();
    assert!(log.audit().is_whole());
    assert!(!head_of(&log.take(&[first])[0]).1);
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
    assert_eq!(log.audit().records, 2);
    assert!(log.audit().is_whole(), "and no number is missing");
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

#[test]
fn hand_ins_are_counted_by_hour_and_counted_again_after_a_rebuild() {
    let log = Log::new();
    let hour = hours::hour_of(NOW);
    let earlier = HandIn { scanned_at_ms: NOW - 3_600_000, ..hand_in(3, 3) };
    log.take(&[hand_in(1, 1), hand_in(2, 2), hand_in(1, 1)]);
    log.take(&[earlier]);
    let counted = || hours::of_post(&log.store, "karasay", hour, 3).unwrap();
    assert_eq!(counted(), [0, 1, 2], "a repeat counts once");
    assert!(log.audit().is_whole());

    crate::rebuild::rebuild(&log.store).unwrap();
    inside::open(&log.store, &zones()).unwrap();
    let mut draft = log.store.begin();
    draft.delete(keys::hour("karasay", hour));
    log.store.commit(draft).unwrap();
    assert_eq!(counted(), [0, 1, 0]);
    hours::open(&log.store).unwrap();
    assert_eq!(counted(), [0, 1, 2]);

    let mut draft = log.store.begin();
    write(&mut draft, keys::hour("karasay", hour), &1_u32).unwrap();
    log.store.commit(draft).unwrap();
    assert!(log.audit().broken.iter().any(|what| what.contains("hour")), "{:?}", log.audit().broken);
}
