//! Looking into a file before anything reads it: what it is, and how much it unpacks to.

use std::io::{Cursor, Read, copy, sink};

use zip::ZipArchive;

use super::error::{Foreign, TableError};

/// The longest table that is read: a group of fifty fits a hundred times.
pub(crate) const MAX_BYTES: u64 = 10 * 1024 * 1024;
/// The most that a workbook may unpack to. A group of fifty has some 100 kB; a picture or two may be in it.
const MAX_UNPACKED_BYTES: u64 = 64 * 1024 * 1024;
/// The most files in a workbook. A usual one has a dozen.
const MAX_FILES: usize = 2_000;

/// What the bytes are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// Text.
    Text,
    /// A workbook of Office Open XML.
    Excel,
    /// A spreadsheet of OpenDocument.
    OpenDocument,
}

/// Tells what the bytes are by themselves, not by the file's name. `text_expected` where the name ends as a text's does.
pub(super) fn kind(bytes: &[u8], text_expected: bool) -> Result<Kind, TableError> {
    let foreign = |kind| Err(TableError::Foreign(kind));
    let begins = |magic: &[u8]| bytes.starts_with(magic);
    let text = bytes.trim_ascii_start();
    let tag =
        |name: &str| text.get(..name.len()).is_some_and(|start| start.eq_ignore_ascii_case(name.as_bytes()));
    if begins(b"PK\x03\x04") || begins(b"PK\x05\x06") {
        return packed(bytes);
    }
    if begins(b"%PDF") {
        return foreign(Foreign::Pdf);
    }
    if begins(b"\xff\xd8\xff") || begins(b"\x89PNG") || begins(b"GIF8") {
        return foreign(Foreign::Picture);
    }
    if begins(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1") {
        return Err(compound(bytes));
    }
    if begins(b"{\\rtf") {
        return foreign(Foreign::Document);
    }
    if tag("<html") || tag("<!doctype") || tag("<table") || tag("<?xml") || tag("<meta") {
        return foreign(Foreign::WebPage);
    }
    if text_expected { Ok(Kind::Text) } else { foreign(Foreign::Other) }
}

/// A compound file: a workbook behind a password, an old workbook, or another old document.
fn compound(bytes: &[u8]) -> TableError {
    let holds = |name: &str| {
        let name: Vec<u8> = name.encode_utf16().flat_map(u16::to_le_bytes).collect();
        bytes.windows(name.len()).any(|window| window == name)
    };
    if holds("EncryptedPackage") {
        TableError::Password
    } else if holds("Workbook") || holds("Book") {
        TableError::Foreign(Foreign::OldExcel)
    } else {
        TableError::Foreign(Foreign::Document)
    }
}

fn packed(bytes: &[u8]) -> Result<Kind, TableError> {
    let damaged = |error: zip::result::ZipError| TableError::Damaged(error.to_string());
    let mut archive = ZipArchive::new(Cursor::new(bytes)).map_err(damaged)?;
    measure(&mut archive)?;
    let has = |part: &str| archive.file_names_raw().any(|name| name.eq_ignore_ascii_case(part.as_bytes()));
    let foreign = |kind| Err(TableError::Foreign(kind));
    if has("xl/workbook.bin") {
        return foreign(Foreign::OldExcel);
    }
    if has("word/document.xml") || has("ppt/presentation.xml") {
        return foreign(Foreign::Document);
    }
    if has("[Content_Types].xml") {
        return Ok(Kind::Excel);
    }
    if !has("content.xml") {
        return foreign(Foreign::Archive);
    }
    let mut mimetype = String::new();
    if let Ok(file) = archive.by_name("mimetype") {
        file.take(100)
            .read_to_string(&mut mimetype)
            .map_err(|error| TableError::Damaged(error.to_string()))?;
    }
    match mimetype.trim() {
        "application/vnd.oasis.opendocument.spreadsheet"
        | "application/vnd.oasis.opendocument.spreadsheet-template" => Ok(Kind::OpenDocument),
        _ => foreign(Foreign::Document),
    }
}

/// Unpacks everything into nothing, counting: the sizes that an archive claims can lie.
fn measure(archive: &mut ZipArchive<Cursor<&[u8]>>) -> Result<(), TableError> {
    if archive.len() > MAX_FILES {
        return Err(TableError::Damaged(format!("{} parts", archive.len())));
    }
    let mut left = MAX_UNPACKED_BYTES;
    for index in 0..archive.len() {
        let damaged = |why: String| TableError::Damaged(why);
        let mut file = archive.by_index(index).map_err(|error| damaged(error.to_string()))?;
        if file.encrypted() {
            return Err(TableError::Password);
        }
        let found = copy(&mut file.by_ref().take(left + 1), &mut sink());
        let found = found.map_err(|error| damaged(error.to_string()))?;
        if found > left {
            let found = MAX_UNPACKED_BYTES - left + found.max(file.size());
            return Err(TableError::TooLarge { found, most: MAX_UNPACKED_BYTES });
        }
        left -= found;
    }
    Ok(())
}
