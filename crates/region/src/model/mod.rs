//! The tables of the region file, typed; every table refuses unknown keys.
//!
//! `source` and `as_of` have a default here only so that their absence is refused by a rule of its own
//! ([`crate::BrokenRule::MissingSource`]); in a loaded [`crate::Region`] both are always there.

mod crossing;
mod permit;
mod place;
mod stay;
mod vehicle;

pub use crossing::{
    Closure, CountryRule, Crossing, CrossingChange, CrossingStatus, Direction, Hours, LunchBreak, Mode,
    MonthPart, Need, PartOfMonth, Season, Service, Side,
};
pub use permit::{Application, LeadTime, PermitPaper, PriceElsewhere, Tariff, Validity, ValidityChange};
pub use place::{Checkpoint, Gap, Place, Position, Route, Zone, ZoneRule, ZoneTopic};
pub use stay::{AfterPart, EVisa, EntryPoint, GroupSize, VisaRule};
pub use vehicle::{Ecotax, Insurance, TemporaryImport, VehicleRules};

use crate::date::AsOf;
use serde::Deserialize;

/// A document that `source` may name by its id instead of an address.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SourceTitle {
    /// What `source` says.
    pub id: String,
    /// The document's title, for people.
    pub title: String,
    /// It speaks to foreign travellers: a crossing that it names without a limit is open to them.
    #[serde(default)]
    pub for_travellers: bool,
}

/// A later fact that stands beside its table's baseline and never overwrites it.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Change {
    /// The fact, in English as the page has it.
    pub note: String,
    /// The page disputes the baseline or another change.
    #[serde(default)]
    pub conflict: bool,
    /// Where it comes from.
    #[serde(default)]
    pub source: String,
    /// How old it is.
    #[serde(default)]
    pub as_of: AsOf,
}

/// Everything that carries its origin.
pub trait Sourced {
    /// The page's address, or the id of a [`SourceTitle`].
    fn source(&self) -> &str;
    /// The date of the page.
    fn as_of(&self) -> AsOf;
}

macro_rules! sourced {
    ($($table:ty),* $(,)?) => {$(
        impl Sourced for $table {
            fn source(&self) -> &str {
                &self.source
            }
            fn as_of(&self) -> AsOf {
                self.as_of
            }
        }
    )*};
}
sourced!(
    Change,
    Zone,
    ZoneRule,
    Place,
    Position,
    Checkpoint,
    Route,
    Gap,
    Crossing,
    CrossingChange,
    CountryRule,
    Closure,
    Tariff,
    PriceElsewhere,
    Validity,
    ValidityChange,
    LeadTime,
    Application,
    PermitPaper,
    VisaRule,
    EVisa,
    TemporaryImport,
    Ecotax,
    Insurance,
);
