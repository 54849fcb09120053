//! Which version of each rule is in force on a day.

use crate::date::{AsOf, PartialDate};
use crate::model::Sourced;
use crate::region::Region;
use jiff::civil::Date;
use std::fmt::Display;

/// Whether a rule is in force on a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum RuleState {
    /// From a known start, or the baseline.
    InForce,
    /// Its page is there, its start is not known: it may hold.
    StartUnknown,
    /// It begins later, or its page is younger than the day.
    NotYet,
    /// It has ended.
    Ended,
    /// Another notice has replaced it.
    Replaced,
}

impl RuleState {
    /// Every state.
    pub const ALL: [Self; 5] = [Self::InForce, Self::StartUnknown, Self::NotYet, Self::Ended, Self::Replaced];

    /// The stable word; the Fluent message is `rule-<word>`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::InForce => "in-force",
            Self::StartUnknown => "start-unknown",
            Self::NotYet => "not-yet",
            Self::Ended => "ended",
            Self::Replaced => "replaced",
        }
    }
}

/// A version of a rule, on a day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RuleVersion {
    /// The table in which it stands, for instance `visa_rule` or `crossing.change`.
    pub table: &'static str,
    /// Its id; a change has its table's id and its number from 1.
    pub id: String,
    /// Whether it is in force.
    pub state: RuleState,
    /// Its start as the file has it.
    pub from: Option<String>,
    /// Its end as the file has it.
    pub until: Option<String>,
    /// Sources disagree about it.
    pub conflict: bool,
    /// Where it comes from.
    pub source: String,
    /// How old that is.
    pub as_of: AsOf,
}

impl Region {
    /// Every rule that can change with time, with its state on a day, in the order of the file: terms, lead times,
    /// crossings with their later facts, closures, stay and vehicle rules.
    pub fn versions(&self, day: Date) -> Vec<RuleVersion> {
        let mut all = Versions { day, list: Vec::new() };
        for zone in self.zones() {
            all.changes("zone.change", zone.id.as_str(), &zone.change, |change| change.conflict);
        }
        for post in self.checkpoints() {
            all.rule("checkpoint", post.id.as_str(), post.effective_from, None, false, post);
        }
        for tariff in self.tariffs() {
            all.baseline("tariff", &tariff.id, tariff);
        }
        all.baseline("validity", "validity", self.validity());
        all.changes("validity.change", "validity", &self.validity().change, |_| true);
        for lead in self.lead_times() {
            all.rule("lead_time", &lead.id, lead.effective_from, lead.until, false, lead);
        }
        for crossing in self.crossings() {
            all.rule("crossing", crossing.id.as_str(), crossing.opened, None, false, crossing);
            for (number, change) in crossing.change.iter().enumerate() {
                let id = format!("{}.{}", crossing.id, number + 1);
                all.rule(
                    "crossing.change",
                    &id,
                    change.effective_from,
                    change.until,
                    change.conflict,
                    change,
                );
            }
        }
        for rule in self.country_rules() {
            all.baseline("country_rule", &rule.id, rule);
        }
        self.closure_versions(&mut all);
        for rule in self.visa_rules() {
            let from = rule.effective_from.or(rule.not_before);
            let conflict = !rule.conflicts_with.is_empty()
                || self.visa_rules().iter().any(|other| other.conflicts_with.contains(&rule.id));
            all.rule("visa_rule", &rule.id, from, rule.until, conflict, rule);
            if rule.effective_from.is_none()
                && let Some(last) = all.list.last_mut().filter(|last| last.state == RuleState::InForce)
            {
                last.state = RuleState::StartUnknown;
            }
        }
        all.baseline("e_visa", "e-visa", self.e_visa());
        let vehicle = self.vehicle();
        all.baseline("vehicle", "tip", &vehicle.tip);
        all.rule("vehicle", "ecotax", Some(vehicle.ecotax.since), None, false, &vehicle.ecotax);
        all.rule(
            "vehicle",
            "insurance",
            Some(vehicle.insurance.compulsory_since),
            None,
            false,
            &vehicle.insurance,
        );
        all.list
    }

    fn closure_versions(&self, all: &mut Versions) {
        for closure in self.closures() {
            let (from, to) = (closure.from.as_start().date(), closure.to.as_end().date());
            let replaced = self.closures().iter().any(|other| other.supersedes.contains(&closure.id));
            let (from, to) = (Some(PartialDate::Day(from)), Some(PartialDate::Day(to)));
            all.rule("closure", &closure.id, from, to, false, closure);
            if let Some(last) = all.list.last_mut() {
                (last.from, last.until) = (Some(closure.from.to_string()), Some(closure.to.to_string()));
                if replaced {
                    last.state = RuleState::Replaced;
                }
            }
        }
    }
}

struct Versions {
    day: Date,
    list: Vec<RuleVersion>,
}

impl Versions {
    /// A rule without dates of its own that every other one is a change of.
    fn baseline(&mut self, table: &'static str, id: &str, rule: &impl Sourced) {
        self.push(table, id, RuleState::InForce, (None, None), false, rule);
    }

    fn changes<T: Sourced>(
        &mut self,
        table: &'static str,
        id: &str,
        list: &[T],
        conflict: impl Fn(&T) -> bool,
    ) {
        for (number, change) in list.iter().enumerate() {
            self.rule(table, &format!("{id}.{}", number + 1), None, None, conflict(change), change);
        }
    }

    fn rule(
        &mut self,
        table: &'static str,
        id: &str,
        from: Option<PartialDate>,
        until: Option<PartialDate>,
        conflict: bool,
        rule: &impl Sourced,
    ) {
        let page = match rule.as_of() {
            AsOf::Dated(date) => Some(date),
            AsOf::Undated => None,
        };
        let begun = |date: PartialDate| date.first_day() <= self.day;
        let state = match (from, until) {
            (_, Some(until)) if until.last_day() < self.day => RuleState::Ended,
            (Some(from), _) if begun(from) => RuleState::InForce,
            (Some(_), _) => RuleState::NotYet,
            // A baseline holds since its page at the latest; a later fact may.
            (None, _) if page.is_none_or(begun) && table.ends_with("change") => RuleState::StartUnknown,
            (None, _) if page.is_none_or(begun) => RuleState::InForce,
            (None, _) => RuleState::NotYet,
        };
        let ends = (from.map(|date| date.to_string()), until.map(|date| date.to_string()));
        self.push(table, id, state, ends, conflict, rule);
    }

    fn push(
        &mut self,
        table: &'static str,
        id: impl Display,
        state: RuleState,
        (from, until): (Option<String>, Option<String>),
        conflict: bool,
        rule: &impl Sourced,
    ) {
        let (source, as_of) = (rule.source().to_owned(), rule.as_of());
        self.list.push(RuleVersion {
            table,
            id: id.to_string(),
            state,
            from,
            until,
            conflict,
            source,
            as_of,
        });
    }
}
