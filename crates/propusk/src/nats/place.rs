//! Where the private server listens, how its clients call it, and by which certificates they know a broker.

use std::net::{IpAddr, SocketAddr};
use std::path::{Path, PathBuf};

use propusk_courier::Tls;

use super::Section;
use crate::error::UpError;

/// Where the private server listens, and how its clients call it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Place {
    pub listen: IpAddr,
    /// The name or address in clients' URLs and in the certificate.
    pub host: String,
    /// Whether it encrypts: always, where anybody else can reach it.
    pub encrypted: bool,
    /// Whether its certificates are ours to make.
    pub own_authority: bool,
}

impl Section {
    /// Where the private server is to listen.
    pub(crate) fn place(&self) -> Result<Place, UpError> {
        let listen: IpAddr =
            self.listen.parse().map_err(|_| UpError::ListenAddress { listen: self.listen.clone() })?;
        if is_named(&self.server_certificate_file) != is_named(&self.server_key_file) {
            return Err(UpError::HalfACertificate {
                which: "nats.server_certificate_file and nats.server_key_file",
            });
        }
        let host = match self.host.as_str() {
            "" if listen.is_unspecified() => return Err(UpError::NoHost { listen }),
            "" => listen.to_string(),
            host if is_host(host) => host.to_owned(),
            host => return Err(UpError::Host { host: host.to_owned() }),
        };
        let brought = is_named(&self.server_certificate_file);
        let encrypted = self.encrypt || brought || !listen.is_loopback();
        Ok(Place { listen, host, encrypted, own_authority: encrypted && !brought })
    }

    /// The certificates for an operator's own broker, checked for completeness.
    pub(crate) fn client_tls(&self) -> Result<Tls, UpError> {
        if is_named(&self.client_certificate_file) != is_named(&self.client_key_file) {
            return Err(UpError::HalfACertificate {
                which: "nats.client_certificate_file and nats.client_key_file",
            });
        }
        let named = |path: &PathBuf| Some(path.clone()).filter(|path| is_named(path));
        let certificate = named(&self.client_certificate_file).zip(named(&self.client_key_file));
        Ok(Tls { ca_file: named(&self.ca_file), certificate })
    }
}

/// An address, or a name of letters, digits, hyphens and dots.
fn is_host(text: &str) -> bool {
    let of_a_name = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '.');
    text.parse::<IpAddr>().is_ok() || text.chars().all(of_a_name)
}

pub(super) fn is_named(path: &Path) -> bool {
    !path.as_os_str().is_empty()
}

impl Place {
    /// The address that rooms and handhelds are told.
    pub(crate) fn url(&self, port: u16) -> String {
        let scheme = if self.encrypted { "tls" } else { "nats" };
        match self.host.parse::<IpAddr>() {
            Ok(ip) => format!("{scheme}://{}", SocketAddr::new(ip, port)),
            Err(_) => format!("{scheme}://{}:{port}", self.host),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whoever_listens_for_others_encrypts_and_says_how_it_is_called() {
        let section = |listen: &str, host: &str| Section {
            url: String::new(),
            ca_file: PathBuf::new(),
            client_certificate_file: PathBuf::new(),
            client_key_file: PathBuf::new(),
            server: String::new(),
            listen: listen.to_owned(),
            encrypt: false,
            port: 0,
            host: host.to_owned(),
            server_certificate_file: PathBuf::new(),
            server_key_file: PathBuf::new(),
            max_payload_bytes: 1,
            max_file_bytes: 1,
        };
        let url = |listen: &str, host: &str| section(listen, host).place().map(|place| place.url(4222));
        assert_eq!(url("127.0.0.1", "").unwrap(), "nats://127.0.0.1:4222");
        assert_eq!(url("10.1.0.5", "").unwrap(), "tls://10.1.0.5:4222");
        assert_eq!(url("0.0.0.0", "nats.example.kg").unwrap(), "tls://nats.example.kg:4222");
        assert_eq!(url("::", "fd00::1").unwrap(), "tls://[fd00::1]:4222");
        assert!(url("0.0.0.0", "").unwrap_err().to_string().contains("nats.host"));
        assert!(url("10.1.0.5", "nats.example.kg:4222").unwrap_err().to_string().contains("without a port"));
        assert!(url("everywhere", "").unwrap_err().to_string().contains("nats.listen"));
        let half = Section { server_key_file: "k.pem".into(), ..section("10.1.0.5", "") };
        assert!(half.place().unwrap_err().to_string().contains("both"));
    }
}
