//! Under which key the permit with a number lies, for numbers that were handed in before: a row is got for a fraction of
//! what looking for the only one of its tag costs.

use std::collections::HashMap;
use std::sync::{Arc, PoisonError, RwLock};

use propusk_proto::NumberTag;

/// So many keys are kept, some 10 MB.
const MOST: usize = 100_000;

/// Clones share the keys. It says only where to look: what lies there is read. It changes only while its ledger has the turn.
#[derive(Clone, Default)]
pub(crate) struct PermitKeys(Arc<RwLock<HashMap<NumberTag, Vec<u8>>>>);

impl PermitKeys {
    pub(crate) fn of(&self, tag: NumberTag) -> Option<Vec<u8>> {
        self.0.read().unwrap_or_else(PoisonError::into_inner).get(&tag).cloned()
    }

    /// Remembers keys under which the only permits of their tags were found.
    pub(crate) fn remember(&self, found: Vec<(NumberTag, Vec<u8>)>) {
        let mut keys = self.0.write().unwrap_or_else(PoisonError::into_inner);
        if keys.len() + found.len() > MOST {
            keys.clear();
        }
        keys.extend(found);
    }

    /// A permit has come, perhaps a second one of some tag.
    pub(crate) fn forget(&self) {
        self.0.write().unwrap_or_else(PoisonError::into_inner).clear();
    }
}
