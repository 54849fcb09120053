//! The `[verify]` section of the configuration.

use std::num::NonZeroU32;

use serde::Deserialize;

/// Settings of the verify room; the shipped `config/propusk.toml` explains each.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct VerifyConfig {
    /// Address of the HTTP API; port 0 takes any free one.
    pub listen: String,
    /// How often one permit number may be asked about in an hour, by whomever.
    pub attempts_per_number_per_hour: NonZeroU32,
    /// How often one address may ask about permits in an hour.
    pub attempts_per_address_per_hour: NonZeroU32,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_shipped_section_is_read() {
        let config = propusk_boot::config::Config::load(None).unwrap();
        let section: VerifyConfig = config.section("verify").unwrap();
        assert_eq!(section.listen, "127.0.0.1:0");
        assert!(section.attempts_per_number_per_hour < section.attempts_per_address_per_hour);
    }
}
