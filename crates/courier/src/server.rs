//! The configuration of the private nats-server, and who may do what on it.
//!
//! Only texts: starting, watching and ending the process is the business of `propusk up`. Two files, because
//! nats-server can't include a file inside a list: `server.conf` (from the template `config/nats/server.conf`)
//! includes [`USERS_FILE`] beside it, which holds every user. After writing that file anew, a SIGHUP makes the
//! server read it; users who are gone are cut off at once.
//!
//! Permissions are the least with which a room or device can work. They vouch for the last parts of subjects:
//! only device `dev42` of post `p7` can publish to `handin.<any shard>.p7.dev42`.

mod users;

use std::fs;
use std::io::Write as _;
use std::net::{IpAddr, SocketAddr};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};

pub use users::{DeviceUser, User, device_inbox_prefix, device_users, inbox_prefix, render_users};

/// The server's configuration beside [`USERS_FILE`].
pub const SERVER_FILE: &str = "server.conf";
/// The list of users beside [`SERVER_FILE`].
pub const USERS_FILE: &str = "users.conf";
/// Bytes for all streams together: 4 GiB, above what `config/streams.toml` asks for.
pub const DEFAULT_MAX_FILE: u64 = 4 * 1024 * 1024 * 1024;
/// Bytes of one message: 1 MiB.
pub const DEFAULT_MAX_PAYLOAD: u32 = 1024 * 1024;

/// How long a handshake may take: a post's link may be slow.
const TLS_TIMEOUT_SECONDS: u32 = 10;

const TEMPLATE: &str = include_str!("../../../config/nats/server.conf");
/// The server's own default for what waits for one client, in bytes.
const MIN_MAX_PENDING: u64 = 64 * 1024 * 1024;

/// What differs from machine to machine in the server's configuration.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ServerConfig {
    /// The address to listen on: this machine's loopback, or any other with [`ServerConfig::tls`].
    pub listen: IpAddr,
    /// The port; `None` takes a free one and writes it into [`ServerConfig::ports_dir`].
    pub port: Option<u16>,
    /// With what the server proves itself; then it takes no connection in clear text, not even from this machine.
    pub tls: Option<ServerTls>,
    /// Where the server writes `nats-server_<pid>.ports` with its addresses, if anywhere.
    pub ports_dir: Option<PathBuf>,
    /// Where JetStream keeps its files.
    pub store_dir: PathBuf,
    /// Bytes of one message; see [`DEFAULT_MAX_PAYLOAD`].
    pub max_payload: u32,
    /// Bytes of all streams; see [`DEFAULT_MAX_FILE`].
    pub max_file: u64,
}

/// PEM files with which the server proves itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ServerTls {
    /// Its certificate, and after it those between it and its CA.
    pub certificate_file: PathBuf,
    /// The certificate's private key.
    pub key_file: PathBuf,
}

/// Why a configuration can't be written.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ConfigError {
    /// A name that can't be part of a subject.
    #[error("{0:?} can't be the name of a user, device or post: use letters, digits, - and _")]
    Name(String),
    /// Two users of one name could read each other's answers.
    #[error("two users are called {0}")]
    NameTwice(String),
    /// Not a user's public nkey.
    #[error("the key of {name} is not a user's public nkey (56 characters that begin with U): {key:?}")]
    Key {
        /// The user.
        name: String,
        /// The text found.
        key: String,
    },
    /// Two users of one key: the server would take one of them only.
    #[error("{name} has the same key as another user")]
    KeyTwice {
        /// The second user.
        name: String,
    },
    /// A path or subject with characters that would end the text in the file.
    #[error(
        "{0:?} can't be written into the server's configuration: it holds a quote, a backslash or a line end"
    )]
    Text(String),
    /// Clear text for everybody on the way.
    #[error("the broker can't listen on {0} without TLS: clear text is for this machine only (127.0.0.1)")]
    PlainTcp(IpAddr),
    /// A file could not be written.
    #[error("could not write {}: {source}", path.display())]
    File {
        /// The file.
        path: PathBuf,
        /// The system's answer.
        source: std::io::Error,
    },
}

impl ServerConfig {
    fn address(&self) -> String {
        match self.port {
            Some(port) => SocketAddr::new(self.listen, port).to_string(),
            None if self.listen.is_ipv6() => format!("[{}]:-1", self.listen),
            None => format!("{}:-1", self.listen),
        }
    }

