//! Any Doc 9303-13 seal: header, features, signature.

use std::fmt;

use crate::error::SealError;
use crate::header::{Header, Version, unwritable};
use crate::key::SigningKey;
use crate::reader::{Reader, write_der_length};

/// The most bytes a seal may have: what the largest QR code holds (ISO/IEC 18004, version 40-L).
pub const MAX_SEAL_BYTES: usize = 2953;

/// The tag that begins the signature and so can't be a feature's.
const SIGNATURE_TAG: u8 = 0xFF;

/// One entry of the message zone.
#[derive(Clone, PartialEq, Eq)]
pub struct Feature {
    /// What the value is, by the definition that the header names; never `FF`.
    pub tag: u8,
    /// The value as it stands.
    pub value: Vec<u8>,
}

impl fmt::Debug for Feature {
    /// Values are personal data, so only their length is shown.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Feature({:02x}, {} bytes)", self.tag, self.value.len())
    }
}

/// A seal that is well-formed. Nothing is said about its signature: ask [`crate::verify`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Seal {
    /// Who issued it, when, and of what kind it is.
    pub header: Header,
    /// The features in the order in which they stand.
    pub features: Vec<Feature>,
    /// r‖s, each of the size of the curve's order.
    pub signature: Vec<u8>,
    signed: Signed,
}

#[derive(Clone, PartialEq, Eq)]
struct Signed(Vec<u8>);

impl fmt::Debug for Signed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} bytes", self.0.len())
    }
}

impl Seal {
    /// The bytes that the signature covers, as received: header and message zone.
    #[must_use]
    pub fn signed_bytes(&self) -> &[u8] {
        &self.signed.0
    }

    /// The first feature with a tag.
    #[must_use]
    pub fn feature(&self, tag: u8) -> Option<&Feature> {
        self.features.iter().find(|feature| feature.tag == tag)
    }
}

/// Reads a seal of header version `02` or `03`, in whole and with nothing after it.
///
/// # Errors
/// A [`SealError`] that says at which byte what was expected; input above [`MAX_SEAL_BYTES`] is refused
/// unread.
pub fn parse(bytes: &[u8]) -> Result<Seal, SealError> {
    if bytes.len() > MAX_SEAL_BYTES {
        return Err(SealError::TooLong { len: bytes.len(), max: MAX_SEAL_BYTES });
    }
    let mut reader = Reader::new(bytes);
    let header = Header::read(&mut reader)?;
    let mut features = Vec::new();
    let signed = loop {
        let signed = reader.consumed();
        if reader.left() == 0 {
            return Err(SealError::NoSignature { offset: reader.offset() });
        }
        let tag = reader.byte("a tag")?;
        if tag == SIGNATURE_TAG {
            break signed;
        }
        let length = match header.version {
            Version::V2 => usize::from(reader.byte("the length of a feature")?),
            Version::V3 => reader.der_length("the length of a feature")?,
        };
        features.push(Feature { tag, value: reader.take(length, "the value of a feature")?.to_vec() });
    };
    let length = reader.der_length("the length of the signature")?;
    let offset = reader.offset();
    let signature = reader.take(length, "the signature")?.to_vec();
    if length == 0 || !length.is_multiple_of(2) {
        return Err(SealError::SignatureLength { offset, len: length });
    }
    if reader.left() > 0 {
        return Err(SealError::Trailing { offset: reader.offset(), count: reader.left() });
    }
    Ok(Seal { header, features, signature, signed: Signed(signed.to_vec()) })
}

/// Writes and signs a seal; the same input gives the same bytes (RFC 6979).
///
/// # Errors
/// [`SealError::Unwritable`] or [`SealError::TooLong`] for whatever [`parse`] would reject.
pub fn sign(header: &Header, features: &[Feature], key: &SigningKey) -> Result<Vec<u8>, SealError> {
    let mut bytes = Vec::new();
    header.write(&mut bytes)?;
    for Feature { tag, value } in features {
        if *tag == SIGNATURE_TAG {
            return Err(unwritable("tag of a feature", "ff begins the signature"));
        }
        bytes.push(*tag);
        let written = match header.version {
            Version::V2 => u8::try_from(value.len()).ok().map(|length| bytes.push(length)),
            Version::V3 => write_der_length(value.len(), &mut bytes),
        };
        written.ok_or(unwritable("length of a feature", "the value is too long for its length field"))?;
        bytes.extend(value);
    }
    let signature = key.sign(&bytes);
    bytes.push(SIGNATURE_TAG);
    write_der_length(signature.len(), &mut bytes).ok_or(unwritable("signature", "it is too long"))?;
    bytes.extend(signature);
    if bytes.len() > MAX_SEAL_BYTES {
        return Err(SealError::TooLong { len: bytes.len(), max: MAX_SEAL_BYTES });
    }
    Ok(bytes)
}
