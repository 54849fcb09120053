//! TLS through the whole program: a handheld knows its broker, and nothing travels in the clear to another machine.

use std::fs;
use std::net::Ipv4Addr;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use rcgen::{BasicConstraints, CertificateParams, DnType, IsCa, Issuer, KeyPair};
use scenarios::Instance;
use serde_json::Value;
use tokio::io::copy_bidirectional;
use tokio::net::{TcpListener, TcpStream};
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::crypto::ring;
use tokio_rustls::rustls::pki_types::PrivateKeyDer;

const ENCRYPTING: &str = "[nats]\nencrypt = true\nhost = \"localhost\"\n";

fn announced(instance: &Instance, room: &str) -> String {
    let path = instance.data().join(format!("run/{room}.json"));
    let announcement: Value = serde_json::from_slice(&fs::read(path).unwrap()).unwrap();
    announcement["url"].as_str().unwrap().to_owned()
}

/// An authority; its certificate as PEM, and what it signs with.
fn authority() -> (String, Issuer<'static, KeyPair>) {
    let mut params = CertificateParams::default();
    params.distinguished_name.push(DnType::CommonName, "another authority");
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    let key = KeyPair::generate().unwrap();
    (params.self_signed(&key).unwrap().pem(), Issuer::new(params, key))
}

#[test]
fn a_handheld_knows_its_broker_by_what_it_got_when_it_was_enrolled() {
    let instance = Instance::new();
    instance.configure(ENCRYPTING);
    let running = instance.up();
    assert!(announced(&instance, "nats").starts_with("tls://localhost:"));
    instance.enroll("karasay");
    instance.scan_foreign_code();
    instance.sync("karasay");
    assert_eq!(instance.records(), 1);

    let known = instance.data().join("handheld/karasay/broker-ca.pem");
    let ours = fs::read(&known).unwrap();
    fs::write(&known, authority().0).unwrap();
    instance.scan_foreign_code();
    let refused = instance.run(&["handheld", "sync", "--post", "karasay", "--wait", "3", "--json"]).expect(3);
    assert!(refused.stderr.contains("was not issued by the CA in"), "{}", refused.stderr);
    assert_eq!(instance.records(), 1);

    fs::write(&known, &ours).unwrap();
    running.stop();
    let running = instance.up();
    assert_eq!(fs::read(instance.data().join("nats/ca.pem")).unwrap(), ours, "the authority stays");
    instance.sync("karasay");
    assert_eq!(instance.records(), 2);
    running.stop();
}

#[test]
fn clear_text_for_others_is_refused_in_words() {
    let instance = Instance::new();
    instance.configure("[nats]\nurl = \"nats://192.0.2.1:4222\"\n");
    let refused = instance.run(&["up"]).expect(2);
    assert!(refused.stderr.contains("clear text is for this machine only"), "{}", refused.stderr);

    instance.configure("[recorder]\nlisten = \"0.0.0.0:0\"\n");
    let refused = instance.run(&["up"]).expect(2);
    assert!(refused.stderr.contains("behind_proxy = true"), "{}", refused.stderr);

    instance.configure("[nats]\nlisten = \"0.0.0.0\"\n");
    let refused = instance.run(&["up"]).expect(2);
    assert!(refused.stderr.contains("nats.host"), "{}", refused.stderr);
}

/// Ends TLS before a room, as nginx would.
struct Proxy {
    url: String,
    ca: PathBuf,
    _runtime: tokio::runtime::Runtime,
}

impl Proxy {
    fn before(room: &str, dir: &Path) -> Self {
        let (pem, issuer) = authority();
        let ca = dir.join("proxy-ca.pem");
        fs::write(&ca, pem).unwrap();
        let key = KeyPair::generate().unwrap();
        let certificate =
            CertificateParams::new(["localhost".to_owned()]).unwrap().signed_by(&key, &issuer).unwrap();
        let config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_no_client_auth()
            .with_single_cert(
                vec![certificate.der().clone()],
                PrivateKeyDer::Pkcs8(key.serialize_der().into()),
            )
            .unwrap();
        let acceptor = TlsAcceptor::from(Arc::new(config));
        let room = room.trim_start_matches("http://").to_owned();
        let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
        let listener = runtime.block_on(TcpListener::bind((Ipv4Addr::LOCALHOST, 0))).unwrap();
        let url = format!("https://localhost:{}", listener.local_addr().unwrap().port());
        runtime.spawn(async move {
            while let Ok((connection, _)) = listener.accept().await {
                let (acceptor, room) = (acceptor.clone(), room.clone());
                tokio::spawn(async move {
                    if let Ok(mut outside) = acceptor.accept(connection).await {
                        let mut inside = TcpStream::connect(room).await.unwrap();
                        let _ = copy_bidirectional(&mut outside, &mut inside).await;
                    }
                });
            }
        });
        Self { url, ca, _runtime: runtime }
    }
}

#[test]
fn a_handheld_is_enrolled_over_https() {
    let instance = Instance::new();
    let running = instance.up();
    let proxy = Proxy::before(&announced(&instance, "recorder"), instance.data().parent().unwrap());
    let code =
        instance.json(&["recorder", "enroll-code", "--post", "karasay"])["code"].as_str().unwrap().to_owned();
    let file = instance.write("code", &code);
    let enroll = ["handheld", "enroll", "--server", &proxy.url, "--code-file", file.to_str().unwrap()];
    let stranger = instance.command(&enroll).output().unwrap();
    assert_eq!(stranger.status.code(), Some(3), "this system knows nothing of the proxy's authority");
    let known = instance.command(&enroll).env("SSL_CERT_FILE", &proxy.ca).output().unwrap();
    assert!(known.status.success(), "{}", String::from_utf8_lossy(&known.stderr));
    instance.scan_foreign_code();
    instance.sync("karasay");
    assert_eq!(instance.records(), 1);
    running.stop();
}
