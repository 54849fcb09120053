//! One hand-in joins the log: recognised as a repeat, refused as a conflict, or chained and indexed.

use std::str::FromStr as _;
use std::sync::Arc;

use propusk_permit::PermitNumber;
use propusk_proto::chain::{self, link};
use propusk_proto::{AlertKind, DeviceId, HandIn, Head, Presented, Reason, RefusalReason};

use crate::RecorderError;
use crate::alerts::Raised;
use crate::batch::Batch;
use crate::keys;
use crate::numbers::Number;
use crate::rules::{self, Of};
use crate::sabotage::{Fault, flipped};
use crate::story::Fact;
use crate::values::{Alias, Content, Gap, Record, StoredPermit, Stranger, Waiting, read_draft, write};
use crate::watch;

/// What became of an event.
pub(crate) enum Outcome {
    /// It is in the log; `new` is false for a repeat, of which nothing is written twice.
    Recorded { head: Head, new: bool },
    /// Another event has its number.
    Refused(RefusalReason),
}

/// What was recorded under a number.
struct Known {
    index: u64,
    /// These very bytes came under it.
    same: bool,
}

/// Whether these very bytes are in the log.
pub(crate) fn is_recorded(batch: &mut Batch, event: &HandIn, digest: &[u8; 32]) -> anyhow::Result<bool> {
    Ok(known_under(batch, &Number::of(event), digest)?.is_some_and(|known| known.same))
}

/// Records one event in `batch`, whose own changes count: it may hold several events of one shard.
pub(crate) fn record(
    batch: &mut Batch,
    event: &HandIn,
    frame: &[u8],
    digest: [u8; 32],
    now_ms: i64,
) -> anyhow::Result<(Outcome, Vec<Raised>)> {
    let number = Number::of(event);
    let previous = batch.head(event.shard)?;
    if let Some(known) = known_under(batch, &number, &digest)?.filter(|_| !flipped(Fault::NoDedup)) {
        if known.same || flipped(Fault::ReceiptByNumberAlone) {
            let raised = if flipped(Fault::AlertOnRepeat) {
                raise(batch, event, known.index, now_ms)?
            } else {
                vec![]
            };
            return Ok((Outcome::Recorded { head: previous, new: false }, raised));
        }
        if !flipped(Fault::DedupByIdOnly) {
            note_conflict(batch, event, known.index)?;
            return Ok((Outcome::Refused(RefusalReason::SequenceReused), vec![]));
        }
    }
    let again: Option<Option<u64>> = match batch.has_conflicts()? {
        true => read_draft(&batch.draft, &keys::again(&event.device, event.id))?,
        false => None,
    };
    if let Some(index) = place_under_another_number(batch, event, again.flatten())? {
        batch.number(&number, index)?;
        write(&mut batch.draft, keys::alias(&number), &Alias { index, digest })?;
        return Ok((Outcome::Recorded { head: previous, new: false }, vec![]));
    }
    let index = previous.index + 1;
    let before = if flipped(Fault::ChainOverIndexOnly) { chain::GENESIS } else { previous.hash };
    let hash = link(&before, event.shard, index, now_ms, &digest);
    let head = Head { shard: event.shard, index, hash };
    let raised = raise(batch, event, index, now_ms)?;
    if again.is_some() {
        batch.note_again(keys::again(&event.device, event.id), Some(index))?;
    }
    note_gap(batch, event, index, now_ms)?;
    let content = Content::Frame(frame.to_vec());
    batch.append(head, Record { received_at_ms: now_ms, hash, content })?;
    batch.number(&number, index)?;
    if let (Some(permit), Some(fact)) = (&event.permit, Fact::of(event, index)) {
        batch.tell(event.shard, &permit.number, fact)?;
    }
    batch.post(event, (event.shard, index));
    Ok((Outcome::Recorded { head, new: true }, raised))
}

fn known_under(batch: &mut Batch, number: &Number, digest: &[u8; 32]) -> anyhow::Result<Option<Known>> {
    let Some(index) = batch.find(number)? else { return Ok(None) };
    // Without the record nobody can tell a repeat from a conflict, and a wrong word to the device would lose a hand-in.
    let Some(record) = batch.record(number.shard, index)? else {
        let why = format!("an index names shard {}, record {index}, which is not there", number.shard);
        return Err(RecorderError::Damaged { what: "the log", why }.into());
    };
    let same = record.digest() == *digest
        || read_draft::<Alias>(&batch.draft, &keys::alias(number))?.is_some_and(|it| it.digest == *digest);
    Ok(Some(Known { index, same }))
}

/// Two events have one number. The device can't know which of them the refusal means: it may sign either again under a
/// new number, so the recorder has to know both by their ids.
fn note_conflict(batch: &mut Batch, refused: &HandIn, index: u64) -> anyhow::Result<()> {
    let recorded = batch.record(refused.shard, index)?.map(Record::event).transpose()?.flatten();
    if let Some(recorded) = recorded {
        batch.note_again(keys::again(&recorded.device, recorded.id), Some(index))?;
    }
    let key = keys::again(&refused.device, refused.id);
    if batch.draft.contains(&key)? { Ok(()) } else { batch.note_again(key, None) }
}

