//! The permit number that people read, type and say aloud.

use std::convert::Infallible;
use std::fmt;
use std::str::FromStr;

use thiserror::Error;

/// Crockford's Base32 alphabet: digits and capital letters without I, L, O and U.
const CROCKFORD: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";
/// The 36 characters over which ISO/IEC 7064 MOD 37,36 computes its check character.
const ISO_7064: &[u8; 36] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ";
/// Characters before the check character: 12 × 5 = 60 random bits.
const BODY: usize = 12;
/// Characters of a permit number, check character included, hyphens not.
pub const LENGTH: usize = BODY + 1;
/// Longest typed text that is looked at; anything longer is refused unread.
const MAX_TYPED: usize = 64;

/// A permit number: 12 random characters of Crockford Base32 and an ISO/IEC 7064 MOD 37,36 check character.
///
/// Printed `XXXX-XXXX-XXXX-C` by `Display`. It carries no meaning and can't be guessed (60 random bits, DESIGN.md §3).
///
/// ```
/// use propusk_permit::PermitNumber;
/// let number = PermitNumber::draw(|| [1; 8]);
/// let typed = number.to_string().to_lowercase().replace('0', "o");
/// assert_eq!(typed.parse(), Ok(number));
/// ```
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PermitNumber([u8; LENGTH]);

/// Why a typed text is no permit number. Positions count from 1 and skip hyphens and spaces.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum NumberError {
    /// The text has another number of characters than 13.
    #[error(
        "a permit number has {LENGTH} characters (XXXX-XXXX-XXXX-C), this one has {found}; compare it with the paper"
    )]
    Length {
        /// Characters found, hyphens and spaces not counted.
        found: usize,
    },
    /// A character that no permit number contains.
    #[error(
        "character {position} is “{found}”, which no permit number contains; only digits and capital letters without I, L, O and U are used"
    )]
    Alphabet {
        /// Position from 1.
        position: usize,
        /// The character that stands there.
        found: char,
    },
    /// The check character does not fit: something was mistyped or two characters were swapped.
    #[error(
        "the check character {found} does not fit the twelve before it: one character is wrong or two are swapped; compare it with the paper"
    )]
    CheckCharacter {
        /// The check character as typed.
        found: char,
    },
}

impl PermitNumber {
    /// Draws a number from `random`, which is asked again until the check character is in Crockford's alphabet too: a
    /// source that always gives the same bytes may be asked for ever.
    pub fn draw(mut random: impl FnMut() -> [u8; 8]) -> Self {
        match Self::try_draw(|| Ok::<_, Infallible>(random())) {
            Ok(number) => number,
            Err(never) => match never {},
        }
    }

    /// Draws a number from a source that can fail.
    ///
    /// # Errors
    /// The source's own.
    pub fn try_draw<E>(mut random: impl FnMut() -> Result<[u8; 8], E>) -> Result<Self, E> {
        loop {
            let mut bits = u64::from_be_bytes(random()?);
            let mut text = [b'0'; LENGTH];
            for slot in text.iter_mut().take(BODY) {
                *slot = CROCKFORD[(bits & 31) as usize];
                bits >>= 5;
            }
            let check = check_character(&text[..BODY]);
            if CROCKFORD.contains(&check) {
                text[BODY] = check;
                return Ok(Self(text));
            }
        }
    }

    /// The 13 characters without hyphens, as the seal carries them (SEAL.md, feature 01).
    #[must_use]
    pub fn compact(&self) -> &str {
        std::str::from_utf8(&self.0).unwrap_or_default()
    }
}

/// ISO/IEC 7064 MOD 37,36 (hybrid system): the character that makes the number's checksum 1.
fn check_character(body: &[u8]) -> u8 {
    let product = body.iter().fold(36, |product, character| {
        let value = ISO_7064.iter().position(|c| c == character).unwrap_or(0);
        let sum = match (product + value) % 36 {
            0 => 36,
            sum => sum,
        };
        sum * 2 % 37
    });
    ISO_7064[(37 - product) % 36]
}

impl FromStr for PermitNumber {
    type Err = NumberError;

