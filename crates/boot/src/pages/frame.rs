//! What every template finds in its field `frame`.

use std::convert::Infallible;

use axum::extract::FromRequestParts;
use axum::http::request::Parts;

use super::{ICON, SCRIPT, STYLE};
use crate::locales::{Language, Locales, Value};

/// The reader's language and place; an extractor of every handler under [`framed`](super::framed).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Frame {
    /// The language of the page.
    pub language: Language,
    /// The path and query that the language switch comes back to, which has to answer GET.
    pub here: String,
}

impl Frame {
    /// The same frame on a page whose own address is `here`: for the answer to a form, whose address may know no GET.
    #[must_use]
    pub fn at(self, here: impl Into<String>) -> Self {
        Self { here: here.into(), ..self }
    }

    /// The sentence `id` in the reader's language.
    pub fn say(&self, id: &str) -> String {
        self.tell(id, &[] as &[(&str, String)])
    }

    /// The sentence `id` with arguments, all of them texts (see [`Locales::tell`]).
    pub fn tell<K: AsRef<str>>(&self, id: &str, arguments: &[(K, String)]) -> String {
        Locales::embedded().tell(self.language, id, arguments)
    }

    /// The sentence `id` with the number `n`, whose plural it follows.
    pub fn count(&self, id: &str, n: usize) -> String {
        let n = i64::try_from(n).unwrap_or(i64::MAX);
        Locales::embedded().text(self.language, id, &[("n", Value::from(n))])
    }

    /// The languages for the switch: each with its name in itself, where it leads, and whether the page is in it.
    pub fn languages(&self) -> Vec<LanguageLink> {
        let joint = if self.here.contains('?') { '&' } else { '?' };
        Language::ALL
            .map(|language| LanguageLink {
                code: language.code(),
                name: match language {
                    Language::En => "English",
                    Language::Ru => "Русский",
                    Language::Ky => "Кыргызча",
                },
                href: format!("{}{joint}lang={}", self.here, language.code()),
                current: language == self.language,
            })
            .into()
    }

    /// The path of the style sheet.
    pub fn style(&self) -> &'static str {
        STYLE.path()
    }

    /// The path of the script.
    pub fn script(&self) -> &'static str {
        SCRIPT.path()
    }

    /// The path of the icon.
    pub fn icon(&self) -> &'static str {
        ICON.path()
    }
}

/// A language in the switch.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LanguageLink {
    /// `en`, `ru` or `ky`.
    pub code: &'static str,
    /// Its name in itself.
    pub name: &'static str,
    /// Where it leads.
    pub href: String,
    /// True for the page's own language.
    pub current: bool,
}

impl<S: Sync> FromRequestParts<S> for Frame {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        let here = || parts.uri.path_and_query().map_or_else(|| "/".to_owned(), ToString::to_string);
        Ok(parts
            .extensions
            .get::<Self>()
            .cloned()
            .unwrap_or_else(|| Self { language: Language::En, here: here() }))
    }
}
