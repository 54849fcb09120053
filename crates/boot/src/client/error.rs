//! What can go wrong between a command and a service.

use crate::exit::{ExitStatus, Failure};

/// Why a call had no good answer.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ClientError {
    /// The address can't be used.
    #[error("`{url}` is no address of a service: {why}; it looks like http://127.0.0.1:8080")]
    Address {
        /// What was given.
        url: String,
        /// What is wrong with it.
        why: String,
    },
    /// The address of somebody elsewhere can't be used. It isn't repeated: its path or query may be a secret.
    #[error(
        "that is no address to tell somebody something at: {why}; it looks like https://crm.example.kg/hooks"
    )]
    Elsewhere {
        /// What is wrong with it.
        why: String,
    },
    /// Clear text to another machine.
    #[error(
        "http://{host} is another machine, and the token would travel there in the clear; use https://{host}, where a proxy ends TLS there, or open a tunnel (ssh -L 8080:127.0.0.1:PORT {host}) and use --server http://127.0.0.1:8080"
    )]
    ClearText {
        /// The host.
        host: String,
    },
    /// Nobody answers, or not in time.
    #[error("no service answers at {url} ({why}); is it running?")]
    Unreachable {
        /// The base address.
        url: String,
        /// What the system said.
        why: String,
    },
    /// The service refused, with its reason.
    #[error("{message} ({code})")]
    Refused {
        /// The HTTP status.
        status: u16,
        /// The reason for programs.
        code: String,
        /// The reason for people.
        message: String,
    },
    /// The answer is not what this program understands.
    #[error(
        "the service at {url} gave an answer that this program can't read ({why}); are both of the same version?"
    )]
    Broken {
        /// The base address.
        url: String,
        /// What is wrong with it.
        why: String,
    },
}

impl ClientError {
    pub(super) fn from_transport(url: &str, error: ureq::Error) -> Self {
        let url = url.to_owned();
        match error {
            ureq::Error::Io(error) => Self::Unreachable { url, why: error.to_string() },
            ureq::Error::Timeout(what) => {
                Self::Unreachable { url, why: format!("no answer in time: {what}") }
            }
            ureq::Error::HostNotFound | ureq::Error::ConnectionFailed => {
                Self::Unreachable { url, why: error.to_string() }
            }
            error => Self::Broken { url, why: error.to_string() },
        }
    }
}

impl Failure for ClientError {
    fn exit_status(&self) -> ExitStatus {
        match self {
            Self::Unreachable { .. } | Self::Broken { .. } => ExitStatus::Unreachable,
            // A refused request: 422 and 409 are an answer ("no"), a service in trouble is none.
            Self::Refused { status: 500.., .. } => ExitStatus::Unreachable,
            Self::Refused { status: 400 | 401 | 403 | 413 | 415, .. } => ExitStatus::Usage,
            Self::Refused { .. } => ExitStatus::No,
            Self::Address { .. } | Self::Elsewhere { .. } | Self::ClearText { .. } => ExitStatus::Usage,
        }
    }
}
