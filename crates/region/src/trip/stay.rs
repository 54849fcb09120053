//! Stay without a visa, under every version of the rule that may hold, and entry with a visa.

use super::crossings::{HOME, holds};
use super::input::{TravelDocument, Visa, VisaKind};
use super::journey::{Gate, Passing};
use super::stay_days::{Count, Stay, Wait, rolling, waiting};
use super::{
    Check, Deadline, DeadlineCode as Day, Origin, TripCode as Code, TripFinding, TripSeverity as Severity,
    joined,
};
use crate::date::AsOf;
use crate::model::{AfterPart, VisaRule};
use jiff::civil::Date;

/// Whether a rule is about this traveller.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Applies {
    /// The source names the traveller's country or document.
    Named,
    /// The source names only some countries, and not this one.
    Perhaps,
}

impl Applies {
    fn as_str(self) -> &'static str {
        match self {
            Self::Named => "named",
            Self::Perhaps => "perhaps",
        }
    }

    /// What breaking the rule amounts to: where it is not sure that it applies, an answer must be got first.
    fn broken(self) -> Severity {
        match self {
            Self::Named => Severity::Blocks,
            Self::Perhaps => Severity::Needs,
        }
    }
}

pub(super) fn check(check: &mut Check<'_>) {
    let stays = check.journey.stays();
    let Some(first) = stays.first().copied() else { return };
    if check.journey.nationality == HOME {
        return;
    }
    if check.journey.is_open()
        && let Some(last) = stays.last()
    {
        let origin = Origin::of(check.region.permit_paper());
        let told = TripFinding::new(Code::StayEndUnknown, Severity::Tells, "stay", &origin).on(last.entered);
        check.add(told.with("entered", last.entered).with("left_on", last.left));
    }
    if let Some(visa) = check.journey.visa.clone() {
        with_visa(check, &visa, &stays);
        return;
    }
    let rules = rules(check, first.entered);
    if !rules.iter().any(|(_, applies)| *applies == Applies::Named) {
        not_confirmed(check, first.entered);
    }
    let all: Vec<Stay> = check.journey.earlier.iter().chain(&stays).copied().collect();
    let earlier = check.journey.earlier.len();
    let mut answers: Vec<(&VisaRule, Vec<Count>)> = Vec::new();
    for (rule, applies) in &rules {
        let counts = counts(rule, &all);
        let of_trip = counts.get(earlier..).unwrap_or_default();
        for (stay, count) in stays.iter().zip(of_trip) {
            judge(check, rule, *applies, *stay, count);
        }
        back(check, rule, *applies, of_trip);
        runs_on(check, rule, &stays, of_trip);
        start_unknown(check, rule);
        answers.push((rule, of_trip.to_vec()));
    }
    disagreement(check, &answers);
}

/// The rules that may hold for the traveller on the day of entry, the surest first in the order of the file.
fn rules<'a>(check: &Check<'a>, entered: Date) -> Vec<(&'a VisaRule, Applies)> {
    let journey = check.journey;
    let in_force = check.region.visa_rules().iter().filter(|rule| may_hold(rule, entered));
    let mut rules: Vec<(&VisaRule, Applies)> = Vec::new();
    for rule in in_force {
        let document = rule.documents.iter().any(|document| document == journey.document.as_str());
        let grouped = rule.group.is_none_or(|group| {
            journey.organised_group.is_some_and(|size| (group.min..=group.max).contains(&size))
        });
        let of_passport = journey.document == TravelDocument::Passport && rule.documents.is_empty();
        if !grouped || !(document || of_passport) {
            continue;
        }
        if document || rule.countries.contains(&journey.nationality) {
            rules.push((rule, Applies::Named));
        } else if !rule.countries_complete {
            rules.push((rule, Applies::Perhaps));
        }
    }
    // Where a rule lists its countries completely and names this one, lists cut off in the page add nothing.
    if rules.iter().any(|(rule, applies)| *applies == Applies::Named && rule.countries_complete) {
        rules.retain(|(_, applies)| *applies == Applies::Named);
    }
    rules
}

/// True where the rule may be in force on a day: from its start, or else from the first day on which it can have been
/// known.
fn may_hold(rule: &VisaRule, day: Date) -> bool {
    let page = match rule.as_of {
        AsOf::Dated(date) => Some(date),
        AsOf::Undated => None,
    };
    holds(rule.effective_from.or(rule.not_before).or(page), rule.until, day)
}

