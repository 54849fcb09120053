//! What one source says about a person.

use alloc::string::String;
use core::fmt;

use crate::date::PartialDate;

/// Sex as 9303 codes it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Sex {
    /// `M`.
    Male,
    /// `F`.
    Female,
    /// `X` in the visual zone, `<` in the MRZ.
    Unspecified,
}

impl Sex {
    /// `M`, `F` or `X`.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Male => "M",
            Self::Female => "F",
            Self::Unspecified => "X",
        }
    }

    /// Reads `M`, `F`, `X` or `<`, in either case; Cyrillic `М` and `Ж` too.
    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        match code.trim() {
            "M" | "m" | "М" | "м" => Some(Self::Male),
            "F" | "f" | "Ж" | "ж" => Some(Self::Female),
            "X" | "x" | "<" | "Х" | "х" => Some(Self::Unspecified),
            _ => None,
        }
    }
}

impl fmt::Display for Sex {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.code())
    }
}

/// What one source (permit, visual zone, typed by the traveller, MRZ) says about a person.
/// `None` is *not said*, and nothing is concluded from it; an empty string is *said to be empty*.
#[derive(Clone, Default, PartialEq, Eq, Hash)]
pub struct Person {
    /// Primary identifier, in any of the scripts of 9303-3 §6 and any case.
    pub surname: Option<String>,
    /// Secondary identifier.
    pub given_names: Option<String>,
    /// Passport number; blanks, hyphens and fillers do not count.
    pub document_number: Option<String>,
    /// State code of 9303-3 §5; `D` and `DEU` are the same.
    pub nationality: Option<String>,
    /// Date of birth.
    pub birth_date: Option<PartialDate>,
    /// Sex.
    pub sex: Option<Sex>,
    /// Date of expiry of the passport.
    pub expiry_date: Option<PartialDate>,
    /// State code of the issuer.
    pub issuing_state: Option<String>,
}

/// Prints which facts are there, never the facts.
impl fmt::Debug for Person {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Person")
            .field("surname", &self.surname.is_some())
            .field("given_names", &self.given_names.is_some())
            .field("document_number", &self.document_number.is_some())
            .field("nationality", &self.nationality.is_some())
            .field("birth_date", &self.birth_date.is_some())
            .field("sex", &self.sex.is_some())
            .field("expiry_date", &self.expiry_date.is_some())
            .field("issuing_state", &self.issuing_state.is_some())
            .finish()
    }
}
