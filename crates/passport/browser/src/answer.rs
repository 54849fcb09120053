//! The answer: what the MRZ says and what was found, as JSON.

use std::collections::BTreeMap;

use propusk_passport::{Document, Finding, Severity};
use serde::Serialize;

/// The answer to a question, as it is written to JSON.
#[derive(Debug, Serialize)]
pub struct Answer {
    /// True when there is no finding of severity `error`.
    pub good: bool,
    /// The document's fields, where an MRZ was read.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub document: Option<BTreeMap<&'static str, String>>,
    /// Most severe first, each root cause once.
    pub findings: Vec<FindingRow>,
}

/// One finding; its sentence is `finding-<code>` with `args`.
#[derive(Debug, Serialize)]
pub struct FindingRow {
    /// The stable code.
    pub code: &'static str,
    /// `error`, `warning` or `info`.
    pub severity: &'static str,
    /// The field concerned, by its JSON name.
    pub field: &'static str,
    /// 0-based character of the field that the finding is about, in the permit's (or the only source's) value.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub position: Option<usize>,
    /// 0-based line and column in the MRZ, where the slip is there.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub place: Option<(usize, usize)>,
    /// The arguments of the sentence.
    pub args: BTreeMap<&'static str, String>,
    /// What the field should read, where exactly one value is known to be right.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub suggestion: Option<String>,
}

impl Answer {
    pub(crate) fn new(document: Option<&Document>, findings: &[Finding]) -> Self {
        Self {
            good: findings.iter().all(|finding| finding.severity != Severity::Error),
            document: document.map(fields),
            findings: findings.iter().map(FindingRow::of).collect(),
        }
    }
}

impl FindingRow {
    fn of(finding: &Finding) -> Self {
        Self {
            code: finding.code.as_str(),
            severity: finding.severity.as_str(),
            field: finding.field.as_str(),
            position: finding.position,
            place: finding.place.map(|place| (place.line, place.column)),
            args: finding.args.iter().cloned().collect(),
            suggestion: finding.suggestion.clone(),
        }
    }
}

fn fields(document: &Document) -> BTreeMap<&'static str, String> {
    let date = |date: Option<propusk_passport::PartialDate>| date.map(|date| date.to_string());
    let all = [
        ("format", Some(document.format.as_str().to_owned())),
        ("surname", Some(document.surname.clone())),
        ("given_names", Some(document.given_names.clone())),
        ("document_number", Some(document.document_number.clone())),
        ("nationality", Some(document.nationality.clone())),
        ("birth_date", date(document.birth_date)),
        ("sex", Some(document.sex.code().to_owned())),
        ("expiry_date", date(document.expiry_date)),
        ("issuing_state", Some(document.issuing_state.clone())),
    ];
    all.into_iter().filter_map(|(name, value)| Some((name, value?))).collect()
}

/// The answer, or `{"error"}` where the question can't be understood.
pub(crate) fn of(answer: Result<Answer, String>) -> String {
    let refused = |error: String| serde_json::json!({ "error": error }).to_string();
    match answer {
        Ok(answer) => serde_json::to_string(&answer).unwrap_or_else(|error| refused(error.to_string())),
        Err(error) => refused(error),
    }
}
