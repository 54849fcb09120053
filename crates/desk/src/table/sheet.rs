//! A sheet as its spreadsheet shows it: cells under the row numbers that the clerk sees.

use jiff::civil::Date;

/// What one cell holds.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) enum Cell {
    /// Nothing.
    #[default]
    Empty,
    /// A text, blanks at its ends cut and line breaks as blanks.
    Text(String),
    /// A number without a date's format.
    Number(f64),
    /// A day. A time of the day is not kept.
    Date(Date),
    /// A time or a duration, or a day that no calendar has.
    Time,
    /// An error value, as the spreadsheet shows it: `#REF!`.
    Error(String),
    /// A formula that was saved without its value.
    Uncomputed,
}

/// Error values as texts: CSV files and some programs' .ods keep them so.
const ERROR_TEXTS: [&str; 10] = [
    "#REF!",
    "#DIV/0!",
    "#N/A",
    "#NAME?",
    "#NULL!",
    "#NUM!",
    "#VALUE!",
    "#SPILL!",
    "#CALC!",
    "#GETTING_DATA",
];

impl Cell {
    /// A cell of this text.
    pub(crate) fn of_text(text: &str) -> Self {
        let clean = text.split(['\r', '\n', '\t']).map(str::trim).filter(|part| !part.is_empty());
        let clean = clean.collect::<Vec<_>>().join(" ");
        let office_code = clean.strip_prefix("Err:").is_some_and(|code| code.parse::<u16>().is_ok());
        match clean.as_str() {
            "" => Self::Empty,
            error if office_code || ERROR_TEXTS.contains(&error) => Self::Error(clean),
            _ => Self::Text(clean),
        }
    }

    /// True where there is nothing to see.
    pub(crate) fn is_empty(&self) -> bool {
        matches!(self, Self::Empty)
    }

    /// What the clerk sees, dates as ISO dates; a number that is whole has no decimal point.
    pub(crate) fn text(&self) -> String {
        match self {
            Self::Empty | Self::Time | Self::Uncomputed => String::new(),
            Self::Text(text) | Self::Error(text) => text.clone(),
            Self::Number(number) => format!("{number}"),
            Self::Date(date) => date.to_string(),
        }
    }
}

/// One row that is not empty.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Row {
    /// Its number in the spreadsheet, from 1.
    pub number: u32,
    /// Its cells from column A on; what follows the last one is empty.
    pub cells: Vec<Cell>,
}

impl Row {
    /// The cell of a column, from 0.
    pub(crate) fn cell(&self, column: usize) -> &Cell {
        self.cells.get(column).unwrap_or(&Cell::Empty)
    }
}

/// A sheet of a workbook, or a CSV file as one.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Sheet {
    /// Its name; a CSV file has none.
    pub name: Option<String>,
    /// The rows that are not empty, in their order.
    pub rows: Vec<Row>,
    /// True where every row has as many cells as it was written with: a CSV file's separators can be miscounted.
    pub counted: bool,
}

/// A column's letters, as spreadsheets name it: 0 is A, 26 is AA.
pub(crate) fn letters(column: usize) -> String {
    let mut rest = column + 1;
    let mut letters = String::new();
    while rest > 0 {
        let digit = u8::try_from((rest - 1) % 26).unwrap_or_default();
        letters.insert(0, char::from(b'A' + digit));
        rest = (rest - 1) / 26;
    }
    letters
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_have_the_letters_of_spreadsheets() {
        assert_eq!([0, 25, 26, 51, 701, 702].map(letters), ["A", "Z", "AA", "AZ", "ZZ", "AAA"]);
    }

    #[test]
    fn cells_show_what_the_clerk_sees() {
        assert_eq!(Cell::Number(1_234_567.0).text(), "1234567");
        assert_eq!(Cell::Number(45.5).text(), "45.5");
        assert_eq!(Cell::Date(Date::constant(1974, 8, 12)).text(), "1974-08-12");
        assert_eq!(Cell::of_text(" Anna\r\n Maria\u{a0}"), Cell::Text("Anna Maria".into()));
        assert_eq!(Cell::of_text("#REF!"), Cell::Error("#REF!".into()));
        assert_eq!(Cell::of_text("Err:502"), Cell::Error("Err:502".into()));
        assert_eq!(Cell::of_text("Errol"), Cell::Text("Errol".into()));
        assert!(Cell::of_text(" \u{a0} ").is_empty());
    }
}
