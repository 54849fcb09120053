//! `verify trip`: a described trip against the region's rules, each answer with its source.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use jiff::civil::Date;
use propusk_boot::{Language, Locales};
use propusk_region::{
    Assessment, Journey, NameKind, Region, Trip, TripFault, TripFinding, TripRule, TripSeverity,
};
use serde::Serialize;

use crate::trip_names::Names;
use crate::{VerifyError, input};

/// A finding as `--json` prints it, one a line.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct TripRow {
    /// The stable code.
    pub code: String,
    /// `blocks`, `needs`, `warns` or `tells`.
    pub severity: &'static str,
    /// The id of the zone, stop, crossing or rule that it is about.
    pub subject: String,
    /// The day it is about, where it is about one.
    pub date: Option<String>,
    /// The sentence in the asker's language.
    pub message: String,
    /// The arguments of the sentence, as ids and ISO dates.
    pub args: BTreeMap<&'static str, String>,
    /// The page behind it, or the title of the document.
    pub source: String,
    /// The page's date, or `undated`.
    pub as_of: String,
}

/// A trip that was read, and what the rules say of it.
pub struct TripReport<'r> {
    /// The region.
    pub region: &'r Region,
    /// The trip, its names known.
    pub journey: Journey,
    /// What the rules say.
    pub assessment: Assessment,
    /// The traveller's title of the trip.
    pub about: Option<String>,
    /// The day of asking.
    pub asked_on: Date,
}

impl<'r> TripReport<'r> {
    /// Reads a trip (TOML, or JSON where the name ends so or the text begins with a brace) and assesses it.
    ///
    /// # Errors
    /// [`VerifyError::Trip`] with every fault of the description.
    pub fn of(
        name: &str,
        region: &'r Region,
        asked_on: Date,
        language: Language,
    ) -> Result<Self, VerifyError> {
        let text = input::text(name, "a trip as TOML or JSON")?;
        let is_json = name.ends_with(".json") || text.trim_start().starts_with('{');
        let refused = |faults: Vec<TripFault>| VerifyError::Trip {
            name: name.to_owned(),
            why: faults.iter().map(|fault| tell_fault(fault, language)).collect::<Vec<_>>().join("\n  "),
        };
        let trip: Trip = if is_json {
            serde_json::from_str(&text)
                .map_err(|error| VerifyError::Trip { name: name.to_owned(), why: error.to_string() })?
        } else {
            Trip::from_toml(&text).map_err(|fault| refused(vec![fault]))?
        };
        Self::assess(trip, region, asked_on).map_err(|faults| {
            refused(
                faults.into_iter().map(|fault| if is_json { fault } else { fault.in_toml(&text) }).collect(),
            )
        })
    }

    /// Assesses a trip.
    ///
    /// # Errors
    /// Every fault of the description.
    pub fn assess(trip: Trip, region: &'r Region, asked_on: Date) -> Result<Self, Vec<TripFault>> {
        let journey = region.understand(&trip)?;
        let assessment = region.assess(&journey, asked_on);
        Ok(Self { region, journey, assessment, about: trip.about, asked_on })
    }

    /// The findings, told.
    #[must_use]
    pub fn rows(&self, language: Language) -> Vec<TripRow> {
        self.assessment.findings.iter().map(|finding| row(finding, self.region, language)).collect()
    }

    /// The whole answer for a terminal.
    #[must_use]
    pub fn text(&self, language: Language) -> String {
        let word = |id: &str| Locales::embedded().text(language, id, &[]);
        let mut text = self.about.as_ref().map(|about| format!("{about}\n\n")).unwrap_or_default();
        let severities =
            [TripSeverity::Blocks, TripSeverity::Needs, TripSeverity::Warns, TripSeverity::Tells];
        let words = severities.map(|severity| word(&format!("severity-{severity}")));
        let width = words.iter().map(|word| word.chars().count()).max().unwrap_or(0);
        for (finding, row) in self.assessment.findings.iter().zip(self.rows(language)) {
            let severity = severities.iter().position(|one| *one == finding.severity);
            let severity = severity.and_then(|at| words.get(at)).map_or("", String::as_str);
            let date = row.date.as_deref().unwrap_or("");
            let source = source_line(&row.source, &row.as_of, language);
            let _ = writeln!(text, "{severity:<width$}  {date:<10}  {}", row.message.trim_end());
            let _ = writeln!(text, "{:<width$}  {:<10}    {source}", "", "");
        }
        let answer = if self.assessment.is_yes() { "trip-answer-yes" } else { "trip-answer-no" };
        let _ = write!(text, "\n{}\n{}", word(answer), word("trip-disclaimer"));
        text
    }
}

/// `Source: … (2024)`.
pub(crate) fn source_line(source: &str, as_of: &str, language: Language) -> String {
    let as_of = match as_of {
        "undated" => Locales::embedded().text(language, "trip-undated", &[]),
        dated => dated.to_owned(),
    };
    Locales::embedded().tell(language, "trip-source", &[("source", source.to_owned()), ("as_of", as_of)])
}

