//! The store's keys. One letter, then fixed-width parts in big-endian, so that scans are ordered.
//!
//! | prefix | rest | value |
//! |---|---|---|
//! | `e` | shard, index | the log: [`crate::values::Record`] |
//! | `h` | shard | the newest [`propusk_proto::Head`] |
//! | `d` | device, epoch, shard, sequence | [`crate::values::Seen`], to tell a repeat from a conflict |
//! | `p` | permit number, index | nothing: finds a permit's records |
//! | `t` | post, receive time, shard, index | nothing: finds a post's records |
//! | `q` | SHA-256 of subject and bytes | [`crate::values::Quarantined`] |
//! | `a` | alert id | [`propusk_proto::Alert`] |
//! | `o` | alert id | nothing: the alert is not yet published |
//! | `u` | permit number | [`crate::values::Unknown`]: no such permit is known yet |
//! | `w` | shard | nothing: a rewritten record was reported |
//! | `r` | device, event id | its index, once recorded: this event may come again under another number |
//! | `v` | device | [`crate::values::DeviceRecord`] |
//! | `x` | SHA-256 of a code | [`crate::values::EnrolmentCode`] |
//! | `s` | number tag, permit id | [`crate::values::StoredPermit`] |
//! | `g` | position | the `s` key of the permit that changed there |
//! | `i` | permit id | its `s` key |
//! | `j` | permit id | up to which number all its events are known |
//! | `l` | time | [`crate::values::Lost`]: commits that were on disk and were gone at a start |
//! | `m` | name | single values |

use propusk_proto::{DeviceId, NumberTag};
use sha2::{Digest, Sha256};
use uuid::Uuid;

/// Single values.
pub(crate) const SHARDS: &[u8] = b"mshards";
pub(crate) const GENERATION: &[u8] = b"mgeneration";
pub(crate) const MARK: &[u8] = b"mmark";
pub(crate) const POSITION: &[u8] = b"mposition";
pub(crate) const TRUST: &[u8] = b"mtrust";

/// The first days up to which permits have been made news of to devices.
pub(crate) const ANNOUNCED: &[u8] = b"mannounced";

/// There once the record has begun another life: notes of conflicts may be lost with the life before.
pub(crate) const RESTORED: &[u8] = b"mrestored";

/// There while the indexes are being made again.
pub(crate) const REBUILDING: &[u8] = b"mrebuilding";

/// What is made from the log and can be made again: the indexes by device, by permit and by post.
pub(crate) const PROJECTIONS: [&[u8]; 3] = [b"d", b"p", b"t"];

/// Losses that were found at a start.
pub(crate) const LOST: &[u8] = b"l";

pub(crate) fn lost(at_ms: i64) -> Vec<u8> {
    [LOST, &at_ms.to_be_bytes()].concat()
}

pub(crate) fn record(shard: u16, index: u64) -> Vec<u8> {
    [b"e".as_slice(), &shard.to_be_bytes(), &index.to_be_bytes()].concat()
}

pub(crate) fn head(shard: u16) -> Vec<u8> {
    [b"h".as_slice(), &shard.to_be_bytes()].concat()
}

pub(crate) fn seen(device: &DeviceId, epoch: u64, shard: u16, sequence: u64) -> Vec<u8> {
    let (epoch, shard, sequence) = (epoch.to_be_bytes(), shard.to_be_bytes(), sequence.to_be_bytes());
    [b"d".as_slice(), device.as_str().as_bytes(), b"\0", &epoch, &shard, &sequence].concat()
}

pub(crate) fn seen_of(device: &DeviceId) -> Vec<u8> {
    [b"d".as_slice(), device.as_str().as_bytes(), b"\0"].concat()
}

/// Device, epoch, shard and sequence of a `d` key.
pub(crate) fn parse_seen(key: &[u8]) -> Option<(DeviceId, u64, u16, u64)> {
    let end = key.iter().position(|byte| *byte == 0)?;
    let device = DeviceId::parse(std::str::from_utf8(key.get(1..end)?).ok()?).ok()?;
    let (epoch, rest) = key.get(end + 1..)?.split_first_chunk()?;
    let (shard, rest) = rest.split_first_chunk()?;
    let sequence = rest.try_into().ok()?;
    Some((device, u64::from_be_bytes(*epoch), u16::from_be_bytes(*shard), u64::from_be_bytes(sequence)))
}

pub(crate) fn of_permit(number: &str) -> Vec<u8> {
    [b"p".as_slice(), number.as_bytes(), b"\0"].concat()
}

pub(crate) fn of_permit_at(number: &str, index: u64) -> Vec<u8> {
    [of_permit(number).as_slice(), &index.to_be_bytes()].concat()
}

pub(crate) fn of_post(post: &str) -> Vec<u8> {
    [b"t".as_slice(), post.as_bytes(), b"\0"].concat()
}

pub(crate) fn of_post_at(post: &str, received_at_ms: i64, shard: u16, index: u64) -> Vec<u8> {
    let time = u64::try_from(received_at_ms).unwrap_or(0).to_be_bytes();
    [of_post(post).as_slice(), &time, &shard.to_be_bytes(), &index.to_be_bytes()].concat()
}

/// The last `N` bytes of a key as an integer's bytes.
pub(crate) fn tail<const N: usize>(key: &[u8]) -> Option<[u8; N]> {
    key.last_chunk::<N>().copied()
}

pub(crate) fn quarantined(subject: &str, bytes: &[u8]) -> Vec<u8> {
    let digest = Sha256::new().chain_update(subject).chain_update([0]).chain_update(bytes).finalize();
    [b"q".as_slice(), &digest].concat()
}

pub(crate) fn alert(id: Uuid) -> Vec<u8> {
    [b"a".as_slice(), id.as_bytes()].concat()
}

pub(crate) fn unpublished(id: Uuid) -> Vec<u8> {
    [b"o".as_slice(), id.as_bytes()].concat()
}

pub(crate) fn unknown(number: &str) -> Vec<u8> {
    [b"u".as_slice(), number.as_bytes()].concat()
}

pub(crate) fn rewritten(shard: u16) -> Vec<u8> {
    [b"w".as_slice(), &shard.to_be_bytes()].concat()
}

pub(crate) fn again(device: &DeviceId, id: Uuid) -> Vec<u8> {
    [b"r".as_slice(), device.as_str().as_bytes(), b"\0", id.as_bytes()].concat()
}

pub(crate) fn device(device: &DeviceId) -> Vec<u8> {
    [b"v".as_slice(), device.as_str().as_bytes()].concat()
}

pub(crate) fn code(sha256: &[u8; 32]) -> Vec<u8> {
    [b"x".as_slice(), sha256].concat()
}

pub(crate) fn permits_of(tag: NumberTag) -> Vec<u8> {
    [b"s".as_slice(), &tag.0].concat()
}

pub(crate) fn permit(tag: NumberTag, id: Uuid) -> Vec<u8> {
    [permits_of(tag).as_slice(), id.as_bytes()].concat()
}

pub(crate) fn change(position: u64) -> Vec<u8> {
    [b"g".as_slice(), &position.to_be_bytes()].concat()
}

pub(crate) fn events_of(id: Uuid) -> Vec<u8> {
    [b"j".as_slice(), id.as_bytes()].concat()
}

pub(crate) fn permit_by_id(id: Uuid) -> Vec<u8> {
    [b"i".as_slice(), id.as_bytes()].concat()
}
