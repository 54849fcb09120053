//! Backups, restores, and a second device with the same identity.

use std::collections::BTreeSet;

use uuid::Uuid;

use super::World;
use crate::check::read_device;
use crate::operation::HANDHELDS;

impl World {
    pub(super) fn copy_device(&mut self, of: u8) {
        let Some(original) = self.handhelds.get(usize::from(of) - 1) else { return };
        if self.handhelds.len() == usize::from(HANDHELDS) {
            self.marks += 1;
            let copy = original.copied(&self.recorder, self.marks);
            self.handhelds.push(copy);
        }
    }

    pub(super) fn backup(&mut self, on: u8) {
        match self.handhelds.get_mut(usize::from(on).wrapping_sub(1)) {
            Some(handheld) => handheld.backup = Some(handheld.disk.durable()),
            None if on == 0 => self.recorder.backup = Some(self.recorder.disk.durable()),
            None => {}
        }
    }

    pub(super) fn restore(&mut self, on: u8) {
        if on == 0 {
            return self.restore_recorder();
        }
        let Some(handheld) = self.handhelds.get_mut(usize::from(on) - 1) else { return };
        let Some(rows) = handheld.backup.clone() else { return };
        self.marks += 1;
        handheld.mark = self.marks;
        handheld.running = None;
        // What the backup does not have is gone with the old device, unless it was recorded.
        let kept: BTreeSet<Uuid> =
            read_device(&rows).unwrap_or_default().into_iter().map(|held| held.id).collect();
        handheld.shown.retain(|id, _| kept.contains(id));
        handheld.disk.replace(rows);
        handheld.disk.mend();
    }

    pub(super) fn restore_recorder(&mut self) {
        let Some(rows) = self.recorder.backup.clone() else { return };
        self.recorder.running = None;
        self.marks += 1;
        self.recorder.mark = self.marks;
        self.recorder.disk.replace(rows);
        self.recorder.disk.mend();
        // A receipt lives for seconds on its way; no restore is as quick.
        self.broker.mail.clear();
        let before = std::mem::take(&mut self.log.ids);
        self.lost.extend(before.into_keys());
        self.log_version = u64::MAX;
        self.rewritten.clear();
    }
}
