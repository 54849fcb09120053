//! The five formats and where their fields stand.

use core::fmt;

/// A machine-readable format of ICAO Doc 9303.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Format {
    /// Card, 3 lines of 30 (9303-5).
    Td1,
    /// Card or small document, 2 lines of 36 (9303-6).
    Td2,
    /// Passport booklet, 2 lines of 44 (9303-4).
    Td3,
    /// Visa, 2 lines of 44 (9303-7, format A).
    MrvA,
    /// Visa, 2 lines of 36 (9303-7, format B).
    MrvB,
}

impl Format {
    /// The usual name: `TD1`, `TD2`, `TD3`, `MRV-A`, `MRV-B`.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Td1 => "TD1",
            Self::Td2 => "TD2",
            Self::Td3 => "TD3",
            Self::MrvA => "MRV-A",
            Self::MrvB => "MRV-B",
        }
    }

    /// How many lines the MRZ has: 2 or 3.
    #[must_use]
    pub fn lines(self) -> usize {
        if self == Self::Td1 { 3 } else { 2 }
    }

    /// How many characters a line has: 30, 36 or 44.
    #[must_use]
    pub fn line_length(self) -> usize {
        self.layout().line_length
    }

    /// How many characters the name field has: 30 (TD1), 31 (TD2, MRV-B) or 39 (TD3, MRV-A).
    #[must_use]
    pub fn name_width(self) -> usize {
        self.layout().names.len()
    }

    /// The format of `lines` lines of `line_length` characters; `visa` when the first character is `V`.
    pub(crate) fn of_shape(lines: usize, line_length: usize, visa: bool) -> Option<Self> {
        match (lines, line_length, visa) {
            (3, 30, _) => Some(Self::Td1),
            (2, 36, false) => Some(Self::Td2),
            (2, 44, false) => Some(Self::Td3),
            (2, 36, true) => Some(Self::MrvB),
            (2, 44, true) => Some(Self::MrvA),
            _ => None,
        }
    }

    #[inline]
    pub(crate) fn layout(self) -> &'static Layout {
        match self {
            Self::Td1 => &TD1,
            Self::Td2 => &TD2,
            Self::Td3 => &TD3,
            Self::MrvA => &MRV_A,
            Self::MrvB => &MRV_B,
        }
    }
}

impl fmt::Display for Format {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

/// Characters `start..end` of the lines written one after another, without line ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Span {
    pub(crate) start: usize,
    pub(crate) end: usize,
}

impl Span {
    pub(crate) const fn new(start: usize, end: usize) -> Self {
        Self { start, end }
    }

    pub(crate) const fn len(self) -> usize {
        self.end - self.start
    }

    pub(crate) fn range(self) -> core::ops::Range<usize> {
        self.start..self.end
    }

    pub(crate) fn contains(self, index: usize) -> bool {
        self.range().contains(&index)
    }
}

/// What a composite digit covers: fields, each with its own check digit where it has one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Part {
    Number,
    Birth,
    Expiry,
    Optional,
    Optional2,
}

impl Layout {
    /// The span of a part and the place of its check digit.
    #[inline]
    pub(crate) fn part(&self, part: Part) -> (Span, Option<usize>) {
        match part {
            Part::Number => (self.number, Some(self.number_check)),
            Part::Birth => (self.birth, Some(self.birth_check)),
            Part::Expiry => (self.expiry, Some(self.expiry_check)),
            Part::Optional => (self.optional, self.optional_check),
            Part::Optional2 => (self.optional_2.unwrap_or(Span::new(0, 0)), None),
        }
    }
}

/// Where the fields of one format stand. Offsets count through all lines without line ends.
#[derive(Debug)]
pub(crate) struct Layout {
    pub(crate) line_length: usize,
    pub(crate) document_code: Span,
    pub(crate) issuing_state: Span,
    pub(crate) names: Span,
    pub(crate) number: Span,
    pub(crate) number_check: usize,
    pub(crate) nationality: Span,
    pub(crate) birth: Span,
    pub(crate) birth_check: usize,
    pub(crate) sex: usize,
    pub(crate) expiry: Span,
    pub(crate) expiry_check: usize,
    /// TD1 and TD2 may continue a long document number here.
    pub(crate) optional: Span,
    pub(crate) optional_check: Option<usize>,
    pub(crate) optional_2: Option<Span>,
    /// The parts that the composite digit covers, in order, and the digit's place.
    pub(crate) composite: Option<(&'static [Part], usize)>,
    /// Whether a number of more than nine characters may overflow into the optional data.
    pub(crate) long_number: bool,
}

/// 9303-5 §4.2.2.
static TD1: Layout = Layout {
    line_length: 30,
    document_code: Span::new(0, 2),
    issuing_state: Span::new(2, 5),
    names: Span::new(60, 90),
    number: Span::new(5, 14),
    number_check: 14,
    nationality: Span::new(45, 48),
    birth: Span::new(30, 36),
    birth_check: 36,
    sex: 37,
    expiry: Span::new(38, 44),
    expiry_check: 44,
    optional: Span::new(15, 30),
    optional_check: None,
    optional_2: Some(Span::new(48, 59)),
    composite: Some((&[Part::Number, Part::Optional, Part::Birth, Part::Expiry, Part::Optional2], 59)),
    long_number: true,
};

/// 9303-4 §4.2.2.
static TD3: Layout = Layout {
    line_length: 44,
    optional: Span::new(72, 86),
    optional_check: Some(86),
    composite: Some((&[Part::Number, Part::Birth, Part::Expiry, Part::Optional], 87)),
    ..MRV_A
};

/// 9303-7 §4.2.2.
const MRV_A: Layout = Layout {
    line_length: 44,
    document_code: Span::new(0, 2),
    issuing_state: Span::new(2, 5),
    names: Span::new(5, 44),
    number: Span::new(44, 53),
    number_check: 53,
    nationality: Span::new(54, 57),
    birth: Span::new(57, 63),
    birth_check: 63,
    sex: 64,
    expiry: Span::new(65, 71),
    expiry_check: 71,
    optional: Span::new(72, 88),
    optional_check: None,
    optional_2: None,
    composite: None,
    long_number: false,
};

/// 9303-7 §7.2.2.
static MRV_B: Layout = Layout { optional: Span::new(64, 72), composite: None, long_number: false, ..TD2 };

/// 9303-6 §4.2.2.
const TD2: Layout = Layout {
    line_length: 36,
    document_code: Span::new(0, 2),
    issuing_state: Span::new(2, 5),
    names: Span::new(5, 36),
    number: Span::new(36, 45),
    number_check: 45,
    nationality: Span::new(46, 49),
    birth: Span::new(49, 55),
    birth_check: 55,
    sex: 56,
    expiry: Span::new(57, 63),
    expiry_check: 63,
    optional: Span::new(64, 71),
    optional_check: None,
    optional_2: None,
    composite: Some((&[Part::Number, Part::Birth, Part::Expiry, Part::Optional], 71)),
    long_number: true,
};
