//! Who works here, in a browser or with a program: users and tokens.

use axum::Json;
use axum::extract::{Path, State};
use propusk_boot::http::{JsonObject, Problem};
use propusk_staff::{UserRequest, UserView};
use serde::{Deserialize, Serialize};

use super::Shared;
use super::trouble::run;
use crate::tokens::{Scope, Token};

/// `POST /v1/tokens`.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct TokenRequest {
    pub name: String,
    /// What it may do: `read`, `issue`, `change`, `print`.
    pub scopes: Vec<Scope>,
    /// Good for so many days; until it is revoked where it is not said.
    #[serde(default)]
    pub expires_days: Option<u32>,
}

/// A token that was just made.
#[derive(Serialize, Deserialize)]
pub(crate) struct NewToken {
    /// The secret, told this once: it is stored nowhere.
    pub token: String,
    #[serde(flatten)]
    pub view: TokenView,
}

/// A token as it is listed.
#[derive(Serialize, Deserialize)]
pub(crate) struct TokenView {
    pub name: String,
    pub scopes: Vec<Scope>,
    pub since: String,
    /// When it expires.
    pub until: Option<String>,
    /// The last day on which it was used.
    pub last_used: Option<String>,
    pub revoked: Option<String>,
}

impl TokenView {
    fn of(token: Token) -> Self {
        let time =
            |ms: i64| jiff::Timestamp::from_millisecond(ms).map(|at| at.to_string()).unwrap_or_default();
        Self {
            name: token.name,
            scopes: token.scopes,
            since: time(token.since_ms),
            until: token.until_ms.map(time),
            last_used: token.last_used,
            revoked: token.revoked_ms.map(time),
        }
    }
}

pub(super) async fn list_users(State(desk): Shared) -> Result<Json<Vec<UserView>>, Problem> {
    let users = run(|| desk.staff.users.all())?;
    Ok(Json(users.into_iter().map(UserView::from).collect()))
}

pub(super) async fn add_user(
    State(desk): Shared,
    JsonObject(request): JsonObject<UserRequest>,
) -> Result<Json<UserView>, Problem> {
    let user = run(|| {
        let role = request.role.parse()?;
        let user = desk.staff.users.add(&request.name, role, &request.password, desk.now_ms())?;
        desk.staff.set_up.use_up(&desk.service.instance);
        Ok(user)
    })?;
    Ok(Json(user.into()))
}

pub(super) async fn list_tokens(State(desk): Shared) -> Result<Json<Vec<TokenView>>, Problem> {
    let tokens = run(|| desk.tokens.all())?;
    Ok(Json(tokens.into_iter().map(TokenView::of).collect()))
}

pub(super) async fn add_token(
    State(desk): Shared,
    JsonObject(request): JsonObject<TokenRequest>,
) -> Result<Json<NewToken>, Problem> {
    let TokenRequest { name, scopes, expires_days } = request;
    let (token, made) = run(|| desk.tokens.add(&name, &scopes, expires_days, desk.now_ms()))?;
    Ok(Json(NewToken { token, view: TokenView::of(made) }))
}

pub(super) async fn revoke_token(
    State(desk): Shared,
    Path(name): Path<String>,
) -> Result<Json<TokenView>, Problem> {
    let revoked = run(|| desk.tokens.revoke(&name, desk.now_ms()))?;
    Ok(Json(TokenView::of(revoked)))
}
