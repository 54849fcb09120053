//! The options that every command takes.

use std::path::PathBuf;

use jiff::civil::Date;

use crate::locales::Language;

/// Options of every command (DESIGN.md §7); to be flattened into the binary's arguments once.
#[derive(Debug, Clone, clap::Args)]
pub struct Options {
    /// The data folder: the instance of propusk on this machine
    #[arg(long, value_name = "DIR", env = "PROPUSK_DATA", default_value = "var", global = true)]
    pub data: PathBuf,
    /// A configuration file over the shipped defaults [default: DIR/propusk.toml where it exists]
    #[arg(long, value_name = "FILE", env = "PROPUSK_CONFIG", global = true)]
    pub config: Option<PathBuf>,
    /// Take this for today's date in Bishkek (for tests and replays)
    #[arg(long, value_name = "YYYY-MM-DD", global = true)]
    pub today: Option<Date>,
    /// The language of messages [default: the configuration's, then the environment's]
    #[arg(long, value_name = "LANGUAGE", global = true)]
    pub lang: Option<Language>,
    /// Print one JSON object per line on stdout and nothing else there
    #[arg(long, global = true)]
    pub json: bool,
}
