//! The desk's HTTP API, behind the operator's token; `openapi.json` describes it.

use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use propusk_boot::http::{PROBLEM_JSON, Problem, ProblemBody, Token, require_token};
use propusk_permit::{PermitNumber, TransitionError};
use propusk_staff::{PasswordError, UnknownRole, User, UserError};
use serde::{Deserialize, Serialize};
use tokio::task::block_in_place;
use uuid::Uuid;

use crate::check::{FindingRow, check, refuses};
use crate::issue::{Amendment, amend, issue, note_printed};
use crate::lookups::{self, LookUps, OPERATOR};
use crate::order::OrderError;
use crate::paper::{Languages, UnknownLanguages};
use crate::print::{parse_copies, pdf_in, seals};
use crate::purge::{PurgeReply, PurgeRequest, purge_asked};
use crate::quote::{Quote, quote};
use crate::register::{Entry, NamedOrder};
use crate::service::Desk;
use crate::{DeskError, OrderFile, pages};

/// Most permits of one list.
const MAX_LIST: usize = 1000;

type Shared = State<Arc<Desk>>;

/// `POST /v1/permits` and `POST /v1/permits/{number}/corrections`.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct IssueRequest {
    pub order: OrderFile,
    /// Codes of error findings that the clerk overrides.
    #[serde(default)]
    pub overrides: Vec<String>,
    /// Why.
    #[serde(default)]
    pub reason: String,
    /// The version on which a correction was decided.
    #[serde(default)]
    pub version: Option<u8>,
    /// A name that the sender drew for this order: sent again, it is answered with the permit that it has already.
    #[serde(default)]
    pub order_id: Option<Uuid>,
}

impl IssueRequest {
    fn named_order(&self) -> anyhow::Result<Option<NamedOrder>> {
        self.order_id.map(|id| Ok(NamedOrder { id, digest: self.order.digest()? })).transpose()
    }
}

/// `POST …/extensions` and `POST …/revocations`.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct AmendRequest {
    /// Months in total, for an extension.
    #[serde(default)]
    pub months: u8,
    pub reason: String,
    /// The version on which it was decided.
    #[serde(default)]
    pub version: Option<u8>,
}

/// `POST …/prints`.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct PrintRequest {
    /// `0`, `3`, `3-5` or `1-` (to the last); empty for all.
    #[serde(default)]
    pub copies: String,
    /// Spares to add.
    #[serde(default)]
    pub more: u8,
}

/// `POST /v1/users`.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct UserRequest {
    pub name: String,
    /// `clerk`, `manager` or `auditor`.
    pub role: String,
    pub password: String,
}

/// Somebody who works here.
#[derive(Serialize, Deserialize)]
pub(crate) struct UserView {
    pub name: String,
    pub role: String,
    /// Barred from signing in.
    pub barred: bool,
}

impl UserView {
    fn of(user: User) -> Self {
        Self { name: user.name, role: user.role.to_string(), barred: user.barred }
    }
}

/// What issuing, changing and printing answer (DESIGN.md §7, `issue --json`).
#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct PermitReply {
    pub permit_number: String,
    pub permit_id: String,
    pub version: u8,
    pub valid_from: String,
    pub valid_to: String,
    pub zones: Vec<String>,
    pub copies: Vec<CopyReply>,
    pub pdf: Option<String>,
    pub price: Option<Quote>,
    pub findings: Vec<FindingRow>,
}

/// One copy and its seals.
#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct CopyReply {
    pub copy: u8,
    /// The seal of the first sheet.
    pub seal: String,
    /// The seals of all sheets.
    pub seals: Vec<String>,
}

/// A permit as `show` and `list` print it.
#[derive(Serialize, Deserialize)]
pub(crate) struct PermitView {
    pub permit_number: String,
    pub permit_id: String,
    pub version: u8,
    /// `issued` or `revoked`.
    pub state: String,
    pub issued_on: String,
    pub valid_from: String,
    pub valid_to: String,
    pub zones: Vec<String>,
    pub route: Vec<String>,
    pub copies: u8,
    pub travellers: Vec<TravellerView>,
    /// The size of the group, also where its people are forgotten.
    pub group: u8,
    /// Since when its people are forgotten.
    pub purged: Option<PurgeView>,
    pub history: Vec<HistoryView>,
}

