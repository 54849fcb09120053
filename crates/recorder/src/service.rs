//! The running recorder: hand-ins in, receipts out; permits followed; devices answered.

use std::os::unix::fs::MetadataExt;
use std::path::Path;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use anyhow::Context;
use propusk_boot::skeleton::{BrokerAddress, Service};
use propusk_boot::{private, random};
use propusk_courier::{ConnectOptions, Courier, Credentials, DurableConsumer, Streams, Tls};
use propusk_proto::subject;
use propusk_region::Region;
use propusk_seal::PublicKey;
use propusk_staff::Staff;
use propusk_store::{Options, RolledBack, Store};
use propusk_webhook::Webhooks;
use tokio::task::{JoinSet, block_in_place};
use tokio_util::sync::CancellationToken;
use tracing::{info, warn};

use crate::attempts::Attempts;
use crate::config::RecorderConfig;
use crate::keep::{Pulls, alone, keep};
use crate::ledger::{Ledger, Letter};
use crate::phone::PARCELS_PER_HOUR;
use crate::picture::Pictures;
use crate::purge::purge;
use crate::values::{Lost, write};
use crate::zones::Zones;
use crate::{api, devices, follow, generation, hours, keys, picture, sync, told, upkeep};

/// How often alerts, unknown permits and the trust list are looked after.
pub(crate) const ROUND: Duration = Duration::from_secs(1);
/// How often is looked who is inside a zone after the last valid day: the list grows with the people inside.
const OVERDUE: Duration = Duration::from_secs(15 * 60);
/// How long connections stay open after the stop at most, of the time that a room has to end.
const LAST_WORDS: Duration = Duration::from_secs(1);
/// The folder of the data folder with the board's users, sessions and look-ups.
const WORK: &str = "board";
/// The name of the board's session cookie.
const COOKIE: &str = "propusk_board";
/// Lies in the record's folder.
const MARK: &str = "record.mark";
/// The streams this room reads and writes.
const STREAMS: [&str; 5] = ["HANDINS", "PERMITS", "RECEIPTS", "ALERTS", "TRUST"];

/// Everything the recorder's tasks share.
pub(crate) struct Recorder {
    pub service: Service,
    pub config: RecorderConfig,
    pub region: Region,
    pub store: Store,
    pub ledger: Ledger,
    pub key: Credentials,
    pub root: PublicKey,
    pub broker: BrokerAddress,
    /// Who may open the board.
    pub staff: Staff,
    /// The store of the board's users and of look-ups: it has another life than the record.
    pub work: Store,
    /// Who else is told of hand-ins and alerts, out of an outbox in `work`.
    pub webhooks: Option<Webhooks>,
    /// What the board shows.
    pub pictures: Pictures,
    /// Counts who tries enrolment codes.
    pub attempts: Attempts,
    /// Counts who brings parcels.
    pub parcels: Attempts,
    /// Held while the broker's list of users is written, so that the newest one stays.
    pub admitting: Mutex<()>,
}

impl Recorder {
    /// The recorder's time, Unix milliseconds.
    pub(crate) fn now_ms(&self) -> i64 {
        self.service.setting.clock.now().as_millisecond()
    }
}

/// Runs until the shutdown.
pub(crate) async fn run(service: Service) -> anyhow::Result<()> {
    let recorder = Arc::new(open(service)?);
    devices::write_devices(&recorder.store, &recorder.service.instance.folder("nats")?)?;
    let stop = recorder.service.shutdown.clone();
    let BrokerAddress { url, ca_file, certificate } = recorder.broker.clone();
    let tls = Tls { ca_file, certificate };
    let options = ConnectOptions { tls, ..ConnectOptions::new(url, recorder.key.clone(), "recorder") };
    // What is under way at the stop is still receipted and acked: connections are closed when that is done.
    let closing = CancellationToken::new();
    tokio::spawn(close_in_time(stop.clone(), closing.clone()));
    let courier = Courier::connect(options.clone(), closing.clone()).await?;
    let mut tasks = JoinSet::new();
    let record = recorder.clone();
    tasks.spawn(alone("record", || keep_hand_ins(record, options, closing)));
    tasks.spawn(follow::follow(recorder.clone(), courier.clone()));
    tasks.spawn(answer_devices(recorder.clone(), courier.clone()));
    tasks.spawn(look_after(recorder.clone(), courier));
    tasks.spawn(picture::run(recorder.clone()));
    tasks.spawn(api::serve(recorder.clone()));
    if let Some(webhooks) = recorder.webhooks.clone() {
        let (clock, stop) = (recorder.service.setting.clock, stop.clone());
        tasks.spawn(async move { webhooks.run(clock, &stop).await });
    }
    let mut ended = Ok(());
    while let Some(task) = tasks.join_next().await {
        // One task that fails takes the room down with it: the supervisor starts it anew from what is on disk.
        let result = task.context("a task of the recorder panicked").and_then(|result| result);
        if ended.is_ok() {
            ended = result;
        }
        stop.cancel();
    }
    ended
}

