//! Which permits exist: a projection of PERMITS, in the order of its changes, for devices to follow.

use propusk_permit::{Date, PermitNumber};
use propusk_proto::sync::PERMITS_PER_REPLY;
use propusk_proto::{
    Change, Cursor, Day, DeviceId, KnownPermit, NumberTag, PermitEvent, PermitStatus, Scope, SyncReply,
    SyncRequest,
};
use propusk_proto::{NotTheDesk, SignedPermitEvent};
use propusk_seal::{Statement, TrustList, TrustSource as _, ZoneMask};
use propusk_store::{Draft, Store};
use tracing::info;
use uuid::Uuid;

use crate::decide::quarantine;
use crate::intake::Incoming;
use crate::keys;
use crate::values::{StoredPermit, Waiting, parse, read, read_draft, write};

/// Takes one message of PERMITS into `draft`, if a desk of the trust list has signed it, and says what is missing before it. What nobody signed is passed over:
/// its desk publishes it again. What somebody else signed goes to quarantine with an alert.
pub(crate) fn take(
    draft: &mut Draft,
    subject: &str,
    bytes: &[u8],
    trust: &TrustList,
    now_ms: i64,
) -> anyhow::Result<Option<Gap>> {
    match open(subject, bytes, trust) {
        Ok(event) => {
            let gap = follow(draft, &event)?;
            apply(draft, &event, now_ms)?;
            Ok(gap)
        }
        Err(error @ NotTheDesk::Unsigned) => {
            info!(subject, %error, "A permit event was passed over.");
            Ok(None)
        }
        Err(error) => {
            let message = Incoming { subject: subject.to_owned(), payload: bytes.to_vec() };
            quarantine(draft, &message, format!("permit event: {error}"), now_ms)?;
            Ok(None)
        }
    }
}

/// An event before which others are missing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Gap {
    /// The permit's id.
    pub permit: Uuid,
    /// The event's number within the permit.
    pub sequence: u32,
}

/// Notes up to which number all events of a permit are known. An event that comes too early counts, but leaves a gap.
fn follow(draft: &mut Draft, event: &PermitEvent) -> anyhow::Result<Option<Gap>> {
    let (permit, sequence) = (event.permit_id, event.sequence);
    let last = match read_draft::<u32>(draft, &keys::events_of(permit))? {
        Some(last) => last,
        // Known from before events were counted: what is here now is where counting begins.
        None if draft.contains(keys::permit_by_id(permit))? => sequence.saturating_sub(1),
        None => 0,
    };
    // What was purged is told by one event, which stands for all before it.
    let stands_alone = matches!(event.change, Change::Purged { .. });
    if sequence > last.saturating_add(1) && !stands_alone {
        return Ok(Some(Gap { permit, sequence }));
    }
    if sequence > last {
        write(draft, keys::events_of(permit), &sequence)?;
    }
    Ok(None)
}

/// Whether a signer is named that the trust list at hand does not know: a newer one may.
pub(crate) fn names_stranger(subject: &str, bytes: &[u8], trust: &TrustList) -> bool {
    let known =
        |signed: &SignedPermitEvent| trust.find(&signed.signer, &signed.certificate_reference).is_some();
    let opened =
        SignedPermitEvent::open(subject, bytes, |signed, _, _| if known(signed) { Ok(()) } else { Err("") });
    matches!(opened, Err(NotTheDesk::Refused { .. }))
}

/// Takes an event from the broker if a desk of the trust list has signed it, and may.
fn open(subject: &str, payload: &[u8], trust: &TrustList) -> Result<PermitEvent, NotTheDesk> {
    SignedPermitEvent::open(subject, payload, |signed, bytes, event| {
        let day = |day| Date::try_from(day).unwrap_or(Date::MIN);
        let grant = event
            .change
            .status()
            .map(|status| (ZoneMask(status.zones), day(status.valid_from), day(status.valid_to)));
        let statement = Statement {
            signer: &signed.signer,
            certificate_reference: &signed.certificate_reference,
            bytes,
            signature: &signed.signature,
            at: event.at_ms / 1000,
            grant,
        };
        statement.check(trust)
    })
}

