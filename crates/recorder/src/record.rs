//! One hand-in joins the log: recognised as a repeat, refused as a conflict, or chained and indexed.

use propusk_proto::chain::{GENESIS, link};
use propusk_proto::{Alert, AlertKind, HandIn, Head, NumberTag, Presented, Reason, RefusalReason, Verdict};
use propusk_store::Draft;

use crate::keys;
use crate::sabotage::{Fault, flipped};
use crate::values::{Record, Seen, Unknown, parse, read_draft, write};

/// What became of an event.
pub(crate) enum Outcome {
    /// It is in the log; `new` is false for a repeat, of which nothing is written twice.
    Recorded { head: Head, new: bool },
    /// Another event has its number.
    Refused(RefusalReason),
}

/// An alert to be raised, its id and time still to be given.
pub(crate) struct Raised {
    pub kind: AlertKind,
    pub copy: Option<u8>,
    pub permit: Option<String>,
    pub evidence: Vec<(u16, u64)>,
}

impl Raised {
    /// The alert about `event`.
    pub(crate) fn about(self, event: &HandIn, id: uuid::Uuid, now_ms: i64) -> Alert {
        Alert {
            id,
            kind: self.kind,
            post: event.post.clone(),
            device: Some(event.device.clone()),
            permit: self.permit,
            copy: self.copy,
            raised_at_ms: now_ms,
            evidence: self.evidence,
        }
    }
}

/// Whether these very bytes are in the log.
pub(crate) fn is_recorded(draft: &Draft, event: &HandIn, digest: &[u8; 32]) -> anyhow::Result<bool> {
    let key = keys::seen(&event.device, event.epoch, event.shard, event.sequence);
    Ok(read_draft::<Seen>(draft, &key)?.is_some_and(|seen| seen.digest == *digest))
}

/// Records one event in `draft`. The draft's own writes count, so a batch may hold several events of one shard.
pub(crate) fn record(
    draft: &mut Draft,
    event: &HandIn,
    frame: &[u8],
    digest: [u8; 32],
    now_ms: i64,
) -> anyhow::Result<(Outcome, Vec<Raised>)> {
    let seen_key = keys::seen(&event.device, event.epoch, event.shard, event.sequence);
    let previous: Option<Head> = read_draft(draft, &keys::head(event.shard))?;
    if let Some(seen) = read_draft::<Seen>(draft, &seen_key)?.filter(|_| !flipped(Fault::NoDedup)) {
        if seen.digest == digest || flipped(Fault::ReceiptByNumberAlone) {
            let head = previous.unwrap_or(Head { shard: event.shard, index: 0, hash: GENESIS });
            let raised =
                if flipped(Fault::AlertOnRepeat) { raise(draft, event, seen.index)? } else { vec![] };
            return Ok((Outcome::Recorded { head, new: false }, raised));
        }
        if flipped(Fault::DedupByIdOnly) {
            draft.delete(seen_key);
            return record(draft, event, frame, digest, now_ms);
        }
        note_conflict(draft, event, seen.index)?;
        return Ok((Outcome::Refused(RefusalReason::SequenceReused), vec![]));
    }
    let again: Option<Option<u64>> = read_draft(draft, &keys::again(&event.device, event.id))?;
    if let Some(index) = place_under_another_number(draft, event, again.flatten())? {
        let head = previous.unwrap_or(Head { shard: event.shard, index: 0, hash: GENESIS });
        write(draft, seen_key, &Seen { index, digest })?;
        return Ok((Outcome::Recorded { head, new: false }, vec![]));
    }
    let index = previous.map_or(0, |head| head.index) + 1;
    let before = previous.filter(|_| !flipped(Fault::ChainOverIndexOnly)).map_or(GENESIS, |head| head.hash);
    let hash = link(&before, event.shard, index, now_ms, &digest);
    let head = Head { shard: event.shard, index, hash };
    let raised = raise(draft, event, index)?;
    let record = Record { received_at_ms: now_ms, hash, frame: frame.to_vec() };
    write(draft, keys::record(event.shard, index), &record)?;
    write(draft, keys::head(event.shard), &head)?;
    write(draft, seen_key, &Seen { index, digest })?;
    if again.is_some() {
        write(draft, keys::again(&event.device, event.id), &Some(index))?;
    }
    projections(event, index, now_ms).into_iter().for_each(|key| draft.put(key, b"".as_slice()));
    note_unknown(draft, event, index, now_ms)?;
    Ok((Outcome::Recorded { head, new: true }, raised))
}

