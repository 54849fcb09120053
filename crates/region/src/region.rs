//! The loaded region: its tables, and looking them up by id or spelling.

use crate::document::Document;
use crate::error::RegionError;
use crate::ids::{CheckpointId, CrossingId, PlaceId, ZoneId};
use crate::model::{
    Application, Checkpoint, Closure, CountryRule, Crossing, EVisa, Gap, LeadTime, PermitPaper, Place,
    PriceElsewhere, Route, Tariff, Validity, VehicleRules, VisaRule, Zone, ZoneRule,
};
use crate::spelling::{NameKind, Spellings, UnknownName, unknown};
use crate::validate::{self, Index};
use crate::{DEFAULT_FILE_NAME, DEFAULT_TOML};

/// A region file that was read whole and keeps every rule of [`crate::BrokenRule`].
#[derive(Debug, Clone)]
pub struct Region {
    document: Document,
    index: Index,
}

impl Region {
    /// Reads a region file's text. `file_name` only stands in errors.
    ///
    /// # Errors
    /// The first fault by line: not TOML, an unknown or missing key, or a broken rule of meaning.
    pub fn from_toml(text: &str, file_name: &str) -> Result<Self, RegionError> {
        let (document, lines) = Document::read(text, file_name)?;
        let (index, faults) = validate::validate(&document, &lines, file_name);
        match faults.into_iter().next() {
            Some(fault) => Err(fault),
            None => Ok(Self { document, index }),
        }
    }

    /// Every fault of a region file's text in the order of lines; empty when [`Region::from_toml`] would read it.
    /// A text that is not TOML, or has an unknown or missing key, is reported with that one fault only.
    pub fn faults(text: &str, file_name: &str) -> Vec<RegionError> {
        match Document::read(text, file_name) {
            Ok((document, lines)) => validate::validate(&document, &lines, file_name).1,
            Err(fault) => vec![fault],
        }
    }

    /// An operator's own file (its text and its name), or the shipped one where there is none.
    ///
    /// # Errors
    /// As [`from_toml`](Self::from_toml).
    pub fn own_or_shipped(own: Option<(String, String)>) -> Result<Self, RegionError> {
        own.map_or_else(Self::default_region, |(text, name)| Self::from_toml(&text, &name))
    }

    /// The shipped region, [`DEFAULT_TOML`]. A test proves that it is read without a fault.
    pub fn default_region() -> Result<Self, RegionError> {
        Self::from_toml(DEFAULT_TOML, DEFAULT_FILE_NAME)
    }

    /// The zone with this id or spelling, in any of the three languages. Case, accents, spaces, hyphens and
    /// underscores make no difference; the same holds for every look-up by spelling.
    pub fn zone(&self, spelling: &str) -> Result<&Zone, UnknownName> {
        look_up(&self.index.zones, self.zones(), NameKind::Zone, spelling)
    }

    /// The place with this id or spelling. For a stop of a route, which may be a checkpoint too, see
    /// [`Region::resolve_route`].
    pub fn place(&self, spelling: &str) -> Result<&Place, UnknownName> {
        look_up(&self.index.places, self.places(), NameKind::Place, spelling)
    }

    /// The checkpoint (post) with this id or spelling.
    pub fn post(&self, spelling: &str) -> Result<&Checkpoint, UnknownName> {
        look_up(&self.index.checkpoints, self.checkpoints(), NameKind::Checkpoint, spelling)
    }

    /// The named route with this id or spelling.
    pub fn route(&self, spelling: &str) -> Result<&Route, UnknownName> {
        look_up(&self.index.routes, self.routes(), NameKind::Route, spelling)
    }

    /// The border crossing with this id or spelling.
    pub fn crossing(&self, spelling: &str) -> Result<&Crossing, UnknownName> {
        look_up(&self.index.crossings, self.crossings(), NameKind::Crossing, spelling)
    }

    /// The zone with exactly this id.
    pub fn zone_by_id(&self, id: &ZoneId) -> Option<&Zone> {
        self.zones().iter().find(|zone| zone.id == *id)
    }

    /// The place with exactly this id.
    pub fn place_by_id(&self, id: &PlaceId) -> Option<&Place> {
        self.places().iter().find(|place| place.id == *id)
    }

