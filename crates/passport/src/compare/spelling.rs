//! Which spellings are spellings of the same letters.

use crate::issuer::same_state;
use crate::name::Token;
use crate::translit::spells;

/// How names are compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Manner {
    pub(super) spelling: Spelling,
    /// The passport's name fills its field, so its parts may be cut.
    pub(super) truncated: bool,
}

/// Which pairs of Latin spellings are two spellings of one letter.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Spelling {
    /// Ң N/NG, Ө O/OE, Ү U/UE, Ж J/ZH/DZH, Х H/KH: states that write Cyrillic.
    Cyrillic,
    /// Ä AE/A, Å AA/A, Ö OE/O, Ü UE/UXX/U, Ñ N/NXX: all others.
    Latin,
}

impl Spelling {
    pub(super) fn of(state: Option<&str>) -> Self {
        const CYRILLIC: [&str; 12] =
            ["KGZ", "KAZ", "RUS", "UZB", "TJK", "TKM", "MNG", "UKR", "BLR", "BGR", "SRB", "MKD"];
        let cyrillic = state.is_some_and(|state| CYRILLIC.iter().any(|code| same_state(code, state)));
        if cyrillic { Self::Cyrillic } else { Self::Latin }
    }

    fn pairs(self) -> &'static [(&'static str, char)] {
        match self {
            Self::Cyrillic => {
                &[("DZH", 'J'), ("ZH", 'J'), ("KH", 'H'), ("NG", 'N'), ("OE", 'O'), ("UE", 'U')]
            }
            Self::Latin => &[("UXX", 'U'), ("NXX", 'N'), ("AE", 'A'), ("AA", 'A'), ("OE", 'O'), ("UE", 'U')],
        }
    }

    /// The letters in one spelling for all that the pairs make equal.
    fn canonical(self, letters: &[char]) -> impl Iterator<Item = char> {
        let mut rest = letters;
        core::iter::from_fn(move || {
            let (first, tail) = rest.split_first()?;
            match self.pairs().iter().find(|(long, _)| starts_with(rest, long)) {
                Some((long, short)) => {
                    rest = rest.get(long.len()..).unwrap_or_default();
                    Some(*short)
                }
                None => {
                    rest = tail;
                    Some(*first)
                }
            }
        })
    }
}

fn starts_with(letters: &[char], text: &str) -> bool {
    letters.len() >= text.len() && text.chars().zip(letters).all(|(a, b)| a == *b)
}

/// Whether two parts are spellings of the same letters: by the tables where one side is not plain Latin, else
/// by the pairs of the passport's state.
pub(super) fn variant(a: &Token, b: &Token, spelling: Spelling) -> bool {
    spells(a, &b.folded)
        || spells(b, &a.folded)
        || spelling.canonical(&a.folded).eq(spelling.canonical(&b.folded))
}