/// That a permit's personal data were erased.
#[derive(Serialize, Deserialize)]
pub(crate) struct PurgeView {
    pub at: String,
    pub by: String,
    pub reason: String,
}

/// A traveller as the clerk sees them.
#[derive(Serialize, Deserialize)]
pub(crate) struct TravellerView {
    pub surname: String,
    pub given_names: String,
    pub document_number: String,
    pub nationality: String,
}

/// One thing that happened to a permit.
#[derive(Serialize, Deserialize)]
pub(crate) struct HistoryView {
    pub at: String,
    pub version: u8,
    pub what: String,
    pub note: Option<String>,
}

/// Why an order was not taken, with its findings.
#[derive(Serialize, Deserialize)]
pub(crate) struct RefusedOrder {
    #[serde(flatten)]
    pub problem: ProblemBody,
    pub findings: Vec<FindingRow>,
}

/// What an order's handler answers: done, refused with findings, or not understood.
pub(crate) enum OrderAnswer {
    Done(Box<PermitReply>),
    Refused(RefusedOrder),
}

impl IntoResponse for OrderAnswer {
    fn into_response(self) -> Response {
        match self {
            Self::Done(reply) => Json(*reply).into_response(),
            Self::Refused(refused) => {
                let kind = [(CONTENT_TYPE, PROBLEM_JSON)];
                (StatusCode::UNPROCESSABLE_ENTITY, kind, Json(refused)).into_response()
            }
        }
    }
}

#[derive(Deserialize)]
struct ListQuery {
    limit: Option<usize>,
}

#[derive(Deserialize)]
struct LookUpQuery {
    /// Only of this permit.
    permit: Option<String>,
    limit: Option<usize>,
}

#[derive(Deserialize)]
struct SheetsQuery {
    #[serde(default)]
    copies: String,
    version: Option<u8>,
    /// `ky,en`; the configured ones where it is not said.
    languages: Option<String>,
}

/// Every route with its handler; a test compares it with `openapi.json`.
fn routes() -> Router<Arc<Desk>> {
    Router::new()
        .route("/v1/permits", get(list).post(issue_permit))
        .route("/v1/permits/{number}", get(show))
        .route("/v1/permits/{number}/sheets.pdf", get(sheets))
        .route("/v1/permits/{number}/prints", post(print))
        .route("/v1/permits/{number}/corrections", post(correct))
        .route("/v1/permits/{number}/extensions", post(extend))
        .route("/v1/permits/{number}/revocations", post(revoke))
        .route("/v1/users", get(list_users).post(add_user))
        .route("/v1/purges", post(purge_permits))
        .route("/v1/look-ups", get(list_look_ups))
}

/// Serves the API until the shutdown.
pub(crate) async fn serve(desk: Arc<Desk>) -> anyhow::Result<()> {
    let token = Token::draw()?;
    if block_in_place(|| desk.staff.users.is_empty())? {
        desk.staff.set_up.draw(&desk.service.instance)?;
    }
    let described = Router::new().route("/openapi.json", get(openapi));
    let router = require_token(routes().with_state(desk.clone()), token.clone()).merge(described);
    let router = router.merge(pages::router(&desk));
    Ok(desk.service.serve(&desk.office.config.listen, router, Some(token)).await?)
}

async fn openapi() -> impl IntoResponse {
    ([(CONTENT_TYPE, "application/json")], include_str!("../openapi.json"))
}

async fn list(State(desk): Shared, Query(query): Query<ListQuery>) -> Result<Json<Vec<PermitView>>, Problem> {
    let limit = query.limit.unwrap_or(100).min(MAX_LIST);
    let entries = run(|| {
        let entries = desk.register.newest(limit)?;
        desk.note("list", OPERATOR, &entries)?;
        Ok(entries)
    })?;
    Ok(Json(entries.iter().map(view).collect()))
}

async fn show(State(desk): Shared, Path(number): Path<String>) -> Result<Json<PermitView>, Problem> {
    let number = parse_number(&number)?;
    let entry = run(|| {
        let entry = desk.register.find(&number)?;
        desk.note("show", OPERATOR, [&entry])?;
        Ok(entry)
    })?;
    Ok(Json(view(&entry)))
}

