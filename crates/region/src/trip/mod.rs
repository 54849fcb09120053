//! The trip check: everything that is missing or may go wrong, each answer with its rule's source and date.
//!
//! In scope: a described trip ([`Trip`]) against the region's rules on the day of asking. Out of scope: sentences
//! (`config/locales/*/trip.ftl`), reading files, the clock, and what no source says: nothing is made up in between.
//!
//! Severities. *Blocks*: not possible as described. *Needs*: something must be got first. *Warns*: it may go wrong, or
//! sources disagree. *Tells*: good to know. The answer to the whole is no while anything blocks or is needed.

mod country;
mod crossings;
mod finding;
mod gate_days;
mod gate_times;
mod input;
mod journey;
mod papers;
mod passport;
mod permits;
mod stay;
mod stay_days;
mod term;
mod vehicle;
mod zones;

pub use finding::{Argument, Deadline, DeadlineCode, TripCode, TripFinding, TripSeverity};
pub use gate_days::GateDays;
pub(crate) use gate_times::offset_hours;
pub use input::{DayStop, EarlierStay, HeldPermit, Passage, TravelDocument, Trip, Vehicle, Visa, VisaKind};
pub(crate) use journey::Gate;
pub use journey::{Journey, MAX_ENTRIES, TripFault, TripRule, YEARS};
pub use zones::RoutePlan;

use crate::date::AsOf;
use crate::lines::{Lines, Step, line_at};
use crate::model::Sourced;
use crate::region::Region;
use jiff::civil::Date;

/// Everything that the rules say about a trip.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Assessment {
    /// The answers: the worst first, then by day.
    pub findings: Vec<TripFinding>,
    /// Days for a calendar, by day.
    pub deadlines: Vec<Deadline>,
}

impl Assessment {
    /// The worst severity; `Tells` where nothing was found.
    pub fn verdict(&self) -> TripSeverity {
        self.findings.iter().map(|finding| finding.severity).min().unwrap_or(TripSeverity::Tells)
    }

    /// True where nothing blocks and nothing is needed.
    pub fn is_yes(&self) -> bool {
        !self.verdict().is_no()
    }

    fn finish(mut self) -> Self {
        // The sort is stable: answers about one thing stay in the order in which they were given.
        self.findings.sort_by_key(|finding| (finding.severity, finding.date.unwrap_or(Date::MIN)));
        let mut kept: Vec<TripFinding> = Vec::with_capacity(self.findings.len());
        for finding in self.findings {
            // Entering and leaving at one crossing says some things twice.
            let same = |other: &TripFinding| {
                (other.code, &other.subject, &other.args, &other.source)
                    == (finding.code, &finding.subject, &finding.args, &finding.source)
            };
            if !kept.iter().any(same) {
                kept.push(finding);
            }
        }
        self.findings = kept;
        self.deadlines.sort_by_key(|deadline| (deadline.day, deadline.code));
        self
    }
}

impl Trip {
    /// Reads a trip from TOML.
    ///
    /// # Errors
    /// Not TOML, an unknown or missing key, or a value of the wrong form, with its line.
    pub fn from_toml(text: &str) -> Result<Self, TripFault> {
        toml::from_str(text).map_err(|error| {
            let at = error.span().map_or(0, |span| span.start);
            let key = Lines::parse(text).map_or_else(|_| "(file)".to_owned(), |lines| lines.key_at(at));
            let reason = error.message().to_owned();
            TripFault { key, line: Some(line_at(text, at)), rule: TripRule::Shape { reason } }
        })
    }
}

impl TripFault {
    /// The same fault with its line in the TOML text that the trip was read from.
    #[must_use]
    pub fn in_toml(mut self, text: &str) -> Self {
        if let Ok(lines) = Lines::parse(text) {
            let parts: Vec<(&str, Option<usize>)> = self.key.split('.').map(step).collect();
            let mut path = Vec::new();
            for (key, item) in parts {
                path.push(Step::Key(key));
                path.extend(item.map(Step::Item));
            }
            self.line = Some(lines.line(&path));
        }
        self
    }
}

/// `crossing[2]` as a key and an index from 0.
fn step(part: &str) -> (&str, Option<usize>) {
    let Some((key, rest)) = part.split_once('[') else { return (part, None) };
    let number = rest.trim_end_matches(']').parse::<usize>().ok();
    (key, number.map(|number| number.saturating_sub(1)))
}

impl Region {
    /// Checks a trip: understands it and assesses it as of the day of asking.
    ///
    /// # Errors
    /// As [`Region::understand`].
    pub fn check_trip(&self, trip: &Trip, asked_on: Date) -> Result<Assessment, Vec<TripFault>> {
        Ok(self.assess(&self.understand(trip)?, asked_on))
    }

    /// Everything that the rules say about a journey, asked on that day (Kyrgyzstan's).
    pub fn assess(&self, journey: &Journey, asked_on: Date) -> Assessment {
        let mut check = Check { region: self, journey, asked_on, out: Assessment::default() };
        zones::check(&mut check);
        crossings::check(&mut check);
        stay::check(&mut check);
        vehicle::check(&mut check);
        passport::check(&mut check);
        check.out.finish()
    }
}

/// A check at work.
struct Check<'a> {
    region: &'a Region,
    journey: &'a Journey,
    asked_on: Date,
    out: Assessment,
}

impl Check<'_> {
    fn add(&mut self, finding: TripFinding) {
        self.out.findings.push(finding);
    }

    fn remind(&mut self, deadline: Deadline) {
        self.out.deadlines.push(deadline);
    }
}

/// Where an answer comes from that rests on several tables.
#[derive(Debug, Clone)]
struct Origin {
    source: String,
    as_of: AsOf,
}

impl Origin {
    fn of(rule: &impl Sourced) -> Self {
        Self { source: rule.source().to_owned(), as_of: rule.as_of() }
    }
}

impl Sourced for Origin {
    fn source(&self) -> &str {
        &self.source
    }

    fn as_of(&self) -> AsOf {
        self.as_of
    }
}

/// A list as one argument.
fn joined<T: ToString>(items: impl IntoIterator<Item = T>) -> String {
    items.into_iter().map(|item| item.to_string()).collect::<Vec<_>>().join(", ")
}
