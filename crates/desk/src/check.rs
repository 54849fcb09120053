//! The check of an order, as it is shown: one finding a line, with its sentence.

use propusk_boot::{Locales, Setting};
use propusk_passport::Severity;
use propusk_permit::order::{Order, OrderFinding, check_order};
use propusk_region::{Region, RoutePlan, TripCode, TripFinding, TripSeverity};
use serde::{Deserialize, Serialize};

/// A finding as `--json` prints it (DESIGN.md §7), with the traveller's row where it is about one.
#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct FindingRow {
    /// Row of the traveller, from 1; absent for the order as a whole.
    pub row: Option<usize>,
    pub code: String,
    pub severity: String,
    pub field: Option<String>,
    pub message: String,
    pub suggestion: Option<String>,
}

/// A finding, and how it is shown.
pub(crate) struct Found {
    pub finding: OrderFinding,
    pub shown: FindingRow,
}

/// Checks an order and says what was found in the language of the command.
pub(crate) fn check(order: &Order, region: &Region, setting: &Setting) -> Vec<FindingRow> {
    find(order, region, setting).into_iter().map(|found| found.shown).collect()
}

/// As [`check`], with the findings themselves.
pub(crate) fn find(order: &Order, region: &Region, setting: &Setting) -> Vec<Found> {
    let findings = check_order(order, region, setting.clock.today());
    let shown = |finding| Found { shown: describe(&finding, region, setting), finding };
    findings.into_iter().map(shown).chain(of_route(order, region, setting)).collect()
}

/// What the trip check says of the order's route beyond coverage and price: posts without a name, gaps, the pages'
/// notes on its zones, and that it is too late to apply. None of it refuses.
fn of_route(order: &Order, region: &Region, setting: &Setting) -> Vec<Found> {
    let plan = RoutePlan {
        route: order.route.clone(),
        zones: order.zones.clone(),
        valid_from: order.valid_from,
        valid_to: order.valid_to,
    };
    let wanted = |finding: &TripFinding| match finding.code {
        // Each office's own time is the traveller's question; and what has a reference was applied for.
        TripCode::LeadTime | TripCode::LeadTimeMissed => false,
        TripCode::LeadTimeTooShort => order.authority_reference.is_none(),
        _ => true,
    };
    let found = region.check_route(&plan, setting.clock.today());
    found.iter().filter(|finding| wanted(finding)).map(|finding| tell(finding, region, setting)).collect()
}

/// A finding of the trip check, with its source behind the sentence.
fn tell(finding: &TripFinding, region: &Region, setting: &Setting) -> Found {
    let named = |(name, value): &(&'static str, String)| (*name, readable(name, value, region, setting));
    let args: Vec<(&str, String)> = finding.args.iter().map(named).collect();
    let source = region.source_title(&finding.source).to_owned();
    let source = setting.say("trip-source", &[("source", source), ("as_of", finding.as_of.to_string())]);
    let sentence = Locales::embedded().tell(setting.language, &format!("trip-{}", finding.code), &args);
    let code = finding.code.as_str();
    let severity = if finding.severity == TripSeverity::Tells { Severity::Info } else { Severity::Warning };
    let shown = FindingRow {
        row: None,
        code: code.to_owned(),
        severity: severity.as_str().to_owned(),
        field: None,
        message: format!("{} {source}", sentence.trim_end()),
        suggestion: None,
    };
    let args = finding.args.clone();
    Found { finding: OrderFinding { row: None, code, severity, field: None, args, suggestion: None }, shown }
}

/// True when a finding refuses to issue and is not overridden.
pub(crate) fn refuses(finding: &FindingRow, overridden: &[String]) -> bool {
    finding.severity == Severity::Error.as_str() && !overridden.contains(&finding.code)
}

/// A finding as a line for a terminal.
pub(crate) fn line(finding: &FindingRow, setting: &Setting) -> String {
    let severity = setting.say(&format!("severity-{}", finding.severity), &NONE);
    let place = match (finding.row, &finding.field) {
        (Some(row), Some(field)) => {
            format!("{} ", setting.say("row-field", &[("row", row.to_string()), ("field", field.clone())]))
        }
        (Some(row), None) => format!("{} ", setting.say("row", &[("row", row.to_string())])),
        _ => String::new(),
    };
    let hint = match &finding.suggestion {
        Some(suggestion) => format!(" → {suggestion}"),
        None => String::new(),
    };
    format!("{severity}: {place}{}{hint}  [{}]", finding.message, finding.code)
}

/// A sentence without arguments.
const NONE: [(&str, String); 0] = [];

fn describe(finding: &OrderFinding, region: &Region, setting: &Setting) -> FindingRow {
    let args = arguments(finding, region, setting);
    FindingRow {
        row: finding.row.map(|row| row + 1),
        code: finding.code.to_owned(),
        severity: finding.severity.as_str().to_owned(),
        field: finding.field.clone(),
        message: Locales::embedded().tell(setting.language, &format!("finding-{}", finding.code), &args),
        suggestion: finding.suggestion.clone(),
    }
}

/// The arguments of a finding's sentence.
pub(crate) fn arguments(
    finding: &OrderFinding,
    region: &Region,
    setting: &Setting,
) -> Vec<(&'static str, String)> {
    finding.args.iter().map(|(name, value)| (*name, readable(name, value, region, setting))).collect()
}

/// Ids of zones and stops become names in the reader's language.
fn readable(name: &str, value: &str, region: &Region, setting: &Setting) -> String {
    let lang = setting.language.code();
    match name {
        "zone" => region.zone(value).map_or_else(|_| value.to_owned(), |zone| zone.name.get(lang).to_owned()),
        "stop" => {
            let stops = region.resolve_route(&[value]).unwrap_or_default();
            let names = stops.first().and_then(|stop| region.names_of(stop));
            names.map_or_else(|| value.to_owned(), |names| names.get(lang).to_owned())
        }
        _ => value.to_owned(),
    }
}
