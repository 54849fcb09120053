//! A group as a table: one traveller a row, columns in any order, headers in English, Russian or Kyrgyz.

use csv::{ReaderBuilder, StringRecord};

use crate::DeskError;
use crate::order::TravellerEntry;

/// A column of the table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Column {
    Mrz(usize),
    Surname,
    GivenNames,
    DocumentNumber,
    Nationality,
    BirthDate,
    Sex,
    ExpiryDate,
    IssuingState,
    VisualName,
    Role,
    Ignored,
}

/// Every header that is understood, folded: lower case, blanks and hyphens as underscores.
const HEADERS: &[(&str, Column)] = &[
    ("mrz1", Column::Mrz(0)),
    ("mrz2", Column::Mrz(1)),
    ("mrz3", Column::Mrz(2)),
    ("surname", Column::Surname),
    ("фамилия", Column::Surname),
    ("фамилиясы", Column::Surname),
    ("given_names", Column::GivenNames),
    ("имена", Column::GivenNames),
    ("имя", Column::GivenNames),
    ("аты", Column::GivenNames),
    ("document_number", Column::DocumentNumber),
    ("номер_паспорта", Column::DocumentNumber),
    ("номер_документа", Column::DocumentNumber),
    ("паспорт_номери", Column::DocumentNumber),
    ("nationality", Column::Nationality),
    ("гражданство", Column::Nationality),
    ("жарандыгы", Column::Nationality),
    ("birth_date", Column::BirthDate),
    ("дата_рождения", Column::BirthDate),
    ("туулган_күнү", Column::BirthDate),
    ("sex", Column::Sex),
    ("пол", Column::Sex),
    ("жынысы", Column::Sex),
    ("expiry_date", Column::ExpiryDate),
    ("действителен_до", Column::ExpiryDate),
    ("жарактуу_мөөнөтү", Column::ExpiryDate),
    ("issuing_state", Column::IssuingState),
    ("кем_выдан", Column::IssuingState),
    ("берген_мамлекет", Column::IssuingState),
    ("visual_name", Column::VisualName),
    ("имя_как_в_паспорте", Column::VisualName),
    ("паспорттогу_аты", Column::VisualName),
    ("role", Column::Role),
    ("роль", Column::Role),
    ("милдети", Column::Role),
    ("", Column::Ignored),
    ("№", Column::Ignored),
    ("no", Column::Ignored),
];

/// Reads a table's travellers.
pub(crate) fn read(file: &str, text: &str) -> Result<Vec<TravellerEntry>, DeskError> {
    let mut reader =
        ReaderBuilder::new().delimiter(delimiter(text)).has_headers(true).from_reader(text.as_bytes());
    let syntax = |error: &csv::Error| DeskError::Syntax { file: file.to_owned(), why: explain(error) };
    let columns = columns(file, reader.headers().map_err(|error| syntax(&error))?)?;
    let mut entries = Vec::new();
    for row in reader.records() {
        let row = row.map_err(|error| syntax(&error))?;
        if row.iter().any(|cell| !cell.trim().is_empty()) {
            entries.push(entry(&columns, &row));
        }
    }
    if entries.is_empty() {
        return Err(DeskError::NoRows { file: file.to_owned() });
    }
    Ok(entries)
}

/// Whichever of semicolon, tab and comma the header has most of.
fn delimiter(text: &str) -> u8 {
    let header = text.lines().next().unwrap_or_default();
    let count = |byte: u8| header.bytes().filter(|found| *found == byte).count();
    *b",;\t".iter().max_by_key(|byte| (count(**byte), **byte == b',')).unwrap_or(&b',')
}

fn fold(header: &str) -> String {
    header.trim().to_lowercase().replace([' ', '-'], "_")
}