fn apply(draft: &mut Draft, event: &PermitEvent, now_ms: i64) -> anyhow::Result<()> {
    let stored = find(draft, event)?;
    let known = match (&event.change, stored) {
        (
            Change::Issued { status, .. }
            | Change::Corrected { status, .. }
            | Change::Extended { status, .. },
            stored,
        ) => newer(status, event, stored, now_ms),
        (Change::Revoked, Some(stored)) if stored.known.revoked_at_ms.is_none() => {
            Some(KnownPermit { revoked_at_ms: Some(event.at_ms), ..stored.known })
        }
        (Change::Purged { status, revoked_at_ms, .. }, stored) => {
            let known = newer(status, event, stored.clone(), now_ms).or(stored.as_ref().map(known_of));
            let revoked = |known: KnownPermit| KnownPermit {
                revoked_at_ms: known.revoked_at_ms.or(*revoked_at_ms),
                ..known
            };
            known.map(revoked).filter(|known| stored.is_none_or(|stored| stored.known != *known))
        }
        (Change::Printed { of, .. }, Some(stored)) if stored.known.status.copies < *of => {
            let status = PermitStatus { copies: *of, ..stored.known.status };
            Some(KnownPermit { status, ..stored.known })
        }
        _ => None,
    };
    known.map_or(Ok(()), |known| put(draft, known, event.at_ms, now_ms))
}

/// A version replaces an older one; a repeat changes nothing.
fn newer(
    status: &PermitStatus,
    event: &PermitEvent,
    stored: Option<StoredPermit>,
    now_ms: i64,
) -> Option<KnownPermit> {
    match stored {
        Some(stored) if stored.known.status.version >= status.version => None,
        stored => Some(KnownPermit {
            id: event.permit_id,
            status: status.clone(),
            recorded_at_ms: stored.as_ref().map_or(now_ms, |stored| stored.known.recorded_at_ms),
            revoked_at_ms: stored.and_then(|stored| stored.known.revoked_at_ms),
        }),
    }
}

fn known_of(stored: &StoredPermit) -> KnownPermit {
    stored.known.clone()
}

/// The stored permit of an event: by tag where the event has one, else by its id.
fn find(draft: &Draft, event: &PermitEvent) -> anyhow::Result<Option<StoredPermit>> {
    if let Some(status) = event.change.status() {
        return read_draft(draft, &keys::permit(status.tag, event.permit_id));
    }
    match draft.get(keys::permit_by_id(event.permit_id))? {
        Some(key) => read_draft(draft, &key),
        None => Ok(None),
    }
}

/// Stores what is known of a permit since `at_ms`. A permit of which copies were seen has its story looked at again.
fn put(draft: &mut Draft, known: KnownPermit, at_ms: i64, now_ms: i64) -> anyhow::Result<()> {
    let key = keys::permit(known.status.tag, known.id);
    let position = read_draft::<u64>(draft, keys::POSITION)?.unwrap_or(0) + 1;
    let earlier: Option<StoredPermit> = read_draft(draft, &key)?;
    let mut version_at_ms = at_ms;
    if let Some(earlier) = earlier {
        draft.delete(keys::change(earlier.position));
        if earlier.known.status.version == known.status.version {
            version_at_ms = earlier.version_at_ms;
        }
        let judged_by = |known: &KnownPermit| (known.status.version, known.revoked_at_ms);
        if judged_by(&earlier.known) != judged_by(&known) {
            note_changed(draft, known.status.tag, now_ms)?;
        }
    }
    draft.put(keys::change(position), key.clone());
    draft.put(keys::permit_by_id(known.id), key.clone());
    write(draft, keys::POSITION.to_vec(), &position)?;
    write(draft, key, &StoredPermit { known, position, version_at_ms })
}

