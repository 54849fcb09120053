//! What can go wrong on a handheld, in words for whoever holds it.

use std::path::PathBuf;

use thiserror::Error;

/// Why a handheld command could not do its work.
#[derive(Debug, Error)]
pub enum HandheldError {
    /// No device under this data folder.
    #[error(
        "no handheld is enrolled under {dir}; ask the operator for a code and run `propusk handheld enroll`"
    )]
    NotEnrolled {
        /// Where it was looked for.
        dir: PathBuf,
    },
    /// Several devices, and no `--post`.
    #[error("handhelds of several posts are enrolled here ({posts}); say which with --post")]
    WhichPost {
        /// The posts, comma-separated.
        posts: String,
    },
    /// A device of this post exists already.
    #[error(
        "a handheld of post {post} is enrolled here already (device {device}); remove {dir} only when it has nothing left to send"
    )]
    AlreadyEnrolled {
        /// The post.
        post: String,
        /// The device.
        device: String,
        /// Its folder.
        dir: PathBuf,
    },
    /// The post that the device is enrolled for is not in the region file.
    #[error("post “{post}” is not in the region file; nearest known: {nearest}")]
    UnknownPost {
        /// The post.
        post: String,
        /// Suggestions.
        nearest: String,
    },
    /// A stored or received thing is not what it should be.
    #[error("{what} is damaged: {why}")]
    Damaged {
        /// What.
        what: &'static str,
        /// Why.
        why: String,
    },
    /// The recorder's answer was not signed by the recorder this device was enrolled with.
    #[error(
        "{what} is not signed by the recorder this handheld was enrolled with; nothing was taken from it"
    )]
    NotTheRecorder {
        /// What.
        what: &'static str,
    },
    /// The recorder has said that this device is revoked.
    #[error("this handheld was revoked")]
    Revoked {
        /// Since when, the recorder's time, Unix milliseconds.
        at_ms: i64,
    },
    /// This device was revoked and has wiped itself.
    #[error(
        "this handheld was revoked; its key and all that it knew are gone. {hand_ins} hand-ins without a receipt are kept in {bundle}: give that file to the operator (propusk recorder import), and enrol another device"
    )]
    Wiped {
        /// Hand-ins that no receipt was seen for.
        hand_ins: usize,
        /// Where they are.
        bundle: PathBuf,
    },
    /// A piece of a bundle was not made by a handheld that this one's recorder knows.
    #[error("{what}; nothing was taken from it")]
    NotANeighbour {
        /// What is wrong with it.
        what: &'static str,
    },
    /// The key is somewhere else and has not signed this yet: have it signed, and ask again.
    #[error("not signed yet")]
    NotSignedYet,
    /// The system's clock is outside the range of a calendar.
    #[error("the device's clock shows no usable time")]
    Clock,
}
