//! Zones, places, checkpoints and routes.

use super::Change;
use crate::date::{AsOf, PartialDate};
use crate::ids::{CheckpointId, CrossingId, PlaceId, RouteId, ZoneId};
use crate::names::{NameStatus, Names};
use serde::Deserialize;

/// A restricted border zone; a permit names the zones that it is good for.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Zone {
    /// The zone's id.
    pub id: ZoneId,
    /// Its bit in a seal's zone field, 0 to 31, never reused (SEAL.md, "Our profile", tag 05).
    pub bit: u8,
    /// Its names: the oblast's in Russian and Kyrgyz.
    pub name: Names,
    /// Whether the names were found.
    pub name_status: NameStatus,
    /// Further spellings, for look-up.
    #[serde(default)]
    pub spellings: Vec<String>,
    /// Later facts.
    #[serde(default)]
    pub change: Vec<Change>,
    /// Where the zone comes from.
    #[serde(default)]
    pub source: String,
    /// How old that is.
    #[serde(default)]
    pub as_of: AsOf,
}

/// A rule about zones as a whole; carried as the page's words.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ZoneRule {
    /// The rule's id.
    pub id: String,
    /// The rule in English.
    pub text: String,
    /// The neighbour whose border the rule is about (ISO 3166-1 alpha-2).
    pub border: Option<String>,
    /// Width of the strip in kilometres, as the page gives it.
    pub about_km: Option<u32>,
    /// What the trip check may use the rule for.
    pub topic: Option<ZoneTopic>,
    /// With `topic = "transit"`: crossings that the rule excepts.
    #[serde(default)]
    pub except: Vec<CrossingId>,
    /// Where it comes from.
    #[serde(default)]
    pub source: String,
    /// How old it is.
    #[serde(default)]
    pub as_of: AsOf,
}

/// What a rule about zones as a whole is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ZoneTopic {
    /// The country's own residents need a permit too.
    Residents,
    /// Vehicles need no permit.
    Vehicles,
    /// Who travels straight to or from a crossing may need none.
    Transit,
}

/// A place inside a zone that a route may name.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Place {
    /// The place's id.
    pub id: PlaceId,
    /// The zone it lies in.
    pub zone: ZoneId,
    /// Its names.
    pub name: Names,
    /// Whether the names were found.
    pub name_status: NameStatus,
    /// Further spellings, for look-up.
    #[serde(default)]
    pub spellings: Vec<String>,
    /// Where it lies, when a page says so.
    #[serde(default)]
    pub position: Vec<Position>,
    /// Where the fact that the place lies in the zone comes from.
    #[serde(default)]
    pub source: String,
    /// How old that is.
    #[serde(default)]
    pub as_of: AsOf,
}

/// A point in decimal degrees (WGS 84 assumed), as a page gives it.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Position {
    /// Which point of the place, for instance `pass` or `north end`.
    pub what: String,
    /// Latitude, -90 to 90.
    pub lat: f64,
    /// Longitude, -180 to 180.
    pub lon: f64,
    /// Metres above the sea.
    pub elevation_m: Option<u32>,
    /// Where it comes from.
    #[serde(default)]
    pub source: String,
    /// How old it is.
    #[serde(default)]
    pub as_of: AsOf,
}

/// A military post inside a zone, where the passport is shown and a copy of the permit is left.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Checkpoint {
    /// The post's id.
    pub id: CheckpointId,
    /// The zone it stands in.
    pub zone: ZoneId,
    /// Its names.
    pub name: Names,
    /// Whether the names were found.
    pub name_status: NameStatus,
    /// Further spellings, for look-up.
    #[serde(default)]
    pub spellings: Vec<String>,
    /// Metres above the sea.
    pub elevation_m: Option<u32>,
    /// What the page adds, in English.
    pub note: Option<String>,
    /// Since when it stands, where known.
    pub effective_from: Option<PartialDate>,
    /// Later or older facts of other pages.
    #[serde(default)]
    pub change: Vec<Change>,
    /// Who names the post.
    #[serde(default)]
    pub source: String,
    /// How old that is.
    #[serde(default)]
    pub as_of: AsOf,
}

/// A whole route that an order may name at once.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Route {
    /// The route's id.
    pub id: RouteId,
    /// Its names, as a list of places.
    pub name: Names,
    /// Whether the names were found.
    pub name_status: NameStatus,
    /// Further spellings, for look-up.
    #[serde(default)]
    pub spellings: Vec<String>,
    /// Ids of places and checkpoints in the order of travel; at least one.
    pub stops: Vec<String>,
    /// Where it comes from.
    #[serde(default)]
    pub source: String,
    /// How old it is.
    #[serde(default)]
    pub as_of: AsOf,
}

/// Something that is known to be unknown.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Gap {
    /// What was not found, in English.
    pub about: String,
    /// Ids of the places and posts that it is about.
    #[serde(default)]
    pub near: Vec<String>,
    /// How many posts travellers met there, named or not.
    pub posts_reported: Option<u32>,
    /// Where that comes from.
    #[serde(default)]
    pub source: String,
    /// How old it is.
    #[serde(default)]
    pub as_of: AsOf,
}