async fn issue_permit(
    State(desk): Shared,
    Json(request): Json<IssueRequest>,
) -> Result<OrderAnswer, Problem> {
    run(|| issue_order(&desk, &request, OPERATOR))
}

/// Issues an order that stands the check; one that was issued under its name already is answered with that permit.
pub(crate) fn issue_order(desk: &Desk, request: &IssueRequest, who: &str) -> anyhow::Result<OrderAnswer> {
    let named = request.named_order()?;
    if let Some(entry) = named.as_ref().map(|named| desk.register.issued_for(named)).transpose()?.flatten() {
        desk.note("issued-before", who, [&entry])?;
        return Ok(OrderAnswer::Done(Box::new(reply(desk, &entry, vec![])?)));
    }
    take_order(desk, request, |order| {
        let reason = (!request.overrides.is_empty()).then(|| override_note(request));
        let clock = desk.service.setting.clock;
        issue(order, named.as_ref(), reason.as_deref(), &desk.office, &desk.register, clock)
    })
}

async fn correct(
    State(desk): Shared,
    Path(number): Path<String>,
    Json(request): Json<IssueRequest>,
) -> Result<OrderAnswer, Problem> {
    let number = parse_number(&number)?;
    run(|| correct_order(&desk, &number, &request))
}

/// Issues the next version of a permit with an order's contents.
pub(crate) fn correct_order(
    desk: &Desk,
    number: &PermitNumber,
    request: &IssueRequest,
) -> anyhow::Result<OrderAnswer> {
    take_order(desk, request, |order| {
        let amendment = Amendment::Correct { order: Box::new(order.clone()) };
        change(desk, number, request.version, amendment, &override_note(request))
    })
}

async fn extend(
    State(desk): Shared,
    Path(number): Path<String>,
    Json(request): Json<AmendRequest>,
) -> Result<Json<PermitReply>, Problem> {
    let number = parse_number(&number)?;
    let amendment = Amendment::Extend { months: request.months };
    run(|| reply(&desk, &change(&desk, &number, request.version, amendment, &request.reason)?, vec![]))
        .map(Json)
}

async fn revoke(
    State(desk): Shared,
    Path(number): Path<String>,
    Json(request): Json<AmendRequest>,
) -> Result<Json<PermitReply>, Problem> {
    let number = parse_number(&number)?;
    run(|| {
        reply(&desk, &change(&desk, &number, request.version, Amendment::Revoke, &request.reason)?, vec![])
    })
    .map(Json)
}

async fn print(
    State(desk): Shared,
    Path(number): Path<String>,
    Json(request): Json<PrintRequest>,
) -> Result<Json<PermitReply>, Problem> {
    let number = parse_number(&number)?;
    run(|| {
        let clock = desk.service.setting.clock;
        let (entry, printed) =
            note_printed(&number, &request.copies, request.more, &desk.office, &desk.register, clock)?;
        desk.note("print", OPERATOR, [&entry])?;
        let mut reply = reply(&desk, &entry, vec![])?;
        reply.copies.retain(|copy| printed.contains(&copy.copy));
        Ok(reply)
    })
    .map(Json)
}

async fn sheets(
    State(desk): Shared,
    Path(number): Path<String>,
    Query(query): Query<SheetsQuery>,
) -> Result<Response, Problem> {
    let number = parse_number(&number)?;
    let bytes = run(|| {
        let entry = desk.register.find(&number)?;
        entry.with_people()?;
        desk.note("sheets", OPERATOR, [&entry])?;
        let older = match query.version.filter(|version| *version != entry.details.version) {
            Some(version) => {
                let known = desk.register.version(&entry, version)?;
                let number = format!("{number}, version {version}");
                Some(known.ok_or(DeskError::UnknownPermit { number })?)
            }
            None => None,
        };
        let of = older.as_ref().map_or(entry.details.copies, |details| details.copies);
        let languages = query.languages.as_deref().map(str::parse::<Languages>).transpose()?;
        let languages = languages.unwrap_or(desk.office.paper.languages);
        pdf_in(languages, &entry, older.as_ref(), &parse_copies(&query.copies, of)?, &desk.office)
    })?;
    Ok(([(CONTENT_TYPE, "application/pdf")], Bytes::from(bytes)).into_response())
}

