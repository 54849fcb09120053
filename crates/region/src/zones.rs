//! Zones as the bits of a seal.

use crate::ids::ZoneId;
use crate::region::Region;
use crate::spelling::UnknownName;

/// A set of zones as a seal carries it: bit n is the zone with `bit = n` (SEAL.md, "Our profile", tag 05).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct ZoneMask(pub u32);

impl ZoneMask {
    /// This set and the zone with that bit; a bit above 31 adds nothing.
    #[must_use]
    pub fn with_bit(self, bit: u8) -> Self {
        Self(self.0 | 1u32.checked_shl(u32::from(bit)).unwrap_or(0))
    }

    /// True when the zone with that bit is in the set.
    pub fn has_bit(self, bit: u8) -> bool {
        self.0 & Self::default().with_bit(bit).0 != 0
    }

    /// How many zones are in the set, known or not.
    pub fn len(self) -> usize {
        self.0.count_ones() as usize
    }

    /// True when no zone is in the set.
    pub fn is_empty(self) -> bool {
        self.0 == 0
    }
}

impl Region {
    /// The bits of these zones. An id that this region does not have is an error: a seal must not silently carry
    /// fewer zones than were paid for.
    pub fn mask(&self, zones: &[ZoneId]) -> Result<ZoneMask, UnknownName> {
        zones.iter().try_fold(ZoneMask::default(), |mask, id| {
            let zone = self.zone_by_id(id).map_or_else(|| self.zone(id.as_str()), Ok)?;
            Ok(mask.with_bit(zone.bit))
        })
    }

    /// The zones of a mask in the order of the file. Bits that no zone of this region has are left out; ask
    /// [`Region::unknown_bits`] whether there are any (a seal that is newer than this device's region file).
    pub fn zones_of(&self, mask: ZoneMask) -> Vec<ZoneId> {
        self.zones().iter().filter(|zone| mask.has_bit(zone.bit)).map(|zone| zone.id.clone()).collect()
    }

    /// The bits of a mask that no zone of this region has.
    pub fn unknown_bits(&self, mask: ZoneMask) -> ZoneMask {
        let known = self.zones().iter().fold(ZoneMask::default(), |known, zone| known.with_bit(zone.bit));
        ZoneMask(mask.0 & !known.0)
    }
}
