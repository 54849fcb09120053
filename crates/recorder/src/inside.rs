//! Who went into a zone and has not come out, as far as entries and exits were recorded.

use std::collections::{BTreeMap, BTreeSet};

use propusk_permit::{Date, MAX_TRAVELLERS};
use propusk_proto::{HandIn, Kind, NumberTag, PermitStatus, Reason, Verdict};
use propusk_region::Region;
use propusk_store::Store;
use serde::{Deserialize, Serialize};

use crate::keys;
use crate::questions::{log, printed, time};
use crate::values::{StoredPermit, parse};

/// One permit with people inside a zone.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Inside {
    pub zone: String,
    pub permit_number: String,
    /// Rows of the travellers who were ticked off; empty means the whole group.
    pub rows: Vec<u8>,
    /// Size of the group, where the permit is known.
    pub travellers: Option<u8>,
    pub post: String,
    pub since: String,
    pub valid_to: Option<String>,
    /// True when the last valid day has passed.
    pub overdue: bool,
}

/// A permit in a zone: who of the group is inside.
#[derive(Default)]
struct Presence {
    /// Bit i: row i is inside.
    rows: u64,
    since_ms: i64,
    post: String,
}

/// Computes the list from the log. `zone` narrows it to one zone, by id.
pub(crate) fn inside(
    store: &Store,
    region: &Region,
    zone: Option<&str>,
    today: Date,
) -> anyhow::Result<Vec<Inside>> {
    let mut stories: BTreeMap<(String, String), Vec<HandIn>> = BTreeMap::new();
    let mut undone = BTreeSet::new();
    for entry in log(store) {
        let (.., event) = entry?;
        if let Kind::Undo { of } = event.kind {
            undone.insert(of);
        }
        let Ok(checkpoint) = region.post(&event.post) else { continue };
        let of_zone = checkpoint.zone.to_string();
        if let Some(permit) = event.permit.as_ref().filter(|_| zone.is_none_or(|zone| zone == of_zone)) {
            stories.entry((of_zone, permit.number.clone())).or_default().push(event);
        }
    }
    let mut rows = Vec::new();
    for ((zone, number), mut events) in stories {
        let status = status_of(store, &number)?;
        let group = group_mask(status.as_ref());
        // Devices sync when they can: the order of the scans tells the story, not the order of arrival.
        events.sort_by_key(|event| event.scanned_at_ms);
        let mut presence = Presence::default();
        for event in events.iter().filter(|event| !undone.contains(&event.id)) {
            apply(&mut presence, event, group);
        }
        if presence.rows != 0 {
            rows.push(describe(zone, &number, &presence, status.as_ref(), group, today));
        }
    }
    Ok(rows)
}

/// One bit for everybody of the group; all that a permit can have where the permit is not known.
fn group_mask(status: Option<&PermitStatus>) -> u64 {
    let travellers =
        status.map_or(MAX_TRAVELLERS, |status| usize::from(status.travellers)).clamp(1, MAX_TRAVELLERS);
    (1 << travellers) - 1
}

/// Entries count unless refused; exits unless paper or passport were not theirs. Nobody ticked off means everybody.
fn apply(presence: &mut Presence, event: &HandIn, group: u64) {
    let rows = if event.present == 0 { group } else { event.present & group };
    match event.kind {
        Kind::Entry | Kind::LateEntry { .. } if event.verdict != Verdict::Refuse => {
            if presence.rows == 0 {
                presence.since_ms = event.scanned_at_ms;
            }
            presence.post.clone_from(&event.post);
            presence.rows |= rows;
        }
        Kind::Exit if !event.reasons.iter().any(|reason| STRANGERS.contains(reason)) => {
            presence.rows &= !rows;
        }
        _ => {}
    }
}

/// Reasons after which a scan says nothing about this group.
const STRANGERS: [Reason; 6] = [
    Reason::SealUnreadable,
    Reason::NotAPermit,
    Reason::UnknownSigner,
    Reason::BadSignature,
    Reason::PassportMismatch,
    Reason::NotInGroup,
];

fn status_of(store: &Store, number: &str) -> anyhow::Result<Option<PermitStatus>> {
    let Ok(parsed) = number.parse() else { return Ok(None) };
    let row = store.scan(keys::permits_of(NumberTag::of(&parsed))).next().transpose()?;
    row.map(|(_, value)| Ok(parse::<StoredPermit>(&value)?.known.status)).transpose()
}

fn describe(
    zone: String,
    number: &str,
    presence: &Presence,
    status: Option<&PermitStatus>,
    group: u64,
    today: Date,
) -> Inside {
    let valid_to = status.and_then(|status| Date::try_from(status.valid_to).ok());
    let whole = presence.rows == group;
    let rows = (0..64).filter(|row| !whole && presence.rows & (1 << row) != 0).map(|row| row + 1).collect();
    Inside {
        zone,
        permit_number: printed(number),
        rows,
        travellers: status.map(|status| status.travellers),
        post: presence.post.clone(),
        since: time(presence.since_ms),
        overdue: valid_to.is_some_and(|last| today > last),
        valid_to: valid_to.map(|last| last.to_string()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use propusk_proto::{DeviceId, Presented};
    use uuid::Uuid;

    fn event(kind: Kind, present: u64) -> HandIn {
        HandIn {
            id: Uuid::nil(),
            device: DeviceId::parse("device0").unwrap(),
            epoch: 1,
            shard: 0,
            sequence: 1,
            kind,
            presented: Presented::TypedNumber,
            permit: None,
            present,
            post: "karasay".to_owned(),
            soldier: String::new(),
            scanned_at_ms: 7,
            monotonic_ms: 0,
            verdict: Verdict::Accept,
            reasons: vec![],
            witnessed: None,
        }
    }

    #[test]
    fn groups_split_and_come_out_one_by_one() {
        let group = 0b1111;
        let mut presence = Presence::default();
        apply(&mut presence, &event(Kind::Entry, 0), group);
        assert_eq!((presence.rows, presence.since_ms), (0b1111, 7), "nobody ticked off: everybody");
        apply(&mut presence, &event(Kind::Exit, 0b0001), group);
        assert_eq!(presence.rows, 0b1110);
        let stranger = HandIn { reasons: vec![Reason::NotInGroup], ..event(Kind::Exit, 0) };
        apply(&mut presence, &stranger, group);
        assert_eq!(presence.rows, 0b1110, "a stranger's exit takes nobody out");
        let refused = HandIn { verdict: Verdict::Refuse, ..event(Kind::Entry, 0b0001) };
        apply(&mut presence, &refused, group);
        assert_eq!(presence.rows, 0b1110, "a refused entry brings nobody in");
        apply(&mut presence, &event(Kind::Exit, 0b1110), group);
        assert_eq!(presence.rows, 0);
    }
}
