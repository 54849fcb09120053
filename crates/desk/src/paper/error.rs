//! Why a booklet can't be drawn.

use std::fmt;

/// Where in the booklet or the labels a text stands, such as `travellers[3].visual_name` (counted from 0). It names the
/// place and never holds the text, which may be personal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Field {
    /// The list that the text is in, or the field itself.
    pub name: &'static str,
    /// The position in that list and the field of the element.
    pub element: Option<(usize, &'static str)>,
}

impl Field {
    /// A field of the booklet itself.
    pub(super) const fn of(name: &'static str) -> Self {
        Self { name, element: None }
    }

    /// A field of one element of a list.
    pub(super) const fn at(name: &'static str, index: usize, field: &'static str) -> Self {
        Self { name, element: Some((index, field)) }
    }
}

impl fmt::Display for Field {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.element {
            None => formatter.write_str(self.name),
            Some((index, "")) => write!(formatter, "{}[{index}]", self.name),
            Some((index, field)) => write!(formatter, "{}[{index}].{field}", self.name),
        }
    }
}

/// Why a booklet can't be drawn. No message holds anything personal but the single character that is missing.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PaperError {
    /// The embedded fonts (Latin, Cyrillic, Greek; OCR-B for the MRZ) have no glyph for a character. It would be printed
    /// as a blank box, so nothing is printed.
    #[error(
        "{field}: the character {character:?} (U+{:04X}) is in none of the printed fonts; write the name in Latin or Cyrillic letters",
        u32::from(*character)
    )]
    MissingGlyph {
        /// The character.
        character: char,
        /// Where it stands.
        field: Field,
    },
    /// The sheet's texts do not fit the page even at the smallest scale.
    #[error(
        "copy {copy}, sheet {sheet}: the texts need {excess_mm} mm more than the page has; shorten the longest names or notes, or list fewer travellers on a sheet"
    )]
    DoesNotFit {
        /// k of the copy.
        copy: u8,
        /// p of the sheet.
        sheet: u8,
        /// What is missing at the smallest scale, in millimetres, rounded up.
        excess_mm: u16,
    },
    /// A text that has to stand on one line is too long for its place.
    #[error("{field}: the text is too long for its place on the sheet; shorten it")]
    TooLong {
        /// Where it stands.
        field: Field,
    },
    /// A sheet refers to travellers that do not exist, to none, or to too many.
    #[error(
        "copy {copy}, sheet {sheet}: rows {start}..{end} of {travellers} travellers; a sheet lists 1 to 12 existing rows"
    )]
    Rows {
        /// k of the copy.
        copy: u8,
        /// p of the sheet.
        sheet: u8,
        /// The first row.
        start: usize,
        /// The row after the last one.
        end: usize,
        /// How many travellers the booklet has.
        travellers: usize,
    },
    /// A seal's text has a character outside `A`–`Z` and `0`–`9`.
    #[error(
        "copy {copy}, sheet {sheet}: the seal's text has a character other than A to Z and 0 to 9 at position {position}; print the text form of the seal (KGBZ and Base32)"
    )]
    SealCharacter {
        /// k of the copy.
        copy: u8,
        /// p of the sheet.
        sheet: u8,
        /// The character's position, from 0.
        position: usize,
    },
    /// A seal's text needs a larger QR code than the sheet has room for.
    #[error(
        "copy {copy}, sheet {sheet}: a seal of {characters} characters does not fit a QR code of {limit} modules a side; list fewer travellers on a sheet"
    )]
    SealTooLong {
        /// k of the copy.
        copy: u8,
        /// p of the sheet.
        sheet: u8,
        /// The length of the seal's text.
        characters: usize,
        /// The largest width that fits, in modules.
        limit: usize,
    },
    /// There is nothing to print.
    #[error("the booklet has no sheet; name at least one copy with one sheet")]
    NoSheets,
    /// A font that is part of the program can't be read or subset: a fault of the program.
    #[error("the font {face} can't be used: {reason}")]
    Font {
        /// The font's name.
        face: &'static str,
        /// What the font library said.
        reason: String,
    },
    /// The PDF can't be written: a fault of the program.
    #[error("the PDF can't be written: {reason}")]
    Pdf {
        /// What the PDF library said.
        reason: String,
    },
}
