//! The log: readable sentences with fields, on stderr.
//!
//! A name, a passport number or an MRZ never gets here; a room logs an event once, at its boundary.

use std::io;

use serde::Deserialize;
use tracing_subscriber::EnvFilter;

use crate::config::{Config, ConfigError};

/// The section `[log]` of the configuration.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LogSection {
    /// A level or a filter in the syntax of `tracing_subscriber::EnvFilter`.
    pub level: String,
    /// How a line looks.
    pub format: LogFormat,
}

/// How a log line looks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum LogFormat {
    /// For people.
    Text,
    /// One JSON object a line.
    Json,
}

/// Starts the log as the configuration says; `filter`, where given, takes the place of its level.
///
/// A log that was started before stays as it is, so that several rooms can live in one process.
///
/// # Errors
/// The level or filter can't be understood.
pub fn start(config: &Config, filter: Option<&str>) -> Result<(), ConfigError> {
    let section: LogSection = config.section("log")?;
    let wanted = filter.unwrap_or(&section.level);
    let filter = EnvFilter::builder().parse(wanted).map_err(|error| {
        let why = format!(
            "`{wanted}` is no level and no filter ({error}); levels are error, warn, info, debug, trace"
        );
        config.invalid("log", "level", why)
    })?;
    let log = tracing_subscriber::fmt().with_env_filter(filter).with_writer(io::stderr);
    let _ = match section.format {
        LogFormat::Text => log.with_ansi(false).try_init(),
        LogFormat::Json => log.json().flatten_event(true).try_init(),
    };
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_shipped_log_section_is_understood() {
        let section: LogSection = Config::load(None).unwrap().section("log").unwrap();
        assert_eq!(section, LogSection { level: "info".into(), format: LogFormat::Text });
    }

    #[test]
    fn a_level_that_is_none_is_refused() {
        let config = Config::load(None).unwrap();
        let message = start(&config, Some("info,propusk=loud")).unwrap_err().to_string();
        assert!(message.contains("log.level") && message.contains("loud"), "{message}");
    }
}
