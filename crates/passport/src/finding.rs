//! Findings: a stable code, where, and the arguments of its message.

use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;

/// How much a finding matters. The order is from least to most severe.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Severity {
    /// Shown.
    Info,
    /// The clerk has to confirm.
    Warning,
    /// Refuses to issue.
    Error,
}

impl Severity {
    /// `error`, `warning` or `info`.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Info => "info",
            Self::Warning => "warning",
            Self::Error => "error",
        }
    }
}

impl fmt::Display for Severity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

/// The field that a finding is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Field {
    /// Document code, the first two characters of an MRZ.
    DocumentCode,
    /// Issuing state or organisation.
    IssuingState,
    /// Surname (primary identifier); of a finding about the whole name too.
    Surname,
    /// Given names (secondary identifier).
    GivenNames,
    /// Document number.
    DocumentNumber,
    /// Nationality.
    Nationality,
    /// Date of birth.
    BirthDate,
    /// Sex.
    Sex,
    /// Date of expiry.
    ExpiryDate,
    /// Optional data.
    OptionalData,
    /// TD1's second optional field.
    OptionalData2,
    /// The composite check digit.
    Composite,
    /// A line of the MRZ, counted from 1.
    Line(u8),
}

impl Field {
    /// The JSON name: `document_number`, `birth_date`, `line_1`.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::DocumentCode => "document_code",
            Self::IssuingState => "issuing_state",
            Self::Surname => "surname",
            Self::GivenNames => "given_names",
            Self::DocumentNumber => "document_number",
            Self::Nationality => "nationality",
            Self::BirthDate => "birth_date",
            Self::Sex => "sex",
            Self::ExpiryDate => "expiry_date",
            Self::OptionalData => "optional_data",
            Self::OptionalData2 => "optional_data_2",
            Self::Composite => "composite",
            Self::Line(1) => "line_1",
            Self::Line(2) => "line_2",
            Self::Line(3) => "line_3",
            Self::Line(_) => "lines",
        }
    }
}

impl fmt::Display for Field {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

/// A character of an MRZ.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Place {
    /// 0-based line.
    pub line: usize,
    /// 0-based column.
    pub column: usize,
}

