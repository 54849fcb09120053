//! Alerts for the duty officer.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::codec::Message;
use crate::device::DeviceId;

/// One thing the duty officer should look at, raised once, with its evidence.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Alert {
    /// UUIDv7.
    pub id: Uuid,
    /// What was seen.
    pub kind: AlertKind,
    /// The post where it was seen.
    pub post: String,
    /// The device that saw it, where one did.
    pub device: Option<DeviceId>,
    /// Permit number, 13 characters, where one is concerned.
    pub permit: Option<String>,
    /// Copy number, where one is concerned.
    pub copy: Option<u8>,
    /// The recorder's time, Unix milliseconds.
    pub raised_at_ms: i64,
    /// The records that show it: (shard, index) in the recorder's log.
    pub evidence: Vec<(u16, u64)>,
}

impl Message for Alert {
    const NAME: &'static str = "an alert";
    const MAX_BYTES: usize = 4096;
}

/// What was seen. Append-only.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum AlertKind {
    /// The same copy of a permit was handed in twice.
    CopyHandedInTwice,
    /// A valid seal of a permit that nobody issued: a stolen key shows.
    UnknownPermit,
    /// A message was put into quarantine.
    Quarantined,
    /// A device witnessed a chain head that the record does not contain: the record was rewritten.
    RecordRewritten,
    /// A copy of an older version was shown or handed in after the newer one was made.
    CopySuperseded,
    /// A permit was used after it was revoked.
    PermitRevoked,
    /// A copy was handed in at a post that lies in no zone of the permit.
    OutsideZone,
    /// A copy was handed in before the first or after the last valid day.
    OutsideDates,
    /// The same travellers were at two posts in less time than the way takes.
    ImpossibleTravel,
    /// Numbers of a device's hand-ins are missing, and later ones came long ago.
    SequenceGap,
    /// A device that was revoked, perhaps stolen, still hands in; its events are in quarantine.
    DeviceRevoked,
    /// A device's clock differs from the recorder's by more than the limit.
    ClockOff,
    /// Somebody went into a zone, the last valid day has passed, and nobody saw them come out.
    Overdue,
}

impl AlertKind {
    /// Every kind, in wire order.
    pub const ALL: [Self; 13] = [
        Self::CopyHandedInTwice,
        Self::UnknownPermit,
        Self::Quarantined,
        Self::RecordRewritten,
        Self::CopySuperseded,
        Self::PermitRevoked,
        Self::OutsideZone,
        Self::OutsideDates,
        Self::ImpossibleTravel,
        Self::SequenceGap,
        Self::DeviceRevoked,
        Self::ClockOff,
        Self::Overdue,
    ];

    /// The stable code, also the token in `alert.<kind>.<post>`; the Fluent message is `alert-<code>`.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::CopyHandedInTwice => "copy-handed-in-twice",
            Self::UnknownPermit => "unknown-permit",
            Self::Quarantined => "quarantined",
            Self::RecordRewritten => "record-rewritten",
            Self::CopySuperseded => "copy-superseded",
            Self::PermitRevoked => "permit-revoked",
            Self::OutsideZone => "outside-zone",
            Self::OutsideDates => "outside-dates",
            Self::ImpossibleTravel => "impossible-travel",
            Self::SequenceGap => "sequence-gap",
            Self::DeviceRevoked => "device-revoked",
            Self::ClockOff => "clock-off",
            Self::Overdue => "overdue",
        }
    }
}
