//! A small blocking HTTP client with JSON, for the commands that talk to a service.
//!
//! It speaks clear-text HTTP to this machine only, because a token must not cross a network in the clear, and HTTPS to
//! everybody: a service elsewhere stands behind a proxy that ends TLS (see `http/proxy.rs`), or at a tunnel's end.

mod encrypted;
mod error;
mod options;
mod receiver;

use std::net::IpAddr;
use std::time::Duration;

use serde::Serialize;
use serde::de::DeserializeOwned;
use ureq::config::ConfigBuilder;
use ureq::http::{Response, StatusCode, Uri};
use ureq::typestate::AgentScope;
use ureq::{Agent, Body};

pub use error::ClientError;
pub use options::{ConnectError, ServerOptions};
pub use receiver::Receiver;

use crate::http::{IDEMPOTENCY_KEY, ProblemBody};

/// How long a connection may take to be made.
const CONNECT: Duration = Duration::from_secs(5);
/// How long a whole call may take, the answer's body included.
const CALL: Duration = Duration::from_secs(60);
/// The longest answer that is read: a large group's PDF has a few megabytes.
pub const MAX_ANSWER_BYTES: u64 = 64 * 1024 * 1024;

/// A service's HTTP API at one address.
#[derive(Clone)]
pub struct Client {
    agent: Agent,
    base: String,
    authorization: Option<String>,
}

impl Client {
    /// A client for the API at `base_url` (such as `http://127.0.0.1:40123`), with a bearer token where the API
    /// asks for one. Nothing is sent yet.
    ///
    /// # Errors
    /// The address is none, or names another machine without TLS ([`ClientError::ClearText`]).
    pub fn new(base_url: &str, token: Option<String>) -> Result<Self, ClientError> {
        let base = base_url.trim_end_matches('/');
        let scheme = check_address(base)?;
        let builder = Agent::config_builder();
        let builder = match scheme {
            Scheme::Http => builder,
            Scheme::Https => builder.tls_config(encrypted::config()),
        };
        Ok(Self::from_builder(builder, base, token))
    }

    /// A client for a room that has announced itself on this machine: whatever its address, nothing leaves the machine.
    pub(crate) fn announced(base_url: &str, token: Option<String>) -> Self {
        Self::from_builder(Agent::config_builder(), base_url, token)
    }

    fn from_builder(builder: ConfigBuilder<AgentScope>, base_url: &str, token: Option<String>) -> Self {
        let config = builder
            .http_status_as_error(false)
            .max_redirects(0)
            .max_redirects_will_error(false)
            .proxy(None) // A proxy from the environment would see the token.
            .timeout_connect(Some(CONNECT))
            .timeout_global(Some(CALL))
            .build();
        let authorization = token.map(|token| format!("Bearer {token}"));
        Self { agent: config.new_agent(), base: base_url.to_owned(), authorization }
    }

    /// The address without a slash at its end.
    pub fn base_url(&self) -> &str {
        &self.base
    }

    /// `GET path` (which begins with a slash), the answer read as JSON.
    ///
    /// # Errors
    /// The service can't be reached, refuses, or answers something else.
    pub fn get<T: DeserializeOwned>(&self, path: &str) -> Result<T, ClientError> {
        let bytes = self.get_bytes(path)?;
        self.json(&bytes)
    }

    /// `GET path`, the answer's bytes.
    ///
    /// # Errors
    /// As [`get`](Self::get).
    pub fn get_bytes(&self, path: &str) -> Result<Vec<u8>, ClientError> {
        let mut request = self.agent.get(format!("{}{path}", self.base));
        if let Some(authorization) = &self.authorization {
            request = request.header("authorization", authorization);
        }
        self.answer(request.call())
    }

    /// `POST path` with a JSON body, the answer read as JSON; an empty answer is read as `null`.
    ///
    /// # Errors
    /// As [`get`](Self::get).
    pub fn post<B: Serialize, T: DeserializeOwned>(&self, path: &str, body: &B) -> Result<T, ClientError> {
        let bytes = self.post_for_bytes(path, body)?;
        self.json(if bytes.is_empty() { b"null" } else { &bytes })
    }

    /// `POST path` with a JSON body, the answer's bytes.
    ///
    /// # Errors
    /// As [`get`](Self::get).
    pub fn post_for_bytes<B: Serialize>(&self, path: &str, body: &B) -> Result<Vec<u8>, ClientError> {
        let mut request = self.agent.post(format!("{}{path}", self.base));
        if let Some(authorization) = &self.authorization {
            request = request.header("authorization", authorization);
        }
        self.answer(request.send_json(body))
    }

