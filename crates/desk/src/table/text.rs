//! A table as text: CSV in the encodings and with the separators that spreadsheets save.

use csv::ReaderBuilder;
use encoding_rs::{Encoding, UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1251};

use super::error::TableError;
use super::header;
use super::sheet::{Cell, Row, Sheet};

/// The separators that spreadsheets write; the one that gives the best header counts.
const SEPARATORS: [u8; 3] = *b";,\t";
/// The most rows of a text that are looked at.
const MAX_ROWS: usize = 5_000;

/// Reads a text file as a sheet.
pub(super) fn read(bytes: &[u8]) -> Result<Sheet, TableError> {
    let (text, guessed) = decode(bytes)?;
    let lines = text.replace("\r\n", "\n").replace('\r', "\n");
    let sheets = SEPARATORS.map(|separator| split(&lines, separator));
    let score = |sheet: &Sheet| match header::find(sheet) {
        Ok(header) => (usize::MAX, header.columns.len()),
        Err(almost) => almost.score,
    };
    let mut best = Sheet::default();
    let mut best_score = None;
    for sheet in sheets {
        let score = score(&sheet);
        if best_score.is_none_or(|best| score > best) {
            (best, best_score) = (sheet, Some(score));
        }
    }
    match mixed_word(&best).filter(|_| guessed) {
        Some(row) => Err(TableError::Encoding { row }),
        None => Ok(best),
    }
}

/// The text, and whether its encoding was only guessed: bytes that are no UTF-8 are read as Windows-1251, which takes
/// anything.
fn decode(bytes: &[u8]) -> Result<(String, bool), TableError> {
    let marked = Encoding::for_bom(bytes);
    if marked.is_none() && bytes.contains(&0) {
        // UTF-16 without a mark has a zero in every Latin letter, before it or after it.
        let zeros = |first: usize| bytes.iter().skip(first).step_by(2).filter(|byte| **byte == 0).count();
        let encoding = if zeros(1) > zeros(0) { UTF_16LE } else { UTF_16BE };
        let (text, failed) = encoding.decode_without_bom_handling(bytes);
        let broken = failed || text.contains('\0');
        return if broken { Err(TableError::Encoding { row: 1 }) } else { Ok((text.into_owned(), true)) };
    }
    if let Some((encoding, length)) = marked {
        let (text, failed) = encoding.decode_without_bom_handling(bytes.get(length..).unwrap_or_default());
        let before = text.split('\u{fffd}').next().unwrap_or_default();
        let row = u32::try_from(before.matches('\n').count() + 1).unwrap_or(u32::MAX);
        return if failed { Err(TableError::Encoding { row }) } else { Ok((text.into_owned(), false)) };
    }
    if let Some(text) = UTF_8.decode_without_bom_handling_and_without_replacement(bytes) {
        return Ok((text.into_owned(), false));
    }
    Ok((WINDOWS_1251.decode_without_bom_handling(bytes).0.into_owned(), true))
}

/// The first row with a word of Latin and Cyrillic letters: `Müller`, saved in Western Windows' encoding, reads as
/// `Mьller` in Windows-1251. Words with digits are left out: in a document number such a slip is a person's.
fn mixed_word(sheet: &Sheet) -> Option<u32> {
    let mixed = |word: &str| {
        let cyrillic = |c: char| ('\u{400}'..='\u{4ff}').contains(&c);
        word.contains(|c: char| c.is_ascii_alphabetic())
            && word.contains(cyrillic)
            && !word.contains(|c: char| c.is_ascii_digit())
    };
    let in_cell = |cell: &Cell| cell.text().split(|c: char| !c.is_alphanumeric()).any(mixed);
    sheet.rows.iter().find(|row| row.cells.iter().any(in_cell)).map(|row| row.number)
}

/// The sheet that this separator makes of a text whose lines end with `\n`.
fn split(text: &str, separator: u8) -> Sheet {
    let mut reader = ReaderBuilder::new()
        .delimiter(separator)
        .has_headers(false)
        .flexible(true)
        .from_reader(text.as_bytes());
    let mut rows = Vec::new();
    let mut record = csv::StringRecord::new();
    // The spreadsheet's row is the text's line, less the line breaks within cells above it.
    let mut within: u64 = 0;
    while reader.read_record(&mut record).unwrap_or(false) && rows.len() < MAX_ROWS {
        let breaks = record.iter().map(|cell| cell.matches('\n').count() as u64).sum::<u64>();
        let ended =
            text.as_bytes().get(usize::try_from(reader.position().byte()).unwrap_or(0).saturating_sub(1));
        let after = reader.position().line() - u64::from(ended == Some(&b'\n'));
        within += breaks;
        let number = u32::try_from(after - within.min(after)).unwrap_or(u32::MAX);
        let cells: Vec<Cell> = record.iter().map(Cell::of_text).collect();
        if cells.iter().any(|cell| !cell.is_empty()) {
            rows.push(Row { number, cells });
        }
    }
    Sheet { name: None, rows, counted: true }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_have_the_numbers_of_the_spreadsheet() {
        for text in [
            "title\n\n\na;b;c\r\n\"x\ny\";2;3\n\n4;5;6",
            "title\r\n\r\n\r\na;b;c\r\n\"x\r\ny\";2;3\r\n\r\n4;5;6\r\n",
            "title\r\r\ra;b;c\r\"x\ry\";2;3\r\r4;5;6",
        ] {
            let Ok(sheet) = read(text.as_bytes()) else { panic!("it can be read") };
            let numbers: Vec<u32> = sheet.rows.iter().map(|row| row.number).collect();
            assert_eq!(numbers, [1, 4, 5, 7], "{text:?}");
            assert_eq!(sheet.rows[2].cells[0].text(), "x y");
        }
    }

    #[test]
    fn every_encoding_gives_the_same_sheet() {
        let text = "фамилия;имя\nАсанов;Усөн\n";
        let utf_16 = |big: bool| {
            let units = std::iter::once(0xfeff).chain(text.encode_utf16());
            units
                .flat_map(|unit| if big { unit.to_be_bytes() } else { unit.to_le_bytes() })
                .collect::<Vec<u8>>()
        };
        let want = read(text.as_bytes());
        assert!(want.is_ok());
        assert_eq!(read(format!("\u{feff}{text}").as_bytes()), want);
        assert_eq!(read(&utf_16(false)), want);
        assert_eq!(read(&utf_16(true)), want);
        assert_eq!(read(&utf_16(false)[2..]), want, "without its mark");
        let plain = text.replace('ө', "е");
        assert_eq!(read(&WINDOWS_1251.encode(&plain).0), read(plain.as_bytes()));
    }

    #[test]
    fn western_windows_is_not_taken_for_cyrillic_windows() {
        let western =
            encoding_rs::WINDOWS_1252.encode("surname,name\nGarc,Ana\nMu\u{f1}oz,Ana\n").0.into_owned();
        assert_eq!(read(&western), Err(TableError::Encoding { row: 3 }));
        assert_eq!(read(b"a,b\0c\n\xff"), Err(TableError::Encoding { row: 1 }));
        assert_eq!(read(b"\xef\xbb\xbfa,b\nc,\xff\n"), Err(TableError::Encoding { row: 2 }));
    }
}