fn columns(file: &str, header: &StringRecord) -> Result<Vec<Column>, DeskError> {
    let mut columns = Vec::new();
    for (index, cell) in header.iter().enumerate() {
        let folded = fold(cell);
        let known = HEADERS.iter().find(|(name, _)| *name == folded).map(|(_, column)| *column);
        let column = known.ok_or_else(|| DeskError::UnknownColumn {
            file: file.to_owned(),
            column: index + 1,
            found: cell.to_owned(),
            hint: nearest(&folded),
        })?;
        columns.push(column);
    }
    let required = [
        (Column::Surname, "surname"),
        (Column::DocumentNumber, "document_number"),
        (Column::Nationality, "nationality"),
        (Column::BirthDate, "birth_date"),
        (Column::ExpiryDate, "expiry_date"),
    ];
    let absent = |column: &Column| !columns.contains(column);
    let missing: Vec<&str> =
        required.iter().filter(|(column, _)| absent(column)).map(|(_, name)| *name).collect();
    let has_mrz = !absent(&Column::Mrz(0)) && !absent(&Column::Mrz(1));
    if missing.is_empty() || has_mrz {
        return Ok(columns);
    }
    let found: Vec<&str> = header.iter().collect();
    Err(DeskError::MissingColumn {
        file: file.to_owned(),
        missing: missing.join(", "),
        found: found.join(", "),
    })
}

/// `; did you mean …?` where a header is within two letters of a known one.
fn nearest(folded: &str) -> String {
    let close = HEADERS
        .iter()
        .filter(|(name, _)| name.len() > 3)
        .map(|(name, _)| (strsim::damerau_levenshtein(name, folded), name))
        .min();
    match close {
        Some((distance, name)) if distance <= 2 => format!("; did you mean {name}?"),
        _ => String::new(),
    }
}

fn entry(columns: &[Column], row: &StringRecord) -> TravellerEntry {
    let mut entry = TravellerEntry::default();
    let mut mrz = vec![String::new(); 3];
    for (column, cell) in columns.iter().zip(row) {
        let text = cell.trim().to_owned();
        match column {
            Column::Mrz(line) => mrz[*line] = text,
            Column::Surname => entry.surname = text,
            Column::GivenNames => entry.given_names = text,
            Column::DocumentNumber => entry.document_number = text,
            Column::Nationality => entry.nationality = text,
            Column::BirthDate => entry.birth_date = text,
            Column::Sex => entry.sex = text,
            Column::ExpiryDate => entry.expiry_date = text,
            Column::IssuingState => entry.issuing_state = text,
            Column::VisualName => entry.visual_name = text,
            Column::Role => entry.role = text,
            Column::Ignored => {}
        }
    }
    mrz.retain(|line| !line.is_empty());
    entry.mrz = (!mrz.is_empty()).then_some(mrz);
    entry
}

/// The parser's reason with the row it stands in.
fn explain(error: &csv::Error) -> String {
    match error.kind() {
        csv::ErrorKind::UnequalLengths { pos, expected_len, len } => {
            let row = pos.as_ref().map_or(0, csv::Position::line);
            format!(
                "line {row} has {len} cells, the header has {expected_len}; is a separator or a quote missing?"
            )
        }
        _ => error.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headers_in_any_language_and_order() {
        let text = "Дата рождения;фамилия;Имя;номер паспорта;гражданство;действителен до;роль\n\
                    1974-08-12;ERIKSSON;ANNA;L898902C3;UTO;2031-01-01;гид\n";
        let Ok(entries) = read("group.csv", text) else { panic!("the table is good") };
        assert_eq!((entries[0].surname.as_str(), entries[0].birth_date.as_str()), ("ERIKSSON", "1974-08-12"));
        assert_eq!(entries[0].role, "гид");
    }

    #[test]
    fn errors_name_file_row_and_column() {
        let error = |text| read("g.csv", text).err().map(|error| error.to_string()).unwrap_or_default();
        let missing = error("surname,nationality,birth_date,expiry_date\nA,B,C,D\n");
        assert!(missing.contains("g.csv") && missing.contains("no column document_number"), "{missing}");
        let unknown = error("surnme,document_number\nA,B\n");
        assert!(unknown.contains("column 1 is “surnme”") && unknown.contains("surname?"), "{unknown}");
        let ragged = error("mrz1,mrz2\nA,B\nC\n");
        assert!(ragged.contains("line 3 has 1 cells"), "{ragged}");
        assert!(matches!(read("g.csv", "mrz1,mrz2\n"), Err(DeskError::NoRows { .. })));
    }
}
