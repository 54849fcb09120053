//! `verify passport`: what MRZ lines say and what is wrong with them.

use std::cmp::Reverse;
use std::fmt::Write as _;

use propusk_boot::{Language, Locales};
use propusk_passport::{
    Code, Date, Document, Finding, PartialDate, Person, Rules, compare, explain_unread, merge, read_mrz,
};
use serde::{Deserialize, Serialize};

use crate::findings::{self, FindingRow};

/// One document, as DESIGN.md §7 promises it.
#[derive(Clone, Serialize, Deserialize)]
pub struct PassportReport {
    /// `TD1`, `TD2`, `TD3`, `MRV-A`, `MRV-B`.
    pub format: String,
    /// Right shape, every check digit right, dates that exist or are properly partial.
    pub valid: bool,
    /// What the document says.
    pub fields: PassportFields,
    /// What is wrong, most severe first.
    pub findings: Vec<FindingRow>,
}

/// The fields of an MRZ without fillers; dates are ISO, `1974-08-XX` where a part is unknown, `null` where none can be.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[allow(missing_docs)] // The names are those of Doc 9303 and of DESIGN.md §7.
pub struct PassportFields {
    pub document_code: String,
    pub issuing_state: String,
    pub surname: String,
    pub given_names: String,
    pub document_number: String,
    pub nationality: String,
    pub birth_date: Option<String>,
    pub sex: String,
    pub expiry_date: Option<String>,
    pub optional_data: String,
    pub optional_data_2: String,
    pub names_truncated: bool,
}

impl PassportReport {
    /// Reads one document; `visual` is what the visual zone says, where it is compared, and what of it can't be read.
    #[must_use]
    pub fn of(
        lines: &[String],
        visual: Option<(&Person, &[Finding])>,
        today: Date,
        language: Language,
    ) -> Self {
        let document = read_mrz(lines, today);
        let mut found = document.findings.clone();
        if let Some((visual, unread)) = visual {
            let mut compared = compare(visual, &document, &Rules { today: Some(today), valid_through: None });
            // Whether a passport has expired is no question of what it says.
            compared.retain(|finding| finding.code != Code::ExpiredOrShort);
            found = merge(&found, compared);
            found.extend(explain_unread(unread, &document));
            found.sort_by_key(|finding| Reverse(finding.severity));
        }
        Self {
            format: document.format.as_str().to_owned(),
            valid: document.valid(),
            fields: PassportFields::of(&document),
            findings: findings::rows(&found, language),
        }
    }

    /// Valid, and no finding of error severity.
    #[must_use]
    pub fn is_good(&self) -> bool {
        self.valid && !self.findings.iter().any(FindingRow::is_error)
    }

    /// For a terminal.
    #[must_use]
    pub fn text(&self, language: Language) -> String {
        let word = |id: &str| Locales::embedded().text(language, id, &[]);
        let verdict = if self.valid { word("passport-valid") } else { word("passport-not-valid") };
        let mut text = format!("{}: {verdict}", self.format);
        for (name, value) in self.fields.named() {
            if !value.is_empty() {
                let _ =
                    write!(text, "\n  {:<24} {value}", word(&format!("field-{}", name.replace('_', "-"))));
            }
        }
        text.push_str(&findings::lines(&self.findings, language));
        text
    }
}

impl PassportFields {
    fn of(document: &Document) -> Self {
        let date = |date: Option<PartialDate>| date.map(|date| date.to_string());
        Self {
            document_code: document.document_code.clone(),
            issuing_state: document.issuing_state.clone(),
            surname: document.surname.clone(),
            given_names: document.given_names.clone(),
            document_number: document.document_number.clone(),
            nationality: document.nationality.clone(),
            birth_date: date(document.birth_date),
            sex: document.sex.code().to_owned(),
            expiry_date: date(document.expiry_date),
            optional_data: document.optional_data.clone(),
            optional_data_2: document.optional_data_2.clone(),
            names_truncated: document.names_truncated,
        }
    }

    /// Each field with its JSON name.
    pub(crate) fn named(&self) -> [(&'static str, &str); 11] {
        [
            ("document_code", &self.document_code),
            ("issuing_state", &self.issuing_state),
            ("surname", &self.surname),
            ("given_names", &self.given_names),
            ("document_number", &self.document_number),
            ("nationality", &self.nationality),
            ("birth_date", self.birth_date.as_deref().unwrap_or_default()),
            ("sex", &self.sex),
            ("expiry_date", self.expiry_date.as_deref().unwrap_or_default()),
            ("optional_data", &self.optional_data),
            ("optional_data_2", &self.optional_data_2),
        ]
    }
}
