//! An empty table for a group: headers in the clerk's language, every column explained, one example.
//!
//! All columns are texts, so that no spreadsheet turns a document number into a number or a date into another. The CSV
//! begins with a byte order mark and separates with `;`: that is what Excel opens rightly where the system's decimal sign
//! is a comma, as it is in Russian and Kyrgyz; it still may damage what is typed there, so .xlsx is the better choice.

use std::fs::Permissions;
use std::io::Write;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use anyhow::Context;
use jiff::ToSpan;
use jiff::civil::Date;
use propusk_boot::{Language, Locales, Setting};
use propusk_passport::{Person, Sex, td3_lines};
use rust_xlsxwriter::{
    Color, DataValidation, DocProperties, ExcelDateTime, Format, FormatAlign, Note, Workbook, Worksheet,
};

use crate::table::{Column, Key};

/// The template's columns in their order, with the characters that each shows.
const COLUMNS: [(Column, f64); 11] = [
    (Column::Surname, 20.0),
    (Column::GivenNames, 20.0),
    (Column::DocumentNumber, 18.0),
    (Column::Nationality, 13.0),
    (Column::BirthDate, 14.0),
    (Column::Sex, 7.0),
    (Column::ExpiryDate, 17.0),
    (Column::Mrz(0), 52.0),
    (Column::Mrz(1), 52.0),
    (Column::VisualName, 26.0),
    (Column::Role, 12.0),
];

/// The rows under the header that offer choices: a permit's travellers.
const ROWS: u32 = 50;

/// Writes the template; nothing is overwritten.
pub(crate) fn write(out: &Path, setting: &Setting) -> anyhow::Result<()> {
    let file = || [("file", out.display().to_string())];
    let today = setting.clock.today();
    let kind = out.extension().and_then(|kind| kind.to_str()).unwrap_or_default().to_lowercase();
    let bytes = match kind.as_str() {
        "xlsx" => workbook(setting.language, today)?.save_to_buffer()?,
        "csv" => csv(setting.language, today)?,
        _ => anyhow::bail!(setting.say("template-kind", &file())),
    };
    create(out, &bytes).map_err(|error| match error.kind() {
        std::io::ErrorKind::AlreadyExists => anyhow::anyhow!(setting.say("template-exists", &file())),
        _ => anyhow::Error::from(error).context(out.display().to_string()),
    })
}

/// Writes a new file, whole or not at all.
fn create(out: &Path, bytes: &[u8]) -> std::io::Result<()> {
    let folder = match out.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent,
        _ => Path::new("."),
    };
    // It holds no personal data: whoever may read the folder may read it.
    let open = Permissions::from_mode(0o644);
    let mut file = tempfile::Builder::new().prefix(".new-").permissions(open).tempfile_in(folder)?;
    file.write_all(bytes)?;
    file.as_file().sync_all()?;
    file.persist_noclobber(out).map(drop).map_err(|error| error.error)
}

fn say(language: Language, id: &str) -> String {
    Locales::embedded().tell::<&str>(language, id, &[])
}

fn label(language: Language, column: Column) -> String {
    say(language, &format!("column-{}", column.field()))
}

/// ICAO's specimen with a passport that is valid.
fn specimen(today: Date) -> anyhow::Result<Vec<String>> {
    let person = Person {
        surname: Some("ERIKSSON".to_owned()),
        given_names: Some("ANNA MARIA".to_owned()),
        document_number: Some("L898902C3".to_owned()),
        nationality: Some("UTO".to_owned()),
        birth_date: "1974-08-12".parse().ok(),
        sex: Some(Sex::Female),
        expiry_date: Some(today.saturating_add(5.years()).into()),
        issuing_state: None,
    };
    let lines = td3_lines(&person, "UTO")?;
    let expiry = person.expiry_date.map(|date| date.to_string()).unwrap_or_default();
    let [first, second] = lines;
    let cells = COLUMNS.map(|(column, _)| match column {
        Column::Surname => "ERIKSSON".to_owned(),
        Column::GivenNames => "ANNA MARIA".to_owned(),
        Column::DocumentNumber => "L898902C3".to_owned(),
        Column::Nationality => "UTO".to_owned(),
        Column::BirthDate => "1974-08-12".to_owned(),
        Column::Sex => "F".to_owned(),
        Column::ExpiryDate => expiry.clone(),
        Column::Mrz(0) => first.clone(),
        Column::Mrz(_) => second.clone(),
        _ => String::new(),
    });
    Ok(cells.to_vec())
}

fn csv(language: Language, today: Date) -> anyhow::Result<Vec<u8>> {
    let mut bytes = "\u{feff}".as_bytes().to_vec();
    let mut writer =
        csv::WriterBuilder::new().delimiter(b';').terminator(csv::Terminator::CRLF).from_writer(&mut bytes);
    writer.write_record(COLUMNS.map(|(column, _)| label(language, column)))?;
    writer.write_record(specimen(today)?)?;
    writer.flush()?;
    drop(writer);
    Ok(bytes)
}

