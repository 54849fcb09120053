//! Which permits a device is told of: those of its post's zones that hold now or soon.
//!
//! A handheld with every permit of the country would be worth stealing and dear to feed; one with too few would call
//! good permits unknown. The rule is the same for the recorder, which sends, and the device, which forgets.

use propusk_permit::Date;
use serde::{Deserialize, Serialize};

use crate::permit_event::{Day, PermitStatus};

/// So many days after its last one a permit is still told of: who left late is judged too.
pub const DAYS_BACK: i64 = 7;
/// So many days before its first one a permit begins to be told of: a post may be without a link for weeks.
pub const DAYS_AHEAD: i64 = 45;
/// The longest validity of a permit in days: so long after the last day of a newer version, copies of an older one may
/// still look valid, and have to be known as superseded.
const LONGEST: i64 = 93;

/// Zones and days.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Scope {
    /// Zones, as the bitmask of SEAL.md, feature 05.
    pub zones: u32,
    /// Permits whose last day is before this one are left out.
    pub from: Day,
    /// Permits whose first day is after this one are left out for now.
    pub to: Day,
}

impl Scope {
    /// All zones and days: what devices were told before there were scopes.
    pub const ALL: Self = Self { zones: u32::MAX, from: Day(0), to: Day(u32::MAX) };

    /// What a device of these zones is told today.
    #[must_use]
    pub fn around(today: Date, zones: u32) -> Self {
        Self { zones, from: days_from(today, -DAYS_BACK), to: days_from(today, DAYS_AHEAD) }
    }

    /// Whether a permit with these facts is told of.
    #[must_use]
    pub fn covers(&self, zones: u32, valid_from: Day, valid_to: Day) -> bool {
        self.zones & zones != 0 && valid_to >= self.from && valid_from <= self.to
    }

    /// Whether a device has to know of this version. Corrected and extended permits are told everywhere and for longer:
    /// an older copy may name a zone or a day that the newest version no longer does.
    #[must_use]
    pub fn wants(&self, status: &PermitStatus) -> bool {
        if status.version > 1 {
            let from = Date::try_from(self.from).map_or(self.from, |from| days_from(from, -LONGEST));
            return status.valid_to >= from;
        }
        self.covers(status.zones, status.valid_from, status.valid_to)
    }
}

fn days_from(day: Date, days: i64) -> Day {
    // Beyond the calendar's ends there are no permits.
    day.checked_add(jiff::Span::new().days(days)).unwrap_or(day).into()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::NumberTag;

    fn status(version: u8, zones: u32, from: u32, to: u32) -> PermitStatus {
        PermitStatus {
            tag: NumberTag([0; 5]),
            version,
            valid_from: Day(from),
            valid_to: Day(to),
            zones,
            posts: vec![],
            copies: 1,
            travellers: 1,
        }
    }

    #[test]
    fn a_device_is_told_of_its_zones_now_and_soon() {
        let scope = Scope::around(Date::constant(2026, 6, 10), 0b10);
        let first = |zones, from, to| scope.wants(&status(1, zones, from, to));
        assert!(first(0b110, 20_260_601, 20_260_630));
        assert!(!first(0b100, 20_260_601, 20_260_630), "another zone");
        assert!(first(0b10, 20_260_501, 20_260_603) && !first(0b10, 20_260_501, 20_260_602), "a week ago");
        assert!(first(0b10, 20_260_725, 20_260_801) && !first(0b10, 20_260_726, 20_260_801), "45 days ahead");
    }

    #[test]
    fn newer_versions_are_told_everywhere_as_long_as_older_copies_may_look_valid() {
        let scope = Scope::around(Date::constant(2026, 6, 10), 0b10);
        assert!(scope.wants(&status(2, 0b100, 20_270_101, 20_270_201)));
        assert!(scope.wants(&status(2, 0b100, 20_260_201, 20_260_302)));
        assert!(!scope.wants(&status(2, 0b100, 20_260_201, 20_260_301)));
        assert!(Scope::ALL.wants(&status(1, 1, 1, 1)));
    }
}