    /// Reads a typed number: hyphens, spaces and case don't matter, O is read as 0, I and L as 1.
    fn from_str(typed: &str) -> Result<Self, NumberError> {
        let characters: Vec<char> = typed
            .chars()
            .take(MAX_TYPED)
            .filter(|c| !c.is_whitespace() && !matches!(c, '-' | '–' | '—'))
            .collect();
        if characters.len() != LENGTH {
            return Err(NumberError::Length { found: characters.len() });
        }
        let mut text = [b'0'; LENGTH];
        for (index, (slot, &found)) in text.iter_mut().zip(&characters).enumerate() {
            let read = match found.to_ascii_uppercase() {
                'O' => '0',
                'I' | 'L' => '1',
                other => other,
            };
            *slot = u8::try_from(read)
                .ok()
                .filter(|byte| CROCKFORD.contains(byte))
                .ok_or(NumberError::Alphabet { position: index + 1, found })?;
        }
        if check_character(&text[..BODY]) == text[BODY] {
            Ok(Self(text))
        } else {
            Err(NumberError::CheckCharacter { found: text[BODY] as char })
        }
    }
}

impl fmt::Display for PermitNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = self.compact();
        write!(f, "{}-{}-{}-{}", &text[..4], &text[4..8], &text[8..12], &text[12..])
    }
}

impl fmt::Debug for PermitNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "PermitNumber({self})")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn any_number() -> impl Strategy<Value = PermitNumber> {
        any::<u64>().prop_map(|seed| {
            let mut next = seed;
            PermitNumber::draw(|| {
                next = next.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
                next.to_be_bytes()
            })
        })
    }

    #[test]
    fn iso_7064_example_holds() {
        // ISO 7064:2003 annex example for MOD 37,36: the string A12425GABC1234002 has check character M.
        assert_eq!(check_character(b"A12425GABC1234002"), b'M');
    }

    #[test]
    fn errors_say_what_and_where() {
        assert_eq!("1234".parse::<PermitNumber>(), Err(NumberError::Length { found: 4 }));
        assert_eq!(
            "ABCU-EFGH-1234-5".parse::<PermitNumber>(),
            Err(NumberError::Alphabet { position: 4, found: 'U' })
        );
        assert_eq!(
            "Ж".repeat(13).parse::<PermitNumber>(),
            Err(NumberError::Alphabet { position: 1, found: 'Ж' })
        );
        assert_eq!(
            "A".repeat(10_000_000).parse::<PermitNumber>(),
            Err(NumberError::Length { found: MAX_TYPED })
        );
    }

    proptest! {
        #[test]
        fn survives_print_and_parse(number in any_number()) {
            prop_assert_eq!(number.to_string().parse(), Ok(number));
            prop_assert_eq!(number.compact().to_lowercase().parse(), Ok(number));
        }

        #[test]
        fn every_single_substitution_is_caught(number in any_number(), at in 0..LENGTH, with in 0..32usize) {
            let mut text = number.compact().as_bytes().to_vec();
            prop_assume!(text[at] != CROCKFORD[with]);
            text[at] = CROCKFORD[with];
            prop_assert!(String::from_utf8(text).unwrap().parse::<PermitNumber>().is_err());
        }

        #[test]
        fn nearly_every_swap_is_caught(seed in any::<u64>()) {
            // ISO/IEC 7064 MOD 37,36 misses a small share of adjacent transpositions; count over many numbers.
            let (mut swaps, mut missed) = (0, 0);
            for step in 0..200u64 {
                let mut next = seed.wrapping_add(step);
                let number = PermitNumber::draw(|| {
                    next = next.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
                    next.to_be_bytes()
                });
                for at in 0..LENGTH - 1 {
                    let mut text = number.compact().as_bytes().to_vec();
                    if text[at] != text[at + 1] {
                        text.swap(at, at + 1);
                        swaps += 1;
                        missed += usize::from(String::from_utf8(text).unwrap().parse::<PermitNumber>().is_ok());
                    }
                }
            }
            prop_assert!(missed * 50 < swaps, "{} of {} swaps went unseen", missed, swaps);
        }
    }
}
