//! The permit's own profile of Doc 9303-13: document type `01B0` of `KGZ` (`SEAL.md`, "Our profile").

use jiff::civil::Date;

use crate::c40;
use crate::date;
use crate::header::{Header, Version};
use crate::key::SigningKey;
use crate::lead_mrz::{LeadMrz, MrzFormat};
use crate::profile_error::ProfileError;
use crate::seal::{Feature, Seal, sign};
use crate::signer::SignerId;
use crate::traveller::{RECORD_BYTES, SealedTraveller};
use crate::zones::ZoneMask;

/// The issuing country of every permit.
pub const COUNTRY: &str = "KGZ";
/// The feature definition reference of a permit.
pub const FEATURE_DEFINITION_REFERENCE: u8 = 0x01;
/// The document type category of a permit: even, so national.
pub const DOCUMENT_TYPE_CATEGORY: u8 = 0xB0;
/// The characters of a permit number, without hyphens (`DESIGN.md` §3).
pub const PERMIT_NUMBER_CHARS: usize = 13;
/// The most travellers of a permit (`DESIGN.md` §3).
pub const MAX_GROUP_SIZE: u8 = 50;
/// The most travellers in feature 0B: a sheet lists up to 12 (`DESIGN.md` §3).
pub const MAX_OTHERS: usize = 12;
/// The most characters of the issuing office: every byte makes the code harder to read.
pub const MAX_OFFICE_CHARS: usize = 24;

const PERMIT_NUMBER: u8 = 0x01;
const COPY: u8 = 0x02;
const VALID_FROM: u8 = 0x03;
const VALID_TO: u8 = 0x04;
const ZONES: u8 = 0x05;
const GROUP_SIZE: u8 = 0x06;
const OFFICE: u8 = 0x09;
const OTHERS: u8 = 0x0B;

/// What the seal on one sheet of one copy of a permit says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PermitSeal {
    /// 13 characters of A–Z and 0–9, without hyphens. The check character is the permit crate's matter.
    pub permit_number: String,
    /// The permit's version, from 1.
    pub version: u8,
    /// k, 0 for the original.
    pub copy: u8,
    /// n, the number of copies beside the original when this one was printed.
    pub copies: u8,
    /// p, from 1.
    pub sheet: u8,
    /// q, the number of sheets of this copy.
    pub sheets: u8,
    /// The first day on which the permit holds.
    pub valid_from: Date,
    /// The last day on which it holds (inclusive).
    pub valid_to: Date,
    /// The zones, at least one.
    pub zones: ZoneMask,
    /// The number of travellers of the permit, 1 to [`MAX_GROUP_SIZE`].
    pub group_size: u8,
    /// The lead traveller's MRZ.
    pub lead_mrz: LeadMrz,
    /// The office: 1 to [`MAX_OFFICE_CHARS`] characters of A–Z, 0–9 and inner spaces.
    pub issuing_office: String,
    /// The other travellers listed on this sheet, in the order of the sheet; at most [`MAX_OTHERS`].
    pub others: Vec<SealedTraveller>,
}

impl PermitSeal {
    /// Writes and signs the seal; the same input gives the same bytes (RFC 6979).
    ///
    /// # Errors
    /// A [`ProfileError`] for whatever [`PermitSeal::from_seal`] or [`crate::parse`] would reject.
    pub fn sign(
        &self,
        signer: &SignerId,
        issue_date: Date,
        signature_date: Date,
        key: &SigningKey,
    ) -> Result<Vec<u8>, ProfileError> {
        signer.check_ours()?;
        self.check()?;
        let header = Header {
            version: Version::V3,
            country: COUNTRY.to_owned(),
            signer: signer.signer.clone(),
            certificate_reference: signer.certificate_reference.clone(),
            issue_date,
            signature_date,
            feature_definition_reference: FEATURE_DEFINITION_REFERENCE,
            document_type_category: DOCUMENT_TYPE_CATEGORY,
        };
        Ok(sign(&header, &self.features()?, key)?)
    }

    /// Reads the permit out of a seal. The signature is not looked at: ask [`crate::verify`].
    ///
    /// Features may stand in any order; those with tags that the profile does not define are passed over.
    ///
    /// # Errors
    /// [`ProfileError::NotAPermit`] for a seal of another country or type, else the rule that is broken.
    pub fn from_seal(seal: &Seal) -> Result<Self, ProfileError> {
        let header = &seal.header;
        if !is_permit(header) {
            let (country, document_type) = (header.country.clone(), header.document_type_hex());
            return Err(ProfileError::NotAPermit { country, document_type });
        }
        let [version, copy, copies, sheet, sheets] = array(seal, COPY)?;
        let [group_size] = array(seal, GROUP_SIZE)?;
        let permit = Self {
            permit_number: text(seal, PERMIT_NUMBER)?,
            version,
            copy,
            copies,
            sheet,
            sheets,
            valid_from: day(seal, VALID_FROM)?,
            valid_to: day(seal, VALID_TO)?,
            zones: ZoneMask::from_value(required(seal, ZONES)?).ok_or(ProfileError::Zones)?,
            group_size,
            lead_mrz: lead_mrz(seal)?,
            issuing_office: text(seal, OFFICE)?,
            others: others(seal)?,
        };
        permit.check()?;
        Ok(permit)
    }