    /// `POST path` with a JSON body, where the service may say no in its own words: the answer, or, for status 422,
    /// the refusal's body. `key` names the request (`Idempotency-Key`): sent again, it is done once.
    ///
    /// # Errors
    /// As [`get`](Self::get).
    pub fn post_or_refusal<B: Serialize, T: DeserializeOwned, R: DeserializeOwned>(
        &self,
        path: &str,
        body: &B,
        key: Option<&str>,
    ) -> Result<Result<T, R>, ClientError> {
        let mut request = self.agent.post(format!("{}{path}", self.base));
        if let Some(key) = key {
            request = request.header(IDEMPOTENCY_KEY, key);
        }
        if let Some(authorization) = &self.authorization {
            request = request.header("authorization", authorization);
        }
        let failed = |error| ClientError::from_transport(&self.base, error);
        let mut response = request.send_json(body).map_err(failed)?;
        let bytes =
            response.body_mut().with_config().limit(MAX_ANSWER_BYTES).read_to_vec().map_err(failed)?;
        match response.status() {
            status if status.is_success() => Ok(Ok(self.json(&bytes)?)),
            status @ StatusCode::UNPROCESSABLE_ENTITY => {
                serde_json::from_slice(&bytes).map(Err).map_err(|_| self.refusal(status, &bytes))
            }
            status => Err(self.refusal(status, &bytes)),
        }
    }

    fn answer(&self, result: Result<Response<Body>, ureq::Error>) -> Result<Vec<u8>, ClientError> {
        let failed = |error| ClientError::from_transport(&self.base, error);
        let mut response = result.map_err(failed)?;
        let status = response.status();
        let bytes =
            response.body_mut().with_config().limit(MAX_ANSWER_BYTES).read_to_vec().map_err(failed)?;
        if status.is_success() { Ok(bytes) } else { Err(self.refusal(status, &bytes)) }
    }

    fn refusal(&self, status: StatusCode, bytes: &[u8]) -> ClientError {
        match serde_json::from_slice::<ProblemBody>(bytes) {
            Ok(ProblemBody { detail, code, .. }) => {
                ClientError::Refused { status: status.as_u16(), code, message: detail }
            }
            Err(_) => self.broken(format!("status {status} without an explanation")),
        }
    }

    fn json<T: DeserializeOwned>(&self, bytes: &[u8]) -> Result<T, ClientError> {
        // The position only: the parser's own words can quote the answer, which may hold personal data.
        let why = |error: serde_json::Error| {
            format!("JSON of another shape at line {}, column {}", error.line(), error.column())
        };
        serde_json::from_slice(bytes).map_err(|error| self.broken(why(error)))
    }

    fn broken(&self, why: String) -> ClientError {
        ClientError::Broken { url: self.base.clone(), why }
    }
}

impl std::fmt::Debug for Client {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Client").field("base", &self.base).finish_non_exhaustive()
    }
}

enum Scheme {
    Http,
    Https,
}

fn check_address(url: &str) -> Result<Scheme, ClientError> {
    let address = |why: &str| ClientError::Address { url: url.to_owned(), why: why.to_owned() };
    let uri: Uri = url.parse().map_err(|error| address(&format!("{error}")))?;
    let host = uri.host().ok_or_else(|| address("it names no host"))?;
    if uri.authority().is_some_and(|authority| authority.as_str().contains('@')) {
        return Err(address("a user or password does not belong into an address"));
    }
    if uri.path() != "/" && !uri.path().is_empty() || uri.query().is_some() {
        return Err(address("only scheme, host and port belong here"));
    }
    match uri.scheme_str() {
        Some("http") if is_loopback(host) => Ok(Scheme::Http),
        Some("http") => Err(ClientError::ClearText { host: host.to_owned() }),
        Some("https") => Ok(Scheme::Https),
        _ => Err(address("it has to begin with https:// (or, on this machine, http://)")),
    }
}

fn is_loopback(host: &str) -> bool {
    let bare = host.trim_start_matches('[').trim_end_matches(']');
    host == "localhost" || bare.parse::<IpAddr>().is_ok_and(|address| address.is_loopback())
}

#[cfg(test)]
mod tests;
