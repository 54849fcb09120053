//! The rows of the list of who is inside. Each holds several permits, from the number in its key up to that in the next
//! row's, so that a pull that moves a thousand groups changes some dozens of rows.

use std::borrow::Cow;
use std::collections::BTreeMap;

use propusk_store::{Draft, Store};

use super::Presence;
use crate::keys;
use crate::values::{parse, write};

/// Most permits of one row; where there would be more, it is split.
const MOST: usize = 32;

/// Permits by their numbers.
pub(super) type Permits<'a> = BTreeMap<Cow<'a, str>, Presence<'a>>;

/// Where people of one permit are, in one zone; `None` where nobody of them is.
pub(super) struct Change<'a> {
    pub zone: &'a str,
    pub number: Cow<'a, str>,
    pub presence: Option<Presence<'a>>,
}

impl<'a> Change<'a> {
    /// Notes it in its row; false where that says so already.
    fn note(self, permits: &mut Permits<'a>) -> bool {
        let Some(presence) = self.presence else { return permits.remove(&self.number).is_some() };
        if permits.get(&self.number) == Some(&presence) {
            return false;
        }
        permits.insert(self.number, presence);
        true
    }
}

/// Makes the rows say what `changes` say. None of their rows is changed in `draft` already.
pub(super) fn change(store: &Store, draft: &mut Draft, mut changes: Vec<Change<'_>>) -> anyhow::Result<()> {
    changes.sort_unstable_by(|a, b| (a.zone, &a.number).cmp(&(b.zone, &b.number)));
    let mut changes = changes.into_iter().peekable();
    while let Some(Change { zone, number, .. }) = changes.peek() {
        let (zone, (key, mut permits)) = (*zone, row_of(store, zone, number)?);
        let next = store.first_after(keys::inside_zone(zone), &key)?;
        let end = next.as_ref().and_then(|(key, _)| keys::parse_inside(key)).map(|(_, number)| number);
        let is_here = |it: &Change<'_>| it.zone == zone && end.is_none_or(|end| *it.number < *end);
        let mut is_changed = false;
        while let Some(change) = changes.next_if(is_here) {
            is_changed |= change.note(&mut permits);
        }
        if is_changed {
            put(draft, zone, key, &permits)?;
        }
    }
    Ok(())
}

/// Where people of a permit are in a zone.
pub(super) fn find(store: &Store, zone: &str, number: &str) -> anyhow::Result<Option<Presence<'static>>> {
    Ok(row_of(store, zone, number)?.1.remove(number))
}

/// The permits of one stored row.
pub(super) fn permits(value: &[u8]) -> anyhow::Result<Permits<'static>> {
    Ok(parse::<Vec<_>>(value)?.into_iter().collect())
}

/// The row in which a permit is, or would be, and its key.
fn row_of(store: &Store, zone: &str, number: &str) -> anyhow::Result<(Vec<u8>, Permits<'static>)> {
    match store.last_up_to(keys::inside_zone(zone), keys::inside(zone, number))? {
        Some((key, value)) => Ok((key, permits(&value)?)),
        // The first row of a zone begins before every number.
        None => Ok((keys::inside_zone(zone), Permits::new())),
    }
}

