//! `/check/seal`: what the code on a sheet says, whether it is genuine, and whether it is for this passport.

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use propusk_boot::pages::{Asset, Fields, Frame, Page, Policy};
use propusk_passport::{Rules, beside, compare, read_mrz};
use propusk_region::ZoneMask;
use propusk_seal::{MAX_TEXT_BYTES, PermitSeal, Status, verify_scan};
use tokio::task::block_in_place;

use super::input::{Form, Input, Wrong};
use super::side_by_side::{self, Row};
use super::{Place, SEAL, Shared, lines};
use crate::api;
use crate::permits::{self, PermitReport};
use crate::service::Verify;
use crate::trip_names::Names;

/// Reads a code with the camera, where the browser can.
pub(super) static CAMERA: Asset = Asset::new("camera.js", include_bytes!("../../assets/camera.js"));

#[derive(Template)]
#[template(path = "check_seal.html")]
struct Seal {
    frame: Frame,
    place: Place,
    seal: Input,
    mrz: Input,
    answer: Option<Answer>,
}

struct Answer {
    is_valid: bool,
    /// The sentence of the status.
    status: String,
    /// The trust list is too old to rely on.
    is_stale: bool,
    /// What the seal says, by name.
    facts: Vec<(String, String)>,
    /// The passport beside the traveller of the sheet who is nearest to it.
    report: Option<PermitReport>,
    rows: Vec<Row>,
}

/// The empty form.
pub(super) async fn form(frame: Frame) -> impl IntoResponse {
    (policy(), Page(Seal::new(frame, &Fields::default(), &[], None)))
}

/// What the code says.
pub(super) async fn answer(State(verify): Shared, frame: Frame, typed: Fields) -> Response {
    let frame = frame.at(SEAL);
    let refused = |field: &str, sentence: &str| {
        let wrong = [Wrong { field: field.to_owned(), text: frame.say(sentence) }];
        let page = Seal::new(frame.clone(), &typed, &wrong, None);
        (StatusCode::BAD_REQUEST, policy(), Page(page)).into_response()
    };
    // Whoever types it may break its lines.
    let scanned: String = typed.raw("seal").split_whitespace().collect();
    let mrz = lines(typed.raw("mrz"));
    if scanned.is_empty() {
        return refused("seal", "check-seal-needed");
    }
    if scanned.len() > MAX_TEXT_BYTES {
        return refused("seal", "check-seal-too-long");
    }
    if api::check_sizes(&mrz, &[]).is_err() {
        return refused("mrz", "check-too-long");
    }
    match block_in_place(|| Answer::of(&scanned, &mrz, &verify, &frame)) {
        Ok(answer) => (policy(), Page(Seal::new(frame, &typed, &[], Some(answer)))).into_response(),
        Err(error) => api::internal(error).into_response(),
    }
}

fn policy() -> Policy {
    Policy::strict().with_camera()
}

impl Seal {
    fn new(frame: Frame, typed: &Fields, wrong: &[Wrong], answer: Option<Answer>) -> Self {
        let form = Form { frame: &frame, typed, wrong };
        let seal = Input { kind: "mrz", ..form.hinted("seal", "check-seal-text", "check-seal-hint") };
        let mrz = Input { label: frame.say("check-seal-mrz"), ..form.mrz() };
        Self { seal, mrz, place: Place { here: SEAL }, frame, answer }
    }

    fn camera(&self) -> &'static str {
        CAMERA.path()
    }
}

impl Answer {
    fn of(scanned: &str, mrz: &[String], verify: &Verify, frame: &Frame) -> anyhow::Result<Self> {
        let (trust, is_stale) = verify.trusted()?;
        let (today, language) = (verify.today(), frame.language);
        let verification = verify_scan(scanned.as_bytes(), &trust, today);
        let permit = verification.seal.as_ref().and_then(|seal| PermitSeal::from_seal(seal).ok());
        let word = verification.status.as_str().to_lowercase().replace('_', "-");
        let compared = permit.as_ref().filter(|_| !mrz.is_empty());
        let report = compared
            .map(|_| permits::check_sealed(scanned.as_bytes(), &trust, mrz, &verify.region, today, language));
        Ok(Self {
            is_valid: verification.status == Status::Valid,
            status: frame.say(&format!("seal-{word}")),
            is_stale,
            facts: permit.as_ref().map(|permit| facts(permit, verify, frame)).unwrap_or_default(),
            rows: compared.map(|permit| rows(permit, mrz, verify, frame)).unwrap_or_default(),
            report,
        })
    }
}

/// What a permit's seal says, by name.
fn facts(permit: &PermitSeal, verify: &Verify, frame: &Frame) -> Vec<(String, String)> {
    let names = Names { region: &verify.region, language: frame.language };
    let zones = verify.region.zones_of(ZoneMask(permit.zones.0));
    let zones: Vec<String> = zones.iter().map(ToString::to_string).collect();
    let lead = read_mrz(permit.lead_mrz.lines(), verify.today());
    let copy = match permit.copy {
        0 => frame.say("check-seal-original"),
        copy => frame.tell("check-seal-copy", &[("k", copy.to_string()), ("n", permit.copies.to_string())]),
    };
    let number = permit.permit_number.parse::<propusk_permit::PermitNumber>();
    [
        ("check-number", number.map_or_else(|_| permit.permit_number.clone(), |number| number.to_string())),
        ("check-version", permit.version.to_string()),
        ("check-seal-sheet", copy),
        ("check-days", format!("{} – {}", permit.valid_from, permit.valid_to)),
        ("check-zones", names.readable("zones", &zones.join(", "))),
        ("check-seal-lead", format!("{} {} · {}", lead.surname, lead.given_names, lead.document_number)),
        ("check-seal-group", permit.group_size.to_string()),
        ("check-seal-office", permit.issuing_office.clone()),
    ]
    .map(|(id, value)| (frame.say(id), value))
    .into()
}

/// The passport beside the traveller of the sheet who is nearest to it; nothing where nobody is near.
fn rows(permit: &PermitSeal, mrz: &[String], verify: &Verify, frame: &Frame) -> Vec<Row> {
    let today = verify.today();
    let passport = read_mrz(mrz, today);
    let Some((_, person)) = permits::nearest(permit, &passport, today) else { return Vec::new() };
    let found =
        compare(&person, &passport, &Rules { today: Some(today), valid_through: Some(permit.valid_to) });
    side_by_side::whole(beside(&person, &passport.person(), &found), frame)
}