    /// The checkpoint with exactly this id.
    pub fn checkpoint_by_id(&self, id: &CheckpointId) -> Option<&Checkpoint> {
        self.checkpoints().iter().find(|post| post.id == *id)
    }

    /// The crossing with exactly this id.
    pub fn crossing_by_id(&self, id: &CrossingId) -> Option<&Crossing> {
        self.crossings().iter().find(|crossing| crossing.id == *id)
    }

    /// The title behind a table's `source`, for people: `guide` becomes the guide's title, an address stays.
    pub fn source_title<'a>(&'a self, source: &'a str) -> &'a str {
        let titled = self.document.source.iter().find(|title| title.id == source);
        titled.map_or(source, |title| title.title.as_str())
    }

    /// Every zone, in the order of the file.
    pub fn zones(&self) -> &[Zone] {
        &self.document.zone
    }

    /// Rules about zones as a whole.
    pub fn zone_rules(&self) -> &[ZoneRule] {
        &self.document.zone_rule
    }

    /// Every place.
    pub fn places(&self) -> &[Place] {
        &self.document.place
    }

    /// Every checkpoint.
    pub fn checkpoints(&self) -> &[Checkpoint] {
        &self.document.checkpoint
    }

    /// Every named route.
    pub fn routes(&self) -> &[Route] {
        &self.document.route
    }

    /// The agency's tariffs.
    pub fn tariffs(&self) -> &[Tariff] {
        &self.document.tariff
    }

    /// Other houses' prices, for comparison.
    pub fn prices_elsewhere(&self) -> &[PriceElsewhere] {
        &self.document.price_elsewhere
    }

    /// How long a permit is good for.
    pub fn validity(&self) -> &Validity {
        &self.document.validity
    }

    /// How long a permit takes to get.
    pub fn lead_times(&self) -> &[LeadTime] {
        &self.document.lead_time
    }

    /// What applications asked for.
    pub fn applications(&self) -> &[Application] {
        &self.document.application
    }

    /// What is known of the paper permit.
    pub fn permit_paper(&self) -> &PermitPaper {
        &self.document.permit_paper
    }

    /// Every border crossing.
    pub fn crossings(&self) -> &[Crossing] {
        &self.document.crossing
    }

    /// What holds at every crossing with a country.
    pub fn country_rules(&self) -> &[CountryRule] {
        &self.document.country_rule
    }

    /// Closure notices, replaced ones included.
    pub fn closures(&self) -> &[Closure] {
        &self.document.closure
    }

    /// Every version of the stay rules.
    pub fn visa_rules(&self) -> &[VisaRule] {
        &self.document.visa_rule
    }

    /// Where one may enter with an e-visa.
    pub fn e_visa(&self) -> &EVisa {
        &self.document.e_visa
    }

    /// The rules for vehicles.
    pub fn vehicle(&self) -> &VehicleRules {
        &self.document.vehicle
    }

    /// What is known to be unknown.
    pub fn gaps(&self) -> &[Gap] {
        &self.document.gap
    }

    pub(crate) fn place_index(&self) -> &Spellings {
        &self.index.places
    }

    pub(crate) fn checkpoint_index(&self) -> &Spellings {
        &self.index.checkpoints
    }

    pub(crate) fn entry_index(&self) -> &Spellings {
        &self.index.entry_points
    }

    /// The error for a gate that is neither a crossing nor an entry point: the nearest of both.
    pub(crate) fn unknown_gate(&self, typed: &str) -> UnknownName {
        unknown(NameKind::Crossing, typed, &[&self.index.crossings, &self.index.entry_points])
    }

    /// True where a source speaks to foreign travellers.
    pub(crate) fn is_for_travellers(&self, source: &str) -> bool {
        self.document.source.iter().any(|title| title.id == source && title.for_travellers)
    }

    pub(crate) fn route_index(&self) -> &Spellings {
        &self.index.routes
    }
}

fn look_up<'a, T>(
    index: &Spellings,
    list: &'a [T],
    kind: NameKind,
    typed: &str,
) -> Result<&'a T, UnknownName> {
    index.find(typed).and_then(|at| list.get(at)).ok_or_else(|| unknown(kind, typed, &[index]))
}
