//! The subjects (DESIGN.md §5). Every token is checked by [`crate::device::check_token`] before it gets here.

use uuid::Uuid;

use crate::alert::AlertKind;
use crate::device::DeviceId;

/// The newest trust list, root-signed.
pub const TRUST_SIGNERS: &str = "trust.signers";
/// Where the recorder listens for devices that ask what is new.
pub const SYNC_ALL: &str = "sync.*";
/// Where desks listen for readers that miss something.
pub const AGAIN_ALL: &str = "again.*";

/// `permit.<permit-id>.<event>`.
#[must_use]
pub fn permit(id: Uuid, event: &str) -> String {
    format!("permit.{id}.{event}")
}

/// `handin.<shard>.<post>.<device>`.
#[must_use]
pub fn hand_in(shard: u16, post: &str, device: &DeviceId) -> String {
    format!("handin.{shard}.{post}.{device}")
}

/// The parts of a `handin.<shard>.<post>.<device>` subject.
#[must_use]
pub fn parse_hand_in(subject: &str) -> Option<(u16, &str, DeviceId)> {
    let mut tokens = subject.split('.');
    if tokens.next() != Some("handin") {
        return None;
    }
    let shard = tokens.next()?.parse().ok()?;
    let post = tokens.next()?;
    let device = DeviceId::parse(tokens.next()?).ok()?;
    tokens.next().is_none().then_some((shard, post, device))
}

/// `receipt.<device>`.
#[must_use]
pub fn receipt(device: &DeviceId) -> String {
    format!("receipt.{device}")
}

/// `sync.<device>`: request and reply, no stream.
#[must_use]
pub fn sync(device: &DeviceId) -> String {
    format!("sync.{device}")
}

/// `again.<permit-id>`: whoever misses an event of this permit asks its desk to publish them all again. No stream.
#[must_use]
pub fn again(id: Uuid) -> String {
    format!("again.{id}")
}

/// The permit of an `again.<permit-id>` subject.
#[must_use]
pub fn parse_again(subject: &str) -> Option<Uuid> {
    subject.strip_prefix("again.")?.parse().ok()
}

/// `alert.<kind>.<post>`.
#[must_use]
pub fn alert(kind: AlertKind, post: &str) -> String {
    format!("alert.{}.{post}", kind.as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hand_in_subjects_read_back() {
        let device = DeviceId::of_public_key("UABC");
        let subject = hand_in(17, "echkili-tash", &device);
        assert_eq!(parse_hand_in(&subject), Some((17, "echkili-tash", device)));
        for wrong in
            ["handin.x.karasay.abc", "handin.1.karasay", "handin.1.karasay.abc.def", "receipt.abc", ""]
        {
            assert_eq!(parse_hand_in(wrong), None, "{wrong}");
        }
    }
}
