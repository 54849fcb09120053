//! The HTTP API of the traveller's page. No token: it is open to everybody, under the rules of DESIGN.md §5; but for the
//! list of look-ups, which is the operator's.
//!
//! Nothing personal stands in a URL, and no question or answer is logged.

use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;

use axum::extract::{ConnectInfo, Query, State};
use axum::http::HeaderValue;
use axum::http::header::{CACHE_CONTROL, RETRY_AFTER};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use metrics::counter;
use propusk_boot::http::{JsonObject, Problem, Token, description_route, require_token};
use propusk_boot::{Language, Locales};
use propusk_passport::{Code, Finding, Person, Severity, Typed, read_mrz, read_typed};
use propusk_permit::PermitNumber;
use propusk_proto::{NumberKey, PermitDetails};
use propusk_seal::MAX_TEXT_BYTES;
use serde::{Deserialize, Serialize};
use tokio::task::{block_in_place, spawn_blocking};

use crate::answer::{self, Asked};
use crate::findings::{self, FindingRow};
use crate::limits::TooOften;
use crate::lookups::{self, LookUps};
use crate::openapi;
use crate::pages;
use crate::passports::PassportReport;
use crate::permits::PermitReport;
use crate::seals::{SealReport, check_scan};
use crate::service::Verify;
use crate::shelf::Opened;

/// The most lines of an MRZ that are looked at, and the most characters of each field.
const MAX_LINES: usize = 3;
const MAX_FIELD: usize = 200;

type Shared = State<Arc<Verify>>;

/// `POST /v1/permit-checks`.
#[derive(Clone, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct PermitQuestion {
    pub permit_number: String,
    pub version: Option<u8>,
    pub surname: Option<String>,
    pub given_names: Option<String>,
    pub document_number: Option<String>,
    pub nationality: Option<String>,
    pub birth_date: Option<String>,
    pub sex: Option<String>,
    pub expiry_date: Option<String>,
    pub mrz: Option<Vec<String>>,
    pub language: Option<String>,
}

/// `POST /v1/seal-checks`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct SealQuestion {
    seal: String,
}

/// `POST /v1/passport-checks`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct PassportQuestion {
    mrz: Vec<String>,
    #[serde(default)]
    language: Option<String>,
}

/// Serves the API until the shutdown.
pub(crate) async fn serve(verify: Arc<Verify>) -> anyhow::Result<()> {
    let token = Token::draw()?;
    let router = router(verify.clone(), token.clone());
    Ok(verify.service.serve(&verify.config.listen, router, Some(token)).await?)
}

/// Every route that `openapi.json` describes, and the pages.
pub(crate) fn router(verify: Arc<Verify>, token: Token) -> Router {
    let operator = Router::new().route("/v1/look-ups", get(list_look_ups)).with_state(verify.clone());
    Router::new()
        .route("/v1/permit-checks", post(check_permit))
        .route("/v1/seal-checks", post(check_seal))
        .route("/v1/passport-checks", post(check_passport))
        .with_state(verify.clone())
        .merge(require_token(operator, token))
        .merge(description_route(openapi::DESCRIPTION))
        .merge(pages::router(verify))
}

#[derive(Deserialize)]
struct LookUpQuery {
    /// Only of this permit.
    permit: Option<String>,
    limit: Option<u32>,
}

async fn list_look_ups(
    State(verify): Shared,
    Query(query): Query<LookUpQuery>,
) -> Result<Json<LookUps>, Problem> {
    let number = query.permit.as_deref().map(str::parse::<PermitNumber>).transpose();
    let number = number.map_err(|error| Problem::bad_request("permit-number", error.to_string()))?;
    let limit = usize::try_from(query.limit.unwrap_or(100)).unwrap_or(usize::MAX);
    block_in_place(|| lookups::list(verify.shelf.store(), number.as_ref(), limit))
        .map(Json)
        .map_err(Problem::fault)
}

async fn check_seal(
    State(verify): Shared,
    JsonObject(question): JsonObject<SealQuestion>,
) -> Result<Json<SealReport>, Problem> {
    if question.seal.len() > MAX_TEXT_BYTES {
        return Err(Problem::bad_request(
            "seal-too-long",
            format!("a seal's text has at most {MAX_TEXT_BYTES} characters"),
        ));
    }
    let report = block_in_place(|| -> anyhow::Result<SealReport> {
        let (trusted, stale) = verify.trusted()?;
        let mut report = check_scan(question.seal.as_bytes(), &trusted, verify.today());
        if stale {
            report.remark_stale_list();
        }
        Ok(report)
    });
    report.map(Json).map_err(Problem::fault)
}