/// What is known of permits doesn't give their numbers away; the stories of those that were seen have them.
fn note_changed(draft: &mut Draft, tag: NumberTag, now_ms: i64) -> anyhow::Result<()> {
    for shard in 0..read_draft(draft, keys::SHARDS)?.unwrap_or_default() {
        let rows = draft.scan(keys::stories_of_tag(shard, tag)).collect::<Result<Vec<_>, _>>()?;
        for number in rows.iter().filter_map(|(key, _)| keys::parse_story(key)) {
            let key = keys::waiting(number);
            if !draft.contains(&key)? {
                write(draft, key, &Waiting { since_ms: now_ms, stranger: None })?;
            }
        }
    }
    Ok(())
}

/// The permit with this number; `None` where none is known, or where two are known that can't be told apart.
pub(crate) fn by_number(store: &Store, number: &PermitNumber) -> anyhow::Result<Option<StoredPermit>> {
    let mut found = store.scan(keys::permits_of(NumberTag::of(number)));
    let (first, second) = (found.next().transpose()?, found.next());
    first.filter(|_| second.is_none()).map(|(_, value)| parse(&value)).transpose()
}

/// The permits that changed after `from` and that `scope` wants, oldest change first, at most a reply full; how far that
/// goes, and whether there are more.
fn changes(store: &Store, from: u64, scope: &Scope) -> anyhow::Result<(Vec<KnownPermit>, u64, bool)> {
    let mut permits = Vec::new();
    let mut position = from;
    for row in store.scan_from(b"g", keys::change(from.saturating_add(1))) {
        if permits.len() == PERMITS_PER_REPLY {
            return Ok((permits, position, true));
        }
        let (key, permit_key) = row?;
        position = keys::tail(&key).map_or(position, u64::from_be_bytes);
        if let Some(bytes) = store.get(&permit_key)? {
            let known = parse::<StoredPermit>(&bytes)?.known;
            if scope.wants(&known.status) {
                permits.push(known);
            }
        }
    }
    Ok((permits, position, false))
}

/// What the answer to a device's question says of permits: everything from the start where the device knows another life
/// of the record, or was told of other zones.
pub(crate) fn answer(
    store: &Store,
    question: &SyncRequest,
    scope: Scope,
    trust_list: Option<Vec<u8>>,
    record_lost: bool,
    now_ms: i64,
) -> anyhow::Result<SyncReply> {
    let generation: u64 = read(store, keys::GENERATION)?.unwrap_or_default();
    let same =
        question.cursor.generation == generation && question.zones.is_none_or(|zones| zones == scope.zones);
    let from = if same { question.cursor.position } else { 0 };
    let (permits, position, more) = changes(store, from, &scope)?;
    let (device, cursor): (DeviceId, _) = (question.device.clone(), Cursor { generation, position });
    Ok(SyncReply { device, time_ms: now_ms, trust_list, permits, cursor, more, record_lost, scope })
}

/// Makes news of the permits that have come within the days that devices are told of: each gets a new place in the list
/// of changes. Returns how many.
pub(crate) fn announce(store: &Store, until: Day, now_ms: i64) -> anyhow::Result<usize> {
    let announced: Option<Day> = read(store, keys::ANNOUNCED)?;
    if announced.is_some_and(|announced| announced >= until) {
        return Ok(0);
    }
    store.write(|draft| {
        let mut count = 0;
        // Before the first time every device has been told of everything.
        for row in store.scan(b"s").take(if announced.is_some() { usize::MAX } else { 0 }) {
            let StoredPermit { known, version_at_ms, .. } = parse(&row?.1)?;
            let first = known.status.valid_from;
            if known.status.version == 1
                && announced.is_some_and(|announced| first > announced)
                && first <= until
            {
                put(draft, known, version_at_ms, now_ms)?;
                count += 1;
            }
        }
        write(draft, keys::ANNOUNCED.to_vec(), &until)?;
        Ok(count)
    })
}
