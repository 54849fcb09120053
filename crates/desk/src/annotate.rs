//! An annotated copy of a group's table: the same cells in the same rows, each finding at its cell as a colour and a note
//! that begins with its severity in a word, again as text in a column of its own, and all of them on a second sheet.
//!
//! The copy holds personal data: only its owner can read it.

use std::collections::BTreeMap;
use std::os::unix::fs::MetadataExt;
use std::path::Path;

use anyhow::Context;
use propusk_boot::{Language, Locales, Setting, private};
use propusk_passport::Severity;
use rust_xlsxwriter::{Color, DocProperties, ExcelDateTime, Format, FormatAlign, Note, Workbook, Worksheet};

use crate::check::Found;
use crate::table::{Column, Row, Sheet, Table, letters};

/// The most characters that a cell of a workbook takes.
const MAX_CELL: usize = 32_000;
/// The most characters of a sheet's name.
const MAX_NAME: usize = 28;

/// Refuses a name that is no workbook's, or the table itself.
pub(crate) fn may_write(out: &Path, input: &Path, setting: &Setting) -> anyhow::Result<()> {
    let file = [("file", out.display().to_string())];
    let is_xlsx = out.extension().is_some_and(|kind| kind.eq_ignore_ascii_case("xlsx"));
    anyhow::ensure!(is_xlsx, setting.say("annotate-kind", &file));
    let same = match (std::fs::metadata(out), std::fs::metadata(input)) {
        (Ok(out), Ok(input)) => (out.dev(), out.ino()) == (input.dev(), input.ino()),
        _ => false,
    };
    anyhow::ensure!(!same, setting.say("annotate-own-input", &file));
    Ok(())
}

/// The sentence for an order that is no table.
pub(crate) fn no_table(input: &Path, setting: &Setting) -> String {
    setting.say("annotate-no-table", &[("file", input.display().to_string())])
}

/// Writes the copy, whole or not at all, for its owner alone.
pub(crate) fn write(out: &Path, table: &Table, found: &[Found], setting: &Setting) -> anyhow::Result<()> {
    let copy = Copy { table, found, language: setting.language };
    let today = setting.clock.today();
    let small = |number: i8| u8::try_from(number).unwrap_or(1);
    let year = u16::try_from(today.year()).context("the year")?;
    let made = ExcelDateTime::from_ymd(year, small(today.month()), small(today.day()))?;
    let mut book = copy.workbook()?;
    book.set_properties(&DocProperties::new().set_creation_datetime(&made));
    private::write(out, &book.save_to_buffer()?)?;
    if !setting.json {
        let file = [("file", out.display().to_string())];
        setting.print(&(), || setting.say("annotate-written", &file))?;
    }
    Ok(())
}

struct Copy<'a> {
    table: &'a Table,
    found: &'a [Found],
    language: Language,
}