async fn list_users(State(desk): Shared) -> Result<Json<Vec<UserView>>, Problem> {
    let users = run(|| desk.staff.users.all())?;
    Ok(Json(users.into_iter().map(UserView::of).collect()))
}

async fn add_user(State(desk): Shared, Json(request): Json<UserRequest>) -> Result<Json<UserView>, Problem> {
    let user = run(|| {
        let role = request.role.parse()?;
        let user = desk.staff.users.add(&request.name, role, &request.password, desk.now_ms())?;
        desk.staff.set_up.use_up(&desk.service.instance);
        Ok(user)
    })?;
    Ok(Json(UserView::of(user)))
}

async fn purge_permits(
    State(desk): Shared,
    Json(request): Json<PurgeRequest>,
) -> Result<Json<PurgeReply>, Problem> {
    request.permits.iter().try_for_each(|number| parse_number(number).map(drop))?;
    run(|| purge_asked(&request, &desk)).map(Json)
}

async fn list_look_ups(
    State(desk): Shared,
    Query(query): Query<LookUpQuery>,
) -> Result<Json<LookUps>, Problem> {
    let number = query.permit.as_deref().map(parse_number).transpose()?;
    let limit = query.limit.unwrap_or(100).min(MAX_LIST);
    run(|| lookups::list(&desk.register, number.as_ref(), limit)).map(Json)
}

/// Checks an order, and does `act` with it unless an error finding stands against it.
fn take_order(
    desk: &Desk,
    request: &IssueRequest,
    act: impl FnOnce(&propusk_permit::order::Order) -> anyhow::Result<Entry>,
) -> anyhow::Result<OrderAnswer> {
    if !request.overrides.is_empty() && request.reason.trim().is_empty() {
        return Err(DeskError::Missing { what: "why a finding is overridden", option: "--reason" }.into());
    }
    let setting = &desk.service.setting;
    let months = desk.office.config.max_total_months;
    let order = request.order.resolve(&desk.office.region, months, setting.clock.today())?;
    let findings = check(&order, &desk.office.region, setting);
    if findings.iter().any(|finding| refuses(finding, &request.overrides)) {
        let error = setting.say("order-refused", &NONE);
        let problem = Problem::refused("order-refused", error).body;
        return Ok(OrderAnswer::Refused(RefusedOrder { problem, findings }));
    }
    Ok(OrderAnswer::Done(Box::new(reply(desk, &act(&order)?, findings)?)))
}

/// A sentence without arguments.
const NONE: [(&str, String); 0] = [];

/// Changes a permit; `seen` is the version on which the clerk decided.
pub(crate) fn change(
    desk: &Desk,
    number: &PermitNumber,
    seen: Option<u8>,
    amendment: Amendment,
    reason: &str,
) -> anyhow::Result<Entry> {
    amend(number, seen, amendment, reason, &desk.office, &desk.register, desk.service.setting.clock)
}

fn override_note(request: &IssueRequest) -> String {
    if request.overrides.is_empty() {
        return request.reason.clone();
    }
    format!("{}: {}", request.overrides.join(", "), request.reason)
}

fn reply(desk: &Desk, entry: &Entry, findings: Vec<FindingRow>) -> anyhow::Result<PermitReply> {
    let all: Vec<u8> = (0..=entry.details.copies).collect();
    // A seal names people: there is none of a permit whose people are forgotten.
    let sealed = if entry.key.is_some() { seals(entry, &all, &desk.office)? } else { Vec::new() };
    let copies = sealed.into_iter().map(|(copy, sheets)| {
        let seals: Vec<String> = sheets.into_iter().map(|sheet| sheet.text).collect();
        CopyReply { copy, seal: seals.first().cloned().unwrap_or_default(), seals }
    });
    let permit = entry.permit()?;
    Ok(PermitReply {
        permit_number: permit.number.to_string(),
        permit_id: permit.id.to_string(),
        version: permit.version,
        valid_from: permit.contents.valid_from.to_string(),
        valid_to: permit.contents.valid_to.to_string(),
        zones: entry.details.zones.clone(),
        copies: copies.collect(),
        pdf: None,
        price: quote(&desk.office.region, permit.contents.zones.len()).ok(),
        findings,
    })
}

