//! Permits looked up: the newest, one of them, its paper.

use axum::Json;
use axum::body::Bytes;
use axum::extract::{Path, Query, State};
use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse, Response};
use propusk_boot::http::Problem;
use serde::Deserialize;

use super::answer::{PermitView, view};
use super::gate::Caller;
use super::trouble::{parse_number, run};
use super::{Shared, most};
use crate::DeskError;
use crate::paper::Languages;
use crate::print::{parse_copies, pdf_in};

#[derive(Deserialize)]
pub(super) struct ListQuery {
    limit: Option<u32>,
}

#[derive(Deserialize)]
pub(super) struct SheetsQuery {
    #[serde(default)]
    copies: String,
    version: Option<u8>,
    /// `ky,en`; the configured ones where it is not said.
    languages: Option<String>,
}

pub(super) async fn list(
    State(desk): Shared,
    Caller(who): Caller,
    Query(query): Query<ListQuery>,
) -> Result<Json<Vec<PermitView>>, Problem> {
    let limit = most(query.limit);
    let entries = run(|| {
        let entries = desk.register.newest(limit)?;
        desk.note("list", &who, &entries)?;
        Ok(entries)
    })?;
    Ok(Json(entries.iter().map(view).collect()))
}

pub(super) async fn show(
    State(desk): Shared,
    Caller(who): Caller,
    Path(number): Path<String>,
) -> Result<Json<PermitView>, Problem> {
    let number = parse_number(&number)?;
    let entry = run(|| {
        let entry = desk.register.find(&number)?;
        desk.note("show", &who, [&entry])?;
        Ok(entry)
    })?;
    Ok(Json(view(&entry)))
}

pub(super) async fn sheets(
    State(desk): Shared,
    Caller(who): Caller,
    Path(number): Path<String>,
    Query(query): Query<SheetsQuery>,
) -> Result<Response, Problem> {
    let number = parse_number(&number)?;
    let bytes = run(|| {
        let entry = desk.register.find(&number)?;
        entry.with_people()?;
        desk.note("sheets", &who, [&entry])?;
        let older = match query.version.filter(|version| *version != entry.details.version) {
            Some(version) => {
                let known = desk.register.version(&entry, version)?;
                let number = format!("{number}, version {version}");
                Some(known.ok_or(DeskError::UnknownPermit { number })?)
            }
            None => None,
        };
        let of = older.as_ref().map_or(entry.details.copies, |details| details.copies);
        let languages = query.languages.as_deref().map(str::parse::<Languages>).transpose()?;
        let languages = languages.unwrap_or(desk.office.paper.languages);
        pdf_in(languages, &entry, older.as_ref(), &parse_copies(&query.copies, of)?, &desk.office)
    })?;
    Ok(([(CONTENT_TYPE, "application/pdf")], Bytes::from(bytes)).into_response())
}
