//! Stay without a visa, and entry with an e-visa: carried as data, judged by the trip check.

use crate::date::{AsOf, PartialDate};
use crate::ids::CrossingId;
use serde::Deserialize;

/// One version of the stay rule for some countries; versions stand side by side and may conflict.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct VisaRule {
    /// The rule's id.
    pub id: String,
    /// To whom it applies, in the page's words.
    pub applies_to: String,
    /// The countries named (ISO 3166-1 alpha-2).
    #[serde(default)]
    pub countries: Vec<String>,
    /// False when the page names only some of them.
    #[serde(default)]
    pub countries_complete: bool,
    /// Documents other than a country's passport that it applies to.
    #[serde(default)]
    pub documents: Vec<String>,
    /// Only for organised groups of this size.
    pub group: Option<GroupSize>,
    /// Days that may be spent inside.
    pub days_allowed: u32,
    /// The rolling window in which they are counted; none: not said.
    pub window_days: Option<u32>,
    /// From when it holds, where known.
    pub effective_from: Option<PartialDate>,
    /// Until when it holds, where known.
    pub until: Option<PartialDate>,
    /// The decree, where named.
    pub decree: Option<String>,
    /// The day before which it can't have held, for instance the decree's own date; none: its page's date.
    pub not_before: Option<PartialDate>,
    /// Days to be spent outside after every allowed day was used.
    pub after_full_days: Option<u32>,
    /// Days to be spent outside after a part of them was used; none: not said.
    pub after_part: Option<AfterPart>,
    /// Re-entry after every allowed day was used, in the page's words.
    pub reentry_used_all: Option<String>,
    /// Re-entry after a part of them was used, in the page's words.
    pub reentry_used_part: Option<String>,
    /// Re-entry in general, in the page's words.
    pub reentry: Option<String>,
    /// Where the source contradicts itself or leaves something open.
    pub ambiguity: Option<String>,
    /// What everybody else needs.
    pub otherwise: Option<String>,
    /// Ids of rules that give another answer for the same traveller: both are to be shown.
    #[serde(default)]
    pub conflicts_with: Vec<String>,
    /// Where it comes from.
    #[serde(default)]
    pub source: String,
    /// How old it is.
    #[serde(default)]
    pub as_of: AsOf,
}

/// How long one stays outside after a part of the allowed days was used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum AfterPart {
    /// As many days as were used.
    DaysUsed,
    /// As many as after using all.
    Full,
}

/// The smallest and largest group, both included.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct GroupSize {
    /// The fewest people.
    pub min: usize,
    /// The most people.
    pub max: usize,
}

/// Where one may enter with an e-visa.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EVisa {
    /// The entry points as listed.
    pub entry_points: Vec<EntryPoint>,
    /// What contradicts another source, in English.
    pub conflict: Option<String>,
    /// What is to be said about the source, in English.
    pub note: Option<String>,
    /// Where it comes from.
    #[serde(default)]
    pub source: String,
    /// How old it is.
    #[serde(default)]
    pub as_of: AsOf,
}

/// A place of entry for holders of an e-visa.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EntryPoint {
    /// The name as listed.
    pub name: String,
    /// Further spellings, for look-up.
    #[serde(default)]
    pub spellings: Vec<String>,
    /// Another source contradicts it; [`EVisa::conflict`] says how.
    #[serde(default)]
    pub conflict: bool,
    /// The crossing, where the names are the same; airports have none.
    pub crossing: Option<CrossingId>,
}
