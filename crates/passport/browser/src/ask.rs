//! The two questions.

use std::cmp::Reverse;

use propusk_passport::{
    Date, Finding, Person, Rules, Typed, beside, compare as compare_mrz, compare_persons, explain_unread,
    merge, read_mrz, read_typed,
};
use serde::Deserialize;

use crate::answer::{self, Answer};

/// Longest question in bytes: a passport's few fields never come near it.
const MAX_BYTES: usize = 16 * 1024;

/// A question. An unknown field is refused by its name.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Ask {
    /// The day of the check, `YYYY-MM-DD`: the browser's, since the rules have no clock.
    today: String,
    /// The last day on which the passport has to be valid, where that matters.
    #[serde(default)]
    valid_through: Option<String>,
    /// What the permit (or any other paper) says; [`compare`] only.
    #[serde(default)]
    document: Option<TypedDocument>,
    /// The passport's MRZ: two or three lines.
    #[serde(default)]
    mrz: Vec<String>,
    /// The passport's visual zone, where the MRZ is not at hand.
    #[serde(default)]
    visual: Option<TypedDocument>,
}

/// A document's fields as somebody types them; empty is *not said*.
#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct TypedDocument {
    surname: String,
    given_names: String,
    document_number: String,
    nationality: String,
    birth_date: String,
    sex: String,
    expiry_date: String,
    issuing_state: String,
}

impl TypedDocument {
    fn read(&self, today: Date) -> (Person, Vec<Finding>) {
        let typed = Typed {
            surname: &self.surname,
            given_names: &self.given_names,
            document_number: &self.document_number,
            nationality: &self.nationality,
            birth_date: &self.birth_date,
            sex: &self.sex,
            expiry_date: &self.expiry_date,
            issuing_state: &self.issuing_state,
        };
        read_typed(&typed, today)
    }
}

/// Reads an MRZ: `{"today","mrz":[…]}`. The answer is an [`Answer`] as JSON, with the document's fields and findings.
#[must_use]
pub fn read(ask: &str) -> String {
    answer::of(parse(ask).map(|(ask, today)| {
        let document = read_mrz(&ask.mrz, today);
        let findings = document.findings.clone();
        Answer::new(Some(&document), Vec::new(), &findings)
    }))
}

/// Compares what a permit says with a passport's MRZ, or with its visual zone where there is no MRZ:
/// `{"today","document":{…},"mrz":[…]}` or `{"today","document":{…},"visual":{…}}`. The answer is an [`Answer`] as JSON.
#[must_use]
pub fn compare(ask: &str) -> String {
    answer::of(parse(ask).and_then(|(ask, today)| {
        let through = ask.valid_through.as_deref().map(day).transpose()?;
        let rules = Rules { today: Some(today), valid_through: through };
        let (permit, unread) = ask.document.as_ref().ok_or("document: missing")?.read(today);
        if !ask.mrz.is_empty() {
            let passport = read_mrz(&ask.mrz, today);
            let compared = compare_mrz(&permit, &passport, &rules);
            let rows = beside(&permit, &passport.person(), &compared);
            let mut all = explain_unread(&unread, &passport);
            all.extend(merge(&passport.findings, compared));
            all.sort_by_key(|finding| Reverse(finding.severity));
            return Ok(Answer::new(Some(&passport), rows, &all));
        }
        let (visual, also_unread) = ask.visual.as_ref().ok_or("mrz or visual: missing")?.read(today);
        let own = [unread, also_unread].concat();
        let compared = compare_persons(&permit, &visual, &rules);
        let rows = beside(&permit, &visual, &compared);
        Ok(Answer::new(None, rows, &merge(&own, compared)))
    }))
}

fn parse(ask: &str) -> Result<(Ask, Date), String> {
    if ask.len() > MAX_BYTES {
        return Err(format!("{} bytes; at most {MAX_BYTES} are read", ask.len()));
    }
    // The error names a field and a place, never a value: it may end up in somebody's console.
    let ask: Ask = serde_json::from_str(ask)
        .map_err(|error| format!("line {} column {}: not the expected JSON", error.line(), error.column()))?;
    let today = day(&ask.today)?;
    Ok((ask, today))
}

fn day(text: &str) -> Result<Date, String> {
    text.parse().map_err(|_| "a day is YYYY-MM-DD".to_owned())
}
