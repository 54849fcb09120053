//! Specimen travellers and permits: made when they are needed, with a key that no trust list of the country holds. Pure.
//!
//! Training mode shows them, and the tests scan them. Everybody on them is from Utopia, the state of Doc 9303's own
//! specimens.

use propusk_passport::{Date, PartialDate, Person, Sex, td3_lines};
use propusk_permit::PermitNumber;
use propusk_seal::date::PartialDate as SealedDate;
use propusk_seal::{
    LeadMrz, PermitSeal, SealedTraveller, Signer, SignerId, SigningKey, ZoneMask, name_digest, to_text,
};

/// The signer of specimens. Its key is drawn anew for each use.
const SIGNER: (&str, &str) = ("KGBP", "7E57");
/// Longest validity that the specimens' signer may grant, in days.
const MAX_DAYS: u16 = 93;

/// Somebody from Utopia; born on the birthday of Doc 9303's specimen, with a passport that is good until `until`.
#[must_use]
pub fn person(surname: &str, document_number: &str, until: Date) -> Person {
    Person {
        surname: Some(surname.to_owned()),
        given_names: Some("ANNA MARIA".to_owned()),
        document_number: Some(document_number.to_owned()),
        nationality: Some("UTO".to_owned()),
        birth_date: PartialDate::new(1974, 8, 12).ok(),
        sex: Some(Sex::Female),
        expiry_date: partial(until),
        ..Person::default()
    }
}

fn partial(date: Date) -> Option<PartialDate> {
    let part = |part: i8| u8::try_from(part).ok();
    PartialDate::new(u16::try_from(date.year()).ok()?, part(date.month())?, part(date.day())?).ok()
}

/// The passport's two lines; empty for somebody whose name or number fits no passport.
#[must_use]
pub fn mrz(person: &Person) -> Vec<String> {
    td3_lines(person, "UTO").map(|lines| lines.to_vec()).unwrap_or_default()
}

/// What signs specimens.
pub struct Press {
    key: SigningKey,
}

/// What differs from specimen to specimen.
#[derive(Clone, Debug)]
pub struct Wanted<'a> {
    /// The permit's number.
    pub number: PermitNumber,
    /// Copy k of `copies`.
    pub copy: u8,
    /// The number n of copies.
    pub copies: u8,
    /// First and last valid day.
    pub dates: (Date, Date),
    /// Its zones.
    pub zones: ZoneMask,
    /// The travellers of its only sheet; the first leads.
    pub travellers: &'a [Person],
}

impl Press {
    /// A press with this key, or `None` where the bytes are no key (one draw in 2³²: draw again).
    #[must_use]
    pub fn new(key: &[u8; 32]) -> Option<Self> {
        SigningKey::from_bytes(key).ok().map(|key| Self { key })
    }

    /// The signer as a trust list would name it, good for a year around `today`.
    #[must_use]
    pub fn signer(&self, today: Date) -> Option<Signer> {
        let year = jiff::Span::new().days(365);
        Some(Signer {
            id: SignerId::new(SIGNER.0, SIGNER.1).ok()?,
            valid_from: today.checked_sub(year).ok()?,
            valid_to: today.checked_add(year).ok()?,
            public_key: self.key.public_key(),
            zones: ZoneMask(u32::MAX >> 1),
            max_days: MAX_DAYS,
            revoked_at: None,
        })
    }

    /// The text of a specimen's seal; `None` for travellers or dates that no permit can have.
    #[must_use]
    pub fn seal(&self, wanted: &Wanted<'_>) -> Option<String> {
        let (lead, others) = wanted.travellers.split_first()?;
        let number = wanted.number.compact();
        let permit = PermitSeal {
            permit_number: number.to_owned(),
            version: 1,
            copy: wanted.copy,
            copies: wanted.copies,
            sheet: 1,
            sheets: 1,
            valid_from: wanted.dates.0,
            valid_to: wanted.dates.1,
            zones: wanted.zones,
            group_size: u8::try_from(wanted.travellers.len()).ok()?,
            lead_mrz: LeadMrz::new(&mrz(lead)).ok()?,
            issuing_office: "TRAINING".to_owned(),
            others: others.iter().map(|other| listed(number, other)).collect::<Option<_>>()?,
        };
        let signer = SignerId::new(SIGNER.0, SIGNER.1).ok()?;
        let bytes = permit.sign(&signer, wanted.dates.0, wanted.dates.0, &self.key).ok()?;
        Some(to_text(&bytes))
    }
}

fn listed(number: &str, person: &Person) -> Option<SealedTraveller> {
    let lines = mrz(person);
    Some(SealedTraveller {
        document_number: person.document_number.clone()?,
        nationality: person.nationality.clone()?,
        birth_date: SealedDate::new(Some(1974), Some(8), Some(12)).ok()?,
        name_digest: name_digest(number, lines.first()?.get(5..)?),
    })
}

#[cfg(test)]
pub(crate) mod fixtures {
    //! The specimens that tests scan.

    use jiff::civil::date;

    use super::*;

    pub(crate) const UNTIL: Date = date(2030, 4, 15);

    pub(crate) fn number() -> PermitNumber {
        PermitNumber::draw(|| [1; 8])
    }

    pub(crate) fn anna() -> Person {
        person("ERIKSSON", "L898902C3", UNTIL)
    }

    pub(crate) fn berg() -> Person {
        person("BERG", "D23145890", UNTIL)
    }

    pub(crate) fn press() -> Press {
        Press::new(&[7; 32]).unwrap()
    }

    /// Copy `copy` of a permit for Anna and Berg, valid in June 2026 in the zone of bit 1.
    pub(crate) fn sealed(copy: u8) -> String {
        let dates = (date(2026, 6, 1), date(2026, 6, 30));
        let travellers = [anna(), berg()];
        let zones = ZoneMask(0b10);
        let wanted = Wanted { number: number(), copy, copies: 3, dates, zones, travellers: &travellers };
        press().seal(&wanted).unwrap()
    }
}
