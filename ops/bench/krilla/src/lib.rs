//! krilla: fonts parsed once per process, glyphs looked up beforehand (no shaping), every code one path.
#![allow(clippy::unwrap_used, clippy::cast_precision_loss, reason = "a benchmark fails by panicking")]

use std::path::PathBuf;

use fast_qr::{ECL, Mode, QRBuilder, QRCode};
use krilla::Document;
use krilla::SerializeSettings;
use krilla::color::luma;
use krilla::geom::{PathBuilder, Point, Rect, Transform};
use krilla::page::PageSettings;
use krilla::paint::{Fill, Stroke};
use krilla::surface::Surface;
use krilla::text::{Font, GlyphId, KrillaGlyph};
use serde::{Deserialize, Serialize};

const HEIGHT: f32 = 297.0 / 25.4 * 72.0;
const WIDTH: f32 = 210.0 / 25.4 * 72.0;

/// What is to be drawn; see `propusk_desk::paper::export`.
#[derive(Serialize, Deserialize)]
pub struct Order {
    /// The files of the faces.
    pub faces: Vec<PathBuf>,
    /// The pages.
    pub pages: Vec<Page>,
    /// The text of each page's seal.
    pub seals: Vec<String>,
}

/// A page.
#[derive(Serialize, Deserialize)]
pub struct Page {
    runs: Vec<Run>,
    shapes: Vec<Shape>,
    code_at: [f32; 2],
    module: f32,
}

#[derive(Serialize, Deserialize)]
struct Run {
    face: usize,
    size: f32,
    at: [f32; 2],
    is_white: bool,
    text: String,
    /// Each character's glyph and advance in em.
    glyphs: Vec<(u32, f32)>,
}

#[derive(Serialize, Deserialize)]
enum Shape {
    Line([f32; 2], [f32; 2], f32),
    Fill([f32; 4]),
    Frame([f32; 4], f32),
}

/// krilla, ready to draw.
pub struct Krilla {
    pages: Vec<(Page, Vec<Vec<KrillaGlyph>>)>,
    fonts: Vec<Font>,
}

impl Krilla {
    /// Reads the faces.
    #[must_use]
    pub fn new(order: Order) -> Self {
        let font = |path: &PathBuf| Font::new(std::fs::read(path).unwrap().into(), 0).unwrap();
        let with_glyphs = |page: Page| {
            let glyphs = page.runs.iter().map(glyphs).collect();
            (page, glyphs)
        };
        Self {
            fonts: order.faces.iter().map(font).collect(),
            pages: order.pages.into_iter().map(with_glyphs).collect(),
        }
    }

    /// Draws the pages with these seals.
    #[must_use]
    pub fn draw(&self, seals: &[String]) -> Vec<u8> {
        let settings =
            SerializeSettings { xmp_metadata: false, enable_tagging: false, ..SerializeSettings::default() };
        let mut document = Document::new_with(settings);
        for ((page, glyphs), seal) in self.pages.iter().zip(seals) {
            let mut sheet = document.start_page_with(PageSettings::from_wh(WIDTH, HEIGHT).unwrap());
            let mut surface = sheet.surface();
            page.shapes.iter().for_each(|shape| draw_shape(&mut surface, shape));
            surface.set_stroke(None);
            for (run, glyphs) in page.runs.iter().zip(glyphs) {
                surface.set_fill(Some(ink(run.is_white)));
                let start = Point::from_xy(run.at[0], HEIGHT - run.at[1]);
                let font = self.fonts[run.face].clone();
                surface.draw_glyphs(start, glyphs, font, &run.text, run.size, false);
            }
            surface.set_fill(Some(ink(false)));
            draw_code(&mut surface, page, seal);
            surface.finish();
            sheet.finish();
        }
        document.finish().unwrap()
    }
}

fn glyphs(run: &Run) -> Vec<KrillaGlyph> {
    let characters = run.text.char_indices().zip(&run.glyphs);
    let glyph = |((at, character), &(glyph, x_advance)): ((usize, char), &(u32, f32))| KrillaGlyph {
        glyph_id: GlyphId::new(glyph),
        text_range: at..at + character.len_utf8(),
        x_advance,
        x_offset: 0.0,
        y_offset: 0.0,
        y_advance: 0.0,
        location: None,
    };
    characters.map(glyph).collect()
}

fn ink(is_white: bool) -> Fill {
    let paint = if is_white { luma::Color::white() } else { luma::Color::black() };
    Fill { paint: paint.into(), ..Fill::default() }
}

fn draw_shape(surface: &mut Surface<'_>, shape: &Shape) {
    let mut path = PathBuilder::new();
    let mut rectangle = |[x, y, width, height]: [f32; 4]| {
        path.push_rect(Rect::from_xywh(x, HEIGHT - y - height, width, height).unwrap());
    };
    let pen = match *shape {
        Shape::Line([x, y], [to_x, to_y], width) => {
            path.move_to(x, HEIGHT - y);
            path.line_to(to_x, HEIGHT - to_y);
            Some(width)
        }
        Shape::Fill(at) => {
            rectangle(at);
            None
        }
        Shape::Frame(at, width) => {
            rectangle(at);
            Some(width)
        }
    };
    surface.set_fill(pen.is_none().then(|| ink(false)));
    let black = || luma::Color::black().into();
    surface.set_stroke(pen.map(|width| Stroke { paint: black(), width, ..Stroke::default() }));
    if let Some(path) = path.finish() {
        surface.draw_path(&path);
    }
}

fn draw_code(surface: &mut Surface<'_>, page: &Page, seal: &str) {
    let code = QRBuilder::new(seal).ecl(ECL::M).mode(Mode::Alphanumeric).build().unwrap();
    let mut path = PathBuilder::new();
    let side = code.size as f32;
    for [column, row, width, height] in rectangles(&code) {
        let [x, y, width, height] = [column as f32, row as f32 - side, width as f32, height as f32];
        path.push_rect(Rect::from_xywh(x, y, width, height).unwrap());
    }
    let (module, [left, bottom]) = (page.module, page.code_at);
    surface.push_transform(&Transform::from_row(module, 0.0, 0.0, module, left, HEIGHT - bottom));
    surface.draw_path(&path.finish().unwrap());
    surface.pop();
}

/// Runs of dark modules, equal ones in neighbouring rows joined: column, row, width, height. The desk draws the same.
fn rectangles(code: &QRCode) -> Vec<[usize; 4]> {
    let mut rectangles: Vec<[usize; 4]> = Vec::new();
    // Where the rectangles begin that reach down to the row above.
    let mut open: Vec<usize> = Vec::new();
    for row in 0..code.size {
        let mut reach = Vec::new();
        let mut column = 0;
        while column < code.size {
            let width = (column..code.size).take_while(|&at| code[row][at].value()).count();
            if width > 0 {
                let is_same = |&&at: &&usize| rectangles[at][0] == column && rectangles[at][2] == width;
                let known = open.iter().find(is_same).copied();
                if let Some(at) = known {
                    rectangles[at][3] += 1;
                } else {
                    rectangles.push([column, row, width, 1]);
                }
                reach.push(known.unwrap_or(rectangles.len() - 1));
            }
            column += width.max(1);
        }
        open = reach;
    }
    rectangles
}
