//! Spreadsheets of OpenDocument (ODF 1.3 part 3, §9 and §19), read as a stream: whatever a file says of repeated rows,
//! columns and blanks, no more is made of it than a group needs.

use std::collections::BTreeSet;
use std::io::{BufReader, Cursor, Read};

use quick_xml::Reader;
use quick_xml::escape::{resolve_xml_entity, unescape};
use quick_xml::events::{BytesStart, Event};
use zip::ZipArchive;

use super::error::TableError;
use super::excel::{MAX_ROWS, iso_day};
use super::header::MAX_COLUMNS;
use super::sheet::{Cell, Row, Sheet};

/// The longest text of a cell, in bytes.
const MAX_CELL_BYTES: usize = 10_000;

type Xml<'a> = Reader<BufReader<zip::read::ZipFile<'a, Cursor<&'a [u8]>>>>;

/// Reads the visible sheets. Hidden rows and columns are read.
pub(super) fn read(bytes: &[u8]) -> Result<Vec<Sheet>, TableError> {
    let mut archive = ZipArchive::new(Cursor::new(bytes)).map_err(|error| damaged(&error))?;
    let mut manifest = String::new();
    if let Ok(file) = archive.by_name("META-INF/manifest.xml") {
        BufReader::new(file).read_to_string(&mut manifest).map_err(|error| damaged(&error))?;
    }
    if manifest.contains("encryption-data") {
        return Err(TableError::Password);
    }
    let content = archive.by_name("content.xml").map_err(|error| damaged(&error))?;
    let mut xml = Reader::from_reader(BufReader::new(content));
    xml.config_mut().expand_empty_elements = true;
    document(&mut xml)
}

fn damaged(error: &dyn std::fmt::Display) -> TableError {
    TableError::Damaged(error.to_string())
}

fn document(xml: &mut Xml<'_>) -> Result<Vec<Sheet>, TableError> {
    let mut sheets = Vec::new();
    let mut style = String::new();
    let mut hidden = BTreeSet::new();
    let mut buffer = Vec::new();
    loop {
        buffer.clear();
        match xml.read_event_into(&mut buffer).map_err(|error| damaged(&error))? {
            Event::Start(tag) => match tag.name().as_ref() {
                "style:style" => style = attribute(&tag, "style:name")?.unwrap_or_default(),
                "style:table-properties" if attribute(&tag, "table:display")?.as_deref() == Some("false") => {
                    hidden.insert(style.clone());
                }
                "table:table" => {
                    let name = attribute(&tag, "table:name")?;
                    let visible =
                        attribute(&tag, "table:style-name")?.is_none_or(|style| !hidden.contains(&style));
                    let rows = table(xml)?;
                    if visible {
                        sheets.push(Sheet { name, rows, counted: false });
                    }
                }
                _ => {}
            },
            Event::Eof => return Ok(sheets),
            _ => {}
        }
    }
}

/// The rows of a table, to its end.
fn table(xml: &mut Xml<'_>) -> Result<Vec<Row>, TableError> {
    let mut rows: Vec<Row> = Vec::new();
    let mut next: u32 = 1;
    let mut depth = 0_usize;
    let mut buffer = Vec::new();
    loop {
        buffer.clear();
        match xml.read_event_into(&mut buffer).map_err(|error| damaged(&error))? {
            Event::Start(tag) => match tag.name().as_ref() {
                "table:table-row" => {
                    let repeated = repeats(&tag, "table:number-rows-repeated")?;
                    let cells = row(xml)?;
                    if !cells.is_empty() {
                        let many = usize::try_from(repeated).unwrap_or(usize::MAX);
                        let kept = many.min(MAX_ROWS.saturating_sub(rows.len()));
                        let numbers = (next..).take(kept);
                        rows.extend(numbers.map(|number| Row { number, cells: cells.clone() }));
                    }
                    next = next.saturating_add(repeated);
                }
                // A table within a table belongs to a cell.
                "table:table" => depth += 1,
                _ => {}
            },
            Event::End(tag) if tag.name().as_ref() == "table:table" => {
                if depth == 0 {
                    return Ok(rows);
                }
                depth -= 1;
            }
            Event::Eof => return Err(cut_short()),
            _ => {}
        }
    }
}

/// The cells of a row, to its end, without the empty ones after the last.
fn row(xml: &mut Xml<'_>) -> Result<Vec<Cell>, TableError> {
    let mut cells: Vec<Cell> = Vec::new();
    let mut column = 0_usize;
    let mut buffer = Vec::new();
    loop {
        buffer.clear();
        match xml.read_event_into(&mut buffer).map_err(|error| damaged(&error))? {
            Event::Start(tag)
                if matches!(tag.name().as_ref(), "table:table-cell" | "table:covered-table-cell") =>
            {
                let repeated = usize::try_from(repeats(&tag, "table:number-columns-repeated")?);
                let end = column.saturating_add(repeated.unwrap_or(usize::MAX)).min(MAX_COLUMNS);
                let covered = tag.name().as_ref() == "table:covered-table-cell";
                let typed = Typed::of(&tag)?;
                let name = tag.name().as_ref().to_owned();
                let text = paragraphs(xml, &name)?;
                let cell = typed.cell(&text);
                // What a merged cell covers is not seen.
                if !covered && !cell.is_empty() && column < end {
                    cells.resize(end, Cell::Empty);
                    cells.iter_mut().skip(column).for_each(|place| *place = cell.clone());
                }
                column = end;
            }
            Event::End(tag) if tag.name().as_ref() == "table:table-row" => return Ok(cells),
            Event::Eof => return Err(cut_short()),
            _ => {}
        }
    }
}

