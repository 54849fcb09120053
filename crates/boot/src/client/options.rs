//! Which service a command talks to.

use std::path::PathBuf;

use super::{Client, ClientError};
use crate::exit::{ExitStatus, Failure};
use crate::instance::{Instance, InstanceError};
use crate::private::{self, PrivateError};

/// `--server` and `--token-file`: the service elsewhere than in the data folder of this machine.
#[derive(Debug, Clone, Default, clap::Args)]
pub struct ServerOptions {
    /// The service's address, instead of the one that runs in the data folder
    #[arg(long, value_name = "URL", env = "PROPUSK_SERVER")]
    pub server: Option<String>,
    /// The file (mode 0600) with the token for --server
    #[arg(long, value_name = "FILE", env = "PROPUSK_TOKEN_FILE", requires = "server")]
    pub token_file: Option<PathBuf>,
}

impl ServerOptions {
    /// A client for `--server`, or else for `room` as it runs in the data folder.
    ///
    /// # Errors
    /// The room is not running, the address can't be used, or the token file can't be read.
    pub fn connect(&self, instance: &Instance, room: &str) -> Result<Client, ConnectError> {
        let Some(server) = &self.server else {
            let announcement = instance.find(room)?;
            return Ok(Client::announced(&announcement.url, announcement.token));
        };
        let token = self.token_file.as_deref().map(private::read_secret).transpose()?;
        Ok(Client::new(server, token)?)
    }
}

/// Why no client could be made.
#[derive(Debug, thiserror::Error)]
#[error(transparent)]
pub enum ConnectError {
    /// The room is not running in the data folder, or the folder can't be read.
    Instance(#[from] InstanceError),
    /// The token file can't be read.
    Token(#[from] PrivateError),
    /// The address can't be used.
    Client(#[from] ClientError),
}

impl Failure for ConnectError {
    fn exit_status(&self) -> ExitStatus {
        match self {
            Self::Instance(error) => error.exit_status(),
            Self::Token(error) => error.exit_status(),
            Self::Client(error) => error.exit_status(),
        }
    }
}
