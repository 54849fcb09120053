//! Keeps the board's picture of the record new, and tells open boards when it changed.

use std::sync::Arc;
use std::time::{Duration, Instant};

use tokio::sync::watch;
use tokio::task::spawn_blocking;
use tracing::warn;

use crate::service::Recorder;
use crate::snapshot::Snapshot;

/// The pause between two looks.
const PAUSE: Duration = Duration::from_secs(1);
/// Where a look takes long, the pause is so many times as long: the board must not keep the recorder from recording.
const SHARE: u32 = 20;

/// A snapshot, and when it was taken.
#[derive(Debug)]
pub(crate) struct Picture {
    pub snapshot: Snapshot,
    /// Unix milliseconds.
    pub taken_ms: i64,
}

/// The newest picture; `None` until the first one.
pub(crate) struct Pictures(watch::Sender<Option<Arc<Picture>>>);

impl Default for Pictures {
    fn default() -> Self {
        Self(watch::Sender::new(None))
    }
}

impl Pictures {
    /// The newest picture.
    pub(crate) fn now(&self) -> Option<Arc<Picture>> {
        self.0.borrow().clone()
    }

    /// Hears of every change from now on.
    pub(crate) fn follow(&self) -> watch::Receiver<Option<Arc<Picture>>> {
        self.0.subscribe()
    }

    fn put(&self, snapshot: Snapshot, taken_ms: i64) {
        self.0.send_if_modified(|now| {
            let changed = now.as_ref().is_none_or(|old| old.snapshot != snapshot);
            *now = Some(Arc::new(Picture { snapshot, taken_ms }));
            changed
        });
    }
}

/// Takes pictures until the shutdown.
pub(crate) async fn run(recorder: Arc<Recorder>) -> anyhow::Result<()> {
    loop {
        let begun = Instant::now();
        let taken_ms = recorder.now_ms();
        let take = {
            let recorder = recorder.clone();
            move || Snapshot::take(&recorder)
        };
        match spawn_blocking(take).await? {
            Ok(snapshot) => recorder.pictures.put(snapshot, taken_ms),
            Err(error) => warn!(%error, "The board could not be brought up to date."),
        }
        tokio::select! {
            () = tokio::time::sleep(PAUSE.max(begun.elapsed() * SHARE)) => {}
            () = recorder.service.shutdown.cancelled() => return Ok(()),
        }
    }
}
