//! Vehicles: temporary import, ecotax, insurance. Carried as data, judged by the trip check.

use super::Change;
use crate::date::{AsOf, PartialDate};
use serde::Deserialize;

/// The rules for a vehicle brought along.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct VehicleRules {
    /// The temporary import document (TIP).
    pub tip: TemporaryImport,
    /// The ecotax.
    pub ecotax: Ecotax,
    /// The insurance.
    pub insurance: Insurance,
}

/// The temporary import document.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TemporaryImport {
    /// The customs union's members (ISO 3166-1 alpha-2).
    pub union: Vec<String>,
    /// The shortest it is given for, in months.
    pub months_min: usize,
    /// The longest it is given for, in months.
    pub months_max: usize,
    /// The rule in English.
    pub text: String,
    /// Whether a carnet de passages is needed.
    pub cpd_needed: bool,
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

/// The ecotax, in whole units of its currency.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Ecotax {
    /// Since when it is taken.
    pub since: PartialDate,
    /// For a motorcycle.
    pub motorcycle: u32,
    /// For a car.
    pub car: u32,
    /// For a truck.
    pub truck: u32,
    /// ISO 4217 code.
    pub currency: String,
    /// How old the amounts are.
    pub amounts_as_of: PartialDate,
    /// When it is not due, in English.
    pub not_due: String,
    /// Arriving through one of these countries it is not due (ISO 3166-1 alpha-2).
    #[serde(default)]
    pub not_due_via: Vec<String>,
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

/// The vehicle's insurance.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Insurance {
    /// Since when it is compulsory.
    pub compulsory_since: PartialDate,
    /// The rule in English.
    pub text: String,
    /// Where it comes from.
    #[serde(default)]
    pub source: String,
    /// How old it is.
    #[serde(default)]
    pub as_of: AsOf,
}
