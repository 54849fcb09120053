//! Tells an open board that something changed; what changed it asks for as a page.

use std::convert::Infallible;
use std::sync::Arc;

use axum::extract::State;
use axum::response::sse::{Event, KeepAlive, Sse};
use futures_util::{Stream, stream};
use propusk_staff::Found;
use tokio::sync::watch::Receiver;
use tokio::task::block_in_place;

use super::{Officer, Shared};
use crate::picture::Picture;
use crate::service::Recorder;

struct Open {
    recorder: Arc<Recorder>,
    changes: Receiver<Option<Arc<Picture>>>,
    token: String,
}

pub(super) async fn events(
    State(recorder): Shared,
    officer: Officer,
) -> Sse<impl Stream<Item = Result<Event, Infallible>>> {
    let changes = recorder.pictures.follow();
    let open = Open { recorder, changes, token: officer.token };
    Sse::new(stream::unfold(open, next)).keep_alive(KeepAlive::default())
}

/// Waits for the next change. The end of the session, or of the recorder, ends the stream too.
async fn next(mut open: Open) -> Option<(Result<Event, Infallible>, Open)> {
    let stop = open.recorder.service.shutdown.clone();
    tokio::select! {
        changed = open.changes.changed() => changed.ok()?,
        () = stop.cancelled() => return None,
    }
    let Recorder { staff, .. } = &*open.recorder;
    let found = block_in_place(|| staff.sessions.find(&open.token, &staff.users, open.recorder.now_ms()));
    matches!(found, Ok(Found::Alive(_))).then(|| (Ok(Event::default().data("changed")), open))
}
