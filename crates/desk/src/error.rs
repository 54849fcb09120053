//! What an order, a command or a stored permit can have wrong, in words for the clerk.

use thiserror::Error;

use propusk_boot::Language;

use crate::table::TableError;

/// Why the desk can't do what was asked. Rows are those of the file, as its spreadsheet counts them.
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
        "{file} is empty; an order names its travellers, a table has a header and one row for each of them: `propusk desk template` writes one"
    )]
    Empty {
        /// The file.
        file: String,
    },
    /// A kind of file that is not read.
    #[error(
        "{file}: orders are read from .toml and .json files, groups from .csv, .xlsx and .ods; save it as one of these"
    )]
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
    /// A table that gives no group.
    #[error("{file}: {why}")]
    Table {
        /// The file.
        file: String,
        /// What is wrong with it; it has its sentence in every language.
        why: TableError,
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
    /// Two requests under one name.
    #[error(
        "another request was sent under this name (Idempotency-Key), and was about permit {number}; draw a new name"
    )]
    NameReused {
        /// The other request's permit.
        number: String,
    },
    /// The permit's people are forgotten.
    #[error(
        "the personal data of permit {number} were erased on {on}: its zones, days, copies and history are kept, but it can be neither printed nor changed any more"
    )]
    Purged {
        /// The number.
        number: String,
        /// The day.
        on: String,
    },
    /// The key of a permit's people is not in the key ring.
    #[error(
        "the key of permit {number}'s personal data is missing from personal-keys/desk.ring in the data folder: put the newest copy of that file back"
    )]
    KeyLost {
        /// The number.
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

impl DeskError {
    /// The message in a language, where it has been translated; else in English.
    pub(crate) fn tell(&self, language: Language) -> String {
        match self {
            Self::Table { file, why } => format!("{file}: {}", why.tell(language)),
            other => other.to_string(),
        }
    }
}
