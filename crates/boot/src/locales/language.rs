//! The three languages and how people and systems write their names.

use std::str::FromStr;

/// A language that every sentence exists in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, clap::ValueEnum)]
pub enum Language {
    /// English.
    En,
    /// Russian.
    Ru,
    /// Kyrgyz.
    Ky,
}

/// A language that this program does not speak.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is no language of this program; it speaks en, ru and ky")]
pub struct UnknownLanguage(pub String);

impl Language {
    /// All languages, English first.
    pub const ALL: [Self; 3] = [Self::En, Self::Ru, Self::Ky];

    /// The ISO 639-1 code: `en`, `ru` or `ky`.
    pub fn code(self) -> &'static str {
        match self {
            Self::En => "en",
            Self::Ru => "ru",
            Self::Ky => "ky",
        }
    }

    /// The language of a system's environment: the first of `LC_ALL`, `LC_MESSAGES`, `LANG` that is set and not
    /// empty decides (POSIX.1-2024, base definitions, 8.2), and one that is not spoken here means English.
    ///
    /// `variable` looks a variable up, such as `|name| std::env::var(name).ok()`.
    pub fn from_environment(variable: impl Fn(&str) -> Option<String>) -> Self {
        let set = |name: &&str| variable(name).filter(|value| !value.is_empty());
        let value = ["LC_ALL", "LC_MESSAGES", "LANG"].iter().find_map(set);
        value.and_then(|value| value.parse().ok()).unwrap_or(Self::En)
    }
}

impl FromStr for Language {
    type Err = UnknownLanguage;

    /// Reads `ru`, `ru-RU`, `ru_KG.UTF-8` and the like; only the language itself counts.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let language = text.trim().split(['-', '_', '.', '@']).next().unwrap_or_default();
        let named = Self::ALL.into_iter().find(|known| known.code().eq_ignore_ascii_case(language));
        named.ok_or_else(|| UnknownLanguage(text.to_owned()))
    }
}

impl std::fmt::Display for Language {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.code())
    }
}