impl Copy<'_> {
    fn workbook(&self) -> anyhow::Result<Workbook> {
        let mut book = Workbook::new();
        let list = self.say("annotate-findings");
        let mut name = name(self.table.sheet.name.as_deref().unwrap_or(&self.say("template-group")));
        if name.eq_ignore_ascii_case(&list) {
            name.push_str(" 1");
        }
        let sheet = book.add_worksheet();
        sheet.set_name(&name)?;
        self.group(sheet)?;
        if let Some(order) = &self.table.order_sheet {
            let sheet = book.add_worksheet();
            sheet.set_name(order.name.as_deref().unwrap_or("order"))?;
            cells(sheet, order, &|_, _| Format::new().set_num_format("@"))?;
            sheet.set_column_width(0, 24)?.set_column_width(1, 40)?;
        }
        let sheet = book.add_worksheet();
        sheet.set_name(&list)?;
        self.list(sheet)?;
        Ok(book)
    }

    fn say(&self, id: &str) -> String {
        Locales::embedded().tell::<&str>(self.language, id, &[])
    }

    /// `Error: sentence → suggestion`
    fn sentence(&self, found: &Found) -> String {
        let severity = self.say(&format!("severity-{}", found.shown.severity));
        let hint = found.shown.suggestion.as_ref().map(|hint| format!(" → {hint}")).unwrap_or_default();
        format!("{severity}: {}{hint}", found.shown.message)
    }

    /// The group's sheet with its notes, and the findings' column after the last one.
    fn group(&self, sheet: &mut Worksheet) -> anyhow::Result<()> {
        let table = self.table;
        let text = Format::new().set_num_format("@");
        let titles = table.row_of_titles();
        let mut at_cell: BTreeMap<(u32, usize), Vec<&Found>> = BTreeMap::new();
        let mut at_row: BTreeMap<u32, Vec<&Found>> = BTreeMap::new();
        for one in self.found {
            let Some(row) = one.finding.row.and_then(|traveller| table.row_number(traveller)) else {
                continue;
            };
            at_row.entry(row).or_default().push(one);
            let column = one.finding.field.as_deref().and_then(|field| table.column_of(field));
            if let Some(column) = column.filter(|_| one.finding.severity > Severity::Info) {
                at_cell.entry((row, column)).or_default().push(one);
            }
        }
        let column = self.findings_column();
        let kept = without_column(&table.sheet, column);
        let format = |row: u32, column: usize| match at_cell.get(&(row, column)) {
            Some(several) => coloured(worst(several)),
            None if row == titles => text.clone().set_bold(),
            None => text.clone(),
        };
        cells(sheet, &kept, &format)?;
        for ((row, column), several) in &at_cell {
            let sentences: Vec<String> = several.iter().map(|one| self.sentence(one)).collect();
            // A cell that is empty has its colour too.
            let is_empty =
                table.sheet.rows.iter().any(|each| each.number == *row && each.cell(*column).is_empty());
            if is_empty {
                sheet.write_blank(row - 1, index(*column)?, &coloured(worst(several)))?;
            }
            sheet.insert_note(row - 1, index(*column)?, &note(&sentences.join("\n\n")))?;
        }
        let at = index(column)?;
        sheet.write_string_with_format(titles - 1, at, self.say("annotate-findings"), &text.set_bold())?;
        for (row, several) in &at_row {
            let sentences: Vec<String> = several.iter().map(|one| self.sentence(one)).collect();
            let format = coloured(worst(several)).set_text_wrap().set_align(FormatAlign::Top);
            sheet.write_string_with_format(row - 1, at, cut(&sentences.join("\n")), &format)?;
        }
        sheet.set_column_width(at, 70)?;
        sheet.set_freeze_panes(titles, 0)?;
        Ok(())
    }

    /// The column for the findings: the one that an annotated copy has already, else the first one after all others.
    fn findings_column(&self) -> usize {
        let headings = Language::ALL.map(|language| {
            Locales::embedded().tell::<&str>(language, "annotate-findings", &[]).to_lowercase()
        });
        let columns = self.table.header.columns.iter().enumerate();
        let ours = |(at, column): &(usize, &Column)| {
            **column == Column::Ignored && headings.contains(&self.table.title(*at).to_lowercase())
        };
        let last = self.table.sheet.rows.iter().map(|row| row.cells.len()).max().unwrap_or_default();
        columns.into_iter().find(ours).map_or(last, |(at, _)| at)
    }

    /// All findings as rows, those about the order as a whole first.
    fn list(&self, sheet: &mut Worksheet) -> anyhow::Result<()> {
        let bold = Format::new().set_bold();
        let wrapped = Format::new().set_text_wrap().set_align(FormatAlign::Top);
        let heads = ["severity", "traveller", "row", "column", "finding", "suggestion", "code"];
        let widths = [16.0, 14.0, 8.0, 30.0, 80.0, 24.0, 26.0];
        for ((column, head), width) in (0..).zip(heads).zip(widths) {
            sheet.write_string_with_format(0, column, self.say(&format!("annotate-{head}")), &bold)?;
            sheet.set_column_width(column, width)?;
        }
        for (row, one) in (1..).zip(self.found) {
            let field = one.finding.field.clone().unwrap_or_default();
            let column = one.finding.row.and_then(|_| self.table.column_of(&field));
            let column = column.map_or(field, |at| format!("{} ({})", letters(at), self.table.title(at)));
            let traveller = one.finding.row;
            let number = traveller.and_then(|traveller| self.table.row_number(traveller));
            let texts = [
                self.say(&format!("severity-{}", one.shown.severity)),
                traveller.map(|traveller| (traveller + 1).to_string()).unwrap_or_default(),
                number.map(|number| number.to_string()).unwrap_or_default(),
                column,
                one.shown.message.clone(),
                one.shown.suggestion.clone().unwrap_or_default(),
                one.shown.code.clone(),
            ];
            for (column, text) in (0..).zip(texts) {
                let format = if column == 0 { coloured(one.finding.severity) } else { wrapped.clone() };
                sheet.write_string_with_format(row, column, cut(&text), &format)?;
            }
        }
        sheet.set_freeze_panes(1, 0)?;
        Ok(())
    }
}

