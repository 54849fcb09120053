//! Crossings of the state border and their closures: carried as data, judged by the trip check.

use super::Position;
use crate::date::{AsOf, LocalMoment, PartialDate, time_of_day};
use crate::ids::{CheckpointId, CrossingId};
use crate::names::SideNames;
use jiff::civil::Time;
use serde::Deserialize;

/// A crossing of the state border. An absent fact means "not found", never "no".
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Crossing {
    /// The crossing's id.
    pub id: CrossingId,
    /// The country on the other side (ISO 3166-1 alpha-2).
    pub country: String,
    /// The Kyrgyz post's name.
    pub name_kg: Option<SideNames>,
    /// The Kyrgyz post's name to be.
    pub name_kg_planned: Option<SideNames>,
    /// The other side's name.
    pub name_other: Option<SideNames>,
    /// The pass's name.
    pub name_pass: Option<SideNames>,
    /// Further spellings, for look-up.
    #[serde(default)]
    pub spellings: Vec<String>,
    /// Who is named as admitted; empty: not found.
    #[serde(default)]
    pub modes: Vec<Mode>,
    /// The source says "only": whoever `modes` does not name is refused.
    #[serde(default)]
    pub modes_only: bool,
    /// Military posts on the Kyrgyz road to it: who crosses here passes their zone.
    #[serde(default)]
    pub posts: Vec<CheckpointId>,
    /// How sure `modes` is.
    pub modes_note: Option<String>,
    /// Who is named as refused.
    #[serde(default)]
    pub denied: Vec<Mode>,
    /// Whether citizens of third countries may cross; none: not found.
    pub foreigners: Option<bool>,
    /// Opening hours.
    pub hours: Option<Hours>,
    /// Lunch breaks by side.
    #[serde(default)]
    pub lunch: Vec<LunchBreak>,
    /// Season.
    pub season: Option<Season>,
    /// Whether it is open; none: not found.
    pub status: Option<CrossingStatus>,
    /// When it opened or reopened.
    pub opened: Option<PartialDate>,
    /// What is there.
    #[serde(default)]
    pub services: Vec<Service>,
    /// What there is little of.
    #[serde(default)]
    pub scarce: Vec<Service>,
    /// What is not there.
    #[serde(default)]
    pub absent: Vec<Service>,
    /// Papers needed beyond passport and visa.
    #[serde(default)]
    pub needs: Vec<Need>,
    /// Agencies that get those papers.
    #[serde(default)]
    pub agencies: Vec<String>,
    /// What the page adds, in English.
    pub notes: Option<String>,
    /// Later facts.
    #[serde(default)]
    pub change: Vec<CrossingChange>,
    /// Points of the crossing.
    #[serde(default)]
    pub position: Vec<Position>,
    /// Where it comes from.
    #[serde(default)]
    pub source: String,
    /// How old it is.
    #[serde(default)]
    pub as_of: AsOf,
}

/// A later fact about a crossing; it stands beside the baseline.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CrossingChange {
    /// The Kyrgyz post's name.
    pub name_kg: Option<SideNames>,
    /// The other side's name.
    pub name_other: Option<SideNames>,
    /// A name that may be the Kyrgyz post's; no page says so.
    pub name_kg_candidate: Option<SideNames>,
    /// Opening hours.
    pub hours: Option<Hours>,
    /// Season.
    pub season: Option<Season>,
    /// Papers that are no longer needed: the `what` of a [`Need`].
    #[serde(default)]
    pub needs_removed: Vec<String>,
    /// The page disputes the baseline or another change.
    #[serde(default)]
    pub conflict: bool,
    /// The fact in English.
    pub note: Option<String>,
    /// From when it holds, where known.
    pub effective_from: Option<PartialDate>,
    /// Until when it holds, where known.
    pub until: Option<PartialDate>,
    /// Where it comes from.
    #[serde(default)]
    pub source: String,
    /// How old it is.
    #[serde(default)]
    pub as_of: AsOf,
}

/// How somebody crosses.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Mode {
    /// On foot.
    Pedestrian,
    /// By bicycle.
    Bicycle,
    /// By motorcycle.
    Motorcycle,
    /// By car.
    Car,
    /// By bus.
    Bus,
    /// By goods truck.
    Truck,
    /// By train.
    Train,
}

