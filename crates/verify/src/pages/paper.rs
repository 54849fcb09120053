//! `/check/paper`: what stands on any authority's permit, typed in, against the passport; no record is needed.

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use propusk_boot::pages::{Fields, Frame, Page};
use propusk_passport::{
    Code, Date, PartialDate, Person, Rules, Typed, beside, compare, read_mrz, read_typed,
};

use super::input::{Form, Input, Wrong};
use super::phone::Phone;
use super::side_by_side::{self, Row};
use super::{PAPER, Place, Shared, lines};
use crate::api;
use crate::findings::FindingRow;
use crate::paper::PaperPermit;
use crate::permits::{PermitReport, check_paper};
use crate::service::Verify;

/// What a permit says of its traveller.
const PERSON: [&str; 7] =
    ["surname", "given_names", "document_number", "nationality", "birth_date", "sex", "expiry_date"];

#[derive(Template)]
#[template(path = "check_paper.html")]
struct Paper {
    frame: Frame,
    place: Place,
    person: Vec<Input>,
    days: Vec<Input>,
    mrz: Input,
    phone: Option<Phone>,
    /// What is wrong and belongs to no single field.
    wrong: Option<String>,
    answer: Option<Answer>,
}

struct Answer {
    report: PermitReport,
    rows: Vec<Row>,
}

/// The empty form.
pub(super) async fn form(State(verify): Shared, frame: Frame) -> impl IntoResponse {
    Page(Paper::new(frame, &verify, &Fields::default(), None, None))
}

/// Both papers, compared.
pub(super) async fn answer(State(verify): Shared, frame: Frame, typed: Fields) -> Response {
    let frame = frame.at(PAPER);
    match compared(&typed, &verify, &frame) {
        Ok(answer) => Page(Paper::new(frame, &verify, &typed, None, Some(answer))).into_response(),
        Err(wrong) => (StatusCode::BAD_REQUEST, Page(Paper::new(frame, &verify, &typed, Some(wrong), None)))
            .into_response(),
    }
}

impl Paper {
    fn new(
        frame: Frame,
        verify: &Verify,
        typed: &Fields,
        wrong: Option<Wrong>,
        answer: Option<Answer>,
    ) -> Self {
        let form = Form { frame: &frame, typed, wrong: wrong.as_slice() };
        let day = |id, label| form.of_kind("date", id, label);
        Self {
            person: PERSON.iter().map(|id| form.passport(id)).collect(),
            days: vec![day("valid_from", "check-valid-from"), day("valid_to", "check-valid-to")],
            mrz: form.mrz(),
            phone: Phone::of(&frame, verify.today()),
            wrong: wrong.filter(|wrong| wrong.field.is_empty()).map(|wrong| wrong.text),
            place: Place { here: PAPER },
            frame,
            answer,
        }
    }
}

/// The answer, or what has to be mended first.
fn compared(typed: &Fields, verify: &Verify, frame: &Frame) -> Result<Answer, Wrong> {
    let (today, language) = (verify.today(), frame.language);
    let wrong = |field: &str, sentence: &str| Wrong { field: field.to_owned(), text: frame.say(sentence) };
    let mrz = lines(typed.raw("mrz"));
    let fields: Vec<String> = PERSON.iter().map(|id| typed.get(id).to_owned()).collect();
    api::check_sizes(&mrz, &fields).map_err(|_| wrong("", "check-too-long"))?;
    let (person, findings) = read_typed(&person(typed), today);
    if person == Person::default() && findings.is_empty() {
        return Err(wrong("", "check-paper-needed"));
    }
    if mrz.is_empty() {
        return Err(wrong("mrz", "check-mrz-needed"));
    }
    let passport = read_mrz(&mrz, today);
    if let Some(shape) = passport.findings.iter().find(|finding| finding.code == Code::MrzShape) {
        return Err(Wrong { field: "mrz".to_owned(), text: FindingRow::of(shape, language).message });
    }
    let (valid_from, valid_to) = (day("valid_from", typed, frame)?, day("valid_to", typed, frame)?);
    if valid_from.zip(valid_to).is_some_and(|(from, to)| to < from) {
        return Err(wrong("valid_to", "check-days-backwards"));
    }
    let permit = PaperPermit { person, findings, valid_from, valid_to, zones: Vec::new(), number: None };
    let report = check_paper(&permit, &mrz, today, language);
    let found = compare(&permit.person, &passport, &Rules { today: Some(today), valid_through: valid_to });
    let rows = side_by_side::whole(beside(&permit.person, &passport.person(), &found), frame);
    Ok(Answer { report, rows })
}

fn day(field: &str, typed: &Fields, frame: &Frame) -> Result<Option<Date>, Wrong> {
    let text = typed.get(field);
    if text.is_empty() {
        return Ok(None);
    }
    let date = text.parse::<PartialDate>().ok().and_then(PartialDate::to_date);
    date.map(Some).ok_or_else(|| Wrong { field: field.to_owned(), text: frame.say("check-day-wrong") })
}

fn person(typed: &Fields) -> Typed<'_> {
    Typed {
        surname: typed.get("surname"),
        given_names: typed.get("given_names"),
        document_number: typed.get("document_number"),
        nationality: typed.get("nationality"),
        birth_date: typed.get("birth_date"),
        sex: typed.get("sex"),
        expiry_date: typed.get("expiry_date"),
        issuing_state: "",
    }
}
