//! Letters of names as the MRZ writes them: 9303-3 §6.A (95 Latin rows), §6.B (48 Cyrillic rows), and the
//! letters of Kyrgyz and its neighbours, which 9303 lacks.

use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;

use crate::name::{self, Token};

/// The most spellings that [`variants`] lists.
pub const MOST_VARIANTS: usize = 256;

/// A letter of a name that no table transliterates.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct UnknownLetter {
    /// The letter.
    pub letter: char,
    /// Its 0-based character index.
    pub position: usize,
}

impl fmt::Display for UnknownLetter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "character {} is U+{:04X}, which no table transliterates: write the name in Latin or Cyrillic letters",
            self.position + 1,
            u32::from(self.letter)
        )
    }
}

impl core::error::Error for UnknownLetter {}

/// A name as the MRZ writes it, parts separated by `<`: 9303-3 §4.6 for punctuation and case, the first choice
/// of §6 for letters.
///
/// ```
/// use propusk_passport::translit::transliterate;
/// assert_eq!(transliterate("Ævarsdóttir").as_deref(), Ok("AEVARSDOTTIR"));
/// assert_eq!(transliterate("О'Коннор-Ющенко").as_deref(), Ok("OKONNOR<IUSHCHENKO"));
/// ```
///
/// # Errors
/// [`UnknownLetter`] for a letter or digit without a row.
pub fn transliterate(text: &str) -> Result<String, UnknownLetter> {
    let mut out = String::with_capacity(text.len());
    for (index, token) in name::tokens(text).iter().enumerate() {
        if index > 0 {
            out.push('<');
        }
        for (letter, position) in token.folded.iter().zip(&token.source) {
            if !letter.is_ascii_uppercase() {
                return Err(UnknownLetter { letter: *letter, position: *position });
            }
            out.push(*letter);
        }
    }
    Ok(out)
}

/// The spellings in the MRZ that a name can have, the first choice of 9303-3 §6 first, parts separated by `<`;
/// at most [`MOST_VARIANTS`]. Letters without a row give no variant at all.
///
/// ```
/// assert_eq!(propusk_passport::translit::variants("Ü"), ["UE", "UXX", "U"]);
/// ```
#[must_use]
pub fn variants(text: &str) -> Vec<String> {
    let mut all = alloc::vec![String::new()];
    for (index, token) in name::tokens(text).iter().enumerate() {
        if index > 0 {
            all.iter_mut().for_each(|variant| variant.push('<'));
        }
        for letter in token.letters() {
            let Some(options) = options(*letter) else { return Vec::new() };
            let room = MOST_VARIANTS / all.len().max(1);
            let mut longer = Vec::with_capacity(all.len() * options.len().clamp(1, room.max(1)));
            for variant in &all {
                for option in options.iter().take(room.max(1)) {
                    let mut variant = variant.clone();
                    variant.push_str(option);
                    longer.push(variant);
                }
            }
            all = longer;
        }
    }
    let mut seen = Vec::with_capacity(all.len());
    for variant in all {
        if !seen.contains(&variant) {
            seen.push(variant);
        }
    }
    seen
}

/// Whether `mrz` (parts separated by `<` or blanks, no truncation) is one of the spellings of `visual`.
/// Linear in the length of both, however many variants there are.
///
/// ```
/// use propusk_passport::translit::can_be;
/// assert!(can_be("DZHUMAGULOV", "Жумагулов") && can_be("JUMAGULOV", "Жумагулов"));
/// assert!(!can_be("SHUMAGULOV", "Жумагулов"));
/// ```
#[must_use]
pub fn can_be(mrz: &str, visual: &str) -> bool {
    let (mrz, visual) = (name::tokens(mrz), name::tokens(visual));
    mrz.len() == visual.len() && mrz.iter().zip(&visual).all(|(mrz, visual)| spells(visual, &mrz.folded))
}

/// Whether `mrz` is a spelling of the token.
pub(crate) fn spells(token: &Token, mrz: &[char]) -> bool {
    if token.plain { token.folded == mrz } else { walk(token, mrz, false) }
}

/// Whether `mrz` is the beginning of a spelling of the token.
pub(crate) fn begins(token: &Token, mrz: &[char]) -> bool {
    if token.plain { token.folded.starts_with(mrz) } else { walk(token, mrz, true) }
}

