//! What the check says of an order that is being typed: beside the field, at the very character.

use std::collections::BTreeMap;

use askama::Template;
use propusk_boot::Setting;
use propusk_boot::pages::Frame;
use propusk_passport::Severity;
use propusk_permit::CopyPlan;
use propusk_region::posts_on;

use super::map;
use super::order_fields::COLUMNS;
use crate::check::{Found, find};
use crate::order::{OrderError, OrderFile};
use crate::quote::{Quote, quote};
use crate::report::marked;
use crate::service::Desk;

/// A finding as it is shown.
pub(crate) struct Shown {
    pub severity: &'static str,
    pub word: String,
    pub message: String,
    pub suggestion: Option<String>,
    /// The text with the characters that it is about, where they can be pointed at: before, these, after.
    pub mark: Option<(String, String, String)>,
}

/// All findings of an order, and what follows from it.
#[derive(Template)]
#[template(path = "findings.html")]
pub(crate) struct Findings {
    pub frame: Frame,
    pub order: Vec<Shown>,
    /// By the id of the element that they stand in.
    pub at: BTreeMap<String, Vec<Shown>>,
    pub errors: usize,
    /// The codes of the errors, to be overridden with a reason.
    pub codes: Vec<&'static str>,
    pub price: Option<Quote>,
    pub copies: Option<u8>,
    /// Where the map of zones and route lies; empty where there are none yet.
    pub map: String,
    pub revision: u32,
}

impl Findings {
    /// Checks what has been typed so far; what is missing yet hides nothing else.
    pub(crate) fn of(order: &OrderFile, revision: u32, desk: &Desk, frame: Frame) -> Self {
        let setting = Setting { language: frame.language, ..desk.service.setting.clone() };
        let region = &desk.office.region;
        let (today, most) = (setting.clock.today(), desk.office.config.max_total_months);
        let mut findings = Self::empty(order, revision, frame);
        let mut probe = order.clone();
        if order.zones.is_empty() {
            findings.needs("order-needs-zones");
            probe.zones = region.zones().first().map(|zone| zone.id.to_string()).into_iter().collect();
        }
        if order.valid_from.is_none() {
            findings.needs("order-needs-day");
            probe.valid_from = Some(today.to_string());
        }
        let mut resolved = probe.resolve(region, most, today);
        if let Err(OrderError::Unknown(unknown)) = &resolved {
            findings.says(unknown.to_string());
            probe.route.clear();
            resolved = probe.resolve(region, most, today);
        }
        let resolved = match resolved {
            Ok(resolved) => resolved,
            Err(error) => {
                findings.says(error.to_string());
                return findings;
            }
        };
        let whole = !order.zones.is_empty() && order.valid_from.is_some();
        for found in find(&resolved, region, &setting) {
            if found.finding.row.is_some() || whole {
                findings.add(&found, order);
            }
        }
        let zones: &[_] = if order.zones.is_empty() { &[] } else { &resolved.zones };
        findings.map = map::address(zones, &resolved.route, setting.language);
        findings.price = quote(region, order.zones.len()).ok();
        let plan = CopyPlan::new(posts_on(&resolved.route), desk.office.config.spares, order.copies);
        findings.copies = Some(plan.count());
        findings
    }

    fn empty(order: &OrderFile, revision: u32, frame: Frame) -> Self {
        let rows = 0..order.travellers.len();
        let ids = rows.flat_map(|row| COLUMNS.iter().chain(&["mrz"]).map(move |column| place(row, column)));
        let at = ids.map(|id| (id, Vec::new())).collect();
        Self {
            frame,
            order: vec![],
            at,
            errors: 0,
            codes: vec![],
            price: None,
            copies: None,
            map: String::new(),
            revision,
        }
    }

    /// Something that the order lacks still.
    fn needs(&mut self, id: &str) {
        self.says(self.frame.say(id));
    }

    fn says(&mut self, message: String) {
        let word = self.frame.say("severity-error");
        self.errors += 1;
        let shown = Shown { severity: "error", word, message, suggestion: None, mark: None };
        self.order.push(shown);
    }

    fn add(&mut self, found: &Found, order: &OrderFile) {
        let finding = &found.finding;
        let entry = finding.row.and_then(|row| order.travellers.get(row));
        let mark = entry.and_then(|entry| marked(finding, entry)).map(|(text, from, count)| {
            let part = |skip: usize, take: usize| text.chars().skip(skip).take(take).collect::<String>();
            (part(0, from), part(from, count), part(from + count, usize::MAX))
        });
        let severity = finding.severity.as_str();
        if finding.severity == Severity::Error {
            self.errors += 1;
            if !self.codes.contains(&finding.code) {
                self.codes.push(finding.code);
            }
        }
        let shown = Shown {
            severity,
            word: self.frame.say(&format!("severity-{severity}")),
            message: found.shown.message.clone(),
            suggestion: found.shown.suggestion.clone(),
            mark,
        };
        match finding.row {
            None => self.order.push(shown),
            Some(row) => {
                let field = finding.field.as_deref().unwrap_or_default();
                let own = place(row, field);
                // What stands in the MRZ only, or concerns the whole of it, stands beside the MRZ.
                let id = if self.at.contains_key(&own) { own } else { place(row, "mrz") };
                self.at.entry(id).or_default().push(shown);
            }
        }
    }

    /// How many errors there are, in words.
    pub(crate) fn verdict(&self) -> String {
        self.frame.count("order-errors", self.errors)
    }

    /// The findings beside a field.
    pub(crate) fn beside(&self, row: &usize, column: &str) -> &[Shown] {
        self.at.get(&place(*row, column)).map_or(&[], Vec::as_slice)
    }

    /// Whether an error stands beside a field.
    pub(crate) fn is_wrong(&self, row: &usize, column: &str) -> bool {
        self.beside(row, column).iter().any(|shown| shown.severity == "error")
    }
}

/// The id of the element beside a traveller's field.
fn place(row: usize, column: &str) -> String {
    format!("at-{row}-{column}")
}

/// What stands in the findings' place when somebody else changed the order.
#[derive(Template)]
#[template(source = "<p class=\"notice error\" role=\"alert\">{{ text }}</p>", ext = "html")]
pub(crate) struct Stale {
    pub text: String,
}