/// Writes a sheet's cells as texts, where they stand.
fn cells(sheet: &mut Worksheet, from: &Sheet, format: &dyn Fn(u32, usize) -> Format) -> anyhow::Result<()> {
    let mut widths: BTreeMap<usize, usize> = BTreeMap::new();
    for row in &from.rows {
        for (column, cell) in row.cells.iter().enumerate().filter(|(_, cell)| !cell.is_empty()) {
            let text = cell.text();
            let width = widths.entry(column).or_default();
            *width = text.chars().count().clamp(*width, 52);
            sheet.write_string_with_format(
                row.number - 1,
                index(column)?,
                cut(&text),
                &format(row.number, column),
            )?;
        }
    }
    for (column, width) in widths {
        let width = u8::try_from(width).unwrap_or(u8::MAX);
        sheet.set_column_width(index(column)?, f64::from(width) + 3.0)?;
    }
    Ok(())
}

fn without_column(sheet: &Sheet, column: usize) -> Sheet {
    let mut sheet = sheet.clone();
    let cell = |row: &mut Row| {
        if let Some(cell) = row.cells.get_mut(column) {
            *cell = crate::table::Cell::Empty;
        }
    };
    sheet.rows.iter_mut().for_each(cell);
    sheet
}

fn index(column: usize) -> anyhow::Result<u16> {
    u16::try_from(column).context("the table has too many columns")
}

fn worst(several: &[&Found]) -> Severity {
    several.iter().map(|one| one.finding.severity).max().unwrap_or(Severity::Info)
}

fn coloured(severity: Severity) -> Format {
    let (ground, ink) = match severity {
        Severity::Error => (0x00FF_C7CE, 0x009C_0006),
        Severity::Warning => (0x00FF_EB9C, 0x007F_4F00),
        Severity::Info => (0x00DD_EBF7, 0x001F_4E79),
    };
    let format = Format::new().set_num_format("@").set_align(FormatAlign::Top);
    let format = format.set_background_color(Color::RGB(ground)).set_font_color(Color::RGB(ink));
    if severity == Severity::Error { format.set_bold() } else { format }
}

/// A note that is as high as its text needs at some 45 characters a line.
fn note(text: &str) -> Note {
    let lines: usize = text.lines().map(|line| line.chars().count() / 45 + 1).sum();
    let height = u32::try_from(lines * 18 + 20).unwrap_or(u32::MAX).min(600);
    Note::new(cut(text)).add_author_prefix(false).set_width(340).set_height(height)
}

fn cut(text: &str) -> String {
    text.chars().take(MAX_CELL).collect()
}

/// A name that a workbook takes for a sheet.
fn name(name: &str) -> String {
    let kept: String = name.chars().filter(|c| !"[]:*?/\\'".contains(*c)).take(MAX_NAME).collect();
    if kept.trim().is_empty() { "group".to_owned() } else { kept }
}

