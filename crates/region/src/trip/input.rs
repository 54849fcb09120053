//! A trip as a traveller or a clerk describes it.

use crate::model::{Direction, Mode};
use jiff::civil::{Date, Time};
use jiff::{Timestamp, tz};
use serde::{Deserialize, Deserializer, de};

/// A trip; TOML or JSON. Names are ids or any spelling of the region file, dates are Kyrgyzstan's.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Trip {
    /// A title, for people.
    pub about: Option<String>,
    /// Two letters, or as the passport's MRZ has it (`FRA`, `D`).
    pub nationality: String,
    /// The travel document.
    #[serde(default)]
    pub document: TravelDocument,
    /// The document's last day.
    #[serde(default, deserialize_with = "some_day")]
    pub passport_expiry: Option<Date>,
    /// Size of the organised group that travels on an agreed programme; none: not in one.
    pub organised_group: Option<usize>,
    /// Things carried that some country forbids, for instance `drone`.
    #[serde(default)]
    pub carries: Vec<String>,
    /// Papers held: those that crossings need by their id (`gbao-permit`), `insurance`, `tip`.
    #[serde(default)]
    pub holds: Vec<String>,
    /// The visa held.
    pub visa: Option<Visa>,
    /// The vehicle brought along.
    pub vehicle: Option<Vehicle>,
    /// Crossings of the border in the order of travel.
    #[serde(default)]
    pub crossing: Vec<Passage>,
    /// Where the traveller is on which days.
    #[serde(default)]
    pub stop: Vec<DayStop>,
    /// Border-zone permits held.
    #[serde(default)]
    pub permit: Vec<HeldPermit>,
    /// Stays in Kyrgyzstan before this trip, for counting days.
    #[serde(default)]
    pub earlier_stay: Vec<EarlierStay>,
}

/// The document that somebody travels on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum TravelDocument {
    /// A country's passport.
    #[default]
    Passport,
    /// A laissez-passer of the United Nations.
    UnLaissezPasser,
}

impl TravelDocument {
    /// As visa rules name it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Passport => "passport",
            Self::UnLaissezPasser => "un-laissez-passer",
        }
    }
}

/// A visa held.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Visa {
    /// Which sort.
    pub kind: VisaKind,
    /// Its first day.
    #[serde(deserialize_with = "day")]
    pub valid_from: Date,
    /// Its last day.
    #[serde(deserialize_with = "day")]
    pub valid_to: Date,
}

/// Sorts of visa.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum VisaKind {
    /// Applied for online; good for entry at listed points only.
    EVisa,
    /// A consulate's.
    Visa,
}

/// A vehicle brought along.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Vehicle {
    /// `motorcycle`, `car` or `truck`.
    pub kind: Mode,
    /// The country of its plate.
    pub registered_in: String,
    /// Hired from a firm that insures it.
    #[serde(default)]
    pub rental: bool,
    /// When it entered the customs union, where that was before the first crossing below.
    #[serde(default, deserialize_with = "some_day")]
    pub union_entry: Option<Date>,
}

/// A crossing of the border.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Passage {
    /// The crossing, or an airport of the e-visa's list.
    pub at: String,
    /// `entering` or `leaving`.
    pub direction: Direction,
    /// The day in Kyrgyzstan.
    #[serde(default, deserialize_with = "some_day")]
    pub date: Option<Date>,
    /// The time of day in Kyrgyzstan.
    #[serde(default, deserialize_with = "some_time")]
    pub time: Option<Time>,
    /// Instead of both: a moment with its offset, as a ticket of another country has it (`2026-06-01T23:30+08:00`).
    pub moment: Option<String>,
    /// How; none: not said.
    pub mode: Option<Mode>,
}

/// Places on a day, or on each of several days.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DayStop {
    /// The day, the first of several.
    #[serde(deserialize_with = "day")]
    pub date: Date,
    /// The last day; none: only that day.
    #[serde(default, deserialize_with = "some_day")]
    pub until: Option<Date>,
    /// Places, posts or whole routes.
    pub places: Vec<String>,
}

/// A border-zone permit held.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct HeldPermit {
    /// Its zones.
    pub zones: Vec<String>,
    /// Its first day.
    #[serde(deserialize_with = "day")]
    pub valid_from: Date,
    /// Its last day.
    #[serde(deserialize_with = "day")]
    pub valid_to: Date,
    /// Copies in hand, the original not counted.
    pub copies: Option<usize>,
}

/// A stay before this trip.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EarlierStay {
    /// The day of entry.
    #[serde(deserialize_with = "day")]
    pub entered: Date,
    /// The day of exit.
    #[serde(deserialize_with = "day")]
    pub left: Date,
}

/// Clocks in Kyrgyzstan: UTC+6 all the year.
pub(crate) const KYRGYZ_OFFSET: i8 = 6;

/// The Kyrgyz day and time of a moment with an offset; none where it is no such moment.
pub(super) fn kyrgyz_time(moment: &str) -> Option<(Date, Time)> {
    let moment: Timestamp = moment.trim().parse().ok()?;
    let local = tz::Offset::constant(KYRGYZ_OFFSET).to_datetime(moment);
    Some((local.date(), local.time()))
}

fn day<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Date, D::Error> {
    let text = String::deserialize(deserializer)?;
    read_day(&text).ok_or_else(|| de::Error::custom(format!("`{text}` is not a day like 2026-06-01")))
}

fn some_day<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Date>, D::Error> {
    let text = Option::<String>::deserialize(deserializer)?;
    let bad = |text: &str| de::Error::custom(format!("`{text}` is not a day like 2026-06-01"));
    text.map(|text| read_day(&text).ok_or_else(|| bad(&text))).transpose()
}

fn some_time<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Time>, D::Error> {
    let text = Option::<String>::deserialize(deserializer)?;
    let bad = |text: &str| de::Error::custom(format!("`{text}` is not a time of day like 11:00"));
    text.map(|text| text.parse().map_err(|_| bad(&text))).transpose()
}

/// Only the one form: `2026-06-01`.
fn read_day(text: &str) -> Option<Date> {
    let plain = text.len() == 10 && text.bytes().all(|b| b.is_ascii_digit() || b == b'-');
    if plain { text.parse().ok() } else { None }
}
