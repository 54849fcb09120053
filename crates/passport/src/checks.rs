//! Check digits: 9303-3 §4.9 (weights 7, 3, 1; modulus 10).

/// Marks a byte outside A–Z, 0–9 and `<`; its top bit lets a whole MRZ be checked by one OR.
pub(crate) const NOT_MRZ: u8 = 0x80;

/// What a byte of an MRZ is worth (9303-3 §4.9): digits their value, A to Z 10 to 35, `<` 0; [`NOT_MRZ`] for
/// every byte that may not stand in an MRZ. Without a table, so that a loop over it becomes vector code.
#[inline]
pub(crate) const fn worth(byte: u8) -> u8 {
    let digit = byte.wrapping_sub(b'0');
    let letter = byte.wrapping_sub(b'A');
    let other = if byte == b'<' { 0 } else { NOT_MRZ };
    let letter_or_other = if letter < 26 { letter + 10 } else { other };
    if digit < 10 { digit } else { letter_or_other }
}

/// The value of one MRZ byte, or `None` if it may not stand in an MRZ.
pub(crate) fn value(byte: u8) -> Option<u8> {
    Some(worth(byte)).filter(|value| *value != NOT_MRZ)
}

/// The check digit of `text`, 0 to 9: 9303-3 §4.9, with the fillers counted as zeros.
///
/// `None` when a character is not A–Z (upper case), 0–9 or `<`.
///
/// ```
/// assert_eq!(propusk_passport::check_digit("AB2134<<<"), Some(5));
/// assert_eq!(propusk_passport::check_digit("ab"), None);
/// ```
#[must_use]
pub fn check_digit(text: &str) -> Option<u8> {
    let mut sum = 0u32;
    for (weight, byte) in [7u32, 3, 1].into_iter().cycle().zip(text.bytes()) {
        sum = (sum + weight * u32::from(value(byte)?)) % 10;
    }
    u8::try_from(sum).ok()
}

/// The values of a field summed by their place modulo three: from these the weighted sum follows for every
/// weight that the field can begin with, so the composite digit costs nothing more.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Residues {
    sums: [u32; 3],
    length: usize,
}

impl Residues {
    #[inline]
    pub(crate) fn of(values: &[u8]) -> Self {
        let mut sums = [0u32; 3];
        let mut triples = values.chunks_exact(3);
        for triple in &mut triples {
            sums[0] += u32::from(triple[0]);
            sums[1] += u32::from(triple[1]);
            sums[2] += u32::from(triple[2]);
        }
        for (sum, value) in sums.iter_mut().zip(triples.remainder()) {
            *sum += u32::from(*value);
        }
        Self { sums, length: values.len() }
    }

    /// The weighted sum where the first character has the weight 7, 3 or 1 for `place` modulo three 0, 1 or 2.
    /// Not yet reduced.
    #[inline]
    pub(crate) fn weighted(self, place: usize) -> u32 {
        let [a, b, c] = self.sums;
        match place % 3 {
            0 => 7 * a + 3 * b + c,
            1 => 3 * a + b + 7 * c,
            _ => a + 7 * b + 3 * c,
        }
    }

    pub(crate) fn len(self) -> usize {
        self.length
    }
}

/// The outcome of one check digit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Check {
    /// The digit is the one that its field gives.
    Right,
    /// The digit is another one, a letter, or a filler where none may stand.
    Wrong,
    /// This format has no such digit.
    Absent,
}

impl Check {
    pub(crate) fn of(right: bool) -> Self {
        if right { Self::Right } else { Self::Wrong }
    }
}

/// Every check digit of a document, separately.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Checks {
    /// Document number (9303-4 §4.2.4; for long numbers 9303-5 §4.2.2 note j).
    pub document_number: Check,
    /// Date of birth.
    pub date_of_birth: Check,
    /// Date of expiry (for a visa: valid until).
    pub date_of_expiry: Check,
    /// TD3's optional data; `<` and `0` are both right where the field is empty (9303-4 §4.2.2.2).
    pub optional: Check,
    /// The overall digit of TD1, TD2 and TD3.
    pub composite: Check,
}

impl Checks {
    /// All checks with the names that test suites use: `document_number`, `date_of_birth`,
    /// `date_of_expiry`, `optional`, `composite`.
    #[must_use]
    pub fn named(&self) -> [(&'static str, Check); 5] {
        [
            ("document_number", self.document_number),
            ("date_of_birth", self.date_of_birth),
            ("date_of_expiry", self.date_of_expiry),
            ("optional", self.optional),
            ("composite", self.composite),
        ]
    }

    /// The names of the checks that are wrong, in the order of [`Checks::named`].
    pub fn failed(&self) -> impl Iterator<Item = &'static str> {
        self.named().into_iter().filter(|(_, check)| *check == Check::Wrong).map(|(name, _)| name)
    }

    /// No check is wrong.
    #[must_use]
    pub fn all_right(&self) -> bool {
        let wrong =
            [self.document_number, self.date_of_birth, self.date_of_expiry, self.optional, self.composite];
        !wrong.contains(&Check::Wrong)
    }
}
