//! The seal as a QR code: ECC level M, alphanumeric mode, drawn as rectangles of whole modules.

use std::fmt::Write as _;

use fast_qr::{ECL, Mode, QRBuilder, QRCode};

use super::error::PaperError;

/// The side of one module on paper, whatever the ECC level. A photocopy of a photocopy at 150 dpi decides it
/// (`ops/photocopy`): at 0.5 mm 5 % of the seals were lost there, at 0.55 mm none; at 300 dpi a third copy is read at both.
pub const MODULE_MM: f32 = 0.55;
/// The white border that a reader needs, in modules (ISO/IEC 18004, 6.3.8).
pub const QUIET_MODULES: usize = 4;
/// The largest code that the sheet has room for: version 17, 734 characters at level M.
pub(super) const MAX_MODULES: usize = 85;

/// A QR code ready for a PDF.
pub(super) struct Qr {
    /// Modules a side, without the quiet zone.
    pub(super) modules: usize,
    /// The form XObject's content, one unit a module, its origin at the bottom left.
    pub(super) content: Vec<u8>,
}

impl Qr {
    /// The side on paper without the quiet zone.
    pub(super) fn side_mm(&self) -> f32 {
        f32::from(u16::try_from(self.modules).unwrap_or(u16::MAX)) * MODULE_MM
    }
}

/// Encodes a seal's text. `copy` and `sheet` are for the error only.
pub(super) fn encode(seal_text: &str, copy: u8, sheet: u8) -> Result<Qr, PaperError> {
    let foreign = |character: char| !character.is_ascii_uppercase() && !character.is_ascii_digit();
    if let Some(position) = seal_text.chars().position(foreign) {
        return Err(PaperError::SealCharacter { copy, sheet, position });
    }
    let too_long =
        || PaperError::SealTooLong { copy, sheet, characters: seal_text.len(), limit: MAX_MODULES };
    let code =
        QRBuilder::new(seal_text).ecl(ECL::M).mode(Mode::Alphanumeric).build().map_err(|_| too_long())?;
    if code.size > MAX_MODULES {
        return Err(too_long());
    }
    Ok(Qr { modules: code.size, content: rectangles(&code) })
}

/// Horizontal runs of dark modules, each reaching down over the rows that have the very same run; one path, filled
/// once, so that no viewer shows seams between them.
fn rectangles(code: &QRCode) -> Vec<u8> {
    let mut content = String::new();
    let mut open: Vec<Rectangle> = Vec::new();
    for row in 0..=code.size {
        let runs = if row < code.size { dark_runs(code, row) } else { Vec::new() };
        let (kept, closed): (Vec<_>, Vec<_>) =
            open.into_iter().partition(|rectangle| runs.contains(&(rectangle.column, rectangle.width)));
        for Rectangle { column, row: top, width } in closed {
            let _ = writeln!(content, "{column} {} {width} {} re", code.size - row, row - top);
        }
        let is_new = |run: &(usize, usize)| !kept.iter().any(|known| (known.column, known.width) == *run);
        let new: Vec<_> = runs
            .iter()
            .filter(|run| is_new(run))
            .map(|&(column, width)| Rectangle { column, row, width })
            .collect();
        open = kept;
        open.extend(new);
    }
    content.push('f');
    content.into_bytes()
}

/// A rectangle that is still growing downwards from `row`.
struct Rectangle {
    column: usize,
    row: usize,
    width: usize,
}

/// Start and length of each run of dark modules in a row.
fn dark_runs(code: &QRCode, row: usize) -> Vec<(usize, usize)> {
    let mut runs: Vec<(usize, usize)> = Vec::new();
    for (column, module) in code[row].iter().enumerate() {
        if !module.value() {
            continue;
        }
        match runs.last_mut() {
            Some((start, length)) if *start + *length == column => *length += 1,
            _ => runs.push((column, 1)),
        }
    }
    runs
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_rectangles_are_exactly_the_dark_modules() {
        let text = "KGBZ".to_owned() + &"A2B7C4".repeat(50);
        let code = QRBuilder::new(text.as_str()).ecl(ECL::M).mode(Mode::Alphanumeric).build().ok().unwrap();
        let mut painted = vec![0_u8; code.size * code.size];
        let content = String::from_utf8(rectangles(&code)).unwrap_or_default();
        for line in content.lines().filter(|line| line.ends_with("re")) {
            let numbers: Vec<usize> = line.split(' ').filter_map(|number| number.parse().ok()).collect();
            let &[x, y, width, height] = numbers.first_chunk().unwrap();
            for row in y..y + height {
                for column in x..x + width {
                    painted[(code.size - 1 - row) * code.size + column] += 1;
                }
            }
        }
        for row in 0..code.size {
            for column in 0..code.size {
                assert_eq!(
                    painted[row * code.size + column],
                    u8::from(code[row][column].value()),
                    "{row}, {column}"
                );
            }
        }
    }

    #[test]
    fn foreign_characters_and_long_texts_are_refused() {
        assert_eq!(
            encode("KGBZa", 1, 2).err(),
            Some(PaperError::SealCharacter { copy: 1, sheet: 2, position: 4 })
        );
        let long = "A".repeat(735);
        let expected = PaperError::SealTooLong { copy: 0, sheet: 1, characters: 735, limit: MAX_MODULES };
        assert_eq!(encode(&long, 0, 1).err(), Some(expected));
        assert_eq!(encode(&"A".repeat(734), 0, 1).map(|qr| qr.modules), Ok(MAX_MODULES));
    }
}
