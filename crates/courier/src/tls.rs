//! Encryption on the way to the broker: when it is needed, whom it trusts, and what a failed handshake means.
//!
//! Clear text is for this machine; everything else is TLS 1.2 or 1.3 (rustls with ring, which async-nats brings).
//! Certificates prove the broker to its clients. Clients prove themselves by their nkeys, and by a certificate only
//! where an operator's broker asks for one.

use std::net::IpAddr;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use async_nats::rustls::client::WebPkiServerVerifier;
use async_nats::rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use async_nats::rustls::crypto::ring;
use async_nats::rustls::pki_types::pem::PemObject as _;
use async_nats::rustls::pki_types::{CertificateDer, PrivateKeyDer, ServerName, UnixTime};
use async_nats::rustls::{
    CertificateError, ClientConfig, DigitallySignedStruct, Error, RootCertStore, SignatureScheme,
};

use crate::CourierError;

/// Certificates for a connection to `tls://…`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Tls {
    /// PEM file with the certificates of those who may vouch for the broker, and nobody else may; `None` leaves it to
    /// the system's list.
    pub ca_file: Option<PathBuf>,
    /// PEM files with this client's certificate chain and its private key, for a broker that asks for them.
    pub certificate: Option<(PathBuf, PathBuf)>,
}

/// Where a broker is, taken apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Way {
    /// Clear text within this machine.
    Plain,
    /// TLS.
    Encrypted,
}

/// Whether a broker's address and these certificates can be used; connects to nothing.
///
/// # Errors
/// [`CourierError::PlainTcp`], [`CourierError::BadUrl`], [`CourierError::Certificate`].
pub fn check_address(url: &str, tls: &Tls) -> Result<(), CourierError> {
    way(url)?;
    tls.check()
}

/// Refuses an address that is none, and clear text to another machine.
pub(crate) fn way(url: &str) -> Result<Way, CourierError> {
    let bad = || CourierError::BadUrl { url: url.to_owned() };
    let address: async_nats::ServerAddr = url.parse().map_err(|_| bad())?;
    match address.scheme() {
        "tls" => Ok(Way::Encrypted),
        "nats" if is_loopback(address.host()) => Ok(Way::Plain),
        "nats" => Err(CourierError::PlainTcp { url: url.to_owned() }),
        _ => Err(bad()),
    }
}

fn is_loopback(host: &str) -> bool {
    let bare = host.trim_start_matches('[').trim_end_matches(']');
    bare == "localhost" || bare.parse::<IpAddr>().is_ok_and(|ip| ip.is_loopback())
}

impl Tls {
    /// Looks whether the files are what they should be: a connection that is tried for in the background could only
    /// say so in a log.
    pub(crate) fn check(&self) -> Result<(), CourierError> {
        if let Some(path) = &self.ca_file {
            certificates(path)?;
        }
        if let Some((certificate, key)) = &self.certificate {
            certificates(certificate)?;
            private_key(key)?;
        }
        Ok(())
    }

    /// What the client needs to encrypt, with a `witness` of what it thinks of the broker's certificate.
    pub(crate) fn config(&self, witness: &Arc<Witness>) -> Result<ClientConfig, CourierError> {
        let failed = |why: String| CourierError::Other {
            doing: "prepare TLS (without `nats.ca_file` the system's list of CAs is used)".to_owned(),
            why,
        };
        let provider = Arc::new(ring::default_provider());
        let roots = Arc::new(self.roots()?);
        let verifier = WebPkiServerVerifier::builder_with_provider(roots, Arc::clone(&provider))
            .build()
            .map_err(|error| failed(error.to_string()))?;
        let verifier = Arc::new(Witnessed { verifier, witness: Arc::clone(witness) });
        let builder = ClientConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .map_err(|error| failed(error.to_string()))?
            .dangerous()
            .with_custom_certificate_verifier(verifier);
        let Some((certificate, key_file)) = &self.certificate else {
            return Ok(builder.with_no_client_auth());
        };
        builder
            .with_client_auth_cert(certificates(certificate)?, private_key(key_file)?)
            .map_err(|error| unusable(certificate, &error.to_string()))
    }

    fn roots(&self) -> Result<RootCertStore, CourierError> {
        let mut roots = RootCertStore::empty();
        match &self.ca_file {
            Some(path) => {
                for certificate in certificates(path)? {
                    roots.add(certificate).map_err(|error| unusable(path, &error.to_string()))?;
                }
            }
            // What this system has and can't be read is as if it were not there: then nobody is trusted.
            None => {
                roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
            }
        }
        Ok(roots)
    }