async fn check_passport(
    State(verify): Shared,
    JsonObject(question): JsonObject<PassportQuestion>,
) -> Result<Json<PassportReport>, Problem> {
    let language = language(question.language.as_deref(), &verify);
    check_sizes(&question.mrz, &[])?;
    Ok(Json(PassportReport::of(&question.mrz, None, verify.today(), language)))
}

async fn check_permit(
    State(verify): Shared,
    ConnectInfo(address): ConnectInfo<SocketAddr>,
    JsonObject(question): JsonObject<PermitQuestion>,
) -> Response {
    let language = language(question.language.as_deref(), &verify);
    let mut response = match permit_answer(&verify, address.ip(), &question, language).await {
        Ok(report) => Json(report).into_response(),
        Err(Refusal::TooOften(often)) => too_often(often, language),
        Err(Refusal::Problem(problem)) => problem.into_response(),
    };
    response.headers_mut().insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}

/// Why a question about a permit has no answer.
pub(crate) enum Refusal {
    TooOften(TooOften),
    Problem(Problem),
}

impl From<Problem> for Refusal {
    fn from(problem: Problem) -> Self {
        Self::Problem(problem)
    }
}

impl From<TooOften> for Refusal {
    fn from(often: TooOften) -> Self {
        Self::TooOften(often)
    }
}

/// The one way to a permit, for programs and for pages: counted, limited, and the same answer for a number that nobody
/// was given and a traveller whom the permit does not name.
pub(crate) async fn permit_answer(
    verify: &Arc<Verify>,
    address: IpAddr,
    question: &PermitQuestion,
    language: Language,
) -> Result<PermitReport, Refusal> {
    let answer = look_up(verify, address, question, language).await;
    let outcome = match &answer {
        Ok(_) => "answered",
        Err(Refusal::TooOften(_)) => "too-often",
        Err(Refusal::Problem(problem)) if problem.status.is_server_error() => "failed",
        Err(Refusal::Problem(_)) => "refused",
    };
    counter!("propusk_verify_permit_checks_total", "outcome" => outcome).increment(1);
    answer
}

async fn look_up(
    verify: &Arc<Verify>,
    address: IpAddr,
    question: &PermitQuestion,
    language: Language,
) -> Result<PermitReport, Refusal> {
    let number: PermitNumber =
        question.permit_number.parse().map_err(|error: propusk_permit::NumberError| {
            Problem::bad_request("permit-number", error.to_string())
        })?;
    let asked = asked(question, verify, language).map_err(|unasked| unasked.problem(language))?;
    verify.limits.address(address)?;
    let opened = open(verify, number).await?;
    // A number nobody was given, and a traveller it does not name, are one and the same answer.
    let found = opened.and_then(|opened| {
        let people = people(&opened.details);
        let stored = answer::pick(&people, &asked.person()).and_then(|row| people.into_iter().nth(row))?;
        Some((opened, stored))
    });
    let Some((opened, stored)) = found else {
        let message = Locales::embedded().text(language, "permit-not-found", &[]);
        return Err(Problem::not_found("no-such-permit", message).into());
    };
    lookups::note(verify, &number).map_err(Problem::fault)?;
    Ok(report(verify, &number, &opened, &stored, &asked, question.version, language))
}

/// Counts an attempt at the number, derives its key and opens the permit. The latter two take place outside the async
/// scheduler, and few at a time.
pub(crate) async fn open(verify: &Arc<Verify>, number: PermitNumber) -> Result<Option<Opened>, Refusal> {
    verify.limits.number(&number)?;
    let _permit = verify.derivations.acquire().await.map_err(|error| Problem::internal(&error))?;
    let verify = Arc::clone(verify);
    let opened = spawn_blocking(move || -> anyhow::Result<Option<Opened>> {
        verify.shelf.find(&NumberKey::derive(&number)?)
    });
    Ok(opened.await.map_err(|error| Problem::internal(&error))?.map_err(Problem::fault)?)
}

pub(crate) fn people(details: &PermitDetails) -> Vec<Person> {
    let permit = details.permit().ok();
    permit
        .map(|permit| permit.contents.travellers.into_iter().map(|one| one.person).collect())
        .unwrap_or_default()
}

