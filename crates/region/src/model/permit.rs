//! What a permit costs, how long it lasts, how long it takes, and what it looks like.

use super::Change;
use crate::date::{AsOf, PartialDate};
use crate::ids::ZoneId;
use serde::Deserialize;

/// The agency's price for a number of zones. It is an agency's price, not a state fee.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Tariff {
    /// The tariff's id.
    pub id: String,
    /// The fewest zones it is for.
    pub zones_min: usize,
    /// The most zones it is for.
    pub zones_max: usize,
    /// The amount in whole units of the currency.
    pub amount: u32,
    /// ISO 4217 code.
    pub currency: String,
    /// The source says "about".
    #[serde(default)]
    pub approximate: bool,
    /// What the page adds, in English.
    pub note: Option<String>,
    /// Where it comes from.
    #[serde(default)]
    pub source: String,
    /// How old it is.
    #[serde(default)]
    pub as_of: AsOf,
}

/// Another house's price, for comparison; never used for an order.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PriceElsewhere {
    /// The price's id.
    pub id: String,
    /// The amount in whole units of the currency.
    pub amount: u32,
    /// ISO 4217 code.
    pub currency: String,
    /// Comes on top of another price.
    #[serde(default)]
    pub surcharge: bool,
    /// The zones it is for; empty: any one.
    #[serde(default)]
    pub zones: Vec<ZoneId>,
    /// What it is for, in English.
    pub note: String,
    /// Where it comes from.
    #[serde(default)]
    pub source: String,
    /// How old it is.
    #[serde(default)]
    pub as_of: AsOf,
}

/// How long a permit is good for.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Validity {
    /// Months of a new permit.
    pub months: u32,
    /// Months in all, with extensions: a setting, because the guide does not say whether two months are the total.
    pub max_total_months: u32,
    /// What the source leaves open, in English; to be shown where an extension is offered.
    pub ambiguity: Option<String>,
    /// What other pages say.
    #[serde(default)]
    pub change: Vec<ValidityChange>,
    /// Where it comes from.
    #[serde(default)]
    pub source: String,
    /// How old it is.
    #[serde(default)]
    pub as_of: AsOf,
}

/// Another page's word on how long a permit is good for.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ValidityChange {
    /// Weeks of a new permit.
    pub weeks: u32,
    /// What the page adds, in English.
    pub note: Option<String>,
    /// Where it comes from.
    #[serde(default)]
    pub source: String,
    /// How old it is.
    #[serde(default)]
    pub as_of: AsOf,
}

/// How long a permit takes to get; exactly one of the three units is given.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LeadTime {
    /// The lead time's id.
    pub id: String,
    /// Whose it is, in English.
    pub who: String,
    /// Working days.
    pub working_days: Option<u32>,
    /// Days.
    pub days: Option<u32>,
    /// Weeks.
    pub weeks: Option<u32>,
    /// Working days when hurried.
    pub express_working_days: Option<u32>,
    /// Zones for which it can be hurried; empty: not said.
    #[serde(default)]
    pub express_zones: Vec<ZoneId>,
    /// From when it holds, where known.
    pub effective_from: Option<PartialDate>,
    /// Until when it holds, where known.
    pub until: Option<PartialDate>,
    /// Where it comes from.
    #[serde(default)]
    pub source: String,
    /// How old it is.
    #[serde(default)]
    pub as_of: AsOf,
}

/// What an application asked for.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Application {
    /// The application's id.
    pub id: String,
    /// The papers asked for, in English.
    #[serde(default)]
    pub documents: Vec<String>,
    /// The page's words, when it lists no papers.
    pub text: Option<String>,
    /// Where it comes from.
    #[serde(default)]
    pub source: String,
    /// How old it is.
    #[serde(default)]
    pub as_of: AsOf,
}

/// What is known of the paper itself. No image of an official form was found.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PermitPaper {
    /// What happens to original and copies, in English.
    pub copies_rule: String,
    /// The fields that must be free of error, in English.
    pub error_fields: Vec<String>,
    /// What an error leads to, in English.
    pub error_effect: String,
    /// Whether a permit can be ordered online from the agency.
    pub ordered_online: bool,
    /// Later facts.
    #[serde(default)]
    pub change: Vec<Change>,
    /// Where it comes from.
    #[serde(default)]
    pub source: String,
    /// How old it is.
    #[serde(default)]
    pub as_of: AsOf,
}
