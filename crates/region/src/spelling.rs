//! Finding a thing by any of its spellings, and the nearest ones when none fits.

use std::collections::BTreeMap;
use std::fmt;

/// How many nearest spellings are given.
const NEAREST: usize = 3;
/// How alike two folded spellings must be (normalised Damerau-Levenshtein, 0 to 1) for one to be suggested.
const ALIKE: f64 = 0.5;
/// Longer texts are no names: they are not compared, and shown cut off.
const LONGEST_NAME: usize = 120;

/// The kinds of things that have names.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum NameKind {
    /// A restricted zone.
    Zone,
    /// A place, or any stop of a route: place, checkpoint or whole route.
    Place,
    /// A checkpoint.
    Checkpoint,
    /// A whole route.
    Route,
    /// A border crossing.
    Crossing,
    /// A closure notice.
    Closure,
    /// A visa rule.
    VisaRule,
}

impl NameKind {
    /// The code of "there is no such name", the id of its message in `region.ftl`.
    pub fn unknown_code(self) -> &'static str {
        match self {
            Self::Zone => "unknown-zone",
            Self::Place => "unknown-place",
            Self::Checkpoint => "unknown-post",
            Self::Route => "unknown-route",
            Self::Crossing => "unknown-crossing",
            Self::Closure => "unknown-closure",
            Self::VisaRule => "unknown-visa-rule",
        }
    }
}

impl fmt::Display for NameKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Zone => "zone",
            Self::Place => "place",
            Self::Checkpoint => "checkpoint",
            Self::Route => "route",
            Self::Crossing => "crossing",
            Self::Closure => "closure",
            Self::VisaRule => "visa rule",
        })
    }
}

/// A name that nothing in the region file has.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("there is no {kind} `{typed}`{}", did_you_mean(nearest))]
pub struct UnknownName {
    /// What was looked for.
    pub kind: NameKind,
    /// What was typed, without control characters and cut off after 120 characters.
    pub typed: String,
    /// Up to three known spellings, the likeliest first; empty when nothing is alike.
    pub nearest: Vec<String>,
}

impl UnknownName {
    /// The code, the id of its message in `region.ftl`.
    pub fn code(&self) -> &'static str {
        self.kind.unknown_code()
    }

    /// The message's `nearest` argument: the names joined by commas, or the word `none` (Fluent can't select on an
    /// empty text).
    pub fn nearest_argument(&self) -> String {
        if self.nearest.is_empty() { "none".to_owned() } else { self.nearest.join(", ") }
    }
}

/// The end of an English error sentence for developers and logs; people get the Fluent message.
pub(crate) fn did_you_mean(nearest: &[String]) -> String {
    if nearest.is_empty() { String::new() } else { format!("; nearest: {}", nearest.join(", ")) }
}

/// Lower case, without accents, spaces, hyphens or anything else that people write differently. й counts as и, ё as е,
/// and the Kyrgyz ң ө ү (and their Kazakh kin) as the letters that are typed where a keyboard lacks them.
pub(crate) fn fold(text: &str) -> String {
    text.chars().flat_map(char::to_lowercase).filter_map(fold_char).collect()
}

fn fold_char(c: char) -> Option<char> {
    let folded = match c {
        'ё' => 'е',
        'й' => 'и',
        'ө' => 'о',
        'ү' | 'ұ' => 'у',
        'ң' => 'н',
        'қ' => 'к',
        'ғ' => 'г',
        'і' => 'и',
        'à' | 'á' | 'â' | 'ã' | 'ä' | 'å' | 'ā' | 'ă' => 'a',
        'ç' | 'ć' | 'č' => 'c',
        'è' | 'é' | 'ê' | 'ë' | 'ē' | 'ě' => 'e',
        'ğ' | 'ģ' => 'g',
        'ì' | 'í' | 'î' | 'ï' | 'ī' | 'ı' => 'i',
        'ñ' | 'ń' | 'ň' | 'ŋ' => 'n',
        'ò' | 'ó' | 'ô' | 'õ' | 'ö' | 'ø' | 'ō' | 'ő' => 'o',
        'ş' | 'ś' | 'š' => 's',
        'ù' | 'ú' | 'û' | 'ü' | 'ū' | 'ů' | 'ű' => 'u',
        'ý' | 'ÿ' => 'y',
        'ź' | 'ż' | 'ž' => 'z',
        // A combining mark (an accent written apart) is not alphanumeric and falls away with the punctuation.
        other => other,
    };
    folded.is_alphanumeric().then_some(folded)
}

