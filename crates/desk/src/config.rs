//! The `[desk]` section of the configuration.

use serde::Deserialize;

/// Settings of the desk; the shipped `config/propusk.toml` explains each.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DeskConfig {
    /// Address of the HTTP API; port 0 takes any free one.
    pub listen: String,
    /// The agency's name, as the sheets print it.
    pub agency: String,
    /// The issuing office, as sheet and seal carry it.
    pub issuing_office: String,
    /// The signer's identifier, `KGBP`.
    pub signer: String,
    /// The reference of this desk's certificate.
    pub certificate_reference: String,
    /// Copies beyond those that the route's checkpoints take.
    pub spares: u8,
    /// The longest validity of one permit, all extensions counted.
    pub max_total_months: u8,
}