/// Walks through the token's letters with the set of places in `mrz` that their spellings can have reached.
fn walk(token: &Token, mrz: &[char], prefix: bool) -> bool {
    // No name field is longer than 39 characters; a longer token is equal or it is not.
    if mrz.len() > 120 {
        return token.folded == mrz;
    }
    let end = 1u128 << mrz.len();
    let mut reached = 1u128;
    for letter in token.letters() {
        if prefix && reached & end != 0 {
            return true;
        }
        let mut next = 0u128;
        for place in (0..=mrz.len()).filter(|place| reached & (1 << place) != 0) {
            let rest = mrz.get(place..).unwrap_or_default();
            let Some(options) = options(*letter) else {
                next |= u128::from(rest.first() == Some(letter)) << (place + 1);
                continue;
            };
            for option in options {
                let common = option.chars().zip(rest).take_while(|(a, b)| a == *b).count();
                if common == option.len() {
                    next |= 1 << (place + common);
                } else if prefix && common == rest.len() {
                    return true;
                }
            }
        }
        reached = next;
    }
    reached & end != 0
}

/// The spellings of one upper-case letter, `None` for letters without a row.
fn options(letter: char) -> Option<&'static [&'static str]> {
    let plain = u32::from(letter).checked_sub(u32::from('A')).and_then(|index| usize::try_from(index).ok());
    plain
        .and_then(|index| PLAIN.get(index))
        .map_or_else(|| row(letter), |spelling| Some(core::slice::from_ref(spelling)))
}

/// A to Z are written as they are.
#[rustfmt::skip]
static PLAIN: [&str; 26] = [
    "A", "B", "C", "D", "E", "F", "G", "H", "I", "J", "K", "L", "M", "N", "O", "P", "Q", "R", "S", "T", "U", "V",
    "W", "X", "Y", "Z",
];

