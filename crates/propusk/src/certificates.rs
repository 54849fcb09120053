//! The certificates of a private broker that listens for other machines.
//!
//! The operator may bring a certificate. Without one `up` is its own certification authority, for this broker alone:
//! the authority's key and certificate are made once, and handhelds get the certificate when they are enrolled, so
//! nobody has to install anything on them. The server's own certificate is made anew at every start and every month.
//!
//! They begin in 2020 and end late, because a handheld's clock may be months off (DESIGN.md §5), and what proves the
//! broker is the authority's signature, not a date.

use std::fs;

use jiff::ToSpan as _;
use jiff::civil::Date;
use propusk_boot::private;
use propusk_courier::server::ServerTls;
use rcgen::{
    BasicConstraints, Certificate, CertificateParams, DistinguishedName, DnType, ExtendedKeyUsagePurpose,
    IsCa, Issuer, KeyPair, KeyUsagePurpose, date_time_ymd,
};

use crate::error::UpError;
use crate::layout::Layout;

/// How long the authority's certificate holds: devices have it for their whole life.
const AUTHORITY_YEARS: i32 = 30;
/// How long the server's certificate holds, in days; it is made anew long before.
const SERVER_DAYS: i32 = 400;
/// The first year of each.
const FIRST_YEAR: i32 = 2020;
/// Names by which this machine knows itself.
const OWN_NAMES: [&str; 3] = ["localhost", "127.0.0.1", "::1"];

/// Makes the server's certificate for `host`, and the authority where there is none yet.
///
/// # Errors
/// [`UpError`] for files that can't be used or written.
pub(crate) fn make(layout: &Layout, host: &str, today: Date) -> anyhow::Result<ServerTls> {
    let authority = authority(layout, today)?;
    let mut names: Vec<String> = OWN_NAMES.map(str::to_owned).to_vec();
    if !names.iter().any(|name| name == host) {
        names.push(host.to_owned());
    }
    let mut params = CertificateParams::new(names)?;
    params.distinguished_name = named("propusk broker");
    params.key_usages = vec![KeyUsagePurpose::DigitalSignature];
    params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
    params.use_authority_key_identifier_extension = true;
    hold_until(&mut params, today.saturating_add(SERVER_DAYS.days()))?;
    let key = KeyPair::generate()?;
    let certificate: Certificate = params.signed_by(&key, &authority)?;
    let tls = ServerTls { certificate_file: layout.broker_certificate(), key_file: layout.broker_key() };
    private::write(&tls.key_file, key.serialize_pem().as_bytes())?;
    private::write(&tls.certificate_file, certificate.pem().as_bytes())?;
    Ok(tls)
}

/// The authority of this data folder. Its certificate is never made anew for a key that is there: devices know it.
fn authority(layout: &Layout, today: Date) -> anyhow::Result<Issuer<'static, KeyPair>> {
    let (key_file, own, known) = (layout.authority_key(), layout.authority(), layout.broker_ca());
    let key = match private::read_secret(&key_file) {
        Ok(pem) => KeyPair::from_pem(&pem)
            .map_err(|error| UpError::BadKey { path: key_file, why: error.to_string() })?,
        Err(error) if error.is_missing() => {
            let key = KeyPair::generate()?;
            private::write(&key_file, key.serialize_pem().as_bytes())?;
            key
        }
        Err(error) => return Err(error.into()),
    };
    let mut params = CertificateParams::default();
    params.distinguished_name = named("propusk broker authority");
    params.is_ca = IsCa::Ca(BasicConstraints::Constrained(0));
    params.key_usages = vec![KeyUsagePurpose::KeyCertSign];
    hold_until(&mut params, today.saturating_add(AUTHORITY_YEARS.years()))?;
    if !own.exists() {
        private::write(&own, params.self_signed(&key)?.pem().as_bytes())?;
    }
    let certificate = fs::read(&own)?;
    if fs::read(&known).ok().as_ref() != Some(&certificate) {
        private::write(&known, &certificate)?;
    }
    Ok(Issuer::new(params, key))
}

fn named(name: &str) -> DistinguishedName {
    let mut distinguished = DistinguishedName::new();
    distinguished.push(DnType::CommonName, name);
    distinguished
}

/// Sets from when to when a certificate holds.
fn hold_until(params: &mut CertificateParams, last: Date) -> anyhow::Result<()> {
    params.not_before = date_time_ymd(FIRST_YEAR, 1, 1);
    params.not_after =
        date_time_ymd(last.year().into(), u8::try_from(last.month())?, u8::try_from(last.day())?);
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use propusk_boot::instance::Instance;

    #[test]
    fn the_authority_stays_and_the_server_gets_new_certificates() {
        let dir = tempfile::tempdir().unwrap();
        let layout = Layout::of(&Instance::open(dir.path()).unwrap());
        layout.make_folders().unwrap();
        let today = jiff::civil::date(2026, 6, 1);
        let tls = make(&layout, "nats.example.kg", today).unwrap();
        let (authority, first) =
            (fs::read(layout.broker_ca()).unwrap(), fs::read(&tls.certificate_file).unwrap());
        make(&layout, "10.1.0.5", today).unwrap();
        assert_eq!(fs::read(layout.broker_ca()).unwrap(), authority, "handhelds know it");
        assert_ne!(fs::read(&tls.certificate_file).unwrap(), first);
        fs::write(layout.broker_ca(), "an operator's").unwrap();
        make(&layout, "10.1.0.5", today).unwrap();
        assert_eq!(fs::read(layout.broker_ca()).unwrap(), authority);
    }
}
