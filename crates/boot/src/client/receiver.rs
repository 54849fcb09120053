//! Somebody elsewhere who is told something by POST.

use std::time::Duration;

use ureq::Agent;
use ureq::http::Uri;

use super::{ClientError, encrypted, is_loopback};

/// How long a connection, and a whole call, may take.
const CONNECT: Duration = Duration::from_secs(5);
const CALL: Duration = Duration::from_secs(15);
/// The most of an answer that is read; what it says plays no part.
const MAX_ANSWER_BYTES: u64 = 64 * 1024;

/// An address that is told something: HTTPS, or clear text on this machine. Redirects are not followed, and no proxy is
/// asked.
#[derive(Clone)]
pub struct Receiver {
    agent: Agent,
    url: String,
    /// What errors name: path and query may be a secret.
    host: String,
}

impl Receiver {
    /// The receiver at `url`, such as `https://crm.example.kg/hooks/permits`. Nothing is sent yet.
    ///
    /// # Errors
    /// The address is none, or names another machine without TLS.
    pub fn new(url: &str) -> Result<Self, ClientError> {
        let wrong = |why: &str| ClientError::Elsewhere { why: why.to_owned() };
        let uri: Uri = url.parse().map_err(|error| wrong(&format!("{error}")))?;
        let host = uri.host().ok_or_else(|| wrong("it names no host"))?;
        if uri.authority().is_some_and(|authority| authority.as_str().contains('@')) {
            return Err(wrong("a user or password does not belong into an address"));
        }
        match uri.scheme_str() {
            Some("https") => {}
            Some("http") if is_loopback(host) => {}
            _ => return Err(wrong("it has to begin with https:// (or, on this machine, http://)")),
        }
        let host = host.to_owned();
        let config = Agent::config_builder()
            .tls_config(encrypted::config())
            .http_status_as_error(false)
            .max_redirects(0)
            .max_redirects_will_error(false)
            .proxy(None)
            .timeout_connect(Some(CONNECT))
            .timeout_global(Some(CALL))
            .build();
        Ok(Self { agent: config.new_agent(), url: url.to_owned(), host })
    }

    /// `POST` of JSON with these headers; the status of the answer.
    ///
    /// # Errors
    /// Nobody answers, or not in time.
    pub fn tell(&self, headers: &[(&str, &str)], json: &str) -> Result<u16, ClientError> {
        let request = self.agent.post(&self.url).header("content-type", "application/json");
        let request = headers.iter().fold(request, |request, (name, value)| request.header(*name, *value));
        let failed = |error| ClientError::from_transport(&self.host, error);
        let mut response = request.send(json).map_err(failed)?;
        // Read so that the connection can be used again; one whose answer is too long is closed.
        let _ = response.body_mut().with_config().limit(MAX_ANSWER_BYTES).read_to_vec();
        Ok(response.status().as_u16())
    }
}

impl std::fmt::Debug for Receiver {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Receiver").field("host", &self.host).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_is_told_in_the_clear_to_another_machine() {
        for url in [
            "",
            "crm",
            "http://crm.example.kg/x",
            "http://10.0.0.7/geheim",
            "https://a:geheim@crm.example.kg",
            "ftp://127.0.0.1",
        ] {
            let error = Receiver::new(url).unwrap_err().to_string();
            assert!(!error.contains("geheim"), "{error}");
        }
        for url in ["https://crm.example.kg/hooks?x=1", "http://127.0.0.1:9/x", "http://[::1]:9/x"] {
            assert!(Receiver::new(url).is_ok(), "{url}");
        }
    }
}
