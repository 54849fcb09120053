//! What is printed: plain values, everything already resolved to words and dates.
//!
//! These types hold personal data and therefore have no `Debug`, so that nobody logs them by accident.

use std::ops::Range;

use jiff::civil::Date;

use super::labels::Language;

/// One permit version and the copies of it to be drawn.
#[derive(Clone, PartialEq, Eq)]
pub struct Booklet {
    /// The permit number as people read it, `XXXX-XXXX-XXXX-C`.
    pub permit_number: String,
    /// The permit's version, from 1.
    pub version: u8,
    /// Whether this version is still good; anything else is printed across every page.
    pub mark: Mark,
    /// The first day on which the permit is valid.
    pub valid_from: Date,
    /// The last day on which the permit is valid, inclusive.
    pub valid_to: Date,
    /// The day on which this version was issued; also the date of the file.
    pub issued_on: Date,
    /// The zones that the permit covers, with their places.
    pub zones: Vec<Zone>,
    /// The places and checkpoints of the route, in the order of travel.
    pub route: Vec<RouteStop>,
    /// Everybody on the permit, 1 to 50; sheets refer to them by position.
    pub travellers: Vec<TravellerRow>,
    /// The agency that asked for the permit.
    pub agency: String,
    /// The office that issued it.
    pub issuing_office: String,
    /// The number and date of the authority's own paper, if there is one.
    pub authority_reference: Option<String>,
    /// Why the travellers go there.
    pub purpose: Option<String>,
    /// The vehicle and its number plate.
    pub vehicle: Option<String>,
    /// The lead traveller's MRZ: two or three lines of equal length, or none.
    pub lead_mrz: Vec<String>,
    /// The MRZ was not read from a passport but generated from its visual zone.
    pub lead_mrz_generated: bool,
    /// What corrections and extensions did, oldest first.
    pub history: Vec<Change>,
    /// The copies to be drawn, in this order.
    pub copies: Vec<Copy>,
}

/// Whether a permit version may still be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mark {
    /// It is the newest version and not revoked.
    None,
    /// A newer version has replaced it.
    Superseded,
    /// The permit has been revoked.
    Revoked,
}

/// A name or sentence in the three languages of the product.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Named {
    /// English.
    pub en: String,
    /// Russian.
    pub ru: String,
    /// Kyrgyz.
    pub ky: String,
}

impl Named {
    /// The name in one language.
    #[must_use]
    pub fn in_language(&self, language: Language) -> &str {
        match language {
            Language::En => &self.en,
            Language::Ru => &self.ru,
            Language::Ky => &self.ky,
        }
    }
}

/// A zone that the permit covers. A name alone makes one without places.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Zone {
    /// The zone's name.
    pub name: Named,
    /// Its places that matter for this journey; what stands last may be words such as "and others".
    pub places: Vec<Named>,
}

impl From<Named> for Zone {
    fn from(name: Named) -> Self {
        Self { name, places: Vec::new() }
    }
}

/// What one correction or extension did. A sentence alone makes one without a reason.
#[derive(Clone, PartialEq, Eq)]
pub struct Change {
    /// A whole sentence without its full stop.
    pub what: Named,
    /// Why, in the clerk's words; printed once, behind both languages.
    pub reason: Option<String>,
}

impl From<Named> for Change {
    fn from(what: Named) -> Self {
        Self { what, reason: None }
    }
}

/// A place on the route.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RouteStop {
    /// The place's name.
    pub name: Named,
    /// It is a checkpoint, where a copy is handed in.
    pub is_post: bool,
    /// The number of the copy that is meant for this checkpoint, printed inside its mark.
    pub copy: Option<u8>,
}

/// One line of the table of travellers. Dates are printed as they stand here.
#[derive(Clone, PartialEq, Eq)]
pub struct TravellerRow {
    /// The surname as in the MRZ, in Latin letters.
    pub surname: String,
    /// The given names as in the MRZ, in Latin letters; may be empty.
    pub given_names: String,
    /// The name as the passport's visual zone or an application writes it: Cyrillic, or Latin with diacritics.
    pub visual_name: Option<String>,
    /// The nationality, normally its three-letter code.
    pub nationality: String,
    /// The date of birth.
    pub birth_date: String,
    /// The sex as the passport prints it.
    pub sex: String,
    /// The document number without spaces; it is printed in groups of three.
    pub document_number: String,
    /// The document's date of expiry.
    pub expiry_date: String,
    /// What the person does for the group, if not a traveller: guide, driver.
    pub role: Option<Named>,
}

/// The original or one copy.
#[derive(Clone, PartialEq, Eq)]
pub struct Copy {
    /// k: 0 is the original, copies count from 1.
    pub number: u8,
    /// n: how many copies there are beside the original.
    pub of: u8,
    /// The checkpoint that the copy is meant for; a spare has none.
    pub post: Option<Named>,
    /// The copy's sheets, one page each.
    pub sheets: Vec<Sheet>,
}

/// One page of a copy.
#[derive(Clone, PartialEq, Eq)]
pub struct Sheet {
    /// p, from 1.
    pub number: u8,
    /// q.
    pub of: u8,
    /// Which of the booklet's travellers stand on this sheet; at most [`super::MAX_ROWS`].
    pub rows: Range<usize>,
    /// The text form of this sheet's seal: `KGBZ` and Base32.
    pub seal_text: String,
}
