//! Who went into a zone and has not come out, as far as entries and exits were recorded.

use std::collections::BTreeMap;

use propusk_permit::Date;
use propusk_proto::{HandIn, Kind, NumberTag, Verdict};
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

#[derive(Default)]
struct Presence {
    /// Bit i: row i is inside; all ones: the whole group.
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
    let mut presences: BTreeMap<(String, String), Presence> = BTreeMap::new();
    for entry in log(store) {
        let (.., event) = entry?;
        let Ok(checkpoint) = region.post(&event.post) else { continue };
        let of_zone = checkpoint.zone.to_string();
        if let Some(permit) = event.permit.as_ref().filter(|_| zone.is_none_or(|zone| zone == of_zone)) {
            let presence = presences.entry((of_zone, permit.number.clone())).or_default();
            apply(presence, &event);
        }
    }
    presences
        .into_iter()
        .filter(|(_, presence)| presence.rows != 0)
        .map(|((zone, number), presence)| describe(store, zone, &number, &presence, today))
        .collect()
}

fn apply(presence: &mut Presence, event: &HandIn) {
    let rows = if event.present == 0 { u64::MAX } else { event.present };
    match event.kind {
        Kind::Entry | Kind::LateEntry { .. } if event.verdict != Verdict::Refuse => {
            if presence.rows == 0 {
                presence.since_ms = event.scanned_at_ms;
            }
            presence.post.clone_from(&event.post);
            presence.rows =
                if rows == u64::MAX || presence.rows == u64::MAX { u64::MAX } else { presence.rows | rows };
        }
        Kind::Exit => presence.rows &= !rows,
        _ => {}
    }
}

fn describe(
    store: &Store,
    zone: String,
    number: &str,
    presence: &Presence,
    today: Date,
) -> anyhow::Result<Inside> {
    let status = match number.parse() {
        Ok(parsed) => store.scan(keys::permits_of(NumberTag::of(&parsed))).next().transpose()?,
        Err(_) => None,
    };
    let status =
        status.map(|(_, value)| parse::<StoredPermit>(&value)).transpose()?.map(|stored| stored.known.status);
    let valid_to = status.as_ref().and_then(|status| Date::try_from(status.valid_to).ok());
    let rows = match presence.rows {
        u64::MAX => vec![],
        rows => (0..64).filter(|row| rows & (1 << row) != 0).map(|row| row + 1).collect(),
    };
    Ok(Inside {
        zone,
        permit_number: printed(number),
        rows,
        travellers: status.map(|status| status.travellers),
        post: presence.post.clone(),
        since: time(presence.since_ms),
        overdue: valid_to.is_some_and(|last| today > last),
        valid_to: valid_to.map(|last| last.to_string()),
    })
}
