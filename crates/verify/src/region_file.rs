//! `verify region`: is a region file in order, and which version of each rule is in force?

use jiff::civil::Date;
use propusk_boot::{Language, Locales};
use propusk_region::{DEFAULT_FILE_NAME, DEFAULT_TOML, Region, RegionError, RuleVersion};
use serde::Serialize;

/// A fault of a region file, as `--json` prints it. Sentences are in English, as in the file itself.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct FaultRow {
    /// The file.
    pub file: String,
    /// The line, from 1.
    pub line: usize,
    /// The key's path.
    pub key: String,
    /// The rule's stable code.
    pub code: &'static str,
    /// The rule that is broken, and how to mend it.
    pub message: String,
}

/// A version of a rule, as `--json` prints it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct VersionRow {
    /// The table in which it stands.
    pub table: &'static str,
    /// Its id.
    pub id: String,
    /// `in-force`, `start-unknown`, `not-yet`, `ended` or `replaced`.
    pub state: &'static str,
    /// Its start, where known.
    pub effective_from: Option<String>,
    /// Its end, where known.
    pub until: Option<String>,
    /// Sources disagree about it.
    pub conflict: bool,
    /// Where it comes from.
    pub source: String,
    /// How old that is.
    pub as_of: String,
}

/// Every fault of a file, in the order of lines; the shipped file where none is given.
#[must_use]
pub fn faults(own: Option<&(String, String)>) -> Vec<FaultRow> {
    let (text, name) = own.map_or((DEFAULT_TOML, DEFAULT_FILE_NAME), |(text, name)| (text, name));
    Region::faults(text, name).into_iter().map(FaultRow::of).collect()
}

/// Every rule with its state on a day.
#[must_use]
pub fn versions(region: &Region, day: Date) -> Vec<VersionRow> {
    region.versions(day).into_iter().map(|version| VersionRow::of(version, region)).collect()
}

impl FaultRow {
    fn of(fault: RegionError) -> Self {
        let (code, message) = (fault.rule.code(), fault.rule.to_string());
        Self { file: fault.file, line: fault.line, key: fault.key, code, message }
    }

    /// `file:line: key: what`, as editors understand it.
    #[must_use]
    pub fn text(&self) -> String {
        format!("{}:{}: {}: {}", self.file, self.line, self.key, self.message.trim_end())
    }
}

impl VersionRow {
    fn of(version: RuleVersion, region: &Region) -> Self {
        Self {
            table: version.table,
            id: version.id,
            state: version.state.as_str(),
            effective_from: version.from,
            until: version.until,
            conflict: version.conflict,
            source: region.source_title(&version.source).to_owned(),
            as_of: version.as_of.to_string(),
        }
    }

    /// A line of the table.
    #[must_use]
    pub fn text(&self, language: Language) -> String {
        let word = |id: &str| Locales::embedded().text(language, id, &[]);
        let (from, until) = (self.effective_from.as_deref(), self.until.as_deref());
        let span = match (from, until) {
            (None, None) => String::new(),
            (from, until) => format!("{} … {}", from.unwrap_or(""), until.unwrap_or("")),
        };
        let conflict = if self.conflict { format!("; {}", word("rule-conflict")) } else { String::new() };
        let name = format!("{} {}", self.table, self.id);
        let state = format!("{}{conflict}", word(&format!("rule-{}", self.state)));
        format!("{name:<52} {state:<40} {span:<36} {} ({})", self.source, self.as_of)
    }
}
