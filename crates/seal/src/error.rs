//! Why bytes or a text are not a seal.

use thiserror::Error;

use crate::c40::C40Error;
use crate::date::DateError;

/// A rule of Doc 9303-13 (or of the text form) that the input breaks; offsets count bytes from 0.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum SealError {
    /// More bytes than any QR code holds.
    #[error("the seal has {len} bytes, at most {max} are read")]
    TooLong {
        /// The number of bytes found.
        len: usize,
        /// The limit, [`crate::MAX_SEAL_BYTES`].
        max: usize,
    },
    /// The seal ends inside a field.
    #[error("the seal is cut at byte {offset}: {expected} needs {needed} bytes, {left} are left")]
    Cut {
        /// Where the field begins.
        offset: usize,
        /// The field that was expected.
        expected: &'static str,
        /// The field's size in bytes.
        needed: usize,
        /// The bytes that are left.
        left: usize,
    },
    /// The first byte is not `DC`.
    #[error("byte 0 is {found:02x}, a seal begins with dc")]
    Magic {
        /// The byte found.
        found: u8,
    },
    /// A header version other than `02` and `03`.
    #[error("byte 1 is {found:02x}, the header versions that are read are 02 and 03")]
    Version {
        /// The byte found.
        found: u8,
    },
    /// A header field is not C40.
    #[error("the {field} at byte {offset} is not C40: {source}")]
    C40 {
        /// Where the field begins.
        offset: usize,
        /// The field's name.
        field: &'static str,
        /// What is wrong with it.
        source: C40Error,
    },
    /// The two characters that tell the length of the certificate reference are not hexadecimal.
    #[error(
        "the length of the certificate reference in bytes {offset} to {} is not two hexadecimal digits above 00",
        offset + 3
    )]
    ReferenceLength {
        /// Where the four bytes with the signer and the length begin.
        offset: usize,
    },
    /// A header field with another number of characters than it must have.
    #[error("the {field} at byte {offset} has {found} characters, expected {expected}")]
    Characters {
        /// Where the field begins.
        offset: usize,
        /// The field's name.
        field: &'static str,
        /// The number of characters that it must have.
        expected: usize,
        /// The number of characters found.
        found: usize,
    },
    /// A header date that does not exist.
    #[error("the {field} at byte {offset}: {source}")]
    Date {
        /// Where the field begins.
        offset: usize,
        /// The field's name.
        field: &'static str,
        /// What is wrong with it.
        source: DateError,
    },
    /// A length that is not DER: indefinite, longer than it must be, or over two bytes.
    #[error("the length at byte {offset} begins with {found:02x} and is not the shortest DER length")]
    Length {
        /// Where the length begins.
        offset: usize,
        /// The first byte of the length.
        found: u8,
    },
    /// The message zone runs to the end without a signature.
    #[error("the seal ends at byte {offset} where a feature or the signature (ff) was expected")]
    NoSignature {
        /// The length of the seal.
        offset: usize,
    },
    /// The signature is not r and s of the same size.
    #[error("the signature at byte {offset} has {len} bytes, expected r and s of the same size")]
    SignatureLength {
        /// Where the signature's value begins.
        offset: usize,
        /// Its length.
        len: usize,
    },
    /// Bytes after the signature, where nothing may stand.
    #[error("{count} bytes follow the signature, which ends at byte {offset}")]
    Trailing {
        /// Where the signature ends.
        offset: usize,
        /// The number of bytes after it.
        count: usize,
    },
    /// A text that is longer than the longest seal's.
    #[error("the text has {len} characters, at most {max} are read")]
    TextTooLong {
        /// The number of bytes of the text found.
        len: usize,
        /// The limit, [`crate::MAX_TEXT_BYTES`].
        max: usize,
    },
    /// A text that is not the text form of a seal.
    #[error("the text does not begin with KGBZ")]
    Prefix,
    /// A character that is not of the Base32 alphabet.
    #[error("character {character:?} at position {position} cannot be in a seal; only A-Z and 2-7 can")]
    Character {
        /// Position in characters from 0, counted from the `K` of `KGBZ`.
        position: usize,
        /// The character found.
        character: char,
    },
    /// A number of Base32 characters that no bytes are written as: some are missing.
    #[error("{len} characters follow KGBZ; a whole seal never has that many, some are missing")]
    TextLength {
        /// The number of characters after the prefix.
        len: usize,
    },
    /// The last Base32 character carries bits that belong to no byte.
    #[error("the last character, at position {position}, is not one that a seal can end with")]
    TrailingBits {
        /// Position in characters from 0, counted from the `K` of `KGBZ`.
        position: usize,
    },
    /// A header or feature that can't be written: the reader would reject it.
    #[error("the {field} cannot be written: {reason}")]
    Unwritable {
        /// The field's name.
        field: &'static str,
        /// What it would have to be.
        reason: &'static str,
    },
}
