//! The recorder's HTTP API: questions behind the operator's token, enrolment behind a one-time code. `openapi.json`
//! describes it.

use std::net::SocketAddr;
use std::sync::Arc;

use anyhow::Context;
use axum::extract::{ConnectInfo, Path, Query, State};
use axum::http::StatusCode;
use axum::routing::{get, post};
use axum::{Json, Router};
use data_encoding::{BASE64, HEXLOWER};
use propusk_boot::http::{JsonObject, Problem, Token, description_route, require_token};
use propusk_boot::random;
use propusk_boot::skeleton::BrokerAddress;
use propusk_permit::PermitNumber;
use propusk_proto::enrolment::{EnrolmentReply, EnrolmentRequest};
use propusk_proto::{AlertKind, DeviceId};
use serde::{Deserialize, Serialize};
use tokio::task::block_in_place;
use uuid::Uuid;

use crate::RecorderError;
use crate::audit::{self, Audit};
use crate::carried::{Brought, incoming};
use crate::inside::{Inside, inside};
use crate::lookups::{LookUps, OPERATOR};
use crate::purge::{PurgeReply, PurgeRequest, purge};
use crate::questions::{self, AlertRow, DeviceRow, QuarantineRow, Row, WhichAlerts};
use crate::service::Recorder;
use crate::upkeep::{self, BackupReply};
use crate::values::Acknowledgement;
use crate::{alerts, devices, lookups, pages, phone, sync, users};

/// The description that the recorder serves of its API; a test holds it against the routes.
const DESCRIPTION: &str = include_str!("../openapi.json");
/// Most rows of one list.
const MAX_ROWS: usize = 1000;

type Shared = State<Arc<Recorder>>;
type Answer<T> = Result<Json<T>, Problem>;

/// What `show` answers.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Story {
    pub permit_number: String,
    pub hand_ins: Vec<Row>,
    pub alerts: Vec<AlertRow>,
}

/// `POST /v1/enrolment-codes`.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct CodeRequest {
    pub post: String,
}

/// The one-time code.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct CodeReply {
    pub code: String,
    pub post: String,
    pub minutes: u32,
}

/// `POST /v1/parcels`: a device's parcel out of a driver's bundle, in Base64.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct ParcelRequest {
    pub parcel: String,
}

/// What goes back to the device, in Base64.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct ParcelReply {
    pub device: String,
    pub hand_ins: usize,
    #[serde(rename = "return")]
    pub back: String,
}

/// `POST /v1/alerts/{id}/acknowledgements`.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct AcknowledgeRequest {
    /// Who has seen to it: 1 to 60 characters.
    pub by: String,
    /// What came of it: at most 400 characters, no traveller's data.
    #[serde(default)]
    pub note: String,
}

impl AcknowledgeRequest {
    /// The acknowledgement, where who and note keep to their limits.
    pub(crate) fn check(self, at_ms: i64) -> Result<Acknowledgement, Problem> {
        let (by, note) = (self.by.trim().to_owned(), self.note.trim().to_owned());
        if !(1..=60).contains(&by.chars().count()) {
            return Err(Problem::bad_request("acknowledge-by", "say who has seen to it: 1 to 60 characters"));
        }
        if note.chars().count() > 400 {
            return Err(Problem::bad_request("acknowledge-note", "the note has at most 400 characters"));
        }
        Ok(Acknowledgement { at_ms, by, note })
    }
}

#[derive(Deserialize)]
struct ListQuery {
    post: Option<String>,
    limit: Option<u32>,
}

#[derive(Deserialize)]
struct PermitQuery {
    permit: Option<String>,
}

#[derive(Deserialize)]
struct InsideQuery {
    zone: Option<String>,
}

