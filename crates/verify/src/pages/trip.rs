//! `/check/trip`: does my permit cover every place and day, is the crossing open to me, what else do I need?

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use propusk_boot::pages::{Fields, Frame, Page};
use propusk_region::{Region, Trip as Described};

use super::input::{Form, Input, Wrong};
use super::trip_form::{self, CROSSING, EARLIER, MODES, MOST_ROWS, PERMIT, STOP};
use super::{Place, Shared, TRIP};
use crate::service::Verify;
use crate::trip::{TripReport, TripRow};
use crate::trip_calendar::calendar;
use crate::trip_map;
use crate::trip_names::Names;

/// Rows that an empty form has.
const FIRST_ROWS: usize = 2;

#[derive(Template)]
#[template(path = "check_trip.html")]
struct Trip {
    frame: Frame,
    place: Place,
    traveller: Vec<Input>,
    crossings: Vec<Vec<Input>>,
    stops: Vec<Vec<Input>>,
    permits: Vec<Vec<Input>>,
    earlier: Vec<Vec<Input>>,
    visa: Vec<Input>,
    vehicle: Vec<Input>,
    rental: bool,
    /// Papers that may be held, and things that may be carried: value, name, whether chosen.
    holds: Vec<(String, String, bool)>,
    carries: Vec<(String, String, bool)>,
    /// What is known, for the lists: places, crossings, zones.
    known: [(&'static str, Vec<String>); 3],
    /// What is wrong and belongs to no single field.
    wrong: Vec<String>,
    answer: Option<Answer>,
}

struct Answer {
    is_yes: bool,
    rows: Vec<TripRow>,
    map: String,
}

/// The empty form.
pub(super) async fn form(State(verify): Shared, frame: Frame) -> impl IntoResponse {
    Page(Trip::new(&frame, &verify, &Fields::default(), &[], None))
}

/// The form's answer, above the form as it was filled in; another row where that was asked for.
pub(super) async fn answer(State(verify): Shared, frame: Frame, typed: Fields) -> Response {
    let frame = frame.at(TRIP);
    if !matches!(typed.get("do"), "" | "check") {
        return Page(Trip::new(&frame, &verify, &typed, &[], None)).into_response();
    }
    match report(&typed, &verify, &frame) {
        Ok(report) => {
            let answer = Answer {
                is_yes: report.assessment.is_yes(),
                rows: report.rows(frame.language),
                map: trip_map::map(&report, frame.language),
            };
            Page(Trip::new(&frame, &verify, &typed, &[], Some(answer))).into_response()
        }
        Err(wrong) => refused(&frame, &verify, &typed, &wrong),
    }
}

/// The trip's deadlines for a calendar.
pub(super) async fn deadlines(State(verify): Shared, frame: Frame, typed: Fields) -> Response {
    let frame = frame.at(TRIP);
    match report(&typed, &verify, &frame) {
        Ok(report) => {
            let headers = [
                (CONTENT_TYPE, "text/calendar; charset=utf-8"),
                (CONTENT_DISPOSITION, "attachment; filename=\"trip.ics\""),
            ];
            (headers, calendar(&report, frame.language)).into_response()
        }
        Err(wrong) => refused(&frame, &verify, &typed, &wrong),
    }
}

fn refused(frame: &Frame, verify: &Verify, typed: &Fields, wrong: &[Wrong]) -> Response {
    (StatusCode::BAD_REQUEST, Page(Trip::new(frame, verify, typed, wrong, None))).into_response()
}

fn report<'r>(typed: &Fields, verify: &'r Verify, frame: &Frame) -> Result<TripReport<'r>, Vec<Wrong>> {
    let trip: Described = trip_form::read(typed, frame)?;
    TripReport::assess(trip, &verify.region, verify.today())
        .map_err(|faults| faults.iter().map(|fault| trip_form::wrong(fault, typed, frame)).collect())
}

impl Trip {
    fn new(frame: &Frame, verify: &Verify, typed: &Fields, wrong: &[Wrong], answer: Option<Answer>) -> Self {
        let form = Form { frame, typed, wrong };
        let names = Names { region: &verify.region, language: frame.language };
        let rows = |table: &str, fields: &[&str], first: usize| -> Vec<Vec<Input>> {
            let more = usize::from(typed.get("do") == table);
            let last = (trip_form::last_row(typed, table, fields) + more).clamp(first, MOST_ROWS);
            let row = |row| fields.iter().map(|field| row_field(&form, names, table, row, field)).collect();
            (1..=last).map(row).collect()
        };
        let (crossings, stops) = (rows("crossing", &CROSSING, FIRST_ROWS), rows("stop", &STOP, FIRST_ROWS));
        let (permits, earlier) = (rows("permit", &PERMIT, 1), rows("earlier_stay", &EARLIER, 1));
        let mut page = Self {
            traveller: traveller(&form),
            visa: visa(&form),
            vehicle: vehicle(&form, names),
            rental: typed.said("vehicle.rental").is_some(),
            holds: choices(typed, "holds", papers(&verify.region), |id| paper_name(frame, names, id)),
            carries: choices(typed, "carries", forbidden(&verify.region), |id| names.readable("item", id)),
            known: known(names),
            wrong: Vec::new(),
            place: Place { here: TRIP },
            frame: frame.clone(),
            crossings,
            stops,
            permits,
            earlier,
            answer,
        };
        let beside = |wrong: &&Wrong| !page.fields().any(|field| field.id == wrong.field);
        page.wrong = wrong.iter().filter(beside).map(|wrong| wrong.text.clone()).collect();
        page
    }

