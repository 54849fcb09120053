//! How an office wants its sheets: size, letterhead, further fields, and which optional ones show.

use std::collections::BTreeSet;

use super::booklet::Named;
use super::error::{Field, PaperError};
use super::fonts::{self, Face};
use super::logo::Logo;

/// The level of zlib: 6 makes files a fifth smaller than 1; 9 gains nothing more.
pub const COMPRESSION: u32 = 6;

/// An office's choices. The default is an A4 page without a letterhead, showing everything that is known.
#[derive(Clone)]
pub struct Style {
    /// The size of a sheet.
    pub size: PaperSize,
    /// What stands above the title, if anything.
    pub letterhead: Letterhead,
    /// Fields of the office's own, printed after the others.
    pub extra_fields: Vec<ExtraField>,
    /// What is left out.
    pub hidden: BTreeSet<Optional>,
    /// The level of zlib, 0 to 9.
    pub compression: u32,
}

impl Default for Style {
    fn default() -> Self {
        Self {
            size: PaperSize::A4,
            letterhead: Letterhead::default(),
            extra_fields: Vec::new(),
            hidden: BTreeSet::new(),
            compression: COMPRESSION,
        }
    }
}

/// The size of the original and of each copy.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum PaperSize {
    /// One to an upright A4 sheet.
    #[default]
    A4,
    /// Two to an A4 sheet on its side, to be cut in the middle. The modules of the code keep their size. A booklet that
    /// can't be legible at this size is drawn on A4.
    A5,
}

impl PaperSize {
    /// By how much the A4 page, in whose millimetres everything is laid out, is made smaller.
    pub(super) const fn shrink(self) -> f32 {
        match self {
            Self::A4 => 1.0,
            Self::A5 => std::f32::consts::FRAC_1_SQRT_2,
        }
    }
}

/// An agency's name and address above the title. The name itself is the booklet's.
#[derive(Clone, Default)]
pub struct Letterhead {
    /// A picture at the left.
    pub logo: Option<Logo>,
    /// Lines of address and telephone, at most [`Letterhead::MAX_LINES`].
    pub lines: Vec<String>,
}

impl Letterhead {
    /// How many lines have room.
    pub const MAX_LINES: usize = 4;

    pub(super) const fn is_empty(&self) -> bool {
        self.logo.is_none() && self.lines.is_empty()
    }
}

/// A field that only this office prints.
#[derive(Clone, PartialEq, Eq)]
pub struct ExtraField {
    /// What stands above the value.
    pub label: Named,
    /// The value, the same in every language.
    pub value: String,
}

/// What an office may leave out. Everything else is always printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Optional {
    /// The authority's reference.
    AuthorityReference,
    /// The purpose of the journey.
    Purpose,
    /// Who of the travellers is guide or driver, in a field of their own.
    Guide,
    /// The vehicle.
    Vehicle,
    /// The names in the passport's own spelling.
    VisualName,
    /// The places of the zones.
    Places,
}

impl Optional {
    /// All of them.
    pub const ALL: [Self; 6] =
        [Self::AuthorityReference, Self::Purpose, Self::Guide, Self::Vehicle, Self::VisualName, Self::Places];

    /// Its name in the configuration.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::AuthorityReference => "authority_reference",
            Self::Purpose => "purpose",
            Self::Guide => "guide",
            Self::Vehicle => "vehicle",
            Self::VisualName => "visual_name",
            Self::Places => "places",
        }
    }
}

impl Style {
    pub(super) fn shows(&self, field: Optional) -> bool {
        !self.hidden.contains(&field)
    }

    /// Whether all the office's own texts can be printed.
    ///
    /// # Errors
    /// [`PaperError::MissingGlyph`] for the first character that no font has.
    pub fn check(&self) -> Result<(), PaperError> {
        let fonts = fonts::loaded()?;
        let lines = self.letterhead.lines.iter().enumerate();
        let lines = lines.map(|(index, line)| (line, Field::at("address", index, "")));
        let extra = self.extra_fields.iter().enumerate().flat_map(|(index, extra)| {
            let label = |text, language| (text, Field::at("extra_fields", index, language));
            let (label_en, label_ru) =
                (label(&extra.label.en, "label.en"), label(&extra.label.ru, "label.ru"));
            [label_en, label_ru, label(&extra.label.ky, "label.ky"), label(&extra.value, "value")]
        });
        for (text, field) in lines.chain(extra) {
            let missing = text.chars().find(|&character| !fonts.has(Face::Regular, character));
            if let Some(character) = missing {
                return Err(PaperError::MissingGlyph { character, field });
            }
        }
        Ok(())
    }
}
