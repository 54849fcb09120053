//! The borrowed view: one MRZ of the right shape, without any allocation.

use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;

use jiff::civil::Date;

use crate::checks::{self, Checks, NOT_MRZ, worth};
use crate::date::{self, Century, DateError, PartialDate};
use crate::finding::Field;
use crate::format::{Format, Layout, Span};
use crate::person::Sex;

mod error;
mod verify;

pub use error::ZoneError;
use verify::{all_checks, continuation};

/// Characters of the longest MRZ (TD1: three lines of 30), rounded up to whole vectors of 16.
pub(crate) const LONGEST: usize = 96;

/// One MRZ of the right shape, every check digit computed. It owns no heap memory; it is what
/// [`crate::read_mrz`] stands on, and fit for calling on every keystroke.
///
/// ```
/// let zone = propusk_passport::Zone::read(&[
///     "I<UTOD231458907<<<<<<<<<<<<<<<",
///     "7408122F1204159UTO<<<<<<<<<<<6",
///     "ERIKSSON<<ANNA<MARIA<<<<<<<<<<",
/// ])?;
/// assert!(zone.checks().all_right());
/// assert_eq!((zone.surname(), zone.document_number()), ("ERIKSSON", "D23145890"));
/// # Ok::<(), propusk_passport::ZoneError>(())
/// ```
#[derive(Clone, PartialEq, Eq)]
pub struct Zone {
    format: Format,
    checks: Checks,
    /// The lines one after another, with blanks for fillers, so that fields can be lent as they are printed.
    spaced: [u8; LONGEST],
}

/// Prints the format and the checks, never the personal data.
impl fmt::Debug for Zone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Zone")
            .field("format", &self.format)
            .field("checks", &self.checks)
            .finish_non_exhaustive()
    }
}

impl Zone {
    /// Reads lines of exactly the right shape: upper case, fillers in place, no blanks.
    /// [`crate::read_mrz`] is the forgiving reader.
    ///
    /// # Errors
    /// A [`ZoneError`] when the shape is not that of a format or a character may not stand in an MRZ.
    pub fn read(lines: &[impl AsRef<str>]) -> Result<Self, ZoneError> {
        let first = lines.first().map_or("", AsRef::as_ref);
        let expected = first.len();
        let format = Format::of_shape(lines.len(), expected, first.as_bytes().first() == Some(&b'V'))
            .ok_or(ZoneError::Shape { lines: lines.len(), length: expected })?;
        let mut text = [b'<'; LONGEST];
        for (line, (target, source)) in text.chunks_exact_mut(expected).zip(lines).enumerate() {
            let source = source.as_ref().as_bytes();
            if source.len() != expected {
                return Err(ZoneError::Length { line, length: source.len(), expected });
            }
            target.copy_from_slice(source);
        }
        Self::from_text(format, text)
            .map_err(|index| ZoneError::Character { line: index / expected, column: index % expected })
    }

    /// The zone of a whole buffer, or the index of the first byte that may not stand in an MRZ.
    pub(crate) fn from_text(format: Format, text: [u8; LONGEST]) -> Result<Self, usize> {
        let mut values = [0u8; LONGEST];
        let mut spaced = [b' '; LONGEST];
        let mut union = 0;
        for ((byte, value), space) in text.iter().zip(&mut values).zip(&mut spaced) {
            *value = worth(*byte);
            union |= *value;
            *space = if *byte == b'<' { b' ' } else { *byte };
        }
        if union & NOT_MRZ != 0 {
            return Err(values.iter().position(|value| *value == NOT_MRZ).unwrap_or(0));
        }
        let checks = all_checks(format, &text, &values);
        Ok(Self { format, checks, spaced })
    }

    /// The zone of a whole buffer, bytes that may not stand in an MRZ read as fillers.
    pub(crate) fn of_any(format: Format, mut text: [u8; LONGEST]) -> Self {
        let mut values = [0u8; LONGEST];
        let mut spaced = [b' '; LONGEST];
        for ((byte, value), space) in text.iter_mut().zip(&mut values).zip(&mut spaced) {
            match checks::value(*byte) {
                Some(worth) => *value = worth,
                None => *byte = b'<',
            }
            *space = if *byte == b'<' { b' ' } else { *byte };
        }
        let checks = all_checks(format, &text, &values);
        Self { format, checks, spaced }
    }

