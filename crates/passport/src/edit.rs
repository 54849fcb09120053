//! The single edit that turns one text into another.

/// What one edit does. Indices are 0-based; `a` is the first text, `b` the second.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Edit {
    /// `a[at]` is `from`, `b[at]` is `to`.
    Substitute { at: usize, from: char, to: char },
    /// `a[at]` and `a[at + 1]` are exchanged.
    Transpose { at: usize, first: char, second: char },
    /// `a` lacks `missing`, which stands at `b[at]`.
    Missing { at: usize, missing: char },
    /// `a` has `extra` at `a[at]`, which `b` lacks.
    Extra { at: usize, extra: char },
}

impl Edit {
    /// The index in `a`.
    pub(crate) fn at(self) -> usize {
        match self {
            Self::Substitute { at, .. }
            | Self::Transpose { at, .. }
            | Self::Missing { at, .. }
            | Self::Extra { at, .. } => at,
        }
    }
}

/// The one edit from `a` to `b`, if they are exactly one edit apart. Linear.
pub(crate) fn single(a: &[char], b: &[char]) -> Option<Edit> {
    let at = common_prefix(a, b);
    let (rest_a, rest_b) = (a.get(at..)?, b.get(at..)?);
    match (rest_a, rest_b) {
        ([first, second, tail_a @ ..], [x, y, tail_b @ ..])
            if first == y && second == x && first != second && tail_a == tail_b =>
        {
            Some(Edit::Transpose { at, first: *first, second: *second })
        }
        ([from, tail_a @ ..], [to, tail_b @ ..]) if tail_a == tail_b => {
            Some(Edit::Substitute { at, from: *from, to: *to })
        }
        (rest, [missing, tail @ ..]) if rest == tail => Some(Edit::Missing { at, missing: *missing }),
        ([extra, tail @ ..], rest) if rest == tail => Some(Edit::Extra { at, extra: *extra }),
        _ => None,
    }
}

/// How many edits (substitution, neighbour swap, insertion, omission) lie between `a` and `b`: 0, 1, 2, or
/// `None` for more. Linear: after the common prefix and suffix, one edit is tried in each way.
pub(crate) fn distance(a: &[char], b: &[char]) -> Option<usize> {
    if a == b {
        return Some(0);
    }
    if single(a, b).is_some() {
        return Some(1);
    }
    let at = common_prefix(a, b);
    let (a, b) = (a.get(at..)?, b.get(at..)?);
    let one_more = |a: &[char], b: &[char]| a == b || single(a, b).is_some();
    let (rest_a, rest_b) = (a.get(1..), b.get(1..));
    let substituted = || one_more(rest_a?, rest_b?).then_some(2);
    let omitted = || one_more(a, rest_b?).then_some(2);
    let inserted = || one_more(rest_a?, b).then_some(2);
    let swapped = || match (a, b) {
        ([p, q, a @ ..], [x, y, b @ ..]) if p == y && q == x => one_more(a, b).then_some(2),
        _ => None,
    };
    substituted().or_else(omitted).or_else(inserted).or_else(swapped)
}

fn common_prefix(a: &[char], b: &[char]) -> usize {
    a.iter().zip(b).take_while(|(a, b)| a == b).count()
}

/// The look-alikes: 0ODQ 1ILT 2Z7 4A 5S 6G 8B.
const LOOK_ALIKES: [&str; 7] = ["0ODQ", "1ILT", "2Z7", "4A", "5S", "6G", "8B"];

/// The characters that are easily taken for `c`, without `c` itself.
pub(crate) fn look_alikes(c: char) -> impl Iterator<Item = char> {
    let class = LOOK_ALIKES.iter().find(|class| class.contains(c)).copied().unwrap_or_default();
    class.chars().filter(move |other| *other != c)
}

/// Two different characters of one class.
pub(crate) fn look_alike(a: char, b: char) -> bool {
    look_alikes(a).any(|other| other == b)
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::vec::Vec;

    fn chars(text: &str) -> Vec<char> {
        text.chars().collect()
    }

    #[test]
    fn one_edit_is_named_and_two_are_counted() {
        let edit = |a: &str, b: &str| single(&chars(a), &chars(b));
        assert_eq!(edit("AB12", "AB21"), Some(Edit::Transpose { at: 2, first: '1', second: '2' }));
        assert_eq!(edit("AB1", "AB2"), Some(Edit::Substitute { at: 2, from: '1', to: '2' }));
        assert_eq!(edit("AB", "AXB"), Some(Edit::Missing { at: 1, missing: 'X' }));
        assert_eq!(edit("AXB", "AB"), Some(Edit::Extra { at: 1, extra: 'X' }));
        assert_eq!(edit("AB", "AB"), None);
        assert_eq!(edit("", ""), None);
        let far = |a: &str, b: &str| distance(&chars(a), &chars(b));
        assert_eq!(far("ABCD", "ABCD"), Some(0));
        assert_eq!(far("ABCD", "AXCY"), Some(2));
        assert_eq!(far("ABCD", "CD"), Some(2));
        assert_eq!(far("ABCD", "BADC"), Some(2));
        assert_eq!(far("ABCD", "WXYZ"), None);
        assert_eq!(far("KADYRBEKOV", "KADIRBEKOVA"), Some(2));
    }

    #[test]
    fn look_alikes_stay_in_their_class() {
        assert!(look_alike('O', '0') && look_alike('1', 'T') && look_alike('7', 'Z'));
        assert!(!look_alike('O', 'O') && !look_alike('B', 'S') && !look_alike('E', 'F'));
    }
}
