//! Why a room or command could not start, or ended.

use std::io;

use crate::config::ConfigError;
use crate::exit::{ExitStatus, Failure};
use crate::http::{BindError, Exposed};
use crate::instance::InstanceError;
use crate::meters::MetersError;

/// Why a command could not begin.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum StartError {
    /// The configuration can't be used.
    #[error(transparent)]
    Config(#[from] ConfigError),
    /// The data folder can't be used.
    #[error(transparent)]
    Instance(#[from] InstanceError),
    /// Metrics can't be set up.
    #[error(transparent)]
    Meters(#[from] MetersError),
    /// The system gives no threads or signals.
    #[error("the system does not let this program start its threads and handle signals: {0}")]
    Runtime(#[source] io::Error),
}

impl Failure for StartError {
    fn exit_status(&self) -> ExitStatus {
        match self {
            Self::Instance(error) => error.exit_status(),
            Self::Config(_) | Self::Meters(_) | Self::Runtime(_) => ExitStatus::Usage,
        }
    }
}

/// Why a room's HTTP API could not be served.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ServeError {
    /// The configuration can't be used.
    #[error(transparent)]
    Config(#[from] ConfigError),
    /// Others reach the address, in clear text.
    #[error(transparent)]
    Exposed(#[from] Exposed),
    /// The address can't be listened on.
    #[error(transparent)]
    Bind(#[from] BindError),
    /// The room's address can't be announced in the data folder.
    #[error(transparent)]
    Instance(#[from] InstanceError),
    /// The listener failed.
    #[error("the HTTP listener failed: {0}")]
    Listener(#[source] io::Error),
}

impl Failure for ServeError {}
