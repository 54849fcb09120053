//! C40, as Doc 9303-13 narrows it: `A`–`Z`, `0`–`9` and space, with `<` written as a space.
//!
//! Three characters a, b, c become the number 1600a + 40b + c + 1 in two bytes, big-endian. Two characters
//! left over are written with c = 0; one left over as `FE` and its ASCII code + 1 (Doc 9303-13 §2.6.1).

use thiserror::Error;

const SPACE: u16 = 3;
const DIGITS: u16 = 4;
const LETTERS: u16 = 14;
const LAST: u16 = 39;
/// The first byte of the pair that carries a single character.
const UNLATCH: u8 = 0xFE;

/// Why a text can't be written in C40, or why bytes are not C40.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum C40Error {
    /// The text has a character that C40 as used in seals can't carry.
    #[error(
        "character {character:?} at position {position} cannot be written in C40; use A-Z, 0-9, space or <"
    )]
    Character {
        /// Position in characters, from 0.
        position: usize,
        /// The character found.
        character: char,
    },
    /// C40 comes in pairs of bytes.
    #[error("{len} bytes of C40, expected an even number")]
    OddLength {
        /// The number of bytes found.
        len: usize,
    },
    /// Two bytes that no characters are written as.
    #[error("bytes {value:04x} at {offset} of the C40 value stand for no characters")]
    Pair {
        /// Offset of the pair within the C40 value.
        offset: usize,
        /// The pair, big-endian.
        value: u16,
    },
}

/// The number of bytes that `chars` characters take: two for each three characters begun.
#[must_use]
pub const fn encoded_len(chars: usize) -> usize {
    chars.div_ceil(3) * 2
}

/// Writes a text in C40; `<` becomes a space.
///
/// # Errors
/// [`C40Error::Character`] names the first character that C40 can't carry (lower case is not accepted).
pub fn encode(text: &str) -> Result<Vec<u8>, C40Error> {
    let codes = text
        .chars()
        .enumerate()
        .map(|(position, character)| code(character).ok_or(C40Error::Character { position, character }))
        .collect::<Result<Vec<u16>, _>>()?;
    let mut bytes = Vec::with_capacity(encoded_len(codes.len()));
    for triple in codes.chunks(3) {
        match *triple {
            [a, b, c] => bytes.extend(pack(a, b, c)),
            [a, b] => bytes.extend(pack(a, b, 0)),
            [a] => bytes.extend([UNLATCH, ascii(a) + 1]),
            _ => {}
        }
    }
    Ok(bytes)
}

/// Reads C40; spaces stay spaces (the bytes do not tell a space from a `<`), trailing ones too.
///
/// # Errors
/// [`C40Error::OddLength`] and [`C40Error::Pair`] when the bytes are not C40 as used in seals.
pub fn decode(bytes: &[u8]) -> Result<String, C40Error> {
    if !bytes.len().is_multiple_of(2) {
        return Err(C40Error::OddLength { len: bytes.len() });
    }
    let mut text = String::with_capacity(bytes.len() / 2 * 3);
    for (index, pair) in bytes.chunks_exact(2).enumerate() {
        let value = pair.iter().fold(0_u16, |value, &byte| value << 8 | u16::from(byte));
        let offset = index * 2;
        let last = offset + 2 == bytes.len();
        unpack(value, last, &mut text).ok_or(C40Error::Pair { offset, value })?;
    }
    Ok(text)
}

fn unpack(value: u16, last: bool, text: &mut String) -> Option<()> {
    let [first, second] = value.to_be_bytes();
    if first == UNLATCH {
        let left_over = if last { code(char::from(second.checked_sub(1)?))? } else { return None };
        text.push(char::from(ascii(left_over)));
        return Some(());
    }
    let packed = value.checked_sub(1)?;
    let (a, b, c) = (packed / 1600, packed % 1600 / 40, packed % 40);
    let valid = |code: u16| (SPACE..=LAST).contains(&code);
    if !valid(a) || !valid(b) || !(valid(c) || last && c == 0) {
        return None;
    }
    text.push(char::from(ascii(a)));
    text.push(char::from(ascii(b)));
    if c != 0 {
        text.push(char::from(ascii(c)));
    }
    Some(())
}

fn pack(a: u16, b: u16, c: u16) -> [u8; 2] {
    (1600 * a + 40 * b + c + 1).to_be_bytes()
}

fn code(character: char) -> Option<u16> {
    let byte = u8::try_from(character).ok()?;
    match byte {
        b' ' | b'<' => Some(SPACE),
        b'0'..=b'9' => Some(DIGITS + u16::from(byte - b'0')),
        b'A'..=b'Z' => Some(LETTERS + u16::from(byte - b'A')),
        _ => None,
    }
}

/// The ASCII byte of a code between `SPACE` and `LAST`, which the callers have checked.
fn ascii(code: u16) -> u8 {
    const ALPHABET: &[u8; 40] = b"    0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ";
    ALPHABET.get(usize::from(code)).copied().unwrap_or(b' ')
}
