//! HTTP for a room: listening, limits, the operator's token, stopping, and errors as JSON.

mod description;
mod limits;
mod network;
mod object;
mod operations;
mod problem;
mod proxy;
mod token;

use std::io;
use std::net::SocketAddr;
use std::time::Duration;

use axum::Router;
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;

pub use description::description_route;
pub use limits::{DEFAULT_BODY_BYTES, guarded};
pub use network::network;
pub use object::JsonObject;
pub use operations::{Health, health_route, metrics_route};
pub use problem::{PROBLEM_JSON, Problem, ProblemBody};
pub use proxy::{Exposed, HttpSection};
pub use token::{Token, bearer, require_token, token_needed};

use crate::exit::Failure;

/// The header in which a sender names a request, so that it is done once however often it is sent
/// (draft-ietf-httpapi-idempotency-key-header).
pub const IDEMPOTENCY_KEY: &str = "idempotency-key";
/// How long requests that have begun may go on after the stop.
pub const GRACE: Duration = Duration::from_secs(3);

/// An address that can't be listened on.
#[derive(Debug, thiserror::Error)]
#[error("can't listen on {address}: {}", explain(source))]
pub struct BindError {
    /// The address as it was given.
    pub address: String,
    /// What the system said.
    pub source: io::Error,
}

impl Failure for BindError {}

/// Listens on `address`, such as `127.0.0.1:0` (port 0: any free one) or `[::1]:8080`.
///
/// # Errors
/// The address is none, is not this machine's, or its port is in use.
pub async fn bind(address: &str) -> Result<TcpListener, BindError> {
    TcpListener::bind(address).await.map_err(|source| BindError { address: address.to_owned(), source })
}

/// Answers requests until `shutdown`; then takes no new ones and lets those that have begun go on for at most
/// [`GRACE`].
///
/// Handlers that stream (server-sent events) have to end on `shutdown` themselves, else they take the whole
/// grace. A handler finds the caller's address as `ConnectInfo<SocketAddr>` (see [`HttpSection::see_through`]).
///
/// # Errors
/// The listener itself fails.
pub async fn serve(listener: TcpListener, router: Router, shutdown: CancellationToken) -> io::Result<()> {
    let service = router.into_make_service_with_connect_info::<SocketAddr>();
    let stop = shutdown.clone().cancelled_owned();
    let serving = axum::serve(listener, service).with_graceful_shutdown(stop);
    let out_of_patience = async {
        shutdown.cancelled().await;
        tokio::time::sleep(GRACE).await;
    };
    tokio::select! {
        result = serving => result,
        () = out_of_patience => {
            tracing::warn!(grace_s = GRACE.as_secs(), "Requests were still open at the end of the grace and were cut off.");
            Ok(())
        }
    }
}

fn explain(error: &io::Error) -> String {
    match error.kind() {
        io::ErrorKind::AddrInUse => {
            "the port is in use; stop the program that has it, or set `listen` in the configuration to another port (0: any free one)".to_owned()
        }
        io::ErrorKind::AddrNotAvailable => "this machine does not have this address; correct `listen` in the configuration".to_owned(),
        io::ErrorKind::PermissionDenied => "ports below 1024 are the administrator's; set `listen` in the configuration to a higher one".to_owned(),
        io::ErrorKind::InvalidInput => "this is no address with a port; correct `listen` in the configuration (such as 127.0.0.1:8080)".to_owned(),
        _ => error.to_string(),
    }
}

#[cfg(test)]
mod tests;