/// Two events have one number. The device can't know which of them the refusal means: it may sign either again under a
/// new number, so the recorder has to know both by their ids.
fn note_conflict(draft: &mut Draft, refused: &HandIn, index: u64) -> anyhow::Result<()> {
    let record: Option<Record> = read_draft(draft, &keys::record(refused.shard, index))?;
    if let Some(recorded) = record.and_then(|record| event_of(&record).ok()) {
        write(draft, keys::again(&recorded.device, recorded.id), &Some(index))?;
    }
    let key = keys::again(&refused.device, refused.id);
    if draft.contains(&key)? { Ok(()) } else { write(draft, key, &None::<u64>) }
}

/// Where this very hand-in is recorded under another number. A restored record has lost notes of conflicts, so it has
/// to be searched: the records of the permit, or else those of the device.
fn place_under_another_number(
    draft: &Draft,
    event: &HandIn,
    noted: Option<u64>,
) -> anyhow::Result<Option<u64>> {
    if let Some(index) = noted {
        return Ok(is_same_but_number(draft, event, index)?.then_some(index));
    }
    if !draft.contains(keys::RESTORED)? {
        return Ok(None);
    }
    let places: Vec<u64> = match &event.permit {
        Some(permit) => {
            let rows = draft.scan(keys::of_permit(&permit.number));
            rows.map(|row| Ok(keys::tail(&row?.0).map(u64::from_be_bytes).unwrap_or_default()))
                .collect::<anyhow::Result<_>>()?
        }
        None => {
            let rows = draft.scan(keys::seen_of(&event.device));
            rows.map(|row| Ok(parse::<Seen>(&row?.1)?.index)).collect::<anyhow::Result<_>>()?
        }
    };
    for index in places {
        if is_same_but_number(draft, event, index)? {
            return Ok(Some(index));
        }
    }
    Ok(None)
}

/// Whether the record is this very hand-in under another number.
fn is_same_but_number(draft: &Draft, event: &HandIn, index: u64) -> anyhow::Result<bool> {
    let record: Option<Record> = read_draft(draft, &keys::record(event.shard, index))?;
    let recorded = record.and_then(|record| event_of(&record).ok());
    let numbered = recorded.map(|it| HandIn { epoch: event.epoch, sequence: event.sequence, ..it });
    Ok(numbered.as_ref() == Some(event))
}

/// The keys by which a record is found: by its permit, by its post. `rebuild` makes them again from the log.
pub(crate) fn projections(event: &HandIn, index: u64, received_at_ms: i64) -> Vec<Vec<u8>> {
    let by_permit = event.permit.as_ref().map(|permit| keys::of_permit_at(&permit.number, index));
    let by_post = keys::of_post_at(&event.post, received_at_ms, event.shard, index);
    by_permit.into_iter().chain([by_post]).collect()
}

