//! Why a seal is not a permit's, or a permit can't be sealed.

use jiff::civil::Date;
use thiserror::Error;

use crate::error::SealError;

/// A rule of the permit profile (`SEAL.md`, "Our profile") that is broken. No variant carries a name, a
/// document number or a birth date, nor an error that quotes one.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum ProfileError {
    /// A seal of another country or type: perhaps good, but no border-zone permit.
    #[error("a seal of {country} with document type {document_type}, a permit is of KGZ with type 01B0")]
    NotAPermit {
        /// The issuing country found.
        country: String,
        /// Feature definition reference and category found, in hexadecimal.
        document_type: String,
    },
    /// A feature that every permit has.
    #[error("feature {tag:02x} is missing")]
    Missing {
        /// The tag.
        tag: u8,
    },
    /// A feature that stands twice.
    #[error("feature {tag:02x} stands more than once")]
    Repeated {
        /// The tag.
        tag: u8,
    },
    /// None or more than one of the features 07, 08 and 0A.
    #[error("{count} MRZs, expected exactly one (feature 07, 08 or 0a)")]
    MrzCount {
        /// The number found.
        count: usize,
    },
    /// A value of the wrong length.
    #[error("feature {tag:02x} has {found} bytes, expected {expected}")]
    ValueLength {
        /// The tag.
        tag: u8,
        /// The expected number of bytes.
        expected: usize,
        /// The number of bytes found.
        found: usize,
    },
    /// A value that is not, or can't be written in, C40.
    #[error("feature {tag:02x} is not C40")]
    C40 {
        /// The tag.
        tag: u8,
    },
    /// A date that does not exist.
    #[error("feature {tag:02x} is not a date")]
    Date {
        /// The tag.
        tag: u8,
    },
    /// Not 13 characters of A–Z and 0–9.
    #[error("the permit number is not 13 characters of A-Z and 0-9 (leave the hyphens out)")]
    PermitNumber,
    /// Version 0.
    #[error("the permit version is 0, versions begin at 1")]
    Version,
    /// A copy beyond the last.
    #[error("copy {copy} of {copies}: the copy can't be beyond the last (0 is the original)")]
    Copy {
        /// k.
        copy: u8,
        /// n.
        copies: u8,
    },
    /// Sheet 0, or a sheet beyond the last.
    #[error("sheet {sheet} of {sheets}: sheets are counted from 1 to the last")]
    Sheet {
        /// p.
        sheet: u8,
        /// q.
        sheets: u8,
    },
    /// A last day before the first.
    #[error("valid from {from} to {to}: the last day is before the first")]
    Dates {
        /// The first day.
        from: Date,
        /// The last day.
        to: Date,
    },
    /// No zone, more than four bytes, or leading zeros.
    #[error("feature 05 is not a set of at least one zone in its shortest form")]
    Zones,
    /// A group of none or more than the limit.
    #[error("a group of {size}, a permit names 1 to {}", crate::MAX_GROUP_SIZE)]
    GroupSize {
        /// The size found.
        size: u8,
    },
    /// More travellers than a sheet lists or than the group has, or, on an only sheet, too few.
    #[error("{others} travellers beside the lead on sheet {sheet} of {sheets} of a group of {group_size}")]
    Others {
        /// The number of travellers in feature 0B.
        others: usize,
        /// p.
        sheet: u8,
        /// q.
        sheets: u8,
        /// The group's size.
        group_size: u8,
    },
    /// An office that is empty, too long, has other characters or begins or ends with a space.
    #[error(
        "the issuing office is not 1 to {} characters of A-Z, 0-9 and inner spaces",
        crate::MAX_OFFICE_CHARS
    )]
    Office,
    /// Lines that are not those of a TD1, TD2 or TD3.
    #[error("MRZ lines of {lengths:?} characters, expected 3 of 30, 2 of 36 or 2 of 44")]
    MrzShape {
        /// The number of characters of each line found.
        lengths: Vec<usize>,
    },
    /// A character that can't be in an MRZ.
    #[error("character {column} of MRZ line {line} is not A-Z, 0-9 or <")]
    MrzCharacter {
        /// The line, from 1.
        line: usize,
        /// The column, from 1.
        column: usize,
    },
    /// A document number or nationality that is empty, too long or has other characters than A–Z and 0–9.
    #[error("the {field} of a traveller in feature 0b is not 1 to {chars} characters of A-Z and 0-9")]
    TravellerField {
        /// The field's name.
        field: &'static str,
        /// The most characters it can have.
        chars: usize,
    },
    /// A signer or certificate reference that our profile does not write.
    #[error(
        "signer {signer} with reference {reference}: a signer is KG and two of A-Z, 0-9, a reference is 1 to 9 upper-case hexadecimal digits without a leading zero"
    )]
    Signer {
        /// The signer.
        signer: String,
        /// The certificate reference.
        reference: String,
    },
    /// The seal itself can't be written.
    #[error(transparent)]
    Seal(#[from] SealError),
}