/// Serves the API until the shutdown.
pub(crate) async fn serve(recorder: Arc<Recorder>) -> anyhow::Result<()> {
    let token = Token::draw()?;
    let operator = Router::new()
        .route("/v1/permits/{number}", get(show))
        .route("/v1/hand-ins", get(list))
        .route("/v1/inside", get(who_is_inside))
        .route("/v1/alerts", get(list_alerts))
        .route("/v1/alerts/{id}/acknowledgements", post(acknowledge))
        .route("/v1/quarantine", get(list_quarantine))
        .route("/v1/audit", get(run_audit))
        .route("/v1/backups", post(back_up))
        .route("/v1/purges", post(purge_old))
        .route("/v1/parcels", post(take_parcel))
        .route("/v1/devices", get(list_devices))
        .route("/v1/devices/{device}/revocations", post(revoke_device))
        .route("/v1/look-ups", get(list_look_ups))
        .route("/v1/enrolment-codes", post(make_code))
        .merge(users::routes());
    let anybody = Router::new().route("/v1/enrolments", post(enrol));
    let router = require_token(operator.with_state(recorder.clone()), token.clone())
        .merge(anybody.with_state(recorder.clone()))
        .merge(description_route(DESCRIPTION))
        .merge(pages::router(&recorder))
        .merge(phone::router(recorder.clone()));
    Ok(recorder.service.serve(&recorder.config.listen, router, Some(token)).await?)
}

async fn show(State(recorder): Shared, Path(number): Path<String>) -> Answer<Story> {
    let number: PermitNumber =
        number.parse().map_err(|e| Problem::bad_request("permit-number", format!("{e}")))?;
    read(|| lookups::note(&recorder.work, OPERATOR, &number, recorder.now_ms()))?;
    let hand_ins = read(|| questions::of_permit(&recorder.store, &number))?;
    let permit_number = number.to_string();
    let alerts = read(|| questions::alerts_of(&recorder.store, &number))?;
    Ok(Json(Story { permit_number, hand_ins, alerts }))
}

async fn list(State(recorder): Shared, Query(query): Query<ListQuery>) -> Answer<Vec<Row>> {
    let limit = query.limit.map_or(100, |limit| usize::try_from(limit).unwrap_or(MAX_ROWS)).min(MAX_ROWS);
    let rows = read(|| match &query.post {
        Some(post) => questions::of_post(&recorder.store, post, limit),
        None => questions::newest(&recorder.store, limit),
    })?;
    Ok(Json(rows))
}

async fn who_is_inside(State(recorder): Shared, Query(query): Query<InsideQuery>) -> Answer<Vec<Inside>> {
    let zone = match query.zone.as_deref().map(|typed| recorder.region.zone(typed)) {
        None => None,
        Some(Ok(zone)) => Some(zone.id.to_string()),
        Some(Err(unknown)) => return Err(Problem::bad_request("unknown-zone", unknown.to_string())),
    };
    let today = recorder.service.setting.clock.today();
    Ok(Json(read(|| inside(&recorder.store, &recorder.ledger.zones, zone.as_deref(), today))?))
}

async fn list_alerts(State(recorder): Shared, Query(which): Query<WhichAlerts>) -> Answer<Vec<AlertRow>> {
    if let Some(kind) = &which.kind
        && !AlertKind::ALL.iter().any(|known| known.as_str() == kind)
    {
        let known: Vec<&str> = AlertKind::ALL.iter().map(|kind| kind.as_str()).collect();
        let message = format!("“{kind}” is no kind of alert; there are {}", known.join(", "));
        return Err(Problem::bad_request("alert-kind", message));
    }
    Ok(Json(read(|| questions::alerts(&recorder.store, &which))?))
}

async fn acknowledge(
    State(recorder): Shared,
    Path(id): Path<String>,
    JsonObject(request): JsonObject<AcknowledgeRequest>,
) -> Answer<AlertRow> {
    let id: Uuid = id.parse().map_err(|_| {
        Problem::bad_request("alert-id", format!("“{id}” is no alert's id, as `alerts` prints it"))
    })?;
    let by = request.check(recorder.now_ms())?;
    match read(|| alerts::acknowledge(&recorder.store, id, by))? {
        Some(stored) => Ok(Json(questions::alert_row(stored))),
        None => Err(Problem::not_found("unknown-alert", format!("there is no alert {id}"))),
    }
}

async fn list_look_ups(State(recorder): Shared, Query(query): Query<PermitQuery>) -> Answer<LookUps> {
    let number = query.permit.map(|typed| typed.parse::<PermitNumber>()).transpose();
    let number = number.map_err(|error| Problem::bad_request("permit-number", error.to_string()))?;
    Ok(Json(read(|| lookups::list(&recorder.work, number.as_ref()))?))
}

async fn list_quarantine(State(recorder): Shared) -> Answer<Vec<QuarantineRow>> {
    Ok(Json(read(|| questions::quarantine(&recorder.store))?))
}

