//! The store: atomic durable batches, ordered scans and backup, on one machine, for one process.
//!
//! **In scope:** a folder of rows (key bytes → value bytes, in the order of the keys' bytes); batches that are
//! kept whole or not at all; reads of what is on disk; a consistent export while writing goes on; coming up
//! again after a power cut. Beside it what rows alone can't be: a [`Journal`], whose entries are chained, and a
//! [`KeyRing`], whose secrets can be destroyed; and stores of an older [`Form`] written anew. This is the only crate that names `sled`, so the engine can be changed
//! in one place.
//!
//! **Out of scope:** what the rows mean (each room chooses its key prefixes), encoding, encryption, replication,
//! and several processes on one folder (the second one gets [`StoreError::InUse`]).
//!
//! # What the words about durability mean
//!
//! * *in memory*: gone when the process ends. A [`Draft`] is in memory.
//! * *in the OS*: written to the kernel's page cache; survives the end of the process, not a power cut. sled
//!   0.34's own `flush()` gives no more than this.
//! * *on disk*: `fdatasync` has returned, of the log file, or of the file beside it that holds small batches (`redo.rs`);
//!   survives a power cut as far as the disk tells the truth. [`Store::commit`] returns `Ok` only then.
//!
//! A read of the [`Store`] never shows a row of a batch that is not on disk yet, and never a part of a batch:
//! readers wait while a commit is under way. A scan takes its rows in portions of [`SCAN_PORTION_ROWS`]; each
//! portion shows whole commits, but a later portion may show later commits.
//!
//! After a failed write, flush or sync nobody knows what the disk holds (Rebello et al., "Can Applications
//! Recover from fsync Failures?", USENIX ATC 2020): the store is then *poisoned*, refuses every commit with
//! [`StoreError::Poisoned`], and only opening it anew tells what was kept. Reads go on working, so that a
//! checkpoint can still judge; they may show the batch whose commit failed, or a part of it.
//!
//! Every call blocks; from async code use `spawn_blocking` or a thread of one's own.
//!
//! Without the feature `disk`, which is on unless somebody turns it off, there is no engine and no backup: whoever opens a
//! store ([`Store::over`]) brings the [`Engine`].
#![deny(missing_docs)]

#[cfg(feature = "disk")]
mod backup;
#[cfg(feature = "disk")]
mod disk;
mod draft;
mod engine;
mod error;
#[cfg(feature = "disk")]
mod journal;
#[cfg(feature = "disk")]
mod key_ring;
#[cfg(feature = "disk")]
mod on_disk;
#[cfg(feature = "disk")]
mod open;
#[cfg(feature = "disk")]
mod redo;
#[cfg(feature = "disk")]
mod renewal;
#[cfg(feature = "disk")]
mod rollback;
mod scan;
mod store;
mod undo;

#[cfg(feature = "disk")]
pub use backup::Backup;
#[cfg(feature = "disk")]
#[doc(hidden)]
pub use disk::SyncFn;
pub use draft::{Draft, DraftScan};
pub use engine::{Engine, Writes};
pub use error::StoreError;
#[cfg(feature = "disk")]
pub use journal::{Journal, JournalCheck, JournalEntry, JournalHash};
#[cfg(feature = "disk")]
pub use key_ring::{KeyId, KeyRing, MAX_SECRET_BYTES, Secret};
#[cfg(feature = "disk")]
pub use open::{Options, Recovery, Resnapshot};
#[cfg(feature = "disk")]
pub use renewal::Form;
#[cfg(feature = "disk")]
pub use rollback::RolledBack;
pub use scan::{Row, SCAN_PORTION_ROWS, Scan, ScanBack};
pub use store::{MAX_KEY_BYTES, MAX_VALUE_BYTES, Store};
