//! What is done to a permit from its page: printed, extended, revoked, corrected, ordered again.

use axum::extract::{Path, State};
use axum::response::{IntoResponse, Redirect, Response};
use propusk_boot::pages::{Fields, Frame};
use propusk_passport::PartialDate;
use propusk_permit::PermitNumber;
use propusk_permit::order::Traveller;
use tokio::task::block_in_place;
use uuid::Uuid;

use super::order::begin_draft;
use super::permit::find;
use super::trouble::refused;
use super::{Clerk, Shared, missing};
use crate::DeskError;
use crate::api::change;
use crate::issue::{Amendment, Decision, Printing, note_printed};
use crate::order::{OrderFile, TravellerEntry};
use crate::register::Entry;
use crate::service::Desk;

/// What a form of the page comes with.
type Asked = (Shared, Frame, Clerk, Path<Uuid>, Fields);

/// Notes that copies are printed, and leads to them.
pub(crate) async fn print((State(desk), frame, clerk, Path(id), fields): Asked) -> Response {
    let more = fields.get("more").parse().unwrap_or(0);
    let printed = find(&desk, id).and_then(|found| {
        let Some((number, _)) = found else { return Ok(None) };
        let clock = desk.service.setting.clock;
        let printing = Printing { number: &number, typed: fields.get("copies"), more, named: None };
        let noted = block_in_place(|| note_printed(&printing, &desk.office, &desk.register, clock));
        let (entry, copies) = noted?;
        block_in_place(|| desk.note("print", &clerk.user.name, [&entry]))?;
        Ok(Some(copies))
    });
    match printed {
        Ok(Some(copies)) => {
            let list = copies.iter().map(ToString::to_string).collect::<Vec<_>>().join(",");
            Redirect::to(&format!("/permits/{id}/sheets.pdf?copies={list}")).into_response()
        }
        Ok(None) => missing(),
        Err(error) => refused(frame, clerk, error, &format!("/permits/{id}")),
    }
}

pub(crate) async fn extend(asked: Asked) -> Response {
    amend(asked, |fields| Amendment::Extend { months: fields.get("months").parse().unwrap_or(0) })
}

pub(crate) async fn revoke(asked: Asked) -> Response {
    amend(asked, |_| Amendment::Revoke)
}

fn amend(
    (State(desk), frame, clerk, Path(id), fields): Asked,
    amendment: impl FnOnce(&Fields) -> Amendment,
) -> Response {
    let here = format!("/permits/{id}");
    let act = |number: &PermitNumber| {
        let reason = fields.get("reason");
        if reason.is_empty() {
            return Err(DeskError::Missing { what: "the reason of this change", option: "Reason" }.into());
        }
        let (seen, amendment) = (Some(fields.get("version").parse()?), amendment(&fields));
        let decision = Decision { number, seen, amendment, reason, named: None };
        block_in_place(|| change(&desk, decision))
    };
    match find(&desk, id).and_then(|found| found.map(|(number, _)| act(&number)).transpose()) {
        Ok(Some(_)) => Redirect::to(&format!("{here}?done=changed")).into_response(),
        Ok(None) => missing(),
        Err(error) => refused(frame, clerk, error, &here),
    }
}

/// Opens the permit's contents as an order that corrects it.
pub(crate) async fn correct(
    State(desk): Shared,
    frame: Frame,
    clerk: Clerk,
    Path(id): Path<Uuid>,
) -> Response {
    reopen(&desk, frame, clerk, id, true)
}

/// Opens the permit's contents as a new order.
pub(crate) async fn again(State(desk): Shared, frame: Frame, clerk: Clerk, Path(id): Path<Uuid>) -> Response {
    reopen(&desk, frame, clerk, id, false)
}

fn reopen(desk: &Desk, frame: Frame, clerk: Clerk, id: Uuid, corrects: bool) -> Response {
    let begun = find(desk, id).and_then(|found| {
        let Some((number, entry)) = found else { return Ok(None) };
        entry.with_people()?;
        let what = if corrects { "correct" } else { "order-again" };
        block_in_place(|| desk.note(what, &clerk.user.name, [&entry]))?;
        let of = corrects.then(|| (number.to_string(), entry.details.version));
        begin_draft(desk, &clerk, order_of(&entry)?, of).map(Some)
    });
    match begun {
        Ok(Some(draft)) => Redirect::to(&format!("/orders/{draft}")).into_response(),
        Ok(None) => missing(),
        Err(error) => refused(frame, clerk, error, &format!("/permits/{id}")),
    }
}

/// The order that would give this permit again.
fn order_of(entry: &Entry) -> anyhow::Result<OrderFile> {
    let contents = entry.permit()?.contents;
    Ok(OrderFile {
        zones: contents.zones.iter().map(ToString::to_string).collect(),
        route: contents.route.iter().map(|stop| stop.as_str().to_owned()).collect(),
        valid_from: Some(contents.valid_from.to_string()),
        months: None,
        copies: Some(entry.details.copies),
        authority_reference: contents.authority_reference,
        purpose: contents.purpose,
        vehicle: contents.vehicle,
        travellers: contents.travellers.iter().map(entry_of).collect(),
    })
}

/// A traveller as the order named them: by the passport's own MRZ, or by the fields that one was generated from.
fn entry_of(traveller: &Traveller) -> TravellerEntry {
    let person = &traveller.person;
    let text = |value: &Option<String>| value.clone().unwrap_or_default();
    let date = |date: Option<PartialDate>| date.map(|date| date.to_string()).unwrap_or_default();
    TravellerEntry {
        mrz: (!traveller.mrz_generated).then(|| traveller.mrz.clone()),
        surname: text(&person.surname),
        given_names: text(&person.given_names),
        document_number: text(&person.document_number),
        nationality: text(&person.nationality),
        birth_date: date(person.birth_date),
        sex: person.sex.map(|sex| sex.code().to_owned()).unwrap_or_default(),
        expiry_date: date(person.expiry_date),
        issuing_state: text(&person.issuing_state),
        visual_name: text(&traveller.visual_name),
        role: traveller.role.map(|role| role.as_str().to_owned()).unwrap_or_default(),
    }
}
