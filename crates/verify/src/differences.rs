//! Which characters two values differ in, as long as they are few.

use propusk_passport::name;
use serde::{Deserialize, Serialize};

/// Beyond so many characters nothing is told but "differs" (DESIGN.md §5, "Who may ask what").
const MOST: usize = 2;
/// Longer values are not aligned: no field of a passport is longer.
const LONGEST: usize = 128;

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

/// A document number as it is compared: upper case, letters and digits only.
pub(crate) fn number(text: &str) -> String {
    text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_uppercase).collect()
}

/// A name as it is compared (9303-3 §4.6).
pub(crate) fn folded_name(text: &str) -> String {
    name::fold(text)
}

/// The characters that differ, one or two; `None` where there are more. Equal values give an empty list.
pub(crate) fn differences(yours: &str, permit: &str) -> Option<Vec<Difference>> {
    let (a, b): (Vec<char>, Vec<char>) = (yours.chars().collect(), permit.chars().collect());
    if a.len().max(b.len()) > LONGEST || a.len().abs_diff(b.len()) > MOST {
        return None;
    }
    let difference = |at: usize, a: Option<&char>, b: Option<&char>| Difference {
        position: at + 1,
        yours: a.map(char::to_string).unwrap_or_default(),
        permit: b.map(char::to_string).unwrap_or_default(),
    };
    let mut found = Vec::new();
    let (mut i, mut j) = (0, 0);
    while i < a.len() || j < b.len() {
        if found.len() > MOST {
            return None;
        }
        let (x, y) = (a.get(i), b.get(j));
        if x == y {
            (i, j) = (i + 1, j + 1);
            continue;
        }
        // Of the three ways on, the one that leaves the least to differ.
        let rest =
            |i: usize, j: usize| distance(a.get(i..).unwrap_or_default(), b.get(j..).unwrap_or_default());
        let (changed, extra, missing) = (rest(i + 1, j + 1), rest(i + 1, j), rest(i, j + 1));
        if x.is_some() && y.is_some() && changed <= extra && changed <= missing {
            found.push(difference(i, x, y));
            (i, j) = (i + 1, j + 1);
        } else if x.is_some() && (y.is_none() || extra <= missing) {
            found.push(difference(i, x, None));
            i += 1;
        } else {
            found.push(difference(i, None, y));
            j += 1;
        }
    }
    (found.len() <= MOST).then_some(found)
}

fn distance(a: &[char], b: &[char]) -> usize {
    strsim::generic_levenshtein(&Slice(a), &Slice(b))
}

/// What `strsim` compares.
struct Slice<'a>(&'a [char]);

impl<'b> IntoIterator for &Slice<'b> {
    type Item = &'b char;
    type IntoIter = std::slice::Iter<'b, char>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.iter()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(yours: &str, permit: &str) -> Option<Vec<(usize, String, String)>> {
        Some(differences(yours, permit)?.into_iter().map(|d| (d.position, d.yours, d.permit)).collect())
    }

    #[test]
    fn one_or_two_characters_are_named() {
        let one = |at, a: &str, b: &str| (at, a.to_owned(), b.to_owned());
        assert_eq!(told("L898902C3", "L8989O2C3"), Some(vec![one(6, "0", "O")]));
        assert_eq!(told("AB12", "AB21"), Some(vec![one(3, "1", "2"), one(4, "2", "1")]));
        assert_eq!(told("ERIKSSON", "ERIKSON").unwrap().len(), 1);
        assert_eq!(told("ERIKSON", "ERIKSSON").unwrap().len(), 1);
        assert_eq!(told("M", "F"), Some(vec![one(1, "M", "F")]));
        assert_eq!(told("SAME", "SAME"), Some(vec![]));
        assert_eq!(told("", "AB"), Some(vec![one(1, "", "A"), one(1, "", "B")]));
    }

    #[test]
    fn three_are_not_told() {
        assert_eq!(told("1974-08-12", "1980-01-02"), None);
        assert_eq!(told("ABC", "XYZ"), None);
        assert_eq!(told("ABC", ""), None);
        assert_eq!(told(&"A".repeat(1_000_000), &"A".repeat(1_000_000)), None);
    }
}
