//! The set of zones a permit is for, as a bitmask.

/// Zones by bit number. `SEAL.md`: chuy 0, issyk-kul 1, naryn 2, osh 3, batken 4; a bit is never reused.
///
/// The crate does not know the zones by name: `config/region.toml` gives each its bit, 0 to 31.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct ZoneMask(pub u32);

impl ZoneMask {
    /// The set of the given bit numbers; numbers above 31 name no zone and give `None`.
    #[must_use]
    pub fn from_bits(bits: impl IntoIterator<Item = u8>) -> Option<Self> {
        let bit = |bit: u8| 1_u32.checked_shl(u32::from(bit));
        bits.into_iter().try_fold(0, |mask, number| Some(mask | bit(number)?)).map(Self)
    }

    /// The bit numbers in the set, ascending.
    pub fn bits(self) -> impl Iterator<Item = u8> {
        (0..32).filter(move |&bit| self.contains(bit))
    }

    /// Whether a zone's bit is in the set.
    #[must_use]
    pub fn contains(self, bit: u8) -> bool {
        1_u32.checked_shl(u32::from(bit)).is_some_and(|bit| self.0 & bit != 0)
    }

    /// Whether no zone is in the set.
    #[must_use]
    pub const fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// Whether every zone of this set is in `granted`.
    #[must_use]
    pub const fn is_within(self, granted: Self) -> bool {
        self.0 & !granted.0 == 0
    }

    /// The value of feature 05: big-endian, without leading zeros, at least one byte.
    pub(crate) fn to_value(self) -> Vec<u8> {
        let bytes = self.0.to_be_bytes();
        let zeros = bytes.iter().take(3).take_while(|&&byte| byte == 0).count();
        bytes.iter().skip(zeros).copied().collect()
    }

    /// The inverse of [`ZoneMask::to_value`]; another way to write the same set is not read.
    pub(crate) fn from_value(value: &[u8]) -> Option<Self> {
        if value.len() > 4 {
            return None;
        }
        let mask = Self(value.iter().fold(0, |mask, &byte| mask << 8 | u32::from(byte)));
        (mask.to_value() == value).then_some(mask)
    }
}