fn counts(rule: &VisaRule, stays: &[Stay]) -> Vec<Count> {
    let allowed = i64::from(rule.days_allowed);
    match rule.window_days {
        Some(window) => rolling(stays, allowed, i64::from(window)),
        None => {
            let wait = match rule.after_part {
                Some(AfterPart::DaysUsed) => Wait::DaysUsed,
                Some(AfterPart::Full) => Wait::Full,
                None => Wait::None,
            };
            waiting(stays, allowed, rule.after_full_days.map(i64::from), wait)
        }
    }
}

fn told(code: Code, severity: Severity, rule: &VisaRule, applies: Applies, day: Date) -> TripFinding {
    TripFinding::new(code, severity, &rule.id, rule)
        .on(day)
        .with("rule", &rule.id)
        .with("applies", applies.as_str())
        .with("allowed", rule.days_allowed)
        .with_some("window", rule.window_days)
}

fn judge(check: &mut Check<'_>, rule: &VisaRule, applies: Applies, stay: Stay, count: &Count) {
    check.add(
        told(Code::StayDays, Severity::Tells, rule, applies, stay.entered)
            .with("entered", stay.entered)
            .with("left_on", stay.left)
            .with("used", count.used)
            .with("days_left", count.left)
            .with_some("latest_exit", count.latest_exit),
    );
    if let Some(earliest) = count.too_early {
        let early = told(Code::ReentryTooEarly, applies.broken(), rule, applies, stay.entered);
        check.add(
            early
                .with("entered", stay.entered)
                .with("earliest", earliest)
                .with_some("note", rule.reentry_used_part.as_ref()),
        );
    }
    if count.over > 0 {
        let over = told(Code::StayOverstay, applies.broken(), rule, applies, stay.left);
        check.add(over.with("over", count.over).with_some("latest_exit", count.latest_exit));
    }
    if let Some(day) = count.latest_exit {
        let subject = format!("{}-{}", rule.id, stay.entered);
        let deadline = Deadline::new(Day::LatestExit, day, subject, rule);
        check.remind(deadline.with("rule", &rule.id).with("applies", applies.as_str()));
    }
}

/// When the traveller may come back after the trip.
fn back(check: &mut Check<'_>, rule: &VisaRule, applies: Applies, counts: &[Count]) {
    let said = rule.window_days.is_some() || rule.after_full_days.is_some();
    let Some(last) = counts.last().filter(|_| said && !check.journey.is_open()) else { return };
    let words = if last.left == 0 { &rule.reentry_used_all } else { &rule.reentry_used_part };
    let finding = told(Code::EarliestReentry, Severity::Tells, rule, applies, last.reentry)
        .with("earliest", last.reentry)
        .with_some("note", words.as_ref().or(rule.reentry.as_ref()));
    check.add(finding);
    let deadline = Deadline::new(Day::EarliestReentry, last.reentry, &rule.id, rule);
    check.remind(deadline.with("rule", &rule.id).with("applies", applies.as_str()));
}

/// The guide also says that leaving does not suspend the days since the first entry: the other reading.
fn runs_on(check: &mut Check<'_>, rule: &VisaRule, stays: &[Stay], counts: &[Count]) {
    let Some(ambiguity) = rule.ambiguity.as_ref().filter(|_| rule.window_days.is_none()) else { return };
    for (stay, count) in stays.iter().zip(counts).filter(|(stay, count)| count.since < stay.entered) {
        let limit = super::stay_days::plus(count.since, i64::from(rule.days_allowed) - 1);
        if count.latest_exit.is_some_and(|day| day > limit) {
            let finding = TripFinding::new(Code::StayPeriodRunsOn, Severity::Warns, &rule.id, rule)
                .on(stay.entered)
                .with("rule", &rule.id)
                .with("entered", count.since)
                .with("latest_exit", limit)
                .with("note", ambiguity);
            check.add(finding);
        }
    }
}

fn start_unknown(check: &mut Check<'_>, rule: &VisaRule) {
    if rule.effective_from.is_none() && rule.not_before.is_some() {
        let finding = TripFinding::new(Code::StayRuleStartUnknown, Severity::Tells, &rule.id, rule);
        check.add(finding.with("rule", &rule.id).with_some("decree", rule.decree.as_ref()));
    }
}

