//! What no single hand-in shows and only time does: a permit that stays unknown, numbers that stay missing, people who stay
//! inside. Looked at in rounds.

use propusk_permit::Date;
use propusk_proto::{AlertKind, shard};
use propusk_store::{Draft, Store};

use crate::alerts::{self, Raised};
use crate::audit::gaps;
use crate::inside::{self, Inside};
use crate::numbers::{self, Number};
use crate::permits;
use crate::rules::{Limits, Of};
use crate::story::{Deed, Story};
use crate::values::{Gap, Stranger, Waiting, parse, read, write};
use crate::zones::Zones;
use crate::{keys, questions};

/// Looks again at the permits that were unknown, or have changed, since their copies came. One that is known is judged by
/// its story; one that is unknown after `grace_ms` is an alert. Returns how many alerts that raised.
pub(crate) fn settle(store: &Store, zones: &Zones, grace_ms: i64, now_ms: i64) -> anyhow::Result<usize> {
    let mut draft = store.begin();
    let mut raised = 0;
    let shards = questions::shards(store)?;
    for row in store.scan(keys::WAITING) {
        let (key, value) = row?;
        let number = String::from_utf8_lossy(key.get(1..).unwrap_or_default()).into_owned();
        let waiting: Waiting = parse(&value)?;
        if is_known(&mut draft, store, zones, &number, shards, now_ms, &mut raised)? {
            draft.delete(key);
        } else if let Some(stranger) = waiting.stranger
            && now_ms - waiting.since_ms >= grace_ms
        {
            raised += usize::from(alerts::put(&mut draft, about_unknown(stranger, number), now_ms)?);
        }
    }
    if !draft.is_empty() {
        store.commit(draft)?;
    }
    Ok(raised)
}

/// Judges the story of a permit if the permit is known by now.
fn is_known(
    draft: &mut Draft,
    store: &Store,
    zones: &Zones,
    number: &str,
    shards: u16,
    now_ms: i64,
    raised: &mut usize,
) -> anyhow::Result<bool> {
    let Ok(parsed) = number.parse() else { return Ok(false) };
    let Some(known) = permits::by_number(store, &parsed)? else { return Ok(false) };
    let of = Of { number, shard: shard::of(number, shards) };
    let story = Story::load(store, of.shard, number)?;
    for fact in story.facts().filter(|fact| !story.is_undone(fact.id)) {
        for alert in of.against_permit(fact, &known, zones) {
            *raised += usize::from(alerts::put(draft, alert, now_ms)?);
        }
    }
    Ok(true)
}

fn about_unknown(stranger: Stranger, number: String) -> Raised {
    let Stranger { shard, index, post, device, copy } = stranger;
    let about = Some(number.as_bytes().to_vec());
    let evidence = vec![(shard, index)];
    let permit = Some(number);
    Raised { permit, copy, evidence, about, ..Raised::by(AlertKind::UnknownPermit, &post, Some(&device)) }
}

/// Forgets the numbers that have come, and raises the alert for those that are missing for too long.
pub(crate) fn look_for_gaps(store: &Store, limits: &Limits, now_ms: i64) -> anyhow::Result<usize> {
    let mut draft = store.begin();
    let mut overdue = Vec::new();
    for row in store.scan(keys::GAPS) {
        let (key, value) = row?;
        let Some(number) = keys::parse_gap(&key) else { continue };
        let gap: Gap = parse(&value)?;
        let stretch = read(store, &number.row())?.unwrap_or_default();
        if numbers::find(&stretch, number.slot()).is_some() {
            draft.delete(key);
        } else if !gap.reported && now_ms - gap.since_ms >= limits.gap_ms {
            overdue.push((key, number, gap));
        }
    }
    let raised = if overdue.is_empty() { 0 } else { report_gaps(store, &mut draft, overdue, now_ms)? };
    if !draft.is_empty() {
        store.commit(draft)?;
    }
    Ok(raised)
}

/// What was refused has come: only the quarantine tells, and all of it has to be read.
fn report_gaps(
    store: &Store,
    draft: &mut Draft,
    gaps: Vec<(Vec<u8>, Number, Gap)>,
    now_ms: i64,
) -> anyhow::Result<usize> {
    let refused = gaps::refused(store)?;
    let mut raised = 0;
    for (key, number, gap) in gaps {
        if refused.contains(&number) {
            draft.delete(key);
            continue;
        }
        let (about, evidence) = (Some(key.clone()), vec![(number.shard, gap.index)]);
        let alert = Raised::by(AlertKind::SequenceGap, &gap.post, Some(&number.device));
        raised += usize::from(alerts::put(draft, Raised { about, evidence, ..alert }, now_ms)?);
        write(draft, key, &Gap { reported: true, ..gap })?;
    }
    Ok(raised)
}

/// Raises the alert for everybody who is inside a zone after the last valid day.
pub(crate) fn look_for_overdue(
    store: &Store,
    zones: &Zones,
    today: Date,
    now_ms: i64,
) -> anyhow::Result<usize> {
    let mut draft = store.begin();
    let mut raised = 0;
    let shards = questions::shards(store)?;
    for row in inside::inside(store, zones, None, today)?.into_iter().filter(|row| row.overdue) {
        if let Some(alert) = about_overdue(store, zones, &row, shards)? {
            raised += usize::from(alerts::put(&mut draft, alert, now_ms)?);
        }
    }
    if !draft.is_empty() {
        store.commit(draft)?;
    }
    Ok(raised)
}

fn about_overdue(store: &Store, zones: &Zones, row: &Inside, shards: u16) -> anyhow::Result<Option<Raised>> {
    let number: String = row.permit_number.chars().filter(char::is_ascii_alphanumeric).collect();
    let Some(last) = row.valid_to.as_deref().and_then(|day| day.parse().ok()) else { return Ok(None) };
    let of = Of { number: &number, shard: shard::of(&number, shards) };
    let story = Story::load(store, of.shard, &number)?;
    let entered = story
        .facts()
        .filter(|fact| fact.deed == Deed::Entered && zones.of_post(&fact.post) == Some(row.zone.as_str()));
    Ok(entered.max_by_key(|fact| fact.at_ms).map(|fact| of.overdue(&row.zone, &row.post, fact, last)))
}

/// Notes that the number before the one of a new record is missing.
pub(crate) fn note_gap(draft: &mut Draft, missing: &Number, gap: &Gap) -> anyhow::Result<()> {
    let key = keys::gap(missing);
    if draft.contains(&key)? {
        return Ok(());
    }
    write(draft, key, gap)
}
