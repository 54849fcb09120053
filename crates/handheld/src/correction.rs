//! Mending the last hand-in: taking it back within a quarter of an hour, or letting somebody through against the
//! verdict. Both are new events; nothing that was recorded changes.

use jiff::Timestamp;
use propusk_proto::{Frame, HandIn, Kind, Presented, Verdict, decode};

use crate::device::Device;
use crate::entry::Slot;
use crate::hand_in::{Judged, hand_in};

/// How long a hand-in may be taken back or overridden, in milliseconds.
pub const WINDOW_MS: i64 = 15 * 60_000;
/// Longest reason, in characters (PROTOCOL.md, "Limits").
pub const MAX_REASON: usize = 200;
/// Shortest reason: a slip of the finger is none.
const MIN_REASON: usize = 3;

/// Why the last hand-in can't be mended. The Fluent sentence is `correction-<code>`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// There is none on this device.
    #[error("there is no hand-in on this device to mend")]
    Nothing,
    /// It is older than [`WINDOW_MS`].
    #[error("the last hand-in is older than 15 minutes; write a note and report it")]
    TooLate,
    /// It was mended already, or is itself a correction.
    #[error("the last event on this device is a correction itself")]
    Mended,
    /// The verdict was to let them through: there is nothing to override.
    #[error("the last verdict was to let them through; there is nothing to override")]
    Accepted,
    /// No reason, or one that is too long.
    #[error("an override needs a reason of 3 to 200 characters")]
    Reason,
}

impl Refusal {
    /// The stable code.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Nothing => "nothing",
            Self::TooLate => "too-late",
            Self::Mended => "mended",
            Self::Accepted => "accepted",
            Self::Reason => "reason",
        }
    }
}

/// Who mends, and when.
#[derive(Clone, Debug)]
pub struct By<'a> {
    /// Who is on duty.
    pub soldier: &'a str,
    /// The device's clock.
    pub now: Timestamp,
    /// The monotonic clock, 0 where there is none.
    pub uptime_ms: u64,
    /// Makes the event's id unique.
    pub random: [u8; 10],
}

/// The last hand-in, where it may still be mended.
///
/// # Errors
/// A [`Refusal`], or when the store can't be read.
pub fn last(device: &Device, by: &By<'_>) -> anyhow::Result<HandIn> {
    let Some((slot, entry)) = device.queue.last()? else { return Err(Refusal::Nothing.into()) };
    let event: HandIn = decode(Frame::split(&entry.frame)?.message)?;
    if matches!(event.kind, Kind::Undo { .. } | Kind::Override { .. }) {
        return Err(Refusal::Mended.into());
    }
    // Within one start of the machine the monotonic clock tells the age, whatever somebody does to the other one.
    let same_boot =
        slot.epoch == device.queue.epoch()? && by.uptime_ms >= event.monotonic_ms && event.monotonic_ms > 0;
    let age_ms = if same_boot {
        i64::try_from(by.uptime_ms - event.monotonic_ms).unwrap_or(i64::MAX)
    } else {
        by.now.as_millisecond().saturating_sub(event.scanned_at_ms)
    };
    if age_ms > WINDOW_MS { Err(Refusal::TooLate.into()) } else { Ok(event) }
}

/// Takes the last hand-in back. When this returns, the undo is on disk.
///
/// # Errors
/// A [`Refusal`], or when it can't be written.
pub fn undo(device: &Device, by: &By<'_>) -> anyhow::Result<(HandIn, Slot)> {
    let event = last(device, by)?;
    let slot = mend(device, &event, Kind::Undo { of: event.id }, by)?;
    Ok((event, slot))
}

/// Lets the last one through against the verdict, for a reason in the soldier's words. When this returns, it is on disk.
///
/// # Errors
/// A [`Refusal`], or when it can't be written.
pub fn overrule(device: &Device, reason: &str, by: &By<'_>) -> anyhow::Result<(HandIn, Slot)> {
    let reason = reason.trim();
    if !(MIN_REASON..=MAX_REASON).contains(&reason.chars().count()) {
        return Err(Refusal::Reason.into());
    }
    let event = last(device, by)?;
    // Only a way in is refused: who was let out, or showed a paper, needs no override.
    if event.verdict == Verdict::Accept || !event.kind.hands_in() {
        return Err(Refusal::Accepted.into());
    }
    let kind = Kind::Override { of: event.id, reason: reason.to_owned() };
    let slot = mend(device, &event, kind, by)?;
    Ok((event, slot))
}