/// Whether a crossing is open.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Deserialize)]
pub enum CrossingStatus {
    /// Open.
    #[serde(rename = "open")]
    Open,
    /// Open with temporary buildings; for whom is not said.
    #[serde(rename = "open-simplified")]
    OpenSimplified,
    /// Announced.
    #[serde(rename = "planned")]
    Planned,
    /// Announced as international, round the clock.
    #[serde(rename = "planned-international-24h")]
    PlannedInternational24h,
    /// Closed.
    #[serde(rename = "closed")]
    Closed,
}

/// Opening hours: the page's words, and what can be read from them.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Hours {
    /// The page's words.
    pub text: String,
    /// Round the clock, every day.
    #[serde(default)]
    pub all_day: bool,
    /// Closed on Saturday and Sunday.
    #[serde(default)]
    pub weekdays_only: bool,
    /// Only in daylight.
    #[serde(default)]
    pub daylight_only: bool,
    /// Hours of work a day.
    pub hours_per_day: Option<u8>,
}

/// A side of a crossing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Side {
    /// Kyrgyzstan's.
    Kg,
    /// The neighbour's.
    Other,
}

/// A daily break of one side.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LunchBreak {
    /// Whose break it is.
    pub side: Side,
    /// Start, in `time_zone`.
    #[serde(deserialize_with = "time_of_day")]
    pub from: Time,
    /// End, in `time_zone`.
    #[serde(deserialize_with = "time_of_day")]
    pub to: Time,
    /// The IANA time zone in which the times are given.
    pub time_zone: String,
}

/// When in the year a crossing can be used.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Season {
    /// The page's words.
    pub text: String,
    /// Open all year.
    #[serde(default)]
    pub all_year: bool,
    /// From when it is usually open or free of snow.
    pub open_from: Option<MonthPart>,
    /// Until when.
    pub open_to: Option<MonthPart>,
}

/// A date as vague as "late May".
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MonthPart {
    /// 1 to 12.
    pub month: u8,
    /// Which part of it, when said.
    pub part: Option<PartOfMonth>,
}

/// A part of a month.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum PartOfMonth {
    /// Its beginning.
    Early,
    /// Its middle.
    Middle,
    /// Its end.
    Late,
}

/// Something that a traveller may look for at a crossing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Service {
    /// Money is changed.
    Exchange,
    /// Money is changed on both sides.
    ExchangeBothSides,
    /// Food.
    Food,
    /// Fuel.
    Fuel,
    /// Provisions of any kind.
    Supplies,
    /// Spare parts for vehicles.
    SpareParts,
}

/// Which way somebody crosses, seen from Kyrgyzstan.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Direction {
    /// Into Kyrgyzstan.
    Entering,
    /// Out of Kyrgyzstan.
    Leaving,
    /// Both, or not said.
    Either,
}

/// A paper needed at a crossing beyond passport and visa.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Need {
    /// The paper, for instance `gbao-permit`.
    pub what: String,
    /// In which direction.
    pub direction: Direction,
}

/// What holds at every crossing with a country.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CountryRule {
    /// The rule's id.
    pub id: String,
    /// The neighbour (ISO 3166-1 alpha-2).
    pub country: String,
    /// Things that may not be brought, for instance `drone`.
    #[serde(default)]
    pub forbids: Vec<String>,
    /// The rule in English.
    pub text: String,
    /// Where it comes from.
    #[serde(default)]
    pub source: String,
    /// How old it is.
    #[serde(default)]
    pub as_of: AsOf,
}

/// A notice that closes crossings for a while.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Closure {
    /// The notice's id.
    pub id: String,
    /// The crossings it closes.
    pub crossings: Vec<CrossingId>,
    /// Start, local time.
    pub from: LocalMoment,
    /// End, local time; a day counts whole.
    pub to: LocalMoment,
    /// Who may pass all the same.
    #[serde(default)]
    pub open_to: Vec<Mode>,
    /// Why, in English.
    pub reason: String,
    /// Ids of the notices that this one replaces.
    #[serde(default)]
    pub supersedes: Vec<String>,
    /// The page gives no year; it was inferred from the context.
    #[serde(default)]
    pub year_inferred: bool,
    /// Where it comes from.
    #[serde(default)]
    pub source: String,
    /// How old it is.
    #[serde(default)]
    pub as_of: AsOf,
}