/// What a cell's attributes say of its value (ODF 1.3 part 3, §19.387).
#[derive(Default)]
struct Typed {
    kind: String,
    value: String,
    error: bool,
    formula: bool,
}

impl Typed {
    fn of(tag: &BytesStart<'_>) -> Result<Self, TableError> {
        let mut typed = Self::default();
        for attribute in tag.attributes().with_checks(false) {
            let attribute = attribute.map_err(|error| damaged(&error))?;
            let value = unescape(&attribute.value).map_err(|error| damaged(&error))?;
            match attribute.key.as_ref() {
                "office:value-type" => typed.kind = value.into_owned(),
                "office:value"
                | "office:date-value"
                | "office:time-value"
                | "office:boolean-value"
                | "office:string-value" => typed.value = value.into_owned(),
                "calcext:value-type" => typed.error = value == "error",
                "table:formula" => typed.formula = true,
                _ => {}
            }
        }
        Ok(typed)
    }

    fn cell(&self, text: &str) -> Cell {
        match self.kind.as_str() {
            _ if self.error => {
                Cell::Error(if text.is_empty() { "#VALUE!".to_owned() } else { text.to_owned() })
            }
            "date" => iso_day(&self.value),
            "time" => Cell::Time,
            "float" | "currency" | "percentage" => {
                self.value.parse().map_or_else(|_| Cell::of_text(text), Cell::Number)
            }
            "" if self.formula => Cell::Uncomputed,
            _ if self.value.is_empty() => Cell::of_text(text),
            "boolean" => Cell::of_text(&self.value.to_uppercase()),
            _ => Cell::of_text(&self.value),
        }
    }
}

/// The text of a cell, to its end: paragraphs in lines, blanks as written, notes left out.
fn paragraphs(xml: &mut Xml<'_>, cell: &str) -> Result<String, TableError> {
    let mut text = String::new();
    let mut note = false;
    let mut paragraph = 0_usize;
    // A cell within a table within this cell ends before this one does.
    let mut inner = 0_usize;
    let mut buffer = Vec::new();
    loop {
        buffer.clear();
        match xml.read_event_into(&mut buffer).map_err(|error| damaged(&error))? {
            Event::Start(tag) => match tag.name().as_ref() {
                "office:annotation" => note = true,
                "text:p" if !note => {
                    paragraph += 1;
                    if !text.is_empty() {
                        text.push('\n');
                    }
                }
                "text:s" if !note => text.push(' '),
                "text:tab" | "text:line-break" if !note => text.push('\n'),
                name if name == cell => inner += 1,
                _ => {}
            },
            Event::End(tag) => match tag.name().as_ref() {
                "office:annotation" => note = false,
                "text:p" => paragraph = paragraph.saturating_sub(1),
                name if name == cell => {
                    if inner == 0 {
                        return Ok(text);
                    }
                    inner -= 1;
                }
                _ => {}
            },
            Event::Text(part) if paragraph > 0 && !note => text.push_str(&part.xml10_content()),
            Event::GeneralRef(part) if paragraph > 0 && !note => {
                let known = resolve_xml_entity(part.as_ref());
                let coded = part.resolve_char_ref().map_err(|error| damaged(&error))?;
                text.extend(known.map(str::to_owned).or_else(|| coded.map(String::from)));
            }
            Event::Eof => return Err(cut_short()),
            _ => {}
        }
        if text.len() > MAX_CELL_BYTES {
            return Err(TableError::Damaged(format!("a cell of more than {MAX_CELL_BYTES} bytes")));
        }
    }
}

fn cut_short() -> TableError {
    TableError::Damaged("content.xml ends too early".to_owned())
}

fn attribute(tag: &BytesStart<'_>, name: &str) -> Result<Option<String>, TableError> {
    let Some(attribute) = tag.try_get_attribute(name).map_err(|error| damaged(&error))? else {
        return Ok(None);
    };
    Ok(Some(unescape(&attribute.value).map_err(|error| damaged(&error))?.into_owned()))
}

fn repeats(tag: &BytesStart<'_>, name: &str) -> Result<u32, TableError> {
    match attribute(tag, name)? {
        Some(number) => number.parse().map_err(|error| damaged(&error)),
        None => Ok(1),
    }
}
