//! The list as a table for a spreadsheet. No cell can become a formula.

use axum::extract::{Query, State};
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use propusk_boot::pages::Frame;
use rust_xlsxwriter::Workbook;
use tokio::task::block_in_place;

use super::list::{Line, ListQuery, lines};
use super::{Clerk, Shared, internal};
use crate::service::Desk;

/// Most lines of one table.
const MOST: usize = 10_000;
const XLSX: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

pub(crate) async fn csv(
    State(desk): Shared,
    frame: Frame,
    clerk: Clerk,
    Query(query): Query<ListQuery>,
) -> Response {
    let mut out = csv::WriterBuilder::new().delimiter(b';').from_writer("\u{feff}".as_bytes().to_vec());
    let written = rows(&desk, &frame, &clerk, &query).and_then(|rows| {
        rows.iter().try_for_each(|row| out.write_record(row.iter().map(|cell| harmless(cell))))?;
        Ok(())
    });
    match written.and_then(|()| Ok(out.into_inner()?)) {
        Ok(bytes) => file("text/csv; charset=utf-8", "permits.csv", bytes),
        Err(error) => internal(error),
    }
}

pub(crate) async fn xlsx(
    State(desk): Shared,
    frame: Frame,
    clerk: Clerk,
    Query(query): Query<ListQuery>,
) -> Response {
    match rows(&desk, &frame, &clerk, &query).and_then(|rows| workbook(&rows)) {
        Ok(bytes) => file(XLSX, "permits.xlsx", bytes),
        Err(error) => internal(error),
    }
}

fn workbook(rows: &[[String; 7]]) -> anyhow::Result<Vec<u8>> {
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    for (at, row) in (0..).zip(rows) {
        for (column, cell) in (0..).zip(row) {
            // Written as a text, it stays one.
            sheet.write_string(at, column, cell)?;
        }
    }
    sheet.autofit();
    Ok(book.save_to_buffer()?)
}

fn rows(desk: &Desk, frame: &Frame, clerk: &Clerk, query: &ListQuery) -> anyhow::Result<Vec<[String; 7]>> {
    let cards = desk.register.catalogue.newest(query.day.parse().ok(), None, MOST);
    block_in_place(|| desk.note_cards("export", &clerk.user.name, &cards))?;
    let heads = ["number", "lead", "travellers", "zones", "valid", "issued", "state"];
    let head = heads.map(|head| frame.say(&format!("list-{head}")));
    let row = |(line, travellers): (Line, usize)| {
        let state = if line.revoked { "list-revoked" } else { "list-in-force" };
        [
            line.number,
            line.lead,
            travellers.to_string(),
            line.zones,
            line.valid,
            line.issued_on,
            frame.say(state),
        ]
    };
    let travellers: Vec<usize> = cards.iter().map(|card| card.travellers).collect();
    let lines = lines(&cards, &desk.office.region, frame).into_iter().zip(travellers).map(row);
    Ok(std::iter::once(head).chain(lines).collect())
}

/// A cell that a spreadsheet would take for a formula gets an apostrophe (OWASP, "CSV injection").
fn harmless(cell: &str) -> String {
    let formula = cell.starts_with(['=', '+', '-', '@', '\t', '\r']);
    if formula { format!("'{cell}") } else { cell.to_owned() }
}

fn file(kind: &'static str, name: &str, bytes: Vec<u8>) -> Response {
    let disposition = format!("attachment; filename=\"{name}\"");
    ([(CONTENT_TYPE, kind.to_owned()), (CONTENT_DISPOSITION, disposition)], bytes).into_response()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_becomes_a_formula() {
        for cell in ["=1+1", "+7", "-1", "@SUM(A1)", "\t=1", "\r=1"] {
            assert_eq!(harmless(cell), format!("'{cell}"));
        }
        assert_eq!(harmless("O'BRIEN = 1"), "O'BRIEN = 1");
    }
}
