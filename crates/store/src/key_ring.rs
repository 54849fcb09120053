//! Small secrets that can be destroyed: a key ring beside the stores.
//!
//! sled writes every value anew and leaves the old bytes in its log for as long as it likes, and a backup keeps
//! what it has seen. Neither can forget. So a key whose loss is to erase what it has encrypted lies here: one file of
//! slots of [`SLOT_BYTES`], each written in place, and destroyed by writing over it and syncing. A slot never crosses
//! a disk sector, so a power cut leaves the old one or the new one.
//!
//! Writing over a file reaches the old bytes on file systems that write in place (ext4, xfs), and not in snapshots,
//! on copy-on-write file systems, or in a copy that somebody made: the runbook says what to keep from a key ring.
//!
//! The file: the 16 bytes `propusk-keys-01\n` and zeros up to the length of a slot; then slots of 16 bytes id, one
//! byte state (1 kept, 2 destroyed), one byte length, the secret and zeros, and the first 16 bytes of the SHA-256 of
//! everything before them in the slot.

use std::collections::HashMap;
use std::fs::{DirBuilder, File, OpenOptions};
use std::io;
use std::os::unix::fs::{DirBuilderExt as _, FileExt as _, OpenOptionsExt as _};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};

use sha2::{Digest as _, Sha256};

use crate::StoreError;
use crate::disk::sync_dir;

/// The bytes of one slot; a divisor of every disk's sector.
const SLOT_BYTES: usize = 128;
/// The longest secret.
pub const MAX_SECRET_BYTES: usize = CHECK_AT - SECRET_AT;

const MAGIC: &[u8; 16] = b"propusk-keys-01\n";
const STATE_AT: usize = 16;
const SECRET_AT: usize = 18;
const CHECK_AT: usize = SLOT_BYTES - 16;
const KEPT: u8 = 1;
const DESTROYED: u8 = 2;

/// Whose secret it is.
pub type KeyId = [u8; 16];

/// What a key ring has of an id.
#[derive(Clone, PartialEq, Eq)]
pub enum Secret {
    /// The secret.
    Kept(Vec<u8>),
    /// There was one, and it was destroyed.
    Destroyed,
    /// There never was one, or the file was replaced by an older one.
    Unknown,
}

/// Secrets by id, on disk. One process at a time: whoever opens it holds the store that its secrets belong to.
pub struct KeyRing {
    path: PathBuf,
    slots: Mutex<Slots>,
}

struct Slots {
    file: File,
    places: HashMap<KeyId, u64>,
    /// Where the next slot goes.
    end: u64,
    poisoned: Option<String>,
}

impl KeyRing {
    /// Opens the file, which is made (mode 0600, its folder 0700) if it isn't there.
    ///
    /// # Errors
    /// [`StoreError::File`]; [`StoreError::DamagedKeys`] for a file that is no key ring or has a broken slot.
    pub fn open(path: &Path) -> Result<Self, StoreError> {
        let folder = path.parent().unwrap_or(Path::new("."));
        DirBuilder::new()
            .recursive(true)
            .mode(0o700)
            .create(folder)
            .map_err(StoreError::file("create the folder", folder))?;
        let mut options = OpenOptions::new();
        options.read(true).write(true).create(true).truncate(false).mode(0o600);
        let file = options.open(path).map_err(StoreError::file("open", path))?;
        let length = file.metadata().map_err(StoreError::file("look at", path))?.len();
        if length < SLOT_BYTES as u64 {
            let mut head = [0; SLOT_BYTES];
            head[..MAGIC.len()].copy_from_slice(MAGIC);
            let made = file.write_all_at(&head, 0).and_then(|()| file.sync_all());
            made.map_err(StoreError::file("begin", path))?;
            sync_dir(folder)?;
        }
        let (places, end) = read_slots(&file, path)?;
        let slots = Slots { file, places, end, poisoned: None };
        Ok(Self { path: path.to_owned(), slots: Mutex::new(slots) })
    }

    /// What there is of an id.
    ///
    /// # Errors
    /// [`StoreError::File`], [`StoreError::DamagedKeys`].
    pub fn get(&self, id: &KeyId) -> Result<Secret, StoreError> {
        let slots = self.slots();
        let Some(place) = slots.places.get(id) else { return Ok(Secret::Unknown) };
        let slot = self.read(&slots.file, *place)?;
        Ok(match slot[STATE_AT] {
            KEPT => Secret::Kept(slot[SECRET_AT..SECRET_AT + usize::from(slot[STATE_AT + 1])].to_vec()),
            _ => Secret::Destroyed,
        })
    }

