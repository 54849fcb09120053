//! The seal on every sheet of every copy. A version always gives the same seals: nothing in them comes from a clock.

use jiff::civil::Date;
use propusk_passport::{PartialDate, read_mrz};
use propusk_permit::order::Traveller;
use propusk_permit::{Permit, Sheet, sheets};
use propusk_region::Region;
use propusk_seal::date::PartialDate as SealedDate;
use propusk_seal::{LeadMrz, PermitSeal, SealedTraveller, ZoneMask, name_digest, to_text};

use crate::office::Office;

/// Characters of a document number that a seal keeps of everybody but the lead (SEAL.md, feature 0B).
const NUMBER_CHARS: usize = 9;

/// One sheet with its seal.
#[derive(Clone)]
pub(crate) struct SealedSheet {
    pub sheet: Sheet,
    pub text: String,
}

/// The sealed sheets of copy `copy` of `of`.
pub(crate) fn seal_copy(
    permit: &Permit,
    copy: u8,
    of: u8,
    office: &Office,
) -> anyhow::Result<Vec<SealedSheet>> {
    let all = sheets(permit.contents.travellers.len());
    all.into_iter().map(|sheet| seal_sheet(permit, copy, of, sheet, office)).collect()
}

fn seal_sheet(
    permit: &Permit,
    copy: u8,
    of: u8,
    sheet: Sheet,
    office: &Office,
) -> anyhow::Result<SealedSheet> {
    let contents = &permit.contents;
    let number = permit.number.compact();
    let lead = contents.travellers.first().map(|lead| lead.mrz.as_slice()).unwrap_or_default();
    let listed = contents.travellers.iter().enumerate().skip(1).filter(|(row, _)| sheet.rows.contains(row));
    let others =
        listed.map(|(_, traveller)| sealed(traveller, number, permit.issued_on)).collect::<Result<_, _>>()?;
    let seal = PermitSeal {
        permit_number: number.to_owned(),
        version: permit.version,
        copy,
        copies: of,
        sheet: sheet.number,
        sheets: sheet.of,
        valid_from: contents.valid_from,
        valid_to: contents.valid_to,
        zones: zone_mask(permit, &office.region)?,
        group_size: u8::try_from(contents.travellers.len())?,
        lead_mrz: LeadMrz::new(lead)?,
        issuing_office: office.config.issuing_office.clone(),
        others,
    };
    office.entry.check(&seal, permit.issued_on)?;
    let bytes = seal.sign(&office.signer, permit.issued_on, permit.issued_on, &office.key)?;
    Ok(SealedSheet { sheet, text: to_text(&bytes) })
}

/// The zones as the bitmask of SEAL.md, feature 05.
pub(crate) fn zone_mask(permit: &Permit, region: &Region) -> anyhow::Result<ZoneMask> {
    Ok(ZoneMask(region.mask(&permit.contents.zones)?.0))
}

fn sealed(traveller: &Traveller, number: &str, issued_on: Date) -> anyhow::Result<SealedTraveller> {
    let person = &traveller.person;
    let document_number = person.document_number.as_deref().unwrap_or_default();
    let document = read_mrz(&traveller.mrz, issued_on);
    Ok(SealedTraveller {
        document_number: document_number
            .chars()
            .filter(char::is_ascii_alphanumeric)
            .take(NUMBER_CHARS)
            .collect(),
        nationality: document.nationality.clone(),
        birth_date: sealed_date(person.birth_date)?,
        name_digest: name_digest(number, document.name_field()),
    })
}

fn sealed_date(date: Option<PartialDate>) -> anyhow::Result<SealedDate> {
    let date = date.unwrap_or(PartialDate { year: None, month: None, day: None });
    let part = |part: Option<u8>| part.map(i8::try_from).transpose();
    Ok(SealedDate::new(date.year.map(i16::try_from).transpose()?, part(date.month)?, part(date.day)?)?)
}
