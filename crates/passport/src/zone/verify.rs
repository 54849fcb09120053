//! Every check digit of a zone.

use super::LONGEST;
use crate::checks::{Check, Checks, Residues};
use crate::format::{Format, Layout, Part, Span};

/// The span of a long number's continuation and the index of its check digit.
///
/// The number is long when its digit's place is a filler, all nine characters are used and the optional data
/// goes on at once; it ends before the next filler, with its check digit last.
pub(super) fn continuation(layout: &Layout, text: &[u8; LONGEST], filler: u8) -> Option<(Span, usize)> {
    if !layout.long_number || text[layout.number_check] != filler {
        return None;
    }
    let field = text.get(layout.optional.range())?;
    let used = field.iter().position(|byte| *byte == filler).unwrap_or(field.len());
    if used == 0 || text[layout.number.end - 1] == filler {
        return None;
    }
    let check = layout.optional.start + used - 1;
    Some((Span::new(layout.optional.start, check), check))
}

/// Every check digit. The code exists once for each format, with the format's columns as constants in it: that
/// takes a third off the time.
pub(super) fn all_checks(format: Format, text: &[u8; LONGEST], values: &[u8; LONGEST]) -> Checks {
    match format {
        Format::Td1 => checks(Format::Td1.layout(), text, values),
        Format::Td2 => checks(Format::Td2.layout(), text, values),
        Format::Td3 => checks(Format::Td3.layout(), text, values),
        Format::MrvA => checks(Format::MrvA.layout(), text, values),
        Format::MrvB => checks(Format::MrvB.layout(), text, values),
    }
}

/// Each field is summed once; the composite reuses the fields' sums.
#[expect(clippy::inline_always, reason = "the columns become constants only where it is inlined")]
#[inline(always)]
fn checks(layout: &Layout, text: &[u8; LONGEST], values: &[u8; LONGEST]) -> Checks {
    let residues = |span: Span| Residues::of(&values[span.range()]);
    let (number, birth, expiry) = (residues(layout.number), residues(layout.birth), residues(layout.expiry));
    let optional = residues(layout.optional);
    let digit = |sum: u32, index: usize| {
        let found = text[index];
        Check::of(found.is_ascii_digit() && u32::from(found - b'0') == sum % 10)
    };
    let covered = |part: Part| match part {
        Part::Number => number,
        Part::Birth => birth,
        Part::Expiry => expiry,
        Part::Optional => optional,
        Part::Optional2 => layout.optional_2.map_or(Residues::default(), residues),
    };
    Checks {
        document_number: match continuation(layout, text, b'<') {
            Some((rest, index)) => long_number(number, residues(rest), |sum| digit(sum, index)),
            None => digit(number.weighted(0), layout.number_check),
        },
        date_of_birth: digit(birth.weighted(0), layout.birth_check),
        date_of_expiry: digit(expiry.weighted(0), layout.expiry_check),
        optional: match layout.optional_check {
            None => Check::Absent,
            Some(index) if text[index] == b'<' => {
                Check::of(text[layout.optional.range()].iter().all(|byte| *byte == b'<'))
            }
            Some(index) => digit(optional.weighted(0), index),
        },
        composite: match layout.composite {
            None => Check::Absent,
            Some((parts, index)) => {
                let mut sum = 0;
                let mut place = 0;
                for part in parts {
                    let field = covered(*part);
                    sum += field.weighted(place);
                    place += field.len();
                    if let (_, Some(check)) = layout.part(*part) {
                        sum += Residues::of(&values[check..=check]).weighted(place);
                        place += 1;
                    }
                }
                digit(sum, index)
            }
        },
    }
}

/// A long number's digit is right with or without the filler between its parts: Belgian cards were issued
/// in both ways.
fn long_number(number: Residues, rest: Residues, digit: impl Fn(u32) -> Check) -> Check {
    let without_filler = digit(number.weighted(0) + rest.weighted(number.len()));
    let with_filler = digit(number.weighted(0) + rest.weighted(number.len() + 1));
    if without_filler == Check::Right { without_filler } else { with_filler }
}
