//! Lines of the wrong length or with characters that do not belong: a record all the same.

use alloc::string::{String, ToString};
use alloc::vec::Vec;

use crate::finding::{Code, Field, Finding, Place, decimal};
use crate::format::Format;
use crate::input::Shaped;
use crate::slip::{self, Slip};
use crate::zone::{LONGEST, Zone};

/// The zone that lines of any shape come closest to, and what is wrong with the shape. There is at least one
/// finding unless the lines, normalised, are exactly right.
pub(crate) fn fit(shaped: &Shaped) -> (Zone, Vec<Finding>) {
    let want = shaped.format.line_length();
    let count = shaped.format.lines();
    let mut findings = Vec::new();
    let mut lines = shaped.lines.clone();
    for (index, line) in shaped.lines.iter().enumerate() {
        let length = line.chars().count();
        let wanted = if index < count { want } else { 0 };
        if length != wanted {
            let finding = wrong_length(index, length, wanted);
            findings.push(match slip::locate(shaped, index) {
                Some(slip) => {
                    if let Some(line) = lines.get_mut(index) {
                        line.clone_from(&slip.line);
                    }
                    located(finding, index, &slip)
                }
                None => finding,
            });
        }
        characters(index, line, &mut findings);
    }
    for index in shaped.lines.len()..count {
        findings.push(wrong_length(index, 0, want));
    }
    (buffer(&lines, shaped.format), findings)
}

/// The place of a missing or surplus character, and the whole line where only one is possible.
fn located(finding: Finding, index: usize, slip: &Slip) -> Finding {
    let mut finding = finding.at(slip.column).with("field", slip.field.as_str());
    finding.place = Some(Place { line: index, column: slip.column });
    if slip.certain { finding.suggest(slip.line.as_str()) } else { finding }
}

fn wrong_length(index: usize, length: usize, want: usize) -> Finding {
    Finding::new(Code::MrzShape, field(index))
        .with("n", decimal(index + 1))
        .with("len", decimal(length))
        .with("want", decimal(want))
}

fn field(index: usize) -> Field {
    Field::Line(u8::try_from(index + 1).unwrap_or(u8::MAX))
}

/// A finding for each character that may not stand in an MRZ, up to three in a line: more are one mistake.
fn characters(index: usize, line: &str, findings: &mut Vec<Finding>) {
    let length = decimal(line.chars().count());
    let strange = line.chars().enumerate().filter(|(_, c)| !is_mrz(*c)).take(3);
    for (column, c) in strange {
        let mut finding = Finding::new(Code::MrzShape, field(index))
            .at(column)
            .with("n", decimal(index + 1))
            .with("len", length.clone())
            .with("want", length.clone())
            .with("c", c.to_string());
        finding.place = Some(Place { line: index, column });
        findings.push(finding);
    }
}

fn is_mrz(c: char) -> bool {
    c.is_ascii_uppercase() || c.is_ascii_digit() || c == '<'
}

/// The lines cut or filled up to their length, strange characters as fillers.
fn buffer(lines: &[String], format: Format) -> Zone {
    let mut text = [b'<'; LONGEST];
    for (target, line) in text.chunks_exact_mut(format.line_length()).take(format.lines()).zip(lines) {
        for (byte, c) in target.iter_mut().zip(line.chars()) {
            *byte = u8::try_from(c).ok().filter(|_| is_mrz(c)).unwrap_or(b'<');
        }
    }
    Zone::of_any(format, text)
}
