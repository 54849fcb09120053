//! Which row of a sheet is the header, and what each of its columns means.

use super::column::{Column, Meaning, Script, meaning};
use super::error::{Place, TableError};
use super::sheet::{Row, Sheet};
use super::spelling;

/// So many rows may stand above the header: titles, the agency's name, empty rows aside.
const MAX_ROWS_ABOVE: usize = 30;
/// A longer text is no misspelled title.
const MAX_TITLE: usize = 60;
/// Columns beyond these are not looked at.
pub(super) const MAX_COLUMNS: usize = 200;

/// A header that gives every row what it needs.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Header {
    /// Its index among the sheet's rows.
    pub at: usize,
    /// What each column means; those beyond are not read.
    pub columns: Vec<Column>,
    /// The columns whose header means nothing to the desk, from 0.
    pub unread: Vec<usize>,
}

/// How near a sheet came to being a group.
#[derive(Debug)]
pub(super) struct Almost {
    /// Columns that were understood, and columns.
    pub score: (usize, usize),
    /// What is wrong with the best row.
    pub error: TableError,
}

/// What every row needs where there is no MRZ.
const REQUIRED: [(Column, &str); 5] = [
    (Column::Surname, "surname"),
    (Column::DocumentNumber, "document_number"),
    (Column::Nationality, "nationality"),
    (Column::BirthDate, "birth_date"),
    (Column::ExpiryDate, "expiry_date"),
];

/// Finds the header of a sheet: the first row that has every column that is needed, else what the best row lacks.
pub(super) fn find(sheet: &Sheet) -> Result<Header, Almost> {
    let mut best = Almost { score: (0, 0), error: TableError::NoHeader };
    for (at, row) in sheet.rows.iter().enumerate().take(MAX_ROWS_ABOVE + 1) {
        match read(sheet, at, row) {
            Ok(header) => return Ok(header),
            Err(almost) if almost.score > best.score => best = almost,
            Err(_) => {}
        }
    }
    Err(best)
}

fn read(sheet: &Sheet, at: usize, row: &Row) -> Result<Header, Almost> {
    let texts: Vec<String> = row.cells.iter().take(MAX_COLUMNS).map(super::sheet::Cell::text).collect();
    let meanings: Vec<Meaning> = texts.iter().map(|text| meaning(text)).collect();
    let says = |meaning: &Meaning| match meaning {
        Meaning::Column(column, _) => *column != Column::Ignored,
        Meaning::FullName => true,
        Meaning::Unknown => false,
    };
    let score = meanings.iter().filter(|meaning| says(meaning)).count();
    let almost = |error| Almost { score: (score, texts.len()), error };
    if score == 0 {
        return Err(Almost { score: (0, 0), error: TableError::NoHeader });
    }
    let place = |column: usize| Place {
        sheet: sheet.name.clone(),
        row: row.number,
        column,
        header: texts.get(column).cloned().unwrap_or_default(),
    };
    let (columns, unread) = columns(&meanings).map_err(|duplicate| {
        let Duplicate { first, second } = duplicate;
        almost(TableError::DuplicateColumn { place: place(second), first })
    })?;
    let hinted = |at: &usize| {
        let title = texts.get(*at).filter(|title| title.chars().count() <= MAX_TITLE)?;
        Some((*at, spelling::nearest(title)?))
    };
    if let Some((column, hint)) = unread.iter().find_map(hinted) {
        return Err(almost(TableError::UnknownColumn { place: place(column), hint }));
    }
    let has = |column: &Column| columns.contains(column);
    let missing: Vec<&'static str> =
        REQUIRED.iter().filter(|(column, _)| !has(column)).map(|(_, name)| *name).collect();
    if missing.is_empty() || (has(&Column::Mrz(0)) && has(&Column::Mrz(1))) {
        return Ok(Header { at, columns, unread });
    }
    let full_name = meanings.iter().position(|meaning| *meaning == Meaning::FullName);
    Err(almost(match full_name {
        Some(column) if missing.contains(&"surname") => TableError::FullName { place: place(column) },
        _ => {
            let found: Vec<&str> = texts.iter().map(String::as_str).filter(|text| !text.is_empty()).collect();
            TableError::MissingColumn { missing, found: found.join(", ") }
        }
    }))
}

struct Duplicate {
    first: usize,
    second: usize,
}

/// What each column means, and which ones mean nothing. Of two columns for a name, the one in Latin letters is the
/// name, as the MRZ has it; the other one is the name as the passport writes it.
fn columns(meanings: &[Meaning]) -> Result<(Vec<Column>, Vec<usize>), Duplicate> {
    let mut columns = Vec::new();
    let mut scripts = Vec::new();
    let mut unread = Vec::new();
    for (at, meaning) in meanings.iter().enumerate() {
        let (mut column, script) = match meaning {
            Meaning::Column(column, script) => (*column, *script),
            _ => {
                unread.push(at);
                (Column::Ignored, Script::Any)
            }
        };
        let earlier = columns.iter().position(|other| *other == column && column != Column::Ignored);
        if let Some(first) = earlier {
            let two_scripts = matches!(column, Column::Surname | Column::GivenNames | Column::Patronymic);
            match (two_scripts, scripts.get(first).copied().unwrap_or(Script::Any)) {
                (true, other) if other > script => column = Column::VisualPart,
                (true, other) if other < script => columns[first] = Column::VisualPart,
                _ => return Err(Duplicate { first, second: at }),
            }
        }
        columns.push(column);
        scripts.push(script);
    }
    if columns.contains(&Column::VisualName) {
        // The whole name is there already.
        columns
            .iter_mut()
            .filter(|column| **column == Column::VisualPart)
            .for_each(|part| *part = Column::Ignored);
    }
    Ok((columns, unread))
}
