//! A nats-server of this bench's own, with the project's configuration and permissions.

use std::net::{IpAddr, Ipv4Addr};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::Context;
use propusk_courier::server::{
    DEFAULT_MAX_FILE, DEFAULT_MAX_PAYLOAD, DeviceUser, SERVER_FILE, ServerConfig, User, device_users,
    write_config,
};
use propusk_courier::{ConnectOptions, Courier, Credentials, DurableConsumer, Streams};
use propusk_recorder::keep::{Pulls, alone, keep};
use propusk_recorder::ledger::Ledger;
use tempfile::TempDir;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

use crate::hand_ins::recorder;

pub(crate) struct Broker {
    child: Child,
    url: String,
    /// Whoever is connected lets go when the broker ends.
    closing: CancellationToken,
    _dir: TempDir,
}

impl Broker {
    /// Starts it with the operator, the recorder and these devices as users.
    pub(crate) fn start(recorder: &Credentials, devices: &[DeviceUser]) -> anyhow::Result<Self> {
        let dir = tempfile::tempdir()?;
        let mut users = vec![
            User::operator("operator", &operator()?.public_key()),
            User::recorder("recorder", &recorder.public_key()),
        ];
        users.extend(device_users(devices)?);
        let config = ServerConfig {
            listen: IpAddr::V4(Ipv4Addr::LOCALHOST),
            port: None,
            tls: None,
            ports_dir: Some(dir.path().to_owned()),
            store_dir: dir.path().join("jetstream"),
            max_payload: DEFAULT_MAX_PAYLOAD,
            max_file: DEFAULT_MAX_FILE,
        };
        write_config(dir.path(), &config, &users)?;
        let child = Command::new("nats-server")
            .arg("-c")
            .arg(dir.path().join(SERVER_FILE))
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .context("nats-server, which ops/install-tools installs")?;
        let ports = dir.path().join(format!("nats-server_{}.ports", child.id()));
        let begun = Instant::now();
        let port = loop {
            let text = std::fs::read_to_string(&ports).unwrap_or_default();
            let digits = text
                .split("://127.0.0.1:")
                .nth(1)
                .map(|rest| rest.chars().take_while(char::is_ascii_digit).collect::<String>());
            if let Some(port) = digits {
                break port;
            }
            anyhow::ensure!(begun.elapsed() < Duration::from_secs(30), "nats-server did not start");
            std::thread::sleep(Duration::from_millis(10));
        };
        let (url, closing) = (format!("nats://127.0.0.1:{port}"), CancellationToken::new());
        Ok(Self { child, url, closing, _dir: dir })
    }

    /// Connects as a room.
    pub(crate) async fn connect(&self, credentials: &Credentials, name: &str) -> anyhow::Result<Courier> {
        connected(ConnectOptions::new(&self.url, credentials.clone(), name), self.closing.clone()).await
    }

    pub(crate) async fn connect_device(
        &self,
        credentials: &Credentials,
        device: &str,
    ) -> anyhow::Result<Courier> {
        let options = ConnectOptions::of_device(&self.url, credentials.clone(), device);
        connected(options, self.closing.clone()).await
    }

    /// Makes the streams as they are shipped.
    pub(crate) async fn make_streams(&self) -> anyhow::Result<Courier> {
        let courier = self.connect(&operator()?, "operator").await?;
        courier.ensure_streams(&Streams::shipped()?).await?;
        Ok(courier)
    }

    /// Records what comes from now on until `stop`, as the recorder does: on a thread of its own.
    pub(crate) async fn keep(
        &self,
        ledger: Ledger,
        pulls: Pulls,
        now_ms: i64,
        stop: &CancellationToken,
    ) -> anyhow::Result<JoinHandle<anyhow::Result<()>>> {
        let options = ConnectOptions::new(&self.url, recorder()?, "recorder");
        let (closing, stop) = (self.closing.clone(), stop.clone());
        let (ready, is_ready) = oneshot::channel();
        let keeping = tokio::spawn(alone("record", move || async move {
            let courier = connected(options, closing).await?;
            let consumer = DurableConsumer::open(&courier, "HANDINS", "recorder", "").await?;
            let _ = ready.send(());
            keep(ledger, consumer, courier, pulls, move || now_ms, stop).await
        }));
        match is_ready.await {
            Ok(()) => Ok(keeping),
            Err(_) => keeping.await?.and_then(|()| anyhow::bail!("the record ended at once")),
        }
    }
}

async fn connected(options: ConnectOptions, closing: CancellationToken) -> anyhow::Result<Courier> {
    let courier = Courier::connect(options, closing).await?;
    anyhow::ensure!(
        courier.wait_until_connected(Duration::from_secs(30)).await,
        "the broker does not answer"
    );
    Ok(courier)
}

fn operator() -> anyhow::Result<Credentials> {
    Ok(Credentials::generate([201; 32])?)
}

impl Drop for Broker {
    fn drop(&mut self) {
        self.closing.cancel();
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
