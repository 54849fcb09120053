//! The duty officer's board in a browser: every page with who may open it. `routes` is the whole list;
//! `tests/browser/board-security.test.js` reads it and tries every role on every line.

mod account;
mod alerts;
mod chart;
mod gate;
mod live;
mod overview;
mod sign_in;
mod staff;
mod story;
mod timeline;
mod trouble;
mod words;

use std::sync::Arc;

use axum::Router;
use axum::response::Redirect;
use axum::routing::{MethodRouter, get, post};
use propusk_staff::Right;

use crate::service::Recorder;

type Shared = axum::extract::State<Arc<Recorder>>;

/// A page's address, and the right that it asks for: `None` for everybody.
struct Route {
    path: &'static str,
    right: Option<Right>,
    handler: MethodRouter<Arc<Recorder>>,
}

/// Every page.
fn routes() -> Vec<Route> {
    let page = |right, path, handler| Route { path, right, handler };
    let (read, work, manage) = (Some(Right::Read), Some(Right::Work), Some(Right::Manage));
    vec![
        page(None, "/sign-in", get(sign_in::show)),
        page(None, "/sign-in", post(sign_in::enter)),
        page(read, "/sign-out", post(sign_in::leave)),
        page(read, "/account", get(account::show)),
        page(read, "/account/password", post(account::password)),
        page(read, "/account/sign-out-everywhere", post(account::sign_out_everywhere)),
        page(manage, "/staff", get(staff::show)),
        page(manage, "/staff", post(staff::add)),
        page(manage, "/staff/{name}", post(staff::change)),
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
    let add = |router: Router<Arc<Recorder>>, route: Route| {
        let handler = match route.right {
            Some(right) => gate::keep(route.handler, recorder.clone(), right),
            None => route.handler,
        };
        router.route(route.path, handler)
    };
    routes().into_iter().fold(Router::new(), add).with_state(recorder.clone())
}
