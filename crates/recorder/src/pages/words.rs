//! What the board calls things: moments, zones, posts, alerts, in the reader's language.

pub(super) use propusk_boot::clock::day_and_time as moment;
use propusk_boot::clock::shown;
use propusk_boot::pages::Frame;
use propusk_proto::Alert;
use propusk_region::Region;

use crate::questions::printed;

/// A moment without its day.
pub(super) fn clock_time(at_ms: i64) -> String {
    shown(at_ms, "%H:%M:%S")
}

/// How long something took, in the largest unit of which there is at least one.
pub(super) fn span(frame: &Frame, ms: i64) -> String {
    let seconds = usize::try_from(ms / 1000).unwrap_or_default();
    match seconds {
        0..=119 => frame.count("board-seconds", seconds),
        120..=7199 => frame.count("board-minutes", seconds / 60),
        7200..=172_799 => frame.count("board-hours", seconds / 3600),
        _ => frame.count("board-days", seconds / 86400),
    }
}

/// A zone's name; its id where the region does not know it any more.
pub(super) fn zone(region: &Region, id: &str, frame: &Frame) -> String {
    let named = region.zone(id).map(|zone| zone.name.get(frame.language.code()).to_owned());
    named.unwrap_or_else(|_| id.to_owned())
}

/// A post's name; its id where the region does not know it.
pub(super) fn post(region: &Region, id: &str, frame: &Frame) -> String {
    let named = region.post(id).map(|post| post.name.get(frame.language.code()).to_owned());
    named.unwrap_or_else(|_| id.to_owned())
}

/// An alert in a sentence.
pub(super) fn alert(region: &Region, alert: &Alert, frame: &Frame) -> String {
    let permit = alert.permit.as_deref().map(printed).unwrap_or_default();
    let copy = alert.copy.map(|copy| copy.to_string()).unwrap_or_default();
    let device = alert.device.as_ref().map(ToString::to_string).unwrap_or_default();
    let args =
        [("permit", permit), ("copy", copy), ("device", device), ("post", post(region, &alert.post, frame))];
    frame.tell(&format!("alert-{}", alert.kind.as_str()), &args)
}
