//! How a verdict is shown: one JSON object, or a few lines that a gloved soldier can read.

use std::io::IsTerminal;

use propusk_boot::{Locales, Setting};
use propusk_passport::{Date, Finding, Severity};
use propusk_proto::{Reason, Verdict};
use serde::Serialize;

use crate::entry::Slot;
use crate::judge::{Judgement, Reading};
use crate::party::Member;
use crate::weigh::Ages;

/// What `handheld scan --json` prints (DESIGN.md §7).
#[derive(Debug, Serialize)]
pub struct Answer {
    pub(crate) verdict: &'static str,
    pub(crate) reasons: Vec<ReasonText>,
    pub(crate) permit_number: Option<String>,
    pub(crate) copy: Option<u8>,
    pub(crate) copies: Option<u8>,
    pub(crate) version: Option<u8>,
    /// Rows of the recognised travellers, from 1.
    pub(crate) traveller_rows: Vec<usize>,
    /// What the soldier should know of the passports; never sent.
    pub(crate) findings: Vec<FindingText>,
    pub(crate) state: &'static str,
    pub(crate) sequence: u64,
    pub(crate) trust_list_age_days: i64,
    pub(crate) permits_age_minutes: Option<i64>,
    /// The signers' list's age, for the screen.
    #[serde(skip)]
    pub(crate) trust_list_minutes: i64,
    /// First and last valid day, from the seal.
    pub(crate) valid: Option<(Date, Date)>,
    /// The people of the permit, for the screen only.
    #[serde(skip)]
    pub(crate) party: Vec<Member>,
}

/// One finding about a passport, with its sentence.
#[derive(Debug, Serialize)]
pub(crate) struct FindingText {
    pub code: &'static str,
    pub severity: &'static str,
    pub message: String,
}

/// One reason, with its sentence.
#[derive(Debug, Serialize)]
pub(crate) struct ReasonText {
    pub code: &'static str,
    pub message: String,
}

/// A sentence without arguments.
const NONE: [(&str, String); 0] = [];

pub(crate) const MINUTES_A_DAY: i64 = 24 * 60;

/// Columns of the verdict's colour, beside its margin: it has to fit a terminal of 40.
const BANNER: usize = 36;

/// How a verdict looks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Look {
    /// Words alone, for screen readers.
    Plain,
    /// Shape and word.
    Shape,
    /// A block of colour with shape and word.
    Colour,
}

impl Look {
    /// Colour on a terminal, shape elsewhere.
    pub(crate) fn of_output() -> Self {
        if std::io::stdout().is_terminal() { Self::Colour } else { Self::Shape }
    }
}

impl Answer {
    /// `accept`, `attention` or `refuse`.
    #[must_use]
    pub fn verdict(&self) -> &'static str {
        self.verdict
    }

    pub(crate) fn new(
        reading: &Reading,
        judgement: &Judgement,
        slot: Slot,
        ages: Ages,
        setting: &Setting,
    ) -> Self {
        let permit = reading.permit.as_ref();
        let number = permit.map(|permit| match permit.number.parse::<propusk_permit::PermitNumber>() {
            Ok(number) => number.to_string(),
            Err(_) => permit.number.clone(),
        });
        Self {
            verdict: judgement.verdict.as_str(),
            reasons: judgement.reasons.iter().map(|r| reason_text(*r, judgement, setting)).collect(),
            permit_number: number,
            copy: permit.and_then(|permit| permit.copy),
            copies: reading.seal.as_ref().map(|seal| seal.copies),
            version: permit.and_then(|permit| permit.version),
            traveller_rows: judgement.rows.iter().map(|row| row + 1).collect(),
            findings: judgement.findings.iter().map(|finding| finding_text(finding, setting)).collect(),
            state: "on-this-device",
            sequence: slot.sequence,
            trust_list_age_days: ages.trust_list_minutes / MINUTES_A_DAY,
            trust_list_minutes: ages.trust_list_minutes,
            permits_age_minutes: ages.permits_minutes,
            valid: reading.seal.as_ref().map(|seal| (seal.valid_from, seal.valid_to)),
            party: vec![],
        }
    }

    /// The verdict in colour, shape and word, then the reasons, the people, the copy and the state.
    pub(crate) fn lines(&self, setting: &Setting, look: Look) -> Vec<String> {
        let (verdict, shape, ansi) = match self.verdict {
            "accept" => (Verdict::Accept, "●", "\x1b[1;30;42m"),
            "attention" => (Verdict::Attention, "▲", "\x1b[1;30;43m"),
            _ => (Verdict::Refuse, "■", "\x1b[1;37;41m"),
        };
        let word = setting.say(&format!("verdict-{}", verdict.as_str()), &NONE).to_uppercase();
        let mut lines = match look {
            Look::Plain => vec![word],
            Look::Shape => vec![format!("  {shape} {word}  ")],
            Look::Colour => {
                let beside = format!("{shape}{shape}{shape}  {word}");
                let row = |text: &str| format!("{ansi}  {text:<BANNER$}\x1b[0m");
                vec![row(""), row(&beside), row("")]
            }
        };
        lines.extend(self.reasons.iter().map(|reason| format!("  - {}", reason.message)));
        let warnings = self.findings.iter().filter(|finding| finding.severity == "warning");
        lines.extend(warnings.map(|finding| format!("  ? {}", finding.message)));
        lines.extend(self.party.iter().map(person_line));
        if let Some((from, to)) = self.valid {
            let args = [("from", from.to_string()), ("to", to.to_string())];
            lines.push(format!("  {}", setting.say("barrier-valid", &args)));
        }
        if let Some(number) = &self.permit_number {
            let copy = match (self.copy, self.copies) {
                (Some(0), _) => setting.say("scan-original", &NONE),
                (Some(k), Some(n)) => setting.say("scan-copy", &[("k", k.to_string()), ("n", n.to_string())]),
                _ => setting.say("scan-typed", &NONE),
            };
            lines.push(format!("  {number}  {copy}"));
        }
        let args = [("sequence", self.sequence.to_string())];
        lines.push(format!("  {}", setting.say("scan-state", &args)));
        let (signers, permits) = (Some(self.trust_list_minutes), self.permits_age_minutes);
        let args = [("signers", age(signers, setting)), ("permits", age(permits, setting))];
        lines.push(format!("  {}", setting.say("barrier-ages", &args)));
        lines
    }
}