/// Every spelling of one kind of thing.
#[derive(Debug, Clone, Default)]
pub(crate) struct Spellings {
    /// Folded spelling → position in the kind's list.
    exact: BTreeMap<String, usize>,
    /// Every spelling as written, for suggestions: folded, as written, position.
    written: Vec<(String, String, usize)>,
}

/// Why a spelling was not taken in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum NotTaken {
    /// It has no letter or digit.
    Empty,
    /// It leads to the thing at this position already.
    Taken(usize),
}

impl Spellings {
    /// Adds a spelling of the thing at `position`. The same spelling of the same thing may come again.
    pub(crate) fn add(&mut self, spelling: &str, position: usize) -> Result<(), NotTaken> {
        let folded = fold(spelling);
        if folded.is_empty() {
            return Err(NotTaken::Empty);
        }
        match self.exact.get(&folded) {
            Some(&other) if other == position => return Ok(()),
            Some(&other) => return Err(NotTaken::Taken(other)),
            None => {}
        }
        self.exact.insert(folded.clone(), position);
        self.written.push((folded, spelling.to_owned(), position));
        Ok(())
    }

    /// The position of the thing with this spelling.
    pub(crate) fn find(&self, spelling: &str) -> Option<usize> {
        if is_too_long(spelling) { None } else { self.exact.get(&fold(spelling)).copied() }
    }
}

/// The error for a name that was found in none of `known`: the best suggestions out of all of them, one for each thing.
pub(crate) fn unknown(kind: NameKind, typed: &str, known: &[&Spellings]) -> UnknownName {
    let shown: String = typed.chars().filter(|c| !c.is_control()).take(LONGEST_NAME).collect();
    if is_too_long(typed) {
        return UnknownName { kind, typed: shown, nearest: Vec::new() };
    }
    let folded = fold(typed);
    let mut scored: Vec<(f64, usize, usize, &str)> = Vec::new();
    for (list, spellings) in known.iter().enumerate() {
        for (other, written, position) in &spellings.written {
            let score = strsim::normalized_damerau_levenshtein(&folded, other);
            if score >= ALIKE {
                scored.push((score, list, *position, written));
            }
        }
    }
    // The sort is stable: of equally good spellings the one written first (the id) is given.
    scored.sort_by(|a, b| b.0.total_cmp(&a.0));
    let mut seen = Vec::new();
    let mut nearest = Vec::new();
    for (_, list, position, written) in scored {
        if nearest.len() == NEAREST {
            break;
        }
        if !seen.contains(&(list, position)) {
            seen.push((list, position));
            nearest.push(written.to_owned());
        }
    }
    UnknownName { kind, typed: shown, nearest }
}

fn is_too_long(typed: &str) -> bool {
    typed.chars().nth(LONGEST_NAME).is_some()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folding_forgets_what_people_write_differently() {
        for (a, b) in [
            ("Kol-Suu", "kol_suu"),
            ("KÖL SUU", "kol-suu"),
            ("Ko\u{308}l-Suu", "kol-suu"),
            ("Көл-Суу", "кол суу"),
            ("Кёль-Суу", "КЕЛЬ-СУУ"),
            ("«Хан-Теңири»", "хантенири"),
            ("Ак-Шыйрак", "Ак-Шыирак"),
            ("İssyk", "issyk"),
        ] {
            assert_eq!(fold(a), fold(b), "{a} {b}");
        }
        assert_ne!(fold("Ош"), fold("Osh"));
    }

    #[test]
    fn a_spelling_leads_to_one_thing() {
        let mut spellings = Spellings::default();
        assert_eq!(spellings.add("Osh", 0), Ok(()));
        assert_eq!(spellings.add("OSH", 0), Ok(()));
        assert_eq!(spellings.add("osh", 1), Err(NotTaken::Taken(0)));
        assert_eq!(spellings.add(" - ", 1), Err(NotTaken::Empty));
    }

    #[test]
    fn a_text_of_any_length_and_content_gets_an_answer() {
        let mut spellings = Spellings::default();
        spellings.add("osh", 0).unwrap();
        let long = "о\u{7}".repeat(100_000);
        let answer = unknown(NameKind::Zone, &long, &[&spellings]);
        assert_eq!((answer.typed.chars().count(), answer.nearest.len()), (LONGEST_NAME, 0));
        assert!(unknown(NameKind::Zone, "", &[&spellings]).nearest.is_empty());
    }
}
