//! The four embedded faces: which glyph and advance a character has, and the subset that a document carries.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::OnceLock;

use printpdf::{FontId, ParsedFont};
use subsetter::GlyphRemapper;

use super::error::PaperError;
use super::unhinted::unhinted;

/// A face that texts are set in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Face {
    /// Noto Sans Regular.
    Regular,
    /// Noto Sans Bold.
    Bold,
    /// Noto Sans Mono Regular: its zero is slashed, for document numbers.
    Mono,
    /// OCR-B, for MRZ lines (Doc 9303-3, 4.4).
    OcrB,
}

impl Face {
    /// All faces, in the order of [`Face::index`].
    pub(super) const ALL: [Self; 4] = [Self::Regular, Self::Bold, Self::Mono, Self::OcrB];

    /// The face's position in [`Face::ALL`].
    pub(super) const fn index(self) -> usize {
        match self {
            Self::Regular => 0,
            Self::Bold => 1,
            Self::Mono => 2,
            Self::OcrB => 3,
        }
    }

    /// The PostScript name.
    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Regular => "NotoSans-Regular",
            Self::Bold => "NotoSans-Bold",
            Self::Mono => "NotoSansMono-Regular",
            Self::OcrB => "OCRB",
        }
    }

    /// The name of the font resource in the PDF. printpdf's own ids are drawn at random, and F1 to F14 are its built-in
    /// fonts'.
    pub(super) fn id(self) -> FontId {
        FontId(format!("P{}", self.index()))
    }

    const fn bytes(self) -> &'static [u8] {
        match self {
            Self::Regular => include_bytes!("../../fonts/NotoSans-Regular.ttf"),
            Self::Bold => include_bytes!("../../fonts/NotoSans-Bold.ttf"),
            Self::Mono => include_bytes!("../../fonts/NotoSansMono-Regular.ttf"),
            Self::OcrB => include_bytes!("../../fonts/OCRB.otf"),
        }
    }
}

/// The four faces, parsed once per process.
pub(super) struct Fonts {
    faces: Vec<LoadedFace>,
}

struct LoadedFace {
    parsed: ParsedFont,
    /// The font that subsets are cut from, without hinting.
    program: Cow<'static, [u8]>,
    /// Glyph and advance in em by code point up to [`TABLE_END`], 0 where there is none: looking a character up is what
    /// drawing does most.
    glyphs: Vec<(u16, f32)>,
}

/// Covers Latin, Greek, Cyrillic, and the punctuation and signs that labels use.
const TABLE_END: u32 = 0x2200;

static LOADED: OnceLock<Result<Fonts, PaperError>> = OnceLock::new();

/// The embedded fonts.
pub(super) fn loaded() -> Result<&'static Fonts, PaperError> {
    LOADED.get_or_init(Fonts::load).as_ref().map_err(Clone::clone)
}

impl Fonts {
    fn load() -> Result<Self, PaperError> {
        let faces = Face::ALL.into_iter().map(LoadedFace::load).collect::<Result<_, _>>()?;
        Ok(Self { faces })
    }

    fn face(&self, face: Face) -> Option<&LoadedFace> {
        self.faces.get(face.index())
    }

    /// The font that subsets are cut from.
    #[cfg(feature = "bench")]
    pub(super) fn program(&self, face: Face) -> &[u8] {
        self.face(face).map_or(&[], |loaded| &loaded.program)
    }

    /// Whether a face can print a character.
    pub(super) fn has(&self, face: Face, character: char) -> bool {
        self.face(face).is_some_and(|loaded| loaded.glyph(character).is_some())
    }

    /// The advance of a character in em; 0 where there is no glyph, which [`super::canvas::Block`] reports.
    pub(super) fn advance(&self, face: Face, character: char) -> f32 {
        self.face(face)
            .and_then(|loaded| loaded.glyph_and_advance(character))
            .map_or(0.0, |(_, advance)| advance)
    }

    /// The font program that holds nothing but these characters' glyphs, as printpdf embeds it.
    pub(super) fn subset(&self, face: Face, characters: &BTreeSet<char>) -> Result<ParsedFont, PaperError> {
        let fault = |reason: String| PaperError::Font { face: face.name(), reason };
        let loaded = self.face(face).ok_or_else(|| fault("it was not loaded".into()))?;
        let mut remapper = GlyphRemapper::new();
        let mut glyphs = BTreeMap::new();
        let mut widths = BTreeMap::new();
        for &character in characters {
            let Some(glyph) = loaded.glyph(character) else { continue };
            let renumbered = remapper.remap(glyph);
            glyphs.insert(u32::from(character), renumbered);
            widths.insert(renumbered, loaded.parsed.get_glyph_width(glyph).unwrap_or(0));
        }
        let program =
            subsetter::subset(&loaded.program, 0, &remapper).map_err(|error| fault(error.to_string()))?;
        let mut font = ParsedFont::with_glyph_data(
            program,
            0,
            Some(format!("{}+{}", subset_tag(characters), face.name())),
            glyphs,
            widths,
            loaded.parsed.units_per_em,
            loaded.parsed.font_metrics.clone(),
        );
        font.font_type = loaded.parsed.font_type;
        font.pdf_font_metrics = loaded.parsed.pdf_font_metrics.clone();
        Ok(font)
    }
}

