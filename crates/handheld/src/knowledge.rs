//! What the device knows without a signal: the trust list, and which permits exist.
//!
//! Keys: `p` + number tag + permit id → [`KnownPermit`]; `mcursor`, `mscope`, `mtrust` → single values.

use std::sync::Arc;

use jiff::Timestamp;
use propusk_proto::bundle::MAX_STANDING_BYTES;
use propusk_proto::{Cursor, KnownPermit, NumberTag, Scope, SyncReply};
use propusk_seal::{TrustList, open_trust_list};
use propusk_store::Store;

use crate::HandheldError;
use crate::clock;
use crate::device::Device;
use crate::queue::{read, write};

const CURSOR: &[u8] = b"mcursor";
const TRUST: &[u8] = b"mtrust";
const LEARNT: &[u8] = b"mlearnt-at";
const SCOPE: &[u8] = b"mscope";
const STANDING: &[u8] = b"mstanding";

/// The permits that may be meant by a number, newest state of each.
pub(crate) fn permits(store: &Store, tag: NumberTag) -> anyhow::Result<Vec<KnownPermit>> {
    let prefix = [b"p".as_slice(), &tag.0].concat();
    store
        .scan(&prefix)
        .map(|pair| {
            let (_, value) = pair?;
            let known = postcard::from_bytes(&value);
            Ok(known.map_err(|e| HandheldError::Damaged { what: "a known permit", why: e.to_string() })?)
        })
        .collect()
}

/// How many permits are known.
pub(crate) fn permit_count(store: &Store) -> usize {
    store.scan(b"p").count()
}

/// The recorder's time when the device last learnt of permits, Unix milliseconds.
pub(crate) fn learnt_at_ms(store: &Store) -> anyhow::Result<Option<i64>> {
    read(store, LEARNT)
}

/// Of which permits the recorder last told this device; `None` before the first answer.
pub(crate) fn scope(store: &Store) -> anyhow::Result<Option<Scope>> {
    read(store, SCOPE)
}

/// How far the device has come in the recorder's list of permit changes.
pub(crate) fn cursor(store: &Store) -> anyhow::Result<Cursor> {
    Ok(read(store, CURSOR)?.unwrap_or_default())
}

/// The trust list, as the root has signed it: the store is not what is trusted.
pub(crate) fn trust_list(device: &Device) -> anyhow::Result<Arc<TrustList>> {
    let missing = || HandheldError::Damaged {
        what: "the trust list",
        why: "it is missing; sync or enrol again".into(),
    };
    Ok(device.trusted.open(device.store.get(TRUST)?.ok_or_else(missing)?)?)
}

/// Keeps a trust list that the root has signed and that is newer than the one at hand.
pub(crate) fn keep_trust_list(device: &Device, signed: &[u8]) -> anyhow::Result<bool> {
    let offered = open_trust_list(signed, &device.root)?;
    if trust_list(device).is_ok_and(|known| known.issued_at >= offered.issued_at) {
        return Ok(false);
    }
    let mut draft = device.store.begin();
    draft.put(TRUST, signed);
    clock::not_before(&mut draft, offered.issued_at)?;
    device.store.commit(draft)?;
    Ok(true)
}

/// The last short answer of the recorder as it was received, which shows others that the recorder knows this device; empty
/// before the first.
pub(crate) fn standing(store: &Store) -> anyhow::Result<Vec<u8>> {
    Ok(store.get(STANDING)?.unwrap_or_default())
}

/// Takes a verified reply of the recorder: its permits and the new cursor, in one batch. With the last page, what the
/// device need not know any more is forgotten. `framed` is the reply as it was received, `now` is when it was given, unless it came by a long way.
pub(crate) fn keep_permits(
    store: &Store,
    reply: &SyncReply,
    framed: &[u8],
    now: Option<Timestamp>,
) -> anyhow::Result<()> {
    let mut draft = store.begin();
    let other_zones = scope(store)?.is_some_and(|known| known.zones != reply.scope.zones);
    let from_the_start = cursor(store)?.generation != reply.cursor.generation || other_zones;
    if from_the_start || !reply.more {
        for pair in store.scan(b"p") {
            let (key, value) = pair?;
            let known: Option<KnownPermit> = postcard::from_bytes(&value).ok();
            if from_the_start || known.is_none_or(|known| !reply.scope.wants(&known.status)) {
                draft.delete(key);
            }
        }
    }
    for permit in &reply.permits {
        let key = [b"p".as_slice(), &permit.status.tag.0, permit.id.as_bytes()].concat();
        write(&mut draft, key, permit)?;
    }
    write(&mut draft, CURSOR.to_vec(), &reply.cursor)?;
    write(&mut draft, SCOPE.to_vec(), &reply.scope)?;
    write(&mut draft, LEARNT.to_vec(), &reply.time_ms)?;
    if (1..=MAX_STANDING_BYTES).contains(&framed.len()) {
        draft.put(STANDING, framed);
    }
    match now {
        Some(now) => clock::compared(&mut draft, reply.time_ms, now)?,
        None => clock::heard(store, &mut draft, reply.time_ms)?,
    }
    Ok(store.commit(draft)?)
}
