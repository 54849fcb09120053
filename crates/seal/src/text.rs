//! The text form: `KGBZ` and unpadded Base32 (RFC 4648 §6).
//!
//! It fits the alphanumeric mode of a QR code, and each of its characters survives a keyboard-wedge scanner
//! that is set to any Latin layout.

use data_encoding::{BASE32_NOPAD, DecodeKind};

use crate::error::SealError;
use crate::header::MAGIC;
use crate::seal::{MAX_SEAL_BYTES, parse};

/// What every text form begins with.
pub const TEXT_PREFIX: &str = "KGBZ";

/// The most bytes of text that are looked at, white space included; the longest seal takes 4729.
pub const MAX_TEXT_BYTES: usize = 5000;

/// Writes the bytes of a seal as text.
#[must_use]
pub fn to_text(bytes: &[u8]) -> String {
    let mut text = String::from(TEXT_PREFIX);
    BASE32_NOPAD.encode_append(bytes, &mut text);
    text
}

/// Reads the text form. White space around it and lower case are tolerated, nothing else.
///
/// # Errors
/// [`SealError::Character`] names the first character that can't be there, and where;
/// [`SealError::TextLength`] and [`SealError::TrailingBits`] tell of characters missing at the end.
pub fn from_text(text: &str) -> Result<Vec<u8>, SealError> {
    if text.len() > MAX_TEXT_BYTES {
        return Err(SealError::TextTooLong { len: text.len(), max: MAX_TEXT_BYTES });
    }
    let text = text.trim();
    let prefix = text.get(..TEXT_PREFIX.len()).filter(|start| start.eq_ignore_ascii_case(TEXT_PREFIX));
    let encoded = prefix.and_then(|prefix| text.get(prefix.len()..)).ok_or(SealError::Prefix)?;
    let allowed = |c: char| c.is_ascii_alphabetic() || ('2'..='7').contains(&c);
    if let Some((position, character)) = encoded.chars().enumerate().find(|&(_, c)| !allowed(c)) {
        return Err(SealError::Character { position: position + TEXT_PREFIX.len(), character });
    }
    let bytes =
        BASE32_NOPAD.decode(encoded.to_ascii_uppercase().as_bytes()).map_err(|error| match error.kind {
            DecodeKind::Trailing => SealError::TrailingBits { position: text.len() - 1 },
            _ => SealError::TextLength { len: encoded.len() },
        })?;
    if bytes.len() > MAX_SEAL_BYTES {
        return Err(SealError::TooLong { len: bytes.len(), max: MAX_SEAL_BYTES });
    }
    Ok(bytes)
}

/// Reads what a scanner delivers: raw bytes that begin with `DC`, or the text form.
///
/// # Errors
/// Those of [`from_text`]; [`SealError::TooLong`] for raw bytes beyond [`MAX_SEAL_BYTES`].
pub fn read_scan(scanned: &[u8]) -> Result<Vec<u8>, SealError> {
    if scanned.first() == Some(&MAGIC) {
        if scanned.len() > MAX_SEAL_BYTES {
            return Err(SealError::TooLong { len: scanned.len(), max: MAX_SEAL_BYTES });
        }
        return Ok(scanned.to_vec());
    }
    if scanned.len() > MAX_TEXT_BYTES {
        return Err(SealError::TextTooLong { len: scanned.len(), max: MAX_TEXT_BYTES });
    }
    match std::str::from_utf8(scanned) {
        Ok(text) => from_text(text),
        Err(_) => Err(SealError::Prefix),
    }
}

/// How much of a text is a seal: a scanner that is interrupted gives less, one that is too quick gives more.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Extent {
    /// All of it, and nothing else.
    Whole,
    /// The seal goes on after the end of the text.
    Short,
    /// The seal ends after so many characters, and more follows.
    Long(usize),
    /// What stands there is not how a seal is built.
    Broken,
}

/// Measures the seal at the start of a text by its own structure; `None` where the text does not begin with
/// [`TEXT_PREFIX`]. Says nothing about the signature. Case does not matter.
#[must_use]
pub fn extent(text: &str) -> Option<Extent> {
    let start = text.get(..TEXT_PREFIX.len()).filter(|start| start.eq_ignore_ascii_case(TEXT_PREFIX))?;
    let encoded = text.get(start.len()..).unwrap_or_default();
    let values: Vec<u8> = encoded.chars().map_while(base32_value).collect();
    let all = values.len() == encoded.chars().count();
    let bytes = whole_bytes(values.get(..values.len().min(MAX_TEXT_BYTES)).unwrap_or_default());
    let needed = match parse(bytes.get(..MAX_SEAL_BYTES.min(bytes.len())).unwrap_or_default()) {
        Ok(_) => bytes.len(),
        Err(SealError::Trailing { offset, .. }) => offset,
        Err(SealError::Cut { .. } | SealError::NoSignature { .. }) => {
            return Some(if all { Extent::Short } else { Extent::Broken });
        }
        Err(_) => return Some(Extent::Broken),
    };
    let characters = TEXT_PREFIX.len() + (needed * 8).div_ceil(5);
    Some(if characters == text.chars().count() { Extent::Whole } else { Extent::Long(characters) })
}

fn base32_value(c: char) -> Option<u8> {
    match c {
        'A'..='Z' => Some(c as u8 - b'A'),
        'a'..='z' => Some(c as u8 - b'a'),
        '2'..='7' => Some(c as u8 - b'2' + 26),
        _ => None,
    }
}

/// The bytes that are complete after these Base32 digits.
fn whole_bytes(values: &[u8]) -> Vec<u8> {
    let (mut bytes, mut bits, mut held) = (Vec::with_capacity(values.len() * 5 / 8), 0_u32, 0);
    for value in values {
        bits = bits << 5 | u32::from(*value);
        held += 5;
        if held >= 8 {
            held -= 8;
            bytes.push((bits >> held & 0xff) as u8);
        }
    }
    bytes
}