/// Opens the store under the data folder and checks that the deployment's shards are still the same.
fn open(service: Service) -> anyhow::Result<Recorder> {
    let setting = &service.setting;
    let config: RecorderConfig = setting.config.section("recorder")?;
    let region = Region::own_or_shipped(setting.region_file()?)?;
    let dir = service.instance.folder(upkeep::FOLDER)?;
    let store = Store::open(&dir, config.store_options())?;
    if let Some(recovery) = store.recovery() {
        warn!(?recovery, "The store was damaged and has been recovered; run `propusk recorder audit`.");
        if let Some(RolledBack { had, has }) = recovery.rolled_back {
            let at_ms = setting.clock.now().as_millisecond();
            let mut draft = store.begin();
            write(&mut draft, keys::lost(at_ms), &Lost { at_ms, had, has })?;
            // Devices are to send again what they still keep.
            generation::renew(&mut draft, u64::from_be_bytes(random::bytes()?))?;
            store.commit(draft)?;
        }
    }
    let data = service.instance.data().to_owned();
    let key = Credentials::from_seed(private::read_secret(&data.join("keys/recorder.nk"))?.trim())?;
    let root_file = data.join("trust/root.pem");
    let root = std::fs::read_to_string(&root_file)
        .with_context(|| format!("{} can't be read", root_file.display()))?;
    let (root, broker) = (PublicKey::from_pem(&root)?, service.broker()?);
    let random = u64::from_be_bytes(random::bytes()?);
    let mark = mark(&dir)?;
    let ledger = Ledger::open(store.clone(), key.clone(), root, config.shards, mark, random)?;
    let ledger = ledger.with_zones(Zones::of(&region))?.with_limits(config.limits(&region)?);
    hours::open(&store)?;
    let work = Store::open(&service.instance.folder(WORK)?, Options::default())?;
    let staff = Staff::new(&work, COOKIE, config.session_minutes);
    let webhooks = Webhooks::open(setting, &service.instance, &work)?;
    match webhooks {
        Some(_) => told::begin(&store, &work)?,
        None => told::end(&work)?,
    }
    let attempts = Attempts::new(config.enrolment_attempts_per_hour);
    Ok(Recorder {
        admitting: Mutex::default(),
        attempts,
        staff,
        work,
        webhooks,
        pictures: Pictures::default(),
        parcels: Attempts::new(PARCELS_PER_HOUR),
        config,
        region,
        store,
        ledger,
        key,
        root,
        broker,
        service,
    })
}

/// What changes when the record's folder is copied or restored: inode and change time of a file in it.
fn mark(dir: &Path) -> anyhow::Result<[u8; 24]> {
    let path = dir.join(MARK);
    if !path.exists() {
        private::write(&path, b"Do not copy: a copied mark tells that this record was restored.\n")?;
    }
    let meta = std::fs::metadata(&path).with_context(|| format!("{} can't be read", path.display()))?;
    let mut mark = [0; 24];
    mark[..8].copy_from_slice(&meta.ino().to_be_bytes());
    mark[8..16].copy_from_slice(&meta.ctime().to_be_bytes());
    mark[16..].copy_from_slice(&meta.ctime_nsec().to_be_bytes());
    Ok(mark)
}

/// A broker that does not answer must not keep the room from stopping.
async fn close_in_time(stop: CancellationToken, closing: CancellationToken) {
    stop.cancelled().await;
    tokio::time::sleep(LAST_WORDS).await;
    closing.cancel();
}

