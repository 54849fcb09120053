//! Names: their parts, what the MRZ makes of them, and whether an MRZ's name can be a given one.

use alloc::string::String;
use alloc::vec::Vec;

use crate::format::Format;
use crate::input::latin_look_alike;
use crate::translit::{self, UnknownLetter, composed, row};

/// One part of a name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Token {
    /// Its letters in upper case, marks composed, punctuation gone; empty where they are those of `folded`.
    written: Vec<char>,
    /// The same by the first choice of 9303-3 §6. Letters without a row stay as they are.
    pub(crate) folded: Vec<char>,
    /// For each folded character the 0-based index of its letter in the text.
    pub(crate) source: Vec<usize>,
    /// Every letter is one of A–Z: the token can be spelled in one way only.
    pub(crate) plain: bool,
}

impl Token {
    pub(crate) fn text(&self) -> String {
        self.folded.iter().collect()
    }

    /// Its letters in upper case, marks composed, punctuation gone.
    pub(crate) fn letters(&self) -> &[char] {
        if self.plain { &self.folded } else { &self.written }
    }

    fn fold(letters: Vec<char>, places: Vec<usize>) -> Self {
        if letters.iter().all(char::is_ascii) {
            return Self { written: Vec::new(), folded: letters, source: places, plain: true };
        }
        // A Cyrillic letter amid Latin ones was typed for its shape, not for its sound.
        let latin = letters.iter().any(char::is_ascii_alphabetic);
        let letters: Vec<char> =
            if latin { letters.into_iter().map(latin_look_alike).collect() } else { letters };
        let mut folded = Vec::with_capacity(letters.len() * 2);
        let mut source = Vec::with_capacity(letters.len() * 2);
        for (letter, place) in letters.iter().zip(places) {
            let first = row(*letter).and_then(|row| row.first());
            match first {
                Some(spelling) => folded.extend(spelling.chars()),
                None => folded.push(*letter),
            }
            source.resize(folded.len(), place);
        }
        Self { written: letters, folded, source, plain: false }
    }
}

/// Parts of a name up to this many letters grow without a second allocation.
const USUAL_PART: usize = 16;

/// The parts of a name: 9303-3 §4.6. Hyphens, commas, fillers and blanks separate; apostrophes and other
/// punctuation are dropped.
pub(crate) fn tokens(text: &str) -> Vec<Token> {
    let mut tokens = Vec::new();
    let mut letters: Vec<char> = Vec::new();
    let mut places: Vec<usize> = Vec::new();
    for (index, c) in text.chars().enumerate() {
        if letters.capacity() == 0 {
            letters.reserve_exact(text.len().min(USUAL_PART));
            places.reserve_exact(text.len().min(USUAL_PART));
        }
        if c.is_ascii_alphanumeric() {
            letters.push(c.to_ascii_uppercase());
            places.push(index);
        } else if is_separator(c) {
            if !letters.is_empty() {
                tokens.push(Token::fold(core::mem::take(&mut letters), core::mem::take(&mut places)));
            }
        } else if ('\u{300}'..='\u{36F}').contains(&c) {
            if let Some(last) = letters.last_mut()
                && let Some(one) = composed(*last, c)
            {
                *last = one;
            }
        } else {
            for upper in upper(c).filter(|c| is_letter(*c)) {
                letters.push(upper);
                places.push(index);
            }
        }
    }
    if !letters.is_empty() {
        tokens.push(Token::fold(letters, places));
    }
    tokens
}

/// Upper case, except that full-width letters become plain ones and `ß` stays one letter.
fn upper(c: char) -> impl Iterator<Item = char> {
    let full_width = ('\u{FF01}'..='\u{FF5E}').contains(&c);
    let c = if full_width { latin_look_alike(c) } else { c };
    c.to_uppercase()
}

/// Letters and digits; the modifier letters are apostrophes.
fn is_letter(c: char) -> bool {
    c.is_alphanumeric() && !('\u{2B0}'..='\u{2FF}').contains(&c)
}

fn is_separator(c: char) -> bool {
    c.is_whitespace()
        || matches!(c, ',' | '<' | '-' | '/' | '_' | ';' | '&' | '+')
        || matches!(c, '\u{2010}'..='\u{2015}' | '\u{2212}' | '\u{AD}' | '\u{FE63}' | '\u{FF0D}')
}

/// A name folded for comparison (9303-3 §4.6 and the first choices of §6), its parts separated by blanks.
/// Letters without a row stay as they are.
///
/// ```
/// assert_eq!(propusk_passport::name::fold("d’Artagnan-Müller"), "DARTAGNAN MUELLER");
/// ```
#[must_use]
pub fn fold(text: &str) -> String {
    joined(&tokens(text), ' ')
}

pub(crate) fn joined(tokens: &[Token], separator: char) -> String {
    let mut out = String::new();
    for (index, token) in tokens.iter().enumerate() {
        if index > 0 {
            out.push(separator);
        }
        out.extend(token.folded.iter());
    }
    out
}