#[cfg(test)]
mod tests {
    use std::io::{Cursor, Read};

    use propusk_permit::order::OrderFinding;

    use super::*;
    use crate::check::FindingRow;
    use crate::table;

    const GROUP: &str = "Group 7\n\nsurname;passport;nationality;dob;expiry;phone\n\
                         ERIKSSON;L8989O2C3;UTO;1974-08-12;2031-01-01;007\n\n\
                         EVIL;=1+1;UTO;;2031-01-01;\n";

    fn found(traveller: Option<usize>, field: &str, severity: Severity, message: &str) -> Found {
        let (code, suggestion) = ("specimen", Some("L898902C3".to_owned()));
        let field = Some(field.to_owned());
        let shown = FindingRow {
            row: traveller.map(|traveller| traveller + 1),
            code: code.to_owned(),
            severity: severity.as_str().to_owned(),
            field: field.clone(),
            message: message.to_owned(),
            suggestion: suggestion.clone(),
        };
        Found {
            finding: OrderFinding { row: traveller, code, severity, field, args: vec![], suggestion },
            shown,
        }
    }

    fn annotate(table: &Table, found: &[Found]) -> Vec<u8> {
        Copy { table, found, language: Language::En }.workbook().unwrap().save_to_buffer().unwrap()
    }

    fn part(bytes: &[u8], name: &str) -> String {
        let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).unwrap();
        let mut text = String::new();
        archive.by_name(name).unwrap().read_to_string(&mut text).unwrap();
        text
    }

    #[test]
    fn a_copy_has_the_same_rows_and_every_finding_at_its_cell() {
        let read = table::read(GROUP.as_bytes(), true).unwrap();
        let all = [
            found(None, "", Severity::Warning, "The first day has passed."),
            found(Some(0), "document_number", Severity::Error, "Character 6 is wrong."),
            found(Some(0), "document_number", Severity::Warning, "Look at it."),
            found(Some(1), "birth_date", Severity::Error, "It is missing."),
            found(Some(1), "sex", Severity::Error, "No such column."),
        ];
        let bytes = annotate(&read, &all);
        let again = table::read(&bytes, false).unwrap();
        let entries = |table: &Table| serde_json::to_value(&table.order.travellers).unwrap();
        assert_eq!(entries(&again), entries(&read));
        assert_eq!((again.row_number(0), again.row_number(1)), (Some(4), Some(6)));
        assert_eq!(again.title(6), "Findings");
        let text = again.sheet.rows[2].cell(6).text();
        assert_eq!(text, "Error: Character 6 is wrong. → L898902C3 Please confirm: Look at it. → L898902C3");
        let notes = part(&bytes, "xl/comments1.xml");
        assert!(notes.contains("ref=\"B4\"") && notes.contains("Error: Character 6 is wrong."), "{notes}");
        assert!(notes.contains("ref=\"D6\"") && notes.contains("Error: It is missing."), "an empty cell too");
        assert!(!part(&bytes, "xl/worksheets/sheet1.xml").contains("<f>"), "a text is never a formula");
        assert!(part(&bytes, "xl/sharedStrings.xml").contains("The first day has passed."));
        // Annotated again, the findings of before are gone.
        let twice = table::read(&annotate(&again, &all[1..2]), false).unwrap();
        assert_eq!(twice.sheet.rows[2].cell(6).text(), "Error: Character 6 is wrong. → L898902C3");
        assert_eq!((twice.sheet.rows[3].cell(6).text(), twice.title(7)), (String::new(), String::new()));
    }

    #[test]
    fn names_of_sheets_are_made_to_fit() {
        assert_eq!(name("a/b:[c]"), "abc");
        assert_eq!(name("??"), "group");
        assert_eq!(name(&"ө".repeat(40)).chars().count(), MAX_NAME);
    }
}
