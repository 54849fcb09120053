//! Why no answer can be formed, in words for whoever asked.

use std::io;

use thiserror::Error;

/// Input of which nothing can be made: exit status 2 (DESIGN.md §7).
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum VerifyError {
    /// The file can't be read.
    #[error("{name} can't be read: {source}")]
    Read {
        /// The file as it was named.
        name: String,
        /// What the system said.
        source: io::Error,
    },
    /// Nothing in it.
    #[error("{0} is empty: expected {1}")]
    Empty(String, &'static str),
    /// Far beyond anything that could be meant.
    #[error("{name} has more than {limit} bytes, which is the most that is read of {what}")]
    TooLong {
        /// The file as it was named.
        name: String,
        /// The limit.
        limit: u64,
        /// What was expected.
        what: &'static str,
    },
    /// Not UTF-8.
    #[error("{0} is not text (UTF-8): expected {1}")]
    NotText(String, &'static str),
    /// Neither a seal's text nor a file.
    #[error("`{0}` is neither the text of a seal (it begins with KGBZ) nor a file that is there")]
    NeitherSealNorFile(String),
    /// `--hex` with something else.
    #[error("--hex: {0}; only the digits 0-9 and a-f, two for each byte")]
    Hex(String),
    /// Standard input was asked for twice.
    #[error("only one input can come from standard input (-): write the other into a file")]
    StandardInputTwice,
    /// A file with typed fields that is not what it should be.
    #[error("{name}: {why}")]
    Typed {
        /// The file as it was named.
        name: String,
        /// Which field, and what is wrong.
        why: String,
    },
    /// A trip that is not what it should be; every fault on a line of its own.
    #[error("{name}: {why}")]
    Trip {
        /// The file as it was named.
        name: String,
        /// Which key, and what is wrong.
        why: String,
    },
    /// A calendar or map that can't be written.
    #[error("{name} can't be written: {source}")]
    Write {
        /// The file as it was named.
        name: String,
        /// What the system said.
        source: io::Error,
    },
    /// `--visual` with several documents.
    #[error("--visual compares one document, the input has {0}: give one document alone")]
    OneDocument(usize),
    /// `verify permit` without anything to check.
    #[error("name the permit by its number, by --seal TEXT or by --typed FILE")]
    NoPermit,
    /// poppler is missing.
    #[error(
        "a PDF is read with poppler's pdftoppm, which is not installed: apt-get install poppler-utils (macOS: brew install poppler), or give a picture (PNG, JPEG)"
    )]
    NoPoppler,
    /// poppler failed.
    #[error("pdftoppm could not read {name}: {why}")]
    Poppler {
        /// The file as it was named.
        name: String,
        /// Its words.
        why: String,
    },
    /// A picture that can't be decoded.
    #[error("{name} is not a picture that can be read: {why}")]
    Picture {
        /// The file as it was named.
        name: String,
        /// The decoder's words.
        why: String,
    },
    /// There is no trust list.
    #[error("there is no trust list at {0}: `propusk up` makes one, `--data DIR` names another data folder")]
    NoTrustList(String),
    /// A stored value is not what it should be.
    #[error(
        "a permit in verify's store is damaged ({0}): stop verify, delete its folder; it is made again from the stream"
    )]
    Damaged(String),
}
