//! A journal: entries that are only ever added, each with the hash of the one before it.
//!
//! Who changes, removes or inserts an entry in the middle breaks the chain, and who cuts off the end contradicts the
//! head. Somebody who may write the whole store can make a whole new journal; only a head that was noted elsewhere
//! finds that out.
//!
//! Under the journal's prefix: nothing more → the newest index (u64, big-endian) and hash; index → hash and entry,
//! where hash = SHA-256(`propusk journal 1` ‖ hash before, 32 zero bytes for the first ‖ index ‖ entry).

use sha2::{Digest as _, Sha256};

use crate::{Draft, Store, StoreError};

/// A chain hash.
pub type JournalHash = [u8; 32];

/// Where a journal lies in its store.
#[derive(Clone, Copy, Debug)]
pub struct Journal {
    prefix: &'static [u8],
}

/// One entry with its place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct JournalEntry {
    /// From 1.
    pub index: u64,
    /// The chain hash up to here.
    pub hash: JournalHash,
    /// What was added.
    pub entry: Vec<u8>,
}

/// A journal read from end to end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct JournalCheck {
    /// Entries that there are.
    pub entries: u64,
    /// The newest hash: to be noted elsewhere.
    pub head: JournalHash,
    /// The first index at which the chain does not hold.
    pub broken_at: Option<u64>,
}

impl Journal {
    /// The journal under `prefix`, which no other row of the store has.
    pub const fn new(prefix: &'static [u8]) -> Self {
        Self { prefix }
    }

    /// Adds an entry to a draft and returns its index. Inside [`Store::write`], so that no two take one index.
    ///
    /// # Errors
    /// The store's.
    pub fn append(&self, draft: &mut Draft, entry: &[u8]) -> Result<u64, StoreError> {
        let (index, before) = parse_head(draft.get(self.prefix)?.as_deref());
        let index = index + 1;
        let hash = link(&before, index, entry);
        draft.put(self.key(index), [hash.as_slice(), entry].concat());
        draft.put(self.prefix, [index.to_be_bytes().as_slice(), &hash].concat());
        Ok(index)
    }

    /// The newest index and hash; 0 and zeros where there is no entry.
    ///
    /// # Errors
    /// The store's.
    pub fn head(&self, store: &Store) -> Result<(u64, JournalHash), StoreError> {
        Ok(parse_head(store.get(self.prefix)?.as_deref()))
    }

    /// The entries from `first` on, oldest first.
    pub fn entries(
        &self,
        store: &Store,
        first: u64,
    ) -> impl Iterator<Item = Result<JournalEntry, StoreError>> + use<> {
        let length = self.prefix.len() + 8;
        store.scan_from(self.prefix, self.key(first)).filter_map(move |row| match row {
            Ok((key, value)) if key.len() == length => Some(Ok(parse_entry(&key, &value))),
            Ok(_) => None,
            Err(error) => Some(Err(error)),
        })
    }

    /// The entries, newest first.
    pub fn entries_back(
        &self,
        store: &Store,
    ) -> impl Iterator<Item = Result<JournalEntry, StoreError>> + use<> {
        let length = self.prefix.len() + 8;
        store.scan_back(self.prefix).filter_map(move |row| match row {
            Ok((key, value)) if key.len() == length => Some(Ok(parse_entry(&key, &value))),
            Ok(_) => None,
            Err(error) => Some(Err(error)),
        })
    }

    /// Reads everything and follows the chain.
    ///
    /// # Errors
    /// The store's.
    pub fn check(&self, store: &Store) -> Result<JournalCheck, StoreError> {
        let (last, head) = self.head(store)?;
        let (mut entries, mut before, mut broken_at) = (0, [0; 32], None);
        for row in self.entries(store, 0) {
            let JournalEntry { index, hash, entry } = row?;
            entries += 1;
            if index != entries || hash != link(&before, index, &entry) {
                broken_at = broken_at.or(Some(entries));
            }
            before = hash;
            entries = index;
        }
        if (last, head) != (entries, before) {
            broken_at = broken_at.or(Some(entries + 1));
        }
        Ok(JournalCheck { entries, head, broken_at })
    }

    fn key(&self, index: u64) -> Vec<u8> {
        [self.prefix, &index.to_be_bytes()].concat()
    }
}

fn link(before: &JournalHash, index: u64, entry: &[u8]) -> JournalHash {
    let hash = Sha256::new().chain_update("propusk journal 1").chain_update(before);
    hash.chain_update(index.to_be_bytes()).chain_update(entry).finalize().into()
}

fn parse_head(bytes: Option<&[u8]>) -> (u64, JournalHash) {
    let parts = bytes.and_then(|bytes| {
        let (index, hash) = bytes.split_first_chunk()?;
        Some((u64::from_be_bytes(*index), hash.try_into().ok()?))
    });
    parts.unwrap_or_default()
}

fn parse_entry(key: &[u8], value: &[u8]) -> JournalEntry {
    let index = key.last_chunk().copied().map(u64::from_be_bytes).unwrap_or_default();
    let (hash, entry) = value.split_first_chunk().map_or(([0; 32], value), |(hash, entry)| (*hash, entry));
    JournalEntry { index, hash, entry: entry.to_vec() }
}

#[cfg(test)]
#[path = "journal_tests.rs"]
mod tests;
