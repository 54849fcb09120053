//! What a page is made of before it becomes PDF: texts and shapes, in millimetres from the top left corner.
//!
//! Every page is laid out as an upright A4 page; a smaller one is made smaller as a whole when it becomes PDF, so its
//! millimetres are not the paper's ([`super::style::PaperSize`]).

use super::error::{Field, PaperError};
use super::flow::Paragraph;
use super::fonts::{Face, Fonts};
use super::qr::Qr;

/// Points in a millimetre.
pub(super) const PT_PER_MM: f32 = 72.0 / 25.4;
/// A4.
pub(super) const PAGE_WIDTH_MM: f32 = 210.0;
/// A4.
pub(super) const PAGE_HEIGHT_MM: f32 = 297.0;

/// A text's colour. There are only two: the sheet has to survive any printer and copier.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Ink {
    Black,
    White,
}

/// A piece of text on one baseline.
#[derive(Clone)]
pub(super) struct Run {
    pub(super) face: Face,
    /// In points.
    pub(super) size: f32,
    /// The left end, in millimetres.
    pub(super) x: f32,
    /// The baseline, in millimetres from the top.
    pub(super) y: f32,
    pub(super) ink: Ink,
    pub(super) text: String,
    /// The text differs from copy to copy; all others are stored once for all copies of a sheet.
    pub(super) is_own: bool,
}

/// A drawing; coordinates in millimetres, line widths in points.
#[derive(Clone)]
pub(super) enum Shape {
    Line { from: (f32, f32), to: (f32, f32), width: f32 },
    Fill { x: f32, y: f32, width: f32, height: f32 },
    Frame { x: f32, y: f32, width: f32, height: f32, line: f32 },
}

/// A word printed across the page in outline, beneath everything else.
#[derive(Clone)]
pub(super) struct Watermark {
    pub(super) text: String,
    pub(super) size: f32,
    pub(super) x: f32,
    pub(super) y: f32,
    /// Counter-clockwise, in radians.
    pub(super) angle: f32,
}

/// Where the logo stands; there is only one picture.
#[derive(Clone, Copy)]
pub(super) struct Picture {
    pub(super) x: f32,
    pub(super) y: f32,
    pub(super) width: f32,
    pub(super) height: f32,
}

/// A finished page.
pub(super) struct Page {
    pub(super) bookmark: String,
    pub(super) runs: Vec<Run>,
    pub(super) shapes: Vec<Shape>,
    pub(super) pictures: Vec<Picture>,
    pub(super) watermarks: Vec<Watermark>,
    pub(super) qr: Qr,
    /// The QR code's dark square (without its quiet zone): left and top.
    pub(super) qr_at: (f32, f32),
}

/// A part of a page whose own top is 0, so that it can be measured before it is placed.
pub(super) struct Block<'f> {
    pub(super) fonts: &'f Fonts,
    pub(super) runs: Vec<Run>,
    pub(super) shapes: Vec<Shape>,
    pub(super) pictures: Vec<Picture>,
    pub(super) height: f32,
    pub(super) ink: Ink,
    /// Whether texts that are set now differ from copy to copy.
    pub(super) is_own: bool,
    /// The first fault found: a missing glyph, or a line too long for its place.
    pub(super) fault: Option<PaperError>,
}

impl<'f> Block<'f> {
    pub(super) const fn new(fonts: &'f Fonts) -> Self {
        Self {
            fonts,
            runs: Vec::new(),
            shapes: Vec::new(),
            pictures: Vec::new(),
            height: 0.0,
            ink: Ink::Black,
            is_own: false,
            fault: None,
        }
    }

    /// The width of a text in millimetres.
    pub(super) fn width(&self, face: Face, size: f32, text: &str) -> f32 {
        width(self.fonts, face, size, text)
    }

    /// Sets a text with its left end at `x` and its baseline at `y`, and returns where it ends.
    pub(super) fn text(
        &mut self,
        face: Face,
        size: f32,
        (x, y): (f32, f32),
        text: &str,
        field: Field,
    ) -> f32 {
        for character in text.chars() {
            if !self.fonts.has(face, character) {
                self.report(PaperError::MissingGlyph { character, field });
            }
        }
        if !text.is_empty() {
            self.runs.push(Run {
                face,
                size,
                x,
                y,
                ink: self.ink,
                text: text.to_owned(),
                is_own: self.is_own,
            });
        }
        x + self.width(face, size, text)
    }

    /// Sets a paragraph with its top at `top` and returns its height.
    pub(super) fn paragraph(&mut self, (x, top): (f32, f32), paragraph: &Paragraph) -> f32 {
        let mut baseline = top + paragraph.first_baseline();
        for line in &paragraph.lines {
            for piece in line {
                self.text(piece.face, paragraph.size, (x + piece.x, baseline), &piece.text, piece.field);
            }
            baseline += paragraph.pitch();
        }
        paragraph.height()
    }

    /// A horizontal rule.
    pub(super) fn rule(&mut self, x: f32, y: f32, length: f32, width: f32) {
        self.shapes.push(Shape::Line { from: (x, y), to: (x + length, y), width });
    }

    /// Puts another block into this one, its top at `y`.
    pub(super) fn place(&mut self, y: f32, block: Block<'_>) {
        self.runs.extend(block.runs.into_iter().map(|run| Run { y: run.y + y, ..run }));
        self.shapes.extend(block.shapes.into_iter().map(|shape| shape.moved_down(y)));
        self.pictures.extend(block.pictures.into_iter().map(|at| Picture { y: at.y + y, ..at }));
        self.fault = self.fault.take().or(block.fault);
    }

    /// Keeps the first fault, for [`super::sheet::draw`] to return.
    pub(super) fn report(&mut self, fault: PaperError) {
        self.fault.get_or_insert(fault);
    }
}

impl Shape {
    fn moved_down(self, by: f32) -> Self {
        match self {
            Self::Line { from, to, width } => {
                Self::Line { from: (from.0, from.1 + by), to: (to.0, to.1 + by), width }
            }
            Self::Fill { x, y, width, height } => Self::Fill { x, y: y + by, width, height },
            Self::Frame { x, y, width, height, line } => Self::Frame { x, y: y + by, width, height, line },
        }
    }
}

/// The width of a text in millimetres.
pub(super) fn width(fonts: &Fonts, face: Face, size: f32, text: &str) -> f32 {
    let em: f32 = text.chars().map(|character| fonts.advance(face, character)).sum();
    em * size / PT_PER_MM
}
