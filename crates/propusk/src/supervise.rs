//! The supervisor: the broker and the rooms, started in order, watched, stopped in order.

mod room;
mod watch;

use std::ffi::OsString;
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use std::time::Duration;

use propusk_boot::instance::{Announced, Announcement, Instance};
use propusk_boot::private;
use propusk_courier::Tls;
use rustix::process::Signal;
use tokio::sync::watch as channel;
use tokio::time::{Instant, sleep, timeout};
use tokio_util::sync::CancellationToken;

use crate::broker::Operator;
use crate::child::{Keeper, Program};
use crate::error::UpError;
use crate::events::{Event, Reporter};
use crate::layout::Layout;
use crate::ready;
use crate::trust::DeskSigner;

/// The rooms in the order in which they are started. Handhelds are people's, not the supervisor's.
const ROOMS: [&str; 3] = ["recorder", "desk", "verify"];
/// The room that is stopped last, so that what the others still send is recorded.
const LAST: &str = "recorder";
/// A child that dies so often before everything was ready once does not start at all.
const MOST_DEATHS: u32 = 3;
/// How long all may take to be ready for the first time: a broker with full streams reads them first.
const START: Duration = Duration::from_secs(180);
/// How often the start is looked after.
const STEP: Duration = Duration::from_millis(50);

// A stop takes less than 5 s, whatever hangs: at these moments, counted from its begin, …
/// … the last room is asked too, though others have not stopped yet;
const LAST_ROOM_AT: Duration = Duration::from_millis(1500);
/// … rooms that still run are killed;
const KILL_ROOMS_AT: Duration = Duration::from_millis(3800);
/// … a broker that still runs is killed.
const KILL_BROKER_AT: Duration = Duration::from_millis(4500);
/// How long the broker may take to stop for the demo.
const HOLD: Duration = Duration::from_secs(3);

/// What to start, and how.
#[derive(Debug, Clone)]
pub(crate) struct Plan {
    /// This program.
    pub executable: PathBuf,
    /// The options that every command of it gets.
    pub arguments: Vec<OsString>,
    pub broker: Broker,
    pub desk: DeskSigner,
}

/// Which broker the rooms use.
#[derive(Debug, Clone)]
pub(crate) enum Broker {
    /// A child of ours.
    Private {
        server: PathBuf,
        configuration: PathBuf,
        url: String,
        /// Whom our own authority makes certificates for.
        certificate_host: Option<String>,
    },
    /// An operator's own, which is only connected to.
    Other { url: String, tls: Tls },
}

/// All that runs in one data folder.
pub(crate) struct House {
    pub plan: Plan,
    pub layout: Layout,
    pub reporter: Reporter,
    /// Cancelled by a signal.
    pub stop: CancellationToken,
    instance: Instance,
    /// The private broker; `None` where an operator's own is configured.
    nats: Option<Keeper>,
    broker: Operator,
    rooms: OnceLock<Vec<Keeper>>,
    broker_answers: channel::Sender<bool>,
    ready: channel::Sender<bool>,
    /// The broker's announcement, and the process that it names.
    announced: Mutex<Option<(u32, Announced)>>,
    /// True while the broker is stopped on purpose.
    held: AtomicBool,
    /// Cancelled when the stop begins: nobody is to be watched any more.
    closing: CancellationToken,
}

impl House {
    /// Starts the broker and those who watch.
    pub(crate) fn open(
        plan: Plan,
        instance: Instance,
        layout: Layout,
        reporter: Reporter,
        stop: CancellationToken,
    ) -> anyhow::Result<Arc<Self>> {
        let (nats, url, tls) = match &plan.broker {
            Broker::Private { server, configuration, url, .. } => {
                let mut arguments = plan.arguments.clone();
                arguments.extend(["broker".into(), server.into(), configuration.into()]);
                let (path, log) = (plan.executable.clone(), layout.log("nats"));
                let program = Program { name: "nats", path, arguments, log };
                let ca_file = Some(layout.broker_ca()).filter(|ca| ca.exists());
                let tls = Tls { ca_file, certificate: None };
                (Some(Keeper::start(program, reporter.clone())), url.clone(), tls)
            }
            Broker::Other { url, tls } => (None, url.clone(), tls.clone()),
        };
        let broker = Operator::new(url, tls, &layout)?;
        let house = Arc::new(Self {
            broker,
            nats,
            plan,
            layout,
            reporter,
            stop,
            instance,
            rooms: OnceLock::new(),
            broker_answers: channel::Sender::new(false),
            ready: channel::Sender::new(false),
            announced: Mutex::new(None),
            held: AtomicBool::new(false),
            closing: CancellationToken::new(),
        });
        tokio::spawn(watch::broker(house.clone()));
        tokio::spawn(watch::rooms(house.clone()));
        Ok(house)
    }

    /// Waits for the broker, starts the rooms, and returns when everything answers for the first time.
    pub(crate) async fn start(&self) -> anyhow::Result<()> {
        let deadline = Instant::now() + START;
        self.wait_for(deadline, || *self.broker_answers.borrow() || self.nats.is_none()).await?;
        if self.nats.is_some() {
            self.broker.ensure_streams().await?;
        }
        self.announce();
        let start = |room| Keeper::start(self.program(room), self.reporter.clone());
        // Set once, here.
        let _ = self.rooms.set(ROOMS.into_iter().map(start).collect());
        self.wait_for(deadline, || *self.ready.borrow()).await?;
        let url = |room: &str| self.instance.find(room).map(|room| room.url).unwrap_or_default();
        self.reporter.tell(&Event::Ready {
            data: self.layout.data().to_owned(),
            desk: url("desk"),
            recorder: url("recorder"),
            verify: url("verify"),
            nats: self.broker.url().to_owned(),
        });
        if let Ok(code) = private::read_secret(&self.layout.data().join("run/set-up-code")) {
            self.reporter.tell(&Event::SetUp { link: format!("{}/set-up?code={code}", url("desk")) });
        }
        Ok(())
    }

