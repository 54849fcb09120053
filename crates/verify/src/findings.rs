//! Findings as they are told: a sentence in the asker's language beside the stable code.

use std::fmt::Write as _;

use propusk_boot::{Language, Locales};
use propusk_passport::{Code, Finding, Severity};
use serde::{Deserialize, Serialize};

/// One finding of DESIGN.md §7's JSON.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FindingRow {
    /// The stable code.
    pub code: String,
    /// `error`, `warning` or `info`.
    pub severity: String,
    /// The field concerned, by its JSON name.
    pub field: Option<String>,
    /// What is wrong and what to do, in the asker's language.
    pub message: String,
    /// What the field should read, where exactly one value is known to be right.
    pub suggestion: Option<String>,
}

/// The message `finding-<code>` with its arguments.
#[must_use]
pub fn message(language: Language, code: &str, args: &[(&'static str, String)]) -> String {
    Locales::embedded().tell(language, &format!("finding-{code}"), args)
}

impl FindingRow {
    /// A passport finding, told.
    #[must_use]
    pub fn of(finding: &Finding, language: Language) -> Self {
        Self {
            code: finding.code.as_str().to_owned(),
            severity: finding.severity.as_str().to_owned(),
            field: Some(finding.field.as_str().to_owned()),
            message: message(language, finding.code.as_str(), &finding.args),
            suggestion: finding.suggestion.clone(),
        }
    }

    /// A finding of this room's own: the message is `finding-<code>` too.
    #[must_use]
    pub fn own(
        code: &str,
        severity: Severity,
        field: Option<&str>,
        args: &[(&'static str, String)],
        language: Language,
    ) -> Self {
        Self {
            code: code.to_owned(),
            severity: severity.as_str().to_owned(),
            field: field.map(str::to_owned),
            message: message(language, code, args),
            suggestion: None,
        }
    }

    /// The name of the field of a form that it is about; a finding about the shape of an MRZ is about its lines.
    pub(crate) fn form_field(&self) -> &str {
        if self.code == Code::MrzShape.as_str() { "mrz" } else { self.field.as_deref().unwrap_or_default() }
    }

    /// True for a finding that makes the answer "no".
    #[must_use]
    pub fn is_error(&self) -> bool {
        self.severity == Severity::Error.as_str()
    }
}

/// All findings, told.
#[must_use]
pub fn rows(findings: &[Finding], language: Language) -> Vec<FindingRow> {
    findings.iter().map(|finding| FindingRow::of(finding, language)).collect()
}

/// Findings for a terminal, one a line, most severe first as they come.
#[must_use]
pub fn lines(findings: &[FindingRow], language: Language) -> String {
    let mut text = String::new();
    for finding in findings {
        let word = Locales::embedded().text(language, &format!("severity-{}", finding.severity), &[]);
        let _ = write!(text, "\n  {word}: {}", finding.message);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    const ORDER_CODES: [&str; 9] = [
        "no-travellers",
        "too-many-travellers",
        "no-zones",
        "period-past",
        "valid-from-past",
        "stop-not-covered",
        "no-price",
        "field-missing",
        "mrz-not-generated",
    ];

    /// Every argument that a passport or order finding documents.
    const ARGUMENTS: [&str; 42] = [
        "a",
        "ab",
        "b",
        "ba",
        "c",
        "candidates",
        "correct",
        "count",
        "country",
        "d",
        "date",
        "expected",
        "field",
        "found",
        "instead",
        "k",
        "kind",
        "len",
        "length",
        "limit",
        "moved",
        "mrz",
        "n",
        "name",
        "needed",
        "number",
        "other",
        "part",
        "permit",
        "reason",
        "row",
        "rows",
        "source",
        "stop",
        "swap",
        "typed",
        "valid_from",
        "valid_to",
        "want",
        "x",
        "yy",
        "zone",
    ];

    fn codes() -> impl Iterator<Item = &'static str> {
        Code::ALL.iter().map(|code| code.as_str()).chain(ORDER_CODES)
    }

    #[test]
    fn every_code_has_a_message_in_every_language_and_none_lacks_an_argument() {
        for language in Language::ALL {
            for code in codes() {
                assert!(Locales::embedded().has(language, &format!("finding-{code}")), "{language}: {code}");
                let full: Vec<(&'static str, String)> = ARGUMENTS
                    .iter()
                    .map(|name| (*name, format!("<{name}>")))
                    .chain([("zones", "1".into())])
                    .collect();
                let empty: Vec<_> = full.iter().map(|(name, _)| (*name, String::new())).collect();
                for args in [full.as_slice(), empty.as_slice(), &[("zones", "1".to_owned())]] {
                    let text = message(language, code, args);
                    assert!(!text.contains("{$"), "{language}: {code} uses an unknown argument: {text}");
                }
                // What a finding does not carry is never shown as a word of our own.
                let bare = message(language, code, &full);
                assert!(!bare.contains("none") && !bare.contains("nothing "), "{language}: {code}: {bare}");
            }
        }
    }

    #[test]
    fn every_message_of_this_room_is_there() {
        let statuses = ["valid", "not-yet-valid", "expired", "revoked", "superseded", "unknown"];
        let severities = [Severity::Info, Severity::Warning, Severity::Error];
        let ids = statuses.iter().map(|status| format!("permit-status-{status}"));
        let ids = ids.chain(severities.iter().map(|severity| format!("severity-{severity}")));
        let own = [
            "differs",
            "spelled-otherwise",
            "seal-unusable",
            "seal-not-valid",
            "not-in-group",
            "name-unlike-seal",
        ];
        for id in ids.chain(own.iter().map(|code| format!("finding-{code}"))) {
            for language in Language::ALL {
                assert!(Locales::embedded().has(language, &id), "{language}: {id}");
            }
        }
    }

    #[test]
    fn the_three_languages_say_the_same() {
        assert_eq!(Locales::discrepancies(), Vec::<String>::new());
    }
}