/// Where this very hand-in is recorded under another number. A restored record has lost notes of conflicts, so it has
/// to be searched: the story of the permit, or else the records of the device.
fn place_under_another_number(
    batch: &mut Batch,
    event: &HandIn,
    noted: Option<u64>,
) -> anyhow::Result<Option<u64>> {
    if let Some(index) = noted {
        return Ok(is_same_but_number(batch, event, index)?.then_some(index));
    }
    if !batch.is_restored()? {
        return Ok(None);
    }
    let places: Vec<u64> = match &event.permit {
        Some(permit) => {
            let story = batch.story(event.shard, &permit.number)?;
            story.facts().filter(|fact| fact.id == event.id).map(|fact| fact.index).collect()
        }
        None => batch.indexes_of(&event.device, event.shard)?,
    };
    for index in places {
        if is_same_but_number(batch, event, index)? {
            return Ok(Some(index));
        }
    }
    Ok(None)
}

/// Whether the record is this very hand-in under another number.
fn is_same_but_number(batch: &mut Batch, event: &HandIn, index: u64) -> anyhow::Result<bool> {
    let recorded = batch.record(event.shard, index)?.map(Record::event).transpose()?.flatten();
    let numbered = recorded.map(|it| HandIn { epoch: event.epoch, sequence: event.sequence, ..it });
    Ok(numbered.as_ref() == Some(event))
}

/// What this new record shows.
fn raise(batch: &mut Batch, event: &HandIn, index: u64, now_ms: i64) -> anyhow::Result<Vec<Raised>> {
    let device = Some(&event.device);
    let mut raised: Vec<Raised> = rules::clock_off(event, index, now_ms, &batch.limits).into_iter().collect();
    if let (Some(permit), Some(fact)) = (&event.permit, Fact::of(event, index)) {
        let (limits, zones) = (batch.limits.clone(), batch.zones.clone());
        let of = Of { number: &permit.number, shard: event.shard };
        let known = know(batch, event, &permit.number, index, now_ms)?;
        let story = batch.story(event.shard, &permit.number)?;
        if let Some(earlier) = story.earlier_hand_in(&fact) {
            let evidence = vec![(event.shard, earlier), (event.shard, index)];
            let (permit, copy) = (Some(permit.number.clone()), permit.copy);
            let twice = Raised::by(AlertKind::CopyHandedInTwice, &event.post, None);
            raised.push(Raised { permit, copy, evidence, ..twice });
        }
        raised.extend(of.impossible_travel(&fact, story, &limits.ways));
        if let Some(known) = known.filter(|_| !story.is_undone(fact.id)) {
            raised.extend(of.against_permit(&fact, &known, &zones));
        }
        for raised in &mut raised {
            raised.device = device.cloned();
        }
    }
    if let Some(witnessed) = event.witnessed
        && batch.record(witnessed.shard, witnessed.index)?.is_none_or(|it| it.hash != witnessed.hash)
    {
        raised.push(rewritten(&witnessed, Some((event.shard, index)), &event.post, &event.device));
    }
    Ok(raised)
}

/// A device remembers a head that the log does not have; one alert for each shard.
pub(crate) fn rewritten(
    witnessed: &Head,
    told_by: Option<(u16, u64)>,
    post: &str,
    device: &DeviceId,
) -> Raised {
    let evidence = [Some((witnessed.shard, witnessed.index)), told_by].into_iter().flatten().collect();
    let about = Some(witnessed.shard.to_be_bytes().to_vec());
    Raised { evidence, about, ..Raised::by(AlertKind::RecordRewritten, post, Some(device)) }
}

/// What is known of the permit of a new record. A valid seal of a permit that is not known (yet) is remembered until it
/// is, or until the grace is over.
fn know(
    batch: &mut Batch,
    event: &HandIn,
    number: &str,
    index: u64,
    now_ms: i64,
) -> anyhow::Result<Option<Arc<StoredPermit>>> {
    if let Some(known) = batch.permit(number)? {
        return Ok(Some(known));
    }
    let (draft, key) = (&mut batch.draft, keys::waiting(number));
    if is_valid_seal(event) && PermitNumber::from_str(number).is_ok() && !draft.contains(&key)? {
        let stranger = Stranger {
            shard: event.shard,
            index,
            post: event.post.clone(),
            device: event.device.clone(),
            copy: event.permit.as_ref().and_then(|permit| permit.copy),
        };
        write(draft, key, &Waiting { since_ms: now_ms, stranger: Some(stranger) })?;
    }
    Ok(None)
}

/// A device numbers without gaps: where the number before this one is missing, its hand-in is still under way, or lost.
fn note_gap(batch: &mut Batch, event: &HandIn, index: u64, now_ms: i64) -> anyhow::Result<()> {
    let number = Number::of(event);
    let Some(before) = number.sequence.checked_sub(1).filter(|before| *before > 0) else { return Ok(()) };
    let missing = Number { sequence: before, ..number };
    if batch.find(&missing)?.is_some() {
        return Ok(());
    }
    let gap = Gap { since_ms: now_ms, index, post: event.post.clone(), reported: false };
    watch::note_gap(&mut batch.draft, &missing, &gap)
}

fn is_valid_seal(event: &HandIn) -> bool {
    let broken = [Reason::SealUnreadable, Reason::NotAPermit, Reason::UnknownSigner, Reason::BadSignature];
    matches!(event.presented, Presented::Seal { .. })
        && !event.reasons.iter().any(|reason| broken.contains(reason))
}

#[cfg(test)]
#[path = "record_tests.rs"]
mod tests;
