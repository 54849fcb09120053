//! The region's rules as data: zones, places, checkpoints, routes, crossings, tariffs, terms, stay and vehicle
//! rules, read from the text of `config/region.toml`.
//!
//! In scope: reading that text (every unknown key, missing source, double spelling or dangling reference is refused
//! with its line), finding names in any of three languages, expanding a route into its stops and posts, saying which
//! stops a set of zones does not cover, the agency's price, and the check of a whole trip ([`Region::check_trip`]):
//! zones, crossings, stay, vehicle, passport, as findings with severity, source and date.
//!
//! Out of scope: reading files, the clock, sentences for people (they stand in `config/locales/*/region.ftl`; this
//! crate gives codes and arguments; the trip check's stand in `trip.ftl`), and the permit's own states.
//!
//! Where sources disagree nothing is merged: a baseline holds the 2024 guide's fact, `change` tables hold later ones,
//! and each carries its own `source` and `as_of`.
#![deny(missing_docs)]

mod date;
mod document;
mod error;
mod ids;
mod lines;
mod map;
mod model;
mod names;
mod price;
mod region;
mod route;
mod spelling;
mod trip;
mod validate;
mod versions;
mod zones;

pub use date::{AsOf, BadDate, LocalMoment, PartialDate};
pub use error::{BrokenRule, RegionError};
pub use ids::{CheckpointId, CrossingId, PlaceId, RouteId, ZoneId};
pub use map::{Count, MapWords, WatchWords};
pub use model::*;
pub use names::{NameStatus, Names, SideNames};
pub use price::{NoPrice, Price};
pub use region::Region;
pub use route::{Stop, Uncovered, posts_on};
pub use spelling::{NameKind, UnknownName};
pub use trip::{
    Argument, Assessment, DayStop, Deadline, DeadlineCode, EarlierStay, GateDays, HeldPermit, Journey,
    MAX_ENTRIES, Passage, RoutePlan, TravelDocument, Trip, TripCode, TripFault, TripFinding, TripRule,
    TripSeverity, Vehicle, Visa, VisaKind, YEARS,
};
pub use versions::{RuleState, RuleVersion};
pub use zones::ZoneMask;

/// The shipped region file, so that a binary works without any file beside it.
pub const DEFAULT_TOML: &str = include_str!("../../../config/region.toml");

/// What [`Region::default_region`] calls the shipped file in an error.
pub const DEFAULT_FILE_NAME: &str = "config/region.toml (built in)";

/// The only `schema` number that this version reads.
pub const SCHEMA: u32 = 1;
