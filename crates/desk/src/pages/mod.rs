//! The desk in a browser: every page with who may open it. `routes` is the whole list; `tests/browser/security.test.js` reads it and tries every role on every line.

mod account;
mod change;
mod export;
mod findings;
mod gate;
mod import;
mod inbox;
mod list;
mod map;
mod online;
mod order;
mod order_fields;
mod order_form;
mod permit;
mod sign_in;
mod staff;
mod trouble;

use std::sync::Arc;

use axum::Router;
use axum::routing::{MethodRouter, get, post};
use propusk_staff::Right;

use crate::service::Desk;

type Shared = axum::extract::State<Arc<Desk>>;

/// A page's address, and the right that it asks for: `None` for everybody.
pub(crate) struct Route {
    pub path: &'static str,
    pub right: Option<Right>,
    handler: MethodRouter<Arc<Desk>>,
}

/// Every page.
pub(crate) fn routes() -> Vec<Route> {
    let page = |right, path, handler| Route { path, right, handler };
    let (read, work, manage) = (Some(Right::Read), Some(Right::Work), Some(Right::Manage));
    vec![
        page(None, "/sign-in", get(sign_in::show)),
        page(None, "/sign-in", post(sign_in::enter)),
        page(None, "/set-up", get(sign_in::set_up)),
        page(None, "/set-up", post(sign_in::begin)),
        page(read, "/sign-out", post(sign_in::leave)),
        page(read, "/kept/{id}", get(sign_in::kept)),
        page(read, "/kept/{id}/discard", post(sign_in::discard)),
        page(read, "/account", get(account::show)),
        page(read, "/account/password", post(account::password)),
        page(read, "/account/sign-out-everywhere", post(account::sign_out_everywhere)),
        page(manage, "/staff", get(staff::show)),
        page(manage, "/staff", post(staff::add)),
        page(manage, "/staff/{name}", post(staff::change)),
        page(read, "/", get(list::show)),
        page(read, "/search", get(list::ask)),
        page(read, "/search", post(list::search)),
        page(read, "/export.csv", get(export::csv)),
        page(read, "/export.xlsx", get(export::xlsx)),
        page(work, "/orders", post(order::begin)),
        page(work, "/orders/{id}", get(order::show)),
        page(work, "/orders/{id}", post(order::act)),
        page(work, "/orders/{id}/look", post(order::look)),
        page(work, "/orders/{id}/table", post(import::table)),
        page(None, "/map.svg", get(map::show)),
        page(None, "/order", get(online::show)),
        page(None, "/order", post(online::begin)),
        page(None, "/order/{link}", get(online::open)),
        page(None, "/order/{link}", post(online::act)),
        page(None, "/order/{link}/look", post(online::look)),
        page(None, "/order/{link}/messages", post(online::say)),
        page(work, "/inbox", get(inbox::list)),
        page(work, "/inbox/{id}", get(inbox::show)),
        page(work, "/inbox/{id}", post(inbox::go)),
        page(work, "/inbox/{id}/messages", post(inbox::say)),
        page(work, "/inbox/{id}/payment", post(inbox::pay)),
        page(read, "/permits/{id}", get(permit::show)),
        page(read, "/permits/{id}/sheets.pdf", get(permit::sheets)),
        page(work, "/permits/{id}/prints", post(change::print)),
        page(work, "/permits/{id}/extensions", post(change::extend)),
        page(work, "/permits/{id}/revocations", post(change::revoke)),
        page(work, "/permits/{id}/corrections", post(change::correct)),
        page(work, "/permits/{id}/again", post(change::again)),
    ]
}

/// All pages behind their rights.
pub(crate) fn router(desk: &Arc<Desk>) -> Router {
    let add = |router: Router<Arc<Desk>>, route: Route| {
        let handler = match route.right {
            Some(right) => gate::keep(route.handler, desk.clone(), right),
            None => route.handler,
        };
        router.route(route.path, handler)
    };
    routes().into_iter().fold(Router::new(), add).with_state(desk.clone())
}
