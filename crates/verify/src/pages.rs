//! The traveller's pages, in the frame of `boot::pages`. They ask the same code as the API and the command line.
//!
//! Everything is sent by POST, so that nothing personal stands in a URL; nothing is kept, and no page is cached.

mod check;
mod input;
mod paper;
mod passport;
mod phone;
mod rehearsal;
mod scan;
mod seal;
mod side_by_side;
mod trip;
mod trip_form;

use std::sync::Arc;

use axum::Router;
use axum::extract::State;
use axum::response::Redirect;
use axum::routing::{get, post};
use propusk_boot::pages::{Asset, Frame, assets};

use crate::service::Verify;

type Shared = State<Arc<Verify>>;

/// The look of what only these pages have.
static STYLE: Asset = Asset::new("check.css", include_bytes!("../assets/check.css"));

/// Where each page lies.
const CHECK: &str = "/check";
const PAPER: &str = "/check/paper";
const PASSPORT: &str = "/check/passport";
const TRIP: &str = "/check/trip";
const SEAL: &str = "/check/seal";

/// The routes of the pages.
pub(crate) fn router(verify: Arc<Verify>) -> Router {
    Router::new()
        .route("/", get(|| async { Redirect::to(CHECK) }))
        .route(CHECK, get(check::form).post(check::answer))
        .route(PAPER, get(paper::form).post(paper::answer))
        .route(PASSPORT, get(passport::form).post(passport::answer))
        .route(TRIP, get(trip::form).post(trip::answer))
        .route(SEAL, get(seal::form).post(seal::answer))
        .route("/check/trip/calendar", post(trip::deadlines))
        .with_state(verify)
        .merge(assets(&[&STYLE]))
        .merge(phone::routes())
        .merge(scan::routes())
}

/// What the pages have in common.
struct Place {
    /// The page's own address.
    here: &'static str,
}

impl Place {
    /// The pages for the navigation: address, name, and whether it is this one.
    fn all(&self, frame: &Frame) -> Vec<(&'static str, String, bool)> {
        [(CHECK, "permit"), (PAPER, "paper"), (PASSPORT, "passport"), (SEAL, "seal"), (TRIP, "trip")]
            .map(|(path, name)| (path, frame.say(&format!("check-nav-{name}")), path == self.here))
            .into()
    }

    fn style(&self) -> &'static str {
        STYLE.path()
    }
}

/// The lines of an MRZ out of a text area: upper case as they are shown there, without blank ones.
fn lines(mrz: &str) -> Vec<String> {
    mrz.lines().map(|line| line.trim().to_uppercase()).filter(|line| !line.is_empty()).collect()
}

#[cfg(test)]
mod tests;
