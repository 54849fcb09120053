//! A cursor over a seal's bytes that knows where it is.

use crate::error::SealError;

pub(crate) struct Reader<'a> {
    bytes: &'a [u8],
    offset: usize,
}

impl<'a> Reader<'a> {
    pub(crate) const fn new(bytes: &'a [u8]) -> Self {
        Self { bytes, offset: 0 }
    }

    pub(crate) const fn offset(&self) -> usize {
        self.offset
    }

    pub(crate) const fn left(&self) -> usize {
        self.bytes.len().saturating_sub(self.offset)
    }

    /// The bytes read so far.
    pub(crate) fn consumed(&self) -> &'a [u8] {
        self.bytes.get(..self.offset).unwrap_or_default()
    }

    pub(crate) fn take(&mut self, needed: usize, expected: &'static str) -> Result<&'a [u8], SealError> {
        let cut = SealError::Cut { offset: self.offset, expected, needed, left: self.left() };
        let end = self.offset.checked_add(needed);
        let taken = end.and_then(|end| self.bytes.get(self.offset..end)).ok_or(cut)?;
        self.offset += needed;
        Ok(taken)
    }

    pub(crate) fn array<const N: usize>(&mut self, expected: &'static str) -> Result<[u8; N], SealError> {
        let cut = SealError::Cut { offset: self.offset, expected, needed: N, left: self.left() };
        <[u8; N]>::try_from(self.take(N, expected)?).map_err(|_| cut)
    }

    pub(crate) fn byte(&mut self, expected: &'static str) -> Result<u8, SealError> {
        self.array::<1>(expected).map(|[byte]| byte)
    }

    /// A DER length in its shortest form; two bytes reach beyond every limit here.
    pub(crate) fn der_length(&mut self, expected: &'static str) -> Result<usize, SealError> {
        let offset = self.offset;
        let first = self.byte(expected)?;
        let (length, shortest) = match first {
            0..=0x7F => (usize::from(first), 0),
            0x81 => (usize::from(self.byte(expected)?), 0x80),
            0x82 => (usize::from(u16::from_be_bytes(self.array(expected)?)), 0x100),
            _ => return Err(SealError::Length { offset, found: first }),
        };
        if length < shortest {
            return Err(SealError::Length { offset, found: first });
        }
        Ok(length)
    }
}

/// Writes a DER length; `None` beyond what [`Reader::der_length`] reads.
pub(crate) fn write_der_length(length: usize, out: &mut Vec<u8>) -> Option<()> {
    let length = u16::try_from(length).ok()?;
    let [high, low] = length.to_be_bytes();
    match length {
        0..=0x7F => out.push(low),
        0x80..=0xFF => out.extend([0x81, low]),
        _ => out.extend([0x82, high, low]),
    }
    Some(())
}
