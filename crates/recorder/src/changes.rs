//! What a pull, or half of one, changes: every row of its own as it is to be written, and what is added to rows that all
//! hand-ins of a post share.

use std::collections::BTreeMap;

use propusk_store::{Draft, Store};

use crate::hours::Hours;
use crate::permit_cache::ByNumber;
use crate::posts::{self, Place};

/// Made by [`crate::batch::Batch::close`].
pub(crate) struct Changes {
    pub draft: Draft,
    pub posts: BTreeMap<String, Vec<Place>>,
    pub hours: Hours,
    /// Permits that were looked for and found, to be remembered once all of this is committed.
    pub found: ByNumber,
    /// Events came under a number that another event has. What is noted then concerns hand-ins of any shard.
    pub notes_conflicts: bool,
}

impl Changes {
    /// Those of two halves of a pull, which were decided without knowing of each other. `None` where that was wrong: both
    /// write some row, so the one that came later would have found what the other wrote.
    pub(crate) fn join(self, other: Self) -> Option<Self> {
        let Self { draft, mut posts, mut hours, mut found, notes_conflicts } = self;
        if notes_conflicts || other.notes_conflicts {
            return None;
        }
        let draft = draft.join(other.draft)?;
        for (post, places) in other.posts {
            posts.entry(post).or_default().extend(places);
        }
        hours.join(other.hours);
        found.extend(other.found);
        Some(Self { draft, posts, hours, found, notes_conflicts })
    }

    /// All of it as one draft, and the permits that were found.
    pub(crate) fn finish(self, store: &Store) -> anyhow::Result<(Draft, ByNumber)> {
        let mut draft = self.draft;
        for (post, mut places) in self.posts {
            places.sort_unstable();
            posts::append(store, &mut draft, &post, &places)?;
        }
        self.hours.add(store, &mut draft)?;
        Ok((draft, self.found))
    }
}
