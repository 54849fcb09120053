//! What the recorder does not keep for ever: the bytes of messages in quarantine, and enrolment codes that are over.
//!
//! Hand-ins and alerts are evidence and stay, in quarantine too: they name nobody, and an audit knows refused numbers by
//! them. Of any other message in quarantine its subject, reason and time stay, and its key, by which the same message is
//! recognised. Its bytes may be anything that somebody has sent.

use propusk_proto::{Frame, HandIn};
use propusk_store::Store;
use serde::{Deserialize, Serialize};

use crate::values::{EnrolmentCode, Quarantined, parse, write};

const DAY_MS: i64 = 24 * 3_600_000;
/// Rows of one batch.
const BATCH: usize = 512;

/// `POST /v1/purges`.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct PurgeRequest {
    /// Older than so many days; the configured retention where it is not said.
    #[serde(default)]
    pub older_than_days: Option<u32>,
    /// Only say how much.
    #[serde(default)]
    pub dry_run: bool,
}

/// What was erased, or would be.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct PurgeReply {
    pub dry_run: bool,
    /// Messages in quarantine that lost their bytes, …
    pub messages: u64,
    /// … and how many bytes.
    pub bytes: u64,
    /// Enrolment codes.
    pub codes: u64,
}

/// Erases what is older than `days`.
pub(crate) fn purge(store: &Store, days: u32, dry_run: bool, now_ms: i64) -> anyhow::Result<PurgeReply> {
    let before_ms = now_ms.saturating_sub(i64::from(days) * DAY_MS);
    let mut reply = PurgeReply { dry_run, ..PurgeReply::default() };
    let mut draft = store.begin();
    for row in store.scan(b"q") {
        let (key, value) = row?;
        let kept: Quarantined = parse(&value)?;
        if kept.at_ms >= before_ms || kept.bytes.is_empty() || is_hand_in(&kept.bytes) {
            continue;
        }
        reply.messages += 1;
        reply.bytes += kept.bytes.len() as u64;
        if dry_run {
            continue;
        }
        write(&mut draft, key, &Quarantined { bytes: vec![], ..kept })?;
        if draft.len() >= BATCH {
            store.commit(std::mem::replace(&mut draft, store.begin()))?;
        }
    }
    for row in store.scan(b"x") {
        let (key, value) = row?;
        if parse::<EnrolmentCode>(&value)?.expires_at_ms < now_ms {
            reply.codes += 1;
            draft.delete(key);
        }
    }
    if !dry_run && !draft.is_empty() {
        store.commit(draft)?;
    }
    Ok(reply)
}

fn is_hand_in(bytes: &[u8]) -> bool {
    Frame::split(bytes).is_ok_and(|frame| frame.decode::<HandIn>().is_ok())
}

#[cfg(test)]
mod tests {
    use propusk_store::Options;

    use super::*;
    use crate::keys;

    const NOW: i64 = 1_790_000_000_000;

    fn keep(store: &Store, name: &str, at_ms: i64) -> Vec<u8> {
        let (subject, reason) = (name.to_owned(), "garbage".to_owned());
        let key = keys::quarantined(name, b"ERIKSSON");
        let mut draft = store.begin();
        let kept = Quarantined { at_ms, subject, reason, bytes: b"ERIKSSON".to_vec() };
        write(&mut draft, key.clone(), &kept).unwrap();
        store.commit(draft).unwrap();
        key
    }

    #[test]
    fn bytes_go_when_they_are_old_and_the_fact_stays() {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::open(&folder.path().join("recorder"), Options::default()).unwrap();
        let old = keep(&store, "old", NOW - 31 * DAY_MS);
        let young = keep(&store, "young", NOW - 29 * DAY_MS);
        let code = EnrolmentCode { post: "karasay".to_owned(), expires_at_ms: NOW - 1 };
        let mut draft = store.begin();
        write(&mut draft, keys::code(&[1; 32]), &code).unwrap();
        let good = EnrolmentCode { expires_at_ms: NOW, ..code };
        write(&mut draft, keys::code(&[2; 32]), &good).unwrap();
        store.commit(draft).unwrap();
        let expected = PurgeReply { dry_run: true, messages: 1, bytes: 8, codes: 1 };
        assert_eq!(purge(&store, 30, true, NOW).unwrap(), expected);
        assert_eq!(purge(&store, 30, false, NOW).unwrap(), PurgeReply { dry_run: false, ..expected });
        let read = |key: &[u8]| parse::<Quarantined>(&store.get(key).unwrap().unwrap()).unwrap();
        assert_eq!((read(&old).bytes.len(), read(&old).reason.as_str()), (0, "garbage"));
        assert_eq!(read(&young).bytes, b"ERIKSSON");
        assert!(store.get(keys::code(&[1; 32])).unwrap().is_none());
        assert!(store.get(keys::code(&[2; 32])).unwrap().is_some());
        assert_eq!(purge(&store, 30, false, NOW).unwrap(), PurgeReply::default(), "once is enough");
    }
}
