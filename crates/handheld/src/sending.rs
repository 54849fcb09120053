//! What waits is sent while the soldier works: rounds in the background, and what they are waiting for.

use std::sync::Arc;
use std::time::Duration;

use propusk_boot::{Clock, Setting, random};
use propusk_courier::Courier;
use tokio::sync::{Notify, watch};
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;
use tracing::warn;

use crate::backoff::{jittered, pause_ms};
use crate::config::HandheldConfig;
use crate::device::Device;
use crate::exchange::Pace;
use crate::sync::{Outcome, Patience, connect, is_revocation, sync};

/// How long one round may take.
const PATIENCE: Duration = Duration::from_secs(10);
/// After a hand-in it is waited this long for more: what goes together costs a metered link less.
const GATHER: Duration = Duration::from_secs(2);

/// What the rounds are waiting for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Awaited {
    /// Nothing: everything is recorded, and the next round asks what is new.
    News,
    /// The broker has everything, and the recorder's receipts have not come.
    Receipts,
    /// The broker answers, and the recorder does not.
    Recorder,
    /// There is no way to the broker.
    Broker,
}

/// Where the rounds stand.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Link {
    /// One is under way.
    Trying,
    /// The last one is over.
    Waiting { awaited: Awaited, next: Instant },
    /// The recorder has said that this device is revoked.
    Revoked,
}

/// The rounds as the prompt sees them.
pub(crate) struct Sending {
    link: watch::Receiver<Link>,
    nudge: Arc<Notify>,
    task: tokio::task::JoinHandle<()>,
}

impl Awaited {
    /// What a round that is over leaves to wait for. `waiting` hand-ins have no receipt.
    pub(crate) fn after(connected: bool, reached: bool, waiting: u64) -> Self {
        match (connected, reached, waiting) {
            (false, ..) => Self::Broker,
            (true, false, _) => Self::Recorder,
            (true, true, 0) => Self::News,
            (true, true, _) => Self::Receipts,
        }
    }

    /// The stable code; the Fluent sentence is `awaited-<code>`.
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::News => "news",
            Self::Receipts => "receipts",
            Self::Recorder => "recorder",
            Self::Broker => "broker",
        }
    }

    /// The pause before the next round, in milliseconds, after so many that failed one after the other.
    pub(crate) fn pause_ms(self, failed: u32, config: &HandheldConfig, random: u32) -> u64 {
        match self {
            Self::News => jittered(u64::from(config.ask_every_s) * 1000, random),
            _ => pause_ms(failed, config.resend_first_ms, config.resend_max_ms, random),
        }
    }
}

impl Link {
    /// What is waited for, in words, and when it is tried again, while `waiting` hand-ins have no receipt.
    pub(crate) fn say(self, waiting: usize, setting: &Setting, now: Instant) -> String {
        match self {
            // A hand-in that was just written begins a round at once; nobody has told so yet.
            Self::Waiting { awaited: Awaited::News, .. } if waiting > 0 => setting.say("link-trying", &NONE),
            Self::Trying => setting.say("link-trying", &NONE),
            Self::Revoked => setting.say("link-revoked", &NONE),
            Self::Waiting { awaited, next } => {
                let wait = in_words(next.saturating_duration_since(now), setting);
                setting.say(&format!("awaited-{}", awaited.as_str()), &[("wait", wait)])
            }
        }
    }
}

/// A sentence without arguments.
const NONE: [(&str, String); 0] = [];

/// Seconds up to two minutes, then minutes.
fn in_words(wait: Duration, setting: &Setting) -> String {
    let seconds = wait.as_secs() + u64::from(wait.subsec_nanos() > 0);
    match seconds {
        0..120 => setting.say("wait-seconds", &[("count", seconds.to_string())]),
        _ => setting.say("wait-minutes", &[("count", seconds.div_ceil(60).to_string())]),
    }
}

impl Sending {
    /// Begins the rounds; they end with `stop`.
    pub(crate) fn begin(
        device: Device,
        config: HandheldConfig,
        clock: Clock,
        stop: CancellationToken,
    ) -> Self {
        let (tell, link) = watch::channel(Link::Trying);
        let nudge = Arc::new(Notify::new());
        let rounds = Rounds { device, config, clock, nudge: Arc::clone(&nudge), tell, failed: 0 };
        Self { link, nudge, task: tokio::spawn(rounds.run(stop)) }
    }

    /// Something new waits: it is sent at once where there is a signal.
    pub(crate) fn nudge(&self) {
        self.nudge.notify_one();
    }

