//! What an order, a command or a stored permit can have wrong, in words for the clerk.

use thiserror::Error;

/// Why the desk can't do what was asked. Positions are those of the file: rows count from 1, the header is row 1.
#[derive(Debug, Error)]
pub enum DeskError {
    /// The file can't be read at all.
    #[error("{file} can't be read: {why}")]
    Unreadable {
        /// The file.
        file: String,
        /// The system's reason.
        why: String,
    },
    /// Nothing in the file.
    #[error(
        "{file} is empty; an order names its travellers, a table has a header and one row for each of them"
    )]
    Empty {
        /// The file.
        file: String,
    },
    /// A kind of file that is not read.
    #[error("{file}: orders are read from .toml, .json and .csv files; save it as one of these")]
    Kind {
        /// The file.
        file: String,
    },
    /// The text is no order.
    #[error("{file}: {why}")]
    Syntax {
        /// The file.
        file: String,
        /// Where and what, as the parser says it.
        why: String,
    },
    /// A table without what every row needs.
    #[error(
        "{file}: the header has no column {missing}; it has: {found}. A table needs mrz1 and mrz2, or surname, document_number, nationality, birth_date and expiry_date"
    )]
    MissingColumn {
        /// The file.
        file: String,
        /// The missing columns, comma-separated.
        missing: String,
        /// The columns found.
        found: String,
    },
    /// A column that means nothing to the desk.
    #[error("{file}: the header's column {column} is “{found}”, which is no field of a traveller{hint}")]
    UnknownColumn {
        /// The file.
        file: String,
        /// Its place, from 1.
        column: usize,
        /// What it says.
        found: String,
        /// `; did you mean …?` or nothing.
        hint: String,
    },
    /// A table without data.
    #[error("{file} has a header and no traveller below it")]
    NoRows {
        /// The file.
        file: String,
    },
    /// Zones, route or dates are given neither in the file nor on the command line.
    #[error("the order does not say {what}; give it in the file or with {option}")]
    Missing {
        /// What.
        what: &'static str,
        /// The option that gives it.
        option: &'static str,
    },
    /// A date that can't be one.
    #[error("{field}: {why}")]
    Date {
        /// The field.
        field: &'static str,
        /// What is wrong with it and what was expected.
        why: String,
    },
    /// A text that fits no sheet.
    #[error("{field} has {found} characters; at most {most} fit a sheet: shorten it")]
    TooLong {
        /// The field.
        field: &'static str,
        /// Its characters.
        found: usize,
        /// The limit.
        most: usize,
    },
    /// A role that nobody has.
    #[error("traveller {row}: role is “{found}”; write guide, driver, or leave it empty")]
    Role {
        /// Row of the traveller, from 1.
        row: usize,
        /// What was written.
        found: String,
    },
    /// Copies that the permit does not have, or a text that names none.
    #[error(
        "“{typed}” names no copies of this permit: it has the original (0) and copies 1 to {of}; write 0, 3 or 3-5"
    )]
    Copies {
        /// What was typed.
        typed: String,
        /// n.
        of: u8,
    },
    /// No such permit here.
    #[error("this desk has issued no permit {number}")]
    UnknownPermit {
        /// The number.
        number: String,
    },
    /// Somebody else changed the permit meanwhile.
    #[error(
        "permit {number} is at version {current} by now, this change was made on version {seen}; look at it again"
    )]
    Conflict {
        /// The number.
        number: String,
        /// The newest version.
        current: u8,
        /// The version that the clerk saw.
        seen: u8,
    },
    /// Two orders under one name.
    #[error("another order was sent under this name and issued as permit {number}; draw a new name")]
    OrderReused {
        /// The other order's permit.
        number: String,
    },
    /// A stored permit is not what it should be.
    #[error("the desk's store holds a damaged {what}: {why}")]
    Damaged {
        /// What.
        what: &'static str,
        /// Why.
        why: String,
    },
}