    /// The text of [`SERVER_FILE`].
    ///
    /// # Errors
    /// [`ConfigError::Text`] for a path that can't be quoted, [`ConfigError::PlainTcp`] for an address that others
    /// reach, without TLS.
    pub fn render(&self) -> Result<String, ConfigError> {
        let ports_dir = match &self.ports_dir {
            Some(dir) => format!("ports_file_dir: {}\n", quoted(&dir.to_string_lossy())?),
            None => String::new(),
        };
        let store_dir = quoted(&self.store_dir.to_string_lossy())?;
        if self.tls.is_none() && !self.listen.is_loopback() {
            return Err(ConfigError::PlainTcp(self.listen));
        }
        let tls = self.tls.as_ref().map(ServerTls::render).transpose()?.unwrap_or_default();
        Ok(TEMPLATE
            .replace("{{listen}}", &self.address())
            .replace("{{tls}}", &tls)
            .replace("{{ports_dir}}", &ports_dir)
            .replace("\"{{store_dir}}\"", &store_dir)
            .replace("{{max_payload}}", &self.max_payload.to_string())
            .replace("{{max_pending}}", &MIN_MAX_PENDING.max(u64::from(self.max_payload)).to_string())
            .replace("{{max_file}}", &self.max_file.to_string())
            .replace("{{users_file}}", USERS_FILE))
    }
}

impl ServerTls {
    fn render(&self) -> Result<String, ConfigError> {
        let certificate = quoted(&self.certificate_file.to_string_lossy())?;
        let key = quoted(&self.key_file.to_string_lossy())?;
        Ok(format!(
            "tls {{\n  cert_file: {certificate}\n  key_file: {key}\n  timeout: {TLS_TIMEOUT_SECONDS}\n}}\n"
        ))
    }
}

/// Writes both files into `dir` (mode 0600), each whole or not at all, so that a server that reads them at the
/// same moment sees the old or the new one.
///
/// # Errors
/// [`ConfigError`].
pub fn write_config(dir: &Path, config: &ServerConfig, users: &[User]) -> Result<(), ConfigError> {
    let (config, users) = (config.render()?, render_users(users)?);
    replace_file(&dir.join(SERVER_FILE), &config)?;
    replace_file(&dir.join(USERS_FILE), &users)
}

/// Writes [`USERS_FILE`] only; send the server a SIGHUP afterwards.
///
/// # Errors
/// [`ConfigError`].
pub fn write_users(dir: &Path, users: &[User]) -> Result<(), ConfigError> {
    replace_file(&dir.join(USERS_FILE), &render_users(users)?)
}

pub(crate) fn replace_file(path: &Path, text: &str) -> Result<(), ConfigError> {
    let part = path.with_extension("conf.part");
    let mut options = fs::OpenOptions::new();
    options.write(true).create(true).truncate(true).mode(0o600);
    let written = options.open(&part).and_then(|mut file| {
        file.write_all(text.as_bytes())?;
        file.sync_all()
    });
    let replaced = written.and_then(|()| fs::rename(&part, path));
    replaced.map_err(|source| ConfigError::File { path: path.to_owned(), source })
}

fn quoted(text: &str) -> Result<String, ConfigError> {
    if text.chars().any(|c| c == '"' || c == '\\' || c.is_control()) {
        return Err(ConfigError::Text(text.to_owned()));
    }
    Ok(format!("\"{text}\""))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::net::Ipv4Addr;

    #[test]
    fn every_word_of_the_template_gets_its_value() {
        let config = ServerConfig {
            listen: Ipv4Addr::LOCALHOST.into(),
            port: None,
            tls: None,
            ports_dir: Some("/run/x".into()),
            store_dir: "/data/js".into(),
            max_payload: DEFAULT_MAX_PAYLOAD,
            max_file: DEFAULT_MAX_FILE,
        };
        let text = config.render().unwrap();
        assert!(!text.contains("{{"), "{text}");
        for line in ["listen: \"127.0.0.1:-1\"", "ports_file_dir: \"/run/x\"", "store_dir: \"/data/js\""] {
            assert!(text.contains(line), "{line}");
        }
        let config = ServerConfig { store_dir: "/a\"\nport: 1".into(), ..config };
        assert!(matches!(config.render(), Err(ConfigError::Text(_))));
    }

    #[test]
    fn whoever_listens_for_others_encrypts() {
        let tls = ServerTls { certificate_file: "/c.pem".into(), key_file: "/k.pem".into() };
        let open = ServerConfig {
            listen: Ipv4Addr::UNSPECIFIED.into(),
            port: Some(4222),
            tls: None,
            ports_dir: None,
            store_dir: "/data/js".into(),
            max_payload: DEFAULT_MAX_PAYLOAD,
            max_file: DEFAULT_MAX_FILE,
        };
        let message = open.render().unwrap_err().to_string();
        assert!(message.contains("0.0.0.0 without TLS"), "{message}");
        let closed = ServerConfig { tls: Some(tls), ..open }.render().unwrap();
        assert!(closed.contains("listen: \"0.0.0.0:4222\"\n"), "{closed}");
        assert!(closed.contains("tls {\n  cert_file: \"/c.pem\"\n  key_file: \"/k.pem\"\n"), "{closed}");
    }
}