async fn run_audit(State(recorder): Shared) -> Answer<Audit> {
    let audited = || {
        let audit = recorder.ledger.audit()?;
        audit::last::keep(&recorder.store, &audit, recorder.now_ms())?;
        Ok(audit)
    };
    Ok(Json(read(audited)?))
}

async fn back_up(State(recorder): Shared) -> Answer<BackupReply> {
    let backup = || {
        let folder = recorder.service.instance.folder(upkeep::BACKUPS)?;
        upkeep::back_up(&recorder.store, &folder, recorder.now_ms())
    };
    Ok(Json(read(backup)?))
}

async fn purge_old(
    State(recorder): Shared,
    JsonObject(request): JsonObject<PurgeRequest>,
) -> Answer<PurgeReply> {
    let days = request.older_than_days.unwrap_or(recorder.config.keep_quarantine_days);
    Ok(Json(read(|| purge(&recorder.store, days, request.dry_run, recorder.now_ms()))?))
}

async fn take_parcel(
    State(recorder): Shared,
    JsonObject(request): JsonObject<ParcelRequest>,
) -> Answer<ParcelReply> {
    let framed = BASE64
        .decode(request.parcel.as_bytes())
        .map_err(|error| Problem::bad_request("parcel", format!("the parcel is not Base64: {error}")))?;
    let (brought, back) = take(&recorder, &framed)?;
    let (device, hand_ins) = (brought.device().to_string(), brought.hand_ins().len());
    tracing::info!(device, hand_ins, "A driver has brought a parcel.");
    Ok(Json(ParcelReply { device, hand_ins, back: BASE64.encode(&back) }))
}

/// Records a parcel, and gives what goes back to its device.
pub(crate) fn take(recorder: &Recorder, framed: &[u8]) -> Result<(Brought, Vec<u8>), Problem> {
    block_in_place(|| record(recorder, framed)).map_err(|error| match error.downcast_ref::<RecorderError>() {
        Some(RecorderError::NotAParcel { .. }) => Problem::bad_request("parcel", error.to_string()),
        _ => Problem::fault(error),
    })
}

/// Records a parcel's hand-ins as the broker's are: on disk first, then receipts.
fn record(recorder: &Recorder, framed: &[u8]) -> anyhow::Result<(Brought, Vec<u8>)> {
    let (ledger, now_ms) = (&recorder.ledger, recorder.now_ms());
    let brought = ledger.open_parcel(framed)?;
    let examined = ledger.examine(incoming(brought.hand_ins()))?;
    let recorded = ledger.record(&examined, now_ms, || {})?;
    let random = || Ok(u64::from_be_bytes(random::bytes()?));
    let back = ledger.give_back(&brought, recorded, now_ms, random)?;
    Ok((brought, back))
}

async fn list_devices(State(recorder): Shared) -> Answer<Vec<DeviceRow>> {
    let all = read(|| devices::all(&recorder.store))?;
    Ok(Json(all.iter().map(|(device, record)| questions::device_row(device, record)).collect()))
}

async fn revoke_device(State(recorder): Shared, Path(device): Path<String>) -> Answer<DeviceRow> {
    let device =
        DeviceId::parse(&device).map_err(|error| Problem::bad_request("device", error.to_string()))?;
    let revoked = read(|| devices::revoke(&recorder.store, &device, recorder.now_ms()))?;
    let Some(record) = revoked else {
        return Err(Problem::not_found("unknown-device", format!("no device {device} is enrolled here")));
    };
    admit_devices(&recorder)?;
    tracing::info!(%device, "A device was revoked.");
    Ok(Json(questions::device_row(&device, &record)))
}

/// Writes the list of whom the broker lets in; whoever runs the broker reloads it.
fn admit_devices(recorder: &Recorder) -> Result<(), Problem> {
    let _one_at_a_time = recorder.admitting.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
    read(|| devices::write_devices(&recorder.store, &recorder.service.instance.folder("nats")?))
}

async fn make_code(
    State(recorder): Shared,
    JsonObject(request): JsonObject<CodeRequest>,
) -> Answer<CodeReply> {
    let post = match recorder.region.post(&request.post) {
        Ok(checkpoint) => checkpoint.id.to_string(),
        Err(unknown) => return Err(Problem::bad_request("unknown-post", unknown.to_string())),
    };
    let minutes = recorder.config.enrolment_code_minutes;
    let code = read(|| devices::make_code(&recorder.store, &post, minutes, recorder.now_ms()))?;
    Ok(Json(CodeReply { code, post, minutes }))
}

