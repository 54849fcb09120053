//! `/check/passport`: are the lines at the bottom of my passport right?

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use propusk_boot::pages::{Fields, Frame, Page};

use super::input::{Form, Input, Wrong};
use super::phone::Phone;
use super::{PASSPORT, Place, Shared, lines};
use crate::api;
use crate::passports::PassportReport;
use crate::service::Verify;

#[derive(Template)]
#[template(path = "check_passport.html")]
struct Passport {
    frame: Frame,
    place: Place,
    mrz: Input,
    phone: Option<Phone>,
    answer: Option<PassportReport>,
}

/// The empty form.
pub(super) async fn form(State(verify): Shared, frame: Frame) -> impl IntoResponse {
    Page(Passport::new(frame, &verify, &Fields::default(), &[], None))
}

/// The lines, read.
pub(super) async fn answer(State(verify): Shared, frame: Frame, typed: Fields) -> Response {
    let frame = frame.at(PASSPORT);
    let lines = lines(typed.raw("mrz"));
    let wrong = if lines.is_empty() {
        Some("check-mrz-needed")
    } else {
        api::check_sizes(&lines, &[]).err().map(|_| "check-too-long")
    };
    if let Some(sentence) = wrong {
        let wrong = Wrong { field: "mrz".to_owned(), text: frame.say(sentence) };
        return (StatusCode::BAD_REQUEST, Page(Passport::new(frame, &verify, &typed, &[wrong], None)))
            .into_response();
    }
    let report = PassportReport::of(&lines, None, verify.today(), frame.language);
    Page(Passport::new(frame, &verify, &typed, &[], Some(report))).into_response()
}

impl Passport {
    fn new(
        frame: Frame,
        verify: &Verify,
        typed: &Fields,
        wrong: &[Wrong],
        answer: Option<PassportReport>,
    ) -> Self {
        let mrz = Form { frame: &frame, typed, wrong }.mrz();
        let phone = Phone::of(&frame, verify.today());
        Self { mrz, phone, place: Place { here: PASSPORT }, frame, answer }
    }

    /// The fields that are there, by name.
    fn facts(&self) -> Vec<(String, String)> {
        let fields = self.answer.iter().flat_map(|report| report.fields.named());
        let said = fields.filter(|(_, value)| !value.is_empty());
        said.map(|(name, value)| {
            (self.frame.say(&format!("field-{}", name.replace('_', "-"))), value.to_owned())
        })
        .collect()
    }
}
