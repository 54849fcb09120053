//! The pages that are the same in every room: signing in and out, one's account, who works here; and the gate before
//! all the others.
//!
//! A [`Room`] puts the handlers of [`sign_in`], [`account`] and [`staff`] into its own table of [`Route`]s, so that the
//! table names every page with who may open it, and has [`router`] make one of it.

pub mod account;
mod gate;
mod member;
pub mod sign_in;
pub mod staff;

use std::sync::Arc;

use axum::Router;
use axum::response::{IntoResponse, Response};
use axum::routing::MethodRouter;
use propusk_boot::http::Problem;
use propusk_boot::pages::Fields;
use uuid::Uuid;

pub use member::Member;

use crate::{Right, Staff};

/// A room with pages for its staff.
pub trait Room: Send + Sync + 'static {
    /// What these pages call it.
    const ENTRANCE: &'static Entrance;
    /// Whether [`keep_form`](Self::keep_form) keeps anything; the room answers `/kept/{id}` then.
    const KEEPS_FORMS: bool = false;

    /// Who works here.
    fn staff(&self) -> &Staff;

    /// Unix milliseconds.
    fn now_ms(&self) -> i64;

    /// Keeps a form that `user` sent to `path` after the session's end; its id offers it after the next sign-in.
    ///
    /// # Errors
    /// The store fails.
    fn keep_form(&self, _user: String, _path: String, _fields: Fields) -> anyhow::Result<Option<Uuid>> {
        Ok(None)
    }
}

/// What differs from room to room; all texts are ids of sentences.
pub struct Entrance {
    /// What stands over the sign-in.
    pub title: &'static str,
    /// What stands there while nobody works here, and the command that adds the first one.
    pub nobody: Option<(&'static str, &'static str)>,
    /// The page that a sign-in leads to.
    pub home: &'static str,
    /// What the menu is called.
    pub menu: &'static str,
    /// The menu: who sees it, where it leads, what it says.
    pub links: &'static [(Right, &'static str, &'static str)],
}

/// A page of a room, and the right that it asks for.
pub struct Route<R> {
    right: Option<Right>,
    path: &'static str,
    handler: MethodRouter<Arc<R>>,
}

/// A page at an address for those with a right: `None` for everybody.
pub fn page<R>(right: Option<Right>, path: &'static str, handler: MethodRouter<Arc<R>>) -> Route<R> {
    Route { right, path, handler }
}

/// All pages behind their rights.
pub fn router<R: Room>(room: &Arc<R>, routes: Vec<Route<R>>) -> Router {
    let add = |router: Router<Arc<R>>, route: Route<R>| {
        let handler = match route.right {
            Some(right) => gate::keep(route.handler, room.clone(), right),
            None => route.handler,
        };
        router.route(route.path, handler)
    };
    routes.into_iter().fold(Router::new(), add).with_state(room.clone())
}

/// 404: nothing of this name.
pub fn missing() -> Response {
    Problem::not_found("not-found", "there is nothing here of this name").into_response()
}

/// 500.
pub fn internal(error: anyhow::Error) -> Response {
    Problem::fault(error).into_response()
}
