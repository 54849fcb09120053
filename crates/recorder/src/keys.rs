//! The store's keys. One letter, then fixed-width parts in big-endian, so that scans are ordered.
//!
//! Keys are what the engine charges for (a leaf of sled's tree holds 16 of them, whatever they weigh), so whatever
//! grows with the hand-ins is gathered into rows of several: a block of the log, a stretch of a device's numbers, a
//! permit's whole story.
//!
//! | prefix | rest | value |
//! |---|---|---|
//! | `b` | shard, block | the log: up to [`crate::log::BLOCK_RECORDS`] [`crate::values::Record`]s |
//! | `h` | shard | the newest [`propusk_proto::Head`] |
//! | `n` | device, epoch, 32 shards, eight sequences | [`crate::numbers::Stretch`]: under which number which record came |
//! | `y` | device, epoch, shard, sequence | [`crate::values::Alias`]: a number under which a recorded hand-in came again |
//! | `f` | shard, number tag, permit number, first index but in the first row | the permit's [`crate::story::Fact`]s |
//! | `k` | post, row | places of the records of a post, in the order in which they were recorded |
//! | `H` | post, hour since 1970 | how many hand-ins were scanned there in that hour |
//! | `z` | zone, first permit number but in the first row | up to 32 permits, each with its [`crate::inside::Presence`]: somebody is inside |
//! | `q` | SHA-256 of subject and bytes | [`crate::values::Quarantined`] |
//! | `a` | alert id | [`crate::values::StoredAlert`] |
//! | `A` | permit number, alert id | nothing: the alert is about this permit |
//! | `c` | kind of alert, SHA-256 of what it is about | the id of the alert, which is raised once |
//! | `o` | alert id | nothing: the alert is not yet published |
//! | `u` | permit number | [`crate::values::Waiting`]: its story has to be looked at again |
//! | `w` | device, epoch, shard, sequence | [`crate::values::Gap`]: this number is missing |
//! | `r` | device, event id | its index, once recorded: this event may come again under another number |
//! | `v` | device | [`crate::values::DeviceRecord`] |
//! | `x` | SHA-256 of a code | [`crate::values::EnrolmentCode`] |
//! | `s` | number tag, permit id | [`crate::values::StoredPermit`] |
//! | `g` | position | the `s` key of the permit that changed there |
//! | `i` | permit id | its `s` key |
//! | `j` | permit id | up to which number all its events are known |
//! | `l` | time | [`crate::values::Lost`]: commits that were on disk and were gone at a start |
//! | `D` | device | [`crate::seen::Seen`]: what is known of it from what it sent |
//! | `m` | name | single values |
//!
//! `e`, `d`, `p` and `t` were the first layout's; a record that has them is refused (`generation.rs`).

use propusk_proto::{AlertKind, DeviceId, NumberTag};
use sha2::{Digest, Sha256};
use uuid::Uuid;

use crate::numbers::Number;

/// Single values.
pub(crate) const SHARDS: &[u8] = b"mshards";
pub(crate) const GENERATION: &[u8] = b"mgeneration";
pub(crate) const MARK: &[u8] = b"mmark";
pub(crate) const POSITION: &[u8] = b"mposition";
pub(crate) const TRUST: &[u8] = b"mtrust";

/// The first days up to which permits have been made news of to devices.
pub(crate) const ANNOUNCED: &[u8] = b"mannounced";

/// Which of the layouts these keys are, a number; missing in the first.
pub(crate) const LAYOUT: &[u8] = b"mlayout";

/// Digest of the table of zones that the list of who is inside was made with.
pub(crate) const ZONES: &[u8] = b"mzones";

/// There once hand-ins are counted by hour.
pub(crate) const HOURS_MADE: &[u8] = b"mhours";

/// What the last audit found.
pub(crate) const LAST_AUDIT: &[u8] = b"maudit";

/// There once the record has begun another life: notes of conflicts may be lost with the life before.
pub(crate) const RESTORED: &[u8] = b"mrestored";

/// There while the indexes are being made again.
pub(crate) const REBUILDING: &[u8] = b"mrebuilding";