    /// Keeps these secrets, each in place of an older one of its id, with one sync. A destroyed one stays destroyed.
    ///
    /// # Errors
    /// [`StoreError::ValueSize`] for a secret longer than [`MAX_SECRET_BYTES`], before anything is written;
    /// [`StoreError::File`] when they may not be on disk, and [`StoreError::Poisoned`] ever after.
    pub fn keep<'a>(&self, secrets: impl IntoIterator<Item = (KeyId, &'a [u8])>) -> Result<(), StoreError> {
        let secrets: Vec<_> = secrets.into_iter().collect();
        if let Some((_, long)) = secrets.iter().find(|(_, secret)| secret.len() > MAX_SECRET_BYTES) {
            return Err(StoreError::ValueSize { bytes: long.len(), limit: MAX_SECRET_BYTES });
        }
        self.change(|ring, slots| {
            for (id, secret) in &secrets {
                let place = slots.places.get(id).copied().unwrap_or(slots.end);
                if place < slots.end && ring.read(&slots.file, place)?[STATE_AT] == DESTROYED {
                    continue;
                }
                ring.write(slots, place, &slot(id, KEPT, secret))?;
            }
            Ok(())
        })
    }

    /// Destroys the secrets of these ids: their bytes are written over, and that is synced. An id without a secret is
    /// destroyed all the same, so that none ever comes.
    ///
    /// # Errors
    /// As [`KeyRing::keep`].
    pub fn destroy(&self, ids: &[KeyId]) -> Result<(), StoreError> {
        self.change(|ring, slots| {
            for id in ids {
                let place = slots.places.get(id).copied().unwrap_or(slots.end);
                ring.write(slots, place, &slot(id, DESTROYED, &[]))?;
            }
            Ok(())
        })
    }

    fn change(
        &self,
        write: impl FnOnce(&Self, &mut Slots) -> Result<(), StoreError>,
    ) -> Result<(), StoreError> {
        let mut slots = self.slots();
        if let Some(why) = &slots.poisoned {
            return Err(StoreError::Poisoned { dir: self.path.clone(), why: why.clone() });
        }
        let done = write(self, &mut slots)
            .and_then(|()| slots.file.sync_data().map_err(StoreError::file("sync", &self.path)));
        if let Err(error) = &done {
            slots.poisoned = Some(error.to_string());
        }
        done
    }

    fn write(&self, slots: &mut Slots, place: u64, slot: &[u8; SLOT_BYTES]) -> Result<(), StoreError> {
        slots.file.write_all_at(slot, place).map_err(StoreError::file("write", &self.path))?;
        if let Some(id) = slot.first_chunk() {
            slots.places.insert(*id, place);
        }
        slots.end = slots.end.max(place + SLOT_BYTES as u64);
        Ok(())
    }

    fn read(&self, file: &File, place: u64) -> Result<[u8; SLOT_BYTES], StoreError> {
        let mut slot = [0; SLOT_BYTES];
        file.read_exact_at(&mut slot, place).map_err(StoreError::file("read", &self.path))?;
        if is_whole(&slot) { Ok(slot) } else { Err(damaged(&self.path, place)) }
    }

    fn slots(&self) -> MutexGuard<'_, Slots> {
        self.slots.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl std::fmt::Debug for KeyRing {
    /// Shows where it lies and nothing of what it holds.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("KeyRing").field("path", &self.path).finish_non_exhaustive()
    }
}

/// Where each id's slot is, and where the next one goes. A last slot that a power cut left unfinished was never
/// promised to anybody, and is written over.
fn read_slots(file: &File, path: &Path) -> Result<(HashMap<KeyId, u64>, u64), StoreError> {
    let mut bytes = Vec::new();
    io::copy(&mut &*file, &mut bytes).map_err(StoreError::file("read", path))?;
    if !bytes.starts_with(MAGIC) {
        return Err(damaged(path, 0));
    }
    let mut places = HashMap::new();
    let mut end = SLOT_BYTES as u64;
    let whole = bytes.chunks_exact(SLOT_BYTES).skip(1);
    let count = whole.len();
    for (number, slot) in whole.enumerate() {
        let slot = slot.first_chunk::<SLOT_BYTES>().copied().unwrap_or([0; SLOT_BYTES]);
        if is_whole(&slot) {
            places.insert(slot.first_chunk().copied().unwrap_or_default(), end);
        } else if number + 1 == count {
            break;
        } else {
            return Err(damaged(path, end));
        }
        end += SLOT_BYTES as u64;
    }
    Ok((places, end))
}

fn slot(id: &KeyId, state: u8, secret: &[u8]) -> [u8; SLOT_BYTES] {
    let mut slot = [0; SLOT_BYTES];
    slot[..STATE_AT].copy_from_slice(id);
    slot[STATE_AT] = state;
    slot[STATE_AT + 1] = u8::try_from(secret.len()).unwrap_or(u8::MAX);
    slot[SECRET_AT..SECRET_AT + secret.len()].copy_from_slice(secret);
    let check = check(&slot);
    slot[CHECK_AT..].copy_from_slice(&check);
    slot
}

fn is_whole(slot: &[u8; SLOT_BYTES]) -> bool {
    let length = usize::from(slot[STATE_AT + 1]);
    [KEPT, DESTROYED].contains(&slot[STATE_AT])
        && length <= MAX_SECRET_BYTES
        && slot[CHECK_AT..] == check(slot)
}

fn check(slot: &[u8; SLOT_BYTES]) -> [u8; 16] {
    let digest = Sha256::digest(&slot[..CHECK_AT]);
    digest.first_chunk().copied().unwrap_or_default()
}

fn damaged(path: &Path, place: u64) -> StoreError {
    StoreError::DamagedKeys { path: path.to_owned(), place }
}

#[cfg(test)]
#[path = "key_ring_tests.rs"]
mod tests;
