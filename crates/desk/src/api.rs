//! The desk's HTTP API: the table of its routes, each with the scope that it asks of a token. `openapi.json` describes it.
//!
//! A file for what routes do: [`issue`] orders, [`change`] and print permits, look [`permits`] up, decide about [`staff`]
//! and tokens, and about what is [kept](retention). [`gate`] lets callers in, [`once`] does a repeated request once.

mod answer;
mod change;
mod gate;
mod issue;
mod once;
mod permits;
mod retention;
mod staff;
mod trouble;

use std::sync::Arc;

use axum::Router;
use axum::handler::Handler;
use axum::http::Method;
use axum::routing::{MethodRouter, get, post};
use propusk_boot::http::{Token, description_route};
use tokio::task::block_in_place;

pub(crate) use answer::{OrderAnswer, PermitReply, PermitView, PurgeView, RefusedOrder, view};
pub(crate) use change::{AmendRequest, PrintRequest, change};
pub(crate) use issue::{IssueRequest, correct_order, issue_order};
pub(crate) use once::InFlight;
pub(crate) use staff::{NewToken, TokenRequest, TokenView};
pub(crate) use trouble::problem;

use crate::pages;
use crate::service::Desk;
use crate::tokens::Scope;

/// Most rows of one list, and how many it has where nobody says.
const MAX_LIST: usize = 1000;
const DEFAULT_LIST: usize = 100;
/// The description that the desk serves of its API; a test holds it against [`routes`].
const DESCRIPTION: &str = include_str!("../openapi.json");

type Shared = axum::extract::State<Arc<Desk>>;

/// A route of the API. Made by [`read`] and [`write`](fn@write) alone, so that none lacks its scope.
struct Route {
    method: Method,
    path: &'static str,
    scope: Scope,
    handler: MethodRouter<Arc<Desk>>,
}

/// A question.
fn read<H: Handler<T, Arc<Desk>>, T: 'static>(scope: Scope, path: &'static str, handler: H) -> Route {
    Route { method: Method::GET, path, scope, handler: get(handler) }
}

/// A change. With an `Idempotency-Key` it is done once, where it is one of a permit.
fn write<H: Handler<T, Arc<Desk>>, T: 'static>(scope: Scope, path: &'static str, handler: H) -> Route {
    Route { method: Method::POST, path, scope, handler: post(handler) }
}

/// The whole API.
fn routes() -> Vec<Route> {
    use Scope::{Admin, Change, Issue, Print, Read};
    vec![
        read(Read, "/v1/permits", permits::list),
        write(Issue, "/v1/permits", issue::issue_permit),
        read(Read, "/v1/permits/{number}", permits::show),
        read(Print, "/v1/permits/{number}/sheets.pdf", permits::sheets),
        write(Print, "/v1/permits/{number}/prints", change::print),
        write(Change, "/v1/permits/{number}/corrections", issue::correct),
        write(Change, "/v1/permits/{number}/extensions", change::extend),
        write(Change, "/v1/permits/{number}/revocations", change::revoke),
        read(Admin, "/v1/users", staff::list_users),
        write(Admin, "/v1/users", staff::add_user),
        read(Admin, "/v1/tokens", staff::list_tokens),
        write(Admin, "/v1/tokens", staff::add_token),
        write(Admin, "/v1/tokens/{name}/revocations", staff::revoke_token),
        write(Admin, "/v1/purges", retention::purge_permits),
        read(Admin, "/v1/look-ups", retention::list_look_ups),
    ]
}

/// All routes behind the gate.
fn router(desk: &Arc<Desk>, operator: &Token) -> Router {
    let add = |router: Router<Arc<Desk>>, route: Route| {
        // The operator's own writes are the same when they are done twice, or say that they are done.
        let once = route.method == Method::POST && route.scope != Scope::Admin;
        let handler = if once { once::keep(route.handler, desk) } else { route.handler };
        router.route(route.path, gate::keep(handler, desk, operator, route.scope))
    };
    routes().into_iter().fold(Router::new(), add).with_state(desk.clone())
}

/// How many rows somebody asked for, of those that one list has at most.
fn most(limit: Option<u32>) -> usize {
    limit.map_or(DEFAULT_LIST, |limit| usize::try_from(limit).unwrap_or(MAX_LIST)).min(MAX_LIST)
}

/// Serves the API and the pages until the shutdown.
pub(crate) async fn serve(desk: Arc<Desk>) -> anyhow::Result<()> {
    let token = Token::draw()?;
    if block_in_place(|| desk.staff.users.is_empty())? {
        desk.staff.set_up.draw(&desk.service.instance)?;
    }
    let router = router(&desk, &token).merge(description_route(DESCRIPTION)).merge(pages::router(&desk));
    Ok(desk.service.serve(&desk.office.config.listen, router, Some(token)).await?)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use serde_json::Value;

    use super::*;

    /// Method, path and scope of every route stand in the description, and nothing else does.
    #[test]
    fn the_description_names_exactly_the_routes_with_their_scopes() {
        let description: Value = serde_json::from_str(DESCRIPTION).unwrap();
        let mut described = BTreeSet::new();
        for (path, methods) in description["paths"].as_object().unwrap() {
            for (method, operation) in
                methods.as_object().unwrap().iter().filter(|(key, _)| *key != "parameters")
            {
                let scope = operation["security"][0]["token"][0].as_str().unwrap_or("none");
                assert!(described.insert((method.to_uppercase(), path.clone(), scope.to_owned())));
            }
        }
        let open = ("GET".to_owned(), "/v1/openapi.json".to_owned(), "none".to_owned());
        assert!(described.remove(&open), "whoever reads the description finds where it came from");
        let routes = routes().into_iter();
        let routed: BTreeSet<_> = routes
            .map(|route| (route.method.to_string(), route.path.to_owned(), route.scope.as_str().to_owned()))
            .collect();
        assert_eq!(described, routed);
    }
}