/// The log.
pub(crate) const LOG: &[u8] = b"b";
/// What is made from the log and can be made again: the indexes by device, by permit, by post, hand-ins by hour, and who is
/// inside a zone.
pub(crate) const NUMBERS: &[u8] = b"n";
pub(crate) const STORIES: &[u8] = b"f";
pub(crate) const POSTS: &[u8] = b"k";
pub(crate) const HOURS: &[u8] = b"H";
pub(crate) const INSIDE: &[u8] = b"z";

/// Losses that were found at a start.
pub(crate) const LOST: &[u8] = b"l";

pub(crate) fn lost(at_ms: i64) -> Vec<u8> {
    [LOST, &at_ms.to_be_bytes()].concat()
}

pub(crate) fn log_of(shard: u16) -> Vec<u8> {
    [LOG, &shard.to_be_bytes()].concat()
}

pub(crate) fn block(shard: u16, block: u64) -> Vec<u8> {
    [LOG, &shard.to_be_bytes(), &block.to_be_bytes()].concat()
}

/// Shard and block of a `b` key.
pub(crate) fn parse_block(key: &[u8]) -> Option<(u16, u64)> {
    let (shard, block) = key.strip_prefix(LOG)?.split_first_chunk()?;
    Some((u16::from_be_bytes(*shard), u64::from_be_bytes(block.try_into().ok()?)))
}

pub(crate) fn head(shard: u16) -> Vec<u8> {
    [b"h".as_slice(), &shard.to_be_bytes()].concat()
}

pub(crate) fn numbers_of(device: &DeviceId) -> Vec<u8> {
    [NUMBERS, device.as_str().as_bytes(), b"\0"].concat()
}

pub(crate) fn stretch(device: &DeviceId, epoch: u64, shards: u16, sequences: u64) -> Vec<u8> {
    let (epoch, shards, sequences) = (epoch.to_be_bytes(), shards.to_be_bytes(), sequences.to_be_bytes());
    [NUMBERS, device.as_str().as_bytes(), b"\0", &epoch, &shards, &sequences].concat()
}

/// Device, epoch, group of shards and group of sequences of an `n` key.
pub(crate) fn parse_stretch(key: &[u8]) -> Option<(DeviceId, u64, u16, u64)> {
    parse_number(key.strip_prefix(NUMBERS)?)
}

/// Numbers under which recorded hand-ins came again. The log does not have them, so no rebuild may remove these rows.
pub(crate) const ALIASES: &[u8] = b"y";

pub(crate) fn alias(number: &Number) -> Vec<u8> {
    number_under(ALIASES, number)
}

/// The number of a `y` key.
pub(crate) fn parse_alias(key: &[u8]) -> Option<Number> {
    number_of(key.strip_prefix(ALIASES)?)
}

fn number_under(prefix: &[u8], number: &Number) -> Vec<u8> {
    let Number { device, epoch, shard, sequence } = number;
    let (epoch, shard, sequence) = (epoch.to_be_bytes(), shard.to_be_bytes(), sequence.to_be_bytes());
    [prefix, device.as_str().as_bytes(), b"\0", &epoch, &shard, &sequence].concat()
}

fn number_of(rest: &[u8]) -> Option<Number> {
    let (device, epoch, shard, sequence) = parse_number(rest)?;
    Some(Number { device, epoch, shard, sequence })
}

/// A device, and three integers of 8, 2 and 8 bytes.
fn parse_number(rest: &[u8]) -> Option<(DeviceId, u64, u16, u64)> {
    let end = rest.iter().position(|byte| *byte == 0)?;
    let device = DeviceId::parse(std::str::from_utf8(rest.get(..end)?).ok()?).ok()?;
    let (first, rest) = rest.get(end + 1..)?.split_first_chunk()?;
    let (second, rest) = rest.split_first_chunk()?;
    let third = rest.try_into().ok()?;
    Some((device, u64::from_be_bytes(*first), u16::from_be_bytes(*second), u64::from_be_bytes(third)))
}

pub(crate) fn stories_of(shard: u16) -> Vec<u8> {
    [STORIES, &shard.to_be_bytes()].concat()
}

