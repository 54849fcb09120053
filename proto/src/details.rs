//! A permit version in full, personal data included: what the desk stores and the traveller's page may open.

use jiff::Timestamp;
use propusk_passport::{PartialDate, Person, Sex};
use propusk_permit::order::{Contents, Role, Traveller};
use propusk_permit::{NumberError, Permit, PermitNumber, State};
use propusk_region::{CheckpointId, PlaceId, Stop, ZoneId, posts_on};
use serde::{Deserialize, Serialize};
use thiserror::Error;
use uuid::Uuid;

use crate::codec::Message;
use crate::permit_event::{Day, NotADay, NumberTag, PermitStatus};

/// Version 1 of a permit's details. It never travels unencrypted ([`crate::personal`]).
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PermitDetails {
    /// The permit's id.
    pub id: Uuid,
    /// Permit number, 13 characters without hyphens.
    pub number: String,
    /// The version.
    pub version: u8,
    /// The day this version was issued.
    pub issued_on: Day,
    /// The agency that issued it.
    pub agency: String,
    /// Zones by id.
    pub zones: Vec<String>,
    /// The route.
    pub route: Vec<StopDetails>,
    /// First valid day.
    pub valid_from: Day,
    /// Last valid day.
    pub valid_to: Day,
    /// Number n of copies.
    pub copies: u8,
    /// The authority's reference.
    pub authority_reference: Option<String>,
    /// Purpose of the journey.
    pub purpose: Option<String>,
    /// Number plate.
    pub vehicle: Option<String>,
    /// The travellers, the lead first.
    pub travellers: Vec<TravellerDetails>,
    /// When it was revoked (Unix milliseconds) and why.
    pub revoked: Option<(i64, String)>,
}

impl Message for PermitDetails {
    const NAME: &'static str = "permit details";
    const MAX_BYTES: usize = 48 * 1024;
}

/// A stop of the route.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum StopDetails {
    /// A place, by id.
    Place(String),
    /// A checkpoint, by id.
    Checkpoint(String),
}

/// A traveller of the permit.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TravellerDetails {
    /// Surname as in the MRZ.
    pub surname: Option<String>,
    /// Given names as in the MRZ.
    pub given_names: Option<String>,
    /// Document number.
    pub document_number: Option<String>,
    /// Issuing state.
    pub issuing_state: Option<String>,
    /// Nationality.
    pub nationality: Option<String>,
    /// Birth date: year, month, day, each where known.
    pub birth_date: Option<DateParts>,
    /// `M`, `F` or `X`.
    pub sex: Option<char>,
    /// Expiry date.
    pub expiry_date: Option<DateParts>,
    /// MRZ lines.
    pub mrz: Vec<String>,
    /// True when the MRZ was generated.
    pub mrz_generated: bool,
    /// The name as the passport writes it.
    pub visual_name: Option<String>,
    /// Guide or driver.
    pub role: Option<String>,
}

/// A date of which parts may be unknown.
#[derive(Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct DateParts {
    /// Four digits.
    pub year: Option<u16>,
    /// 1–12.
    pub month: Option<u8>,
    /// 1–31.
    pub day: Option<u8>,
}

