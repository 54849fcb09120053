//! What the pages consist of, for others to draw: `ops/bench` measures them beside this crate. It is built with the
//! feature `bench` only and promises nothing.

use serde::Serialize;

use super::booklet::Booklet;
use super::canvas::{Ink, PAGE_HEIGHT_MM, PT_PER_MM, Page, Shape};
use super::error::PaperError;
use super::fonts::{self, Face};
use super::labels::Labels;
use super::qr::{self, MODULE_MM};
use super::style::{PaperSize, Style};

/// A page of A4. All numbers are points from the bottom left corner.
#[derive(Clone, Serialize)]
pub struct DrawnPage {
    /// The texts, in the order in which they are set.
    pub runs: Vec<DrawnRun>,
    /// The drawings, in their order.
    pub shapes: Vec<DrawnShape>,
    /// The bottom left corner of the code's dark square.
    pub code_at: [f32; 2],
    /// The side of a module.
    pub module: f32,
}

/// A text on one baseline.
#[derive(Clone, Serialize)]
pub struct DrawnRun {
    /// Which of [`faces`].
    pub face: usize,
    /// The size of the face.
    pub size: f32,
    /// The left end and the baseline.
    pub at: [f32; 2],
    /// White instead of black.
    pub is_white: bool,
    /// The text.
    pub text: String,
}

/// A drawing in black.
#[derive(Clone, Serialize)]
pub enum DrawnShape {
    /// From, to, width.
    Line([f32; 2], [f32; 2], f32),
    /// Left, bottom, width, height of a black rectangle.
    Fill([f32; 4]),
    /// The same of a frame, and the width of its line.
    Frame([f32; 4], f32),
}

/// The pages as [`super::draw_in`] lays them out. A logo and watermarks are left out.
///
/// # Errors
/// As [`super::draw_in`].
pub fn pages(style: &Style, booklet: &Booklet, labels: &Labels) -> Result<Vec<DrawnPage>, PaperError> {
    let pages = super::pages(style, PaperSize::A4, booklet, labels, fonts::loaded()?)?;
    Ok(pages.iter().map(drawn).collect())
}

/// The name and the bytes of each face, without hinting.
///
/// # Errors
/// [`PaperError::Font`].
pub fn faces() -> Result<Vec<(&'static str, Vec<u8>)>, PaperError> {
    let fonts = fonts::loaded()?;
    Ok(Face::ALL.into_iter().map(|face| (face.name(), fonts.program(face).to_vec())).collect())
}

/// A seal's code: its modules a side, and the PDF operators that fill it, one unit a module.
///
/// # Errors
/// As [`super::draw_in`].
pub fn code(seal_text: &str) -> Result<(usize, Vec<u8>), PaperError> {
    qr::encode(seal_text, 0, 1).map(|code| (code.modules, code.content))
}

fn drawn(page: &Page) -> DrawnPage {
    let at = |x: f32, y: f32| [x * PT_PER_MM, (PAGE_HEIGHT_MM - y) * PT_PER_MM];
    let rectangle = |x: f32, y: f32, width: f32, height: f32| {
        let [left, bottom] = at(x, y + height);
        [left, bottom, width * PT_PER_MM, height * PT_PER_MM]
    };
    let run = |run: &super::canvas::Run| DrawnRun {
        face: run.face.index(),
        size: run.size,
        at: at(run.x, run.y),
        is_white: run.ink == Ink::White,
        text: run.text.clone(),
    };
    let shape = |shape: &Shape| match *shape {
        Shape::Line { from, to, width } => DrawnShape::Line(at(from.0, from.1), at(to.0, to.1), width),
        Shape::Fill { x, y, width, height } => DrawnShape::Fill(rectangle(x, y, width, height)),
        Shape::Frame { x, y, width, height, line } => DrawnShape::Frame(rectangle(x, y, width, height), line),
    };
    let (left, top) = page.qr_at;
    DrawnPage {
        runs: page.runs.iter().map(run).collect(),
        shapes: page.shapes.iter().map(shape).collect(),
        code_at: at(left, top + page.qr.side_mm()),
        module: MODULE_MM * PT_PER_MM,
    }
}
