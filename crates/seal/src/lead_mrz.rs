//! The lead traveller's MRZ, which Doc 9303-13 requires in the seal of a travel permit.

use std::fmt;

use crate::c40;
use crate::profile_error::ProfileError;

/// The three sizes of MRZ that a permit's seal carries (Doc 9303-4, -5, -6).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum MrzFormat {
    /// Three lines of 30 characters.
    Td1,
    /// Two lines of 36 characters.
    Td2,
    /// Two lines of 44 characters.
    Td3,
}

impl MrzFormat {
    pub(crate) const ALL: [Self; 3] = [Self::Td1, Self::Td2, Self::Td3];

    /// The number of lines and the characters of each.
    #[must_use]
    pub const fn shape(self) -> (usize, usize) {
        match self {
            Self::Td1 => (3, 30),
            Self::Td2 => (2, 36),
            Self::Td3 => (2, 44),
        }
    }

    /// The tag of the feature.
    #[must_use]
    pub const fn tag(self) -> u8 {
        match self {
            Self::Td1 => 0x07,
            Self::Td2 => 0x0A,
            Self::Td3 => 0x08,
        }
    }
}

/// The lines of an MRZ: right shape and characters; check digits are the passport crate's matter.
#[derive(Clone, PartialEq, Eq)]
pub struct LeadMrz {
    format: MrzFormat,
    lines: Vec<String>,
}

impl LeadMrz {
    /// Takes the lines of a TD1, TD2 or TD3.
    ///
    /// # Errors
    /// [`ProfileError::MrzShape`] when the lines are not of one of the three shapes,
    /// [`ProfileError::MrzCharacter`] for a character other than A–Z, 0–9 and `<`.
    pub fn new<S: AsRef<str>>(lines: &[S]) -> Result<Self, ProfileError> {
        let lengths: Vec<usize> = lines.iter().map(|line| line.as_ref().chars().count()).collect();
        for (line, text) in lines.iter().enumerate() {
            let allowed = |c: char| c.is_ascii_uppercase() || c.is_ascii_digit() || c == '<';
            if let Some(column) = text.as_ref().chars().position(|c| !allowed(c)) {
                return Err(ProfileError::MrzCharacter { line: line + 1, column: column + 1 });
            }
        }
        let fits = |format: &MrzFormat| {
            let (count, chars) = format.shape();
            lengths.len() == count && lengths.iter().all(|&length| length == chars)
        };
        let format = MrzFormat::ALL.into_iter().find(fits).ok_or(ProfileError::MrzShape { lengths })?;
        Ok(Self { format, lines: lines.iter().map(|line| line.as_ref().to_owned()).collect() })
    }

    /// TD1, TD2 or TD3.
    #[must_use]
    pub const fn format(&self) -> MrzFormat {
        self.format
    }

    /// The lines, with `<` as filler.
    #[must_use]
    pub fn lines(&self) -> &[String] {
        &self.lines
    }

    pub(crate) fn to_value(&self) -> Result<Vec<u8>, ProfileError> {
        c40::encode(&self.lines.concat()).map_err(|_| ProfileError::C40 { tag: self.format.tag() })
    }

    pub(crate) fn from_value(format: MrzFormat, value: &[u8]) -> Result<Self, ProfileError> {
        let tag = format.tag();
        let text = c40::decode(value).map_err(|_| ProfileError::C40 { tag })?.replace(' ', "<");
        let (count, chars) = format.shape();
        if text.len() != count * chars {
            return Err(ProfileError::ValueLength {
                tag,
                expected: c40::encoded_len(count * chars),
                found: value.len(),
            });
        }
        let mut lines = Vec::with_capacity(count);
        let mut rest = text.as_str();
        while let Some((line, after)) = rest.split_at_checked(chars).filter(|(line, _)| !line.is_empty()) {
            lines.push(line.to_owned());
            rest = after;
        }
        Ok(Self { format, lines })
    }
}

impl fmt::Debug for LeadMrz {
    /// An MRZ is personal data: only its format is shown.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "LeadMrz({:?}, hidden)", self.format)
    }
}
