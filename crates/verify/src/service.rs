//! The running room: permits followed, questions answered.

use std::sync::Arc;
use std::time::Duration;

use anyhow::Context;
use propusk_boot::clock;
use propusk_boot::private;
use propusk_boot::skeleton::Service;
use propusk_courier::{ConnectOptions, Courier, Credentials, Tls};
use propusk_region::Region;
use serde::Deserialize;
use tokio::sync::Semaphore;
use tokio::task::JoinSet;
use tracing::warn;

use crate::config::VerifyConfig;
use crate::limits::Limits;
use crate::shelf::Shelf;
use crate::trust::{self, Trust};
use crate::{api, follow};

/// Keys derived at the same time: each takes 8 MiB and a core for about 10 ms.
const DERIVATIONS: usize = 4;
/// How often the counted attempts are tidied.
const TIDY: Duration = Duration::from_secs(60);

/// Everything the room's tasks share.
pub(crate) struct Verify {
    pub service: Service,
    pub config: VerifyConfig,
    pub shelf: Shelf,
    pub limits: Limits,
    pub derivations: Semaphore,
    pub region: Region,
    contact: Contact,
}

/// This machine's own agency, as its desk prints it on the sheets: the name from `[desk]`, the telephone from `[paper]`.
#[derive(Default, Deserialize)]
struct Contact {
    #[serde(default)]
    agency: String,
    #[serde(default)]
    phone: String,
}

impl Verify {
    /// Opens the room's store in the data folder.
    pub(crate) fn open(service: Service) -> anyhow::Result<Self> {
        let config: VerifyConfig = service.setting.config.section("verify")?;
        let shelf = Shelf::open(service.instance.data())?;
        if let Some(recovery) = shelf.store().recovery() {
            warn!(
                ?recovery,
                "The store was damaged and has been recovered; what is missing comes from the stream."
            );
        }
        let limits = Limits::new(&config);
        let region = Region::own_or_shipped(service.setting.region_file()?)?;
        let desk: Contact = service.setting.config.section("desk")?;
        let paper: Contact = service.setting.config.section("paper")?;
        let contact = Contact { agency: desk.agency, phone: paper.phone };
        Ok(Self { region, contact, config, shelf, limits, derivations: Semaphore::new(DERIVATIONS), service })
    }

    /// The telephone of an agency; empty where it is not this machine's own, whose alone is known.
    pub(crate) fn phone_of(&self, agency: &str) -> String {
        if agency == self.contact.agency { self.contact.phone.clone() } else { String::new() }
    }

    /// Whom seals are trusted from, and whether the list is too old to rely on.
    pub(crate) fn trusted(&self) -> anyhow::Result<(Trust, bool)> {
        let list = trust::load(self.service.instance.data())?;
        let stale = match &list {
            Some(list) => trust::is_stale(list, &self.service.setting)?,
            None => false,
        };
        Ok((Trust { list, pinned: Vec::new() }, stale))
    }

    pub(crate) fn today(&self) -> jiff::civil::Date {
        clock::date_in_bishkek(self.service.setting.clock.now())
    }
}

/// Runs until the shutdown.
pub(crate) async fn run(service: Service) -> anyhow::Result<()> {
    let verify = Arc::new(Verify::open(service)?);
    let stop = verify.service.shutdown.clone();
    let seed = private::read_secret(&verify.service.instance.data().join("keys/verify.nk"))?;
    let credentials = Credentials::from_seed(&seed)?;
    let broker = verify.service.broker()?;
    let tls = Tls { ca_file: broker.ca_file, certificate: broker.certificate };
    let options = ConnectOptions { tls, ..ConnectOptions::new(broker.url, credentials, "verify") };
    let courier = Courier::connect(options, stop.clone()).await?;
    let mut tasks = JoinSet::new();
    tasks.spawn(follow::follow(verify.clone(), courier));
    tasks.spawn(tidy(verify.clone()));
    tasks.spawn(api::serve(verify.clone()));
    let mut ended = Ok(());
    while let Some(task) = tasks.join_next().await {
        // One task that fails takes the room down with it: the supervisor starts it anew.
        let result = task.context("a task of verify panicked").and_then(|result| result);
        if ended.is_ok() {
            ended = result;
        }
        stop.cancel();
    }
    ended
}

async fn tidy(verify: Arc<Verify>) -> anyhow::Result<()> {
    loop {
        tokio::select! {
            () = tokio::time::sleep(TIDY) => verify.limits.tidy(),
            () = verify.service.shutdown.cancelled() => return Ok(()),
        }
    }
}