/// The new event has the permit, the people and the reasons of the one that it mends.
fn mend(device: &Device, event: &HandIn, kind: Kind, by: &By<'_>) -> anyhow::Result<Slot> {
    let judged = Judged {
        kind,
        presented: Presented::clone(&event.presented),
        permit: event.permit.clone(),
        present: event.present,
        soldier: by.soldier.to_owned(),
        verdict: event.verdict,
        reasons: event.reasons.clone(),
    };
    hand_in(device, judged, by.now, by.uptime_ms, by.random)
}

#[cfg(test)]
mod tests {
    use propusk_proto::{PresentedPermit, Reason};

    use super::*;
    use crate::device::fixtures::device;

    const NOW: i64 = 1_790_000_000_000;

    fn by(after_ms: i64) -> By<'static> {
        let now = Timestamp::from_millisecond(NOW + after_ms).unwrap();
        By { soldier: "41", now, uptime_ms: (5000 + after_ms).unsigned_abs(), random: [after_ms as u8; 10] }
    }

    fn permit() -> PresentedPermit {
        PresentedPermit { number: "7XK3M9QW2RTP5".to_owned(), version: Some(1), copy: Some(2) }
    }

    fn scanned(device: &Device, verdict: Verdict, reasons: Vec<Reason>) {
        let judged = Judged {
            kind: Kind::Entry,
            presented: Presented::TypedNumber,
            permit: Some(permit()),
            present: 0b11,
            soldier: "41".to_owned(),
            verdict,
            reasons,
        };
        hand_in(device, judged, by(0).now, by(0).uptime_ms, [9; 10]).unwrap();
    }

    fn refusal<T: std::fmt::Debug>(result: anyhow::Result<T>) -> Refusal {
        *result.unwrap_err().downcast_ref().unwrap()
    }

    #[test]
    fn an_undo_within_the_window_is_a_new_event_and_frees_the_copy() {
        let (_folder, device) = device();
        assert_eq!(refusal(undo(&device, &by(1))), Refusal::Nothing);
        scanned(&device, Verdict::Accept, vec![]);
        assert!(device.queue.handed_in(&permit()).unwrap());
        assert_eq!(refusal(undo(&device, &by(WINDOW_MS + 1))), Refusal::TooLate);
        let (of, _) = undo(&device, &by(WINDOW_MS)).unwrap();
        assert!(!device.queue.handed_in(&permit()).unwrap());
        let events: Vec<HandIn> = device.events();
        assert_eq!(events.len(), 2, "the hand-in stays");
        let undo_event = events.iter().find(|event| event.kind == Kind::Undo { of: of.id }).unwrap();
        assert_eq!((undo_event.present, &undo_event.permit), (0b11, &Some(permit())));
        assert_eq!(refusal(undo(&device, &by(2))), Refusal::Mended, "an undo is not undone");
    }

    #[test]
    fn a_copy_that_came_twice_stays_handed_in_when_the_second_is_undone() {
        let (_folder, device) = device();
        scanned(&device, Verdict::Accept, vec![]);
        scanned(&device, Verdict::Attention, vec![Reason::CopyAlreadyHandedIn]);
        undo(&device, &by(1)).unwrap();
        assert!(device.queue.handed_in(&permit()).unwrap());
    }

    #[test]
    fn a_clock_that_jumps_does_not_open_the_window_again() {
        let (_folder, device) = device();
        scanned(&device, Verdict::Accept, vec![]);
        let jumped = By { now: by(-86_400_000).now, ..by(WINDOW_MS + 1) };
        assert_eq!(refusal(undo(&device, &jumped)), Refusal::TooLate);
        let ahead = By { now: by(86_400_000).now, ..by(1000) };
        undo(&device, &ahead).unwrap();
    }

    #[test]
    fn an_override_needs_a_refusal_and_a_reason() {
        let (_folder, device) = device();
        scanned(&device, Verdict::Accept, vec![]);
        assert_eq!(refusal(overrule(&device, "guide known", &by(1))), Refusal::Accepted);
        scanned(&device, Verdict::Refuse, vec![Reason::Expired]);
        for reason in ["", "  x ", &"y".repeat(201)] {
            assert_eq!(refusal(overrule(&device, reason, &by(1))), Refusal::Reason);
        }
        let (of, _) = overrule(&device, " офицер разрешил ", &by(1)).unwrap();
        let kind = Kind::Override { of: of.id, reason: "офицер разрешил".to_owned() };
        assert!(device.events().iter().any(|event| event.kind == kind));
        assert!(device.queue.handed_in(&permit()).unwrap(), "its copy stays at the post");
    }
}