    pub(crate) fn link(&self) -> Link {
        *self.link.borrow()
    }

    /// Waits for the end of the rounds, after `stop`.
    pub(crate) async fn end(self) -> anyhow::Result<()> {
        Ok(self.task.await?)
    }
}

struct Rounds {
    device: Device,
    config: HandheldConfig,
    clock: Clock,
    nudge: Arc<Notify>,
    tell: watch::Sender<Link>,
    failed: u32,
}

impl Rounds {
    async fn run(mut self, stop: CancellationToken) {
        while !stop.is_cancelled() {
            // A connection that failed is given up, so that the pauses are these and not the client's.
            let way = stop.child_token();
            tokio::select! {
                () = self.connected(&way) => {}
                () = stop.cancelled() => {}
            }
            way.cancel();
            if matches!(*self.tell.borrow(), Link::Revoked) {
                return;
            }
        }
    }

    /// Rounds over one connection, as long as it holds.
    async fn connected(&mut self, way: &CancellationToken) {
        self.tell.send_replace(Link::Trying);
        let courier = match connect(&self.device, way.clone()).await {
            Ok(courier) => courier,
            Err(error) => {
                warn!(%error, "the broker can't be reached; hand-ins stay on this device");
                return self.pause(Awaited::Broker).await;
            }
        };
        loop {
            self.tell.send_replace(Link::Trying);
            let awaited = match self.round(&courier).await {
                Ok(awaited) => awaited,
                Err(error) if is_revocation(&error) => {
                    warn!(%error, "the recorder shuts this device out");
                    self.tell.send_replace(Link::Revoked);
                    return;
                }
                Err(error) => {
                    warn!(%error, "no exchange with the recorder; hand-ins stay on this device");
                    Awaited::after(courier.is_connected(), false, 0)
                }
            };
            self.pause(awaited).await;
            if awaited == Awaited::Broker {
                return;
            }
        }
    }

    async fn round(&self, courier: &Courier) -> anyhow::Result<Awaited> {
        if !courier.is_connected() {
            return Ok(Awaited::Broker);
        }
        // What has no receipt yet goes out again as rarely as the rounds come.
        let first_ms = Awaited::Receipts.pause_ms(self.failed, &self.config, 0);
        let pace = Pace { first_ms, ..Pace::new(&self.config) };
        let patience = Patience { longest: PATIENCE, wants_acks: self.failed > 0 };
        let outcome = sync(&self.device, courier, pace, &self.clock, patience).await?;
        let Outcome { reached, counts, .. } = outcome;
        Ok(Awaited::after(courier.is_connected(), reached, counts.on_this_device + counts.sent))
    }

    /// Waits; where everything works, a new hand-in ends the wait.
    async fn pause(&mut self, awaited: Awaited) {
        self.failed = if awaited == Awaited::News { 0 } else { self.failed.saturating_add(1) };
        // Without randomness the pause is the longest of its kind.
        let random = random::bytes().map_or(0, u32::from_be_bytes);
        let pause = Duration::from_millis(awaited.pause_ms(self.failed, &self.config, random));
        self.tell.send_replace(Link::Waiting { awaited, next: Instant::now() + pause });
        let nudged = async {
            self.nudge.notified().await;
            tokio::time::sleep(GATHER).await;
        };
        tokio::select! {
            () = tokio::time::sleep(pause) => {}
            () = nudged, if awaited == Awaited::News => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn config() -> HandheldConfig {
        propusk_boot::config::Config::load(None).unwrap().section("handheld").unwrap()
    }

    #[test]
    fn what_is_waited_for_is_the_first_thing_that_is_missing() {
        assert_eq!(Awaited::after(false, false, 3), Awaited::Broker);
        assert_eq!(Awaited::after(true, false, 3), Awaited::Recorder);
        assert_eq!(Awaited::after(true, true, 3), Awaited::Receipts);
        assert_eq!(Awaited::after(true, true, 0), Awaited::News);
    }

    #[test]
    fn failures_are_tried_again_ever_more_rarely_and_news_at_a_steady_pace() {
        let config = config();
        let pauses: Vec<u64> = (1..20).map(|failed| Awaited::Broker.pause_ms(failed, &config, 0)).collect();
        assert!(pauses.windows(2).all(|pair| pair[0] <= pair[1]), "{pauses:?}");
        assert_eq!((pauses[0], pauses[18]), (config.resend_first_ms, config.resend_max_ms));
        assert_eq!(Awaited::News.pause_ms(0, &config, 0), u64::from(config.ask_every_s) * 1000);
    }
}
