//! `/check`: does my permit say the same as my passport?

use std::net::SocketAddr;

use askama::Template;
use axum::extract::{ConnectInfo, State};
use axum::http::StatusCode;
use axum::http::header::RETRY_AFTER;
use axum::response::{IntoResponse, Response};
use propusk_boot::pages::{Fields, Frame, Page};
use propusk_passport::Person;

use super::input::{Form, Input, Wrong};
use super::rehearsal::number_in;
use super::scan::{self, Scan};
use super::side_by_side::{self, Row};
use super::{CHECK, Place, Shared, lines};
use crate::api::{self, PermitQuestion, Refusal, Unasked};
use crate::permits::PermitReport;
use crate::service::Verify;
use crate::trip_names::Names;

/// What proves who asks; one of them is enough.
const PROOFS: [&str; 3] = ["birth_date", "surname", "document_number"];
/// What is compared besides, where the MRZ is not given.
const OTHERS: [&str; 4] = ["given_names", "nationality", "sex", "expiry_date"];

#[derive(Template)]
#[template(path = "check.html")]
struct Check {
    frame: Frame,
    place: Place,
    scan: Scan,
    /// The code that was read for the number; empty where the number was typed.
    code: String,
    /// The passport's lines, for the rehearsal of the code.
    own_mrz: String,
    number: Input,
    version: Input,
    proofs: Vec<Input>,
    mrz: Input,
    others: Vec<Input>,
    /// Whether the second half of the form is open.
    whole: bool,
    /// What is wrong and belongs to no single field.
    wrong: Option<String>,
    answer: Option<Answer>,
}

/// What is told of a permit.
struct Answer {
    report: PermitReport,
    rows: Vec<Row>,
    zones: String,
    /// The agency's telephone, where the agency is this machine's own.
    phone: String,
}

/// The empty form.
pub(super) async fn form(frame: Frame) -> impl IntoResponse {
    (scan::policy(), Page(Check::new(frame, &Fields::default(), None, None)))
}

/// The form's answer, above the form as it was filled in.
pub(super) async fn answer(
    State(verify): Shared,
    ConnectInfo(address): ConnectInfo<SocketAddr>,
    frame: Frame,
    typed: Fields,
) -> Response {
    let frame = frame.at(CHECK);
    let (typed, was_read) = with_number(typed);
    let language = frame.language;
    let refused = |status, wrong| {
        let page = Check::new(frame.clone(), &typed, Some(wrong), None);
        (status, scan::policy(), Page(page)).into_response()
    };
    // A code alone proves nothing, and nothing is wrong with it: now the asker knows where to go on.
    if was_read && !proves(&typed) {
        return (scan::policy(), Page(Check::new(frame, &typed, None, None))).into_response();
    }
    let question = match question(&typed, &frame) {
        Ok(question) => question,
        Err(wrong) => return refused(StatusCode::BAD_REQUEST, wrong),
    };
    let own = match api::asked(&question, &verify, language) {
        Ok(asked) => asked.person(),
        Err(unasked) => return refused(StatusCode::BAD_REQUEST, Wrong::of(unasked, &frame)),
    };
    match api::permit_answer(&verify, address.ip(), &question, language).await {
        Ok(report) => {
            let answer = Answer::of(report, &own, &verify, &frame);
            (scan::policy(), Page(Check::new(frame, &typed, None, Some(answer)))).into_response()
        }
        Err(Refusal::TooOften(often)) => {
            let wrong = Wrong { field: String::new(), text: often.text(language) };
            let mut response = refused(StatusCode::TOO_MANY_REQUESTS, wrong);
            response.headers_mut().insert(RETRY_AFTER, often.header());
            response
        }
        Err(Refusal::Problem(problem)) if problem.status.is_server_error() => problem.into_response(),
        Err(Refusal::Problem(problem)) => {
            let wrong = match problem.body.code.as_str() {
                "permit-number" => {
                    Wrong { field: "permit_number".to_owned(), text: frame.say("check-number-wrong") }
                }
                _ => Wrong { field: String::new(), text: problem.body.detail },
            };
            refused(problem.status, wrong)
        }
    }
}