    /// Why there is no connection, in words: the client itself says "IO error" of every failed handshake.
    pub(crate) fn explain(&self, why: String, seen: Option<Result<(), Error>>) -> String {
        let ca = || match &self.ca_file {
            Some(path) => format!("by the CA in {}", path.display()),
            None => "by any CA of this system (set `nats.ca_file` for a private one)".to_owned(),
        };
        let error = match seen {
            Some(Err(error)) => error,
            Some(Ok(())) if self.certificate.is_none() => {
                return format!(
                    "the broker ended the connection after the handshake; if it asks for certificates, set `nats.client_certificate_file` ({why})"
                );
            }
            _ => return why,
        };
        let meaning = match &error {
            Error::InvalidCertificate(CertificateError::UnknownIssuer) => {
                format!("the broker's certificate was not issued {}", ca())
            }
            Error::InvalidCertificate(
                CertificateError::Expired | CertificateError::ExpiredContext { .. },
            ) => "the broker's certificate has expired, or this clock is wrong".to_owned(),
            Error::InvalidCertificate(
                CertificateError::NotValidYet | CertificateError::NotValidYetContext { .. },
            ) => "the broker's certificate is not valid yet, or this clock is wrong".to_owned(),
            Error::InvalidCertificate(
                CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. },
            ) => "the broker's certificate is not for this name; connect by one that stands in it".to_owned(),
            _ => "the broker's certificate is refused".to_owned(),
        };
        format!("{meaning} ({error})")
    }
}

/// What was last thought of the broker's certificate.
#[derive(Debug, Default)]
pub(crate) struct Witness(Mutex<Option<Result<(), Error>>>);

impl Witness {
    /// Takes what was seen since the last time.
    pub(crate) fn take(&self) -> Option<Result<(), Error>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).take()
    }
}

/// The usual verifier; it decides everything, and the witness hears of it.
#[derive(Debug)]
struct Witnessed {
    verifier: Arc<WebPkiServerVerifier>,
    witness: Arc<Witness>,
}

impl ServerCertVerifier for Witnessed {
    fn verify_server_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        server_name: &ServerName<'_>,
        ocsp_response: &[u8],
        now: UnixTime,
    ) -> Result<ServerCertVerified, Error> {
        let verified =
            self.verifier.verify_server_cert(end_entity, intermediates, server_name, ocsp_response, now);
        let seen = verified.as_ref().map(drop).map_err(Clone::clone);
        *self.witness.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(seen);
        verified
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        self.verifier.verify_tls12_signature(message, certificate, signature)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        self.verifier.verify_tls13_signature(message, certificate, signature)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.verifier.supported_verify_schemes()
    }
}

/// The certificates in a PEM file, of which there must be one at least.
///
/// # Errors
/// [`CourierError::Certificate`].
fn certificates(path: &Path) -> Result<Vec<CertificateDer<'static>>, CourierError> {
    let read = CertificateDer::pem_file_iter(path).and_then(Iterator::collect);
    let found: Vec<CertificateDer<'static>> = read.map_err(|error| unusable(path, &error.to_string()))?;
    if found.is_empty() { Err(unusable(path, "there is no certificate in it")) } else { Ok(found) }
}

fn private_key(path: &Path) -> Result<PrivateKeyDer<'static>, CourierError> {
    PrivateKeyDer::from_pem_file(path).map_err(|error| unusable(path, &error.to_string()))
}

fn unusable(path: &Path, why: &str) -> CourierError {
    CourierError::Certificate { path: path.to_owned(), why: why.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn clear_text_is_for_this_machine() {
        for url in ["nats://127.0.0.1:4222", "nats://localhost:1", "127.0.0.1:4222", "nats://[::1]:4222"] {
            assert_eq!(way(url), Ok(Way::Plain), "{url}");
        }
        for url in ["nats://10.0.0.1:4222", "nats://example.org", "nats://127.0.0.1.example.org:4222"] {
            assert!(matches!(way(url), Err(CourierError::PlainTcp { .. })), "{url}");
        }
        for url in ["tls://10.0.0.1:4222", "tls://nats.example.kg", "tls://127.0.0.1:4222"] {
            assert_eq!(way(url), Ok(Way::Encrypted), "{url}");
        }
        for url in ["", "ws://127.0.0.1:80", "nats://"] {
            assert!(way(url).is_err(), "{url}");
        }
    }

    #[test]
    fn files_that_hold_no_certificate_are_named() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("ca.pem");
        let tls = Tls { ca_file: Some(path.clone()), certificate: None };
        assert!(tls.check().unwrap_err().to_string().contains("ca.pem"), "missing");
        std::fs::write(&path, "no PEM at all").unwrap();
        let empty = tls.check().unwrap_err().to_string();
        assert!(empty.contains("no certificate in it"), "{empty}");
        let tls = Tls { ca_file: None, certificate: Some((path.clone(), path)) };
        assert!(tls.check().is_err());
        assert_eq!(Tls::default().check(), Ok(()));
    }
}