    async fn wait_for(&self, deadline: Instant, mut done: impl FnMut() -> bool) -> anyhow::Result<()> {
        while !done() {
            self.children().try_for_each(check_start)?;
            if Instant::now() >= deadline {
                let waiting = self.silent().await.join(", ");
                let logs = self.layout.data().join("log");
                return Err(UpError::NotReady { seconds: START.as_secs(), waiting, logs }.into());
            }
            sleep(STEP).await;
        }
        Ok(())
    }

    fn program(&self, room: &'static str) -> Program {
        let mut arguments = self.plan.arguments.clone();
        arguments.extend([room.into(), "run".into()]);
        Program { name: room, path: self.plan.executable.clone(), arguments, log: self.layout.log(room) }
    }

    fn rooms(&self) -> &[Keeper] {
        self.rooms.get().map_or(&[], Vec::as_slice)
    }

    fn children(&self) -> impl Iterator<Item = &Keeper> {
        self.nats.iter().chain(self.rooms())
    }

    /// Who does not answer.
    async fn silent(&self) -> Vec<&'static str> {
        let mut silent = Vec::new();
        if self.nats.is_some() && !*self.broker_answers.borrow() {
            silent.push("nats");
        }
        for room in self.rooms() {
            if ready::address(&self.instance, room).await.is_none() {
                silent.push(room.name());
            }
        }
        silent
    }

    /// Says in the data folder where the private broker answers, and which process does.
    fn announce(&self) {
        let Some(pid) = self.nats.as_ref().and_then(|nats| nats.state().pid) else { return };
        let mut announced = self.announced.lock().unwrap_or_else(PoisonError::into_inner);
        if announced.as_ref().is_some_and(|(known, _)| *known == pid) {
            return;
        }
        let announcement = Announcement { url: self.broker.url().to_owned(), token: None, pid };
        match self.instance.announce("nats", &announcement) {
            Ok(new) => *announced = Some((pid, new)),
            Err(error) => tracing::error!(%error, "The broker can't be announced in the data folder."),
        }
    }

    /// Waits until everything answers; says whether it does within `patience`.
    pub(crate) async fn wait_until_ready(&self, patience: Duration) -> bool {
        let answering = async {
            // What is known may be a moment old: it is asked once more.
            while !*self.ready.borrow() || !self.silent().await.is_empty() {
                sleep(STEP).await;
            }
        };
        timeout(patience, answering).await.is_ok()
    }

    /// Stops the private broker until it is released: as if the line were cut.
    pub(crate) async fn hold_broker(&self) {
        if let Some(nats) = &self.nats {
            self.held.store(true, Ordering::Relaxed);
            self.broker.close().await;
            nats.hold(Instant::now() + HOLD).await;
            self.broker_answers.send_replace(false);
            self.set_ready(false);
        }
    }

    /// Starts the private broker again.
    pub(crate) fn release_broker(&self) {
        if let Some(nats) = &self.nats {
            nats.release();
            self.held.store(false, Ordering::Relaxed);
        }
    }

    /// Kills a room with SIGKILL; it is started again like any that dies. Returns the process that was killed.
    pub(crate) fn kill(&self, room: &str) -> Option<u32> {
        let room = self.rooms().iter().find(|keeper| keeper.name() == room)?;
        let pid = room.state().pid;
        room.signal(Signal::KILL);
        self.set_ready(false);
        pid
    }

    fn set_ready(&self, ready: bool) {
        let changed = self.ready.send_if_modified(|known| std::mem::replace(known, ready) != ready);
        if changed && let Err(error) = self.instance.set_ready(ready) {
            tracing::error!(%error, "DIR/run/ready can't be kept up to date.");
        }
    }

    /// Stops everything in order, in less than 5 s: the rooms, the recorder last of them, then the broker.
    pub(crate) async fn close(&self) {
        self.closing.cancel();
        self.reporter.tell(&Event::Stopping);
        self.set_ready(false);
        let begun = Instant::now();
        let kill_at = begun + KILL_ROOMS_AT;
        let (last, others): (Vec<&Keeper>, Vec<&Keeper>) =
            self.rooms().iter().partition(|room| room.name() == LAST);
        let end_all = |rooms: Vec<&Keeper>| rooms.into_iter().for_each(|room| room.ask_to_end(kill_at));
        end_all(others.clone());
        let others_ended = async {
            for room in &others {
                room.stopped().await;
            }
        };
        // Whether they have stopped or not: the recorder's turn comes.
        let _ = timeout(LAST_ROOM_AT, others_ended).await;
        end_all(last);
        for room in self.rooms() {
            room.stopped().await;
        }
        self.broker.close().await;
        if let Some(nats) = &self.nats {
            nats.ask_to_end(begun + KILL_BROKER_AT);
            nats.stopped().await;
        }
        self.announced.lock().unwrap_or_else(PoisonError::into_inner).take();
        self.reporter.tell(&Event::Stopped);
    }
}

/// A child that dies again and again before everything was ready once ends the start.
fn check_start(child: &Keeper) -> Result<(), UpError> {
    if child.state().deaths < MOST_DEATHS {
        return Ok(());
    }
    Err(UpError::DoesNotStart { child: child.name(), why: child.last_words(), log: child.log().to_owned() })
}
