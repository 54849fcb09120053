//! The operator's side of the broker: its streams, the trust list on it, and whether it answers.

use std::fs;
use std::path::Path;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use propusk_boot::private;
use propusk_courier::{ConnectOptions, Courier, CourierError, Credentials, PublishError, Streams, Tls};
use propusk_proto::subject::TRUST_SIGNERS;
use propusk_seal::{PublicKey, open_trust_list};
use tokio::net::TcpStream;
use tokio_util::sync::CancellationToken;

use crate::first_start;
use crate::layout::Layout;

/// The stream whose last message is the trust list that holds.
const TRUST: &str = "TRUST";
/// Who connects.
const NAME: &str = "operator";
/// Where the probe goes: into a stream that keeps few messages of a subject.
const PROBE: &str = "trust.probe";
/// How long a connection takes to be closed in order.
const GOOD_BYE: Duration = Duration::from_millis(50);

/// The broker as the operator sees it, with a connection or without one.
pub(crate) struct Operator {
    url: String,
    tls: Tls,
    credentials: Credentials,
    streams: Streams,
    root: PublicKey,
    line: Mutex<Option<Line>>,
}

struct Line {
    courier: Courier,
    stop: CancellationToken,
}

/// What the broker said when it was asked for the trust list.
pub(crate) enum Answer {
    /// Its trust list, if it holds one.
    TrustList(Option<Vec<u8>>),
    /// JetStream answered, but has no such stream.
    NoStream,
}

impl Operator {
    /// Reads the operator's key; nothing is connected yet.
    pub(crate) fn new(url: String, tls: Tls, layout: &Layout) -> anyhow::Result<Self> {
        let credentials = first_start::credentials(layout, NAME)?;
        let root = first_start::read_public_key(&layout.root_public())?;
        Ok(Self { url, tls, credentials, streams: Streams::shipped()?, root, line: Mutex::new(None) })
    }

    pub(crate) fn url(&self) -> &str {
        &self.url
    }

    /// Connects, unless there is a connection, as soon as something takes connections at the address: the broker may
    /// still be starting.
    pub(crate) async fn open(&self) -> anyhow::Result<()> {
        let address = self.url.split_once("://").map_or(self.url.as_str(), |(_, address)| address);
        if self.line().is_some() || TcpStream::connect(address).await.is_err() {
            return Ok(());
        }
        let stop = CancellationToken::new();
        let options = ConnectOptions::new(&self.url, self.credentials.clone(), NAME);
        let options = ConnectOptions { tls: self.tls.clone(), ..options };
        let courier = Courier::connect(options, stop.clone()).await?;
        *self.line() = Some(Line { courier, stop });
        Ok(())
    }

    /// Says good-bye to the broker, which is to be stopped.
    pub(crate) async fn close(&self) {
        let line = self.line().take();
        if let Some(line) = line {
            line.stop.cancel();
            tokio::time::sleep(GOOD_BYE).await;
        }
    }

    fn line(&self) -> MutexGuard<'_, Option<Line>> {
        self.line.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn courier(&self) -> Result<Courier, CourierError> {
        let courier = self.line().as_ref().map(|line| line.courier.clone());
        courier.ok_or(CourierError::NotConnected { why: None })
    }

    /// Asks the broker for the trust list: an answer of any kind shows that JetStream works.
    pub(crate) async fn ask(&self) -> Result<Answer, CourierError> {
        match self.courier()?.last(TRUST, TRUST_SIGNERS).await {
            Ok(list) => Ok(Answer::TrustList(list)),
            Err(CourierError::JetStream { .. }) => Ok(Answer::NoStream),
            Err(error) => Err(error),
        }
    }

    /// Publishes something that nobody reads: a broker whose disk is full may still answer questions (NATS.md).
    pub(crate) async fn probe(&self) -> Result<(), PublishError> {
        let courier = self.courier().map_err(|error| PublishError::NotConnected {
            subject: PROBE.to_owned(),
            why: Some(error.to_string()),
        })?;
        courier.publish(PROBE, [0]).await
    }

    /// Puts right what an answer shows to be wrong. A broker whose disk was wiped gets its streams and the list
    /// back; a newer list, which the operator published from elsewhere, is taken into the data folder.
    pub(crate) async fn mend(&self, answer: Answer, trust_list: &Path) -> anyhow::Result<()> {
        let theirs = match answer {
            Answer::TrustList(list) => list,
            Answer::NoStream => {
                self.ensure_streams().await?;
                None
            }
        };
        let ours = fs::read(trust_list)?;
        match theirs {
            Some(theirs) if theirs == ours => {}
            Some(theirs) if self.supersedes(&theirs, &ours) => private::write(trust_list, &theirs)?,
            _ => self.courier()?.publish(TRUST_SIGNERS, ours).await?,
        }
        Ok(())
    }

    /// Makes the streams that are missing and brings the others into line.
    pub(crate) async fn ensure_streams(&self) -> Result<(), CourierError> {
        self.courier()?.ensure_streams(&self.streams).await.map(drop)
    }

    /// Whether `theirs` is a list of the same root and newer than `ours`.
    fn supersedes(&self, theirs: &[u8], ours: &[u8]) -> bool {
        match (open_trust_list(theirs, &self.root), open_trust_list(ours, &self.root)) {
            (Ok(theirs), Ok(ours)) => theirs.supersedes(&ours),
            (theirs, _) => theirs.is_ok(),
        }
    }
}
