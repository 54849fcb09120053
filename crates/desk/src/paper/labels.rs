//! The printed labels, in the two languages of a sheet.
//!
//! Every label is one message of `config/locales/<language>/paper.ftl`, without arguments: numbers are set beside the
//! words by the layout, so that both languages keep their places.

use std::fmt;
use std::str::FromStr;

/// A language that sheets are printed in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Language {
    /// English.
    En,
    /// Russian.
    Ru,
    /// Kyrgyz.
    Ky,
}

impl Language {
    /// The language's code, as in `config/locales/` and in the PDF's `/Lang`.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::En => "en",
            Self::Ru => "ru",
            Self::Ky => "ky",
        }
    }
}

/// The two languages of a sheet, Russian and English unless somebody chooses others.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Languages {
    /// The first: larger, and on top.
    pub primary: Language,
    /// The second.
    pub secondary: Language,
}

impl Default for Languages {
    fn default() -> Self {
        Self { primary: Language::Ru, secondary: Language::En }
    }
}

/// As they are typed: `ru,en`.
impl fmt::Display for Languages {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{},{}", self.primary.code(), self.secondary.code())
    }
}

/// A text that does not name two languages of sheets.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("“{typed}” has to be two different languages out of ru, ky and en, such as ru,en or ky,en")]
pub struct UnknownLanguages {
    /// What was written.
    pub typed: String,
}

impl FromStr for Languages {
    type Err = UnknownLanguages;

    /// Reads `ru,en`; a plus sign or a space is as good as the comma.
    fn from_str(text: &str) -> Result<Self, UnknownLanguages> {
        let wrong = || UnknownLanguages { typed: text.chars().take(40).collect() };
        let all = [Language::En, Language::Ru, Language::Ky];
        let language =
            |code: &str| all.into_iter().find(|language| code.eq_ignore_ascii_case(language.code()));
        let words: Vec<_> = text.split([',', '+', ' ']).filter(|word| !word.is_empty()).collect();
        let [primary, secondary] = words.as_slice() else { return Err(wrong()) };
        match (language(primary), language(secondary)) {
            (Some(primary), Some(secondary)) if primary != secondary => Ok(Self { primary, secondary }),
            _ => Err(wrong()),
        }
    }
}

/// One label in the sheet's first and second language.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pair {
    /// The message's id.
    pub id: &'static str,
    /// In the first language.
    pub primary: String,
    /// In the second language.
    pub secondary: String,
}

macro_rules! labels {
    ($($(#[$doc:meta])* $field:ident = $id:literal;)*) => {
        /// All printed labels. The fields and [`Labels::IDS`] stand in the same order.
        #[derive(Clone, Debug, PartialEq, Eq)]
        pub struct Labels {
            /// The sheet's first language: larger, and on top.
            pub primary: Language,
            /// The sheet's second language.
            pub secondary: Language,
            $($(#[$doc])* pub $field: Pair,)*
        }

        impl Labels {
            /// The id of every message that a `paper.ftl` must have.
            pub const IDS: &'static [&'static str] = &[$($id),*];

            /// Looks every label up, once in each language.
            pub fn new(
                primary: Language,
                secondary: Language,
                mut lookup: impl FnMut(&str, Language) -> String,
            ) -> Self {
                Self {
                    primary,
                    secondary,
                    $($field: Pair { id: $id, primary: lookup($id, primary), secondary: lookup($id, secondary) },)*
                }
            }
        }
    };
}

labels! {
    /// The document's title.
    title = "paper-title";
    /// Above the permit number.
    permit_number = "paper-permit-number";
    /// Before the version's number.
    version = "paper-version";
    /// The word that marks the original.
    original = "paper-original";
    /// The original's counterpart of a copy's checkpoint: who keeps it.
    original_keeper = "paper-original-keeper";
    /// The word that marks a copy; k and n follow.
    copy = "paper-copy";
    /// Between k and n in running text: "of".
    of = "paper-of";
    /// Before the checkpoint that a copy is for.
    copy_for = "paper-copy-for";
    /// What stands there on a spare copy.
    spare = "paper-spare";
    /// Before a sheet's number.
    sheet = "paper-sheet";
    /// Above the dates between which the permit is valid.
    valid = "paper-valid";
    /// Above the zones.
    zones = "paper-zones";
    /// Above the route.
    route = "paper-route";
    /// What the boxed numbers on the route mean.
    route_hint = "paper-route-hint";
    /// Column: row number.
    column_number = "paper-column-number";
    /// Column: names.
    column_name = "paper-column-name";
    /// Column: citizenship.
    column_nationality = "paper-column-nationality";
    /// Column: date of birth.
    column_birth_date = "paper-column-birth-date";
    /// Column: sex.
    column_sex = "paper-column-sex";
    /// Column: document number.
    column_document = "paper-column-document";
    /// Column: the document's expiry.
    column_expiry = "paper-column-expiry";
    /// Closes the table: before how many people the sheet lists.
    on_sheet = "paper-on-sheet";
    /// Closes the table: before how many people the permit names.
    in_all = "paper-in-all";
    /// The agency.
    agency = "paper-agency";
    /// The issuing office.
    issuing_office = "paper-issuing-office";
    /// The authority's reference.
    authority_reference = "paper-authority-reference";
    /// The date of issue.
    issued_on = "paper-issued-on";
    /// The purpose of the journey.
    purpose = "paper-purpose";
    /// The vehicle.
    vehicle = "paper-vehicle";
    /// Who of the travellers is guide or driver.
    guide = "paper-guide";
    /// What corrections and extensions did.
    history = "paper-history";
    /// Under the signature's line.
    signature = "paper-signature";
    /// In the stamp's place.
    stamp = "paper-stamp";
    /// Beside the MRZ.
    mrz = "paper-mrz";
    /// Beside an MRZ that was generated.
    mrz_generated = "paper-mrz-generated";
    /// Who keeps the original and where the copies go.
    retention = "paper-retention";
    /// Across a superseded version: one word.
    superseded = "paper-superseded";
    /// What superseded means for the holder.
    superseded_note = "paper-superseded-note";
    /// Across a revoked permit: one word.
    revoked = "paper-revoked";
    /// What revoked means for the holder.
    revoked_note = "paper-revoked-note";
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_different_languages_are_read() {
        let kyrgyz = Languages { primary: Language::Ky, secondary: Language::En };
        assert_eq!("ru,en".parse(), Ok(Languages::default()));
        assert_eq!("KY, en".parse(), Ok(kyrgyz));
        assert_eq!("ky+en".parse(), Ok(kyrgyz));
        for wrong in ["", "ru", "ru,ru", "ru,de", "ru,en,ky"] {
            assert_eq!(wrong.parse::<Languages>(), Err(UnknownLanguages { typed: wrong.into() }));
        }
    }
}