fn report(
    verify: &Verify,
    number: &PermitNumber,
    opened: &Opened,
    stored: &Person,
    asked: &Asked,
    version: Option<u8>,
    language: Language,
) -> PermitReport {
    let today = verify.today();
    let details = &opened.details;
    let (valid_from, valid_to) = (details.valid_from.try_into().ok(), details.valid_to.try_into().ok());
    let (fields, told) = answer::answer(stored, asked, today, valid_to, language);
    // The asker's own passport: said in full, it is theirs.
    let own: Vec<Finding> = asked.passport.as_ref().map(|one| one.findings.clone()).unwrap_or_default();
    let mut rows = told;
    rows.extend(findings::rows(&own, language));
    let mut report = PermitReport {
        permit_number: Some(number.to_string()),
        version: Some(details.version),
        valid_from,
        valid_to,
        zones: details.zones.clone(),
        agency: Some(details.agency.clone()),
        fields,
        findings: rows,
        ..PermitReport::default()
    };
    let superseded = version.is_some_and(|version| version < details.version);
    report.judge_dates(opened.revoked_at_ms.is_some(), superseded, today, language);
    report
}

/// Why a question says nothing of its asker.
pub(crate) enum Unasked {
    /// A field or the MRZ is longer than is read.
    TooLong,
    /// A field can't be read.
    Unread(FindingRow),
    /// Nothing that proves who asks.
    NoProof,
}

impl Unasked {
    fn problem(self, language: Language) -> Problem {
        match self {
            Self::TooLong => too_long(),
            Self::Unread(row) => {
                let field = row.field.unwrap_or_default();
                Problem::bad_request(&row.code, format!("{field}: {}", row.message))
            }
            Self::NoProof => {
                let message = Locales::embedded().text(language, "permit-proof-needed", &[]);
                Problem::bad_request("proof-needed", message)
            }
        }
    }
}

/// What the question says of the asker; refused where it proves nothing or can't be read.
pub(crate) fn asked(
    question: &PermitQuestion,
    verify: &Verify,
    language: Language,
) -> Result<Asked, Unasked> {
    let today = verify.today();
    let text = |value: &Option<String>| value.clone().unwrap_or_default();
    let fields = [
        text(&question.surname),
        text(&question.given_names),
        text(&question.document_number),
        text(&question.nationality),
        text(&question.birth_date),
        text(&question.sex),
        text(&question.expiry_date),
    ];
    check_sizes(question.mrz.as_deref().unwrap_or_default(), &fields).map_err(|_| Unasked::TooLong)?;
    let [surname, given_names, document_number, nationality, birth_date, sex, expiry_date] = &fields;
    let typed = Typed {
        surname,
        given_names,
        document_number,
        nationality,
        birth_date,
        sex,
        expiry_date,
        issuing_state: "",
    };
    let (typed, unread) = read_typed(&typed, today);
    let passport = question.mrz.as_ref().map(|lines| read_mrz(lines, today));
    let wrong = unread.iter().chain(passport.iter().flat_map(|one| &one.findings)).find(|finding| {
        let shape = finding.code == Code::MrzShape;
        finding.severity == Severity::Error && (shape || unread.contains(finding))
    });
    if let Some(finding) = wrong {
        return Err(Unasked::Unread(FindingRow::of(finding, language)));
    }
    let asked = Asked { typed, passport };
    let person = asked.person();
    if person.birth_date.is_none() && person.surname.is_none() && person.document_number.is_none() {
        return Err(Unasked::NoProof);
    }
    Ok(asked)
}

pub(crate) fn check_sizes(mrz: &[String], fields: &[String]) -> Result<(), Problem> {
    if mrz.len() > MAX_LINES || mrz.iter().chain(fields).any(|text| text.chars().count() > MAX_FIELD) {
        return Err(too_long());
    }
    Ok(())
}

fn too_long() -> Problem {
    let message = format!("at most {MAX_LINES} lines and {MAX_FIELD} characters in each field are read");
    Problem::bad_request("too-long", message)
}

fn language(asked: Option<&str>, verify: &Verify) -> Language {
    asked.and_then(|asked| asked.parse().ok()).unwrap_or(verify.service.setting.language)
}

fn too_often(often: TooOften, language: Language) -> Response {
    let mut response = Problem::too_many("too-often", often.text(language)).into_response();
    response.headers_mut().insert(RETRY_AFTER, often.header());
    response
}

#[cfg(test)]
mod tests;