/// A finding, told.
#[must_use]
pub fn row(finding: &TripFinding, region: &Region, language: Language) -> TripRow {
    let names = Names { region, language };
    let told: Vec<(&str, String)> =
        finding.args.iter().map(|(name, value)| (*name, names.readable(name, value))).collect();
    TripRow {
        code: finding.code.to_string(),
        severity: finding.severity.as_str(),
        subject: finding.subject.clone(),
        date: finding.date.map(|date| date.to_string()),
        message: Locales::embedded().tell(language, &format!("trip-{}", finding.code), &told),
        args: finding.args.iter().map(|(name, value)| (*name, value.clone())).collect(),
        source: region.source_title(&finding.source).to_owned(),
        as_of: finding.as_of.to_string(),
    }
}

/// A fault of the description in the asker's language where it is a misspelt name, else in English.
fn tell_fault(fault: &TripFault, language: Language) -> String {
    let why = match &fault.rule {
        TripRule::Unknown(unknown) => {
            let args = [("typed", unknown.typed.clone()), ("nearest", unknown.nearest_argument())];
            debug_assert!(unknown.kind != NameKind::VisaRule, "a trip names no rule");
            Locales::embedded().tell(language, unknown.code(), &args)
        }
        rule => rule.to_string(),
    };
    match fault.line {
        Some(line) => format!("{line}: {}: {why}", fault.key),
        None => format!("{}: {why}", fault.key),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use propusk_region::{DeadlineCode, RuleState, TripCode};

    #[test]
    fn every_code_has_a_sentence_in_every_language() {
        let words = ["answer-yes", "answer-no", "disclaimer", "calendar-name", "undated", "source"];
        let ids = TripCode::ALL.iter().map(|code| format!("trip-{code}"));
        let ids = ids.chain(DeadlineCode::ALL.iter().map(|code| format!("deadline-{}", code.as_str())));
        let ids = ids.chain(RuleState::ALL.iter().map(|state| format!("rule-{}", state.as_str())));
        let ids = ids.chain(words.iter().map(|word| format!("trip-{word}")));
        let ids: Vec<String> = ids.collect();
        for language in Language::ALL {
            for id in &ids {
                assert!(Locales::embedded().has(language, id), "{language}: {id}");
            }
        }
    }

    #[test]
    fn a_sentence_never_shows_the_word_for_an_argument_that_is_not_given() {
        // Arguments that a finding may lack, and the codes whose note is none of them: there it is the whole answer.
        let optional = ["time", "window", "latest_exit", "agencies", "otherwise", "decree", "note"];
        let noted = [
            TripCode::ZoneTransit,
            TripCode::ZoneNote,
            TripCode::ResidentsToo,
            TripCode::VehiclesNoPermit,
            TripCode::CrossingWeekend,
            TripCode::CrossingHoursPerDay,
            TripCode::CrossingOutOfSeason,
            TripCode::CrossingNote,
            TripCode::CountryNote,
            TripCode::StayPeriodRunsOn,
            TripCode::VehicleInsuranceNeeded,
            TripCode::VehicleNote,
        ];
        let region = Region::default_region().unwrap();
        for language in Language::ALL {
            for code in TripCode::ALL {
                let id = format!("trip-{code}");
                let lacking =
                    if noted.contains(code) { optional.split_last().unwrap().1 } else { &optional[..] };
                let mut given = every_argument(lacking);
                match code {
                    TripCode::CrossingLunch => given.push(("time", "11:30".to_owned())),
                    TripCode::StayPeriodRunsOn => given.push(("latest_exit", "2026-06-01".to_owned())),
                    _ => {}
                }
                let told = Locales::embedded().tell(language, &id, &given);
                assert!(!told.contains("none") && !told.contains("{$"), "{language} {code}: {told}");
            }
            assert!(!Names { region: &region, language }.readable("paper", "gbao-permit").contains("paper-"));
        }
    }

    /// Each argument that is always given, with a value.
    fn every_argument(without: &[&str]) -> Vec<(&'static str, String)> {
        [
            "about",
            "agencies",
            "allowed",
            "amount",
            "answers",
            "applies",
            "apply_by",
            "copies",
            "country",
            "crossing",
            "currency",
            "date",
            "days_left",
            "decree",
            "earliest",
            "entered",
            "expiry",
            "express",
            "first_day",
            "from",
            "have",
            "hours",
            "item",
            "last_day",
            "latest_exit",
            "left_on",
            "listed",
            "mode",
            "modes",
            "months",
            "nationality",
            "note",
            "opened",
            "otherwise",
            "over",
            "paper",
            "points",
            "posts",
            "reason",
            "rule",
            "services",
            "side",
            "since",
            "status",
            "stop",
            "stops",
            "time",
            "to",
            "until",
            "until_shortest",
            "used",
            "valid_from",
            "valid_to",
            "weeks",
            "who",
            "window",
            "year",
            "zone",
            "zones",
        ]
        .into_iter()
        .filter(|name| !without.contains(name))
        .map(|name| (name, format!("<{name}>")))
        .collect()
    }
}