    fn fields(&self) -> impl Iterator<Item = &Input> {
        let rows = [&self.crossings, &self.stops, &self.permits, &self.earlier];
        let single = [&self.traveller, &self.visa, &self.vehicle];
        rows.into_iter().flatten().flatten().chain(single.into_iter().flatten())
    }

    /// Whether a part that few need is open: something in it was typed or is wrong.
    fn is_open(fields: &[Input]) -> bool {
        fields.iter().any(|field| !field.value.is_empty() || !field.wrong.is_empty())
    }
}

fn row_field(form: &Form<'_>, names: Names<'_>, table: &str, row: usize, field: &str) -> Input {
    let id = trip_form::name(table, row, field);
    let label = format!("trip-form-{}-{}", table.replace('_', "-"), field.replace('_', "-"));
    let listed = |list| Input { list, ..form.input(&id, &label) };
    match field {
        "at" => listed("crossings"),
        "places" => listed("places"),
        "zones" => listed("zones"),
        "direction" => {
            let word = |value: &str| (value.to_owned(), form.frame.say(&format!("trip-form-{value}")));
            let mut input = form.select(&id, &label, vec![word("entering"), word("leaving")]);
            // One enters and leaves in turn.
            if input.value.is_empty() && row.is_multiple_of(2) {
                "leaving".clone_into(&mut input.value);
            }
            input
        }
        "mode" => form.select(&id, &label, modes(form, names, |_| true)),
        "time" => form.of_kind("time", &id, &label),
        "copies" => form.of_kind("number", &id, &label),
        _ => form.of_kind("date", &id, &label),
    }
}

fn traveller(form: &Form<'_>) -> Vec<Input> {
    let word = |value: &str| (value.to_owned(), form.frame.say(&format!("trip-form-document-{value}")));
    vec![
        form.hinted("nationality", "field-nationality", "trip-form-country-hint"),
        form.of_kind("date", "passport_expiry", "trip-form-passport-expiry"),
        form.select("document", "trip-form-document", vec![word("passport"), word("un-laissez-passer")]),
        form.of_kind("number", "organised_group", "trip-form-organised-group"),
    ]
}

fn visa(form: &Form<'_>) -> Vec<Input> {
    let word = |value: &str| (value.to_owned(), form.frame.say(&format!("trip-form-visa-{value}")));
    let none = (String::new(), form.frame.say("trip-form-none"));
    vec![
        form.select("visa.kind", "trip-form-visa-kind", vec![none, word("e-visa"), word("visa")]),
        form.of_kind("date", "visa.valid_from", "check-valid-from"),
        form.of_kind("date", "visa.valid_to", "check-valid-to"),
    ]
}

fn vehicle(form: &Form<'_>, names: Names<'_>) -> Vec<Input> {
    let own = modes(form, names, |mode| matches!(mode, "motorcycle" | "car" | "truck"));
    vec![
        form.select("vehicle.kind", "trip-form-vehicle-kind", own),
        form.hinted("vehicle.registered_in", "trip-form-vehicle-registered-in", "trip-form-country-hint"),
        form.of_kind("date", "vehicle.union_entry", "trip-form-vehicle-union-entry"),
    ]
}

fn modes(form: &Form<'_>, names: Names<'_>, kept: impl Fn(&str) -> bool) -> Vec<(String, String)> {
    let none = (String::new(), form.frame.say("trip-form-none"));
    let known = MODES.iter().map(|(name, _)| *name).filter(|name| kept(name));
    std::iter::once(none).chain(known.map(|name| (name.to_owned(), names.readable("mode", name)))).collect()
}

fn choices(
    typed: &Fields,
    field: &str,
    ids: Vec<String>,
    name: impl Fn(&str) -> String,
) -> Vec<(String, String, bool)> {
    let chosen = typed.all(field);
    ids.into_iter().map(|id| (id.clone(), name(&id), chosen.contains(&id))).collect()
}

/// The papers that a rule of the region asks for.
fn papers(region: &Region) -> Vec<String> {
    let needs = region.crossings().iter().flat_map(|crossing| &crossing.needs).map(|need| need.what.clone());
    distinct(needs.chain(["insurance".to_owned(), "tip".to_owned()]))
}

fn paper_name(frame: &Frame, names: Names<'_>, id: &str) -> String {
    match id {
        "insurance" | "tip" => frame.say(&format!("trip-form-{id}")),
        _ => names.readable("paper", id),
    }
}

/// What some country forbids.
fn forbidden(region: &Region) -> Vec<String> {
    distinct(region.country_rules().iter().flat_map(|rule| &rule.forbids).cloned())
}

fn distinct(ids: impl Iterator<Item = String>) -> Vec<String> {
    let mut known: Vec<String> = ids.collect();
    known.sort();
    known.dedup();
    known
}

/// The names that the region knows, in the reader's language.
pub(super) fn known(names: Names<'_>) -> [(&'static str, Vec<String>); 3] {
    let (region, language) = (names.region, names.language.code());
    let places = region.places().iter().map(|place| place.name.get(language).to_owned());
    let posts = region.checkpoints().iter().map(|post| post.name.get(language).to_owned());
    // A label is both sides' names; each is understood alone.
    let labels = region.crossings().iter().map(|crossing| crossing.label(language));
    let crossings = labels.flat_map(|label| label.split(" / ").map(str::to_owned).collect::<Vec<_>>());
    let points = region.e_visa().entry_points.iter().map(|point| point.name.clone());
    let zones = region.zones().iter().map(|zone| zone.name.get(language).to_owned());
    [
        ("places", distinct(places.chain(posts))),
        ("crossings", distinct(crossings.chain(points))),
        ("zones", distinct(zones)),
    ]
}
