//! The keys of devices that have handed in, ready to verify with.

use std::collections::HashMap;
use std::sync::{Arc, PoisonError, RwLock};

use propusk_courier::UserKey;
use propusk_proto::DeviceId;

/// Clones share the keys. It grows with the enrolled devices, and is asked while the store is busy with a sync.
#[derive(Clone, Default)]
pub(crate) struct DeviceKeys(Arc<RwLock<HashMap<DeviceId, UserKey>>>);

impl DeviceKeys {
    pub(crate) fn of(&self, device: &DeviceId) -> Option<UserKey> {
        self.0.read().unwrap_or_else(PoisonError::into_inner).get(device).cloned()
    }

    pub(crate) fn remember(&self, device: &DeviceId, key: &UserKey) {
        let mut keys = self.0.write().unwrap_or_else(PoisonError::into_inner);
        keys.insert(device.clone(), key.clone());
    }
}
