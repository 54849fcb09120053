//! MRZ lines as people give them: lower case, glued, with blanks, look-alike letters and full-width digits.

use alloc::string::{String, ToString};
use alloc::vec::Vec;

use crate::format::Format;

/// Splits a text into documents of MRZ lines: a blank line separates documents; CRLF, stray blanks at line
/// ends and a byte order mark are tolerated. Documents of full lines that follow each other without a blank
/// line (three of 30, two of 36 or 44) are separated too.
///
/// ```
/// let documents = propusk_passport::split_documents("A\r\nB  \r\n\r\nC\n");
/// assert_eq!(documents, [vec!["A", "B"], vec!["C"]]);
/// ```
#[must_use]
pub fn split_documents(text: &str) -> Vec<Vec<String>> {
    let mut documents = Vec::new();
    let mut current: Vec<String> = Vec::new();
    for line in text.replace("\r\n", "\n").split(['\n', '\r']).map(trimmed) {
        if line.is_empty() {
            close(&mut current, &mut documents);
        } else {
            current.push(line.to_string());
        }
    }
    close(&mut current, &mut documents);
    documents
}

fn trimmed(line: &str) -> &str {
    line.trim_matches(|c: char| c.is_whitespace() || is_invisible(c))
}

/// Ends a document, splitting it where it is several full documents in a row.
fn close(current: &mut Vec<String>, documents: &mut Vec<Vec<String>>) {
    let lines = core::mem::take(current);
    if lines.is_empty() {
        return;
    }
    let length = normalise(&lines[0]).chars().count();
    let each = if length == 30 { 3 } else { 2 };
    let uniform = matches!(length, 30 | 36 | 44)
        && lines.len() > each
        && lines.len().is_multiple_of(each)
        && lines.iter().all(|line| normalise(line).chars().count() == length);
    if uniform {
        documents.extend(lines.chunks(each).map(<[String]>::to_vec));
    } else {
        documents.push(lines);
    }
}

/// Zero-width characters, soft hyphens and byte order marks, which copying brings along.
fn is_invisible(c: char) -> bool {
    matches!(c, '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2060}'..='\u{2064}' | '\u{FEFF}' | '\u{AD}')
}

/// The line in upper case, without blanks, and with look-alikes as the Latin letters and digits they stand
/// for. Characters that mean nothing in an MRZ stay as they are.
pub(crate) fn normalise(line: &str) -> String {
    let mut without = String::with_capacity(line.len());
    for c in line.chars().filter(|c| !c.is_whitespace() && !is_invisible(*c)) {
        push_mrz(c, &mut without);
    }
    let length = without.chars().count();
    if length == line.len() || is_full(length) {
        return without;
    }
    // Blanks usually stand between glued lines or groups; where only counting them gives a full line, they
    // were written for fillers.
    for written in [line, line.trim()] {
        let blanks = written.chars().filter(|c| c.is_whitespace()).count();
        if blanks > 0 && is_full(length + blanks) {
            let mut filled = String::with_capacity(line.len());
            for c in written.chars().filter(|c| !is_invisible(*c)) {
                push_mrz(if c.is_whitespace() { '<' } else { c }, &mut filled);
            }
            return filled;
        }
    }
    without
}

fn is_full(length: usize) -> bool {
    matches!(length, 30 | 36 | 44 | 72 | 88 | 90)
}

fn push_mrz(c: char, out: &mut String) {
    if c.is_ascii() {
        out.push(c.to_ascii_uppercase());
        return;
    }
    match c {
        '«' => out.push_str("<<"),
        '‹' | '\u{2329}' | '\u{3008}' | '\u{27E8}' | '\u{FF1C}' | '\u{FE64}' => out.push('<'),
        _ => c.to_uppercase().for_each(|c| out.push(latin_look_alike(c))),
    }
}

/// The Latin letter or ASCII digit that looks like `c` (upper case), or `c` itself.
pub(crate) fn latin_look_alike(c: char) -> char {
    match c {
        'А' | 'Α' => 'A',
        'В' | 'Β' => 'B',
        'С' => 'C',
        'Е' | 'Ε' => 'E',
        'Н' | 'Η' => 'H',
        'І' | 'Ι' | 'Ӏ' => 'I',
        'Ј' => 'J',
        'К' | 'Κ' => 'K',
        'М' | 'Μ' => 'M',
        'Ν' => 'N',
        'О' | 'Ο' => 'O',
        'Р' | 'Ρ' => 'P',
        'Ѕ' => 'S',
        'Т' | 'Τ' => 'T',
        'Х' | 'Χ' => 'X',
        'У' | 'Ү' | 'Υ' => 'Y',
        'Ζ' => 'Z',
        '\u{FF01}'..='\u{FF5E}' => shifted(c, 0xFF01, '!'),
        '\u{0660}'..='\u{0669}' => shifted(c, 0x0660, '0'),
        '\u{06F0}'..='\u{06F9}' => shifted(c, 0x06F0, '0'),
        _ => c,
    }
}

