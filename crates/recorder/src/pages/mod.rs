//! The duty officer's board in a browser: every page with who may open it. `routes` is the whole list;
//! `tests/browser/board-security.test.js` reads it and tries every role on every line.

mod alerts;
mod chart;
mod live;
mod overview;
mod story;
mod timeline;
mod words;

use std::sync::Arc;

use axum::Router;
use axum::response::Redirect;
use axum::routing::{get, post};
use propusk_staff::pages::{
    Entrance, Member as Officer, Room, Route, account, internal, missing, page, sign_in, staff,
};
use propusk_staff::{Right, Staff};

use crate::service::Recorder;

type Shared = axum::extract::State<Arc<Recorder>>;

impl Room for Recorder {
    const ENTRANCE: &'static Entrance = &Entrance {
        title: "board-sign-in",
        nobody: Some(("board-nobody", "propusk recorder user add NAME --role manager")),
        home: "/board",
        menu: "board-nav",
        links: &[
            (Right::Read, "/board", "board-title"),
            (Right::Read, "/board/alerts", "board-alerts"),
            (Right::Manage, "/staff", "desk-nav-staff"),
        ],
    };

    fn staff(&self) -> &Staff {
        &self.staff
    }

    fn now_ms(&self) -> i64 {
        self.now_ms()
    }
}

/// Every page.
fn routes() -> Vec<Route<Recorder>> {
    let (read, work, manage) = (Some(Right::Read), Some(Right::Work), Some(Right::Manage));
    vec![
        page(None, "/sign-in", get(sign_in::show::<Recorder>)),
        page(None, "/sign-in", post(sign_in::enter::<Recorder>)),
        page(read, "/sign-out", post(sign_in::leave::<Recorder>)),
        page(read, "/account", get(account::show)),
        page(read, "/account/password", post(account::password::<Recorder>)),
        page(read, "/account/sign-out-everywhere", post(account::sign_out_everywhere::<Recorder>)),
        page(manage, "/staff", get(staff::show::<Recorder>)),
        page(manage, "/staff", post(staff::add::<Recorder>)),
        page(manage, "/staff/{name}", post(staff::change::<Recorder>)),
        page(read, "/", get(|| async { Redirect::to("/board") })),
        page(read, "/board", get(overview::show)),
        page(read, "/board/events", get(live::events)),
        page(read, "/board/alerts", get(alerts::list)),
        page(read, "/board/alerts/{id}", get(alerts::show)),
        page(work, "/board/alerts/{id}/acknowledgement", post(alerts::acknowledge)),
        page(read, "/board/permits", post(story::find)),
        page(read, "/board/permits/{number}", get(story::show)),
    ]
}

/// All pages behind their rights.
pub(crate) fn router(recorder: &Arc<Recorder>) -> Router {
    propusk_staff::pages::router(recorder, routes())
}
