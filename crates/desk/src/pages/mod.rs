//! The desk in a browser: every page with who may open it. `routes` is the whole list; `tests/browser/security.test.js` reads it and tries every role on every line.

mod change;
mod export;
mod findings;
mod import;
mod inbox;
mod kept;
mod list;
mod map;
mod online;
mod order;
mod order_fields;
mod order_form;
mod permit;
mod set_up;
mod trouble;

use std::sync::Arc;

use axum::Router;
use axum::routing::{get, post};
use propusk_boot::pages::Fields;
use propusk_boot::random;
use propusk_staff::pages::{
    Entrance, Member as Clerk, Room, Route, account, internal, missing, page, sign_in, staff,
};
use propusk_staff::{Right, Staff};
use uuid::Uuid;

use crate::draft::KeptForm;
use crate::service::Desk;

type Shared = axum::extract::State<Arc<Desk>>;

impl Room for Desk {
    const ENTRANCE: &'static Entrance = &Entrance {
        title: "sign-in-title",
        // `propusk up` tells the link to the set-up.
        nobody: None,
        home: "/",
        menu: "desk-nav",
        links: &[
            (Right::Read, "/", "desk-nav-permits"),
            (Right::Work, "/inbox", "inbox-title"),
            (Right::Manage, "/staff", "desk-nav-staff"),
        ],
    };
    const KEEPS_FORMS: bool = true;

    fn staff(&self) -> &Staff {
        &self.staff
    }

    fn now_ms(&self) -> i64 {
        self.now_ms()
    }

    fn keep_form(&self, user: String, path: String, fields: Fields) -> anyhow::Result<Option<Uuid>> {
        let id = random::uuid_v7(self.service.setting.clock.now(), random::bytes()?);
        self.drafts.keep(id, &KeptForm { user, path, fields: fields.0, at_ms: self.now_ms() })?;
        Ok(Some(id))
    }
}

/// Every page.
fn routes() -> Vec<Route<Desk>> {
    let (read, work, manage) = (Some(Right::Read), Some(Right::Work), Some(Right::Manage));
    vec![
        page(None, "/sign-in", get(sign_in::show::<Desk>)),
        page(None, "/sign-in", post(sign_in::enter::<Desk>)),
        page(None, "/set-up", get(set_up::show)),
        page(None, "/set-up", post(set_up::begin)),
        page(read, "/sign-out", post(sign_in::leave::<Desk>)),
        page(read, "/kept/{id}", get(kept::show)),
        page(read, "/kept/{id}/discard", post(kept::discard)),
        page(read, "/account", get(account::show)),
        page(read, "/account/password", post(account::password::<Desk>)),
        page(read, "/account/sign-out-everywhere", post(account::sign_out_everywhere::<Desk>)),
        page(manage, "/staff", get(staff::show::<Desk>)),
        page(manage, "/staff", post(staff::add::<Desk>)),
        page(manage, "/staff/{name}", post(staff::change::<Desk>)),
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
    propusk_staff::pages::router(desk, routes())
}
