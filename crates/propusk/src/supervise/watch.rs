//! What is watched while all runs: the broker's answers, its list of users, the rooms' answers, the trust list's age.

use std::fs;
use std::os::unix::fs::MetadataExt as _;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use propusk_courier::PublishError;
use propusk_courier::server::USERS_FILE;
use rustix::process::Signal;
use tokio::time::{Instant, interval, sleep};

use super::{Broker, House, room};
use crate::certificates;
use crate::events::Event;
use crate::up::refresh_trust;

/// How often the broker is asked while it answers, …
const ASK: Duration = Duration::from_secs(1);
/// … and while it does not.
const ASK_AGAIN: Duration = Duration::from_millis(100);
/// How often the broker has to store something.
const PROBE: Duration = Duration::from_secs(5);
/// A broker that has answered and then is silent for so long hangs: with a full disk it ignores everything (NATS.md).
const SILENCE: Duration = Duration::from_secs(10);
/// A broker that has just been started reads its streams before it answers.
const FIRST_SILENCE: Duration = Duration::from_secs(120);

/// How often files and processes are looked at.
const LOOK: Duration = Duration::from_millis(200);
/// How often rooms that are known to answer are asked again.
const ASK_ROOMS: Duration = Duration::from_secs(1);
/// How often it is asked whether the trust list is due.
const TRUST_ROUND: Duration = Duration::from_secs(60 * 60);
/// How often the private broker gets a new certificate.
const CERTIFICATE_ROUND: Duration = Duration::from_secs(30 * 24 * 60 * 60);

/// Asks the broker again and again, mends what it lost, and kills it when it hangs.
pub(super) async fn broker(house: Arc<House>) {
    let watching = async {
        let mut answered: Option<(u32, Instant)> = None;
        let mut probed = Instant::now();
        loop {
            if !house.held.load(Ordering::Relaxed)
                && let Err(error) = house.broker.open().await
            {
                tracing::error!(%error, "The operator can't connect to the broker.");
            }
            let answers = look_at_broker(&house, &mut probed).await;
            house.broker_answers.send_replace(answers);
            if answers {
                answered =
                    house.nats.as_ref().and_then(|nats| nats.state().pid).map(|pid| (pid, Instant::now()));
            }
            if room::is_short(&house) {
                room::wait(&house).await;
            } else if !answers && !house.held.load(Ordering::Relaxed) {
                kill_if_hung(&house, answered);
            }
            sleep(if answers { ASK } else { ASK_AGAIN }).await;
        }
    };
    tokio::select! {
        () = watching => {}
        () = house.closing.cancelled() => {}
    }
}

/// Whether the broker answers, and, where it is time to ask that, stores.
async fn look_at_broker(house: &House, probed: &mut Instant) -> bool {
    let Ok(answer) = house.broker.ask().await else { return false };
    if let Err(error) = house.broker.mend(answer, &house.layout.trust_list()).await {
        tracing::warn!(%error, "The trust list can't be kept up to date on the broker; trying again.");
    }
    if probed.elapsed() < PROBE {
        return true;
    }
    match house.broker.probe().await {
        Ok(()) => {
            *probed = Instant::now();
            true
        }
        Err(PublishError::Refused { why, .. }) => {
            *probed = Instant::now();
            tracing::error!(
                why,
                "The broker stores nothing more: look at `max_file_bytes` and config/streams.toml. Hand-ins wait on the handhelds."
            );
            true
        }
        Err(error) => {
            tracing::warn!(%error, "The broker answers, but does not store.");
            false
        }
    }
}

fn kill_if_hung(house: &House, answered: Option<(u32, Instant)>) {
    let Some(nats) = &house.nats else { return };
    let state = nats.state();
    let (Some(pid), Some(since)) = (state.pid, state.since) else { return };
    let (from, limit) = match answered {
        Some((process, last)) if process == pid => (last, SILENCE),
        _ => (since, FIRST_SILENCE),
    };
    let silence = from.elapsed();
    if silence >= limit {
        house.reporter.tell(&Event::Hung { child: nats.name(), seconds: silence.as_secs() });
        nats.signal(Signal::KILL);
    }
}

/// Keeps `DIR/run/ready` and the broker's announcement true, tells the broker of new users, and renews the trust
/// list.
pub(super) async fn rooms(house: Arc<House>) {
    let watching = async {
        let mut look = interval(LOOK);
        let users = house.layout.nats().join(USERS_FILE);
        let mut known_users = stamp(&users);
        let mut asked: Option<Instant> = None;
        let (mut renewed, mut certified) = (Instant::now(), Instant::now());
        loop {
            look.tick().await;
            let found = stamp(&users);
            if let Some(nats) = house.nats.as_ref().filter(|_| found.is_some() && found != known_users) {
                nats.signal(Signal::HUP);
                known_users = found;
            }
            house.announce();
            if renewed.elapsed() >= TRUST_ROUND {
                renewed = Instant::now();
                if let Err(error) = refresh_trust(&house.layout, &house.plan.desk, &house.reporter) {
                    tracing::warn!(%error, "The trust list can't be renewed.");
                }
            }
            if certified.elapsed() >= CERTIFICATE_ROUND {
                certified = Instant::now();
                renew_certificate(&house);
            }
            asked = look_at_rooms(&house, asked).await;
        }
    };
    tokio::select! {
        () = watching => {}
        () = house.closing.cancelled() => {}
    }
}

/// Gives the private broker a new certificate of our own authority, where it has one of that.
fn renew_certificate(house: &House) {
    let (Broker::Private { certificate_host: Some(host), .. }, Some(nats)) =
        (&house.plan.broker, &house.nats)
    else {
        return;
    };
    match certificates::make(&house.layout, host, house.reporter.setting().clock.today()) {
        Ok(_) => nats.signal(Signal::HUP),
        Err(error) => tracing::error!(%error, "The broker's certificate can't be renewed."),
    }
}

/// Sets `ready`; returns when the rooms were last found to answer.
async fn look_at_rooms(house: &House, asked: Option<Instant>) -> Option<Instant> {
    let all_run = !house.rooms().is_empty() && house.children().all(|child| child.state().pid.is_some());
    let broker = house.nats.is_none() || *house.broker_answers.borrow();
    if !all_run || !broker {
        house.set_ready(false);
        return None;
    }
    if let Some(asked) = asked.filter(|asked| asked.elapsed() < ASK_ROOMS && *house.ready.borrow()) {
        return Some(asked);
    }
    let answer = house.silent().await.is_empty();
    house.set_ready(answer);
    answer.then(Instant::now)
}

/// What changes when a file is replaced or written.
fn stamp(path: &Path) -> Option<(u64, i64, i64, u64)> {
    let facts = fs::metadata(path).ok()?;
    Some((facts.ino(), facts.mtime(), facts.mtime_nsec(), facts.len()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_replaced_file_has_another_stamp() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join(USERS_FILE);
        assert_eq!(stamp(&path), None);
        fs::write(&path, "a").unwrap();
        let first = stamp(&path);
        assert_eq!(stamp(&path), first);
        let new = dir.path().join("new");
        fs::write(&new, "b").unwrap();
        fs::rename(&new, &path).unwrap();
        assert_ne!(stamp(&path), first);
    }
}
