//! Which spellings are spellings of the same letters.

use crate::issuer::canonical as canonical_state;
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
        let state = state.map(canonical_state).unwrap_or_default();
        let cyrillic = CYRILLIC.iter().any(|code| code.eq_ignore_ascii_case(state));
        if cyrillic { Self::Cyrillic } else { Self::Latin }
    }

    /// The short spelling that letters begin with in a longer one, and how many letters the longer one has.
    fn longer(self, letters: &[char]) -> Option<(usize, char)> {
        match (self, letters) {
            (Self::Cyrillic, ['D', 'Z', 'H', ..]) => Some((3, 'J')),
            (Self::Cyrillic, ['Z', 'H', ..]) => Some((2, 'J')),
            (Self::Cyrillic, ['K', 'H', ..]) => Some((2, 'H')),
            (Self::Cyrillic, ['N', 'G', ..]) => Some((2, 'N')),
            (Self::Latin, ['U', 'X', 'X', ..]) => Some((3, 'U')),
            (Self::Latin, ['N', 'X', 'X', ..]) => Some((3, 'N')),
            (Self::Latin, ['A', 'E' | 'A', ..]) => Some((2, 'A')),
            (_, ['O', 'E', ..]) => Some((2, 'O')),
            (_, ['U', 'E', ..]) => Some((2, 'U')),
            _ => None,
        }
    }

    /// The letters in one spelling for all that the pairs make equal.
    fn canonical(self, letters: &[char]) -> impl Iterator<Item = char> {
        let mut rest = letters;
        core::iter::from_fn(move || {
            let (first, tail) = rest.split_first()?;
            match self.longer(rest) {
                Some((length, short)) => {
                    rest = rest.get(length..).unwrap_or_default();
                    Some(short)
                }
                None => {
                    rest = tail;
                    Some(*first)
                }
            }
        })
    }
}

/// Whether two parts are spellings of the same letters: by the tables where one side is not plain Latin, else
/// by the pairs of the passport's state.
pub(super) fn variant(a: &Token, b: &Token, spelling: Spelling) -> bool {
    spells(a, &b.folded)
        || spells(b, &a.folded)
        || spelling.canonical(&a.folded).eq(spelling.canonical(&b.folded))
}
