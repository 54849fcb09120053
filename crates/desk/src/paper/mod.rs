//! The paper: a permit's original and copies as one PDF.
//!
//! In scope: the layout on A4 and A5, bilingual labels, embedded subset fonts, the QR code of every seal, and a file whose bytes
//! depend on nothing but the [`Booklet`], the [`Labels`] and the [`Style`].
//! Out of scope: what a permit is, what a seal says, which language an office prefers, and where the file is stored.
//!
//! A page is set in millimetres from its top left corner. The heights of everything that can vary are measured first;
//! what does not fit is set smaller, step by step, down to [`SMALLEST_SCALE`], and is refused after that: nothing is ever
//! cut. Drawings are form XObjects, so equal ones are stored once; text stays in the page, so that it can be extracted.
//!
//! The printed layout copies no official form.

use std::collections::BTreeMap;

mod booklet;
mod canvas;
mod describe;
mod details;
mod document;
mod error;
#[cfg(feature = "bench")]
pub mod export;
mod flow;
mod fonts;
mod foot;
mod forms;
mod head;
mod labels;
mod letterhead;
mod logo;
mod qr;
mod route;
mod seal_block;
mod shared_texts;
mod sheet;
mod style;
mod svg;
mod table;
mod unhinted;
mod zones;

pub use booklet::{Booklet, Change, Copy, Mark, Named, RouteStop, Sheet, TravellerRow, Zone};
pub use error::{Field, PaperError};
pub use labels::{Labels, Language, Languages, Pair, UnknownLanguages};
pub use logo::{Logo, LogoError, MAX_LOGO_BYTES};
pub use qr::{MODULE_MM, QUIET_MODULES};
pub use sheet::{MAX_ROWS, SMALLEST_SCALE};
pub use style::{COMPRESSION, ExtraField, Letterhead, Optional, PaperSize, Style};

/// Draws every sheet of every copy of a booklet, in the booklet's order, as one PDF file of A4 pages without a
/// letterhead. See [`draw_in`].
///
/// # Errors
///
/// As [`draw_in`].
pub fn draw(booklet: &Booklet, labels: &Labels) -> Result<Vec<u8>, PaperError> {
    draw_in(&Style::default(), booklet, labels)
}

/// Draws every sheet of every copy of a booklet, in the booklet's order, as one PDF file in an office's style.
///
/// The same style, booklet and labels always give the same bytes: the file carries the permit's date of issue, never the
/// clock's, and its identifier is a hash of its content.
///
/// # Errors
///
/// A character for which no font has a glyph, a text that does not fit even at the smallest scale, a seal that is not
/// alphanumeric or too long for its place, rows that do not exist, or fonts that can't be read: see [`PaperError`].
pub fn draw_in(style: &Style, booklet: &Booklet, labels: &Labels) -> Result<Vec<u8>, PaperError> {
    let fonts = fonts::loaded()?;
    let (size, pages) = match pages(style, style.size, booklet, labels, fonts) {
        // Half a page has no room for everything; a whole one may have.
        Err(PaperError::DoesNotFit { .. } | PaperError::TooLong { .. }) if style.size != PaperSize::A4 => {
            (PaperSize::A4, pages(style, PaperSize::A4, booklet, labels, fonts)?)
        }
        drawn => (style.size, drawn?),
    };
    document::assemble(style, size, booklet, labels, &pages, fonts)
}

fn pages(
    style: &Style,
    size: PaperSize,
    booklet: &Booklet,
    labels: &Labels,
    fonts: &fonts::Fonts,
) -> Result<Vec<canvas::Page>, PaperError> {
    // The same sheet of another copy hardly differs: it need not be tried at sizes that were too large for the first.
    let mut scales = BTreeMap::new();
    let mut pages = Vec::new();
    for copy in &booklet.copies {
        for sheet in &copy.sheets {
            let largest = scales.get(&sheet.number).copied();
            let (page, scale) = sheet::draw(style, size, booklet, labels, (copy, sheet), fonts, largest)?;
            scales.insert(sheet.number, scale);
            pages.push(page);
        }
    }
    Ok(pages)
}
