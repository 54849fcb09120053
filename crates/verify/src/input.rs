//! Reading what commands are given: files, standard input, MRZ lines.

use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

use crate::VerifyError;

/// The most bytes of MRZ lines or typed fields that are read.
pub(crate) const MAX_TEXT_BYTES: u64 = 16 * 1024 * 1024;

/// The name of standard input among files.
pub(crate) const STANDARD_INPUT: &str = "-";

/// The bytes of a file, or of standard input for `-`; at most `limit`.
pub(crate) fn bytes(name: &str, limit: u64, what: &'static str) -> Result<Vec<u8>, VerifyError> {
    let shown = shown(name);
    let read = |source: io::Error| VerifyError::Read { name: shown.clone(), source };
    let mut bytes = Vec::new();
    let mut reader: Box<dyn Read> = if name == STANDARD_INPUT {
        Box::new(io::stdin().lock())
    } else {
        Box::new(File::open(Path::new(name)).map_err(read)?)
    };
    reader.by_ref().take(limit + 1).read_to_end(&mut bytes).map_err(read)?;
    if u64::try_from(bytes.len()).unwrap_or(u64::MAX) > limit {
        return Err(VerifyError::TooLong { name: shown, limit, what });
    }
    if bytes.is_empty() {
        return Err(VerifyError::Empty(shown, what));
    }
    Ok(bytes)
}

/// The text of a file, or of standard input for `-`.
pub(crate) fn text(name: &str, what: &'static str) -> Result<String, VerifyError> {
    let bytes = bytes(name, MAX_TEXT_BYTES, what)?;
    let text = String::from_utf8(bytes).map_err(|_| VerifyError::NotText(shown(name), what))?;
    if text.trim_matches(|c: char| c.is_whitespace() || c == '\u{feff}').is_empty() {
        return Err(VerifyError::Empty(shown(name), what));
    }
    Ok(text)
}

/// MRZ lines from `--mrz L1,L2` or, for `-`, from standard input.
pub(crate) fn mrz_lines(argument: &str) -> Result<Vec<String>, VerifyError> {
    const WHAT: &str = "the 2 or 3 lines of an MRZ";
    let lines: Vec<String> = if argument == STANDARD_INPUT {
        propusk_passport::split_documents(&text(STANDARD_INPUT, WHAT)?).into_iter().next().unwrap_or_default()
    } else {
        argument
            .split([',', '\n'])
            .map(|line| line.trim().to_owned())
            .filter(|line| !line.is_empty())
            .collect()
    };
    if lines.is_empty() { Err(VerifyError::Empty("--mrz".to_owned(), WHAT)) } else { Ok(lines) }
}

fn shown(name: &str) -> String {
    if name == STANDARD_INPUT { "standard input".to_owned() } else { name.to_owned() }
}