    /// The format, by shape and, for visas, by the first letter.
    #[must_use]
    pub fn format(&self) -> Format {
        self.format
    }

    /// Every check digit.
    #[must_use]
    pub fn checks(&self) -> Checks {
        self.checks
    }

    /// Every check digit is right, the dates exist or are properly partial, and the sex is M, F, X or `<`.
    #[must_use]
    pub fn valid(&self, today: Date) -> bool {
        self.checks.all_right()
            && date::is_mrz_date(self.six(self.layout().birth), Century::Birth(today))
            && date::is_mrz_date(self.six(self.layout().expiry), Century::Expiry)
            && matches!(self.spaced[self.layout().sex], b'M' | b'F' | b'X' | b' ')
    }

    /// Document code as printed: `P`, `ID`, `V`.
    #[must_use]
    pub fn document_code(&self) -> &str {
        self.printed(self.layout().document_code)
    }

    /// Issuing state or organisation as printed: `UTO`, `D`.
    #[must_use]
    pub fn issuing_state(&self) -> &str {
        self.printed(self.layout().issuing_state)
    }

    /// Nationality as printed.
    #[must_use]
    pub fn nationality(&self) -> &str {
        self.printed(self.layout().nationality)
    }

    /// Primary identifier; empty where the field begins with fillers.
    #[must_use]
    pub fn surname(&self) -> &str {
        self.names().0
    }

    /// Secondary identifier. Empty where there is none.
    #[must_use]
    pub fn given_names(&self) -> &str {
        self.names().1
    }

    /// The last position of the name field is a letter: the name must be assumed to be cut (9303-4 §4.2.3).
    #[must_use]
    pub fn names_truncated(&self) -> bool {
        self.spaced[self.layout().names.end - 1].is_ascii_uppercase()
    }

    /// The nine characters of the number field as printed, fillers inside as blanks. A long number's
    /// continuation is [`Zone::number_continuation`].
    #[must_use]
    pub fn document_number(&self) -> &str {
        self.printed(self.layout().number)
    }

    /// What a long document number of TD1 or TD2 adds to its first nine characters; empty otherwise
    /// (9303-5 §4.2.2 note j, 9303-6 §4.2.2 note j).
    #[must_use]
    pub fn number_continuation(&self) -> &str {
        continuation(self.layout(), &self.spaced, b' ').map_or("", |(span, _)| self.printed(span))
    }

    /// The check character of the document number, wherever it stands.
    #[must_use]
    pub fn number_check(&self) -> char {
        char::from(self.byte(self.number_check_index()))
    }

    /// Where that character stands, counted through all lines.
    pub(crate) fn number_check_index(&self) -> usize {
        continuation(self.layout(), &self.spaced, b' ').map_or(self.layout().number_check, |(_, check)| check)
    }

    /// Date of birth, its century the latest that is not after `today`.
    ///
    /// # Errors
    /// [`DateError`] when it is no date.
    pub fn birth_date(&self, today: Date) -> Result<PartialDate, DateError> {
        date::from_mrz(self.six(self.layout().birth), Century::Birth(today))
    }

    /// Date of expiry, in 20YY.
    ///
    /// # Errors
    /// [`DateError`] when it is no date.
    pub fn expiry_date(&self) -> Result<PartialDate, DateError> {
        date::from_mrz(self.six(self.layout().expiry), Century::Expiry)
    }

    /// Sex: `<`, `X` and anything that is not `M` or `F` is unspecified.
    #[must_use]
    pub fn sex(&self) -> Sex {
        match self.spaced[self.layout().sex] {
            b'M' => Sex::Male,
            b'F' => Sex::Female,
            _ => Sex::Unspecified,
        }
    }

    /// Optional data, without what a long document number took of it.
    #[must_use]
    pub fn optional_data(&self) -> &str {
        let span = self.layout().optional;
        match continuation(self.layout(), &self.spaced, b' ') {
            Some((_, check)) => self.printed(Span::new(check + 1, span.end)).trim_start(),
            None => self.printed(span),
        }
    }