/// Where the code of a sheet was given for the number: the number and the version that stand in it, the code beside them,
/// and whether that was so.
fn with_number(mut typed: Fields) -> (Fields, bool) {
    let code: String = typed.raw("permit_number").split_whitespace().collect();
    let Some((number, version)) = number_in(&code) else { return (typed, false) };
    typed.0.retain(|(name, _)| !matches!(name.as_str(), "permit_number" | "version" | "code"));
    let read = [("permit_number", number.to_string()), ("version", version.to_string()), ("code", code)];
    typed.0.extend(read.map(|(name, value)| (name.to_owned(), value)));
    (typed, true)
}

/// The code that was read, while the number beside it is still its own.
fn code_of(typed: &Fields) -> String {
    let code = typed.get("code");
    let number = typed.get("permit_number").parse().ok();
    let is_its = number_in(code).is_some_and(|(own, _)| Some(own) == number);
    if is_its { code.to_owned() } else { String::new() }
}

/// Whether anything was given that may prove who asks.
fn proves(typed: &Fields) -> bool {
    PROOFS.iter().chain(&["mrz"]).any(|name| typed.said(name).is_some())
}

/// The form as the API's question.
fn question(typed: &Fields, frame: &Frame) -> Result<PermitQuestion, Wrong> {
    let version = typed.said("version").map(|version| version.parse()).transpose();
    let version =
        version.map_err(|_| Wrong { field: "version".to_owned(), text: frame.say("check-version-wrong") })?;
    let mrz = lines(typed.raw("mrz"));
    Ok(PermitQuestion {
        permit_number: typed.get("permit_number").to_owned(),
        version,
        surname: typed.said("surname"),
        given_names: typed.said("given_names"),
        document_number: typed.said("document_number"),
        nationality: typed.said("nationality"),
        birth_date: typed.said("birth_date"),
        sex: typed.said("sex"),
        expiry_date: typed.said("expiry_date"),
        mrz: Some(mrz).filter(|lines| !lines.is_empty()),
        language: None,
    })
}

impl Check {
    fn new(frame: Frame, typed: &Fields, wrong: Option<Wrong>, answer: Option<Answer>) -> Self {
        let form = Form { frame: &frame, typed, wrong: wrong.as_slice() };
        let whole = std::iter::once("mrz").chain(OTHERS).any(|id| typed.said(id).is_some());
        Self {
            number: form.hinted("permit_number", "check-number", "check-number-hint"),
            version: form.hinted("version", "check-version", "check-version-hint"),
            proofs: form.own(&PROOFS),
            mrz: form.mrz(),
            others: form.own(&OTHERS),
            whole: whole || answer.is_some() || !code_of(typed).is_empty(),
            wrong: wrong.filter(|wrong| !is_field(&wrong.field)).map(|wrong| wrong.text),
            place: Place { here: CHECK },
            scan: Scan::into_field("permit_number"),
            code: code_of(typed),
            own_mrz: typed.raw("mrz").to_owned(),
            frame,
            answer,
        }
    }
}

/// Whether the form has a field of this name, beside which its fault is told.
fn is_field(name: &str) -> bool {
    ["permit_number", "version", "mrz"].iter().chain(&PROOFS).chain(&OTHERS).any(|id| *id == name)
}

impl Answer {
    fn of(report: PermitReport, own: &Person, verify: &Verify, frame: &Frame) -> Self {
        let rows = side_by_side::told(&report.fields, &report.findings, own, frame);
        let names = Names { region: &verify.region, language: frame.language };
        let zones = names.readable("zones", &report.zones.join(", "));
        let phone = verify.phone_of(report.agency.as_deref().unwrap_or_default());
        Self { report, rows, zones, phone }
    }
}

impl Wrong {
    /// What the asker has to mend.
    fn of(unasked: Unasked, frame: &Frame) -> Self {
        match unasked {
            Unasked::TooLong => Self { field: String::new(), text: frame.say("check-too-long") },
            Unasked::NoProof => Self { field: String::new(), text: frame.say("permit-proof-needed") },
            Unasked::Unread(row) => Self { field: row.form_field().to_owned(), text: row.message },
        }
    }
}
