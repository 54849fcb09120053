//! What the trip check answers: codes with arguments, a severity, the rule's source and its date.

use crate::date::AsOf;
use crate::model::Sourced;
use jiff::civil::Date;
use std::fmt;

/// How much a finding matters, the worst first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum TripSeverity {
    /// The trip can't be made as it is described.
    Blocks,
    /// Something must be got first.
    Needs,
    /// It may go wrong, or sources disagree.
    Warns,
    /// Good to know.
    Tells,
}

impl TripSeverity {
    /// `blocks`, `needs`, `warns` or `tells`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Blocks => "blocks",
            Self::Needs => "needs",
            Self::Warns => "warns",
            Self::Tells => "tells",
        }
    }

    /// True where the answer to "can I travel like this, with what I have?" is no.
    pub fn is_no(self) -> bool {
        self <= Self::Needs
    }
}

impl fmt::Display for TripSeverity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

macro_rules! codes {
    ($($(#[$doc:meta])* $name:ident = $text:literal;)*) => {
        /// The codes of the trip check. The Fluent message of a code is `trip-<code>`.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum TripCode {
            $($(#[$doc])* $name,)*
        }

        impl TripCode {
            /// Every code.
            pub const ALL: &[Self] = &[$(Self::$name),*];

            /// The stable code, as `--json` prints it.
            pub fn as_str(self) -> &'static str {
                match self {
                    $(Self::$name => $text,)*
                }
            }
        }
    };
}
codes! {
    // Zones and the permit.
    /// The route touches no zone. Tells.
    NoZoneTouched = "no-zone-touched";
    /// No permit held covers this zone. Needs; `zone`, `first_day`, `last_day`, `stops`.
    ZonePermitNeeded = "zone-permit-needed";
    /// A permit is held, and this stop lies in none of its zones. Needs; `stop`, `zone`.
    StopNotCovered = "stop-not-covered";
    /// The zone is on the permit, these days are not. Needs; `zone`, `first_day`, `last_day`.
    PermitDaysNotCovered = "permit-days-not-covered";
    /// A permit held covers the zone on every day. Tells; `zone`, `valid_to`.
    PermitCovers = "permit-covers";
    /// Until when a permit may be extended. Tells; `valid_to`, `until`, `months`, `note`.
    PermitExtension = "permit-extension";
    /// The days in the zone are more than one permit's term: an extension is needed. Warns; `zone`, `months`, `until`.
    PermitTermShort = "permit-term-short";
    /// The days in the zone are more than a permit can cover with every extension. Needs; `zone`, `months`, `until`.
    PermitTermTooLong = "permit-term-too-long";
    /// Another page gives a shorter term, and the days in the zone are more. Warns; `weeks`, `note`.
    PermitTermElsewhere = "permit-term-elsewhere";
    /// The way to a crossing leads through a zone; sources disagree whether a permit is needed. Warns; `crossing`,
    /// `zone`, `note`.
    ZoneTransit = "zone-transit";
    /// A source lists the post on the way to a crossing as part of a zone. Warns; `crossing`, `zone`, `stop`.
    ZoneTransitListed = "zone-transit-listed";
    /// What a page adds about a zone. Tells; `zone`, `note`.
    ZoneNote = "zone-note";
    /// Residents need a permit too. Tells; `note`.
    ResidentsToo = "residents-too";
    /// Vehicles need no border permit. Tells; `note`.
    VehiclesNoPermit = "vehicles-no-permit";
    /// A stop on a day on which the traveller is not in the country. Warns; `stop`, `date`.
    StopOutsideStay = "stop-outside-stay";
    /// The price of the permit needed. Tells; `zones`, `amount`, `currency`.
    PermitPrice = "permit-price";
    /// The tariff has no price for this many zones: the agency must say it. Warns; `zones`.
    PermitPriceUnknown = "permit-price-unknown";
    /// When to apply at the latest. Tells; `who`, `apply_by`, `first_day`.
    LeadTime = "lead-time";
    /// Too late for this office. Warns; `who`, `apply_by`, `first_day`.
    LeadTimeMissed = "lead-time-missed";
    /// Too late for every office that is known. Blocks; `first_day`, `apply_by`.
    LeadTimeTooShort = "lead-time-too-short";
    /// How many copies the posts of the route need. Tells; `copies`, `posts`.
    CopiesNeeded = "copies-needed";
    /// Fewer copies than posts. Needs; `copies`, `have`.
    CopiesTooFew = "copies-too-few";
    /// Travellers met posts there that nobody named. Warns; `posts`, `about`.
    PostsUnnamed = "posts-unnamed";
    /// Something is not known about the route. Warns; `about`.
    RouteGap = "route-gap";
    // Crossings.
    /// It is open. Tells; `crossing`, `date`.
    CrossingOpen = "crossing-open";
    /// No source says whether it is open. Warns; `crossing`, `note`.
    CrossingStatusUnknown = "crossing-status-unknown";
    /// Announced or closed. Blocks; `crossing`, `status`.
    CrossingNotOpen = "crossing-not-open";
    /// It opens later. Blocks; `crossing`, `opened`.
    CrossingNotYetOpen = "crossing-not-yet-open";
    /// Open with temporary buildings; for whom is not said. Warns; `crossing`.
    CrossingOpenSimplified = "crossing-open-simplified";
    /// Not for this way of travelling. Blocks; `crossing`, `mode`, `modes`.
    CrossingModeDenied = "crossing-mode-denied";
    /// The sources name others, not this way of travelling. Warns; `crossing`, `mode`, `modes`.
    CrossingModeNotNamed = "crossing-mode-not-named";
    /// Only for citizens of the two neighbours. Blocks; `crossing`, `country`.
    CrossingNotForForeigners = "crossing-not-for-foreigners";
    /// No source says whether foreigners may cross. Warns; `crossing`.
    CrossingForeignersUnknown = "crossing-foreigners-unknown";
    /// Open round the clock. Tells; `crossing`.
    CrossingAllDay = "crossing-all-day";
    /// A source says it is closed on Saturday and Sunday, and it is one of them. Blocks, or warns where another source
    /// says otherwise; `crossing`, `date`.
    CrossingWeekend = "crossing-weekend";
    /// A source says it works every day for some hours. Tells; `crossing`, `hours`.
    CrossingHoursPerDay = "crossing-hours-per-day";
    /// Only in daylight. Warns, or tells in the middle of the day; `crossing`, `time`.
    CrossingDaylightOnly = "crossing-daylight-only";
    /// Arriving in a side's lunch break. Warns; `crossing`, `side`, `from`, `to`, `time`.
    CrossingLunch = "crossing-lunch";
    /// A side's lunch break. Tells; `crossing`, `side`, `from`, `to`.
    CrossingLunchTimes = "crossing-lunch-times";
    /// Out of its season. Warns; `crossing`, `date`, `note`.
    CrossingOutOfSeason = "crossing-out-of-season";
    /// A notice closes it. Blocks; `crossing`, `from`, `to`, `reason`, `year`.
    CrossingClosed = "crossing-closed";
    /// A notice closes it for a part of the day. Warns; `crossing`, `from`, `to`, `reason`, `year`.
    CrossingClosedPart = "crossing-closed-part";
    /// A notice closes it for others. Tells; `crossing`, `from`, `to`, `reason`, `mode`.
    CrossingClosedForOthers = "crossing-closed-for-others";
    /// An older notice said closed; it was replaced. Tells; `crossing`, `from`, `to`, `reason`.
    ClosureReplaced = "closure-replaced";
    /// It was closed around this day in another year. Warns; `crossing`, `from`, `to`, `reason`.
    CrossingHolidayLikely = "crossing-holiday-likely";
    /// It closes on public holidays of both sides; no notice for this year is known. Tells; `crossing`, `year`.
    CrossingAskHolidays = "crossing-ask-holidays";
    /// A paper is needed in this direction. Needs; `crossing`, `paper`, `agencies`.
    CrossingPaperNeeded = "crossing-paper-needed";
    /// A paper that is needed is held. Tells; `crossing`, `paper`.
    CrossingPaperHeld = "crossing-paper-held";
    /// A source says that the paper is no longer needed. Warns; `crossing`, `paper`, `note`.
    CrossingPaperDropped = "crossing-paper-dropped";
    /// A source disputes what the others say. Warns; `crossing`, `note`.
    CrossingDisputed = "crossing-disputed";
    /// Something carried is forbidden beyond this crossing. Blocks; `crossing`, `item`, `country`.
    ForbiddenItem = "forbidden-item";
    /// What is forbidden beyond this crossing. Tells; `item`, `country`.
    ForbiddenBeyond = "forbidden-beyond";
    /// What holds at crossings with this country. Tells; `country`, `note`.
    CountryNote = "country-note";
    /// Not there. Warns; `crossing`, `services`.
    CrossingLacks = "crossing-lacks";
    /// Little of it. Warns; `crossing`, `services`.
    CrossingLittle = "crossing-little";
    /// There. Tells; `crossing`, `services`.
    CrossingHas = "crossing-has";
    /// What a page adds. Tells; `crossing`, `note`.
    CrossingNote = "crossing-note";
    /// An airport or a post of which only the name is known. Tells; `crossing`.
    GateUnjudged = "gate-unjudged";
    // Visa and stay.
    /// No rule names this nationality. Needs; `nationality`, `otherwise`.
    VisaFreeNotConfirmed = "visa-free-not-confirmed";
    /// Days used and left under one rule. Tells; `rule`, `applies`, `entered`, `left_on`, `used`, `days_left`, `allowed`,
    /// `window`, `latest_exit`.
    StayDays = "stay-days";
    /// More days than the rule allows. Blocks, or needs where it is not sure that the rule applies; `rule`, `applies`,
    /// `over`, `latest_exit`, `allowed`, `window`.
    StayOverstay = "stay-overstay";
    /// Back too early. Blocks or needs; `rule`, `applies`, `entered`, `earliest`.
    ReentryTooEarly = "reentry-too-early";
    /// When the traveller may come back. Tells; `rule`, `applies`, `earliest`, `note`.
    EarliestReentry = "earliest-reentry";
    /// The other reading of a rule that contradicts itself. Warns; `rule`, `latest_exit`, `note`.
    StayPeriodRunsOn = "stay-period-runs-on";
    /// The rules give different answers. Warns; `answers`.
    StaySourcesDisagree = "stay-sources-disagree";
    /// Since when the rule holds is not known. Tells; `rule`, `decree`.
    StayRuleStartUnknown = "stay-rule-start-unknown";
    /// No exit is given, so the stay is counted to the last day known. Tells; `entered`, `left_on`.
    StayEndUnknown = "stay-end-unknown";
    /// An e-visa is good for entry here. Tells; `crossing`.
    EVisaEnterable = "e-visa-enterable";
    /// Not in the list of entry points for an e-visa. Blocks, or warns where none is held; `crossing`, `points`.
    EVisaNotEnterable = "e-visa-not-enterable";
    /// The list names a post that may be this one, or contradicts another source. Warns; `crossing`, `note`.
    EVisaEntryUnsure = "e-visa-entry-unsure";
    /// Entering before the visa begins. Blocks; `entered`, `valid_from`.
    VisaNotYetValid = "visa-not-yet-valid";
    /// In the country after the visa ended. Blocks; `left_on`, `valid_to`.
    VisaOver = "visa-over";
    /// The stay lies inside the visa. Tells; `valid_to`.
    VisaCovers = "visa-covers";
    // Vehicle.
    /// Registered inside the customs union: no temporary import. Tells; `country`.
    VehicleNoTip = "vehicle-no-tip";
    /// The temporary import document is issued on entry. Tells; `crossing`, `date`, `until`, `until_shortest`.
    VehicleTipAtEntry = "vehicle-tip-at-entry";
    /// Coming from inside the union, the document must be there already. Needs; `crossing`, `country`.
    VehicleTipFromUnion = "vehicle-tip-from-union";
    /// The document's latest end. Tells; `until`, `until_shortest`.
    VehicleTipUntil = "vehicle-tip-until";
    /// It may have ended, where it was given for the shortest time. Warns; `date`, `until_shortest`.
    VehicleTipMayEnd = "vehicle-tip-may-end";
    /// It has ended. Blocks; `date`, `until`.
    VehicleTipOver = "vehicle-tip-over";
    /// No carnet de passages. Tells.
    VehicleNoCarnet = "vehicle-no-carnet";
    /// The ecotax to be paid. Tells; `crossing`, `amount`, `currency`, `year`.
    VehicleEcotaxDue = "vehicle-ecotax-due";
    /// No ecotax. Tells; `crossing`, `country`.
    VehicleEcotaxNotDue = "vehicle-ecotax-not-due";
    /// Insurance is compulsory. Needs; `since`, `note`.
    VehicleInsuranceNeeded = "vehicle-insurance-needed";
    /// Insurance is held, or the car is rented. Tells; `since`.
    VehicleInsuranceHeld = "vehicle-insurance-held";
    /// Somebody crosses with a vehicle that is not described: their own, or a taxi? Tells; `mode`.
    VehicleNotDescribed = "vehicle-not-described";
    /// What a page adds about vehicles. Tells; `note`.
    VehicleNote = "vehicle-note";
    // Passport.
    /// It expires before the trip ends. Blocks; `expiry`, `last_day`.
    PassportExpiresOnTrip = "passport-expires-on-trip";
    /// It expires before the permit does. Needs; `expiry`, `valid_to`.
    PassportExpiresBeforePermit = "passport-expires-before-permit";
    /// No expiry is given. Warns.
    PassportExpiryNotGiven = "passport-expiry-not-given";
    /// It is good for the trip. Tells; `expiry`, `last_day`.
    PassportGood = "passport-good";
}

impl fmt::Display for TripCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// A named argument. Lists are joined by `, `; ids stay ids, and whoever shows them makes names of them.
pub type Argument = (&'static str, String);

/// One answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TripFinding {
    /// What it is.
    pub code: TripCode,
    /// How much it matters.
    pub severity: TripSeverity,
    /// What it is about: the id of a zone, stop, crossing or rule. With the code it names a requirement.
    pub subject: String,
    /// The day it is about, where it is about one.
    pub date: Option<Date>,
    /// The message's arguments.
    pub args: Vec<Argument>,
    /// The page's address, or the id of a [`crate::SourceTitle`].
    pub source: String,
    /// How old that page is.
    pub as_of: AsOf,
}

impl TripFinding {
    pub(super) fn new(
        code: TripCode,
        severity: TripSeverity,
        subject: impl fmt::Display,
        rule: &impl Sourced,
    ) -> Self {
        Self {
            code,
            severity,
            subject: subject.to_string(),
            date: None,
            args: Vec::new(),
            source: rule.source().to_owned(),
            as_of: rule.as_of(),
        }
    }

    pub(super) fn on(mut self, date: Date) -> Self {
        self.date = Some(date);
        self
    }

    pub(super) fn with(mut self, name: &'static str, value: impl fmt::Display) -> Self {
        self.args.push((name, value.to_string()));
        self
    }

    /// Adds an argument where there is a value; the message then says nothing of it.
    pub(super) fn with_some(self, name: &'static str, value: Option<impl fmt::Display>) -> Self {
        match value {
            Some(value) => self.with(name, value),
            None => self,
        }
    }

    /// The value of an argument.
    pub fn arg(&self, name: &str) -> Option<&str> {
        self.args.iter().find(|(key, _)| *key == name).map(|(_, value)| value.as_str())
    }
}

/// A day that belongs into a calendar. The Fluent message is `deadline-<code>`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Deadline {
    /// What happens then.
    pub code: DeadlineCode,
    /// The first day.
    pub day: Date,
    /// The last day, where it is a span.
    pub last_day: Option<Date>,
    /// What it is about, as in a finding.
    pub subject: String,
    /// The message's arguments.
    pub args: Vec<Argument>,
    /// The page's address, or the id of a [`crate::SourceTitle`].
    pub source: String,
    /// How old that page is.
    pub as_of: AsOf,
}

/// What happens on a day of the calendar.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum DeadlineCode {
    /// The last day to apply, counted with the longest time that a source gives; `who`, `first_day`.
    ApplyBySafe,
    /// The last day to apply with the quickest office; `who`, `first_day`.
    ApplyByLast,
    /// A permit is valid; `zones`.
    PermitValid,
    /// A permit may be extended until; `valid_to`.
    ExtensionUntil,
    /// A crossing; `crossing`, `direction`.
    Cross,
    /// The latest exit under one rule; `rule`, `applies`.
    LatestExit,
    /// The earliest re-entry under one rule; `rule`, `applies`.
    EarliestReentry,
    /// The visa ends.
    VisaEnds,
    /// The temporary import ends where it was given for the shortest time.
    TipShortest,
    /// The temporary import ends at the latest.
    TipEnds,
    /// The ecotax is due; `amount`, `currency`, `crossing`.
    Ecotax,
    /// The passport expires.
    PassportExpires,
}

