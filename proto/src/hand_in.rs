//! The hand-in event: what a soldier saw and decided. It never carries a name, a document number, an MRZ or a seal.

use std::fmt;

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::chain::Head;
use crate::codec::Message;
use crate::device::DeviceId;

/// Version 1 of the event. Identity: `id`, and (`device`, `epoch`, `shard`, `sequence`) without gaps in the sequence.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct HandIn {
    /// UUIDv7 of the event.
    pub id: Uuid,
    /// The device that scanned.
    pub device: DeviceId,
    /// The device's boot epoch; a device restored from an old backup starts a new one.
    pub epoch: u64,
    /// The shard; the recorder checks it.
    pub shard: u16,
    /// Number within (device, epoch, shard), from 1, without gaps.
    pub sequence: u64,
    /// What happened.
    pub kind: Kind,
    /// What was held out to the soldier.
    pub presented: Presented,
    /// The permit, as far as it is known.
    pub permit: Option<PresentedPermit>,
    /// Travellers present: bit i is row i of the permit (groups split). 0 where not ticked off.
    pub present: u64,
    /// The post.
    pub post: String,
    /// Who was on duty, by service name or number as the post uses it; not a traveller's data.
    pub soldier: String,
    /// The device's time of the scan, Unix milliseconds.
    pub scanned_at_ms: i64,
    /// Milliseconds on the device's monotonic clock: tells the order when the wall clock jumps.
    pub monotonic_ms: u64,
    /// The verdict shown.
    pub verdict: Verdict,
    /// All reasons, worst first.
    pub reasons: Vec<Reason>,
    /// The newest chain head this device has seen in a receipt.
    pub witnessed: Option<Head>,
}

impl Message for HandIn {
    const NAME: &'static str = "a hand-in";
    const MAX_BYTES: usize = 1024;
}

/// What a hand-in event records. Append-only.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Kind {
    /// A copy was handed in on the way into the zone.
    Entry,
    /// A group left the zone.
    Exit,
    /// A copy or original was looked at, nothing was handed in.
    Shown,
    /// An earlier event was a mistake.
    Undo {
        /// The event that is undone.
        of: Uuid,
    },
    /// A refusal was overridden by the soldier.
    Override {
        /// The event that is overridden.
        of: Uuid,
        /// Why, in the soldier's words (no personal data; at most 200 characters).
        reason: String,
    },
    /// Entered later from the post's paper list.
    LateEntry {
        /// Time written on the list, Unix milliseconds.
        written_at_ms: i64,
    },
}

impl Kind {
    /// The kind's name, as `--json` and `--kind` use it.
    #[must_use]
    pub fn as_str(&self) -> &'static str {
        match self {
            Self::Entry => "entry",
            Self::Exit => "exit",
            Self::Shown => "shown",
            Self::Undo { .. } => "undo",
            Self::Override { .. } => "override",
            Self::LateEntry { .. } => "late-entry",
        }
    }

    /// True when a copy is left at the post.
    #[must_use]
    pub fn hands_in(&self) -> bool {
        matches!(self, Self::Entry | Self::LateEntry { .. })
    }
}

/// What was held out to the soldier. Append-only.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Presented {
    /// A seal of Doc 9303-13; only the hash of its bytes travels.
    Seal {
        /// SHA-256 of the seal's bytes.
        sha256: [u8; 32],
    },
    /// A permit number typed by the soldier.
    TypedNumber,
    /// A code that could not be read as anything.
    Unreadable,
    /// A readable code that is no permit of ours.
    Foreign {
        /// SHA-256 of what it said.
        sha256: [u8; 32],
    },
}

/// Which permit, version and copy was presented, as far as it is known.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PresentedPermit {
    /// Permit number, 13 characters without hyphens.
    pub number: String,
    /// Version, from the seal.
    pub version: Option<u8>,
    /// Copy number k (0 = original), from the seal.
    pub copy: Option<u8>,
}

/// The answer shown to the soldier. Append-only, ordered from best to worst.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Verdict {
    /// Let them through.
    Accept,
    /// Look closer, then decide.
    Attention,
    /// Do not let them through on this paper.
    Refuse,
}

impl Verdict {
    /// `accept`, `attention` or `refuse`.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Accept => "accept",
            Self::Attention => "attention",
            Self::Refuse => "refuse",
        }
    }
}

impl fmt::Display for Verdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// Why the verdict is what it is (DESIGN.md §5, Verdicts, and §7). Append-only.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Reason {
    /// The code can't be read, or is cut short.
    SealUnreadable,
    /// A seal, but not a border permit of ours.
    NotAPermit,
    /// Nobody on the trust list signed it.
    UnknownSigner,
    /// The signer was revoked.
    SignerRevoked,
    /// The signature does not fit the seal.
    BadSignature,
    /// Valid from a later day.
    NotYetValid,
    /// The last valid day has passed.
    Expired,
    /// The post lies in no zone of the permit.
    WrongZone,
    /// The post is not on the permit's route.
    WrongPost,
    /// The permit was revoked.
    Revoked,
    /// A newer version of the permit exists.
    Superseded,
    /// This copy was handed in before.
    CopyAlreadyHandedIn,
    /// Passport and permit differ.
    PassportMismatch,
    /// The passport has expired.
    PassportExpired,
    /// The passport's holder is not on the permit.
    NotInGroup,
    /// A valid seal of a permit that nobody is known to have issued.
    UnknownPermit,
    /// The trust list is older than the limit.
    TrustListStale,
    /// The device's clock is suspect.
    ClockSuspect,
}

impl Reason {
    /// Every reason, in wire order.
    pub const ALL: [Self; 18] = [
        Self::SealUnreadable,
        Self::NotAPermit,
        Self::UnknownSigner,
        Self::SignerRevoked,
        Self::BadSignature,
        Self::NotYetValid,
        Self::Expired,
        Self::WrongZone,
        Self::WrongPost,
        Self::Revoked,
        Self::Superseded,
        Self::CopyAlreadyHandedIn,
        Self::PassportMismatch,
        Self::PassportExpired,
        Self::NotInGroup,
        Self::UnknownPermit,
        Self::TrustListStale,
        Self::ClockSuspect,
    ];

    /// The stable code; the Fluent message is `reason-<code>`.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::SealUnreadable => "seal-unreadable",
            Self::NotAPermit => "not-a-permit",
            Self::UnknownSigner => "unknown-signer",
            Self::SignerRevoked => "signer-revoked",
            Self::BadSignature => "bad-signature",
            Self::NotYetValid => "not-yet-valid",
            Self::Expired => "expired",
            Self::WrongZone => "wrong-zone",
            Self::WrongPost => "wrong-post",
            Self::Revoked => "revoked",
            Self::Superseded => "superseded",
            Self::CopyAlreadyHandedIn => "copy-already-handed-in",
            Self::PassportMismatch => "passport-mismatch",
            Self::PassportExpired => "passport-expired",
            Self::NotInGroup => "not-in-group",
            Self::UnknownPermit => "unknown-permit",
            Self::TrustListStale => "trust-list-stale",
            Self::ClockSuspect => "clock-suspect",
        }
    }

    /// What this reason alone leads to (DESIGN.md §5). `Superseded` is attention here; whoever judges raises it to a
    /// refusal outside the old version's dates and zones.
    #[must_use]
    pub fn verdict(self) -> Verdict {
        match self {
            Self::WrongPost
            | Self::Superseded
            | Self::CopyAlreadyHandedIn
            | Self::UnknownPermit
            | Self::TrustListStale
            | Self::ClockSuspect => Verdict::Attention,
            _ => Verdict::Refuse,
        }
    }
}