/// Where the rules give different answers, that is said in one place.
fn disagreement(check: &mut Check<'_>, answers: &[(&VisaRule, Vec<Count>)]) {
    let Some(((first, one), rest)) = answers.split_first() else { return };
    let gist = |counts: &[Count]| -> Vec<(bool, bool, Option<Date>)> {
        counts.iter().map(|c| (c.over > 0, c.too_early.is_some(), c.latest_exit)).collect()
    };
    if rest.iter().all(|(_, counts)| gist(counts) == gist(one)) {
        return;
    }
    let answer = |(rule, counts): &(&VisaRule, Vec<Count>)| {
        let exit = counts.last().and_then(|count| count.latest_exit);
        format!("{}: {}", rule.id, exit.map_or_else(|| "-".to_owned(), |day| day.to_string()))
    };
    let finding = TripFinding::new(Code::StaySourcesDisagree, Severity::Warns, "stay", *first);
    check.add(finding.with("answers", joined(answers.iter().map(answer))));
}

/// No rule names the traveller: visa-free or not must be asked, and where an e-visa would be good for entry.
fn not_confirmed(check: &mut Check<'_>, entered: Date) {
    let rules = check.region.visa_rules();
    let rule = rules.iter().find(|rule| rule.otherwise.is_some()).or(rules.first());
    let Some(rule) = rule else { return };
    let finding = TripFinding::new(Code::VisaFreeNotConfirmed, Severity::Needs, "visa", rule)
        .on(entered)
        .with("nationality", &check.journey.nationality)
        .with_some("otherwise", rule.otherwise.as_ref());
    check.add(finding);
    e_visa(check, false);
}

fn with_visa(check: &mut Check<'_>, visa: &Visa, stays: &[Stay]) {
    let origin = Origin::of(check.region.e_visa());
    check.remind(Deadline::new(Day::VisaEnds, visa.valid_to, "visa", &origin));
    let mut good = true;
    for stay in stays {
        if stay.entered < visa.valid_from {
            good = false;
            let told =
                TripFinding::new(Code::VisaNotYetValid, Severity::Blocks, "visa", &origin).on(stay.entered);
            check.add(told.with("entered", stay.entered).with("valid_from", visa.valid_from));
        }
        if stay.left > visa.valid_to {
            good = false;
            let told = TripFinding::new(Code::VisaOver, Severity::Blocks, "visa", &origin).on(visa.valid_to);
            check.add(told.with("left_on", stay.left).with("valid_to", visa.valid_to));
        }
    }
    if good {
        let told = TripFinding::new(Code::VisaCovers, Severity::Tells, "visa", &origin);
        check.add(told.with("valid_to", visa.valid_to));
    }
    if visa.kind == VisaKind::EVisa {
        e_visa(check, true);
    }
}

/// Whether the traveller enters where an e-visa is good for entry.
fn e_visa(check: &mut Check<'_>, held: bool) {
    let list = check.region.e_visa();
    let entries: Vec<&Passing> = check.journey.passings.iter().filter(|passing| passing.enters()).collect();
    for passing in entries {
        let name = passing.name(check.region);
        let point = list.entry_points.iter().enumerate().find(|(at, point)| match &passing.gate {
            Gate::Crossing(id) => point.crossing.as_ref() == Some(id),
            Gate::EntryPoint(position) => position == at,
        });
        let told = |code, severity| {
            TripFinding::new(code, severity, name, list).on(passing.date).with("crossing", name)
        };
        let finding = match (point, candidate(check, passing)) {
            (Some((_, point)), _) if point.conflict => told(Code::EVisaEntryUnsure, Severity::Warns)
                .with_some("note", list.conflict.as_ref())
                .with("listed", &point.name),
            (Some(_), _) => told(Code::EVisaEnterable, Severity::Tells),
            (None, Some(listed)) => told(Code::EVisaEntryUnsure, Severity::Warns).with("listed", listed),
            (None, None) => {
                let severity = if held { Severity::Blocks } else { Severity::Warns };
                let points = joined(list.entry_points.iter().map(|point| point.name.as_str()));
                told(Code::EVisaNotEnterable, severity).with("points", points)
            }
        };
        check.add(finding);
    }
}

/// The listed name that may be this crossing's, though no page says so.
fn candidate(check: &Check<'_>, passing: &Passing) -> Option<String> {
    let Gate::Crossing(id) = &passing.gate else { return None };
    let crossing = check.region.crossing_by_id(id)?;
    let names = crossing.change.iter().filter_map(|change| change.name_kg_candidate.as_ref()?.en.as_deref());
    let listed = |name: &&str| check.region.e_visa().entry_points.iter().any(|point| point.name == *name);
    names.into_iter().find(listed).map(str::to_owned)
}