/// The name field of an MRZ of that format, filled up to its width: 9303-4 §4.2.3, 9303-5 §4.2.3,
/// 9303-6 §4.2.3, 9303-7 §4.2.3.
///
/// A name that is too long is cut by one of the ways that those sections give: at the end of the given names,
/// so that the last position is a letter. Only where the surname leaves no room for `<<` and the first given
/// name is the surname cut too: its first part stays whole if it can, the others are cut to equal lengths.
///
/// ```
/// use propusk_passport::{Format, name::field};
/// let line = field("Nilavadhanananda", "Arnpol Petch Charonguang", Format::Td3);
/// assert_eq!(line.as_deref(), Ok("NILAVADHANANANDA<<ARNPOL<PETCH<CHARONGU"));
/// ```
///
/// # Errors
/// [`UnknownLetter`] for a letter or digit without a row.
pub fn field(surname: &str, given_names: &str, format: Format) -> Result<String, UnknownLetter> {
    let surname = translit::transliterate(surname)?;
    let given = translit::transliterate(given_names)?;
    let width = format.name_width();
    let mut out = surname;
    if !given.is_empty() {
        let first_given = given.split('<').next().map_or(0, str::len).min(width / 3);
        if out.len() + 2 + first_given > width && out.len() + 2 + given.len() > width {
            out = shorten(&out, width - 2 - first_given);
        }
        out.push_str("<<");
        out.push_str(&given);
    }
    let mut field = cut_to_letter(&out, width);
    while field.len() < width {
        field.push('<');
    }
    Ok(field)
}

/// Cuts to `width` characters so that the last is a letter: where the cut falls on a filler, an earlier part
/// gives up one letter.
fn cut_to_letter(name: &str, width: usize) -> String {
    let Some(cut) = name.get(..width) else { return name.into() };
    if !cut.ends_with('<') || name.len() == width {
        return cut.into();
    }
    let before = cut.trim_end_matches('<');
    let gap = width - before.len();
    let next = name.get(width..).and_then(|rest| rest.trim_start_matches('<').get(..1)).unwrap_or("");
    // The fillers (one or two) stay; the part before them loses its last letter to the next part's first.
    let kept = before.get(..before.len() - 1).unwrap_or("");
    let mut out = String::from(kept);
    out.extend(core::iter::repeat_n('<', gap));
    out.push_str(next);
    out
}

/// Shortens the parts of a surname to `width` characters in all, with the fillers between them.
fn shorten(name: &str, width: usize) -> String {
    let parts: Vec<&str> = name.split('<').collect();
    let room = width.saturating_sub(parts.len() - 1);
    let first = parts.first().map_or(0, |part| part.len());
    // The first part stays whole if every other keeps at least three letters.
    let whole_first = parts.len() > 1 && first + 3 * (parts.len() - 1) <= room;
    let mut lengths: Vec<usize> = parts.iter().map(|part| part.len()).collect();
    while lengths.iter().sum::<usize>() > room {
        let from = usize::from(whole_first);
        // The longest part loses a letter; of equal ones the last.
        let longest = lengths.iter().enumerate().skip(from).max_by_key(|(_, length)| **length);
        match longest.map(|(index, length)| (index, *length)) {
            Some((index, length)) if length > 1 => lengths[index] -= 1,
            _ => break,
        }
    }
    let cut: Vec<&str> =
        parts.iter().zip(&lengths).map(|(part, length)| part.get(..*length).unwrap_or(part)).collect();
    cut.join("<").chars().take(width).collect()
}

/// Whether the name field of an MRZ (with or without its fillers) can be this name: each part one of the
/// spellings of 9303-3 §6, and, if the field's last position is a letter, each the beginning of one, later
/// given names left out.
///
/// ```
/// use propusk_passport::name::can_be;
/// assert!(can_be("BENNELONG<WOOLOOMOOLOO<W<W<<DI", "Bennelong Wooloomooloo Warrandyte Warnambool", "Dingo Potoroo"));
/// assert!(!can_be("BENNELONG<<DINGO<<<<<<<<<<<<<<", "Bennelong", "Dingo Potoroo"));
/// ```
#[must_use]
pub fn can_be(name_field: &str, surname: &str, given_names: &str) -> bool {
    let truncated = name_field.ends_with(|c: char| c.is_ascii_alphabetic()) && name_field.len() >= 30;
    let (primary, secondary) = name_field.split_once("<<").unwrap_or((name_field, ""));
    let (primary, secondary) = (tokens(primary), tokens(secondary));
    let (surname, given) = (tokens(surname), tokens(given_names));
    let fits = |mrz: &[Token], visual: &[Token], last: bool| {
        let exact = mrz.len() == visual.len()
            && mrz.iter().zip(visual).all(|(mrz, visual)| translit::spells(visual, &mrz.folded));
        exact || (truncated && is_cut(visual, mrz, last))
    };
    fits(&primary, &surname, secondary.is_empty()) && fits(&secondary, &given, true)
}

/// Whether each part of `mrz` begins the part of `visual` in the same place; `last` parts may be left out.
pub(crate) fn is_cut(visual: &[Token], mrz: &[Token], last: bool) -> bool {
    let all_there = mrz.len() == visual.len() || (last && mrz.len() < visual.len());
    all_there && mrz.iter().zip(visual).all(|(mrz, visual)| translit::begins(visual, &mrz.folded))
}
