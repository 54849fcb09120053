//! TLS against a real nats-server: the right authority works, everything else is refused in words.

use std::fs;
use std::path::{Path, PathBuf};

use propusk_courier::server::{ServerTls, User};
use propusk_courier::{ConnectOptions, Courier, CourierError, State, Tls};
use rcgen::{BasicConstraints, CertificateParams, DnType, IsCa, Issuer, KeyPair, date_time_ymd};
use tokio_util::sync::CancellationToken;

use crate::server::{NatsServer, credentials};
use crate::{LONG, SHORT};

/// An authority in a folder, with the certificates that it has issued.
struct Authority {
    dir: PathBuf,
    issuer: Issuer<'static, KeyPair>,
}

impl Authority {
    fn new(dir: &Path, name: &str) -> Self {
        let mut params = CertificateParams::default();
        params.distinguished_name.push(DnType::CommonName, name);
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        let key = KeyPair::generate().unwrap();
        let dir = dir.join(name);
        fs::create_dir(&dir).unwrap();
        fs::write(dir.join("ca.pem"), params.self_signed(&key).unwrap().pem()).unwrap();
        Self { dir, issuer: Issuer::new(params, key) }
    }

    fn ca(&self) -> PathBuf {
        self.dir.join("ca.pem")
    }

    /// A certificate for `host` that holds until the end of `last_year`.
    fn issue(&self, host: &str, last_year: i32) -> ServerTls {
        let mut params = CertificateParams::new([host.to_owned()]).unwrap();
        params.not_before = date_time_ymd(2020, 1, 1);
        params.not_after = date_time_ymd(last_year, 12, 31);
        let key = KeyPair::generate().unwrap();
        let files = ServerTls {
            certificate_file: self.dir.join(format!("{host}-{last_year}.pem")),
            key_file: self.dir.join(format!("{host}-{last_year}-key.pem")),
        };
        fs::write(&files.certificate_file, params.signed_by(&key, &self.issuer).unwrap().pem()).unwrap();
        fs::write(&files.key_file, key.serialize_pem()).unwrap();
        files
    }
}

fn users() -> [User; 1] {
    [User::operator("operator", &credentials(1).public_key())]
}

async fn connect(url: String, tls: Tls, patience: std::time::Duration) -> Result<Courier, CourierError> {
    let options = ConnectOptions { tls, patience, ..ConnectOptions::new(url, credentials(1), "operator") };
    Courier::connect(options, CancellationToken::new()).await
}

/// Why there is no connection.
async fn refusal(url: String, tls: Tls) -> String {
    let courier = connect(url, tls, SHORT).await.unwrap();
    loop {
        match courier.state() {
            State::Connecting { why: Some(why) } => return why,
            State::Connecting { why: None } => tokio::time::sleep(SHORT).await,
            state => panic!("{state:?}"),
        }
    }
}

fn trusting(ca: PathBuf) -> Tls {
    Tls { ca_file: Some(ca), certificate: None }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_right_authority_works_and_another_is_refused() {
    let dir = tempfile::tempdir().unwrap();
    let (ours, other) = (Authority::new(dir.path(), "ours"), Authority::new(dir.path(), "other"));
    let server = NatsServer::start_encrypted(&users(), ours.issue("localhost", 2199), "");
    let url = server.url_of("tls", "localhost");

    let courier = connect(url.clone(), trusting(ours.ca()), LONG).await.unwrap();
    assert!(courier.is_connected(), "{:?}", courier.state());
    let mut heard = courier.subscribe("trust.x").await.unwrap();
    courier.send("trust.x", "encrypted").await.unwrap();
    assert_eq!(heard.next().await.unwrap().payload, b"encrypted");

    let why = refusal(url.clone(), trusting(other.ca())).await;
    assert!(why.contains("was not issued by the CA in") && why.contains("other/ca.pem"), "{why}");
    let why = refusal(url, Tls::default()).await;
    assert!(why.contains("any CA of this system"), "{why}");
    let why = refusal(server.url_of("tls", "127.0.0.1"), trusting(ours.ca())).await;
    assert!(why.contains("not for this name"), "{why}");
    // A server that encrypts takes no clear text, from this machine neither: the client goes along, and looks.
    let why = refusal(server.url_of("nats", "127.0.0.1"), trusting(other.ca())).await;
    assert!(why.contains("was not issued by"), "{why}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_expired_certificate_says_so() {
    let dir = tempfile::tempdir().unwrap();
    let ours = Authority::new(dir.path(), "ours");
    let server = NatsServer::start_encrypted(&users(), ours.issue("localhost", 2021), "");
    let why = refusal(server.url_of("tls", "localhost"), trusting(ours.ca())).await;
    assert!(why.contains("has expired, or this clock is wrong"), "{why}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_broker_that_asks_for_a_certificate_gets_it() {
    let dir = tempfile::tempdir().unwrap();
    let (ours, clients) = (Authority::new(dir.path(), "ours"), Authority::new(dir.path(), "clients"));
    let verify = format!("verify: true\n  ca_file: \"{}\"\n", clients.ca().display());
    let server = NatsServer::start_encrypted(&users(), ours.issue("localhost", 2199), &verify);
    let url = server.url_of("tls", "localhost");

    let shown = clients.issue("operator", 2199);
    let certificate = Some((shown.certificate_file, shown.key_file));
    let tls = Tls { certificate, ..trusting(ours.ca()) };
    assert!(connect(url.clone(), tls, LONG).await.unwrap().is_connected());
    let without = refusal(url, trusting(ours.ca())).await;
    assert!(without.contains("certificate"), "{without}");
}

#[tokio::test]
async fn clear_text_to_another_machine_is_refused_in_words() {
    let error = connect("nats://192.0.2.1:4222".to_owned(), Tls::default(), SHORT).await.unwrap_err();
    let words = error.to_string();
    assert!(words.contains("clear text is for this machine only") && words.contains("tls://"), "{words}");
}
