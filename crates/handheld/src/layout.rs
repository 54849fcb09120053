//! Keyboard layouts in which a wedge scanner may have typed, and undoing them. Pure.
//!
//! A wedge scanner presses the keys of an American keyboard; the system makes characters of them in whatever layout is
//! chosen. The rows below are the keys of an American keyboard (without and with shift) and what stands on the same
//! keys in the other layouts, as xkeyboard-config has them (`us`, `ru(winkeys)`, `kg`, `de`, `fr`). Dead keys stand as
//! the character that they show.

/// A layout that is not the American one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Layout {
    /// Russian, ЙЦУКЕН; the Kyrgyz layout of Windows has the same characters without AltGr.
    Russian,
    /// Kyrgyz, ЙЦУКЕН with Ө, Ң and Ү on keys of their own.
    Kyrgyz,
    /// German, QWERTZ.
    German,
    /// French, AZERTY.
    French,
}

type Rows = [&'static str; 2];

const AMERICAN: Rows =
    ["`1234567890-=qwertyuiop[]\\asdfghjkl;'zxcvbnm,./", "~!@#$%^&*()_+QWERTYUIOP{}|ASDFGHJKL:\"ZXCVBNM<>?"];
const RUSSIAN: Rows =
    ["ё1234567890-=йцукенгшщзхъ\\фывапролджэячсмитьбю.", "Ё!\"№;%:?*()_+ЙЦУКЕНГШЩЗХЪ/ФЫВАПРОЛДЖЭЯЧСМИТЬБЮ,"];
const KYRGYZ: Rows =
    ["ё1234567890өңйцукенгшщзхъүфывапролджэячсмитьбю.", "Ё!\"№;%:?*()ӨҢЙЦУКЕНГШЩЗХЪҮФЫВАПРОЛДЖЭЯЧСМИТЬБЮ,"];
const GERMAN: Rows =
    ["^1234567890ß´qwertzuiopü+#asdfghjklöäyxcvbnm,.-", "°!\"§$%&/()=?`QWERTZUIOPÜ*'ASDFGHJKLÖÄYXCVBNM;:_"];
const FRENCH: Rows =
    ["²&é\"'(-è_çà)=azertyuiop^$*qsdfghjklmùwxcvbn,;:!", "~1234567890°+AZERTYUIOP¨£µQSDFGHJKLM%WXCVBN?./§"];

impl Layout {
    /// All of them, in the order in which they are tried.
    pub const ALL: [Self; 4] = [Self::Russian, Self::Kyrgyz, Self::German, Self::French];

    /// The code in messages: the Fluent sentence is `layout-<code>`.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Russian => "russian",
            Self::Kyrgyz => "kyrgyz",
            Self::German => "german",
            Self::French => "french",
        }
    }

    fn rows(self) -> Rows {
        match self {
            Self::Russian => RUSSIAN,
            Self::Kyrgyz => KYRGYZ,
            Self::German => GERMAN,
            Self::French => FRENCH,
        }
    }

    /// The text as an American keyboard would have typed it; `None` where it holds a character that this layout has on
    /// no key. Blanks and line ends are the same in every layout.
    #[must_use]
    pub fn undo(self, text: &str) -> Option<String> {
        text.chars()
            .map(|c| if c.is_whitespace() { Some(c) } else { swap(c, self.rows(), AMERICAN) })
            .collect()
    }

    /// The text as this layout types it: what tests and the trainer need.
    #[must_use]
    pub fn types(self, text: &str) -> Option<String> {
        text.chars()
            .map(|c| if c.is_whitespace() { Some(c) } else { swap(c, AMERICAN, self.rows()) })
            .collect()
    }
}

/// The character on the same key and shift of another layout.
fn swap(c: char, from: Rows, to: Rows) -> Option<char> {
    from.iter().zip(to).find_map(|(from, to)| {
        let key = from.chars().position(|other| other == c)?;
        to.chars().nth(key)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const BASE32: &str = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    const MRZ: &str = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789<";

    #[test]
    fn every_character_of_a_seal_and_of_an_mrz_comes_back_from_every_layout() {
        for layout in Layout::ALL {
            for c in BASE32.chars().chain(MRZ.chars()) {
                let typed = layout.types(&c.to_string()).unwrap();
                assert_eq!(layout.undo(&typed).as_deref(), Some(&*c.to_string()), "{layout:?} {c}");
            }
            let small = BASE32.to_lowercase();
            let typed = layout.types(&small).unwrap();
            assert_eq!(layout.undo(&typed), Some(small), "a scanner without shift, {layout:?}");
        }
    }

    #[test]
    fn rows_are_whole_and_no_character_stands_on_two_keys() {
        for rows in [AMERICAN, RUSSIAN, KYRGYZ, GERMAN, FRENCH] {
            let keys: Vec<char> = rows.iter().flat_map(|row| row.chars()).collect();
            assert_eq!(keys.len(), 94, "{rows:?}");
            assert_eq!(rows[0].chars().count(), 47);
            let mut unique = keys.clone();
            unique.sort_unstable();
            unique.dedup();
            assert_eq!(unique.len(), keys.len(), "{rows:?}");
        }
    }

    #[test]
    fn known_examples() {
        assert_eq!(Layout::Russian.types("KGBZ").as_deref(), Some("ЛПИЯ"));
        assert_eq!(Layout::German.types("KGBZ P<").as_deref(), Some("KGBY P;"));
        assert_eq!(Layout::French.types("KGBZ2 M<").as_deref(), Some("KGBWé ?."));
        assert_eq!(Layout::Kyrgyz.undo("ӨөЗБ").as_deref(), Some("_-P<"));
        assert_eq!(Layout::Russian.undo("ლ"), None, "a Georgian letter is on no Russian key");
    }
}