/// Stored or received details that no permit can be made of.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum DetailsError {
    /// The permit number.
    #[error("stored permit number: {0}")]
    Number(#[from] NumberError),
    /// A date.
    #[error("stored date: {0}")]
    Day(#[from] NotADay),
    /// The time of revocation.
    #[error("stored time of revocation {0} ms is out of range")]
    RevokedAt(i64),
}

impl PermitDetails {
    /// The wire form of a permit.
    #[must_use]
    pub fn of(permit: &Permit, agency: &str) -> Self {
        let contents = &permit.contents;
        Self {
            id: permit.id,
            number: permit.number.compact().to_owned(),
            version: permit.version,
            issued_on: permit.issued_on.into(),
            agency: agency.to_owned(),
            zones: contents.zones.iter().map(ToString::to_string).collect(),
            route: contents.route.iter().map(StopDetails::of).collect(),
            valid_from: contents.valid_from.into(),
            valid_to: contents.valid_to.into(),
            copies: permit.copies,
            authority_reference: contents.authority_reference.clone(),
            purpose: contents.purpose.clone(),
            vehicle: contents.vehicle.clone(),
            travellers: contents.travellers.iter().map(TravellerDetails::of).collect(),
            revoked: match &permit.state {
                State::Issued => None,
                State::Revoked { at, reason } => Some((at.as_millisecond(), reason.clone())),
            },
        }
    }

    /// The permit these details describe.
    ///
    /// # Errors
    /// [`DetailsError`] where a number or date is not one.
    pub fn permit(&self) -> Result<Permit, DetailsError> {
        let state = match &self.revoked {
            None => State::Issued,
            Some((at, reason)) => State::Revoked {
                at: Timestamp::from_millisecond(*at).map_err(|_| DetailsError::RevokedAt(*at))?,
                reason: reason.clone(),
            },
        };
        Ok(Permit {
            id: self.id,
            number: self.number.parse::<PermitNumber>()?,
            version: self.version,
            issued_on: self.issued_on.try_into()?,
            contents: Contents {
                zones: self.zones.iter().map(|id| ZoneId::new(id.as_str())).collect(),
                route: self.route.iter().map(StopDetails::stop).collect(),
                valid_from: self.valid_from.try_into()?,
                valid_to: self.valid_to.try_into()?,
                authority_reference: self.authority_reference.clone(),
                purpose: self.purpose.clone(),
                vehicle: self.vehicle.clone(),
                travellers: self.travellers.iter().map(TravellerDetails::traveller).collect(),
            },
            copies: self.copies,
            state,
        })
    }
}

impl PermitStatus {
    /// What checkpoints are told of a permit whose zones have these bits (SEAL.md, feature 05): no personal data.
    #[must_use]
    pub fn of(permit: &Permit, zones: u32) -> Self {
        let contents = &permit.contents;
        Self {
            tag: NumberTag::of(&permit.number),
            version: permit.version,
            valid_from: contents.valid_from.into(),
            valid_to: contents.valid_to.into(),
            zones,
            posts: posts_on(&contents.route).iter().map(ToString::to_string).collect(),
            copies: permit.copies,
            // No permit names more than 50.
            travellers: u8::try_from(contents.travellers.len()).unwrap_or(u8::MAX),
        }
    }
}

impl StopDetails {
    fn of(stop: &Stop) -> Self {
        match stop {
            Stop::Place(id) => Self::Place(id.to_string()),
            Stop::Checkpoint(id) => Self::Checkpoint(id.to_string()),
        }
    }

    /// The stop's id.
    #[must_use]
    pub fn id(&self) -> &str {
        match self {
            Self::Place(id) | Self::Checkpoint(id) => id,
        }
    }

    fn stop(&self) -> Stop {
        match self {
            Self::Place(id) => Stop::Place(PlaceId::new(id.as_str())),
            Self::Checkpoint(id) => Stop::Checkpoint(CheckpointId::new(id.as_str())),
        }
    }
}

impl TravellerDetails {
    fn of(traveller: &Traveller) -> Self {
        let person = traveller.person.clone();
        Self {
            surname: person.surname,
            given_names: person.given_names,
            document_number: person.document_number,
            issuing_state: person.issuing_state,
            nationality: person.nationality,
            birth_date: person.birth_date.map(DateParts::of),
            sex: person.sex.and_then(|sex| sex.code().chars().next()),
            expiry_date: person.expiry_date.map(DateParts::of),
            mrz: traveller.mrz.clone(),
            mrz_generated: traveller.mrz_generated,
            visual_name: traveller.visual_name.clone(),
            role: traveller.role.map(|role| role.as_str().to_owned()),
        }
    }

    fn traveller(&self) -> Traveller {
        let sex = |code| match code {
            'M' => Sex::Male,
            'F' => Sex::Female,
            _ => Sex::Unspecified,
        };
        Traveller {
            person: Person {
                surname: self.surname.clone(),
                given_names: self.given_names.clone(),
                document_number: self.document_number.clone(),
                issuing_state: self.issuing_state.clone(),
                nationality: self.nationality.clone(),
                birth_date: self.birth_date.map(DateParts::date),
                sex: self.sex.map(sex),
                expiry_date: self.expiry_date.map(DateParts::date),
            },
            mrz: self.mrz.clone(),
            mrz_generated: self.mrz_generated,
            visual_name: self.visual_name.clone(),
            role: self.role.as_deref().and_then(|role| role.parse::<Role>().ok()),
        }
    }
}

impl DateParts {
    fn of(date: PartialDate) -> Self {
        Self { year: date.year, month: date.month, day: date.day }
    }

    fn date(self) -> PartialDate {
        PartialDate { year: self.year, month: self.month, day: self.day }
    }
}