async fn enrol(
    State(recorder): Shared,
    ConnectInfo(address): ConnectInfo<SocketAddr>,
    JsonObject(request): JsonObject<EnrolmentRequest>,
) -> Answer<EnrolmentReply> {
    if !recorder.attempts.may_try(address.ip()) {
        let why =
            "too many codes were tried from this address; wait a while, then ask the operator for a new one";
        return Err(Problem::too_many("too-many-attempts", why));
    }
    let Some(trust_list) = read(|| sync::trust_list(&recorder.store))? else {
        let why = "the recorder has no trust list yet; try again in a moment";
        return Err(Problem::unavailable("no-trust-list", why));
    };
    if !propusk_courier::is_user_key(&request.public_key) {
        return Err(Problem::bad_request("public-key", "the device's key is not a public user nkey (U…)"));
    }
    let enrolled =
        read(|| devices::enrol(&recorder.store, &request.code, &request.public_key, recorder.now_ms()))?;
    let Some((device, post)) = enrolled else {
        let why = "this code is not good: mistyped, used already, or too old; ask the operator for a new one";
        return Err(Problem::new(StatusCode::FORBIDDEN, "enrolment-code", why));
    };
    admit_devices(&recorder)?;
    tracing::info!(%device, post, "A device was enrolled.");
    Ok(Json(EnrolmentReply {
        device: device.to_string(),
        post,
        nats_url: recorder.broker.url.clone(),
        shards: recorder.config.shards,
        recorder_key: recorder.key.public_key(),
        root_key: HEXLOWER.encode(&recorder.root.to_sec1()),
        trust_list: BASE64.encode(&trust_list),
        time_ms: recorder.now_ms(),
        broker_ca: broker_ca(&recorder.broker)?,
    }))
}

/// What a device needs to know the broker again by, where the system's list does not tell it.
fn broker_ca(broker: &BrokerAddress) -> Result<Option<String>, Problem> {
    let Some(path) = &broker.ca_file else { return Ok(None) };
    let text = || std::fs::read_to_string(path).with_context(|| format!("{} can't be read", path.display()));
    read(text).map(Some)
}

/// Store reads block: they run outside the async scheduler, and their failure is logged once, here.
fn read<T>(question: impl FnOnce() -> anyhow::Result<T>) -> Result<T, Problem> {
    block_in_place(question).map_err(Problem::fault)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use serde_json::Value;

    use super::*;

    /// `.route("path", get(…).post(…))` of a source, as methods with paths.
    fn routes(source: &str) -> impl Iterator<Item = (String, String)> {
        source.split(".route(\"/v1/").skip(1).flat_map(|rest| {
            let (path, rest) = rest.split_once("\", ").unwrap();
            let handlers = rest.lines().next().unwrap();
            let methods =
                ["get", "post"].into_iter().filter(|method| handlers.contains(&format!("{method}(")));
            let path = format!("/v1/{path}");
            methods.map(move |method| (method.to_owned(), path.clone())).collect::<Vec<_>>()
        })
    }

    #[test]
    fn the_description_names_exactly_the_routes_and_the_kinds_of_alerts() {
        let description: Value = serde_json::from_str(DESCRIPTION).unwrap();
        let mut described = BTreeSet::new();
        for (path, methods) in description["paths"].as_object().unwrap() {
            let methods = methods.as_object().unwrap().keys().filter(|key| *key != "parameters");
            described.extend(methods.map(|method| (method.clone(), path.clone())));
        }
        assert!(described.remove(&("get".to_owned(), "/v1/openapi.json".to_owned())));
        let sources = [include_str!("api.rs"), include_str!("users.rs")];
        // This test's own text begins with its module.
        let sources = sources.map(|source| source.split("#[cfg(test)]").next().unwrap());
        let routed: BTreeSet<_> = sources.into_iter().flat_map(routes).collect();
        assert!(routed.len() > 15, "{routed:?}");
        assert_eq!(described, routed);
        let kinds = &description["components"]["schemas"]["Alert"]["properties"]["kind"]["enum"];
        let kinds: BTreeSet<&str> =
            kinds.as_array().unwrap().iter().map(|kind| kind.as_str().unwrap()).collect();
        assert_eq!(kinds, AlertKind::ALL.iter().map(|kind| kind.as_str()).collect());
    }
}
