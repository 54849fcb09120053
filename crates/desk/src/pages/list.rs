//! The list of permits, orders in hand above it, and the search. What is searched for never stands in an address.

use askama::Template;
use axum::extract::{Query, State};
use axum::response::{IntoResponse, Redirect, Response};
use jiff::civil::Date;
use propusk_boot::Locales;
use propusk_boot::pages::{Fields, Frame, Page};
use propusk_region::Region;
use serde::Deserialize;
use tokio::task::block_in_place;
use uuid::Uuid;

use super::{Clerk, Shared, internal};
use crate::catalogue::Card;
use crate::draft::Draft;

/// Permits on one page.
const PAGE: usize = 50;

/// A line of the list as it is shown.
pub(crate) struct Line {
    pub id: Uuid,
    pub number: String,
    pub lead: String,
    pub others: String,
    pub zones: String,
    pub valid: String,
    pub issued_on: String,
    pub revoked: bool,
    pub version: u8,
}

#[derive(Template)]
#[template(path = "list.html")]
struct List {
    frame: Frame,
    clerk: Clerk,
    drafts: Vec<Draft>,
    lines: Vec<Line>,
    day: Option<Date>,
    today: Date,
    asked: Option<String>,
    /// Where the next page begins.
    older: Option<Uuid>,
}

#[derive(Deserialize)]
pub(crate) struct ListQuery {
    #[serde(default)]
    pub day: String,
    pub before: Option<Uuid>,
}

pub(crate) async fn show(
    State(desk): Shared,
    frame: Frame,
    clerk: Clerk,
    Query(query): Query<ListQuery>,
) -> Response {
    let day = query.day.parse().ok();
    let cards = desk.register.catalogue.newest(day, query.before, PAGE);
    if let Err(error) = block_in_place(|| desk.note_cards("list", &clerk.user.name, &cards)) {
        return internal(error);
    }
    let older = cards.last().filter(|_| cards.len() == PAGE).map(|card| card.id);
    let drafts = match block_in_place(|| desk.drafts.all()) {
        Ok(drafts) if clerk.works() => drafts,
        Ok(_) => Vec::new(),
        Err(error) => return internal(error),
    };
    let mine = |draft: &Draft| clerk.manages() || draft.owner == clerk.user.name;
    let drafts = drafts.into_iter().filter(|draft| !draft.is_online() && mine(draft));
    let lines = lines(&cards, &desk.office.region, &frame);
    let (today, drafts) = (desk.service.setting.clock.today(), drafts.collect());
    Page(List { frame, clerk, drafts, lines, day, today, asked: None, older }).into_response()
}

pub(crate) async fn ask() -> Redirect {
    Redirect::to("/")
}

pub(crate) async fn search(State(desk): Shared, frame: Frame, clerk: Clerk, fields: Fields) -> Response {
    let asked = fields.get("q").to_owned();
    let cards = desk.register.catalogue.search(&asked, PAGE);
    if let Err(error) = block_in_place(|| desk.note_cards("search", &clerk.user.name, &cards)) {
        return internal(error);
    }
    let lines = lines(&cards, &desk.office.region, &frame);
    let today = desk.service.setting.clock.today();
    let (frame, drafts) = (frame.at("/"), Vec::new());
    Page(List { frame, clerk, drafts, lines, day: None, today, asked: Some(asked), older: None })
        .into_response()
}

/// The cards in the reader's language.
pub(crate) fn lines(cards: &[Card], region: &Region, frame: &Frame) -> Vec<Line> {
    let date = |date: Option<Date>| date.map(|date| date.to_string()).unwrap_or_default();
    let line = |card: &Card| Line {
        id: card.id,
        number: grouped(&card.number),
        lead: if card.lead.is_empty() { frame.say("list-nobody") } else { card.lead.clone() },
        others: match card.travellers {
            0 | 1 => String::new(),
            several => frame.count("list-others", several - 1),
        },
        zones: zone_names(&card.zones, region, frame),
        valid: format!("{} – {}", date(card.valid_from), date(card.valid_to)),
        issued_on: date(card.issued_on),
        revoked: card.revoked,
        version: card.version,
    };
    cards.iter().map(line).collect()
}

/// The names of zones in the reader's language.
pub(crate) fn zone_names(ids: &[String], region: &Region, frame: &Frame) -> String {
    let name = |id: &String| {
        region.zone(id).map_or_else(|_| id.clone(), |zone| zone.name.get(frame.language.code()).to_owned())
    };
    ids.iter().map(name).collect::<Vec<_>>().join(", ")
}

/// A number as it is printed: `XXXX-XXXX-XXXX-C`.
pub(crate) fn grouped(number: &str) -> String {
    number
        .parse::<propusk_permit::PermitNumber>()
        .map_or_else(|_| number.to_owned(), |number| number.to_string())
}

impl List {
    fn empty(&self) -> String {
        Locales::embedded().text(
            self.frame.language,
            if self.asked.is_some() { "list-nothing-found" } else { "list-empty" },
            &[],
        )
    }
}
