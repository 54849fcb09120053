//! The paper: a permit's original and copies as one PDF.
//!
//! In scope: the A4 layout, bilingual labels, embedded subset fonts, the QR code of every seal, and a file whose bytes
//! depend on nothing but the [`Booklet`] and the [`Labels`].
//! Out of scope: what a permit is, what a seal says, which language an office prefers, and where the file is stored.
//!
//! A page is set in millimetres from its top left corner. The heights of everything that can vary are measured first;
//! what does not fit is set smaller, step by step, down to [`SMALLEST_SCALE`], and is refused after that: nothing is ever
//! cut. Drawings are form XObjects, so equal ones are stored once; text stays in the page, so that it can be extracted.
//!
//! The printed layout copies no official form.

mod booklet;
mod canvas;
mod document;
mod error;
mod flow;
mod fonts;
mod foot;
mod forms;
mod head;
mod labels;
mod qr;
mod seal_block;
mod shared_texts;
mod sheet;
mod table;
mod unhinted;

pub use booklet::{Booklet, Copy, Mark, Named, RouteStop, Sheet, TravellerRow};
pub use error::{Field, PaperError};
pub use labels::{Labels, Language, Pair};
pub use qr::{MODULE_MM, QUIET_MODULES};
pub use sheet::{MAX_ROWS, SMALLEST_SCALE};

/// Draws every sheet of every copy of a booklet, in the booklet's order, as one PDF file.
///
/// The same booklet and labels always give the same bytes: the file carries the permit's date of issue, never the
/// clock's, and its identifier is a hash of its content.
///
/// # Errors
///
/// A character for which no font has a glyph, a text that does not fit even at the smallest scale, a seal that is not
/// alphanumeric or too long for its place, rows that do not exist, or fonts that can't be read: see [`PaperError`].
pub fn draw(booklet: &Booklet, labels: &Labels) -> Result<Vec<u8>, PaperError> {
    let fonts = fonts::loaded()?;
    let mut pages = Vec::new();
    for copy in &booklet.copies {
        for sheet in &copy.sheets {
            pages.push(sheet::draw(booklet, labels, copy, sheet, fonts)?);
        }
    }
    document::assemble(booklet, labels, &pages, fonts)
}
