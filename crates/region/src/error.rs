//! Why a region file is refused.

use crate::date::LocalMoment;
use crate::ids::CrossingId;
use crate::spelling::NameKind;

/// One fault in a region file, with the place where it has to be mended.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[error("{file}:{line}: {key}: {rule}")]
pub struct RegionError {
    /// The file's name as the caller gave it.
    pub file: String,
    /// The line, counted from 1.
    pub line: usize,
    /// The key's path inside the file, for instance `place[3].zone` (tables of an array are counted from 1).
    pub key: String,
    /// The rule that is broken.
    pub rule: BrokenRule,
}

/// The rules a region file must keep, each with the values that break it.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum BrokenRule {
    /// The text is not TOML.
    #[error("not TOML: {reason}")]
    Syntax {
        /// What was met and what was expected.
        reason: String,
    },
    /// A key is unknown or missing, or a value has the wrong type or form.
    #[error("{reason}")]
    Shape {
        /// What was met and what was expected.
        reason: String,
    },
    /// The file was written for another version of this program.
    #[error("schema {found} can't be read; this version reads schema {supported}")]
    Schema {
        /// What the file says.
        found: u32,
        /// What this crate reads.
        supported: u32,
    },
    /// A table does not say where its fact comes from.
    #[error("no `source`: write the page or document that says so")]
    MissingSource,
    /// A source in one word that no `[[source]]` explains: most likely a typing error.
    #[error("the source `{typed}` is neither an address nor the id of a [[source]]")]
    UnknownSource {
        /// What stood there.
        typed: String,
    },
    /// A table does not say how old its fact is.
    #[error("no `as_of`: write the page's date (2024, 2024-09, 2024-09-12) or \"undated\"")]
    MissingAsOf,
    /// An id that is not lower-case letters, digits and single hyphens.
    #[error("`{id}` is not an id: use lower-case letters a-z, digits and single hyphens")]
    MalformedId {
        /// The id.
        id: String,
    },
    /// Two tables of one kind have the same id.
    #[error("the id `{id}` is taken by the table at line {first_line}")]
    DuplicateId {
        /// The id.
        id: String,
        /// Where it stands first.
        first_line: usize,
    },
    /// A name or spelling without a letter or digit could never be found.
    #[error("the spelling `{spelling}` has no letter or digit")]
    EmptySpelling {
        /// The spelling.
        spelling: String,
    },
    /// A name or spelling leads to two tables of one kind.
    #[error("`{spelling}` already leads to the {kind} `{taken_by}`")]
    DuplicateSpelling {
        /// The spelling, as written.
        spelling: String,
        /// The kind of table that has it.
        kind: NameKind,
        /// That table's id.
        taken_by: String,
    },
    /// A reference to something that is not in the file.
    #[error("there is no {kind} `{reference}`{}", crate::spelling::did_you_mean(nearest))]
    UnknownReference {
        /// What was looked for.
        kind: NameKind,
        /// The id as written.
        reference: String,
        /// The nearest ids, best first.
        nearest: Vec<String>,
    },
    /// A seal's zone field has 32 bits.
    #[error("bit {bit} is out of range 0 to 31")]
    BitOutOfRange {
        /// The bit.
        bit: u8,
    },
    /// Two zones share a bit of the seal.
    #[error("bit {bit} belongs to the zone `{taken_by}`; a bit is never shared or reused")]
    DuplicateBit {
        /// The bit.
        bit: u8,
        /// The zone that has it.
        taken_by: String,
    },
    /// A latitude or longitude off the globe.
    #[error("latitude {lat} (-90 to 90) or longitude {lon} (-180 to 180) is out of range")]
    Position {
        /// Decimal degrees.
        lat: f64,
        /// Decimal degrees.
        lon: f64,
    },
    /// A country is named by two capital letters (ISO 3166-1 alpha-2).
    #[error("`{code}` is not a two-letter country code like KZ")]
    Country {
        /// What stood there.
        code: String,
    },
    /// A route without stops.
    #[error("a route needs at least one stop")]
    EmptyRoute,
    /// A name in no language.
    #[error("a name is needed in at least one of en, ru, ky")]
    NoName,
    /// A range whose ends are the wrong way round, or empty.
    #[error("{min} to {max} is not a range: the first must be at least 1 and not above the second")]
    Range {
        /// The lower end.
        min: usize,
        /// The upper end.
        max: usize,
    },
    /// Two prices for one number of zones.
    #[error("the tariff `{other}` has a price for {zones} zones already")]
    OverlappingTariffs {
        /// The number of zones with two prices.
        zones: usize,
        /// The other tariff's id.
        other: String,
    },
    /// An extension can't shorten a permit, and a permit lasts at least a month.
    #[error("months = {months} and max_total_months = {max_total}: needs 1 ≤ months ≤ max_total_months")]
    Validity {
        /// Months of a new permit.
        months: u32,
        /// Months with extensions.
        max_total: u32,
    },
    /// A lead time must be said in exactly one unit.
    #[error("give exactly one of working_days, days, weeks (found {found})")]
    LeadTime {
        /// How many were given.
        found: usize,
    },
    /// A span that ends before it starts.
    #[error("it ends ({to}) before it starts ({from})")]
    EndsBeforeStart {
        /// The start as written.
        from: String,
        /// The end as written.
        to: String,
    },
    /// A key that means nothing without another one.
    #[error("`{has}` needs `{missing}` beside it")]
    Incomplete {
        /// What is there.
        has: &'static str,
        /// What is missing.
        missing: &'static str,
    },
    /// A time zone whose offset is not known.
    #[error("the time zone `{zone}` is not known; use Asia/Bishkek, Almaty, Tashkent, Dushanbe or Shanghai")]
    TimeZone {
        /// What stood there.
        zone: String,
    },
    /// A month that does not exist.
    #[error("month {month} is out of range 1 to 12")]
    Month {
        /// The month.
        month: u8,
    },
    /// Two notices close one crossing at one time and neither replaces the other.
    #[error(
        "overlaps the closure `{other}` at `{crossing}` from {from}; merge them, or let one name the other in `supersedes`"
    )]
    OverlappingClosures {
        /// The crossing.
        crossing: CrossingId,
        /// The other closure's id.
        other: String,
        /// Start of this closure.
        from: LocalMoment,
    },
    /// Closures that replace one another in a circle, or one that replaces itself.
    #[error("`supersedes` leads back to `{id}` itself")]
    SupersedesItself {
        /// The closure.
        id: String,
    },
}