/// The first row of a permit's story, and the prefix of the others.
pub(crate) fn story(shard: u16, number: &str) -> Vec<u8> {
    let tag = NumberTag::of_compact(number);
    [stories_of_tag(shard, tag).as_slice(), number.as_bytes(), b"\0"].concat()
}

/// The permits of a shard whose numbers have this tag: one, hardly ever more.
pub(crate) fn stories_of_tag(shard: u16, tag: NumberTag) -> Vec<u8> {
    [STORIES, &shard.to_be_bytes(), &tag.0].concat()
}

/// A later row, which begins with the record `index`.
pub(crate) fn story_from(story: &[u8], index: u64) -> Vec<u8> {
    [story, &index.to_be_bytes()].concat()
}

/// The permit number of an `f` key.
pub(crate) fn parse_story(key: &[u8]) -> Option<&str> {
    let rest = key.get(STORIES.len() + 2 + NumberTag::BYTES..)?;
    let end = rest.iter().position(|byte| *byte == 0)?;
    std::str::from_utf8(rest.get(..end)?).ok()
}

pub(crate) fn of_post(post: &str) -> Vec<u8> {
    [POSTS, post.as_bytes(), b"\0"].concat()
}

pub(crate) fn of_post_row(post: &str, row: u32) -> Vec<u8> {
    [of_post(post).as_slice(), &row.to_be_bytes()].concat()
}

/// The post of a `k` key.
pub(crate) fn parse_post(key: &[u8]) -> Option<&str> {
    let rest = key.strip_prefix(POSTS)?;
    let end = rest.iter().position(|byte| *byte == 0)?;
    std::str::from_utf8(rest.get(..end)?).ok()
}

pub(crate) fn hours_of(post: &str) -> Vec<u8> {
    [HOURS, post.as_bytes(), b"\0"].concat()
}

pub(crate) fn hour(post: &str, hour: u32) -> Vec<u8> {
    [hours_of(post).as_slice(), &hour.to_be_bytes()].concat()
}

pub(crate) fn inside_zone(zone: &str) -> Vec<u8> {
    [INSIDE, zone.as_bytes(), b"\0"].concat()
}

pub(crate) fn inside(zone: &str, number: &str) -> Vec<u8> {
    [inside_zone(zone).as_slice(), number.as_bytes()].concat()
}

/// Zone of a `z` key, and the number from which on it holds permits.
pub(crate) fn parse_inside(key: &[u8]) -> Option<(&str, &str)> {
    std::str::from_utf8(key.strip_prefix(INSIDE)?).ok()?.split_once('\0')
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

pub(crate) fn alerts_of(number: &str) -> Vec<u8> {
    [b"A".as_slice(), number.as_bytes(), b"\0"].concat()
}

pub(crate) fn alert_of(number: &str, id: Uuid) -> Vec<u8> {
    [alerts_of(number).as_slice(), id.as_bytes()].concat()
}

pub(crate) fn raised(kind: AlertKind, about: &[u8]) -> Vec<u8> {
    [b"c".as_slice(), kind.as_str().as_bytes(), b"\0", &Sha256::digest(about)].concat()
}

/// Permits whose stories have to be looked at again.
pub(crate) const WAITING: &[u8] = b"u";

pub(crate) fn waiting(number: &str) -> Vec<u8> {
    [WAITING, number.as_bytes()].concat()
}

/// Numbers that are missing.
pub(crate) const GAPS: &[u8] = b"w";

pub(crate) fn gap(number: &Number) -> Vec<u8> {
    number_under(GAPS, number)
}

/// The number of a `w` key.
pub(crate) fn parse_gap(key: &[u8]) -> Option<Number> {
    number_of(key.strip_prefix(GAPS)?)
}

pub(crate) const AGAIN: &[u8] = b"r";

pub(crate) fn again(device: &DeviceId, id: Uuid) -> Vec<u8> {
    [AGAIN, device.as_str().as_bytes(), b"\0", id.as_bytes()].concat()
}

pub(crate) const SEEN: &[u8] = b"D";

pub(crate) fn seen(device: &DeviceId) -> Vec<u8> {
    [SEEN, device.as_str().as_bytes()].concat()
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