/// Defines the codes once: variant, text, usual severity, documentation.
macro_rules! codes {
    ($($(#[$doc:meta])* $variant:ident = $text:literal, $severity:ident;)+) => {
        /// What was found. Codes are stable; the Fluent message of a code is `finding-<code>`.
        ///
        /// Each variant names its source and the arguments (`args`) that its findings carry. `k` is a
        /// 1-based position for people; [`Finding::position`] is the same 0-based. Where a character is
        /// named, `typed` is what stands there and `correct` what should (either is empty where a
        /// character is missing or one too many).
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        #[non_exhaustive]
        pub enum Code { $($(#[$doc])* $variant,)+ }

        impl Code {
            /// Every code.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)+];

            /// The stable text, such as `number-mismatch`.
            #[must_use]
            pub fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $text,)+ }
            }

            /// The severity that its findings usually have.
            #[must_use]
            pub fn severity(self) -> Severity {
                match self { $(Self::$variant => Severity::$severity,)+ }
            }
        }
    };
}

codes! {
    /// The document number differs. Args `permit`, `mrz` (the other source), `k`, `typed`, `correct`, `count`
    /// (how many characters differ). 9303-4 §4.2.2.2.
    NumberMismatch = "number-mismatch", Error;
    /// One character of the number stands for a look-alike (0ODQ 1ILT 2Z7 4A 5S 6G 8B). Args `k`, `typed`,
    /// `correct`, `candidates`, `permit`, `mrz`, `source` (`permit` or `mrz`: which one holds the slip).
    /// 9303-3 §4.9.
    NumberLookalike = "number-lookalike", Error;
    /// Two neighbouring characters of the number are swapped. Args `ab` (as typed), `ba` (as it should be),
    /// `k` (of the first), `permit`, `mrz`, `source`. 9303-3 §4.9.
    NumberTransposed = "number-transposed", Error;
    /// The number was copied with the MRZ's check digit at its end. Args `n` (characters copied), `permit`,
    /// `mrz`, `k`, `typed`. 9303-4 §4.2.2.2.
    NumberHasCheckDigit = "number-has-check-digit", Error;
    /// The issuer's numbers do not contain a character or have another length. Args `country`, `c`, `k`, or
    /// `country`, `length`, `expected`. The issuer's own description (Germany's Federal Ministry of the Interior); in a
    /// group the other rows of the state.
    NumberLengthOrAlphabet = "number-length-or-alphabet", Warning;
    /// A field and its check digit do not agree. Args `field`, `found`, `expected` (the digits), and where one
    /// edit mends it `typed`, `correct`, `k`, `candidates` (comma separated values). 9303-3 §4.9.
    CheckDigit = "check-digit", Error;
    /// Only the composite digit is wrong. Args `found`, `expected`; `typed` and `correct` where one character among
    /// fillers explains it. 9303-4 §4.2.4, 9303-5 §4.2.4, 9303-6 §4.2.4.
    CompositeOnlyFails = "composite-only-fails", Warning;
    /// The date of birth differs. Args `a` (permit), `b` (passport), `k`, `typed`, `correct`, `source` (`permit`,
    /// or `mrz` where the permit's date fits the MRZ's digit and the MRZ's own does not). 9303-3 §4.8.
    BirthDateMismatch = "birth-date-mismatch", Error;
    /// Day and month of birth are exchanged. Args as for the mismatch; in a group also `rows`. 9303-3 §4.8.
    BirthDateDayMonthSwap = "birth-date-day-month-swap", Error;
    /// The year of birth is in the wrong century. Args `yy`, `a` (as written), `b` (as it must be), `x` (the
    /// day by which it is judged). 9303-3 §4.8 has no pivot.
    BirthDateCentury = "birth-date-century", Error;
    /// The passport leaves a part of the date of birth blank. Args `b`; compared, also `a`. 9303-3 §4.8.
    BirthDatePartial = "birth-date-partial", Info;
    /// A date that no calendar has, letters in a date, or a typed date that could be several. Args `date`, `candidates`
    /// where it can be other dates, and where a character is named `k`, `typed`, `correct`. 9303-3 §4.8 and §3.8.
    DateNotCalendar = "date-not-calendar", Error;
    /// The date of expiry differs. Args as for the date of birth, and `swap` where day and month are
    /// exchanged. 9303-3 §4.8.
    ExpiryMismatch = "expiry-mismatch", Error;
    /// The passport ends too early. Args `d` (its end), `needed` (the day that it must reach). The rule is the caller's
    /// ([`crate::Rules`]), the date that of 9303-4 §4.2.2.2, positions 22 to 27.
    ExpiredOrShort = "expired-or-short", Error;
    /// Surname and given names are exchanged. Args `permit`, `mrz`; `moved` where only some parts stand in the
    /// other field. 9303-3 §3.4 and §4.6; 9303-4 §4.2.4 has no check digit for names.
    SurnameGivenSwapped = "surname-given-swapped", Error;
    /// A part of the passport's name is not on the permit. Args `part`, `permit`, `mrz`; `instead` where
    /// another stands in its place. 9303-3 §4.6.
    NameMissingPart = "name-missing-part", Error;
    /// A part on the permit is not in the passport. Args `part`, `kind` (`patronymic`, `title`, `other`),
    /// `permit`, `mrz`. 9303-3 §4.6.
    NameExtraPart = "name-extra-part", Warning;
    /// One or two letters differ. Args `a` (permit), `b` (passport), `k`, `typed`, `correct`. 9303-3 §4.6.
    NameTypo = "name-typo", Error;
    /// The same parts in another order. Args `a` (permit), `b` (passport). 9303-3 §4.6.
    NameOrder = "name-order", Error;
    /// Two spellings of the same letters. Args `a` (permit), `b` (passport), `k`, `typed`, `correct`.
    /// 9303-3 §6 and the Kyrgyz letters that it lacks.
    NameTranslitVariant = "name-translit-variant", Warning;
    /// The MRZ's name fills its field and may be cut. Args `b` (passport); compared, also `a` (permit).
    /// 9303-4 §4.2.3.
    NameMayBeTruncated = "name-may-be-truncated", Warning;
    /// Only case, accent, hyphen, apostrophe or spacing differs. Args `a`, `b`. 9303-3 §4.6.
    NameCasePunctOnly = "name-case-punct-only", Info;
    /// The passport has one name only. Args `name`. 9303-3 §3.4 and §4.6.
    NoSurname = "no-surname", Warning;
    /// No check digit covers nationality, sex and name; an error when the permit differs, then with args `a`
    /// (permit), `b` (passport), `k`, `typed`, `correct`. 9303-4 §4.2.4: positions 11 to 13 and 21 are left out of every digit.
    NationalityOrSexUnproven = "nationality-or-sex-unproven", Info;
    /// Two rows of a group share a number, or carry each other's. Args `row`, `other` (1-based), `number`,
    /// `kind` (`same-number`, `two-names`, `crossed`). A number identifies one document of its issuer: 9303-4 §4.2.2.2,
    /// positions 1 to 9.
    SamePersonTwice = "same-person-twice", Warning;
    /// The lines are not of the right shape. Args `n` (line), `len`, `want`; or `n`, `k`, `c` (a character that
    /// may not stand there); `field` and `k` where a missing or surplus character can be located. 9303-3 §4.4 and §4.10;
    /// the lengths in 9303-4 to 9303-7 §4.2.2.
    MrzShape = "mrz-shape", Error;
}

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

/// One thing found in, or between, passport data.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Finding {
    /// What was found.
    pub code: Code,
    /// How much it matters here; usually [`Code::severity`].
    pub severity: Severity,
    /// The field it is about.
    pub field: Field,
    /// The arguments of its message, as [`Code`] lists them. Personal data.
    pub args: Vec<(&'static str, String)>,
    /// 0-based index of the character in the field's value as the permit (or the one source) writes it; in a
    /// line of an MRZ for [`Field::Line`].
    pub position: Option<usize>,
    /// The character's place in the MRZ, where the MRZ holds the slip.
    pub place: Option<Place>,
    /// What the field should read, where exactly one value is known to be right. Never applied by itself.
    pub suggestion: Option<String>,
}

impl Finding {
    /// A finding with its usual severity and no arguments.
    #[must_use]
    pub fn new(code: Code, field: Field) -> Self {
        Self {
            code,
            severity: code.severity(),
            field,
            args: Vec::new(),
            position: None,
            place: None,
            suggestion: None,
        }
    }

    /// The argument of that name.
    #[must_use]
    pub fn arg(&self, name: &str) -> Option<&str> {
        self.args.iter().find(|(key, _)| *key == name).map(|(_, value)| value.as_str())
    }

    pub(crate) fn with(mut self, name: &'static str, value: impl Into<String>) -> Self {
        if self.args.is_empty() {
            // Most findings carry six to eight arguments: one allocation for all.
            self.args.reserve_exact(8);
        }
        self.args.push((name, value.into()));
        self
    }

    pub(crate) fn severe(mut self, severity: Severity) -> Self {
        self.severity = severity;
        self
    }

    pub(crate) fn suggest(mut self, value: impl Into<String>) -> Self {
        self.suggestion = Some(value.into());
        self
    }

    /// Names the character at the 0-based `position`, and adds the 1-based `k`.
    pub(crate) fn at(mut self, position: usize) -> Self {
        self.position = Some(position);
        self.with("k", decimal(position + 1))
    }
}

/// A count as decimal text. Nearly all are positions of one digit, which need no formatting.
pub(crate) fn decimal(number: usize) -> String {
    match u32::try_from(number).ok().and_then(|number| char::from_digit(number, 10)) {
        Some(digit) => String::from(digit),
        None => alloc::string::ToString::to_string(&number),
    }
}

/// Prints code, severity, field and position, never the arguments.
impl fmt::Debug for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}({} {}", self.severity, self.code, self.field)?;
        if let Some(position) = self.position {
            write!(f, " @{position}")?;
        }
        f.write_str(")")
    }
}

/// Most severe first, otherwise in the order found.
pub(crate) fn sort(findings: &mut [Finding]) {
    findings.sort_by_key(|finding| core::cmp::Reverse(finding.severity));
}