/// The permit as the clerk sees it.
pub(crate) fn view(entry: &Entry) -> PermitView {
    let details = &entry.details;
    let day = |day: propusk_proto::Day| {
        jiff::civil::Date::try_from(day).map_or_else(|_| day.0.to_string(), |date| date.to_string())
    };
    let number = details.number.parse::<PermitNumber>();
    PermitView {
        permit_number: number.map_or_else(|_| details.number.clone(), |number| number.to_string()),
        permit_id: details.id.to_string(),
        version: details.version,
        state: if details.revoked.is_some() { "revoked" } else { "issued" }.to_owned(),
        issued_on: day(details.issued_on),
        valid_from: day(details.valid_from),
        valid_to: day(details.valid_to),
        zones: details.zones.clone(),
        route: details.route.iter().map(|stop| stop.id().to_owned()).collect(),
        copies: details.copies,
        travellers: details.travellers.iter().map(traveller_view).collect(),
        group: entry.group,
        purged: entry.purged.as_ref().map(|purged| PurgeView {
            at: time(purged.at_ms),
            by: purged.by.clone(),
            reason: purged.why.clone(),
        }),
        history: entry.history.iter().map(history_view).collect(),
    }
}

fn traveller_view(traveller: &propusk_proto::details::TravellerDetails) -> TravellerView {
    let text = |value: &Option<String>| value.clone().unwrap_or_default();
    TravellerView {
        surname: text(&traveller.surname),
        given_names: text(&traveller.given_names),
        document_number: text(&traveller.document_number),
        nationality: text(&traveller.nationality),
    }
}

fn history_view(entry: &crate::register::HistoryEntry) -> HistoryView {
    let at = time(entry.at_ms);
    HistoryView { at, version: entry.version, what: entry.what.clone(), note: entry.note.clone() }
}

fn time(ms: i64) -> String {
    jiff::Timestamp::from_millisecond(ms).map(|at| at.to_string()).unwrap_or_default()
}

fn parse_number(typed: &str) -> Result<PermitNumber, Problem> {
    typed.parse().map_err(|error: propusk_permit::NumberError| {
        Problem::bad_request("permit-number", error.to_string())
    })
}

/// Runs blocking work outside the async scheduler; what the caller can mend is told to the caller.
fn run<T>(work: impl FnOnce() -> anyhow::Result<T>) -> Result<T, Problem> {
    block_in_place(work).map_err(problem)
}

/// What the caller is told of an error.
pub(crate) fn problem(error: anyhow::Error) -> Problem {
    let text = error.to_string();
    if let Some(error) = error.downcast_ref::<DeskError>() {
        return match error {
            DeskError::UnknownPermit { .. } => Problem::not_found("unknown-permit", text),
            DeskError::OrderReused { .. } | DeskError::Conflict { .. } => Problem::conflict("conflict", text),
            DeskError::Damaged { .. } | DeskError::KeyLost { .. } => Problem::internal(error),
            DeskError::Purged { .. } => Problem::new(StatusCode::GONE, "purged", text),
            _ => Problem::bad_request("order", text),
        };
    }
    if error.is::<PasswordError>() || error.is::<UserError>() || error.is::<UnknownRole>() {
        return Problem::refused("user", text);
    }
    if error.is::<OrderError>() || error.is::<UnknownLanguages>() {
        return Problem::bad_request("order", text);
    }
    if error.is::<TransitionError>()
        || error.is::<propusk_seal::Overreach>()
        || error.is::<propusk_seal::ProfileError>()
        || error.is::<propusk_passport::PrintError>()
        || error.is::<crate::paper::PaperError>()
    {
        return Problem::refused("not-allowed", text);
    }
    Problem::internal(&*Box::<dyn std::error::Error>::from(error))
}

#[cfg(test)]
mod tests {
    /// Every route in the source stands in the description, and the other way round.
    #[test]
    fn the_description_names_exactly_the_routes() {
        let described: serde_json::Value = serde_json::from_str(include_str!("../openapi.json")).unwrap();
        let mut described: Vec<&str> =
            described["paths"].as_object().unwrap().keys().map(String::as_str).collect();
        let source = include_str!("api.rs");
        let mut routed: Vec<&str> = source
            .split(".route(\"")
            .skip(1)
            .filter_map(|rest| rest.split('"').next())
            .filter(|path| path.starts_with("/v1/"))
            .collect();
        described.sort_unstable();
        routed.sort_unstable();
        assert_eq!(described, routed);
    }
}