/// An age in minutes, in the unit that suits it; `None` for something that never was.
pub(crate) fn age(minutes: Option<i64>, setting: &Setting) -> String {
    let (unit, count) = match minutes {
        None => return setting.say("age-never", &NONE),
        Some(minutes @ ..120) => ("age-minutes", minutes.max(0)),
        Some(minutes @ ..2880) => ("age-hours", minutes / 60),
        Some(minutes) => ("age-days", minutes / MINUTES_A_DAY),
    };
    setting.say(unit, &[("count", count.to_string())])
}

/// One traveller, to be held against the passport; ticked off where it was shown.
fn person_line(member: &Member) -> String {
    let tick = if member.present { "+" } else { " " };
    let name = member.name.as_deref().unwrap_or_default();
    let line = format!("{tick} {} {} {} {name}", member.row + 1, member.document_number, member.nationality);
    line.trim_end().to_owned()
}

/// Breaks a line at its blanks so that no part is wider than `width` characters, unless a word is. Further parts begin
/// where the first one's text does. A line in colour stays as it is.
pub(crate) fn wrap(line: &str, width: usize) -> Vec<String> {
    if line.chars().count() <= width || line.contains('\x1b') {
        return vec![line.to_owned()];
    }
    let indent: String = line.chars().take_while(|c| c.is_whitespace()).collect();
    let (mut lines, mut current) = (vec![], indent.clone());
    for word in line.split_whitespace() {
        let begun = current.trim().is_empty();
        if !begun && current.chars().count() + 1 + word.chars().count() > width {
            lines.push(std::mem::replace(&mut current, indent.clone()));
        } else if !begun {
            current.push(' ');
        }
        current.push_str(word);
    }
    lines.push(current);
    lines
}

fn reason_text(reason: Reason, judgement: &Judgement, setting: &Setting) -> ReasonText {
    let sentence = setting.say(&format!("reason-{}", reason.as_str()), &NONE);
    let errors = judgement.findings.iter().filter(|finding| finding.severity == Severity::Error);
    let details: Vec<String> = match reason {
        Reason::PassportMismatch => errors.map(|finding| finding_text(finding, setting).message).collect(),
        _ => vec![],
    };
    let message = std::iter::once(sentence).chain(details).collect::<Vec<_>>().join(" ");
    ReasonText { code: reason.as_str(), message }
}

fn finding_text(finding: &Finding, setting: &Setting) -> FindingText {
    let id = format!("finding-{}", finding.code.as_str());
    FindingText {
        code: finding.code.as_str(),
        severity: finding.severity.as_str(),
        message: Locales::embedded().tell(setting.language, &id, &finding.args),
    }
}

#[cfg(test)]
mod tests {
    use super::wrap;

    #[test]
    fn lines_break_at_blanks() {
        let line = "  - Код не читается или обрезан. Сканируйте ещё раз.";
        let lines = wrap(line, 24);
        assert!(lines.iter().all(|line| line.chars().count() <= 24), "{lines:?}");
        assert!(lines.iter().all(|line| line.starts_with("  ")), "{lines:?}");
        let words = |text: &str| text.split_whitespace().map(str::to_owned).collect::<Vec<_>>();
        assert_eq!(words(&lines.join(" ")), words(line), "no word is lost");
        assert_eq!(wrap("short", 24), ["short"]);
        assert_eq!(wrap("unbreakableunbreakable", 5), ["unbreakableunbreakable"]);
    }
}