impl DeadlineCode {
    /// Every code.
    pub const ALL: [Self; 12] = [
        Self::ApplyBySafe,
        Self::ApplyByLast,
        Self::PermitValid,
        Self::ExtensionUntil,
        Self::Cross,
        Self::LatestExit,
        Self::EarliestReentry,
        Self::VisaEnds,
        Self::TipShortest,
        Self::TipEnds,
        Self::Ecotax,
        Self::PassportExpires,
    ];

    /// The stable code.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::ApplyBySafe => "apply-by-safe",
            Self::ApplyByLast => "apply-by-last",
            Self::PermitValid => "permit-valid",
            Self::ExtensionUntil => "extension-until",
            Self::Cross => "cross",
            Self::LatestExit => "latest-exit",
            Self::EarliestReentry => "earliest-reentry",
            Self::VisaEnds => "visa-ends",
            Self::TipShortest => "tip-shortest",
            Self::TipEnds => "tip-ends",
            Self::Ecotax => "ecotax",
            Self::PassportExpires => "passport-expires",
        }
    }
}

impl Deadline {
    pub(super) fn new(
        code: DeadlineCode,
        day: Date,
        subject: impl fmt::Display,
        rule: &impl Sourced,
    ) -> Self {
        Self {
            code,
            day,
            last_day: None,
            subject: subject.to_string(),
            args: Vec::new(),
            source: rule.source().to_owned(),
            as_of: rule.as_of(),
        }
    }

    pub(super) fn with(mut self, name: &'static str, value: impl fmt::Display) -> Self {
        self.args.push((name, value.to_string()));
        self
    }
}
