//! `handheld run`: a prompt for a keyboard-wedge scanner; what waits is sent in the background.
//!
//! A scanner types seals and MRZ lines in any order, with Enter or without; [`crate::lane::Lane`] decides when that is
//! enough for a verdict. An empty line closes what lies on the table.

use std::time::Duration;

use propusk_boot::ExitStatus;
use tokio::sync::mpsc;
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

use crate::barrier::{Barrier, Manner};
use crate::keyboard::{Keyboard, keys};
use crate::scan::Post;
use crate::sending::{Link, Sending};
use crate::training::Training;
use crate::wedge::Wedge;

/// How often it is looked whether a scan without Enter has ended.
const TICK: Duration = Duration::from_millis(40);

/// How a prompt ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum End {
    /// The soldier ended it, or a signal did.
    Quit,
    /// The recorder has said that this device is revoked.
    Revoked,
}

/// Runs the prompt until `q`, the end of input or a signal.
pub(crate) async fn run(
    post: Post<'_>,
    soldier: &str,
    plain: bool,
    stop: CancellationToken,
) -> anyhow::Result<End> {
    let (device, config, clock) = (post.device.clone(), post.config.clone(), post.setting.clock);
    let sending = Sending::begin(device, config, clock, stop.clone());
    let result = at_keyboard(post, soldier, plain, Some(&sending), None, &stop).await;
    stop.cancel();
    sending.end().await?;
    result
}

/// Runs the prompt of a training: nothing is sent, and there is nobody to send it to.
pub(crate) async fn train(
    post: Post<'_>,
    training: &Training,
    plain: bool,
    stop: CancellationToken,
) -> anyhow::Result<ExitStatus> {
    at_keyboard(post, "", plain, None, Some(training), &stop).await.map(|_| ExitStatus::Yes)
}

async fn at_keyboard(
    post: Post<'_>,
    soldier: &str,
    plain: bool,
    sending: Option<&Sending>,
    training: Option<&Training>,
    stop: &CancellationToken,
) -> anyhow::Result<End> {
    let lock_after = Duration::from_secs(post.config.lock_after_s.into());
    let keyboard = Keyboard::open();
    let manner = Manner { plain, width: keyboard.width(), screen: keyboard.is_raw() };
    let barrier = Barrier::new(post, soldier, manner, sending, training)?;
    let table = Table { barrier, keyboard: &keyboard, sending, lock_after };
    table.work(keys(), stop).await
}

/// A barrier with its keyboard.
struct Table<'a> {
    barrier: Barrier<'a>,
    keyboard: &'a Keyboard,
    sending: Option<&'a Sending>,
    /// So long without a key, and the device locks; zero for never.
    lock_after: Duration,
}

impl Table<'_> {
    async fn work(
        mut self,
        mut keys: mpsc::Receiver<String>,
        stop: &CancellationToken,
    ) -> anyhow::Result<End> {
        self.barrier.greet();
        let begun = Instant::now();
        let (mut wedge, mut shown, mut touched) = (Wedge::default(), String::new(), begun);
        loop {
            let typed = tokio::select! {
                typed = keys.recv() => match typed { Some(typed) => typed, None => break },
                () = tokio::time::sleep(TICK) => String::new(),
                () = stop.cancelled() => return Ok(End::Quit),
            };
            if self.sending.is_some_and(|sending| matches!(sending.link(), Link::Revoked)) {
                return Ok(End::Revoked);
            }
            if !typed.is_empty() {
                touched = Instant::now();
            } else if !self.lock_after.is_zero() && touched.elapsed() >= self.lock_after {
                wedge.clear();
                self.barrier.lock();
            }
            let now_ms = u64::try_from(begun.elapsed().as_millis()).unwrap_or(u64::MAX);
            let mut texts: Vec<String> = typed.chars().filter_map(|c| wedge.take(c, now_ms)).collect();
            if self.keyboard.is_raw() {
                texts.extend(wedge.silence(now_ms));
                if wedge.typed() != shown {
                    shown = wedge.typed().to_owned();
                    self.keyboard.show(&self.barrier.echo(&shown));
                }
            }
            for text in texts {
                if !self.barrier.take(&text)? {
                    return Ok(End::Quit);
                }
            }
        }
        // A last line without its end, then whatever still lies on the table.
        if let Some(text) = wedge.take('\n', 0).filter(|text| !text.is_empty())
            && !self.barrier.take(&text)?
        {
            return Ok(End::Quit);
        }
        self.barrier.close()?;
        Ok(End::Quit)
    }
}
