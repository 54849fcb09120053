//! Characters that an MRZ may hold, but not where they stand.

use alloc::vec::Vec;

use crate::edit;
use crate::finding::{Code, Field, Finding, Place, Severity, decimal};
use crate::zone::Zone;

/// Findings for characters that stand where they cannot: a sex that is none, digits in names and codes, letters
/// among the fillers after the name.
pub(crate) fn characters(zone: &Zone, findings: &mut Vec<Finding>) {
    let layout = zone.layout();
    let sex = zone.byte(layout.sex);
    if !matches!(sex, b'M' | b'F' | b'X' | b'<') {
        findings.push(stray(zone, layout.sex, Severity::Error).with("field", Field::Sex.as_str()));
    }
    // The Russian internal passport (PN RUS) writes digits for letters in its name field.
    let digits_are_letters = zone.document_code() == "PN" && zone.issuing_state() == "RUS";
    let names = layout.names.range().filter(|_| !digits_are_letters);
    for index in names.chain(layout.issuing_state.range()).chain(layout.nationality.range()) {
        let c = char::from(zone.byte(index));
        if c.is_ascii_digit() {
            let letter = edit::look_alikes(c).find(char::is_ascii_alphabetic);
            let finding = stray(zone, index, Severity::Warning);
            findings.push(match letter {
                Some(letter) => finding.suggest(letter),
                None => finding,
            });
        }
    }
    for index in after_names(zone) {
        findings.push(stray(zone, index, Severity::Warning).suggest('<'));
    }
}

/// The characters that stand alone after the fillers that end the name: K, S, G, C and the like for `<`. A longer
/// text there may be a third part of the name and is left alone.
fn after_names(zone: &Zone) -> Vec<usize> {
    let span = zone.layout().names;
    let filler = |index: usize| !span.contains(index) || zone.byte(index) == b'<';
    let double = |from: usize| (from..span.end).find(|index| filler(*index) && filler(index + 1));
    let Some(end) = double(span.start).and_then(|separator| double(separator + 2)) else { return Vec::new() };
    let alone = |index: &usize| {
        let run = [!filler(index - 1) && !filler(index - 2), !filler(index + 1) && !filler(index + 2)];
        let pair = !filler(index - 1) && !filler(index + 1);
        !run.contains(&true) && !pair
    };
    (end..span.end).filter(|index| b"KSGCLEX".contains(&zone.byte(*index))).filter(alone).collect()
}

/// The one character amid fillers of the optional data that, read as a filler, makes every digit right: an O or a
/// K typed for `<`.
pub(crate) fn in_fillers(zone: &Zone) -> Option<Place> {
    let layout = zone.layout();
    let spans = [Some(layout.optional), layout.optional_2];
    let alone = |index: &usize| {
        let [before, here, after] = [index - 1, *index, index + 1].map(|index| zone.byte(index));
        here != b'<'
            && before == b'<'
            && (after == b'<' || !spans.iter().flatten().any(|span| span.contains(index + 1)))
    };
    let mends = |index: &usize| {
        let mut text = zone.text();
        text[*index] = b'<';
        Zone::from_text(zone.format(), text).is_ok_and(|zone| zone.checks().all_right())
    };
    let mut found = spans.iter().flatten().flat_map(|span| span.range()).filter(alone).filter(mends);
    let only = found.next().filter(|_| found.next().is_none())?;
    Some(Place { line: only / layout.line_length, column: only % layout.line_length })
}

fn stray(zone: &Zone, index: usize, severity: Severity) -> Finding {
    let length = zone.layout().line_length;
    let place = Place { line: index / length, column: index % length };
    let line = u8::try_from(place.line + 1).unwrap_or(u8::MAX);
    let mut finding = Finding::new(Code::MrzShape, Field::Line(line))
        .severe(severity)
        .at(place.column)
        .with("n", decimal(place.line + 1))
        .with("len", decimal(length))
        .with("want", decimal(length))
        .with("c", char::from(zone.byte(index)));
    finding.place = Some(place);
    finding
}
