//! One startup path for every command and every room (HOUSE habit: options, configuration, a callback).
//!
//! A one-shot command calls [`Setting::prepare`]. A room's `run` calls [`run`] with a callback that gets a
//! [`Service`]: configuration, clock, data folder with its lock, metrics, health and the stop.

mod answer;
mod error;
mod options;
mod service;

use std::future::Future;
use std::path::PathBuf;
use std::time::Duration;

use serde::Deserialize;

pub use answer::{BROKER_CA, BrokerAddress};
pub use error::{ServeError, StartError};
pub use options::Options;
pub use service::Service;

use crate::clock::Clock;
use crate::config::Config;
use crate::exit::Failed;
use crate::instance::{Instance, InstanceError};
use crate::locales::Language;
use crate::{logging, shutdown};

/// The file in a data folder that overrides the shipped configuration when `--config` names none.
const OWN_CONFIG: &str = "propusk.toml";
/// The variable whose log filter goes before the configured one.
const LOG_VARIABLE: &str = "PROPUSK_LOG";
/// What single commands log.
const COMMAND_LOG: &str = "warn";
/// How long tasks that a room left behind may go on after its callback has returned.
const LEFTOVERS: Duration = Duration::from_millis(500);

/// What a command knows before it begins: its configuration, clock, language and data folder's path.
#[derive(Debug, Clone)]
pub struct Setting {
    /// The merged configuration.
    pub config: Config,
    /// The clock, fixed to a day by `--today`.
    pub clock: Clock,
    /// The language of messages.
    pub language: Language,
    /// The data folder; nothing has been made there yet.
    pub data: PathBuf,
    /// True where stdout gets JSON only.
    pub json: bool,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct InstanceSection {
    language: String,
}

impl Setting {
    /// Loads the configuration and starts the log for a single command: warnings only, unless `PROPUSK_LOG`
    /// says more.
    ///
    /// # Errors
    /// The configuration can't be used.
    pub fn prepare(options: &Options) -> Result<Self, StartError> {
        Self::prepare_logging(options, Some(COMMAND_LOG))
    }

    fn prepare_logging(options: &Options, filter: Option<&str>) -> Result<Self, StartError> {
        let own = options.data.join(OWN_CONFIG);
        let file = options.config.clone().or_else(|| own.exists().then_some(own));
        let config = Config::load(file.as_deref())?;
        let variable = std::env::var(LOG_VARIABLE).ok().filter(|value| !value.is_empty());
        logging::start(&config, variable.as_deref().or(filter))?;
        let language = match options.lang {
            Some(language) => language,
            None => configured_language(&config)?,
        };
        let clock = Clock::from_option(options.today);
        Ok(Self { config, clock, language, data: options.data.clone(), json: options.json })
    }

    /// Opens the data folder, making it where it is missing.
    ///
    /// # Errors
    /// It can't be made or closed to others.
    pub fn instance(&self) -> Result<Instance, InstanceError> {
        Instance::open(&self.data)
    }
}

fn configured_language(config: &Config) -> Result<Language, StartError> {
    let section: InstanceSection = config.section("instance")?;
    if section.language.is_empty() {
        return Ok(Language::from_environment(|name| std::env::var(name).ok()));
    }
    let parsed = section.language.parse::<Language>();
    Ok(parsed.map_err(|error| config.invalid("instance", "language", error.to_string()))?)
}

/// Runs a room until its callback returns: configuration, log, data folder, the lock `room` in it, a tokio
/// runtime, metrics, signals, then `body`.
///
/// The callback stops when [`Service::shutdown`] is cancelled. It should need at most [`crate::http::GRACE`] for
/// that, so that the whole stops in under 5 s.
///
/// # Errors
/// The room could not start, or its callback failed.
pub fn run<F, Fut>(room: &'static str, options: &Options, body: F) -> Result<(), Failed>
where
    F: FnOnce(Service) -> Fut,
    Fut: Future<Output = anyhow::Result<()>>,
{
    let setting = Setting::prepare_logging(options, None)?;
    let runtime =
        tokio::runtime::Builder::new_multi_thread().enable_all().build().map_err(StartError::Runtime)?;
    let result = runtime.block_on(async {
        let signals = shutdown::on_signals().map_err(StartError::Runtime)?;
        let service = Service::start(room, setting, signals)?;
        tracing::info!(room, version = env!("CARGO_PKG_VERSION"), "Starting.");
        Ok(body(service).await?)
    });
    runtime.shutdown_timeout(LEFTOVERS);
    match &result {
        Ok(()) => tracing::info!(room, "Stopped."),
        Err(_) => tracing::error!(room, "Stopped by an error."),
    }
    result
}

#[cfg(test)]
mod tests;
