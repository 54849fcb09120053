//! The index by permit: its story, told in facts that answer without the records themselves whether a copy came twice,
//! whether a hand-in was undone, and who is inside a zone.

use propusk_proto::{HandIn, Kind, Reason, Verdict};
use propusk_store::{Draft, Store};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::keys;
use crate::sabotage::{Fault, flipped};
use crate::values::{parse, write};

/// Facts of one row. Hardly any permit has a second row; a scanner that is stuck must not make one grow for ever.
const ROW_FACTS: usize = 64;

/// What one record says of its permit.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Fact {
    pub index: u64,
    pub id: Uuid,
    pub deed: Deed,
    pub version: Option<u8>,
    pub copy: Option<u8>,
    pub post: String,
    /// When it happened, Unix milliseconds by the device's clock or the post's paper list.
    pub at_ms: i64,
    pub present: u64,
    /// The device itself doubted its clock.
    pub clock_suspect: bool,
}

/// What was done. Append-only: it is stored.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Deed {
    /// They went in: an entry that was not refused, or whose refusal was overridden.
    Entered,
    /// They came out.
    Left,
    /// An earlier event was a mistake.
    Undid(Uuid),
    /// Nothing that changes where anybody is.
    Other,
    /// Their own paper was shown, or refused: nobody moved.
    Showed,
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

impl Deed {
    /// Entries count unless refused and not overridden; exits unless paper or passport were not theirs.
    pub(crate) fn of(event: &HandIn) -> Self {
        match event.kind {
            Kind::Entry | Kind::LateEntry { .. } if event.verdict != Verdict::Refuse => Self::Entered,
            // Only an entry is overridden. One that was not refused has counted already.
            Kind::Override { .. } if event.verdict == Verdict::Refuse => Self::Entered,
            Kind::Exit if is_theirs(event) => Self::Left,
            Kind::Undo { of } => Self::Undid(of),
            Kind::Entry | Kind::LateEntry { .. } | Kind::Shown if is_theirs(event) => Self::Showed,
            _ => Self::Other,
        }
    }
}

fn is_theirs(event: &HandIn) -> bool {
    !event.reasons.iter().any(|reason| STRANGERS.contains(reason))
}

impl Fact {
    /// What `event`, recorded as `index`, says of its permit; `None` where it names none.
    pub(crate) fn of(event: &HandIn, index: u64) -> Option<Self> {
        let permit = event.permit.as_ref()?;
        Some(Self {
            index,
            id: event.id,
            deed: Deed::of(event),
            version: permit.version,
            copy: permit.copy,
            post: event.post.clone(),
            at_ms: match event.kind {
                Kind::LateEntry { written_at_ms } => written_at_ms,
                _ => event.scanned_at_ms,
            },
            present: event.present,
            clock_suspect: event.reasons.contains(&Reason::ClockSuspect),
        })
    }

    /// True when the paper was used to go in, whether or not it was good for that.
    pub(crate) fn is_use(&self) -> bool {
        matches!(self.deed, Deed::Entered | Deed::Showed)
    }

    /// True when a copy was really left at the post; the original never is.
    fn hands_in(&self) -> bool {
        self.deed == Deed::Entered && self.copy.is_some_and(|copy| copy > 0)
    }
}

/// A permit's facts in the order of their records, as its rows hold them.
#[derive(Clone, Debug)]
pub(crate) struct Story {
    number: String,
    /// The first row's key.
    key: Vec<u8>,
    rows: Vec<(Vec<u8>, Vec<Fact>)>,
    /// How many of the facts are stored.
    stored: usize,
    /// Rows from this one on are not stored as they are.
    changed_from: Option<usize>,
}

impl Story {
    /// The story of a permit without a record.
    pub(crate) fn empty(shard: u16, number: &str) -> Self {
        let (key, number) = (keys::story(shard, number), number.to_owned());
        Self { number, key, rows: vec![], stored: 0, changed_from: None }
    }

