//! A judged scan becomes an event: numbered, signed, on disk. Time and randomness are parameters.

use jiff::Timestamp;
use propusk_proto::{HandIn, Kind, Presented, PresentedPermit, Reason, Verdict, shard};
use uuid::Builder;

use crate::device::Device;
use crate::entry::Slot;
use crate::queue::Aside;

/// One scan as it was judged, before it has an id and a number.
#[derive(Clone, Debug)]
pub struct Judged {
    /// What happened.
    pub kind: Kind,
    /// What was held out to the soldier.
    pub presented: Presented,
    /// The permit, as far as it is known.
    pub permit: Option<PresentedPermit>,
    /// Travellers present: bit i is row i of the permit.
    pub present: u64,
    /// Who was on duty.
    pub soldier: String,
    /// The verdict shown.
    pub verdict: Verdict,
    /// All reasons, worst first.
    pub reasons: Vec<Reason>,
}

/// What an event does to its copy.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Effect {
    /// It stays at the post.
    HandsIn,
    /// It was not handed in after all.
    TakesBack,
    /// Nothing.
    None,
}

impl Effect {
    pub(crate) fn of(event: &HandIn) -> Self {
        match event.kind {
            // What was handed in twice is still handed in once after one of the two is undone.
            Kind::Undo { .. } if !event.reasons.contains(&Reason::CopyAlreadyHandedIn) => Self::TakesBack,
            Kind::Override { .. } => Self::HandsIn,
            // A refused copy goes back to the traveller: it is recorded, and not counted as handed in.
            _ if event.kind.hands_in() && event.verdict != Verdict::Refuse => Self::HandsIn,
            _ => Self::None,
        }
    }
}

/// Makes the event of one scan. When this returns, it is on disk: only now may the verdict be shown.
///
/// `uptime_ms` is the monotonic clock, 0 where there is none; `random` makes the event's id unique.
///
/// # Errors
/// When the event can't be encoded, or not be written: nothing is kept of it then.
pub fn hand_in(
    device: &Device,
    judged: Judged,
    now: Timestamp,
    uptime_ms: u64,
    random: [u8; 10],
) -> anyhow::Result<Slot> {
    let profile = &device.profile;
    let number = judged.permit.as_ref().map(|permit| permit.number.as_str());
    let shard = shard::for_event(number, &profile.device, profile.shards);
    let mut event = HandIn {
        // A UUID of version 7; a time before 1970 counts as 1970.
        id: Builder::from_unix_timestamp_millis(u64::try_from(now.as_millisecond()).unwrap_or(0), &random)
            .into_uuid(),
        device: profile.device.clone(),
        epoch: 0,
        shard,
        sequence: 0,
        kind: judged.kind,
        presented: judged.presented,
        permit: judged.permit,
        present: judged.present,
        post: profile.post.clone(),
        soldier: judged.soldier,
        scanned_at_ms: now.as_millisecond(),
        monotonic_ms: uptime_ms,
        verdict: judged.verdict,
        reasons: judged.reasons,
        witnessed: device.queue.witnessed()?,
    };
    let permit = event.permit.clone();
    let effect = Effect::of(&event);
    let aside = Aside {
        handed_in: permit.as_ref().filter(|_| effect == Effect::HandsIn),
        taken_back: permit.as_ref().filter(|_| effect == Effect::TakesBack),
        clocks: Some((now.as_millisecond(), uptime_ms)),
    };
    let sign = |slot: Slot| {
        (event.epoch, event.sequence) = (slot.epoch, slot.sequence);
        device.sign(&event)
    };
    device.queue.append(shard, aside, sign)
}
