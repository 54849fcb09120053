//! `/check/seal`: what the code on a sheet says, whether it is genuine, whether it is for this passport, and what the
//! soldiers' handhelds will show for both.

use std::net::SocketAddr;

use askama::Template;
use axum::extract::{ConnectInfo, State};
use axum::http::StatusCode;
use axum::http::header::RETRY_AFTER;
use axum::response::{IntoResponse, Response};
use propusk_boot::http::Problem;
use propusk_boot::pages::{Fields, Frame, Page};
use propusk_passport::{Rules, beside, compare, read_mrz};
use propusk_region::ZoneMask;
use propusk_seal::{MAX_TEXT_BYTES, PermitSeal, Status, verify_scan};
use tokio::task::block_in_place;

use super::input::{Form, Input, Wrong};
use super::rehearsal::Told;
use super::scan::{self, Scan};
use super::side_by_side::{self, Row};
use super::{Place, SEAL, Shared, lines};
use crate::api::{self, Refusal};
use crate::on_record;
use crate::permits::{self, PermitReport};
use crate::rehearsal::{Record, Sheet};
use crate::service::Verify;
use crate::trip_names::Names;
use crate::trust::Trust;

#[derive(Template)]
#[template(path = "check_seal.html")]
struct Seal {
    frame: Frame,
    place: Place,
    scan: Scan,
    seal: Input,
    mrz: Input,
    /// What is wrong and belongs to no single field.
    wrong: Option<String>,
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
    rehearsal: Option<Told>,
}

/// A code that was read, with the passport's lines.
struct Read<'a> {
    code: &'a str,
    mrz: &'a [String],
    trust: Trust,
    is_stale: bool,
    status: Status,
    permit: Option<PermitSeal>,
}

/// The empty form.
pub(super) async fn form(frame: Frame) -> impl IntoResponse {
    (scan::policy(), Page(Seal::new(frame, &Fields::default(), &[], None)))
}

/// What the code says; with a passport also whether it is its holder's, and what the handhelds will show.
pub(super) async fn answer(
    State(verify): Shared,
    ConnectInfo(address): ConnectInfo<SocketAddr>,
    frame: Frame,
    typed: Fields,
) -> Response {
    let frame = frame.at(SEAL);
    let refused = |status: StatusCode, field: &str, text: String| {
        let wrong = [Wrong { field: field.to_owned(), text }];
        let page = Seal::new(frame.clone(), &typed, &wrong, None);
        (status, scan::policy(), Page(page)).into_response()
    };
    let mend = |field: &str, id: &str| refused(StatusCode::BAD_REQUEST, field, frame.say(id));
    // Whoever types it may break its lines.
    let code: String = typed.raw("seal").split_whitespace().collect();
    let mrz = lines(typed.raw("mrz"));
    if code.is_empty() {
        return mend("seal", "check-seal-needed");
    }
    if code.len() > MAX_TEXT_BYTES {
        return mend("seal", "check-seal-too-long");
    }
    if api::check_sizes(&mrz, &[]).is_err() {
        return mend("mrz", "check-too-long");
    }
    let read = match block_in_place(|| Read::of(&code, &mrz, &verify)) {
        Ok(read) => read,
        Err(error) => return Problem::fault(error).into_response(),
    };
    let record = match (&read.permit, mrz.is_empty()) {
        (Some(permit), false) => {
            let passport = read_mrz(&mrz, verify.today());
            on_record::ask(&verify, address.ip(), permit, read.status == Status::Valid, &passport).await
        }
        _ => Ok(Record::Withheld),
    };
    match record {
        Ok(record) => {
            let answer = block_in_place(|| Answer::of(&read, &record, &verify, &frame));
            (scan::policy(), Page(Seal::new(frame, &typed, &[], Some(answer)))).into_response()
        }
        Err(Refusal::TooOften(often)) => {
            let mut response = refused(StatusCode::TOO_MANY_REQUESTS, "", often.text(frame.language));
            response.headers_mut().insert(RETRY_AFTER, often.header());
            response
        }
        Err(Refusal::Problem(problem)) => problem.into_response(),
    }
}

impl Seal {
    fn new(frame: Frame, typed: &Fields, wrong: &[Wrong], answer: Option<Answer>) -> Self {
        let form = Form { frame: &frame, typed, wrong };
        let seal = Input { kind: "mrz", ..form.hinted("seal", "check-seal-text", "check-seal-hint") };
        let mrz = Input { label: frame.say("check-seal-mrz"), ..form.mrz() };
        let general = wrong.iter().find(|wrong| wrong.field.is_empty()).map(|wrong| wrong.text.clone());
        Self {
            seal,
            mrz,
            place: Place { here: SEAL },
            scan: Scan::into_field("seal"),
            wrong: general,
            frame,
            answer,
        }
    }
}

impl<'a> Read<'a> {
    fn of(code: &'a str, mrz: &'a [String], verify: &Verify) -> anyhow::Result<Self> {
        let (trust, is_stale) = verify.trusted()?;
        let verification = verify_scan(code.as_bytes(), &trust, verify.today());
        let permit = verification.seal.as_ref().and_then(|seal| PermitSeal::from_seal(seal).ok());
        Ok(Self { code, mrz, trust, is_stale, status: verification.status, permit })
    }

    /// The passport beside the traveller of the sheet who is nearest to it; the report, and the rows.
    fn compared(&self, record: &Record, verify: &Verify, frame: &Frame) -> Option<(PermitReport, Vec<Row>)> {
        let permit = self.permit.as_ref().filter(|_| !self.mrz.is_empty())?;
        let (code, language) = (self.code.as_bytes(), frame.language);
        let mut report =
            permits::check_sealed(code, &self.trust, self.mrz, &verify.region, verify.today(), language);
        if let Record::Known(known) = record {
            let superseded = permit.version < known.status.version;
            report.add_record(known.revoked_at_ms.is_some(), superseded, language);
        }
        Some((report, rows(permit, self.mrz, verify, frame)))
    }

    fn rehearsed(&self, record: &Record, verify: &Verify, frame: &Frame) -> Option<Told> {
        let permit = self.permit.as_ref().filter(|_| !self.mrz.is_empty())?;
        let (region, today) = (&verify.region, verify.today());
        let sheet = Sheet { code: self.code, mrz: self.mrz, record, trust: &self.trust, region, today };
        Some(Told::of(&sheet.rehearse()?, permit, record, region, today, frame))
    }
}

impl Answer {
    fn of(read: &Read<'_>, record: &Record, verify: &Verify, frame: &Frame) -> Self {
        let word = read.status.as_str().to_lowercase().replace('_', "-");
        let (report, rows) = read.compared(record, verify, frame).unzip();
        Self {
            is_valid: read.status == Status::Valid,
            status: frame.say(&format!("seal-{word}")),
            is_stale: read.is_stale,
            facts: read.permit.as_ref().map(|permit| facts(permit, verify, frame)).unwrap_or_default(),
            report,
            rows: rows.unwrap_or_default(),
            rehearsal: read.rehearsed(record, verify, frame),
        }
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
