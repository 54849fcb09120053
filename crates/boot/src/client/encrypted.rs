//! TLS towards a service elsewhere: rustls, and the certificates that this system trusts (`SSL_CERT_FILE` adds one).

use std::sync::Arc;

use ureq::tls::{Certificate, RootCerts, TlsConfig};

/// Trusts whom the system trusts.
pub(super) fn config() -> TlsConfig {
    let found = rustls_native_certs::load_native_certs().certs;
    let roots: Vec<Certificate<'static>> =
        found.iter().map(|certificate| Certificate::from_der(certificate).to_owned()).collect();
    TlsConfig::builder()
        .root_certs(RootCerts::new_with_certs(&roots))
        .unversioned_rustls_crypto_provider(Arc::new(rustls::crypto::ring::default_provider()))
        .build()
}
