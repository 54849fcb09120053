//! Which characters two values differ in, as they are told: few, or none at all (DESIGN.md §5, "Who may ask what").

use propusk_passport::{Unlike, unlike};
use serde::{Deserialize, Serialize};

/// One character that differs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Difference {
    /// Counted from 1 in the asker's value, blanks and hyphens of a number left out.
    pub position: usize,
    /// What the asker says there; empty where a character is missing.
    pub yours: String,
    /// What the permit says there; empty where it lacks the character.
    pub permit: String,
}

impl Difference {
    fn of(unlike: Unlike) -> Self {
        let text = |c: Option<char>| c.into_iter().collect();
        Self { position: unlike.at + 1, yours: text(unlike.first), permit: text(unlike.second) }
    }

    /// As the comparison had it.
    pub(crate) fn unlike(&self) -> Unlike {
        let (first, second) = (self.yours.chars().next(), self.permit.chars().next());
        Unlike { at: self.position.saturating_sub(1), first, second }
    }
}

/// The characters that differ, one or two; `None` where there are more. Equal values give an empty list.
pub(crate) fn differences(yours: &str, permit: &str) -> Option<Vec<Difference>> {
    unlike(yours, permit).map(|list| list.into_iter().map(Difference::of).collect())
}
