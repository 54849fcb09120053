//! The travellers beside the lead: 14 bytes each.

use std::fmt;

use sha2::{Digest as _, Sha256};

use crate::c40;
use crate::date::PartialDate;
use crate::profile_error::ProfileError;

/// The size of one record in feature 0B.
pub(crate) const RECORD_BYTES: usize = 14;
const TAG: u8 = 0x0B;
const NUMBER_CHARS: usize = 9;
const NATIONALITY_CHARS: usize = 3;

/// The first three bytes of SHA-256(permit number ‖ name field of the MRZ), so that a changed name is
/// noticed although the seal has no room for it.
///
/// `permit_number` has its 13 characters without hyphens; `mrz_name_field` is the whole field with its
/// fillers, as it stands in the passport's MRZ: 39 characters in TD3, 31 in TD2, 30 in TD1.
#[must_use]
pub fn name_digest(permit_number: &str, mrz_name_field: &str) -> [u8; 3] {
    let digest: [u8; 32] =
        Sha256::new().chain_update(permit_number).chain_update(mrz_name_field).finalize().into();
    let [a, b, c, ..] = digest;
    [a, b, c]
}

/// What the seal keeps of a traveller other than the lead.
#[derive(Clone, PartialEq, Eq)]
pub struct SealedTraveller {
    /// The first nine characters of the document number, without fillers: A–Z and 0–9.
    pub document_number: String,
    /// The nationality as in the MRZ, without fillers: `FRA`, `D`.
    pub nationality: String,
    /// The birth date; parts that the passport leaves unknown are unknown here.
    pub birth_date: PartialDate,
    /// What [`name_digest`] makes of this traveller's name.
    pub name_digest: [u8; 3],
}

impl SealedTraveller {
    pub(crate) fn write(&self, out: &mut Vec<u8>) -> Result<(), ProfileError> {
        write_field(&self.document_number, "document number", NUMBER_CHARS, out)?;
        write_field(&self.nationality, "nationality", NATIONALITY_CHARS, out)?;
        out.extend(self.birth_date.encode().map_err(|_| ProfileError::Date { tag: TAG })?);
        out.extend(self.name_digest);
        Ok(())
    }

    pub(crate) fn read(record: &[u8; RECORD_BYTES]) -> Result<Self, ProfileError> {
        let [n0, n1, n2, n3, n4, n5, c0, c1, d0, d1, d2, name_digest @ ..] = *record;
        Ok(Self {
            document_number: read_field(&[n0, n1, n2, n3, n4, n5], "document number")?,
            nationality: read_field(&[c0, c1], "nationality")?,
            birth_date: PartialDate::decode([d0, d1, d2]).map_err(|_| ProfileError::Date { tag: TAG })?,
            name_digest,
        })
    }
}

impl fmt::Debug for SealedTraveller {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SealedTraveller(hidden)")
    }
}

fn write_field(text: &str, field: &'static str, chars: usize, out: &mut Vec<u8>) -> Result<(), ProfileError> {
    if !is_plain(text) || text.len() > chars {
        return Err(ProfileError::TravellerField { field, chars });
    }
    out.extend(c40::encode(&format!("{text:<<chars$}")).map_err(|_| ProfileError::C40 { tag: TAG })?);
    Ok(())
}

fn read_field(bytes: &[u8], field: &'static str) -> Result<String, ProfileError> {
    let text = c40::decode(bytes).map_err(|_| ProfileError::C40 { tag: TAG })?;
    let chars = bytes.len() / 2 * 3;
    let trimmed = text.trim_end_matches(' ');
    if text.len() != chars || !is_plain(trimmed) {
        return Err(ProfileError::TravellerField { field, chars });
    }
    Ok(trimmed.to_owned())
}

/// Some characters, all of them A–Z or 0–9.
fn is_plain(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit())
}