/// Has connections closed when nothing more is to be said of hand-ins.
async fn keep_hand_ins(
    recorder: Arc<Recorder>,
    options: ConnectOptions,
    closing: CancellationToken,
) -> anyhow::Result<()> {
    let courier = Courier::connect(options, closing.clone()).await?;
    let _closing = closing.drop_guard();
    let consumer = open_consumer(&recorder, &courier, "HANDINS", "recorder").await?;
    let RecorderConfig { batch_events, batch_wait_ms, .. } = recorder.config;
    let pulls = Pulls { events: batch_events, wait: Duration::from_millis(batch_wait_ms) };
    let (ledger, stop) = (recorder.ledger.clone(), recorder.service.shutdown.clone());
    keep(ledger, consumer, courier, pulls, move || recorder.now_ms(), stop).await
}

/// Makes the streams and opens a consumer as soon as the broker lets us; patient, because it may start after us.
pub(crate) async fn open_consumer(
    recorder: &Recorder,
    courier: &Courier,
    stream: &str,
    durable: &str,
) -> anyhow::Result<DurableConsumer> {
    let streams = Streams::shipped()?.only(&STREAMS);
    loop {
        let opened = async {
            courier.ensure_streams(&streams).await?;
            DurableConsumer::open(courier, stream, durable, "").await
        };
        match opened.await {
            Ok(consumer) => {
                recorder.service.health.well();
                info!(stream, "Following the stream.");
                return Ok(consumer);
            }
            Err(error) => recorder.service.health.trouble(format!("the broker: {error}")),
        }
        tokio::select! {
            () = tokio::time::sleep(ROUND) => {}
            () = recorder.service.shutdown.cancelled() => anyhow::bail!("stopped before the broker answered"),
        }
    }
}

async fn answer_devices(recorder: Arc<Recorder>, courier: Courier) -> anyhow::Result<()> {
    let questions = courier.serve(subject::SYNC_ALL).await?;
    let now_ms = || recorder.now_ms();
    let random = || Ok(u64::from_be_bytes(random::bytes()?));
    tokio::select! {
        result = sync::answer_all(questions, &recorder.ledger, now_ms, random) => result,
        () = recorder.service.shutdown.cancelled() => Ok(()),
    }
}

async fn look_after(recorder: Arc<Recorder>, courier: Courier) -> anyhow::Result<()> {
    let grace_s = recorder.config.unknown_permit_grace_s;
    let (mut purged_on, mut overdue) = (None, None::<Instant>);
    loop {
        let today = recorder.service.setting.clock.today();
        if purged_on != Some(today) {
            let days = recorder.config.keep_quarantine_days;
            block_in_place(|| purge(&recorder.store, days, false, recorder.now_ms()))?;
            purged_on = Some(today);
        }
        block_in_place(|| recorder.ledger.devices.keep(&recorder.store, recorder.now_ms()))?;
        block_in_place(|| recorder.ledger.settle(grace_s, recorder.now_ms()))?;
        if overdue.is_none_or(|last| last.elapsed() >= OVERDUE) {
            overdue = Some(Instant::now());
            block_in_place(|| recorder.ledger.look_for_overdue(recorder.now_ms()))?;
        }
        block_in_place(|| recorder.ledger.announce_permits(recorder.now_ms()))?;
        if let Some(webhooks) = &recorder.webhooks {
            block_in_place(|| told::hand_ins(webhooks, &recorder.store, &recorder.work, recorder.now_ms()))?;
        }
        if courier.is_connected() {
            publish_alerts(&recorder, &courier).await?;
            if let Err(error) = sync::refresh_trust(&recorder.store, &courier, &recorder.root).await {
                warn!(%error, "The trust list could not be refreshed.");
            }
        }
        tokio::select! {
            () = tokio::time::sleep(ROUND) => {}
            () = recorder.service.shutdown.cancelled() => return Ok(()),
        }
    }
}

/// Publishes the alerts that wait. What the broker does not take now is tried again in the next round.
async fn publish_alerts(recorder: &Recorder, courier: &Courier) -> anyhow::Result<()> {
    let ledger = &recorder.ledger;
    for due in block_in_place(|| ledger.due_alerts())? {
        if let Some(Letter { subject, payload }) = due.letter.clone()
            && let Err(error) = courier.publish(&subject, payload).await
        {
            warn!(%error, "An alert could not be published; it is stored and tried again.");
            return Ok(());
        }
        block_in_place(|| {
            if let Some(webhooks) = &recorder.webhooks {
                told::alert(webhooks, &recorder.store, &recorder.work, &due, recorder.now_ms())?;
            }
            ledger.alert_published(&due)
        })?;
    }
    Ok(())
}
