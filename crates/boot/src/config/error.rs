//! What can be wrong with a configuration.

use std::io;
use std::path::PathBuf;

use crate::exit::Failure;

/// Why the configuration can't be used; every message says where and how to mend it.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ConfigError {
    /// The file can't be read.
    #[error("the configuration file {} can't be read ({source}); check its path, its permissions and that it is UTF-8", path.display())]
    Read {
        /// The file.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// The file is longer than [`MAX_CONFIG_BYTES`](super::MAX_CONFIG_BYTES).
    #[error("the configuration file {} has {size} bytes, more than {limit}; is it the right file?", path.display())]
    TooLong {
        /// The file.
        path: PathBuf,
        /// Its length in bytes.
        size: u64,
        /// The limit in bytes.
        limit: u64,
    },
    /// The file is no TOML.
    #[error("{}, line {line}: this is no TOML: {why}", path.display())]
    Syntax {
        /// The file.
        path: PathBuf,
        /// The line, from 1.
        line: usize,
        /// What the parser said.
        why: String,
    },
    /// A key that the shipped file does not have.
    #[error("{}, line {line}: there is no setting `{key}`{}; all settings stand in the shipped config/propusk.toml", path.display(), did_you_mean(nearest.as_deref()))]
    UnknownKey {
        /// The file.
        path: PathBuf,
        /// The line, from 1.
        line: usize,
        /// The key with its section.
        key: String,
        /// The known key that looks most like it.
        nearest: Option<String>,
    },
    /// A value of another kind than the default.
    #[error("{}, line {line}: `{key}` is {found}, but has to be {expected}", path.display())]
    WrongType {
        /// The file.
        path: PathBuf,
        /// The line, from 1.
        line: usize,
        /// The key with its section.
        key: String,
        /// The kind that is needed, with its article.
        expected: &'static str,
        /// The kind that was found, with its article.
        found: &'static str,
    },
    /// A value of the right kind that breaks a rule.
    #[error("{place}: `{key}` can't be used: {why}")]
    Invalid {
        /// The file and the line.
        place: String,
        /// The key with its section.
        key: String,
        /// The rule that is broken.
        why: String,
    },
    /// A room asked for a section that the shipped file does not have: a fault of the program.
    #[error("the shipped configuration has no section [{section}]; this is a fault of the program")]
    NoSection {
        /// The section.
        section: String,
    },
}

impl Failure for ConfigError {}

fn did_you_mean(nearest: Option<&str>) -> String {
    nearest.map(|key| format!("; did you mean `{key}`?")).unwrap_or_default()
}
