//! The whole region file as one typed value, and the step from text to it.

use crate::error::{BrokenRule, RegionError};
use crate::lines::Lines;
use crate::model::{
    Application, Checkpoint, Closure, CountryRule, Crossing, EVisa, Gap, LeadTime, PermitPaper, Place,
    PriceElsewhere, Route, SourceTitle, Tariff, Validity, VehicleRules, VisaRule, Zone, ZoneRule,
};
use serde::Deserialize;

/// The file's tables, in the order in which the shipped file has them.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Document {
    pub(crate) schema: u32,
    #[serde(default)]
    pub(crate) source: Vec<SourceTitle>,
    pub(crate) zone: Vec<Zone>,
    #[serde(default)]
    pub(crate) zone_rule: Vec<ZoneRule>,
    #[serde(default)]
    pub(crate) place: Vec<Place>,
    #[serde(default)]
    pub(crate) checkpoint: Vec<Checkpoint>,
    #[serde(default)]
    pub(crate) route: Vec<Route>,
    #[serde(default)]
    pub(crate) tariff: Vec<Tariff>,
    #[serde(default)]
    pub(crate) price_elsewhere: Vec<PriceElsewhere>,
    pub(crate) validity: Validity,
    #[serde(default)]
    pub(crate) lead_time: Vec<LeadTime>,
    #[serde(default)]
    pub(crate) application: Vec<Application>,
    pub(crate) permit_paper: PermitPaper,
    #[serde(default)]
    pub(crate) crossing: Vec<Crossing>,
    #[serde(default)]
    pub(crate) country_rule: Vec<CountryRule>,
    #[serde(default)]
    pub(crate) closure: Vec<Closure>,
    #[serde(default)]
    pub(crate) visa_rule: Vec<VisaRule>,
    pub(crate) e_visa: EVisa,
    pub(crate) vehicle: VehicleRules,
    #[serde(default)]
    pub(crate) gap: Vec<Gap>,
}

impl Document {
    /// Reads the text: first as TOML, then into the typed tables. Rules about meaning are `validate`'s.
    pub(crate) fn read<'t>(text: &'t str, file: &str) -> Result<(Self, Lines<'t>), RegionError> {
        let lines = Lines::parse(text).map_err(|error| RegionError {
            file: file.to_owned(),
            line: crate::lines::line_to_mend(text, line_of(text, &error)),
            key: "(file)".to_owned(),
            rule: BrokenRule::Syntax { reason: error.message().to_owned() },
        })?;
        let document = toml::from_str(text).map_err(|error| RegionError {
            file: file.to_owned(),
            line: line_of(text, &error),
            key: lines.key_at(error.span().map_or(0, |span| span.start)),
            rule: BrokenRule::Shape { reason: error.message().to_owned() },
        })?;
        Ok((document, lines))
    }
}

/// The line of an error, counted from 1.
fn line_of(text: &str, error: &toml::de::Error) -> usize {
    crate::lines::line_at(text, error.span().map_or(0, |span| span.start))
}
