//! What the last audit found, kept for whoever looks later.

use propusk_store::Store;
use serde::{Deserialize, Serialize};

use super::{Audit, Missing, stored_heads};
use crate::keys;
use crate::values::{read, write};

/// An audit in figures.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct LastAudit {
    pub at_ms: i64,
    pub records: u64,
    /// How many things are broken.
    pub broken: u64,
    /// How many numbers of devices have not arrived.
    pub missing: u64,
}

impl LastAudit {
    pub(crate) fn is_whole(&self) -> bool {
        self.broken == 0 && self.missing == 0
    }
}

/// Keeps what an audit found, in place of the one before.
pub(crate) fn keep(store: &Store, audit: &Audit, at_ms: i64) -> anyhow::Result<()> {
    let count = |gap: &Missing| gap.last.saturating_sub(gap.first).saturating_add(1);
    let missing = audit.missing.iter().map(count).fold(0, u64::saturating_add);
    let last = LastAudit { at_ms, records: audit.records, broken: audit.broken.len() as u64, missing };
    let mut draft = store.begin();
    write(&mut draft, keys::LAST_AUDIT.to_vec(), &last)?;
    Ok(store.commit(draft)?)
}

/// The last one, where there was any.
pub(crate) fn load(store: &Store) -> anyhow::Result<Option<LastAudit>> {
    read(store, keys::LAST_AUDIT)
}

/// The newest record of every shard that has any: index and chain hash in hex.
pub(crate) fn heads(store: &Store) -> anyhow::Result<Vec<(u16, u64, String)>> {
    let heads = stored_heads(store)?.into_values();
    Ok(heads.map(|head| (head.shard, head.index, data_encoding::HEXLOWER.encode(&head.hash))).collect())
}
