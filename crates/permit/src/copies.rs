//! Which copies a permit has, what each is for, and which sheet lists whom.

use std::ops::Range;

use propusk_region::CheckpointId;

use crate::TRAVELLERS_PER_SHEET;

/// Most copies of one permit: the seal counts them in one byte (SEAL.md, feature 02).
pub const MAX_COPIES: u8 = u8::MAX;

/// The numbered copies of a permit. The original is number 0; copies 1…`count()` are handed in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CopyPlan {
    posts: Vec<CheckpointId>,
    count: u8,
}

impl CopyPlan {
    /// One copy for each checkpoint of the route, in its order, and `spares` more (DOMAIN.md, requirement 2).
    ///
    /// `asked` overrides the count, but never below the number of checkpoints: a copy too few strands the traveller.
    #[must_use]
    pub fn new(posts: Vec<CheckpointId>, spares: u8, asked: Option<u8>) -> Self {
        let needed = u8::try_from(posts.len()).unwrap_or(MAX_COPIES);
        let count = asked.unwrap_or_else(|| needed.saturating_add(spares)).max(needed);
        Self { posts, count }
    }

    /// The number n of copies, the original not counted.
    #[must_use]
    pub fn count(&self) -> u8 {
        self.count
    }

    /// The checkpoint that copy `number` is meant for; the original and the spares are meant for none.
    #[must_use]
    pub fn post_of(&self, number: u8) -> Option<&CheckpointId> {
        self.posts.get(usize::from(number).checked_sub(1)?)
    }
}

/// One sheet of a copy: its number p, the number q of sheets, and the rows of the permit it lists.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sheet {
    /// p, from 1.
    pub number: u8,
    /// q.
    pub of: u8,
    /// Row indexes of the travellers on it, from 0.
    pub rows: Range<usize>,
}

/// The sheets on which a copy lists `travellers` people, [`TRAVELLERS_PER_SHEET`] at most on each.
#[must_use]
pub fn sheets(travellers: usize) -> Vec<Sheet> {
    let of = travellers.div_ceil(TRAVELLERS_PER_SHEET);
    (0..of)
        .map(|index| Sheet {
            number: u8::try_from(index + 1).unwrap_or(u8::MAX),
            of: u8::try_from(of).unwrap_or(u8::MAX),
            rows: index * TRAVELLERS_PER_SHEET..travellers.min((index + 1) * TRAVELLERS_PER_SHEET),
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn posts(ids: &[&str]) -> Vec<CheckpointId> {
        ids.iter().map(|id| CheckpointId::new(*id)).collect()
    }

    #[test]
    fn a_copy_for_each_post_and_spares() {
        let plan = CopyPlan::new(posts(&["karasay", "torugart"]), 2, None);
        assert_eq!(plan.count(), 4);
        assert_eq!(plan.post_of(0), None);
        assert_eq!(plan.post_of(2), Some(&CheckpointId::new("torugart")));
        assert_eq!(plan.post_of(3), None);
    }

    #[test]
    fn fewer_copies_than_posts_are_never_printed() {
        assert_eq!(CopyPlan::new(posts(&["karasay", "torugart"]), 2, Some(1)).count(), 2);
        assert_eq!(CopyPlan::new(posts(&[]), 2, Some(9)).count(), 9);
    }

    #[test]
    fn sheets_cover_every_row_once() {
        for travellers in 1..=50 {
            let sheets = sheets(travellers);
            assert_eq!(sheets.len(), travellers.div_ceil(12));
            let rows: Vec<usize> = sheets.iter().flat_map(|sheet| sheet.rows.clone()).collect();
            assert_eq!(rows, (0..travellers).collect::<Vec<_>>());
        }
    }
}
