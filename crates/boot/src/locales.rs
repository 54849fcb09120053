//! The sentences for people, in English, Russian and Kyrgyz: Fluent files compiled into the program.
//!
//! The pure crates return codes and arguments, never sentences; whoever shows something to a person asks here.
//! Every `config/locales/<language>/*.ftl` counts; an id stands in one file of a language only.

mod check;
mod language;
mod script;

use std::sync::OnceLock;

use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentResource};
use unic_langid::LanguageIdentifier;

/// An argument's value: text or number, made by `.into()`.
pub use fluent_bundle::FluentValue as Value;

pub use language::{Language, UnknownLanguage};

/// A Fluent text: the language's folder, the file's name, its text.
type File = (&'static str, &'static str, &'static str);

/// Every Fluent file in config/locales, as the build found it.
const FILES: &[File] = include!(concat!(env!("OUT_DIR"), "/locales.rs"));

/// The sentences of all languages.
pub struct Locales {
    english: FluentBundle<FluentResource>,
    russian: FluentBundle<FluentResource>,
    kyrgyz: FluentBundle<FluentResource>,
}

impl Locales {
    /// The sentences that are compiled into the program; parsed once.
    pub fn embedded() -> &'static Self {
        static LOCALES: OnceLock<Locales> = OnceLock::new();
        LOCALES.get_or_init(|| Self::from_files(FILES))
    }

    fn from_files(files: &[File]) -> Self {
        let mut locales = Self {
            english: bundle(Language::En),
            russian: bundle(Language::Ru),
            kyrgyz: bundle(Language::Ky),
        };
        for (folder, name, text) in files {
            let Ok(language) = folder.parse() else {
                tracing::error!(folder, "A folder in config/locales is no language of this program.");
                continue;
            };
            // A sentence that can't be parsed is left out and falls back; the tests refuse such a file.
            let resource = FluentResource::try_new((*text).to_owned()).unwrap_or_else(|(rest, errors)| {
                tracing::error!(folder, name, ?errors, "A Fluent file has sentences that can't be parsed.");
                rest
            });
            if let Err(errors) = locales.bundle_mut(language).add_resource(resource) {
                tracing::error!(folder, name, ?errors, "A Fluent file repeats an id of another file.");
            }
        }
        locales
    }

    /// The sentence `id` in `language`, with its arguments; no direction marks are put around them, since the
    /// text goes onto paper and terminals.
    ///
    /// A sentence that is missing in `language` comes in English, one that is missing there too as its id; an
    /// argument that is missing shows as `{$name}`. Each is logged as a warning, without the arguments.
    pub fn text(&self, language: Language, id: &str, arguments: &[(&str, Value<'_>)]) -> String {
        let own = self.find(language, id, arguments);
        if let Some(text) = own {
            return text;
        }
        tracing::warn!(id, language = language.code(), "A sentence is missing in a language.");
        self.find(Language::En, id, arguments).unwrap_or_else(|| id.to_owned())
    }

    /// The sentence `id`, which may select on what its arguments leave open: an argument that is not given counts as
    /// the word `none`, an empty one as `nothing`, since Fluent can't select on absence.
    pub fn tell<K: AsRef<str>>(&self, language: Language, id: &str, arguments: &[(K, String)]) -> String {
        let message = self.bundle(language).get_message(id);
        let used = message.and_then(|message| message.value()).map(check::variables).unwrap_or_default();
        let given =
            |name: &str| arguments.iter().find(|(key, _)| key.as_ref() == name).map(|(_, value)| value);
        let value = |name: &str| match given(name).map(String::as_str) {
            None => Value::from("none"),
            Some("") => Value::from("nothing"),
            Some(text) => Value::from(text),
        };
        let all: Vec<(&str, Value<'_>)> = used.iter().map(|name| (name.as_str(), value(name))).collect();
        self.text(language, id, &all)
    }

    /// True where `language` itself has the sentence `id`.
    pub fn has(&self, language: Language, id: &str) -> bool {
        self.bundle(language).get_message(id).is_some_and(|message| message.value().is_some())
    }

    /// The sentences whose ids begin with one of `prefixes`, as JSON for a script that tells them by itself: `{id:
    /// pattern}`, a pattern being a list of texts, of arguments `{"$": name}`, and of choices `{"$": name, "of": {value:
    /// pattern}, "else": pattern}`. No `<` stands in it, so that it can be put into a page as it is.
    pub fn for_scripts(language: Language, prefixes: &[&str]) -> String {
        script::sentences(language, prefixes).to_string().replace('<', "\\u003c")
    }

    fn find(&self, language: Language, id: &str, arguments: &[(&str, Value<'_>)]) -> Option<String> {
        let bundle = self.bundle(language);
        let message = bundle.get_message(id)?;
        let pattern = message.value()?;
        let arguments: FluentArgs<'_> =
            arguments.iter().map(|(name, value)| (*name, value.clone())).collect();
        let mut errors = Vec::new();
        let text = bundle.format_pattern(pattern, Some(&arguments), &mut errors).into_owned();
        if !errors.is_empty() {
            tracing::warn!(
                id,
                language = language.code(),
                ?errors,
                "A sentence could not be filled in completely."
            );
        }
        Some(text)
    }

    fn bundle(&self, language: Language) -> &FluentBundle<FluentResource> {
        match language {
            Language::En => &self.english,
            Language::Ru => &self.russian,
            Language::Ky => &self.kyrgyz,
        }
    }

    fn bundle_mut(&mut self, language: Language) -> &mut FluentBundle<FluentResource> {
        match language {
            Language::En => &mut self.english,
            Language::Ru => &mut self.russian,
            Language::Ky => &mut self.kyrgyz,
        }
    }

    /// What is wrong with the embedded files, for tests: files that can't be parsed, ids that stand twice, and
    /// ids, attributes or variables that not all three languages have. Empty where all is well.
    pub fn discrepancies() -> Vec<String> {
        check::discrepancies(FILES)
    }
}

fn bundle(language: Language) -> FluentBundle<FluentResource> {
    // The three codes are well formed, as the tests of plurals show.
    let id: LanguageIdentifier = language.code().parse().unwrap_or_default();
    let mut bundle = FluentBundle::new_concurrent(vec![id]);
    bundle.set_use_isolating(false);
    bundle
}

#[cfg(test)]
mod tests;