/// Writes a row, or the even parts of one that has become too large: the first of them under its key.
fn put(draft: &mut Draft, zone: &str, key: Vec<u8>, permits: &Permits<'_>) -> anyhow::Result<()> {
    if permits.is_empty() {
        draft.delete(key);
        return Ok(());
    }
    let all: Vec<_> = permits.iter().collect();
    let even = all.len().div_ceil(all.len().div_ceil(MOST));
    let mut key = Some(key);
    for part in all.chunks(even) {
        let begin = part.first().map(|(number, _)| keys::inside(zone, number));
        if let Some(key) = key.take().or(begin) {
            write(draft, key, &part)?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use propusk_store::Options;

    use super::*;

    fn listed(store: &Store) -> Vec<(String, String, Presence<'static>)> {
        let mut listed = Vec::new();
        for row in store.scan(keys::INSIDE) {
            let (key, value) = row.unwrap();
            let (zone, begin) = keys::parse_inside(&key).unwrap();
            let permits = permits(&value).unwrap();
            assert!((1..=MOST).contains(&permits.len()), "{} permits in a row", permits.len());
            for (number, presence) in permits {
                assert!(*number >= *begin, "{number} stands in the row from {begin} on");
                listed.push((zone.to_owned(), number.into_owned(), presence));
            }
        }
        listed
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(24))]

        #[test]
        fn rows_say_what_was_said_last_of_each_permit(
            pulls in prop::collection::vec(
                prop::collection::btree_map((0..3_u8, "[A-D]{0,3}"), prop::option::weighted(0.6, 1..5_u64), 0..120),
                1..12,
            )
        ) {
            let folder = tempfile::tempdir().unwrap();
            let store = Store::open(&folder.path().join("store"), Options::default()).unwrap();
            let zones = ["a", "ab", "b"];
            let mut expected = BTreeMap::new();
            for pull in &pulls {
                let change = |((zone, number), rows): (&(u8, String), &Option<u64>)| Change {
                    zone: zones[usize::from(*zone)],
                    number: number.clone().into(),
                    presence: rows.map(|rows| Presence { rows, since_ms: 7, post: "karasay".into() }),
                };
                let mut draft = store.begin();
                super::change(&store, &mut draft, pull.iter().map(change).collect()).unwrap();
                store.commit(draft).unwrap();
                for it in pull.iter().map(change) {
                    let key = (it.zone.to_owned(), it.number.clone().into_owned());
                    match it.presence.clone() {
                        Some(presence) => drop(expected.insert(key, presence)),
                        None => drop(expected.remove(&key)),
                    }
                    prop_assert_eq!(find(&store, it.zone, &it.number).unwrap(), it.presence);
                }
                let told = expected.iter().map(|((zone, number), it)| (zone.clone(), number.clone(), it.clone()));
                prop_assert_eq!(listed(&store), told.collect::<Vec<_>>());
            }
        }

        #[test]
        fn thousands_are_found_again(order in any::<u64>()) {
            let folder = tempfile::tempdir().unwrap();
            let store = Store::open(&folder.path().join("store"), Options::default()).unwrap();
            let at = |at: u64| format!("{:05}", (at.wrapping_mul(2_654_435_761) ^ order) % 20_000);
            let presence = || Presence { rows: 1, since_ms: 7, post: "karasay".into() };
            let mut inside = std::collections::BTreeSet::new();
            for pull in 0..6 {
                let numbers: BTreeMap<String, bool> = (0..900).map(|it| (at(pull * 900 + it), (it + pull) % 3 > 0)).collect();
                let changes = numbers.iter().map(|(number, is_inside)| Change {
                    zone: "b",
                    number: number.into(),
                    presence: is_inside.then(presence),
                });
                let mut draft = store.begin();
                change(&store, &mut draft, changes.collect()).unwrap();
                store.commit(draft).unwrap();
                for (number, is_inside) in numbers {
                    if is_inside { inside.insert(number); } else { inside.remove(&number); }
                }
            }
            prop_assert_eq!(listed(&store).into_iter().map(|it| it.1).collect::<Vec<_>>(), Vec::from_iter(inside.clone()));
            for number in inside {
                prop_assert!(find(&store, "b", &number).unwrap().is_some());
            }
        }

        #[test]
        fn what_is_known_already_is_not_written_again(numbers in prop::collection::btree_set("[A-D]{3}", 1..60)) {
            let folder = tempfile::tempdir().unwrap();
            let store = Store::open(&folder.path().join("store"), Options::default()).unwrap();
            let changes = || numbers.iter().map(|number| Change {
                zone: "a",
                number: number.into(),
                presence: Some(Presence { rows: 1, since_ms: 7, post: "karasay".into() }),
            }).collect();
            let mut draft = store.begin();
            change(&store, &mut draft, changes()).unwrap();
            store.commit(draft).unwrap();
            let mut draft = store.begin();
            change(&store, &mut draft, changes()).unwrap();
            prop_assert!(draft.is_empty());
        }
    }
}
