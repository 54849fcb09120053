//! The header of a seal (Doc 9303-13 §2.3.1 and table 1).

use jiff::civil::Date;

use crate::c40;
use crate::date;
use crate::error::SealError;
use crate::reader::Reader;

/// The first byte of every seal.
pub(crate) const MAGIC: u8 = 0xDC;
const V2_REFERENCE_CHARS: usize = 5;
const SIGNER_CHARS: usize = 4;

/// The header versions that are read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Version {
    /// Byte `02`, "version 3": a certificate reference of exactly five characters, lengths of one byte.
    V2,
    /// Byte `03`, "version 4": a certificate reference of any length, DER lengths. The one we write.
    V3,
}

impl Version {
    /// The version byte of the header.
    #[must_use]
    pub const fn byte(self) -> u8 {
        match self {
            Self::V2 => 2,
            Self::V3 => 3,
        }
    }
}

/// What stands before the features of a seal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Header {
    /// The header version.
    pub version: Version,
    /// The issuing country: one to three characters, without the padding (`D`, `KGZ`).
    pub country: String,
    /// The signer: four characters, the country (two) and two alphanumerics.
    pub signer: String,
    /// The certificate's serial number in hexadecimal, as written, leading zeros included.
    pub certificate_reference: String,
    /// The day on which the document was issued.
    pub issue_date: Date,
    /// The day on which the seal was signed.
    pub signature_date: Date,
    /// Which definition the features follow, together with the category.
    pub feature_definition_reference: u8,
    /// The kind of document; odd is ICAO's, even may be national.
    pub document_type_category: u8,
}

impl Header {
    /// Feature definition reference and category as one: `(0x01, 0xB0)` is a permit.
    #[must_use]
    pub const fn document_type(&self) -> (u8, u8) {
        (self.feature_definition_reference, self.document_type_category)
    }

    /// The document type in hexadecimal, `01B0`.
    #[must_use]
    pub fn document_type_hex(&self) -> String {
        format!("{:02X}{:02X}", self.feature_definition_reference, self.document_type_category)
    }

    pub(crate) fn read(reader: &mut Reader<'_>) -> Result<Self, SealError> {
        match reader.byte("the magic byte")? {
            MAGIC => {}
            found => return Err(SealError::Magic { found }),
        }
        let version = match reader.byte("the version")? {
            2 => Version::V2,
            3 => Version::V3,
            found => return Err(SealError::Version { found }),
        };
        let country = read_c40(reader, 3, "issuing country")?;
        let (signer, certificate_reference) = match version {
            Version::V2 => read_v2_signer(reader)?,
            Version::V3 => read_v3_signer(reader)?,
        };
        Ok(Self {
            version,
            country: country.trim_end().to_owned(),
            signer,
            certificate_reference,
            issue_date: read_date(reader, "issue date")?,
            signature_date: read_date(reader, "signature date")?,
            feature_definition_reference: reader.byte("the feature definition reference")?,
            document_type_category: reader.byte("the document type category")?,
        })
    }

    pub(crate) fn write(&self, out: &mut Vec<u8>) -> Result<(), SealError> {
        out.extend([MAGIC, self.version.byte()]);
        if self.country.is_empty() || self.country.chars().count() > 3 || self.country.ends_with([' ', '<']) {
            return Err(unwritable("issuing country", "it has one to three characters, without padding"));
        }
        write_c40(&format!("{:<<3}", self.country), "issuing country", out)?;
        if self.signer.chars().count() != SIGNER_CHARS {
            return Err(unwritable("signer", "it has four characters"));
        }
        let reference = &self.certificate_reference;
        let length = reference.chars().count();
        match self.version {
            Version::V2 if length != V2_REFERENCE_CHARS => {
                return Err(unwritable("certificate reference", "in version 02 it has five characters"));
            }
            Version::V2 => write_c40(&format!("{}{reference}", self.signer), "signer", out)?,
            Version::V3 if !(1..=0xFF).contains(&length) => {
                return Err(unwritable("certificate reference", "it has 1 to 255 characters"));
            }
            Version::V3 => {
                write_c40(&format!("{}{length:02X}", self.signer), "signer", out)?;
                write_c40(reference, "certificate reference", out)?;
            }
        }
        for (day, field) in [(self.issue_date, "issue date"), (self.signature_date, "signature date")] {
            out.extend(date::encode(day).map_err(|_| unwritable(field, "its year is between 1 and 9999"))?);
        }
        out.extend([self.feature_definition_reference, self.document_type_category]);
        Ok(())
    }
}

pub(crate) const fn unwritable(field: &'static str, reason: &'static str) -> SealError {
    SealError::Unwritable { field, reason }
}

/// Version 02: four characters of the signer and five of the reference in six bytes.
fn read_v2_signer(reader: &mut Reader<'_>) -> Result<(String, String), SealError> {
    let both = read_c40(reader, SIGNER_CHARS + V2_REFERENCE_CHARS, "signer and certificate reference")?;
    let (signer, reference) = both.split_at(SIGNER_CHARS.min(both.len()));
    Ok((signer.to_owned(), reference.to_owned()))
}

/// Version 03: the signer, the length of the reference as two hexadecimal digits, the reference.
fn read_v3_signer(reader: &mut Reader<'_>) -> Result<(String, String), SealError> {
    let offset = reader.offset();
    let both = read_c40(reader, SIGNER_CHARS + 2, "signer and length of the reference")?;
    let (signer, digits) = both.split_at(SIGNER_CHARS.min(both.len()));
    let length = usize::from_str_radix(digits, 16).ok().filter(|&length| length > 0);
    let expected = length.ok_or(SealError::ReferenceLength { offset })?;

    let offset = reader.offset();
    let field = "certificate reference";
    let bytes = reader.take(c40::encoded_len(expected), field)?;
    let mut reference = c40::decode(bytes).map_err(|source| SealError::C40 { offset, field, source })?;
    // Signers that pad the last group with spaces instead of c = 0 are read too.
    let padding = reference.get(expected..).is_some_and(|rest| rest.chars().all(|c| c == ' '));
    if !padding {
        return Err(SealError::Characters { offset, field, expected, found: reference.len() });
    }
    reference.truncate(expected);
    Ok((signer.to_owned(), reference))
}

/// Reads exactly `chars` characters of C40.
fn read_c40(reader: &mut Reader<'_>, chars: usize, field: &'static str) -> Result<String, SealError> {
    let offset = reader.offset();
    let bytes = reader.take(c40::encoded_len(chars), field)?;
    let text = c40::decode(bytes).map_err(|source| SealError::C40 { offset, field, source })?;
    // Every field read here has a multiple of three characters: a shorter one ends in a left-over pair.
    if text.len() != chars {
        return Err(SealError::Characters { offset, field, expected: chars, found: text.len() });
    }
    Ok(text)
}

fn write_c40(text: &str, field: &'static str, out: &mut Vec<u8>) -> Result<(), SealError> {
    out.extend(c40::encode(text).map_err(|_| unwritable(field, "it has only A-Z and 0-9"))?);
    Ok(())
}

fn read_date(reader: &mut Reader<'_>, field: &'static str) -> Result<Date, SealError> {
    let offset = reader.offset();
    date::decode(reader.array(field)?).map_err(|source| SealError::Date { offset, field, source })
}