    /// The second optional field, which only TD1 has.
    #[must_use]
    pub fn optional_data_2(&self) -> &str {
        self.layout().optional_2.map_or("", |span| self.printed(span))
    }

    /// The lines, as they stand in the MRZ.
    #[must_use]
    pub fn lines(&self) -> Vec<String> {
        let length = self.format.line_length();
        (0..self.format.lines()).map(|line| self.raw(Span::new(line * length, (line + 1) * length))).collect()
    }

    /// The digit that a field's characters give; for a long number the one without the filler.
    pub(crate) fn field_digit(&self, field: Field) -> Option<u8> {
        let layout = self.layout();
        let digit = |span: Span| checks::check_digit(&self.raw(span));
        match field {
            Field::DocumentNumber => match continuation(layout, &self.spaced, b' ') {
                None => digit(layout.number),
                Some((rest, _)) => {
                    let mut number = self.raw(layout.number);
                    number.push_str(&self.raw(rest));
                    checks::check_digit(&number)
                }
            },
            Field::BirthDate => digit(layout.birth),
            Field::ExpiryDate => digit(layout.expiry),
            Field::OptionalData => digit(layout.optional),
            _ => None,
        }
    }

    /// The digit that the composite's characters give.
    pub(crate) fn composite_digit(&self) -> Option<u8> {
        let (parts, _) = self.layout().composite?;
        let mut text = String::with_capacity(LONGEST);
        for part in parts {
            let (span, check) = self.layout().part(*part);
            text.push_str(&self.raw(span));
            text.extend(check.map(|check| char::from(self.byte(check))));
        }
        checks::check_digit(&text)
    }

    pub(crate) fn layout(&self) -> &'static Layout {
        self.format.layout()
    }

    /// All lines one after another, as they stand in the MRZ.
    pub(crate) fn text(&self) -> [u8; LONGEST] {
        self.spaced.map(filler)
    }

    /// The byte at an index that counts through all lines.
    pub(crate) fn byte(&self, index: usize) -> u8 {
        self.spaced.get(index).copied().map_or(b'<', filler)
    }

    /// A span as it stands in the MRZ.
    pub(crate) fn raw(&self, span: Span) -> String {
        let bytes = self.spaced.get(span.range()).unwrap_or_default();
        bytes.iter().map(|byte| char::from(filler(*byte))).collect()
    }

    /// Primary and secondary identifier, divided by the first two fillers in a row.
    pub(crate) fn names(&self) -> (&str, &str) {
        let span = self.layout().names;
        let field = self.spaced.get(span.range()).unwrap_or_default();
        let divided = field.iter().zip(field.iter().skip(1)).position(|pair| pair == (&b' ', &b' '));
        let at = span.start + divided.unwrap_or(field.len());
        (self.trimmed(Span::new(span.start, at)), self.trimmed(Span::new(at, span.end)))
    }

    /// A field as printed; a blank at its beginning stays.
    fn printed(&self, span: Span) -> &str {
        let field = self.spaced.get(span.range()).unwrap_or_default();
        let used = field.iter().rposition(|byte| *byte != b' ').map_or(0, |last| last + 1);
        ascii(self.spaced.get(span.start..span.start + used))
    }

    fn trimmed(&self, span: Span) -> &str {
        let field = self.spaced.get(span.range()).unwrap_or_default();
        let skipped = field.iter().position(|byte| *byte != b' ').unwrap_or(field.len());
        self.printed(Span::new(span.start + skipped, span.end))
    }

    fn six(&self, span: Span) -> [u8; 6] {
        let six: Option<[u8; 6]> = self.spaced.get(span.range()).and_then(|six| six.try_into().ok());
        six.map_or([b'<'; 6], |six| six.map(filler))
    }
}

/// The buffer holds only ASCII, so this never loses anything.
fn ascii(bytes: Option<&[u8]>) -> &str {
    bytes.and_then(|bytes| core::str::from_utf8(bytes).ok()).unwrap_or_default()
}

/// The filler for a blank, any other byte as it is.
fn filler(byte: u8) -> u8 {
    if byte == b' ' { b'<' } else { byte }
}
