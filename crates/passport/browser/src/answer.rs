//! The answer: what the MRZ says and what was found, as JSON.

use std::collections::BTreeMap;

use propusk_passport::{Beside, Document, Finding, Piece, Severity};
use serde::Serialize;

/// The answer to a question, as it is written to JSON.
#[derive(Debug, Serialize)]
pub struct Answer {
    /// True when there is no finding of severity `error`.
    pub good: bool,
    /// The document's fields, where an MRZ was read.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub document: Option<BTreeMap<&'static str, String>>,
    /// Permit and passport beside each other, in the order of a data page; [`crate::compare`] only.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub rows: Vec<BesideRow>,
    /// Most severe first, each root cause once.
    pub findings: Vec<FindingRow>,
}

/// A field of both papers.
#[derive(Debug, Serialize)]
pub struct BesideRow {
    /// Its JSON name.
    pub field: &'static str,
    /// `same`, `spelled`, `differs` or `not-on-permit`.
    pub state: &'static str,
    /// What the permit says: texts, and whether each is marked as different.
    pub permit: Vec<(String, bool)>,
    /// What the passport says.
    pub passport: Vec<(String, bool)>,
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
    pub(crate) fn new(document: Option<&Document>, rows: Vec<Beside>, findings: &[Finding]) -> Self {
        Self {
            good: findings.iter().all(|finding| finding.severity != Severity::Error),
            document: document.map(fields),
            rows: rows.into_iter().map(BesideRow::of).collect(),
            findings: findings.iter().map(FindingRow::of).collect(),
        }
    }
}

impl BesideRow {
    fn of(row: Beside) -> Self {
        let pieces = |side: Vec<Piece>| side.into_iter().map(|piece| (piece.text, piece.marked)).collect();
        let (field, state) = (row.field.as_str(), row.standing.as_str());
        Self { field, state, permit: pieces(row.permit), passport: pieces(row.passport) }
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