fn shifted(c: char, from: u32, to: char) -> char {
    char::from_u32(u32::from(c) - from + u32::from(to)).map_or(c, |c| c.to_ascii_uppercase())
}

/// Lines of an MRZ and the format that they are, or are closest to.
#[derive(Debug)]
pub(crate) struct Shaped {
    pub(crate) format: Format,
    /// Normalised; as many as were given (after taking glued lines apart), of any length.
    pub(crate) lines: Vec<String>,
}

/// Normalises lines, takes glued ones apart and finds the format.
pub(crate) fn shape(lines: &[impl AsRef<str>]) -> Shaped {
    let lines: Vec<String> =
        lines.iter().map(|line| normalise(line.as_ref())).filter(|line| !line.is_empty()).collect();
    let visa = lines.first().is_some_and(|line| line.starts_with('V'));
    let lengths: Vec<usize> = lines.iter().map(|line| line.chars().count()).collect();
    if let Some(format) = exact(&lengths, visa) {
        return Shaped { format, lines };
    }
    if !nearly(&lengths)
        && let Some((count, length)) = glued(lengths.iter().sum())
        && !lengths.iter().any(|other| matches!(other, 30 | 36 | 44) && *other != length)
        && let Some(format) = Format::of_shape(count, length, visa)
    {
        let all: Vec<char> = lines.iter().flat_map(|line| line.chars()).collect();
        return Shaped { format, lines: all.chunks(length).map(|line| line.iter().collect()).collect() };
    }
    let (format, lines) = closest(lines, &lengths, visa);
    Shaped { format, lines }
}

fn exact(lengths: &[usize], visa: bool) -> Option<Format> {
    let length = *lengths.first()?;
    lengths.iter().all(|other| *other == length).then(|| Format::of_shape(lengths.len(), length, visa))?
}

/// The right number of lines, each at most two characters off: cut or overlong, not glued.
fn nearly(lengths: &[usize]) -> bool {
    let near = |want: usize| lengths.iter().all(|length| length.abs_diff(want) <= 2);
    (lengths.len() == 3 && near(30)) || (lengths.len() == 2 && (near(36) || near(44)))
}

fn glued(total: usize) -> Option<(usize, usize)> {
    match total {
        90 => Some((3, 30)),
        88 => Some((2, 44)),
        72 => Some((2, 36)),
        _ => None,
    }
}

/// The format that damaged lines are closest to; one overlong line is taken apart at the format's length.
fn closest(lines: Vec<String>, lengths: &[usize], visa: bool) -> (Format, Vec<String>) {
    let total: usize = lengths.iter().sum();
    let card = lines.first().is_some_and(|line| line.starts_with(['I', 'A', 'C']));
    let longest = lengths.iter().copied().max().unwrap_or(0);
    let (count, length) = match lines.len() {
        1 if total > 60 && card => (3, 30),
        1 if total > 76 || total > 40 && total <= 60 => (2, 44),
        1 if total > 60 => (2, 36),
        1 if total <= 32 && card => (3, 30),
        1 if total <= 36 && card => (2, 36),
        2 if longest <= 32 && total > 40 => (3, 30),
        2 if longest <= 38 && total >= 60 => (2, 36),
        3.. if longest <= 33 => (3, 30),
        _ => (2, 44),
    };
    let format = Format::of_shape(count, length, visa).unwrap_or(Format::Td3);
    if lines.len() == 1 && total > length + 2 {
        let all: Vec<char> = lines.iter().flat_map(|line| line.chars()).collect();
        let mut cut: Vec<String> = all.chunks(length).map(|line| line.iter().collect()).collect();
        // What does not fill a line of its own belongs to the last line, which is then too long.
        while cut.len() > count {
            let rest = cut.pop().unwrap_or_default();
            if let Some(last) = cut.last_mut() {
                last.push_str(&rest);
            }
        }
        return (format, cut);
    }
    (format, lines)
}
