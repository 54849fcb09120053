//! What can go wrong in the recorder, in words for an operator.

use thiserror::Error;

/// Why the recorder can't do what was asked.
#[derive(Debug, Error)]
pub enum RecorderError {
    /// A stored value is not what it should be.
    #[error("{what} in the recorder's store is damaged: {why}; run `propusk recorder audit`")]
    Damaged {
        /// What.
        what: &'static str,
        /// Why.
        why: String,
    },
    /// Indexes are half made.
    #[error(
        "the indexes were being made again and that was interrupted; run `propusk recorder rebuild` once more"
    )]
    Rebuilding,
    /// Nothing to work on.
    #[error("{folder} holds no record; name the data folder with --data DIR")]
    NoStore {
        /// Where it should be.
        folder: String,
    },
    /// Another version of the program has made the record.
    #[error(
        "this record has layout {found} and this version of propusk reads layout {expected}; run the version that made it, or move the folder recorder/ out of the data folder, start anew and enrol the devices again: they and the stream bring back the hand-ins that they still keep"
    )]
    Layout {
        /// In the store.
        found: u16,
        /// What can be read.
        expected: u16,
    },
    /// A piece of a driver's bundle that is to be taken from nobody.
    #[error("no parcel of a handheld of this recorder: {why}; nothing was taken from it")]
    NotAParcel {
        /// What is wrong with it.
        why: String,
    },
    /// The deployment was begun with another number of shards.
    #[error(
        "this record was begun with {stored} shards and the configuration says {configured}; the number is fixed for a deployment's life: set recorder.shards back to {stored}"
    )]
    Shards {
        /// In the store.
        stored: u16,
        /// In the configuration.
        configured: u16,
    },
}