    /// The rules that hold for what is written and for what is read.
    fn check(&self) -> Result<(), ProfileError> {
        let plain = |text: &str| text.bytes().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit());
        if self.permit_number.len() != PERMIT_NUMBER_CHARS || !plain(&self.permit_number) {
            return Err(ProfileError::PermitNumber);
        }
        if self.version == 0 {
            return Err(ProfileError::Version);
        }
        if self.copy > self.copies {
            return Err(ProfileError::Copy { copy: self.copy, copies: self.copies });
        }
        if self.sheet == 0 || self.sheet > self.sheets {
            return Err(ProfileError::Sheet { sheet: self.sheet, sheets: self.sheets });
        }
        if self.valid_from > self.valid_to {
            return Err(ProfileError::Dates { from: self.valid_from, to: self.valid_to });
        }
        if self.zones.is_empty() {
            return Err(ProfileError::Zones);
        }
        if !(1..=MAX_GROUP_SIZE).contains(&self.group_size) {
            return Err(ProfileError::GroupSize { size: self.group_size });
        }
        let office = &self.issuing_office;
        let spaced = office.trim() == office && plain(&office.replace(' ', ""));
        if office.is_empty() || office.len() > MAX_OFFICE_CHARS || !spaced {
            return Err(ProfileError::Office);
        }
        self.check_others()
    }

    fn check_others(&self) -> Result<(), ProfileError> {
        let others = self.others.len();
        let most = usize::from(self.group_size).saturating_sub(1);
        // An only sheet lists the whole group; of several, each lists a part.
        let fits = if self.sheets == 1 { others == most } else { others <= most };
        if others > MAX_OTHERS || !fits {
            let (sheet, sheets, group_size) = (self.sheet, self.sheets, self.group_size);
            return Err(ProfileError::Others { others, sheet, sheets, group_size });
        }
        Ok(())
    }

    fn features(&self) -> Result<Vec<Feature>, ProfileError> {
        let c40 = |tag, text: &str| c40::encode(text).map_err(|_| ProfileError::C40 { tag });
        let date = |tag, day| date::encode(day).map_err(|_| ProfileError::Date { tag });
        let mut values = vec![
            (PERMIT_NUMBER, c40(PERMIT_NUMBER, &self.permit_number)?),
            (COPY, vec![self.version, self.copy, self.copies, self.sheet, self.sheets]),
            (VALID_FROM, date(VALID_FROM, self.valid_from)?.to_vec()),
            (VALID_TO, date(VALID_TO, self.valid_to)?.to_vec()),
            (ZONES, self.zones.to_value()),
            (GROUP_SIZE, vec![self.group_size]),
            (self.lead_mrz.format().tag(), self.lead_mrz.to_value()?),
            (OFFICE, c40(OFFICE, &self.issuing_office)?),
        ];
        if !self.others.is_empty() {
            let mut records = Vec::with_capacity(self.others.len() * RECORD_BYTES);
            self.others.iter().try_for_each(|traveller| traveller.write(&mut records))?;
            values.push((OTHERS, records));
        }
        Ok(values.into_iter().map(|(tag, value)| Feature { tag, value }).collect())
    }
}

/// Whether a seal says of itself that it is a permit.
pub(crate) fn is_permit(header: &Header) -> bool {
    header.country == COUNTRY
        && header.document_type() == (FEATURE_DEFINITION_REFERENCE, DOCUMENT_TYPE_CATEGORY)
}

fn optional(seal: &Seal, tag: u8) -> Result<Option<&[u8]>, ProfileError> {
    let mut found = seal.features.iter().filter(|feature| feature.tag == tag);
    let value = found.next().map(|feature| feature.value.as_slice());
    if found.next().is_some() { Err(ProfileError::Repeated { tag }) } else { Ok(value) }
}

fn required(seal: &Seal, tag: u8) -> Result<&[u8], ProfileError> {
    optional(seal, tag)?.ok_or(ProfileError::Missing { tag })
}

fn array<const N: usize>(seal: &Seal, tag: u8) -> Result<[u8; N], ProfileError> {
    let value = required(seal, tag)?;
    let wrong = ProfileError::ValueLength { tag, expected: N, found: value.len() };
    <[u8; N]>::try_from(value).map_err(|_| wrong)
}

fn text(seal: &Seal, tag: u8) -> Result<String, ProfileError> {
    c40::decode(required(seal, tag)?).map_err(|_| ProfileError::C40 { tag })
}

fn day(seal: &Seal, tag: u8) -> Result<Date, ProfileError> {
    date::decode(array(seal, tag)?).map_err(|_| ProfileError::Date { tag })
}

fn lead_mrz(seal: &Seal) -> Result<LeadMrz, ProfileError> {
    let mut found = Vec::new();
    for format in MrzFormat::ALL {
        found.extend(optional(seal, format.tag())?.map(|value| (format, value)));
    }
    match *found.as_slice() {
        [(format, value)] => LeadMrz::from_value(format, value),
        _ => Err(ProfileError::MrzCount { count: found.len() }),
    }
}

fn others(seal: &Seal) -> Result<Vec<SealedTraveller>, ProfileError> {
    let Some(value) = optional(seal, OTHERS)? else { return Ok(Vec::new()) };
    let (records, rest) = value.as_chunks::<RECORD_BYTES>();
    if records.is_empty() || !rest.is_empty() || records.len() > MAX_OTHERS {
        let expected = records.len().clamp(1, MAX_OTHERS) * RECORD_BYTES;
        return Err(ProfileError::ValueLength { tag: OTHERS, expected, found: value.len() });
    }
    records.iter().map(SealedTraveller::read).collect()
}