    /// Reads what is stored.
    pub(crate) fn load(store: &Store, shard: u16, number: &str) -> anyhow::Result<Self> {
        let mut story = Self::empty(shard, number);
        let Some(first) = store.get(&story.key)? else { return Ok(story) };
        let facts: Vec<Fact> = parse(&first)?;
        if facts.len() < ROW_FACTS {
            story.rows.push((story.key.clone(), facts));
        } else {
            let rows = store.scan(&story.key).map(|row| {
                let (key, value) = row?;
                Ok((key, parse(&value)?))
            });
            story.rows = rows.collect::<anyhow::Result<_>>()?;
        }
        story.stored = story.facts().count();
        Ok(story)
    }

    /// The permit's number.
    pub(crate) fn number(&self) -> &str {
        &self.number
    }

    /// Every fact, oldest record first.
    pub(crate) fn facts(&self) -> impl Iterator<Item = &Fact> + Clone {
        self.rows.iter().flat_map(|(_, facts)| facts)
    }

    /// Adds the newest fact.
    pub(crate) fn push(&mut self, fact: Fact) {
        if self.rows.last().is_none_or(|(_, facts)| facts.len() >= ROW_FACTS) {
            let key = match self.rows.len() {
                0 => self.key.clone(),
                _ => keys::story_from(&self.key, fact.index),
            };
            self.rows.push((key, vec![]));
        }
        let last = self.rows.len() - 1;
        self.changed_from.get_or_insert(last);
        self.rows[last].1.push(fact);
    }

    /// The facts that are not stored.
    pub(crate) fn new_facts(&self) -> impl Iterator<Item = &Fact> {
        self.facts().skip(self.stored)
    }

    /// How many of the facts are stored.
    pub(crate) fn stored(&self) -> usize {
        self.stored
    }

    pub(crate) fn is_changed(&self) -> bool {
        self.changed_from.is_some()
    }

    /// Writes the rows that changed; returns how many.
    pub(crate) fn write(&self, draft: &mut Draft) -> anyhow::Result<usize> {
        let changed = self.rows.get(self.changed_from.unwrap_or(self.rows.len())..).unwrap_or_default();
        for (key, facts) in changed {
            write(draft, key.clone(), facts)?;
        }
        Ok(changed.len())
    }

    /// Every row, by its key.
    pub(crate) fn into_rows(self) -> Vec<(Vec<u8>, Vec<Fact>)> {
        self.rows
    }

    /// Index of a record in which the same (version, k) was handed in before `new` and not undone.
    pub(crate) fn earlier_hand_in(&self, new: &Fact) -> Option<u64> {
        // Undone before it came: copies of one post travel in any order.
        if !new.hands_in() || self.is_undone(new.id) {
            return None;
        }
        let same = |fact: &&Fact| fact.hands_in() && (fact.version, fact.copy) == (new.version, new.copy);
        self.facts().filter(same).find(|fact| !self.is_undone(fact.id)).map(|fact| fact.index)
    }

    /// Whether an event was a mistake.
    pub(crate) fn is_undone(&self, id: Uuid) -> bool {
        !flipped(Fault::UndoForgotten) && self.facts().any(|fact| fact.deed == Deed::Undid(id))
    }
}

/// Calls `each` with every stored story of a shard, in the order of their numbers' tags.
pub(crate) fn for_each(
    store: &Store,
    shard: u16,
    mut each: impl FnMut(&str, &[Fact]) -> anyhow::Result<()>,
) -> anyhow::Result<()> {
    let mut open: Option<(String, Vec<Fact>)> = None;
    for row in store.scan(keys::stories_of(shard)) {
        let (key, value) = row?;
        let (number, more) = (keys::parse_story(&key).unwrap_or_default(), parse::<Vec<Fact>>(&value)?);
        match &mut open {
            Some((known, facts)) if known == number => facts.extend(more),
            _ => {
                if let Some((number, facts)) = open.replace((number.to_owned(), more)) {
                    each(&number, &facts)?;
                }
            }
        }
    }
    open.map_or(Ok(()), |(number, facts)| each(&number, &facts))
}