impl LoadedFace {
    fn load(face: Face) -> Result<Self, PaperError> {
        let mut warnings = Vec::new();
        let program = unhinted(face.bytes()).map_or(Cow::Borrowed(face.bytes()), Cow::Owned);
        let mut parsed =
            ParsedFont::from_bytes(&program, 0, &mut warnings).ok_or_else(|| PaperError::Font {
                face: face.name(),
                reason: warnings
                    .iter()
                    .map(|warning| warning.message.as_str())
                    .collect::<Vec<_>>()
                    .join("; "),
            })?;
        let entry = |code| {
            let glyph = parsed.lookup_glyph_index(code).unwrap_or(0);
            (glyph, advance_in_em(&parsed, glyph))
        };
        let glyphs = (0..TABLE_END).map(entry).collect();
        // Only its tables of glyphs and widths are read from here on.
        parsed.original_bytes = Vec::new();
        Ok(Self { parsed, program, glyphs })
    }

    fn glyph(&self, character: char) -> Option<u16> {
        self.glyph_and_advance(character).map(|(glyph, _)| glyph)
    }

    fn glyph_and_advance(&self, character: char) -> Option<(u16, f32)> {
        let code = u32::from(character);
        let entry = match usize::try_from(code).ok().and_then(|index| self.glyphs.get(index)) {
            Some(&entry) => entry,
            None => {
                let glyph = self.parsed.lookup_glyph_index(code)?;
                (glyph, advance_in_em(&self.parsed, glyph))
            }
        };
        Some(entry).filter(|&(glyph, _)| glyph != 0)
    }
}

fn advance_in_em(font: &ParsedFont, glyph: u16) -> f32 {
    f32::from(font.get_glyph_width(glyph).unwrap_or(0)) / f32::from(font.units_per_em.max(1))
}

/// Six capital letters that tell different subsets of one font apart (ISO 32000-1, 9.6.4), from a hash of the subset.
fn subset_tag(characters: &BTreeSet<char>) -> String {
    let hash = characters.iter().fold(0xcbf2_9ce4_8422_2325_u64, |hash, &character| {
        (hash ^ u64::from(u32::from(character))).wrapping_mul(0x0100_0000_01b3)
    });
    (0..6).map(|place| char::from(b'A' + u8::try_from((hash >> (place * 8 + 8)) % 26).unwrap_or(0))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_face_has_the_letters_it_is_for() {
        let fonts = loaded().unwrap();
        for character in "ҢңӨөҮүЁё№«»ÅÄÆÇÐÉÑÖØŒÞßŁŞĞİıŽ’".chars() {
            assert!(fonts.has(Face::Regular, character), "regular lacks {character}");
            assert!(fonts.has(Face::Bold, character), "bold lacks {character}");
        }
        for character in ('A'..='Z').chain('0'..='9').chain(['<']) {
            assert!(fonts.has(Face::OcrB, character), "OCR-B lacks {character}");
            assert!(fonts.has(Face::Mono, character), "mono lacks {character}");
        }
        assert!(!fonts.has(Face::Regular, '山'));
    }

    /// Every letter of Doc 9303-3, section 6, and what the table adds to it, in the faces that print names.
    #[test]
    fn every_letter_that_is_transliterated_can_be_printed() {
        let fonts = loaded().unwrap();
        let table = include_str!("../../../passport/tests/data/translit.jsonl");
        let rows = table.lines().map(|line| serde_json::from_str::<serde_json::Value>(line).unwrap());
        let letters: BTreeSet<char> = rows
            .flat_map(|row| row["char"].as_str().unwrap_or_default().chars().collect::<Vec<_>>())
            .collect();
        assert!(letters.len() > 140, "only {} letters were read", letters.len());
        for letter in letters {
            for character in [letter].into_iter().chain(letter.to_lowercase()).chain(letter.to_uppercase()) {
                assert!(
                    fonts.has(Face::Regular, character),
                    "regular lacks {character} U+{:04X}",
                    u32::from(character)
                );
                assert!(
                    fonts.has(Face::Bold, character),
                    "bold lacks {character} U+{:04X}",
                    u32::from(character)
                );
            }
        }
    }

    #[test]
    fn a_subset_is_small_and_its_tag_follows_its_characters() {
        let fonts = loaded().unwrap();
        let subset = |text: &str| fonts.subset(Face::Regular, &text.chars().collect());
        let (one, other) = (subset("Пропуск").unwrap(), subset("Permit").unwrap());
        assert!(one.original_bytes.len() < 20_000, "{} bytes", one.original_bytes.len());
        assert_ne!(one.font_name, other.font_name);
    }
}
