//! Names in the three languages of the sheets.

use serde::Deserialize;

/// A name in English (always there), Russian and Kyrgyz.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Names {
    /// English, or the usual Latin transcription.
    pub en: String,
    /// Russian, in Cyrillic.
    pub ru: Option<String>,
    /// Kyrgyz, in Cyrillic.
    pub ky: Option<String>,
}

impl Names {
    /// The name in `lang`: `en`, `ru` or `ky`, also with a region behind it (`ky-KG`, `ru_RU`).
    ///
    /// Falls back to what a reader of that language is likeliest to read: Kyrgyz → Russian → English,
    /// Russian → English, any other language → English.
    pub fn get(&self, lang: &str) -> &str {
        let primary = lang.split(['-', '_']).next().unwrap_or_default();
        let ru = self.ru.as_deref();
        let found = if primary.eq_ignore_ascii_case("ky") {
            self.ky.as_deref().or(ru)
        } else if primary.eq_ignore_ascii_case("ru") {
            ru
        } else {
            None
        };
        found.unwrap_or(&self.en)
    }

    /// Every language's form, English first.
    pub fn all(&self) -> impl Iterator<Item = &str> {
        [Some(self.en.as_str()), self.ru.as_deref(), self.ky.as_deref()].into_iter().flatten()
    }
}

/// Whether a table's names were seen on a page.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum NameStatus {
    /// Every name was seen on a page.
    Found,
    /// At least one name is a plain transliteration or translation that was seen on no page.
    Translation,
}

/// The name of one side of a crossing, in the languages in which it was found; at least one.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SideNames {
    /// English, or the usual Latin transcription.
    pub en: Option<String>,
    /// Russian, in Cyrillic.
    pub ru: Option<String>,
    /// Kyrgyz, in Cyrillic.
    pub ky: Option<String>,
}

impl SideNames {
    /// The name in `lang`, else in the first language that has one (Kyrgyz, Russian, English; for a reader of another
    /// language English, Russian, Kyrgyz). `None` only when no language has one.
    pub fn get(&self, lang: &str) -> Option<&str> {
        let (en, ru, ky) = (self.en.as_deref(), self.ru.as_deref(), self.ky.as_deref());
        match lang.split(['-', '_']).next().unwrap_or_default() {
            "ky" => ky.or(ru).or(en),
            "ru" => ru.or(ky).or(en),
            _ => en.or(ru).or(ky),
        }
    }

    /// Every language's form, English first.
    pub fn all(&self) -> impl Iterator<Item = &str> {
        [self.en.as_deref(), self.ru.as_deref(), self.ky.as_deref()].into_iter().flatten()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(ru: Option<&str>, ky: Option<&str>) -> Names {
        Names { en: "Osh".into(), ru: ru.map(Into::into), ky: ky.map(Into::into) }
    }

    #[test]
    fn a_missing_language_falls_back_to_the_likeliest() {
        let full = names(Some("ру"), Some("кы"));
        assert_eq!((full.get("en"), full.get("ru"), full.get("ky")), ("Osh", "ру", "кы"));
        assert_eq!(
            (full.get("ky-KG"), full.get("RU_ru"), full.get("fr"), full.get("")),
            ("кы", "ру", "Osh", "Osh")
        );
        assert_eq!(names(Some("ру"), None).get("ky"), "ру");
        assert_eq!(names(None, None).get("ky"), "Osh");
        assert_eq!(names(None, Some("кы")).get("ru"), "Osh");
    }
}
