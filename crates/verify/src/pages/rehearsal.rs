//! The rehearsal in words: what each soldier's handheld will show, why, and what to do about it.

use jiff::civil::Date;
use propusk_boot::pages::Frame;
use propusk_permit::PermitNumber;
use propusk_proto::{Reason, Verdict};
use propusk_region::Region;
use propusk_seal::PermitSeal;

use crate::rehearsal::{AtPost, Record, Rehearsal, Span, When};
use crate::trip;
use crate::trip_names::Names;

/// A rehearsal as the page shows it.
pub(super) struct Told {
    /// The answer to the whole, and its colour.
    pub answer: (&'static str, String),
    /// What to do with this very sheet.
    pub sheet: String,
    /// Why the record has no part in it; empty where it has.
    pub doubt: String,
    pub posts: Vec<PostRow>,
    pub others: Vec<PostRow>,
    /// Each reason: its code, its colour, what the soldier reads, what the traveller can do.
    pub advice: Vec<(&'static str, &'static str, String, String)>,
}

/// A row of the table.
pub(super) struct PostRow {
    /// The checkpoint's id.
    pub id: String,
    pub name: String,
    /// Which copy is left there; empty where that is not known.
    pub copy: String,
    /// The copy that was read is the one.
    pub is_this: bool,
    pub spans: Vec<SpanRow>,
    /// What pages say of the place, and of the crossings behind it on these days, each with its source.
    pub facts: Vec<(String, String)>,
}

/// Days on which the same is shown.
pub(super) struct SpanRow {
    pub days: String,
    pub tone: &'static str,
    /// `accept`, `attention` or `refuse`, and as the handheld shows it.
    pub verdict: (&'static str, String),
    pub first: Date,
    pub last: Date,
    /// The codes of the reasons, with blanks between them.
    pub codes: String,
    /// The reasons as the handheld shows them.
    pub reasons: Vec<String>,
}

impl Told {
    pub(super) fn of(
        rehearsal: &Rehearsal,
        seal: &PermitSeal,
        record: &Record,
        region: &Region,
        today: Date,
        frame: &Frame,
    ) -> Self {
        let names = Names { region, language: frame.language };
        let row = |post: &AtPost| PostRow::of(post, seal, names, frame);
        Self {
            answer: answer(rehearsal, frame),
            sheet: sheet(rehearsal, seal, names, frame),
            doubt: doubt(rehearsal, record, frame),
            posts: rehearsal
                .posts
                .iter()
                .map(|post| PostRow { facts: facts(post, seal, names, today, frame), ..row(post) })
                .collect(),
            others: rehearsal.others.iter().map(row).collect(),
            advice: rehearsal.reasons().into_iter().map(|told| advice(told, frame)).collect(),
        }
    }
}

/// The sentence over the table.
fn answer(rehearsal: &Rehearsal, frame: &Frame) -> (&'static str, String) {
    let (tone, id) = match rehearsal.worst() {
        Some(Verdict::Accept) => ("good", "rehearsal-accept"),
        Some(Verdict::Attention) => ("warning", "rehearsal-attention"),
        Some(Verdict::Refuse) => ("error", "rehearsal-refuse"),
        None => ("error", "rehearsal-over"),
    };
    (tone, frame.tell(id, &[("shown", frame.say("verdict-accept"))]))
}

/// Where the sheet that was read is handed in.
fn sheet(rehearsal: &Rehearsal, seal: &PermitSeal, names: Names<'_>, frame: &Frame) -> String {
    if seal.copy == 0 {
        return frame.say("rehearsal-original");
    }
    let k = ("k", seal.copy.to_string());
    match rehearsal.posts.iter().find(|post| post.copy == Some(seal.copy)) {
        Some(post) => frame.tell("rehearsal-hand-in", &[k, ("post", names.stop(post.post.as_str()))]),
        None if rehearsal.knows_route => frame.tell("rehearsal-spare", &[k]),
        None => frame.tell("rehearsal-copy-unplaced", &[k]),
    }
}

fn doubt(rehearsal: &Rehearsal, record: &Record, frame: &Frame) -> String {
    match record {
        Record::Withheld => frame.say("rehearsal-withheld"),
        _ if !rehearsal.knows_route => frame.say("rehearsal-no-route"),
        _ => String::new(),
    }
}

/// What is not on the way, or not on its days, is told without alarm.
fn advice((reason, matters): (Reason, bool), frame: &Frame) -> (&'static str, &'static str, String, String) {
    let code = reason.as_str();
    let tone = match reason.verdict() {
        _ if !matters => "",
        Verdict::Refuse => "error",
        _ => "warning",
    };
    (code, tone, frame.say(&format!("reason-{code}")), frame.say(&format!("rehearsal-do-{code}")))
}

impl PostRow {
    fn of(post: &AtPost, seal: &PermitSeal, names: Names<'_>, frame: &Frame) -> Self {
        let copy = post.copy.map(|copy| frame.tell("rehearsal-copy", &[("k", copy.to_string())]));
        Self {
            id: post.post.to_string(),
            name: names.stop(post.post.as_str()),
            copy: copy.unwrap_or_default(),
            is_this: seal.copy > 0 && post.copy == Some(seal.copy),
            spans: post.spans.iter().map(|span| SpanRow::of(span, frame)).collect(),
            facts: Vec::new(),
        }
    }
}

impl SpanRow {
    fn of(span: &Span, frame: &Frame) -> Self {
        let codes: Vec<&str> = span.reasons.iter().map(|reason| reason.as_str()).collect();
        Self {
            days: days(span, frame),
            tone: match span.verdict {
                Verdict::Accept => "good",
                Verdict::Attention => "warning",
                Verdict::Refuse => "error",
            },
            verdict: (span.verdict.as_str(), frame.say(&format!("verdict-{}", span.verdict))),
            first: span.first,
            last: span.last,
            reasons: codes.iter().map(|code| frame.say(&format!("reason-{code}"))).collect(),
            codes: codes.join(" "),
        }
    }
}

fn days(span: &Span, frame: &Frame) -> String {
    let (first, last) = (span.first.to_string(), span.last.to_string());
    match span.when {
        When::Before => frame.tell("rehearsal-until", &[("day", last)]),
        When::After => frame.tell("rehearsal-since", &[("day", first)]),
        When::Within if first == last => first,
        When::Within => format!("{first} – {last}"),
    }
}

/// What pages say of a checkpoint, and what the trip check says against crossing behind it on the days to come.
fn facts(
    post: &AtPost,
    seal: &PermitSeal,
    names: Names<'_>,
    today: Date,
    frame: &Frame,
) -> Vec<(String, String)> {
    let region = names.region;
    let Some(checkpoint) = region.checkpoint_by_id(&post.post) else { return Vec::new() };
    let said = checkpoint.note.as_ref().map(|note| (note, &checkpoint.source, checkpoint.as_of));
    let later = checkpoint.change.iter().map(|change| (&change.note, &change.source, change.as_of));
    let notes = said.into_iter().chain(later).map(|(note, source, as_of)| {
        let words = frame.tell("rehearsal-said", &[("note", note.clone())]);
        (words, trip::source_line(region.source_title(source), &as_of.to_string(), frame.language))
    });
    let days = (seal.valid_from.max(today), seal.valid_to);
    let gates = region.gate_days(&post.post, days, today).into_iter().map(|gate| {
        let row = trip::row(&gate.finding, region, frame.language);
        let spans = gate
            .days
            .iter()
            .map(|(first, last)| if first == last { first.to_string() } else { format!("{first} – {last}") });
        let days = frame.tell("rehearsal-gate-days", &[("days", spans.collect::<Vec<_>>().join(", "))]);
        (format!("{} {days}", row.message), trip::source_line(&row.source, &row.as_of, frame.language))
    });
    notes.chain(gates).collect()
}

/// The number in a sheet's code, and its version; `None` where it is no permit's. Nothing is proven by it.
pub(super) fn number_in(code: &str) -> Option<(PermitNumber, u8)> {
    let bytes = propusk_seal::read_scan(code.as_bytes()).ok()?;
    let seal = PermitSeal::from_seal(&propusk_seal::parse(&bytes).ok()?).ok()?;
    Some((seal.permit_number.parse().ok()?, seal.version))
}

#[cfg(test)]
mod tests {
    use super::*;
    use propusk_boot::{Language, Locales};

    #[test]
    fn every_reason_has_its_advice_in_every_language() {
        for language in Language::ALL {
            for reason in Reason::ALL {
                let id = format!("rehearsal-do-{}", reason.as_str());
                assert!(Locales::embedded().has(language, &id), "{language}: {id}");
            }
        }
    }
}
