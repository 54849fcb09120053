//! A group as a table: one traveller a row, columns in any order, headers in English, Russian or Kyrgyz, in a CSV file
//! or a workbook (.xlsx, .ods).
//!
//! Row numbers are those that the spreadsheet shows. Travellers are counted from 1 as everywhere (DESIGN.md §7); for
//! whoever mends the table a finding names the row too. An error names the cell, never what a traveller's cell holds.

mod column;
mod error;
mod excel;
mod header;
mod open_document;
mod order_sheet;
mod package;
mod sheet;
mod spelling;
#[cfg(test)]
mod tests;
mod text;

pub use error::{Damage, Foreign, Place, TableError};

pub(crate) use column::Column;
pub(crate) use order_sheet::Key;
pub(crate) use package::MAX_BYTES;
pub(crate) use sheet::{Cell, Row, Sheet, letters};

use crate::order::{OrderFile, TravellerEntry};
use header::{Almost, Header};
use package::Kind;

/// The most rows with travellers that are read. One permit takes fifty: the check says so, of any number up to this.
const MAX_TRAVELLER_ROWS: usize = 1_000;

/// A group's table, with where everything stands in it.
pub(crate) struct Table {
    /// The group's sheet.
    pub sheet: Sheet,
    /// Its header.
    pub header: Header,
    /// For each traveller the index of the row among the sheet's rows.
    pub rows: Vec<usize>,
    /// The sheet that says what holds for the whole group.
    pub order_sheet: Option<Sheet>,
    /// The order: its travellers, and what the order's sheet says.
    pub order: OrderFile,
}

/// Reads a table. `text_expected` where the file's name ends as a text's does; else it has to be a workbook.
pub(crate) fn read(bytes: &[u8], text_expected: bool) -> Result<Table, TableError> {
    let sheets = match package::kind(bytes, text_expected)? {
        Kind::Text => vec![text::read(bytes)?],
        Kind::Excel => excel::read(bytes)?,
        Kind::OpenDocument => open_document::read(bytes)?,
    };
    let (sheet, header) = group(&sheets)?;
    let order_sheet = sheets.iter().find(|other| order_sheet::is_order(other) && other.name != sheet.name);
    let mut order = order_sheet.map(order_sheet::read).transpose()?.unwrap_or_default();
    let mut rows = Vec::new();
    for (index, row) in sheet.rows.iter().enumerate().skip(header.at + 1) {
        let Some(entry) = traveller(sheet, &header, row)? else { continue };
        if rows.len() >= MAX_TRAVELLER_ROWS {
            return Err(TableError::TooManyRows { most: MAX_TRAVELLER_ROWS });
        }
        order.travellers.push(entry);
        rows.push(index);
    }
    if rows.is_empty() {
        return Err(TableError::NoRows);
    }
    Ok(Table { sheet: sheet.clone(), header, rows, order_sheet: order_sheet.cloned(), order })
}

/// The one sheet with a header that gives what every row needs; else what the nearest sheet lacks.
fn group(sheets: &[Sheet]) -> Result<(&Sheet, Header), TableError> {
    let mut found: Option<(&Sheet, Header)> = None;
    let mut nearest: Option<Almost> = None;
    for sheet in sheets {
        match (header::find(sheet), &found) {
            (Ok(_), Some((first, _))) => {
                let name = |sheet: &Sheet| sheet.name.clone().unwrap_or_default();
                return Err(TableError::TwoGroups { first: name(first), second: name(sheet) });
            }
            (Ok(header), None) => found = Some((sheet, header)),
            (Err(almost), _) => {
                if nearest.as_ref().is_none_or(|nearest| almost.score > nearest.score) {
                    nearest = Some(almost);
                }
            }
        }
    }
    found.ok_or_else(|| nearest.map_or(TableError::NoHeader, |almost| almost.error))
}

/// The traveller of a row; none where every column that is read is empty (a numbered form's unused rows).
fn traveller(sheet: &Sheet, header: &Header, row: &Row) -> Result<Option<TravellerEntry>, TableError> {
    let expected = header.columns.len();
    let beyond = row.cells.iter().skip(expected).any(|cell| !cell.is_empty());
    if sheet.counted && (row.cells.len() < expected || beyond) {
        return Err(TableError::Ragged { row: row.number, found: row.cells.len(), expected });
    }
    let mut entry = TravellerEntry::default();
    let mut any = false;
    for (index, column) in header.columns.iter().enumerate() {
        let cell = row.cell(index);
        if *column == Column::Ignored || cell.is_empty() {
            continue;
        }
        any = true;
        let text = column.read(cell).map_err(|damage| {
            let titles = sheet.rows.get(header.at);
            let header = titles.map(|titles| titles.cell(index).text()).unwrap_or_default();
            let place = Place { sheet: sheet.name.clone(), row: row.number, column: index, header };
            TableError::Cell { place, damage }
        })?;
        column.put(text, &mut entry);
    }
    if let Some(lines) = &mut entry.mrz {
        lines.retain(|line| !line.is_empty());
    }
    Ok(any.then_some(entry))
}

impl Table {
    /// The number of a traveller's row in the spreadsheet; travellers from 0.
    pub(crate) fn row_number(&self, traveller: usize) -> Option<u32> {
        self.rows.get(traveller).and_then(|index| self.sheet.rows.get(*index)).map(|row| row.number)
    }

    /// The column where a finding's field stands: its own, else the line of the MRZ that carries it.
    pub(crate) fn column_of(&self, field: &str) -> Option<usize> {
        let at =
            |wanted: &dyn Fn(Column) -> bool| self.header.columns.iter().position(|column| wanted(*column));
        let line = match field {
            "surname" | "given_names" | "issuing_state" | "document_code" => 0,
            _ => 1,
        };
        at(&|column| column.field() == field).or_else(|| at(&|column| column == Column::Mrz(line)))
    }

    /// The number of the header's row in the spreadsheet.
    pub(crate) fn row_of_titles(&self) -> u32 {
        self.sheet.rows.get(self.header.at).map_or(1, |titles| titles.number)
    }

    /// What the header says of a column.
    pub(crate) fn title(&self, column: usize) -> String {
        self.sheet.rows.get(self.header.at).map(|titles| titles.cell(column).text()).unwrap_or_default()
    }

    /// The columns with a title that were not read since it means nothing to the desk: letters and titles.
    pub(crate) fn unread(&self) -> Vec<String> {
        let named = self.header.unread.iter().map(|column| (letters(*column), self.title(*column)));
        named.map(|(letters, title)| format!("{letters} ({title})")).collect()
    }
}
