//! Room on the broker's volume. On a full disk nats-server acks what it can't keep, until it hangs, deaf to everything but
//! SIGKILL (NATS.md); started again it would do so again. So it is stopped before, and stays down until there is room.
//! Nothing is lost: handhelds and desks keep what the broker did not take, and what it had on disk is there.

use std::time::Duration;

use rustix::fs::statvfs;
use tokio::time::sleep;

use super::House;
use crate::events::Event;

/// With less than this free, in bytes, the broker is stopped.
const SHORT: u64 = 4 * 1024 * 1024;
/// With so much free, in bytes, it is started again.
const ENOUGH: u64 = 2 * SHORT;
/// How often it is looked whether there is room again.
const LOOK: Duration = Duration::from_secs(1);

/// Bytes that may still be written where the private broker keeps its streams.
fn free(house: &House) -> Option<u64> {
    let facts = statvfs(house.layout.jetstream()).ok()?;
    Some(facts.f_bavail.saturating_mul(facts.f_frsize))
}

/// Whether the private broker's volume is full, or nearly.
pub(super) fn is_short(house: &House) -> bool {
    house.nats.is_some() && free(house).is_some_and(|free| free < SHORT)
}

/// Keeps the private broker down until its volume has room.
pub(super) async fn wait(house: &House) {
    let folder = house.layout.jetstream();
    house.reporter.tell(&Event::DiskFull { child: "nats", folder: folder.clone() });
    house.hold_broker().await;
    // A volume that can't be looked at any more does not hold anything up.
    while free(house).is_some_and(|free| free < ENOUGH) {
        sleep(LOOK).await;
    }
    house.reporter.tell(&Event::DiskHasRoom { child: "nats", folder });
    house.release_broker();
}