impl BrokenRule {
    /// The rule's stable code, as `--json` prints it.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Syntax { .. } => "syntax",
            Self::Shape { .. } => "shape",
            Self::Schema { .. } => "schema",
            Self::MissingSource => "missing-source",
            Self::UnknownSource { .. } => "unknown-source",
            Self::MissingAsOf => "missing-as-of",
            Self::MalformedId { .. } => "malformed-id",
            Self::DuplicateId { .. } => "duplicate-id",
            Self::EmptySpelling { .. } => "empty-spelling",
            Self::DuplicateSpelling { .. } => "duplicate-spelling",
            Self::UnknownReference { .. } => "unknown-reference",
            Self::BitOutOfRange { .. } => "bit-out-of-range",
            Self::DuplicateBit { .. } => "duplicate-bit",
            Self::Position { .. } => "position",
            Self::Country { .. } => "country",
            Self::EmptyRoute => "empty-route",
            Self::NoName => "no-name",
            Self::Range { .. } => "range",
            Self::OverlappingTariffs { .. } => "overlapping-tariffs",
            Self::Validity { .. } => "validity",
            Self::LeadTime { .. } => "lead-time",
            Self::EndsBeforeStart { .. } => "ends-before-start",
            Self::Incomplete { .. } => "incomplete",
            Self::TimeZone { .. } => "time-zone",
            Self::Month { .. } => "month",
            Self::OverlappingClosures { .. } => "overlapping-closures",
            Self::SupersedesItself { .. } => "supersedes-itself",
        }
    }
}
