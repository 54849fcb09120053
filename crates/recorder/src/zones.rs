//! Which zone a post lies in.

use std::collections::BTreeMap;
use std::sync::Arc;

use propusk_region::Region;
use sha2::{Digest, Sha256};

/// The zone of every post, by their ids. Clones share the table.
#[derive(Clone, Debug, Default)]
pub struct Zones(Arc<BTreeMap<String, Zone>>);

#[derive(Debug)]
struct Zone {
    id: String,
    /// Its bit, as in SEAL.md, feature 05.
    mask: u32,
}

impl Zones {
    /// A table of (post, zone, the zone's bitmask as in SEAL.md, feature 05).
    pub fn new(posts: impl IntoIterator<Item = (String, String, u32)>) -> Self {
        let row = |(post, id, mask)| (post, Zone { id, mask });
        Self(Arc::new(posts.into_iter().map(row).collect()))
    }

    /// The table of a region.
    #[must_use]
    pub fn of(region: &Region) -> Self {
        let posts = region.checkpoints().iter();
        Self::new(posts.filter_map(|post| {
            let zone = region.zone(post.zone.as_str()).ok()?;
            Some((post.id.to_string(), zone.id.to_string(), 1_u32.checked_shl(zone.bit.into())?))
        }))
    }

    /// The id of the zone in which a post lies.
    pub(crate) fn of_post(&self, post: &str) -> Option<&str> {
        self.0.get(post).map(|zone| zone.id.as_str())
    }

    /// The bitmask of the zone in which a post lies.
    pub(crate) fn mask_of_post(&self, post: &str) -> Option<u32> {
        self.0.get(post).map(|zone| zone.mask)
    }

    /// Changes when any post lies in another zone, and when the list that is made with it is written in another way.
    pub(crate) fn digest(&self) -> [u8; 32] {
        let add = |digest: Sha256, (post, zone): (&String, &Zone)| {
            digest.chain_update(post).chain_update([0]).chain_update(&zone.id).chain_update([0])
        };
        self.0.iter().fold(Sha256::new_with_prefix("rows of several permits"), add).finalize().into()
    }
}
