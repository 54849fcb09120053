//! The running desk: the HTTP API, the outbox and the daily purge.

use std::sync::Arc;

use anyhow::Context;
use propusk_boot::private;
use propusk_boot::skeleton::Service;
use propusk_courier::{ConnectOptions, Courier, Credentials, Tls};
use propusk_staff::Staff;
use propusk_store::Options;
use propusk_webhook::Webhooks;
use tokio::task::JoinSet;
use tracing::warn;

use crate::api::InFlight;
use crate::draft::Drafts;
use crate::limits::Limits;
use crate::office::Office;
use crate::online::OnlineOrders;
use crate::register::Register;
use crate::tokens::Tokens;
use crate::{api, outbox, purge};

/// The name of the desk's session cookie.
const COOKIE: &str = "propusk_desk";
/// Memory for the register's cache.
const CACHE_BYTES: u64 = 64 * 1024 * 1024;

/// Everything the desk's tasks share.
pub(crate) struct Desk {
    pub service: Service,
    pub office: Office,
    pub register: Register,
    pub staff: Staff,
    pub drafts: Drafts,
    pub online: OnlineOrders,
    pub limits: Limits,
    pub tokens: Tokens,
    /// Named requests of the API that are under way.
    pub in_flight: InFlight,
}

impl Desk {
    /// Unix milliseconds.
    pub(crate) fn now_ms(&self) -> i64 {
        self.service.setting.clock.now().as_millisecond()
    }
}

/// Runs until the shutdown.
pub(crate) async fn run(service: Service) -> anyhow::Result<()> {
    let office = Office::open(&service.instance, &service.setting)?;
    let options = Options { cache_bytes: CACHE_BYTES, ..Options::default() };
    let mut register = Register::open(service.instance.data(), options)?;
    let webhooks = Webhooks::open(&service.setting, &service.instance, register.store())?;
    register.tell(webhooks.clone());
    let key = private::read_secret(&service.instance.data().join("keys/desk.nk"))?;
    let credentials = Credentials::from_seed(key.trim())?;
    let stop = service.shutdown.clone();
    let broker = service.broker()?;
    let tls = Tls { ca_file: broker.ca_file, certificate: broker.certificate };
    let options = ConnectOptions { tls, ..ConnectOptions::new(broker.url, credentials, "desk") };
    let courier = Courier::connect(options, stop.clone()).await?;
    // Who works here and what they are typing lies apart from the register: it has another life, and other readers.
    let drafts = Drafts::open(service.instance.data())?;
    let staff = Staff::new(drafts.store(), COOKIE, office.config.session_minutes);
    let (online, limits) = (OnlineOrders::new(&drafts), Limits::default());
    let (tokens, in_flight) = (Tokens::new(drafts.store()), InFlight::default());
    let desk = Arc::new(Desk { service, office, register, staff, drafts, online, limits, tokens, in_flight });
    // Issuing needs no broker: what is issued waits in the outbox, so the desk is well without one.
    desk.service.health.well();
    let mut tasks = JoinSet::new();
    tasks.spawn(api::serve(desk.clone()));
    tasks.spawn({
        let (desk, courier, stop) = (desk.clone(), courier.clone(), stop.clone());
        async move { outbox::hear(&desk.register, &courier, &stop).await }
    });
    tasks.spawn({
        let (desk, stop) = (desk.clone(), stop.clone());
        async move { outbox::run(&desk.register, &desk.office, &courier, &stop, log_change()).await }
    });
    tasks.spawn({
        let (desk, stop) = (desk.clone(), stop.clone());
        async move { purge::run(&desk, &stop).await }
    });
    if let Some(webhooks) = webhooks {
        let (clock, stop) = (desk.service.setting.clock, stop.clone());
        tasks.spawn(async move { webhooks.run(clock, &stop).await });
    }
    let mut ended = Ok(());
    while let Some(task) = tasks.join_next().await {
        let result = task.context("a task of the desk panicked").and_then(|result| result);
        if ended.is_ok() {
            ended = result;
        }
        stop.cancel();
    }
    ended
}

/// Logs the outbox's state when it changes, not at every round.
fn log_change() -> impl Fn(Option<String>) {
    let last = std::sync::Mutex::new(None);
    move |trouble: Option<String>| {
        let mut last = last.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        if *last != trouble {
            match &trouble {
                Some(why) => warn!(why, "Permit events wait in the outbox."),
                None => tracing::info!("The outbox is empty."),
            }
            *last = trouble;
        }
    }
}
