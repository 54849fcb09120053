//! What a table can have wrong, in words for the clerk: the Fluent sentences `table-<id>`.

use std::fmt;

use propusk_boot::{Language, Locales};

use super::sheet::letters;

/// A cell of a file, as the clerk finds it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// The sheet's name, where there are sheets.
    pub sheet: Option<String>,
    /// The row's number in the spreadsheet, from 1.
    pub row: u32,
    /// The column, from 0.
    pub column: usize,
    /// What the column's header says.
    pub header: String,
}

impl Place {
    /// The place in words: sheet, row, column and the column's header.
    pub(crate) fn tell(&self, language: Language) -> String {
        let mut arguments = vec![
            ("row", self.row.to_string()),
            ("column", letters(self.column)),
            ("header", self.header.clone()),
        ];
        arguments.extend(self.sheet.clone().map(|sheet| ("sheet", sheet)));
        Locales::embedded().tell(language, "table-place", &arguments)
    }
}

/// What a file is that is no table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Foreign {
    /// A PDF document.
    Pdf,
    /// A picture.
    Picture,
    /// A web page, whatever its name says.
    WebPage,
    /// A document of a word processor, or a presentation.
    Document,
    /// A workbook of Excel 97–2003 (.xls) or a binary one (.xlsb).
    OldExcel,
    /// Another archive: a .zip, a Numbers workbook.
    Archive,
    /// Something else, or plain text under a workbook's name.
    Other,
}

impl Foreign {
    fn code(self) -> &'static str {
        match self {
            Self::Pdf => "pdf",
            Self::Picture => "picture",
            Self::WebPage => "web-page",
            Self::Document => "document",
            Self::OldExcel => "old-excel",
            Self::Archive => "archive",
            Self::Other => "other",
        }
    }
}

/// What a spreadsheet did to a cell.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Damage {
    /// An error value: `#REF!`.
    ErrorValue(String),
    /// A formula saved without its value.
    Uncomputed,
    /// A text that was taken for a date or a time.
    TurnedIntoDate,
    /// A letter that the file's encoding lacks.
    LostLetter,
}

/// Why a file gives no group. What is wrong with a traveller's data is left to the check.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TableError {
    /// It is something else.
    Foreign(Foreign),
    /// A password is needed to open it.
    Password,
    /// Cut short or broken.
    Damaged(String),
    /// More bytes than a table has.
    TooLarge {
        /// Its bytes, or what it would unpack to.
        found: u64,
        /// The limit.
        most: u64,
    },
    /// Neither Unicode nor Windows-1251.
    Encoding {
        /// The row that shows it.
        row: u32,
    },
    /// No row is a header.
    NoHeader,
    /// The header lacks what every row needs.
    MissingColumn {
        /// The missing columns' names.
        missing: Vec<&'static str>,
        /// The columns found, comma-separated.
        found: String,
    },
    /// A header that is nearly a known one.
    UnknownColumn {
        /// The header.
        place: Place,
        /// The spelling that it is near.
        hint: &'static str,
    },
    /// One column for the whole name.
    FullName {
        /// The header.
        place: Place,
    },
    /// Two columns for one field.
    DuplicateColumn {
        /// The second one.
        place: Place,
        /// The first one.
        first: usize,
    },
    /// Two sheets that could each be the group.
    TwoGroups {
        /// The first sheet.
        first: String,
        /// The second one.
        second: String,
    },
    /// A header without data.
    NoRows,
    /// More rows than any group has.
    TooManyRows {
        /// The limit.
        most: usize,
    },
    /// A row with more or fewer cells than the header.
    Ragged {
        /// The row.
        row: u32,
        /// Its cells.
        found: usize,
        /// The header's.
        expected: usize,
    },
    /// A cell that the spreadsheet damaged.
    Cell {
        /// Where.
        place: Place,
        /// How.
        damage: Damage,
    },
    /// A line of the order's sheet that means nothing.
    OrderKey {
        /// Where.
        place: Place,
    },
    /// A number on the order's sheet that is none.
    OrderNumber {
        /// Where.
        place: Place,
        /// The most it can be.
        most: u8,
    },
}

impl TableError {
    /// The sentence in this language.
    pub fn tell(&self, language: Language) -> String {
        let (id, arguments) = self.parts(language);
        Locales::embedded().tell(language, &format!("table-{id}"), &arguments)
    }

    fn parts(&self, language: Language) -> (&'static str, Vec<(&'static str, String)>) {
        let at = |place: &Place| ("place", place.tell(language));
        match self {
            Self::Foreign(kind) => ("foreign", vec![("kind", kind.code().to_owned())]),
            Self::Password => ("password", vec![]),
            Self::Damaged(why) => ("damaged", vec![("why", why.clone())]),
            Self::TooLarge { found, most } => {
                let mebibytes = |bytes: u64| bytes.div_ceil(1024 * 1024).to_string();
                ("too-large", vec![("found", mebibytes(*found)), ("most", mebibytes(*most))])
            }
            Self::Encoding { row } => ("encoding", vec![("row", row.to_string())]),
            Self::NoHeader => ("no-header", vec![]),
            Self::MissingColumn { missing, found } => {
                ("missing-column", vec![("missing", missing.join(", ")), ("found", found.clone())])
            }
            Self::UnknownColumn { place, hint } => {
                ("unknown-column", vec![at(place), ("hint", (*hint).to_owned())])
            }
            Self::FullName { place } => ("full-name", vec![at(place)]),
            Self::DuplicateColumn { place, first } => {
                ("duplicate-column", vec![at(place), ("first", letters(*first))])
            }
            Self::TwoGroups { first, second } => {
                ("two-groups", vec![("first", first.clone()), ("second", second.clone())])
            }
            Self::NoRows => ("no-rows", vec![]),
            Self::TooManyRows { most } => ("too-many-rows", vec![("most", most.to_string())]),
            Self::Ragged { row, found, expected } => {
                let numbers = [("found", *found), ("expected", *expected)];
                let numbers = numbers.map(|(name, number)| (name, number.to_string()));
                ("ragged", [vec![("row", row.to_string())], numbers.to_vec()].concat())
            }
            Self::Cell { place, damage } => match damage {
                Damage::ErrorValue(error) => ("error-value", vec![at(place), ("error", error.clone())]),
                Damage::Uncomputed => ("uncomputed", vec![at(place)]),
                Damage::TurnedIntoDate => ("turned-into-date", vec![at(place)]),
                Damage::LostLetter => ("lost-letter", vec![at(place)]),
            },
            Self::OrderKey { place } => ("order-key", vec![at(place)]),
            Self::OrderNumber { place, most } => {
                ("order-number", vec![at(place), ("most", most.to_string())])
            }
        }
    }
}

/// The English sentence.
impl fmt::Display for TableError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.tell(Language::En))
    }
}

impl std::error::Error for TableError {}
