//! The `[handheld]` section of the configuration.

use serde::Deserialize;

/// Settings of the checkpoint client; the shipped `config/propusk.toml` explains each.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct HandheldConfig {
    /// A trust list older than this is shown as stale.
    pub trust_stale_days: u16,
    /// Recorded hand-ins are kept this long after their receipt, so that a restored recorder can ask for them again.
    pub keep_receipted_days: u16,
    /// First pause before an unanswered hand-in is sent again, or a broker out of reach tried again.
    pub resend_first_ms: u64,
    /// Longest pause between two attempts.
    pub resend_max_ms: u64,
    /// How often `handheld run` asks for news where nothing waits.
    pub ask_every_s: u32,
    /// A device clock that differs from the recorder's by more than this is suspect.
    pub clock_suspect_minutes: u32,
    /// So long without a key, and `handheld run` locks where soldiers have PINs; 0 is never.
    pub lock_after_s: u32,
}

impl HandheldConfig {
    /// The shipped values, for a phone: nobody edits a file there.
    pub const SHIPPED: Self = Self {
        trust_stale_days: 7,
        keep_receipted_days: 30,
        resend_first_ms: 1000,
        resend_max_ms: 60_000,
        ask_every_s: 300,
        clock_suspect_minutes: 10,
        lock_after_s: 600,
    };
}

#[cfg(all(test, feature = "device"))]
mod tests {
    use super::*;

    #[test]
    fn a_phone_has_the_shipped_values() {
        let config = propusk_boot::config::Config::load(None).unwrap();
        assert_eq!(config.section::<HandheldConfig>("handheld").unwrap(), HandheldConfig::SHIPPED);
    }
}
