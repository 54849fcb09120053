//! The permits of which a copy was handed in lately, as they are stored: looking for one by its number and reading it costs
//! a fifth of what there is to decide of a hand-in.

use std::collections::HashMap;
use std::sync::{Arc, PoisonError, RwLock};

use crate::values::StoredPermit;

/// So many permits are kept, some 20 MB.
const MOST: usize = 50_000;

/// By their numbers, as hand-ins have them.
pub(crate) type ByNumber = HashMap<String, Arc<StoredPermit>>;

/// Clones share the permits. The service changes it only while it has the turn, so whoever decides ahead and is not overtaken
/// has read what is stored.
#[derive(Clone, Default)]
pub(crate) struct PermitCache(Arc<RwLock<ByNumber>>);

impl PermitCache {
    pub(crate) fn of(&self, number: &str) -> Option<Arc<StoredPermit>> {
        self.0.read().unwrap_or_else(PoisonError::into_inner).get(number).cloned()
    }

    /// Remembers the only permits with these numbers, as they are stored now.
    pub(crate) fn remember(&self, found: ByNumber) {
        let mut permits = self.0.write().unwrap_or_else(PoisonError::into_inner);
        if permits.len() + found.len() > MOST {
            permits.clear();
        }
        permits.extend(found);
    }

    /// Permits have come or changed.
    pub(crate) fn forget(&self) {
        self.0.write().unwrap_or_else(PoisonError::into_inner).clear();
    }
}

#[cfg(test)]
#[path = "permit_cache_tests.rs"]
mod tests;
