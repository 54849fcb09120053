//! What a page shows, as JSON: codes and values; the sentences are the page's.

use std::collections::BTreeMap;

use propusk_passport::{Finding, Severity};
use propusk_permit::PermitNumber;
use propusk_proto::Reason;
use serde::Serialize;

use crate::entry::{Counts, Slot};
use crate::party::Member;
use crate::weigh::Weighed;

/// A verdict that is on the phone's disk once the answer's rows are.
#[derive(Debug, Serialize)]
pub(super) struct Shown {
    verdict: &'static str,
    kind: &'static str,
    reasons: Vec<ReasonShown>,
    /// Warnings about the passports.
    warnings: Vec<FindingShown>,
    permit_number: Option<String>,
    copy: Option<u8>,
    copies: Option<u8>,
    valid: Option<(String, String)>,
    party: Vec<Person>,
    sequence: u64,
}

/// A reason; its sentence is `reason-<code>`, followed by those of what differs.
#[derive(Debug, Serialize)]
struct ReasonShown {
    code: &'static str,
    details: Vec<FindingShown>,
}

/// A finding; its sentence is `finding-<code>` with `args`.
#[derive(Debug, Serialize)]
struct FindingShown {
    code: &'static str,
    args: BTreeMap<&'static str, String>,
}

/// Somebody on the permit, to be held against the passport.
#[derive(Debug, Serialize)]
pub(super) struct Person {
    row: usize,
    name: Option<String>,
    document_number: String,
    nationality: String,
    present: bool,
}

/// A permit that lies on the table and waits for its travellers.
#[derive(Debug, Serialize)]
pub(super) struct Table {
    pub permit_number: String,
    pub people: u8,
    pub shown: u32,
    pub party: Vec<Person>,
    pub valid: (String, String),
}

/// What stands at the edge of the screen.
#[derive(Debug, Serialize)]
pub(super) struct State {
    pub post: String,
    pub device: String,
    #[serde(flatten)]
    pub counts: Counts,
    pub permits_known: usize,
    pub trust_list_minutes: Option<i64>,
    pub permits_minutes: Option<i64>,
    pub kind: &'static str,
    /// `open`, `locked` or `on-duty`.
    pub watch: &'static str,
    /// Who is on duty.
    pub soldier: String,
    /// May add and remove others.
    pub senior: bool,
    /// So long untouched, and the phone locks, in seconds.
    pub lock_after_s: u32,
    /// What the clock on the hut's wall shows: `2026-06-01T14:30`.
    pub wall: String,
}

impl Shown {
    pub(super) fn of(weighed: &Weighed, slot: Slot) -> Self {
        let permit = weighed.reading.permit.as_ref();
        let judgement = &weighed.judgement;
        let seal = weighed.reading.seal.as_ref();
        Self {
            verdict: judgement.verdict.as_str(),
            kind: weighed.kind.as_str(),
            reasons: judgement.reasons.iter().map(|it| reason(*it, &judgement.findings)).collect(),
            warnings: findings(&judgement.findings, Severity::Warning),
            permit_number: permit.map(|permit| printed(&permit.number)),
            copy: permit.and_then(|permit| permit.copy),
            copies: seal.map(|seal| seal.copies),
            valid: seal.map(|seal| (seal.valid_from.to_string(), seal.valid_to.to_string())),
            party: people(&weighed.party),
            sequence: slot.sequence,
        }
    }
}

/// A permit number as it is printed; another text as it is.
pub(super) fn printed(number: &str) -> String {
    number.parse::<PermitNumber>().map_or_else(|_| number.to_owned(), |number| number.to_string())
}

pub(super) fn people(party: &[Member]) -> Vec<Person> {
    let person = |member: &Member| Person {
        row: member.row + 1,
        name: member.name.clone(),
        document_number: member.document_number.clone(),
        nationality: member.nationality.clone(),
        present: member.present,
    };
    party.iter().map(person).collect()
}

fn reason(reason: Reason, all: &[Finding]) -> ReasonShown {
    let differs = reason == Reason::PassportMismatch;
    let details = if differs { findings(all, Severity::Error) } else { vec![] };
    ReasonShown { code: reason.as_str(), details }
}

fn findings(all: &[Finding], severity: Severity) -> Vec<FindingShown> {
    let of_severity = all.iter().filter(|finding| finding.severity == severity);
    let shown =
        |it: &Finding| FindingShown { code: it.code.as_str(), args: it.args.iter().cloned().collect() };
    of_severity.map(shown).collect()
}
