//! Why lines are not an MRZ.

use core::fmt;

/// Why lines are not an MRZ.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum ZoneError {
    /// No format has this many lines of this length (3 × 30, 2 × 36, 2 × 44).
    Shape {
        /// How many lines there were.
        lines: usize,
        /// How many bytes the first line had.
        length: usize,
    },
    /// A line is longer or shorter than the first.
    Length {
        /// 0-based line.
        line: usize,
        /// Its bytes.
        length: usize,
        /// The bytes of the first line.
        expected: usize,
    },
    /// A byte is not A–Z, 0–9 or `<`.
    Character {
        /// 0-based line.
        line: usize,
        /// 0-based column.
        column: usize,
    },
}

impl fmt::Display for ZoneError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Shape { lines, length } => {
                write!(
                    f,
                    "{lines} lines of {length} characters are no MRZ: expected 3 x 30, 2 x 36 or 2 x 44"
                )
            }
            Self::Length { line, length, expected } => {
                write!(f, "line {} has {length} characters, expected {expected}", line + 1)
            }
            Self::Character { line, column } => {
                write!(f, "line {} character {} is not A-Z, 0-9 or <", line + 1, column + 1)
            }
        }
    }
}

impl core::error::Error for ZoneError {}
