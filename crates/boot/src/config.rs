//! Configuration: the shipped defaults, a user's file over them key by key, typed sections.
//!
//! The shipped `config/propusk.toml` is the list of every key, its kind and its default. A user's file is
//! compared with it before anything is typed, so that an unknown key or a value of another kind is refused with
//! file, line, key and the nearest known key. What the keys mean is not known here: a room types its own
//! section (with `#[serde(deny_unknown_fields)]`) and validates it, and reports a bad value with
//! [`Config::invalid`].

mod error;
mod merge;

use std::fs;
use std::path::{Path, PathBuf};

use serde::de::DeserializeOwned;
use toml::{Table, Value};

pub use error::ConfigError;
use merge::{Lines, merge_over, set_at, value_at};

/// The shipped `config/propusk.toml`: every setting with its default and its explanation.
pub const SHIPPED: &str = include_str!("../../../config/propusk.toml");

/// What the shipped file is called in messages.
const SHIPPED_NAME: &str = "config/propusk.toml (shipped with the program)";

/// The longest configuration file that is read.
pub const MAX_CONFIG_BYTES: u64 = 1024 * 1024;

/// The settings that hold for one run of a command.
#[derive(Debug, Clone)]
pub struct Config {
    defaults: Table,
    merged: Table,
    file: Option<(PathBuf, Lines)>,
}

impl Config {
    /// The shipped defaults, overridden by the file at `path` where one is given.
    ///
    /// # Errors
    /// The file can't be read or is no TOML; it has a key that is not known or a value of the wrong kind.
    pub fn load(path: Option<&Path>) -> Result<Self, ConfigError> {
        let Some(path) = path else { return Self::parse(SHIPPED, None) };
        let text = read(path)?;
        Self::parse(SHIPPED, Some((path, &text)))
    }

    /// Merges a user's text (with the path that messages name) over `defaults`.
    fn parse(defaults: &str, user: Option<(&Path, &str)>) -> Result<Self, ConfigError> {
        let (defaults, _) = merge::parse(Path::new(SHIPPED_NAME), defaults)?;
        let mut merged = defaults.clone();
        let mut file = None;
        if let Some((path, text)) = user {
            let (table, lines) = merge::parse(path, text)?;
            merge_over(&mut merged, table, path, &lines)?;
            file = Some((path.to_owned(), lines));
        }
        Ok(Self { defaults, merged, file })
    }

    /// The section `name`, typed.
    ///
    /// # Errors
    /// [`ConfigError::NoSection`] where the shipped file has none of that name, [`ConfigError::Invalid`] where a
    /// value does not fit the type (out of range, no such word), with the file, line and key it stands at.
    pub fn section<T: DeserializeOwned>(&self, name: &str) -> Result<T, ConfigError> {
        let table = section_of(&self.merged, name)?;
        table.clone().try_into().map_err(|error| self.culprit::<T>(name, &error))
    }

    /// The error for a value that fits its type but breaks a rule: `key` of `section`, and why.
    pub fn invalid(&self, section: &str, key: &str, why: impl Into<String>) -> ConfigError {
        let path = [section.to_owned(), key.to_owned()];
        ConfigError::Invalid { place: self.place(&path), key: path.join("."), why: why.into() }
    }

    /// The user's file, where there is one.
    pub fn file(&self) -> Option<&Path> {
        self.file.as_ref().map(|(path, _)| path.as_path())
    }

    /// Finds which of the user's values keeps `section` from being typed: starting from the defaults, the first
    /// value whose addition makes typing fail.
    fn culprit<T: DeserializeOwned>(&self, section: &str, error: &toml::de::Error) -> ConfigError {
        let mut trial = self.defaults.clone();
        let lines = self.file.iter().flat_map(|(_, lines)| lines.keys());
        for path in lines.filter(|path| path.len() > 1 && path.first().is_some_and(|first| first == section))
        {
            let Some(value) = value_at(&self.merged, path).filter(|value| !value.is_table()) else {
                continue;
            };
            set_at(&mut trial, path, value.clone());
            let typed = section_of(&trial, section).map(|table| table.clone().try_into::<T>());
            if let Ok(Err(error)) = typed {
                let why = error.message().trim().to_owned();
                return ConfigError::Invalid { place: self.place(path), key: path.join("."), why };
            }
        }
        let why = error.message().trim().to_owned();
        ConfigError::Invalid { place: SHIPPED_NAME.to_owned(), key: section.to_owned(), why }
    }

    /// Where the value at `path` comes from, in words.
    fn place(&self, path: &[String]) -> String {
        match &self.file {
            Some((file, lines)) if lines.contains_key(path) => {
                format!("{}, line {}", file.display(), lines.get(path).copied().unwrap_or(0))
            }
            _ => SHIPPED_NAME.to_owned(),
        }
    }
}

fn section_of<'a>(table: &'a Table, name: &str) -> Result<&'a Table, ConfigError> {
    table
        .get(name)
        .and_then(Value::as_table)
        .ok_or_else(|| ConfigError::NoSection { section: name.to_owned() })
}

fn read(path: &Path) -> Result<String, ConfigError> {
    let io = |source| ConfigError::Read { path: path.to_owned(), source };
    let size = fs::metadata(path).map_err(io)?.len();
    if size > MAX_CONFIG_BYTES {
        return Err(ConfigError::TooLong { path: path.to_owned(), size, limit: MAX_CONFIG_BYTES });
    }
    fs::read_to_string(path).map_err(io)
}

#[cfg(test)]
mod tests;