/// The row of an upper-case letter: its first choice, then its variants. `None` for letters without a row, and
/// for A–Z.
#[rustfmt::skip]
pub(crate) fn row(letter: char) -> Option<&'static [&'static str]> {
    Some(match letter {
        // 9303-3 §6.A.
        'À' | 'Á' | 'Â' | 'Ã' | 'Ā' | 'Ă' | 'Ą' => &["A"],
        'Ä' => &["AE", "A"],
        'Å' => &["AA", "A"],
        'Æ' => &["AE"],
        'Ç' | 'Ć' | 'Ĉ' | 'Ċ' | 'Č' => &["C"],
        'Ð' | 'Ď' | 'Đ' => &["D"],
        'È' | 'É' | 'Ê' | 'Ë' | 'Ē' | 'Ĕ' | 'Ė' | 'Ę' | 'Ě' => &["E"],
        'Ĝ' | 'Ğ' | 'Ġ' | 'Ģ' => &["G"],
        'Ĥ' | 'Ħ' => &["H"],
        'Ì' | 'Í' | 'Î' | 'Ï' | 'Ĩ' | 'Ī' | 'Ĭ' | 'Į' | 'İ' | 'ı' => &["I"],
        'Ĳ' => &["IJ"],
        'Ĵ' => &["J"],
        'Ķ' => &["K"],
        'Ĺ' | 'Ļ' | 'Ľ' | 'Ŀ' | 'Ł' => &["L"],
        'Ñ' => &["N", "NXX"],
        'Ń' | 'Ņ' | 'Ň' | 'Ŋ' => &["N"],
        'Ò' | 'Ó' | 'Ô' | 'Õ' | 'Ō' | 'Ŏ' | 'Ő' => &["O"],
        'Ö' => &["OE", "O"],
        'Ø' | 'Œ' => &["OE"],
        'Ŕ' | 'Ŗ' | 'Ř' => &["R"],
        'Ś' | 'Ŝ' | 'Ş' | 'Š' => &["S"],
        'ẞ' => &["SS"],
        'Ţ' | 'Ť' | 'Ŧ' => &["T"],
        'Þ' => &["TH"],
        'Ù' | 'Ú' | 'Û' | 'Ũ' | 'Ū' | 'Ŭ' | 'Ů' | 'Ű' | 'Ų' => &["U"],
        'Ü' => &["UE", "UXX", "U"],
        'Ŵ' => &["W"],
        'Ý' | 'Ŷ' | 'Ÿ' => &["Y"],
        'Ź' | 'Ż' | 'Ž' => &["Z"],
        // 9303-3 §6.B, with its national exceptions as variants; after them BGN/PCGN 1979 for Kyrgyz and spellings seen
        // in Kyrgyz passports. More variants only mean fewer errors and more warnings.
        'А' => &["A"], 'Б' => &["B"], 'В' => &["V"],
        'Г' => &["G", "H"],
        'Ґ' => &["G"],
        'Ғ' => &["G", "GJ", "GH"],
        'Д' => &["D"],
        'Ђ' => &["D"],
        'Е' => &["E", "YE"],
        'Ё' => &["E", "IO", "YO"],
        'Є' => &["IE", "YE"],
        'Ж' => &["ZH", "J", "DZH", "Z"],
        'З' => &["Z"],
        'Ѕ' => &["DZ"],
        'И' => &["I", "Y"],
        'І' => &["I"],
        'Ї' => &["I", "YI"],
        'Й' => &["I", "Y"],
        'Ј' => &["J"],
        'К' => &["K"],
        'Ќ' => &["K", "KJ"],
        'Л' => &["L"],
        'Љ' => &["LJ"],
        'М' => &["M"], 'Н' => &["N"],
        'Њ' => &["NJ"],
        'О' => &["O"], 'П' => &["P"], 'Р' => &["R"], 'С' => &["S"], 'Т' => &["T"], 'У' => &["U"],
        'Ў' => &["U"],
        'Ѫ' => &["U"],
        'Ф' => &["F"],
        'Х' => &["KH", "H"],
        'Ц' => &["TS", "C"],
        'Ч' => &["CH", "C"],
        'Џ' => &["DZ", "DJ"],
        'Ш' => &["SH", "S"],
        'Щ' => &["SHCH", "SHT"],
        'Ъ' => &["IE", ""],
        'Ы' => &["Y"],
        'Ь' => &[""],
        'Ѵ' => &["Y"],
        'Э' => &["E"],
        'Ю' => &["IU", "YU"],
        'Я' => &["IA", "YA"],
        'Һ' => &["C", "H"],
        // Kyrgyz letters that 9303 lacks: BGN/PCGN 1979 for Kyrgyz, and as seen in passports.
        'Ң' => &["N", "NG"],
        'Ө' => &["O", "OE"],
        'Ү' => &["U", "UE", "UXX"],
        // Kazakh, Tajik and Uzbek letters that 9303 lacks: the Latin letters that they are usually written with. No table
        // was at hand for them, and the passport's own spelling wins in any case.
        'Ә' => &["A", "AE", "E"],
        'Қ' => &["K", "Q"],
        'Ұ' => &["U"],
        'Ҳ' => &["H", "KH"],
        'Ҷ' => &["J", "CH"],
        'Ӣ' => &["I"],
        'Ӯ' => &["U"],
        // Latin letters that 9303 lacks (Romanian, Azerbaijani, Vietnamese) by their basic letter, as §6.A does with
        // the others; no table was at hand for them.
        'Ș' => &["S"],
        'Ț' => &["T"],
        'Ə' => &["E", "A"],
        'Ơ' => &["O"],
        'Ư' => &["U"],
        'Ǧ' => &["G"],
        '\u{1EA0}'..='\u{1EB7}' => &["A"],
        '\u{1EB8}'..='\u{1EC7}' => &["E"],
        '\u{1EC8}'..='\u{1ECB}' => &["I"],
        '\u{1ECC}'..='\u{1EE3}' => &["O"],
        '\u{1EE4}'..='\u{1EF1}' => &["U"],
        '\u{1EF2}'..='\u{1EF9}' => &["Y"],
        _ => return None,
    })
}

/// The letter that a base letter and a combining mark make, where its row is not that of the base letter.
pub(crate) fn composed(base: char, mark: char) -> Option<char> {
    Some(match (base, mark) {
        ('A', '\u{308}') => 'Ä',
        ('A', '\u{30A}') => 'Å',
        ('N', '\u{303}') => 'Ñ',
        ('O', '\u{308}') => 'Ö',
        ('U', '\u{308}') => 'Ü',
        ('И', '\u{306}') => 'Й',
        ('Е', '\u{308}') => 'Ё',
        ('І', '\u{308}') => 'Ї',
        ('К', '\u{301}') => 'Ќ',
        ('У', '\u{306}') => 'Ў',
        _ => return None,
    })
}
