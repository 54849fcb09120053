//! Workbooks of Office Open XML, cell by cell: a sheet is never made as large as it claims to be.

use std::io::Cursor;
use std::panic::{AssertUnwindSafe, catch_unwind};

use calamine::{DataRef, ExcelDateTime, Reader, SheetType, SheetVisible, Xlsx, XlsxError};
use jiff::civil::Date;

use super::error::TableError;
use super::header::MAX_COLUMNS;
use super::sheet::{Cell, Row, Sheet};

/// The most rows of a sheet that are kept, empty ones aside. A sheet of more is no group.
pub(super) const MAX_ROWS: usize = 2_000;

/// Reads the visible sheets. Hidden ones are left out; hidden rows and columns are read: a filter drops nobody.
pub(super) fn read(bytes: &[u8]) -> Result<Vec<Sheet>, TableError> {
    // calamine counts on the numbers that a file names in a few places: a hostile one may overflow them.
    let result = catch_unwind(AssertUnwindSafe(|| sheets(bytes)));
    let result = result.unwrap_or(Err(XlsxError::Unexpected("a number is out of range")));
    result.map_err(|error| match error {
        XlsxError::Password => TableError::Password,
        error => TableError::Damaged(error.to_string()),
    })
}

fn sheets(bytes: &[u8]) -> Result<Vec<Sheet>, XlsxError> {
    let mut workbook: Xlsx<_> = Xlsx::new(Cursor::new(bytes))?;
    let visible = |sheet: &&calamine::Sheet| {
        sheet.typ == SheetType::WorkSheet && sheet.visible == SheetVisible::Visible
    };
    let names: Vec<String> =
        workbook.sheets_metadata().iter().filter(visible).map(|sheet| sheet.name.clone()).collect();
    names.into_iter().map(|name| sheet(&mut workbook, name)).collect()
}

fn sheet(workbook: &mut Xlsx<Cursor<&[u8]>>, name: String) -> Result<Sheet, XlsxError> {
    let mut rows: Vec<Row> = Vec::new();
    let mut reader = match workbook.worksheet_cells_reader(&name) {
        Err(XlsxError::NotAWorksheet(_)) => return Ok(Sheet { name: Some(name), ..Sheet::default() }),
        reader => reader?,
    };
    while let Some(record) = reader.next_cell_with_formula_metadata()? {
        let cell = match cell(&record.value) {
            Cell::Empty if record.formula.is_some() => Cell::Uncomputed,
            cell => cell,
        };
        let number = record.pos.0.saturating_add(1);
        let column = usize::try_from(record.pos.1).unwrap_or(usize::MAX);
        if cell.is_empty() || column >= MAX_COLUMNS {
            continue;
        }
        if rows.last().is_none_or(|row| row.number != number) {
            if rows.len() >= MAX_ROWS {
                break;
            }
            rows.push(Row { number, cells: Vec::new() });
        }
        let Some(row) = rows.last_mut() else { continue };
        if row.cells.len() <= column {
            row.cells.resize(column + 1, Cell::Empty);
        }
        if let Some(place) = row.cells.get_mut(column) {
            *place = cell;
        }
    }
    rows.sort_by_key(|row| row.number);
    Ok(Sheet { name: Some(name), rows, counted: false })
}

fn cell(value: &DataRef<'_>) -> Cell {
    match value {
        DataRef::Empty => Cell::Empty,
        #[expect(clippy::cast_precision_loss, reason = "no document number has 16 digits")]
        DataRef::Int(number) => Cell::Number(*number as f64),
        DataRef::Float(number) => Cell::Number(*number),
        DataRef::String(text) => Cell::of_text(text),
        DataRef::SharedString(text) => Cell::of_text(text),
        DataRef::Bool(true) => Cell::of_text("TRUE"),
        DataRef::Bool(false) => Cell::of_text("FALSE"),
        DataRef::DateTime(date) => day(date),
        DataRef::DateTimeIso(text) => iso_day(text),
        DataRef::DurationIso(_) => Cell::Time,
        DataRef::Error(error) => Cell::Error(error.to_string()),
    }
}

/// The day of a date cell, of the 1900 or the 1904 system.
fn day(date: &ExcelDateTime) -> Cell {
    let (year, month, day, ..) = date.to_ymd_hms_milli();
    let known = date.is_datetime() && (1.0..2_958_466.0).contains(&date.as_f64());
    let small = |number: u8| i8::try_from(number).unwrap_or_default();
    let date = Date::new(i16::try_from(year).unwrap_or_default(), small(month), small(day));
    date.ok().filter(|_| known).map_or(Cell::Time, Cell::Date)
}

/// The day of an ISO date, with or without a time.
pub(super) fn iso_day(text: &str) -> Cell {
    text.get(..10).and_then(|day| day.parse().ok()).map_or(Cell::Time, Cell::Date)
}