fn workbook(language: Language, today: Date) -> anyhow::Result<Workbook> {
    let mut book = Workbook::new();
    let small = |number: i8| u8::try_from(number).unwrap_or(1);
    let year = u16::try_from(today.year()).context("the year")?;
    let made = ExcelDateTime::from_ymd(year, small(today.month()), small(today.day()))?;
    book.set_properties(&DocProperties::new().set_creation_datetime(&made));
    group(book.add_worksheet(), language, today)?;
    order(book.add_worksheet(), language)?;
    Ok(book)
}

fn group(sheet: &mut Worksheet, language: Language, today: Date) -> anyhow::Result<()> {
    let text = Format::new().set_num_format("@");
    let header = text.clone().set_bold().set_background_color(Color::RGB(0x00D9_E1F2));
    let example = text.clone().set_italic().set_font_color(Color::RGB(0x0059_5959));
    sheet.set_name(say(language, "template-group"))?;
    sheet.set_freeze_panes(1, 0)?;
    for ((at, (column, characters)), value) in (0_u16..).zip(COLUMNS).zip(specimen(today)?) {
        sheet.set_column_width(at, characters)?;
        sheet.set_column_format(at, &text)?;
        sheet.write_string_with_format(0, at, label(language, column), &header)?;
        sheet.write_string_with_format(1, at, value, &example)?;
        let note = Note::new(say(language, &format!("template-note-{}", column.field())));
        sheet.insert_note(0, at, &note.add_author_prefix(false).set_width(260).set_height(110))?;
        let choices: &[String] = match column {
            Column::Sex => &["M", "F", "X"].map(str::to_owned),
            Column::Role => &["role-guide", "role-driver"].map(|id| say(language, id)),
            _ => continue,
        };
        let choices = DataValidation::new().allow_list_strings(choices)?;
        sheet.add_data_validation(1, at, ROWS, at, &choices)?;
    }
    let note = Note::new(say(language, "template-example")).add_author_prefix(false);
    sheet.insert_note(1, 0, &note)?;
    Ok(())
}

fn order(sheet: &mut Worksheet, language: Language) -> anyhow::Result<()> {
    let text = Format::new().set_num_format("@");
    let bold = Format::new().set_bold();
    let note = Format::new().set_italic().set_text_wrap().set_align(FormatAlign::Top);
    sheet.set_name(say(language, "template-order"))?;
    for (column, characters) in [(0, 24.0), (1, 40.0), (2, 60.0)] {
        sheet.set_column_width(column, characters)?;
    }
    for (row, key) in (0..).zip(Key::ALL) {
        sheet.write_string_with_format(row, 0, say(language, &format!("order-{}", key.name())), &bold)?;
        sheet.write_blank(row, 1, &text)?;
        sheet.write_string_with_format(
            row,
            2,
            say(language, &format!("template-note-{}", key.name())),
            &note,
        )?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::table;

    const TODAY: Date = Date::constant(2026, 6, 1);

    #[test]
    fn a_template_is_understood_in_every_language() {
        for language in Language::ALL {
            let book = workbook(language, TODAY).unwrap().save_to_buffer().unwrap();
            let from_csv = csv(language, TODAY).unwrap();
            for (bytes, text) in [(book, false), (from_csv, true)] {
                let read = table::read(&bytes, text).unwrap_or_else(|error| panic!("{language}: {error}"));
                assert_eq!(read.header.columns, COLUMNS.map(|(column, _)| column), "{language}");
                assert!(read.unread().is_empty());
                let [anna] = read.order.travellers.as_slice() else { panic!("one example") };
                assert_eq!((anna.surname.as_str(), anna.sex.as_str()), ("ERIKSSON", "F"));
                assert_eq!(
                    (anna.birth_date.as_str(), anna.expiry_date.as_str()),
                    ("1974-08-12", "2031-06-01")
                );
                assert_eq!(anna.mrz.as_ref().map(Vec::len), Some(2));
                assert_eq!(read.order_sheet.is_some(), !text, "an empty order says nothing");
                assert!(read.order.zones.is_empty() && read.order.valid_from.is_none());
            }
            for key in Key::ALL {
                assert_eq!(
                    Key::of(&say(language, &format!("order-{}", key.name()))),
                    Some(key),
                    "{language}"
                );
            }
        }
    }

    #[test]
    fn the_same_day_writes_the_same_bytes() {
        let bytes = || workbook(Language::Ky, TODAY).unwrap().save_to_buffer().unwrap();
        assert_eq!(bytes(), bytes());
    }

    #[test]
    fn nothing_is_overwritten() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("group.csv");
        create(&path, b"one").unwrap();
        assert_eq!(create(&path, b"two").unwrap_err().kind(), std::io::ErrorKind::AlreadyExists);
        assert_eq!(std::fs::read(&path).unwrap(), b"one");
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1, "no temporary file stays");
    }
}