fn raise(draft: &mut Draft, event: &HandIn, index: u64) -> anyhow::Result<Vec<Raised>> {
    let mut raised = Vec::new();
    if let Some(earlier) = earlier_hand_in(draft, event)? {
        raised.push(Raised {
            kind: AlertKind::CopyHandedInTwice,
            copy: event.permit.as_ref().and_then(|permit| permit.copy),
            permit: event.permit.as_ref().map(|permit| permit.number.clone()),
            evidence: vec![(event.shard, earlier), (event.shard, index)],
        });
    }
    if let Some(witnessed) = &event.witnessed {
        let stored: Option<Record> = read_draft(draft, &keys::record(witnessed.shard, witnessed.index))?;
        let reported = draft.get(keys::rewritten(witnessed.shard))?.is_some();
        if stored.is_none_or(|record| record.hash != witnessed.hash) && !reported {
            draft.put(keys::rewritten(witnessed.shard), b"".as_slice());
            let evidence = vec![(witnessed.shard, witnessed.index), (event.shard, index)];
            raised.push(Raised { kind: AlertKind::RecordRewritten, copy: None, permit: None, evidence });
        }
    }
    Ok(raised)
}

/// True when a copy was really left at the post.
pub(crate) fn hands_in(event: &HandIn) -> bool {
    let copy = event.permit.as_ref().and_then(|permit| permit.copy).is_some_and(|copy| copy > 0);
    event.kind.hands_in() && event.verdict != Verdict::Refuse && copy
}

/// Index of an earlier record in which the same (permit, version, k) was handed in and not undone.
fn earlier_hand_in(draft: &Draft, event: &HandIn) -> anyhow::Result<Option<u64>> {
    let Some(permit) = event.permit.as_ref().filter(|_| hands_in(event)) else { return Ok(None) };
    let (mut earlier, mut undone) = (Vec::new(), Vec::new());
    for row in draft.scan(keys::of_permit(&permit.number)) {
        let Some(index) = keys::tail(&row?.0).map(u64::from_be_bytes) else { continue };
        // A damaged record must not keep new ones out; the audit names it.
        let record = read_draft::<Record>(draft, &keys::record(event.shard, index)).ok().flatten();
        let Some(other) = record.and_then(|record| event_of(&record).ok()) else { continue };
        if let propusk_proto::Kind::Undo { of } = other.kind
            && !flipped(Fault::UndoForgotten)
        {
            undone.push(of);
        } else if hands_in(&other) && other.permit.as_ref() == Some(permit) {
            earlier.push((index, other.id));
        }
    }
    // Undone before it came: copies of one post travel in any order.
    if undone.contains(&event.id) {
        return Ok(None);
    }
    Ok(earlier.into_iter().find(|(_, id)| !undone.contains(id)).map(|(index, _)| index))
}

/// The event inside a record.
pub(crate) fn event_of(record: &Record) -> anyhow::Result<HandIn> {
    Ok(propusk_proto::Frame::split(&record.frame)?.decode()?)
}

/// A valid seal of a permit that is not known (yet) is remembered until it is, or until the grace is over.
fn note_unknown(draft: &mut Draft, event: &HandIn, index: u64, now_ms: i64) -> anyhow::Result<()> {
    let Some(permit) = event.permit.as_ref().filter(|_| is_valid_seal(event)) else { return Ok(()) };
    let Ok(number) = permit.number.parse() else { return Ok(()) };
    let known = draft.scan(keys::permits_of(NumberTag::of(&number))).next().is_some();
    if known || draft.get(keys::unknown(&permit.number))?.is_some() {
        return Ok(());
    }
    let unknown = Unknown {
        since_ms: now_ms,
        shard: event.shard,
        index,
        post: event.post.clone(),
        device: event.device.clone(),
        copy: permit.copy,
        reported: false,
    };
    write(draft, keys::unknown(&permit.number), &unknown)
}

fn is_valid_seal(event: &HandIn) -> bool {
    let broken = [Reason::SealUnreadable, Reason::NotAPermit, Reason::UnknownSigner, Reason::BadSignature];
    matches!(event.presented, Presented::Seal { .. })
        && !event.reasons.iter().any(|reason| broken.contains(reason))
}

/// Parses a stored record.
pub(crate) fn parse_record(bytes: &[u8]) -> anyhow::Result<Record> {
    parse(bytes)
}

#[cfg(test)]
#[path = "record_tests.rs"]
mod tests;
